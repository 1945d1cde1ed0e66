"""Vården i siffror, https://vardenisiffror.se: experimental, since its JSON is not documented.

The addresses are those that the publisher's own web pages call; they may change any day. Measures
have GUIDs, which are found by the names in ``vardenisiffror.toml``: never typed in.

Built from another client's notes and tried against an imitation only. Unverified: the names of
the measures; how ``/api/informationsource`` lists them (here: any object with a GUID and a name,
and any GUID in a list ``measureIds``, whose names are then asked for); whether a percentage is
written 17 or 0.17; whether values for each sex can be had (here: both sexes together, T).
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from naravard.catalogue.model import NonEmpty, Part
from naravard.regions import CODES, NATION
from naravard.sources.answer import (
    Answer,
    Request,
    Row,
    SourceError,
    a_list,
    check,
    each,
    number,
    one,
    read_requests,
    required,
)
from naravard.sources.client import Client

NAME = "Vården i siffror"
BASE = "https://api.vardenisiffror.se/webapi"
PAUSE = 1.0
LICENCE = "No licence is stated with the data: the terms are the publisher's and must be checked"
EXPERIMENTAL = "experimental: an undocumented public JSON, which may change without notice"
#: Measures whose names are asked for in one request.
BATCH = 200
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HERE = ZoneInfo("Europe/Stockholm")


class Question(Part):
    """A table of the request file; the fields are explained there."""

    title: NonEmpty
    name: NonEmpty
    unit: NonEmpty
    per: float | None = None
    since: int = 2010


@dataclass(frozen=True)
class Measure:
    """A measure of the publisher's; ``unit`` in its own word."""

    name: str
    unit: str = ""


@cache
def _questions() -> dict[str, Question]:
    return read_requests(Path(__file__).with_suffix(".toml"), Question)


def datasets() -> list[str]:
    """Return the data sets that can be asked for."""
    return list(_questions())


def ask(datasets: Iterable[str], client: Client) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for data sets.

    Yields
    ------
    (str, Answer or SourceError)
        One for each that was asked for.
    """
    requests: list[Request] = []
    try:
        measures = _measures(client, requests)
    except SourceError as error:
        yield from ((dataset, error) for dataset in datasets)
        return
    yield from each(
        datasets, _questions(), lambda dataset: _answer(dataset, measures, requests, client)
    )


def _measures(client: Client, requests: list[Request]) -> dict[str, Measure]:
    """Ask which measures there are, by GUID."""
    reply = client.get("api/informationsource")
    requests.append(reply.request)
    found = _listed(reply.json())
    unnamed = sorted(id for id, measure in found.items() if not measure.name)
    for start in range(0, len(unnamed), BATCH):
        reply = client.post("api/measures/measures", unnamed[start : start + BATCH])
        requests.append(reply.request)
        where = reply.request.url
        for entry in a_list(reply.json(), where):
            id = str(required(entry, "measureId", where)).lower()
            found[id] = Measure(
                str(required(entry, "name", where)), str(entry.get("measureUnit") or "")
            )
    named = {id: measure for id, measure in found.items() if measure.name}
    if not named:
        raise SourceError(f"{NAME} ({reply.request.url}): the list holds no measures with a GUID")
    return named


def _listed(thing: object) -> dict[str, Measure]:
    """Gather measures from JSON of any depth; what holds measures is not one itself."""
    found: dict[str, Measure] = {}
    if isinstance(thing, list):
        parts = [_listed(part) for part in thing]
    elif isinstance(thing, dict):
        ids = thing.get("measureIds")
        guids = [id.lower() for id in ids if _is_guid(id)] if isinstance(ids, list) else []
        parts = [dict.fromkeys(guids, Measure("")), *map(_listed, thing.values())]
    else:
        return found
    for part in parts:
        for id, measure in part.items():
            found[id] = measure if measure.name else found.get(id, measure)
    if not found and isinstance(thing, dict):
        id = next((thing[key] for key in ("measureId", "id") if _is_guid(thing.get(key))), None)
        names = (thing.get(key) for key in ("measureName", "name", "title"))
        name = next((name for name in names if isinstance(name, str) and name), None)
        if id and name:
            found[id.lower()] = Measure(name, str(thing.get("measureUnit") or ""))
    return found


def _is_guid(thing: object) -> bool:
    return isinstance(thing, str) and _GUID.fullmatch(thing) is not None


def _answer(
    dataset: str, measures: dict[str, Measure], requests: list[Request], client: Client
) -> Answer:
    question = _questions()[dataset]
    id = one(question.name, {id: measure.name for id, measure in measures.items()}, NAME)
    measure = measures[id]
    asked = {
        "measureIds": [id],
        "units": ["SE", *(code for code in CODES if code != NATION)],
        # Without it the publisher's server fails.
        "periodType": "Year",
        "dateFrom": f"{question.since}-01-01",
        "dateTo": f"{datetime.date.today().year}-12-31",
    }
    reply = client.post("api/measurements/measurementswithmetadata", asked)
    where = reply.request.url
    page = f"https://vardenisiffror.se/indikator/{id}"
    answer = Answer(
        title=question.title,
        licence=LICENCE,
        sources=[(f"{NAME}: {measure.name}", page)],
        requests=[*requests, reply.request],
        remarks=[EXPERIMENTAL, f"measure: '{measure.name}'; unit: '{measure.unit or 'not said'}'"],
    )
    left_out = set()
    for region, (start, end), found in _measurements(reply.json(), id, where):
        year = _year(start, end, where)
        if not year:
            left_out.add(f"{start[:10]} to {end[:10]}")
            continue
        answer.rows.append(
            Row(
                series=dataset.replace("/", ":"),
                region=region,
                year=year,
                sex="T",
                unit=question.unit,
                source_title=f"{NAME}: {measure.name}",
                source_url=page,
                **_figures(found, f"{where}: region {region}, {year}", question.per),
            )
        )
    if left_out:
        answer.remarks.append(
            f"left out, since they are no whole calendar years: {', '.join(sorted(left_out))}"
        )
    with_values = {row.region for row in answer.rows if row.value}
    if absent := [code for code in CODES if code not in with_values]:
        answer.remarks.append(f"no values for the regions {', '.join(absent)}")
    check(answer.rows, dataset)
    return answer


def _measurements(content: object, id: str, where: str) -> Iterator[tuple[str, tuple, dict]]:
    """Yield each measurement with its region and the two ends of its period."""
    for block in a_list(content, where):
        if (given := str(required(block, "measureId", where)).lower()) != id:
            raise SourceError(f"{where}: the answer is about the measure {given}, not {id}")
        unit = str(required(block, "organizationId", where))
        region = NATION if unit == "SE" else unit
        if region not in CODES:
            raise SourceError(f"{where}: unknown region '{unit}' in the answer")
        for found in a_list(required(block, "measurements", where), where):
            period = required(found, "period", where)
            ends = tuple(str(required(period, end, where)) for end in ("start", "end"))
            yield region, ends, found


def _year(start: str, end: str, where: str) -> str | None:
    """Return the calendar year that a period is, whether its end is its last day or the next."""
    try:
        ends = [datetime.datetime.fromisoformat(text) for text in (start, end)]
        first, last = (d.astimezone(_HERE).date() if d.tzinfo else d.date() for d in ends)
        whole = (datetime.date(first.year, 12, 31), datetime.date(first.year + 1, 1, 1))
    except (ValueError, OverflowError):
        raise SourceError(f"{where}: '{start}' to '{end}' are no two dates") from None
    return str(first.year) if (first.month, first.day) == (1, 1) and last in whole else None


def _figures(found: dict, where: str, per: float | None) -> dict[str, str]:
    """Read a measurement's figures; nothing is computed from them."""
    interval = found.get("confidenceInterval") or {}
    given = {
        "value": required(found, "value", where),
        "numerator": found.get("numerator"),
        "denominator": found.get("denominator"),
        "lower": required(interval, "low", where) if interval else None,
        "upper": required(interval, "high", where) if interval else None,
    }
    row = {name: _figure(figure, name, where) for name, figure in given.items()}
    value, numerator, denominator = (given[n] for n in ("value", "numerator", "denominator"))
    if per and value and numerator and denominator:
        expected = per * numerator / denominator
        if not expected / 2 <= value <= expected * 2:
            raise SourceError(
                f"{where}: the value {row['value']} is not {per:g} × {row['numerator']} / "
                f"{row['denominator']} = {expected:.4g}: it has another unit than expected"
            )
    return {**row, "note": "" if row["value"] else "no value in the answer"}


def _figure(figure: object, name: str, where: str) -> str:
    """Write a figure, empty if there is none."""
    if figure is None:
        return ""
    if isinstance(figure, float) and not math.isfinite(figure):
        raise SourceError(f"{where}: the {name} is {figure}, not a number")
    try:
        return number(figure)
    except SourceError:
        raise SourceError(f"{where}: the {name} {figure!r} is not a number") from None
