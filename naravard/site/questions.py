"""What each question's page concludes of each unit: kept true while a batch runs.

Made of the record of jobs alone, without figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from naravard.regions import BY_CODE, CODES, NATION
from naravard.render import pages
from naravard.render.jobs import notebooks, titles

PATH = "questions.html"
#: Riket first, then the regions by code.
UNITS = (NATION, *(code for code in CODES if code != NATION))


def questions(language: str) -> list[tuple[str, str]]:
    """Return the notebooks' names and titles."""
    return [(name, titles(path).get(language, name)) for name, path in notebooks().items()]


def answers(state: Mapping[str, dict], language: str, code: str) -> list[dict]:
    """Return what each question's page says of a unit.

    Parameters
    ----------
    state : mapping of str to dict
        See `naravard.render.pages.read_state`.
    language : {"sv", "en"}
    code : str
        Region code.

    Returns
    -------
    list of dict
        ``name`` and ``title`` of the question; ``href``, from the folder of the language; ``log``,
        from the site's root; ``status``, "not run" without a page; ``headline``, ``error``.
    """
    found = []
    for name, title in questions(language):
        key = f"{language}/{code}/{name}"
        entry = state.get(key, {"status": "not run"})
        about = {part: entry.get(part, "") for part in ("status", "headline", "error")}
        log = "failed/" + key.replace("/", "-") + ".txt"
        found.append({"name": name, "title": title, "href": f"{code}/{name}.html", "log": log,
                      **about})  # fmt: skip
    return found


def page(state: Mapping[str, dict], language: str, **frame) -> str:
    """Make the page in one language: a row a unit, a column a question that has a page."""
    shown = {key.rpartition("/")[2] for key in state}
    rows = [
        (
            BY_CODE[code].name(language),
            [one for one in answers(state, language, code) if one["name"] in shown],
        )
        for code in UNITS
    ]
    heads = [title for name, title in questions(language) if name in shown]
    title = pages.WORDS[language]["questions"]
    own = pages.frame(language, PATH, title, **frame)
    return pages.template("questions.html.j2").render(**own, rows=rows, heads=heads)


def write(site: Path, state: Mapping[str, dict], languages: Iterable[str]) -> None:
    """Write the page in each language."""
    languages = tuple(languages)
    for language in languages:
        changed = pages.compared(site, language)
        text = page(state, language, languages=languages, changed=changed)
        pages.put(site / language / PATH, text)


def record(site: Path, state: Mapping[str, dict]) -> None:
    """Write how each job went, and the page that says it."""
    pages.write_state(site, state)
    write(site, state, pages.index_languages(state))
