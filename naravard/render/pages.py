"""What all pages share: where files lie, the frame, what stands for failed pages, the record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path

from filelock import FileLock, Timeout
from jinja2 import Environment, FileSystemLoader, Template, select_autoescape
from markupsafe import Markup

from naravard.citation import citation
from naravard.errors import NaravardError
from naravard.language import LANGUAGES
from naravard.rawdata import write_atomically
from naravard.regions import BY_CODE
from naravard.render.jobs import Job, notebooks, titles
from naravard.site.words import WORDS

TEMPLATES = Path(__file__).with_name("templates")
#: Stored once in the site, for all pages.
ASSETS = ("style.css", "site.js")
STATE = "render.json"
#: In the folder of a language: what changed since an older vintage; and what it compares.
CHANGED, COMPARED = "changed.html", "changed.json"
_STALE, _MAIN = '<p class="failed stale">', '<main id="content">\n'


def put(path: Path, content: str | bytes) -> None:
    """Write a page or a file of it under a temporary name, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)


def folder(site: str | Path) -> Path:
    """Return a site's folder, made if it is not there.

    Raises
    ------
    NaravardError
        If it is a file.
    """
    found = Path(site).resolve()
    if found.exists() and not found.is_dir():
        raise NaravardError(f"{found} is a file: give --out a folder")
    found.mkdir(parents=True, exist_ok=True)
    return found


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


def frame(
    language: str,
    path: str,
    title: str,
    *,
    at: str = "",
    languages: Iterable[str] = LANGUAGES,
    changed: str = "",
    key: str = "",
) -> dict:
    """Return what the template of every page asks for.

    Parameters
    ----------
    language : {"sv", "en"}
    path : str
        Where the page lies in the folder of its language, "03/index.html".
    title : str
        Plain text.
    at : str
        Where it lies in the site, if that is not ``path`` in the folder of the language.
    languages : iterable of str
        Those that the page exists in.
    changed : str
        Words of the link to what changed; no link without.
    key : str
        The permanent key of what the page shows.

    Returns
    -------
    dict
        ``up`` leads from the page to the site's root, ``home`` to the folder of its language,
        ``others`` to the page in other languages.
    """
    up = "../" * (at or f"{language}/{path}").count("/")
    others = [(other, f"{up}{other}/{path}") for other in languages if other != language]
    return {
        "language": language, "words": WORDS[language], "title": title, "up": up, "path": path,
        "home": f"{up}{language}/" if at else "../" * path.count("/"), "others": others,
        "elsewhere": {other: WORDS[other] for other, _ in others}, "changed": changed, "key": key,
        "cite": citation(title, language, key).removesuffix(key) if key else "",
    }  # fmt: skip


def write_assets(site: Path) -> None:
    """Write the style sheet and the script that all pages share."""
    for name in ASSETS:
        text, path = (TEMPLATES / name).read_text("utf-8"), site / "assets" / name
        if not path.is_file() or path.read_text("utf-8") != text:
            put(path, text)


def failure_page(job: Job, error: str) -> str:
    """Make the page that stands in the place of one that could never be made."""
    title = titles(notebooks()[job.notebook]).get(job.language, job.notebook)
    own = frame(job.language, f"{job.region}/{job.notebook}.html", title, languages=())
    return template("failed.html.j2").render(
        **own, error=error, region=BY_CODE[job.region].name(job.language),
        log=own["up"] + paths(job)["log"],
    )  # fmt: skip


def mark_stale(html: str, job: Job, error: str) -> str:
    """Say on top of an old page that it could not be made again."""
    text = f"{WORDS[job.language]['stale']}. {error}"
    log = f'<a href="../../{paths(job)["log"]}">{WORDS[job.language]["log"]}</a>'
    banner = f"{_STALE}{escape(text)} ({log})</p>\n"
    start = html.find(_STALE)
    if start >= 0:
        html = html[:start] + html[html.index("</p>\n", start) + len("</p>\n") :]
    return html.replace(_MAIN, _MAIN + banner, 1)


@cache
def _markdown():
    import mistune

    return mistune.create_markdown(escape=True)


def markdown(text: str) -> Markup:
    """Return Markdown as HTML; HTML in it is shown as text."""
    return Markup(_markdown()(str(text)))


def _inline(text: str) -> Markup:
    return Markup(markdown(text).strip().removeprefix("<p>").removesuffix("</p>"))


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True),
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {"markdown": markdown, "markdown_inline": _inline}
    return made


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


def compared(site: Path, language: str) -> str:
    """Return the words of the link to what changed; empty if there is no such page."""
    path = site / language / COMPARED
    if not path.is_file() or not (site / language / CHANGED).is_file():
        return ""
    return WORDS[language]["changed"].format(**json.loads(path.read_text("utf-8")))


def write_state(site: Path, state: dict[str, dict]) -> None:
    """Write how each job went."""
    put(site / STATE, json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
