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
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from naravard.catalogue.model import NonEmpty, Part
from naravard.regions import CODES, NATION
from naravard.sources.answer import PUBLISHED, Answer, Request, Row, Shape, SourceError, number
from naravard.sources.client import Client
from naravard.sources.questions import each, one, read_requests

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


class Measure(NamedTuple):
    """A measure of the publisher's; ``unit`` in its own word."""

    name: str
    unit: str = ""


class _Named(Shape):
    """What the publisher answers about a measure that was asked for by its id."""

    measureId: str
    name: str
    measureUnit: str | None = None


class _Period(Shape):
    start: str
    end: str


class _Interval(Shape):
    low: Any
    high: Any


class _Measurement(Shape):
    period: _Period
    value: Any
    numerator: Any = None
    denominator: Any = None
    confidenceInterval: _Interval | None = None


class _Block(Shape):
    """The measurements of one measure in one region; SE is Riket."""

    measureId: str
    organizationId: str
    measurements: list[_Measurement]


@cache
def _questions() -> dict[str, Question]:
    return read_requests(Path(__file__).with_suffix(".toml"), Question)


def datasets() -> list[str]:
    """Return the data sets that can be asked for."""
    return list(_questions())


def ask(datasets: Iterable[str], client: Client) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for data sets; yield each with what came of it."""
    measures, requests = _measures(client)
    return each(
        datasets, _questions(), lambda dataset: _answer(dataset, measures, requests, client)
    )


def _measures(client: Client) -> tuple[dict[str, Measure], list[Request]]:
    """Ask which measures there are, by GUID; return them and the requests."""
    reply = client.get("api/informationsource")
    requests = [reply.request]
    found = _listed(reply.json())
    unnamed = sorted(id for id, measure in found.items() if not measure.name)
    for start in range(0, len(unnamed), BATCH):
        reply = client.post("api/measures/measures", unnamed[start : start + BATCH])
        requests.append(reply.request)
        for entry in _Named.read_all(reply.json(), reply.request.url):
            found[entry.measureId.lower()] = Measure(entry.name, entry.measureUnit or "")
    named = {id: measure for id, measure in found.items() if measure.name}
    if not named:
        raise SourceError(f"{NAME} ({reply.request.url}): the list holds no measures with a GUID")
    return named, requests


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
    source = (f"{NAME}: {measure.name}", f"https://vardenisiffror.se/indikator/{id}")
    found = f"measure: '{measure.name}'; unit: '{measure.unit or 'not said'}'"
    answer = Answer(question.title, LICENCE, [source], remarks=[EXPERIMENTAL, found])
    answer.requests = [*requests, reply.request]
    left_out = set()
    for block in _Block.read_all(reply.json(), where):
        if (given := block.measureId.lower()) != id:
            raise SourceError(f"{where}: the answer is about the measure {given}, not {id}")
        region = NATION if block.organizationId == "SE" else block.organizationId
        for measurement in block.measurements:
            period = measurement.period
            year = _year(period, where)
            if not year:
                left_out.add(f"{period.start[:10]} to {period.end[:10]}")
                continue
            figures = _figures(measurement, f"{where}: region {region}, {year}", question.per)
            value = figures.pop("value")
            note = "" if value else "no value in the answer"
            key = dataset.replace("/", ":"), region, year, "T"
            answer.rows.append(
                Row(*key, value, question.unit, PUBLISHED, *source, note=note, **figures)
            )
    if left_out:
        answer.remarks.append(
            f"left out, since they are no whole calendar years: {', '.join(sorted(left_out))}"
        )
    with_values = {row.region for row in answer.rows if row.value}
    if absent := [code for code in CODES if code not in with_values]:
        answer.remarks.append(f"no values for the regions {', '.join(absent)}")
    return answer


def _year(period: _Period, where: str) -> str | None:
    """Return the calendar year that a period is, whether its end is its last day or the next."""
    try:
        ends = [datetime.datetime.fromisoformat(text) for text in (period.start, period.end)]
        first, last = (d.astimezone(_HERE).date() if d.tzinfo else d.date() for d in ends)
        whole = (datetime.date(first.year, 12, 31), datetime.date(first.year + 1, 1, 1))
    except (ValueError, OverflowError):
        raise SourceError(
            f"{where}: '{period.start}' to '{period.end}' are not two dates"
        ) from None
    return str(first.year) if (first.month, first.day) == (1, 1) and last in whole else None


def _figures(found: _Measurement, where: str, per: float | None) -> dict[str, str]:
    """Write a measurement's figures, empty where there is none; nothing is computed from them."""
    value, numerator, denominator = found.value, found.numerator, found.denominator
    interval = found.confidenceInterval
    given = {
        "value": value, "numerator": numerator, "denominator": denominator,
        "lower": interval and interval.low, "upper": interval and interval.high,
    }  # fmt: skip
    row = {name: number(figure, where, name) for name, figure in given.items()}
    if per and value and numerator and denominator:
        expected = per * numerator / denominator
        if not expected / 2 <= value <= expected * 2:
            raise SourceError(
                f"{where}: the value {row['value']} is not {per:g} × {row['numerator']} / "
                f"{row['denominator']} = {expected:.4g}: it has another unit than expected"
            )
    return row
