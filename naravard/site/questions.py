"""What each question's page concludes of each region: kept true while a batch runs.

Made of the record of jobs alone, without figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from naravard.notebooks import notebooks, titles
from naravard.regions import BY_CODE
from naravard.site import layout, record
from naravard.site.record import REGIONS

PATH = "questions.html"


def questions(language: str) -> list[tuple[str, str]]:
    """Return the notebooks' names and titles."""
    return [(name, titles(path).get(language, name)) for name, path in notebooks().items()]


def answers(state: Mapping[str, dict], language: str, code: str) -> list[dict]:
    """Return what each question's page says of a region, by `naravard.site.record.read_state`.

    ``href`` is from the folder of the language, ``log`` from the site's root; ``status`` is "not
    run" without a page.
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
    """Make the page in one language: a row a region, a column a question that has a page."""
    shown = {key.rpartition("/")[2] for key in state}
    rows = [
        (
            BY_CODE[code].name(language),
            [one for one in answers(state, language, code) if one["name"] in shown],
        )
        for code in REGIONS
    ]
    heads = [title for name, title in questions(language) if name in shown]
    title = layout.WORDS[language]["questions"]
    own = layout.frame(language, PATH, title, **frame)
    return layout.template("questions.html.j2").render(**own, rows=rows, heads=heads)


def write(site: Path, state: Mapping[str, dict], languages: Iterable[str]) -> None:
    """Write the page in each language."""
    languages = tuple(languages)
    for language in languages:
        changed = layout.compared(site, language)
        text = page(state, language, languages=languages, changed=changed)
        record.put(site / language / PATH, text)


def put_record(site: Path, state: Mapping[str, dict]) -> None:
    """Write how each job went, and the page that says it."""
    record.write_state(site, state)
    write(site, state, record.index_languages(state))
