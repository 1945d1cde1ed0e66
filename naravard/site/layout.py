"""What all pages share: templates and assets, the frame, and what is there for failed pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape
from markupsafe import Markup

from naravard.batch.jobs import Job
from naravard.data.citation import citation
from naravard.language import LANGUAGES
from naravard.notebooks import notebooks, titles
from naravard.regions import BY_CODE
from naravard.site.record import CHANGED, COMPARED, paths, put_changed
from naravard.site.words import WORDS

TEMPLATES = Path(__file__).with_name("templates")
#: Stored once in the site, for all pages.
ASSETS = ("style.css", "site.js")
_STALE, _MAIN = '<p class="failed stale">', '<main id="content">\n'


def links(jobs: list[Job], state: dict[str, dict]) -> dict[Job, dict]:
    """Return for each job the languages and notebooks that its page may link to."""
    done = {key for key, entry in state.items() if entry["status"] == "done"}
    there = done | {job.key for job in jobs}
    known = {name: titles(path) for name, path in notebooks().items()}
    found = {}
    for job in jobs:
        languages = [x for x in LANGUAGES if f"{x}/{job.region}/{job.notebook}" in there]
        names = [name for name in known if f"{job.language}/{job.region}/{name}" in there]
        titled = [[name, known[name].get(job.language, name)] for name in names]
        found[job] = {"languages": languages, "notebooks": titled}
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

    ``path`` is where the page lies in the folder of its language, "03/index.html"; ``at`` where it
    lies in the site, if not there. ``languages`` are those that it exists in; ``title`` is plain
    text; without ``changed`` no link leads to what changed. In what is returned ``up`` leads to
    the site's root, ``home`` to the folder of the language, ``others`` to the page in others.
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
        put_changed(site / "assets" / name, (TEMPLATES / name).read_bytes())


def failure_page(job: Job, error: str) -> str:
    """Make the page in place of one that could never be made."""
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


def template(name: str) -> Template:
    """Return a template of the site's own pages."""
    return _templates().get_template(name)


def compared(site: Path, language: str) -> str:
    """Return the words of the link to what changed; empty if there is no such page."""
    path = site / language / COMPARED
    if not path.is_file() or not (site / language / CHANGED).is_file():
        return ""
    return WORDS[language]["changed"].format(**json.loads(path.read_text("utf-8")))
