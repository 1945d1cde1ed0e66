"""Begin an entry of the catalogue with what Kolada says of a key figure.

The draft goes to ``catalogue_drafts.toml`` beside the catalogue, which has no empty texts and stays
loadable. `naravard.catalogue_check` names what a draft lacks; a human moves it.

Unverified: the fields of a key figure in Kolada's API v3. Those used here are ``id``, ``title``,
``description``, ``operating_area``, ``is_divided_by_gender``, ``municipality_type`` and
``publication_date``, as in other clients of v2; all but id and title may be absent.
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from naravard import catalogue, rawdata
from naravard.errors import NaravardError

MARK = "# to complete"
_WHAT = re.compile(r"kolada:([A-Z]\d{5})")
_HEAD = f"""\
# Entries that `naravard catalogue add` began. Fill in every empty text and what '{MARK}' marks,
# then move the entry to catalogue.toml; `naravard catalogue check` names what is missing.
"""


@dataclass(frozen=True)
class Draft:
    """What was written.

    Attributes
    ----------
    key : str
        Of the entry, to be changed to a telling one.
    id, title : str
        As Kolada has them.
    path : Path
        The file of drafts.
    remarks : tuple of str
        What the answer lacked.
    """

    key: str
    id: str
    title: str
    path: Path
    remarks: tuple[str, ...]


def drafts_path() -> Path:
    """Return where drafts lie, beside the catalogue."""
    return catalogue.PATH.with_name("catalogue_drafts.toml")


def drafts() -> dict[str, dict]:
    """Return the drafts by key, as they stand.

    Raises
    ------
    NaravardError
        If the file is not TOML.
    """
    path = drafts_path()
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8")).get("indicators", {})
    except tomllib.TOMLDecodeError as error:
        raise NaravardError(f"{path.name}: {error}") from error


def add(what: str) -> Draft:
    """Ask Kolada for a key figure and write a draft of its entry.

    Parameters
    ----------
    what : str
        "kolada:N78110".

    Raises
    ------
    NaravardError
        If it is not written so, the catalogue or the drafts have it already, Kolada does not know
        it, has it for municipalities only, or does not answer. Nothing is written then.
    """
    match = _WHAT.fullmatch(what.strip())
    if not match:
        raise NaravardError(
            f"'{what}' is no key figure: write it as kolada:ID, for instance kolada:N78110"
        )
    id = match[1]
    for entry in catalogue.catalogue().indicators.values():
        if entry.source and entry.source.dataset == f"kolada/{id}":
            raise NaravardError(f"the catalogue has {id} already: it is '{entry.id}'")
    for key, draft in drafts().items():
        if draft.get("source", {}).get("id") == id:
            raise NaravardError(f"{drafts_path().name} has {id} already: it is '{key}'")
    known = _ask(id)
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
    rawdata.write_atomically(path, text)
    return Draft(key, id, title, path, tuple(remarks))


def _ask(id: str) -> dict:
    """Return what Kolada says of a key figure."""
    from naravard import fetch
    from naravard.sources import kolada
    from naravard.sources.client import Client

    with Client(kolada.NAME, fetch.address("kolada"), kolada.PAUSE) as client:
        values = [value for page, _ in kolada.pages(client, f"kpi/{id}") for value in page]
    found = [value for value in values if isinstance(value, dict) and value.get("id") == id]
    if not found:
        raise NaravardError(f"Kolada knows no key figure {id}")
    return found[0]


def _line(text: object) -> str:
    """Write a text on one line, without characters that are not printed; "" if it is none."""
    if not isinstance(text, str):
        return ""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _entry(key: str, id: str, title: str, known: dict) -> str:
    """Write a draft as TOML."""
    facts = {
        "operating area": _line(known.get("operating_area")),
        "values for women and men": {True: "yes", False: "no"}.get(
            known.get("is_divided_by_gender")
        ),
        "published": _line(known.get("publication_date")),
        "kind of unit": _line(known.get("municipality_type")),
    }
    said = "; ".join(f"{name}: {value}" for name, value in facts.items() if value)
    empty = f'{{ sv = "", en = "" }}  {MARK}'
    definition = _quoted(_line(known.get("description")))
    units = ", ".join(catalogue.catalogue().units)
    directions = ", ".join(catalogue.catalogue().strategic_directions)
    return f"""\
# Kolada says: {said or "nothing more"}
[indicators.{key}]  {MARK}: a telling id
kind = "indicator"  {MARK}: indicator or cost
name = {{ sv = {_quoted(title)}, en = "" }}  {MARK}
question = {empty}
definition = {{ sv = {definition}, en = "" }}  {MARK}
numerator = {empty}
denominator = {empty}
unit = ""  {MARK}: {units}
decimals = 1  {MARK}: as published
good = ""  {MARK}: up, down or neither
level = "region"
strategic_direction = ""  {MARK}: {directions}
publisher = {{ sv = "Kolada (RKA)", en = "Kolada (RKA)" }}
source = {{ dataset = "kolada/{id}", series = "kolada:{id}", unit = "", id = "{id}" }}  {MARK}
reviewed = {datetime.date.today().isoformat()}
caveats = [
  {{ sv = "", en = "" }},  {MARK}
]
"""
