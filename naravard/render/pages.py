"""The site's files: the index, what stands in the place of failed pages, and the record of jobs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path

from filelock import FileLock, Timeout
from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

from naravard.errors import NaravardError
from naravard.language import LANGUAGES
from naravard.rawdata import write_atomically
from naravard.regions import BY_CODE, CODES, NATION
from naravard.render.jobs import Job, notebooks, titles

TEMPLATES = Path(__file__).with_name("templates")
STYLE = (TEMPLATES / "style.css").read_text("utf-8")
STATE = "render.json"
#: In the folder of a language: what changed since an older vintage; and what it compares.
CHANGED, COMPARED = "changed.html", "changed.json"
_STALE = '<p class="failed stale">'
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
        "stale": "Sidan är inte aktuell: den kunde inte göras om",
        "not_run": "Inte körd",
        "log": "logg",
        "more": "Fler frågor för",
        "changed": "Vad som ändrats sedan {since} (nyaste siffror {until})",
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
        "stale": "This page is out of date: it could not be made again",
        "not_run": "Not run",
        "log": "log",
        "more": "More questions for",
        "changed": "What changed since {since} (newest figures {until})",
        "explain": "Each cell says the conclusion of its page and leads to it. A value is said to "
        "have risen or fallen only when the 95% interval of its trend, which allows for "
        "neighbouring years being alike, leaves zero out; otherwise no clear change is said. The "
        "conclusions are not adjusted for the many regions tested: a single one may be chance.",
        "data": "Data: Kolada (RKA), SCB and SKR as named on each page. Processing: naravard.",
    },
}


def put(path: Path, content: str | bytes) -> None:
    """Write a page or a file of it under a temporary name, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)


@contextmanager
def lock(site: Path) -> Iterator[None]:
    """Keep others from writing to a site.

    Raises
    ------
    NaravardError
        If another render writes to it.
    """
    own = FileLock(site / ".lock")
    try:
        own.acquire(timeout=0)
    except Timeout:
        raise NaravardError(
            f"another render is writing to {site}: wait for it, or give --out another folder"
        ) from None
    try:
        yield
    finally:
        own.release()


def paths(job: Job) -> dict[str, str]:
    """Return where a job's files lie in the site: its page and notebook, and what a failure leaves.

    Made of codes and the notebook's name only.
    """
    failed = "failed/" + job.key.replace("/", "-")
    return {
        "page": f"{job.key}.html",
        "notebook": f"{job.key}.ipynb",
        "log": f"{failed}.txt",
        "partial": f"{failed}.ipynb",
    }


def figure_files(site: Path, job: Job) -> list[Path]:
    """Return the files of a page's figures that lie in the site: ``<notebook>-<n>.<kind>``."""
    name = re.compile(re.escape(job.notebook) + r"-\d+\.(png|svg|csv)")
    folder = (site / job.key).parent
    return [path for path in folder.glob("*-*.*") if name.fullmatch(path.name)]


def links(jobs: list[Job], state: dict[str, dict]) -> dict[Job, dict]:
    """Return for each job the languages and notebooks that its page may link to."""
    done = {key for key, entry in state.items() if entry["status"] == "done"}
    there = done | {job.key for job in jobs}
    known = {name: titles(path) for name, path in notebooks().items()}
    found = {}
    for job in jobs:
        found[job] = {
            "languages": [
                lang for lang in LANGUAGES if f"{lang}/{job.region}/{job.notebook}" in there
            ],
            "notebooks": [
                [name, title.get(job.language, name)]
                for name, title in known.items()
                if f"{job.language}/{job.region}/{name}" in there
            ],
        }
    return found


def failure_page(job: Job, error: str) -> str:
    """Make the page that stands in the place of one that could never be made."""
    title = titles(notebooks()[job.notebook]).get(job.language, job.notebook)
    return template("failed.html.j2").render(
        language=job.language, words=WORDS[job.language], style=STYLE, title=title, error=error,
        region=BY_CODE[job.region].name(job.language), log="../../" + paths(job)["log"],
    )  # fmt: skip


def mark_stale(html: str, job: Job, error: str) -> str:
    """Say on top of an old page that it could not be made again."""
    text = f"{WORDS[job.language]['stale']}. {error}"
    log = f'<a href="../../{paths(job)["log"]}">{WORDS[job.language]["log"]}</a>'
    banner = f"{_STALE}{escape(text)} ({log})</p>\n"
    start = html.find(_STALE)
    if start >= 0:
        html = html[:start] + html[html.index("</p>\n", start) + len("</p>\n") :]
    return html.replace("<main>\n", "<main>\n" + banner, 1)


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


def index_languages(state: dict[str, dict]) -> list[str]:
    """Return the languages that a site has an index in."""
    return [lang for lang in LANGUAGES if any(key.startswith(lang + "/") for key in state)]


def template(name: str) -> Template:
    """Return a template of the site's own pages."""
    return _templates().get_template(name)


def _compared(site: Path, language: str) -> str:
    """Return the words of the link to what changed; empty if there is no such page."""
    path = site / language / COMPARED
    if not path.is_file() or not (site / language / CHANGED).is_file():
        return ""
    return WORDS[language]["changed"].format(**json.loads(path.read_text("utf-8")))


def write_index(site: Path, state: dict[str, dict]) -> None:
    """Write the state and an index in each language; the root has the first one again."""
    put(site / STATE, json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    index = template("index.html.j2")
    known = notebooks()
    languages = index_languages(state)
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
            "changed": _compared(site, language), "changed_page": f"{language}/{CHANGED}",
        }  # fmt: skip
        put(site / language / "index.html", index.render(**parts, up="../"))
        if language == languages[0]:
            put(site / "index.html", index.render(**parts, up=""))
