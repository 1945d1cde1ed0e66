"""Run notebooks → HTML pages, and the files of their figures."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from functools import cache

import nbformat
from markupsafe import Markup

from naravard.batch.jobs import Job
from naravard.figures.figure import page_size
from naravard.language import LANGUAGES
from naravard.notebooks import notebooks, titles
from naravard.regions import BY_CODE
from naravard.site import layout
from naravard.site.words import FIGURES

#: What a figure is kept as beside its page.
KINDS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}


def lean(notebook):
    """Take the SVG and CSV of figures away, which lie beside the page."""
    notebook = nbformat.from_dict(notebook)
    for output in _pictures(notebook.cells):
        if KINDS["csv"] in output.data:  # nothing else shows itself as picture and table
            output.data.pop(KINDS["svg"], None)
            output.data.pop(KINDS["csv"])
    return notebook


def tidy(notebook):
    """Take away what is for the page only, so that equal runs are equal files.

    papermill's timings and random cell id, and what `lean` takes.
    """
    notebook = lean(notebook)
    for part in (notebook, *notebook.cells):
        part.metadata.pop("papermill", None)
        part.metadata.pop("execution", None)
        if "injected-parameters" in part.metadata.get("tags", []):
            part.id = "injected-parameters"
    return notebook


def shown(notebook, language: str):
    """Return a copy of a notebook without the cells that are tagged for another language."""
    others = set(LANGUAGES) - {language}
    kept = nbformat.from_dict(notebook)
    kept.cells = [c for c in kept.cells if not others & set(c.metadata.get("tags", []))]
    return kept


def _pictures(cells: list) -> Iterator:
    """Yield the outputs that are pictures."""
    for cell in cells:
        for output in cell.get("outputs", []):
            if KINDS["png"] in output.get("data", {}):
                yield output


def files(notebook, job: Job) -> dict[str, bytes]:
    """Return the files of a run notebook's figures by name: ``<notebook>-<n>.png``, .svg, .csv.

    The notebook is as it ran, with the figures' SVG and CSV; other pictures are PNG only.
    """
    found = {}
    for number, output in enumerate(_pictures(shown(notebook, job.language).cells), 1):
        name = f"{job.notebook}-{number}"
        found[f"{name}.png"] = base64.b64decode(output.data[KINDS["png"]])
        if KINDS["csv"] in output.data and KINDS["svg"] in output.data:
            found[f"{name}.svg"] = output.data[KINDS["svg"]].encode("utf-8")
            found[f"{name}.csv"] = output.data[KINDS["csv"]].encode("utf-8-sig")
    return found


@cache
def _exporter():
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="naravard",
        extra_template_basedirs=[str(layout.TEMPLATES)],
        exclude_anchor_links=True,
        filters={"plain_markdown": layout.markdown},
        default_preprocessors=[],  # for magics, widgets, style sheets: the template has none
    )


def _describe(cells: list, job: Job, known: set[str]) -> None:
    """Note in each figure's output what the page shows of it."""
    said = FIGURES[job.language]
    for number, output in enumerate(_pictures(cells), 1):
        name = f"{job.notebook}-{number}"
        there = [(said[kind], f"{name}.{kind}") for kind in KINDS if f"{name}.{kind}" in known]
        own = f"{name}.csv" in known  # any other picture is as large as its pixels
        png = base64.b64decode(output.data[KINDS["png"]])
        output.metadata["naravard_figure"] = {
            "name": f"{said['figure']} {number}",
            "picture": f"{name}.png",
            "files": there,
            "size": page_size(png, own),
        }


def _key(cells: list) -> str:
    """Return the key of what a page depends on, which its provenance says; empty without one."""
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    keys = [output.get("metadata", {}).get("naravard", {}).get("key") for output in outputs]
    return next(filter(None, reversed(keys)), "")


def page(notebook, job: Job, links: dict, files: Iterable[str] = ()) -> str:
    """Export a run notebook as an HTML page in the job's language, its pictures in files beside it.

    ``links`` has the languages that this page exists in and (name, title) of the pages that the
    region has, from `naravard.site.layout.links`; ``files`` are the names of its figures' files.
    """
    kept = shown(notebook, job.language)
    _describe(kept.cells, job, set(files))
    region = BY_CODE[job.region].name(job.language)
    title = titles(notebooks()[job.notebook]).get(job.language, job.notebook)
    own = layout.frame(
        job.language, f"{job.region}/{job.notebook}.html", f"{title} {region}",
        key=_key(kept.cells), languages=links["languages"],
    )  # fmt: skip
    siblings = [(n, t) for n, t in links["notebooks"] if n != job.notebook]
    mark = Markup("<!-- notebook -->")  # what the exporter writes takes its place
    html = layout.template("notebook.html.j2").render(
        **own, mark=mark, region=region, name=job.notebook, siblings=siblings
    )
    before, _, after = html.partition(mark)
    details = {"before": before, "after": after, "region": region}
    return _exporter().from_notebook_node(kept, resources={"page": details})[0]
