"""What each question's page concludes of each region: kept true while a batch runs.

Made of the record of jobs alone, without figures.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        about |= {"href": f"{code}/{name}.html", "log": f"failed/{key.replace('/', '-')}.txt"}
        found.append({"name": name, "title": title, **about})
    return found


def page(state: Mapping[str, dict], language: str, **frame) -> str:
    """Make the page in one language: a row a region, a column a question that has a page."""
    shown, rows = {key.rpartition("/")[2] for key in state}, []
    for code in REGIONS:
        said = [one for one in answers(state, language, code) if one["name"] in shown]
        rows.append((BY_CODE[code].name(language), said))
    heads = [title for name, title in questions(language) if name in shown]
    title = layout.WORDS[language]["questions"]
    own = layout.frame(language, PATH, title, **frame)
    return layout.template("questions.html.j2").render(**own, rows=rows, heads=heads)


def put_record(site: Path, state: Mapping[str, dict]) -> None:
    """Write how each job went, and the page that says it in each language."""
    record.write_state(site, state)
    languages = record.index_languages(state)
    for language in languages:
        changed = layout.compared(site, language)
        text = page(state, language, languages=languages, changed=changed)
        record.put(site / language / PATH, text)
