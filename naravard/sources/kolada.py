"""Kolada (RKA), API v3: key figures of the 21 regions and Riket.

A data set ``kolada/<KPI>`` is one key figure; the catalogue's entries say which there are. What the
API does is described from its documentation and other clients' notes: paging by ``next_url``, at
most 25 ids in one request, ids that are not known simply missing from the answer, deleted values
marked ``isdeleted``. Nothing of it could be tried against the live API when this was written.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from naravard.catalogue import Indicator, catalogue
from naravard.regions import REGIONS
from naravard.sources.answer import PUBLISHED, Answer, Row, Shape, SourceError, Unanswered, number
from naravard.sources.client import Client, Reply

NAME = "Kolada"
BASE = "https://api.kolada.se/v3"
PAUSE = 0.2
#: Ids in one request.
MOST_IDS = 25
#: Pages of one request; the 22 regions over thirty years are one page.
MOST_PAGES = 200
LICENCE = (
    "Free use; the source must be named (Källa: Kolada), and processed figures must not be "
    "attributed to Kolada"
)
_PREFIX = "kolada/"
_REGIONS = {region.kolada: region.code for region in REGIONS}


class _Page(Shape):
    values: list
    next_url: str | None = None


class _Value(Shape):
    gender: str
    value: Any
    status: str | None = None
    isdeleted: bool | None = None


class _Item(Shape):
    """One key figure, region and year: a value for each sex."""

    kpi: str
    municipality: str
    period: str
    values: list[_Value]


def datasets() -> list[str]:
    """Return the data sets that the catalogue has from Kolada."""
    sources = (i.source for i in catalogue().indicators.values() if i.source)
    return list(dict.fromkeys(s.dataset for s in sources if s.dataset.startswith(_PREFIX)))


def pages(client: Client, where: str, params: dict | None = None) -> Iterator[tuple[list, Reply]]:
    """Ask for a list, page by page; yield each page's values and the reply that brought them.

    Raises SourceError if a page leads back to an earlier one, or there are more than `MOST_PAGES`.
    """
    seen: set[str] = set()
    following: str | None = where
    for _ in range(MOST_PAGES):
        reply = client.get(following, None if seen else params)
        url = reply.request.url
        if {url, following} & seen:
            raise SourceError(f"{url}: the next page is one that was read already ({following})")
        seen.add(url)
        page = _Page.read(reply.json(), url)
        yield page.values, reply
        following = page.next_url
        if not following:
            return
    raise SourceError(f"{client.name} ({where}): more than {MOST_PAGES} pages")


def _rows(item: _Item) -> Iterator[Row]:
    kpi, region = item.kpi, _REGIONS[item.municipality]
    for entry in item.values:
        value, note = entry.value, f"status '{entry.status}' at the source" if entry.status else ""
        if entry.isdeleted:
            value, note = None, "withdrawn by the publisher"
        elif value is None and entry.status in (None, "", "Missing"):
            note = "missing at the source"
        text = number(value, f"{NAME} {kpi}, region {region}, {item.period}")
        key = f"kolada:{kpi}", region, item.period, entry.gender
        yield Row(*key, text, _indicator(kpi).source.unit, PUBLISHED, *_source(kpi), note)


def _items(
    kpis: list[str], client: Client, params: dict | None = None
) -> Iterator[tuple[_Item, Reply]]:
    where = f"data/kpi/{','.join(kpis)}/municipality/{','.join(_REGIONS)}"
    for values, reply in pages(client, where, params):
        yield from ((_Item.read(value, reply.request.url), reply) for value in values)


def _indicator(kpi: str) -> Indicator:
    entries = catalogue().indicators.values()
    return next(i for i in entries if i.source and i.source.dataset == _PREFIX + kpi)


def _source(kpi: str) -> tuple[str, str]:
    return "Kolada (RKA)", f"https://www.kolada.se/?kpis={kpi}"


def ask(datasets: list[str], client: Client) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for whole series of key figures; ids without a row are errors by name."""
    waiting = [dataset.removeprefix(_PREFIX) for dataset in datasets]
    while waiting:
        kpis, waiting = waiting[:MOST_IDS], waiting[MOST_IDS:]
        answers = {
            kpi: Answer(f"{NAME} {kpi}: {_indicator(kpi).name.en}", LICENCE, [_source(kpi)])
            for kpi in kpis
        }
        try:
            dropped = 0
            for item, reply in _items(kpis, client):
                if item.kpi not in kpis or item.municipality not in _REGIONS:
                    dropped += 1
                    continue
                answer = answers[item.kpi]
                if reply.request not in answer.requests[-1:]:
                    answer.requests.append(reply.request)
                answer.rows += _rows(item)
        except Unanswered as error:  # nor would the others be answered
            yield from ((_PREFIX + kpi, error) for kpi in (*kpis, *waiting))
            return
        except SourceError as error:
            if len(kpis) == 1:
                yield _PREFIX + kpis[0], error
            else:  # one spoilt key figure must not keep the others from coming
                for kpi in kpis:
                    yield from ask([_PREFIX + kpi], client)
            continue
        for kpi, answer in answers.items():
            if dropped:
                answer.remarks.append(f"{dropped} rows of other units or key figures left out")
            nothing = SourceError(
                f"{NAME} {kpi}: the answer holds nothing of it for the 22 regions: Kolada does not "
                "know the id, or has no values of regions"
            )
            yield _PREFIX + kpi, answer if answer.rows else nothing


def changed(datasets: list[str], client: Client, since: datetime.date) -> set[str]:
    """Return the data sets of which Kolada has published something since a date."""
    found: set[str] = set()
    kpis = [dataset.removeprefix(_PREFIX) for dataset in datasets]
    for start in range(0, len(kpis), MOST_IDS):
        items = _items(kpis[start : start + MOST_IDS], client, {"from_date": since.isoformat()})
        found |= {_PREFIX + item.kpi for item, _ in items}
    return found & set(datasets)
