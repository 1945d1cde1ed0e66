"""Run notebooks → HTML pages, and the index that leads to them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, select_autoescape

from naravard.language import LANGUAGES
from naravard.rawdata import write_atomically
from naravard.regions import BY_CODE, CODES, NATION
from naravard.render.jobs import Job, notebooks, titles

TEMPLATES = Path(__file__).with_name("templates")
STYLE = (TEMPLATES / "style.css").read_text("utf-8")
STATE = "render.json"
WORDS = {
    "sv": {
        "site": "Nära vård i siffror",
        "lead": "Flyttar den svenska vården från sjukhus till primärvård? Öppna svar för riket och "
        "de 21 regionerna, med det siffrorna visar och det de inte visar.",
        "region": "Region",
        "all": "Alla regioner",
        "other": "In English",
        "notebook": "Sidan som Jupyter-anteckningsbok",
        "failed": "Misslyckades",
        "no_page": "Sidan kunde inte göras",
        "not_run": "Inte körd",
        "log": "logg",
        "more": "Fler frågor för",
        "explain": "Varje ruta säger sidans slutsats och leder till den. Ett värde sägs ha stigit "
        "eller sjunkit bara när trendens 95-procentsintervall, som räknar med att närliggande år "
        "liknar varandra, inte rymmer noll; annars sägs ingen tydlig förändring. Slutsatserna är "
        "inte justerade för att många regioner prövas: någon enstaka kan vara slump.",
        "data": "Data: Kolada (RKA), SCB och SKR enligt källorna på varje sida. Bearbetning: "
        "naravard.",
    },
    "en": {
        "site": "Care close to home in figures",
        "lead": "Is Swedish health care moving from hospitals to primary care? Open answers for "
        "the nation and the 21 regions, with what the figures show and what they do not.",
        "region": "Region",
        "all": "All regions",
        "other": "På svenska",
        "notebook": "This page as a Jupyter notebook",
        "failed": "Failed",
        "no_page": "This page could not be made",
        "not_run": "Not run",
        "log": "log",
        "more": "More questions for",
        "explain": "Each cell says the conclusion of its page and leads to it. A value is said to "
        "have risen or fallen only when the 95% interval of its trend, which allows for "
        "neighbouring years being alike, leaves zero out; otherwise no clear change is said. The "
        "conclusions are not adjusted for the many regions tested: a single one may be chance.",
        "data": "Data: Kolada (RKA), SCB and SKR as named on each page. Processing: naravard.",
    },
}


def put(path: Path, text: str) -> None:
    """Write a page under a temporary name, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)


def tidy(notebook):
    """Take papermill's timings and random cell id away, so that equal runs are equal files."""
    notebook = nbformat.from_dict(notebook)
    for part in (notebook, *notebook.cells):
        part.metadata.pop("papermill", None)
        part.metadata.pop("execution", None)
        if "injected-parameters" in part.metadata.get("tags", []):
            part.id = "injected-parameters"
    return notebook


@cache
def _exporter():
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="naravard",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
    )


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
    others = set(LANGUAGES) - {job.language}
    shown = nbformat.from_dict(notebook)
    shown.cells = [c for c in shown.cells if not others & set(c.metadata.get("tags", []))]
    region = BY_CODE[job.region]
    title = titles(notebooks()[job.notebook]).get(job.language, job.notebook)
    details = {
        "language": job.language,
        "title": f"{title} {region.name(job.language)}",
        "region": region.name(job.language),
        "code": job.region,
        "name": job.notebook,
        "other": next((o for o in others if o in links["languages"]), None),
        "siblings": [(n, t) for n, t in links["notebooks"] if n != job.notebook],
        "words": WORDS[job.language],
        "style": STYLE,
    }
    html, _ = _exporter().from_notebook_node(shown, resources={"page": details})
    return html


def failure_page(job: Job, error: str) -> str:
    """Make the page that stands in the place of a job that failed."""
    title = titles(notebooks()[job.notebook]).get(job.language, job.notebook)
    return _templates().get_template("failed.html.j2").render(
        language=job.language, words=WORDS[job.language], style=STYLE, title=title, error=error,
        region=BY_CODE[job.region].name(job.language),
        log="../../failed/" + job.key.replace("/", "-") + ".txt",
    )  # fmt: skip


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True),
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def read_state(site: Path) -> dict[str, dict]:
    """Return how each job in ``site`` went when it last ran, by key."""
    path = site / STATE
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def write_index(site: Path, state: dict[str, dict]) -> None:
    """Write the state and an index in each language; the root has the first one again."""
    put(site / STATE, json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    template = _templates().get_template("index.html.j2")
    known = notebooks()
    languages = [lang for lang in LANGUAGES if any(key.startswith(lang + "/") for key in state)]
    for language in languages:
        names = [n for n in known if any(k.startswith(language) and k.endswith(n) for k in state)]
        rows = []
        for code in [NATION, *[c for c in CODES if c != NATION]]:
            cells = []
            for name in names:
                key = f"{language}/{code}/{name}"
                entry = dict(state.get(key, {"status": "not run"}))
                entry["href"] = key + ".html"
                entry["log"] = "failed/" + key.replace("/", "-") + ".txt"
                cells.append(entry)
            rows.append((BY_CODE[code].name(language), cells))
        parts = {
            "language": language, "words": WORDS[language], "style": STYLE, "rows": rows,
            "heads": [titles(known[n]).get(language, n) for n in names],
            "other": next((o for o in languages if o != language), None),
        }  # fmt: skip
        put(site / language / "index.html", template.render(**parts, up="../"))
        if language == languages[0]:
            put(site / "index.html", template.render(**parts, up=""))
