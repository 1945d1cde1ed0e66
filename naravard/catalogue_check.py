"""What entries of the catalogue lack, and what is odd about them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from naravard import fetch, processed
from naravard.catalogue import Catalogue, Indicator, catalogue
from naravard.catalogue_add import drafts, drafts_path

#: An entry that was last read longer ago should be read again.
YEARS = 2
_TEXTS = ("name", "short", "question", "definition", "numerator", "denominator", "publisher")


@dataclass(frozen=True)
class Finding:
    """Something to complete (``must``), or a remark, on one entry."""

    indicator: str
    text: str
    must: bool


def fetchable() -> set[str]:
    """Return the data sets that a publisher can be asked for."""
    return {dataset for datasets in fetch.plan().values() for dataset in datasets}


def check(known: Catalogue | None = None, today: datetime.date | None = None) -> list[Finding]:
    """Look through the catalogue and the drafts.

    Parameters
    ----------
    known : Catalogue, optional
        The collection's own if not given.
    today : date, optional

    Returns
    -------
    list of Finding
        In the catalogue's order, then the drafts.

    Raises
    ------
    NaravardError
        If the catalogue or the drafts cannot be read.
    """
    known = known or catalogue()
    today = today or datetime.date.today()
    possible = fetchable()
    found = [
        finding for entry in known.indicators.values() for finding in _look(entry, today, possible)
    ]
    return found + [f for key, draft in drafts().items() for f in _look_at_draft(key, draft, known)]


def _look(entry: Indicator, today: datetime.date, possible: set[str]) -> Iterator[Finding]:
    def remark(text: str, must: bool = False) -> Finding:
        return Finding(entry.id, text, must)

    texts = {name: getattr(entry, name) for name in _TEXTS if getattr(entry, name)}
    texts |= {f"caveat {number}": text for number, text in enumerate(entry.caveats, 1)}
    for name, text in texts.items():
        for language in ("sv", "en"):
            if not text[language].strip():
                yield remark(f"{name}.{language} is empty", must=True)
        same = text.sv == text.en and text.sv.strip()
        if same and (name in ("question", "definition") or name.startswith("caveat")):
            yield remark(f"{name} is the same in English as in Swedish", must=True)
        elif same and name in ("name", "short"):
            yield remark(f"{name} is the same in English as in Swedish")
    measure = entry.kind in ("indicator", "cost")
    if measure and entry.strategic_direction is None:
        yield remark("no strategic direction")
    if not entry.caveats:
        yield remark("no caveat at all")
    due = entry.reviewed.replace(year=entry.reviewed.year + YEARS, day=min(entry.reviewed.day, 28))
    if today > due:
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
    where = f"{drafts_path().name}, {key}"
    empty = list(_empty(draft, ""))
    yield from (Finding(where, f"{name} is empty", True) for name in empty)
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
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            wrong.append(f"{place}: {first['msg']}" if place else first["msg"])
    yield from (Finding(where, text, True) for text in wrong)
    if not empty and not wrong:
        yield Finding(
            where,
            "nothing is missing: move it to catalogue.toml, then run `naravard data fetch "
            f"--indicator {key}` and `naravard data build --accept`",
            False,
        )
