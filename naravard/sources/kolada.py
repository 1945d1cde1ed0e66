"""Kolada (RKA), API v3: key figures of the 21 regions and Riket.

A data set ``kolada/<KPI>`` is one key figure; the catalogue's entries say which there are. What the
API does is described from its documentation and other clients' notes: paging by ``next_url``, at
most 25 ids in one request, ids that are not known simply missing from the answer, deleted values
marked ``isdeleted``. Nothing of it could be tried against the live API when this was written.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from naravard.catalogue import Indicator, catalogue
from naravard.regions import REGIONS
from naravard.sources.answer import Answer, Row, SourceError, Unanswered, a_list, number, required
from naravard.sources.client import Client, Reply

NAME = "Kolada"
BASE = "https://api.kolada.se/v3"
PAUSE = 0.2
#: Ids in one request.
MOST_IDS = 25
#: Pages of one request; the 22 units over thirty years are one page.
MOST_PAGES = 200
LICENCE = (
    "Free use; the source must be named (Källa: Kolada), and processed figures must not be "
    "attributed to Kolada"
)
_PREFIX = "kolada/"
_NOTHING = (
    "Kolada {}: the answer holds nothing of it for the 22 units: Kolada does not know the id, or "
    "has no values of regions"
)
_UNITS = {region.kolada: region.code for region in REGIONS}


def datasets() -> list[str]:
    """Return the data sets that the catalogue has from Kolada."""
    sources = (i.source for i in catalogue().indicators.values() if i.source)
    return list(dict.fromkeys(s.dataset for s in sources if s.dataset.startswith(_PREFIX)))


def pages(client: Client, where: str, params: dict | None = None) -> Iterator[tuple[list, Reply]]:
    """Ask for a list, page by page.

    Yields
    ------
    list, Reply
        The page's values and the reply that brought them.

    Raises
    ------
    SourceError
        If a page is no list, leads back to one that was asked for already, or there are more than
        `MOST_PAGES`.
    """
    seen: set[str] = set()
    reply = client.get(where, params)
    for _ in range(MOST_PAGES):
        content = reply.json()
        url = reply.request.url
        values = a_list(required(content, "values", url), url)
        yield values, reply
        seen.add(url)
        following = content.get("next_url")
        if not following:
            return
        if following in seen:
            raise SourceError(f"{url}: the next page is one that was read already ({following})")
        reply = client.get(following)
        if reply.request.url in seen:
            raise SourceError(f"{url}: the next page is one that was read already ({following})")
    raise SourceError(f"{client.name} ({where}): more than {MOST_PAGES} pages")


def _rows(item: dict, kpi: str, url: str) -> Iterator[Row]:
    """Read the values of one key figure, unit and year: one for each sex."""
    region, year = _UNITS[required(item, "municipality", url)], required(item, "period", url)
    for entry in required(item, "values", url):
        value, status = required(entry, "value", url), entry.get("status") or ""
        where = f"{NAME} {kpi}, region {region}, {year}"
        note = f"status '{status}' at the source" if status else ""
        if entry.get("isdeleted"):
            value, note = None, "withdrawn by the publisher"
        elif value is None:
            note = "missing at the source" if status in ("", "Missing") else note
        try:
            text = "" if value is None else number(value)
        except SourceError as error:
            raise SourceError(f"{where}: {error}") from None
        yield Row(
            f"kolada:{kpi}", region, str(year), required(entry, "gender", url), text,
            _indicator(kpi).source.unit,
            source_title="Kolada (RKA)", source_url=f"https://www.kolada.se/?kpis={kpi}", note=note,
        )  # fmt: skip


def _where(kpis: list[str]) -> str:
    return f"data/kpi/{','.join(kpis)}/municipality/{','.join(_UNITS)}"


def _read(kpis: list[str], client: Client, answers: dict[str, Answer]) -> None:
    """Ask for the values of some key figures and sort them into their answers."""
    brought: dict[str, dict[str, object]] = {kpi: {} for kpi in kpis}
    dropped = 0
    for values, reply in pages(client, _where(kpis)):
        for item in values:
            kpi = required(item, "kpi", reply.request.url)
            if (
                kpi not in brought
                or required(item, "municipality", reply.request.url) not in _UNITS
            ):
                dropped += 1
                continue
            brought[kpi][reply.request.url] = reply.request
            answers[kpi].rows += _rows(item, kpi, reply.request.url)
    for kpi in kpis:
        answers[kpi].requests += brought[kpi].values()
        if dropped:
            answers[kpi].remarks.append(f"{dropped} rows of other units or key figures left out")


def _indicator(kpi: str) -> Indicator:
    entries = catalogue().indicators.values()
    return next(i for i in entries if i.source and i.source.dataset == _PREFIX + kpi)


def _empty(kpi: str) -> Answer:
    title = f"{NAME} {kpi}: {_indicator(kpi).name.en}"
    return Answer(title, LICENCE, [("Kolada (RKA)", f"https://www.kolada.se/?kpis={kpi}")])


def ask(datasets: list[str], client: Client) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for whole series of key figures.

    Yields
    ------
    str, Answer or SourceError
        Each data set with what came; ids without a row are errors by name.
    """
    waiting = [dataset.removeprefix(_PREFIX) for dataset in datasets]
    while waiting:
        kpis, waiting = waiting[:MOST_IDS], waiting[MOST_IDS:]
        answers = {kpi: _empty(kpi) for kpi in kpis}
        try:
            _read(kpis, client, answers)
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
            yield _PREFIX + kpi, answer if answer.rows else SourceError(_NOTHING.format(kpi))


def changed(datasets: list[str], client: Client, since: datetime.date) -> set[str]:
    """Return the data sets of which Kolada has published something since a date."""
    found: set[str] = set()
    kpis = [dataset.removeprefix(_PREFIX) for dataset in datasets]
    for start in range(0, len(kpis), MOST_IDS):
        for values, reply in pages(
            client, _where(kpis[start : start + MOST_IDS]), {"from_date": since.isoformat()}
        ):
            found |= {_PREFIX + required(item, "kpi", reply.request.url) for item in values}
    return found & set(datasets)
