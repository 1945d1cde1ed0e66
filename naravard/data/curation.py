"""Begin entries of the catalogue, and say what entries lack or what is odd about them.

A draft begins with what Kolada says of a key figure. It goes to ``catalogue_drafts.toml`` beside
the catalogue, which has no empty texts and stays loadable; a human completes and moves it.

Unverified: the fields of a key figure in Kolada's API v3. Those used here are ``id``, ``title``,
``description``, ``operating_area``, ``is_divided_by_gender``, ``municipality_type`` and
``publication_date``, as in other clients of v2; all but id and title may be absent.
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from naravard import paths
from naravard.catalogue import Catalogue, Indicator, catalogue
from naravard.catalogue.model import wrong_field
from naravard.data import fetch, processed, raw
from naravard.errors import NaravardError
from naravard.paths import read_toml
from naravard.sources import kolada
from naravard.sources.client import Client

#: An entry that was last read longer ago should be read again.
YEARS = 2
MARK = "# to complete"
_WHAT = re.compile(r"kolada:([A-Z]\d{5})")
_HEAD = f"""\
# Entries that `naravard catalogue add` began. Fill in every empty text and what '{MARK}' marks,
# then move the entry to catalogue.toml; `naravard catalogue check` names what is missing.
"""
_TEXTS = ("name", "short", "question", "definition", "numerator", "denominator", "publisher")


@dataclass(frozen=True)
class Finding:
    """Something to complete (``must``), or a remark, on one entry."""

    indicator: str
    text: str
    must: bool = False


def fetchable() -> set[str]:
    """Return the data sets that a publisher can be asked for."""
    return {dataset for datasets in fetch.plan().values() for dataset in datasets}


def check(known: Catalogue | None = None, today: datetime.date | None = None) -> list[Finding]:
    """Look through the catalogue, the collection's own if not given, then the drafts."""
    known, today, possible = known or catalogue(), today or datetime.date.today(), fetchable()
    found = [f for entry in known.indicators.values() for f in _look(entry, today, possible)]
    return found + [f for key, draft in drafts().items() for f in _look_at_draft(key, draft, known)]


def _look(entry: Indicator, today: datetime.date, possible: set[str]) -> Iterator[Finding]:
    remark = partial(Finding, entry.id)
    texts = {name: getattr(entry, name) for name in _TEXTS if getattr(entry, name)}
    texts |= {f"caveat {number}": text for number, text in enumerate(entry.caveats, 1)}
    for name, text in texts.items():
        for language in ("sv", "en"):
            if not text[language].strip():
                yield remark(f"{name}.{language} is empty", must=True)
        prose = name in ("question", "definition") or name.startswith("caveat")
        if text.sv == text.en and text.sv.strip() and (prose or name in ("name", "short")):
            yield remark(f"{name} is the same in English as in Swedish", must=prose)
    if entry.kind in ("indicator", "cost") and entry.strategic_direction is None:
        yield remark("no strategic direction")
    if not entry.caveats:
        yield remark("no caveat at all")
    read = entry.reviewed
    if today > read.replace(year=read.year + YEARS, day=min(read.day, 28)):
        yield remark(f"last reviewed {entry.reviewed}, more than {YEARS} years ago")
    if processed.awaiting(entry.id):
        yield remark("awaits its figures")
    if entry.source and entry.source.dataset not in possible:
        yield remark(f"no source can fetch '{entry.source.dataset}'")


def _empty(value: object, name: str) -> Iterator[str]:
    """Yield the names of what is empty in a draft."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _empty(part, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _empty(part, f"{name} {number}")
    elif isinstance(value, str) and not value.strip():
        yield name


def _look_at_draft(key: str, draft: dict, known: Catalogue) -> Iterator[Finding]:
    empty = [f"{name} is empty" for name in _empty(draft, "")]
    unit, direction = draft.get("unit"), draft.get("strategic_direction")
    wrong = []
    if unit and unit not in known.units:
        wrong.append(f"unknown unit '{unit}'")
    if direction and direction not in known.strategic_directions:
        wrong.append(f"unknown strategic direction '{direction}'")
    if key in known.indicators:
        wrong.append("the catalogue has an entry of that id")
    if not empty and not wrong:
        try:
            Indicator.model_validate({**draft, "id": key})
        except ValidationError as error:
            wrong.append(wrong_field(error))
    done = (
        "nothing is missing: move it to catalogue.toml, then run `naravard data fetch "
        f"--indicator {key}` and `naravard data build --accept`"
    )
    where, todo = f"{drafts_path().name}, {key}", [*empty, *wrong]
    yield from (Finding(where, text, bool(todo)) for text in todo or [done])


@dataclass(frozen=True)
class Draft:
    """What was written: the key is to be changed to a telling one, id and title are Kolada's."""

    key: str
    id: str
    title: str
    path: Path
    remarks: tuple[str, ...]  # what the answer lacked


def drafts_path() -> Path:
    """Return where drafts lie, beside the catalogue."""
    return paths.CATALOGUE.with_name("catalogue_drafts.toml")


def drafts() -> dict[str, dict]:
    """Return the drafts by key, complete or not."""
    path = drafts_path()
    return read_toml(path).get("indicators", {}) if path.is_file() else {}


def add(what: str) -> Draft:
    """Ask Kolada for a key figure, "kolada:N78110", and write a draft of its entry.

    Nothing is written if a NaravardError says why not.
    """
    match = _WHAT.fullmatch(what.strip())
    if not match:
        raise NaravardError(
            f"'{what}' is not a key figure: write it as kolada:ID, for instance kolada:N78110"
        )
    id = match[1]
    for entry in catalogue().indicators.values():
        if entry.source and entry.source.dataset == f"kolada/{id}":
            raise NaravardError(f"the catalogue has {id} already: it is '{entry.id}'")
    for key, draft in drafts().items():
        if draft.get("source", {}).get("id") == id:
            raise NaravardError(f"{drafts_path().name} has {id} already: it is '{key}'")
    with Client(kolada.NAME, fetch.address("kolada"), kolada.PAUSE) as client:
        values = [value for page, _ in kolada.pages(client, f"kpi/{id}") for value in page]
    found = [value for value in values if isinstance(value, dict) and value.get("id") == id]
    if not found:
        raise NaravardError(f"Kolada knows no key figure {id}")
    known = found[0]
    kind = known.get("municipality_type")
    if kind == "K":
        raise NaravardError(f"Kolada has {id} for municipalities only, not for regions")
    title = _line(known.get("title"))
    if not title:
        raise NaravardError(f"Kolada's answer on {id} has no title")
    remarks = [] if kind else ["the answer does not say whether it is published for regions"]
    if not _line(known.get("description")):
        remarks.append("the answer has no definition")
    key = f"kolada_{id.lower()}"
    path = drafts_path()
    before = path.read_text("utf-8") if path.is_file() else _HEAD
    text = f"{before.rstrip()}\n\n{_entry(key, id, title, known)}"
    tomllib.loads(text)  # what comes from outside cannot make it unreadable
    raw.write_atomically(path, text)
    return Draft(key, id, title, path, tuple(remarks))


def _line(text: object) -> str:
    """Write a text on one line, without characters that are not printed; "" if it is none."""
    if not isinstance(text, str):
        return ""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def _entry(key: str, id: str, title: str, known: dict) -> str:
    """Write a draft as TOML."""
    divided = known.get("is_divided_by_gender")
    facts = {
        "operating area": _line(known.get("operating_area")),
        "values for women and men": {True: "yes", False: "no"}.get(divided),
        "published": _line(known.get("publication_date")),
        "kind of unit": _line(known.get("municipality_type")),
    }
    said = "; ".join(f"{name}: {value}" for name, value in facts.items() if value)
    empty = f'{{ sv = "", en = "" }}  {MARK}'
    description = _line(known.get("description"))
    title, definition = (json.dumps(text, ensure_ascii=False) for text in (title, description))
    units = ", ".join(catalogue().units)
    directions = ", ".join(catalogue().strategic_directions)
    return f"""\
# Kolada says: {said or "nothing more"}
[indicators.{key}]  {MARK}: a telling id
kind = "indicator"  {MARK}: indicator or cost
name = {{ sv = {title}, en = "" }}  {MARK}
question = {empty}
definition = {{ sv = {definition}, en = "" }}  {MARK}
numerator = {empty}
denominator = {empty}
unit = ""  {MARK}: {units}
decimals = 1  {MARK}: as published
polarity = ""  {MARK}: up, down or neither
level = "region"
strategic_direction = ""  {MARK}: {directions}
publisher = {{ sv = "Kolada (RKA)", en = "Kolada (RKA)" }}
source = {{ dataset = "kolada/{id}", series = "kolada:{id}", unit = "", id = "{id}" }}  {MARK}
reviewed = {datetime.date.today().isoformat()}
caveats = [
  {{ sv = "", en = "" }},  {MARK}
]
"""
