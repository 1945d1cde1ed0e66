"""Run notebooks → HTML pages."""

from __future__ import annotations

from functools import cache

import nbformat
from markupsafe import Markup

from naravard.language import LANGUAGES
from naravard.regions import BY_CODE
from naravard.render import pages
from naravard.render.jobs import Job, notebooks, titles


def tidy(notebook):
    """Take papermill's timings and random cell id away, so that equal runs are equal files."""
    notebook = nbformat.from_dict(notebook)
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


@cache
def _exporter():
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="naravard",
        extra_template_basedirs=[str(pages.TEMPLATES)],
        exclude_anchor_links=True,
        default_preprocessors=[],  # for magics, widgets, style sheets: the template has none
    )


def _frame(job: Job, title: str, region: str, links: dict) -> tuple[str, str]:
    """Return what stands before and after a notebook on its page."""
    own = pages.frame(
        job.language, f"{job.region}/{job.notebook}.html", title, languages=links["languages"]
    )
    siblings = [(n, t) for n, t in links["notebooks"] if n != job.notebook]
    mark = "<!-- notebook -->"
    html = pages.template("notebook.html.j2").render(
        **own, mark=Markup(mark), region=region, name=job.notebook, siblings=siblings
    )
    before, _, after = html.partition(mark)
    return before, after


def page(notebook, job: Job, links: dict) -> str:
    """Export a run notebook as one self-contained HTML page in the job's language.

    Parameters
    ----------
    notebook : NotebookNode
    job : Job
    links : dict
        ``languages``: the languages that this page exists in; ``notebooks``: (name, title) of the
        pages that the region has.

    Returns
    -------
    str
    """
    region = BY_CODE[job.region].name(job.language)
    title = titles(notebooks()[job.notebook]).get(job.language, job.notebook)
    before, after = _frame(job, f"{title} {region}", region, links)
    details = {"before": before, "after": after, "region": region}
    html, _ = _exporter().from_notebook_node(
        shown(notebook, job.language), resources={"page": details}
    )
    return html
