"""SCB's statistical database, PxWebApi 2; ``scb.toml`` says what to ask it for.

Nothing here could be tried against SCB itself. Which codes its variables have is not known: a
variable is found by its code ("Kon"), else by its role or Swedish label; sexes are taken to be 1
(men) and 2 (women); and every answer is checked against what was asked for.
"""

from __future__ import annotations

import datetime
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import httpx
from pydantic import Field, model_validator

from naravard.catalogue.model import NonEmpty, Part
from naravard.errors import did_you_mean
from naravard.regions import CODES, NATION
from naravard.sources import pxweb
from naravard.sources.answer import PUBLISHED, Answer, Row, Shape, SourceError, number
from naravard.sources.client import Client
from naravard.sources.pxweb import Cell, Selection, read_cells
from naravard.sources.questions import each, read_requests

NAME = "SCB"
BASE = "https://statistikdatabasen.scb.se/api/v2"
#: 30 requests in 10 seconds; what ``/config`` says goes first.
PAUSE = 0.34
#: Cells in one query, if ``/config`` does not say.
MOST_CELLS = 150_000
#: As many tables as `find` returns.
MOST_FOUND = 100
#: Other clients have noted that an address of more than about 2,100 characters is not found.
MOST_CHARACTERS = 2000
#: The labels that are looked for are Swedish.
LANGUAGE = {"lang": "sv"}
_SEX = {"M": "1", "K": "2"}


class Series(Part):
    """What sets a series apart; fields as explained in ``scb.toml``."""

    age_from: int | None = Field(None, ge=0)
    ages: list[NonEmpty] = Field([])
    where: dict[NonEmpty, NonEmpty] = Field({})

    @property
    def by_age(self) -> bool:
        """Whether ages are chosen."""
        return self.age_from is not None or bool(self.ages)


class Wanted(Part):
    """A data set to ask for; fields as explained in ``scb.toml``."""

    title: NonEmpty
    table: NonEmpty | None = None
    search: NonEmpty | None = None
    measure: str = ""
    unit: NonEmpty
    regions: list[Literal[CODES]] = Field(list(CODES), min_length=1)
    sexes: list[Literal["T", "K", "M"]] = Field(["T"], min_length=1)
    adds_up: bool = False
    where: dict[NonEmpty, NonEmpty] = Field({})
    series: dict[NonEmpty, Series]

    @model_validator(mode="after")
    def _complete(self) -> Wanted:
        if not (self.table or self.search):
            raise ValueError("give the table, or words to search for it")
        if self.table and not self.series:
            raise ValueError("a table needs at least one series")
        for name, series in self.series.items():
            if series.ages and series.age_from is not None:
                raise ValueError(f"{name}: give either ages or age_from")
            if series.by_age and not self.adds_up and len(series.ages) != 1:
                raise ValueError(f"{name}: ages are added up only with adds_up = true")
            for other, same in self.series.items():
                if self.table and other < name and same == series:
                    raise ValueError(f"'{other}' and '{name}' ask for the same: say what differs")
        return self


@cache
def wanted() -> dict[str, Wanted]:
    """Return the requests of the package by data set."""
    return read_requests(Path(__file__).with_suffix(".toml"), Wanted)


class _Config(Shape):
    maxDataCells: int = Field(MOST_CELLS, ge=1)
    maxCallsPerTimeWindow: int = 0
    timeWindow: float = 0


class Found(Shape):
    """A table as SCB's search shows it."""

    id: str
    label: str = ""
    firstPeriod: str | None = None
    lastPeriod: str | None = None
    updated: str | None = None


class _Finds(Shape):
    tables: list[Found]


def datasets() -> list[str]:
    """Return the data sets of ``scb.toml``; one without a table yields an error that lists some."""
    return list(wanted())


def ask(datasets: Iterable[str], client: Client) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for data sets; ``/config`` says how many cells a query has, and may ask for pauses."""
    config = _Config.read(client.get("config").json(), f"{NAME}, config")
    if config.maxCallsPerTimeWindow > 0:
        client.pause = max(client.pause, config.timeWindow / config.maxCallsPerTimeWindow)
    return each(datasets, wanted(), lambda name: Query(name, client, config.maxDataCells).answer())


def changed(datasets: Iterable[str], client: Client, since: datetime.date) -> set[str]:
    """Return the data sets whose table was updated since a day, or of which it is not known."""
    tables = {name: wanted()[name].table for name in datasets if name in wanted()}
    updated = {table: _updated(table, client) for table in dict.fromkeys(tables.values()) if table}
    days = {name: updated.get(tables.get(name)) for name in datasets}
    return {name for name, day in days.items() if day is None or day >= since}


def find(query: str, client: Client) -> list[Found]:
    """Search for tables by Swedish words, at most `MOST_FOUND`, in SCB's order."""
    reply = client.get("tables", {"query": query, "pageSize": str(MOST_FOUND), **LANGUAGE})
    return _Finds.read(reply.json(), f"{NAME}, tables").tables[:MOST_FOUND]


def variables(table: str, client: Client) -> list[pxweb.Variable]:
    """Return a table's variables, with the codes to choose among in ``scb.toml``."""
    reply = client.get(f"tables/{table}/metadata", LANGUAGE)
    return list(pxweb.read_metadata(reply.json(), table).variables.values())


def _updated(table: str, client: Client) -> datetime.date | None:
    try:
        reply = client.get(f"tables/{table}", LANGUAGE)
        text = Found.read(reply.json(), f"{NAME}, table {table}").updated or ""
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:  # also SourceError: it cannot be known
        return None


def _candidates(name: str, search: str, client: Client) -> SourceError:
    found = [f"{table.id} ({table.label})" for table in find(search, client)[:5]]
    if not found:
        return SourceError(
            f"{name} has no table yet, and SCB finds none for '{search}': give other words as "
            "search in naravard/sources/scb.toml"
        )
    return SourceError(
        f'{name} has no table yet: pin one with table = "…" in naravard/sources/scb.toml; for '
        f"'{search}' SCB finds {', '.join(found)}; `scb.variables` shows a table's codes"
    )


# From a table's metadata to queries, and from their cells to rows.
class Query:
    """One data set on its way from the table's metadata to an answer.

    ``most_cells`` is what one query may have.
    """

    def __init__(self, name: str, client: Client, most_cells: int):
        self.wanted, self.client, self.most_cells = wanted()[name], client, most_cells
        if not self.wanted.table:
            raise _candidates(name, self.wanted.search, client)

    def answer(self) -> Answer:
        """Ask for everything; a SourceError says how the table is not as `Wanted` has it."""
        reply = self.client.get(f"tables/{self.wanted.table}/metadata", LANGUAGE)
        self.requests = [reply.request]
        self.table = pxweb.read_metadata(reply.json(), self.wanted.table)
        self.time = self.table.variable("Tid", "år", "time")
        self.region = self.table.variable("Region", "region", "geo")
        self.sex = self.table.variable("Kon", "kön")
        self.age = self.table.variable("Alder", "ålder")
        eliminated = self._choose()
        self._fetch()
        title = f"SCB, statistikdatabasen, tabell {self.table.id}"
        source = (title, f"{BASE}/tables/{self.table.id}")
        left_out = ", ".join(f"'{v.code}' ({v.label})" for v in eliminated)
        remark = f"variables left out, so that SCB gives their total: {left_out}"
        rows = [row for series in self.codes for row in self._rows(series, source)]
        remarks = [remark] if eliminated else []
        return Answer(self.wanted.title, "CC0", [source], rows, self.requests, remarks)

    def _choose(self) -> list[pxweb.Variable]:
        """Choose codes for each series, and for the query all together; return what is left out."""
        self.common = self._common()
        self.codes: dict[str, Selection] = {}
        for name, series in self.wanted.series.items():
            self.codes[name] = self._own(f"{self.table.id}, {name}", series)
        self.selection = dict(self.common)
        for variable in sorted(set().union(*self.codes.values())):
            if lacking := [name for name, own in self.codes.items() if variable not in own]:
                raise SourceError(f"{self.table.id}: '{lacking[0]}' does not choose '{variable}'")
            chosen = [self.common.get(variable, []), *(o[variable] for o in self.codes.values())]
            self.selection[variable] = list(dict.fromkeys(itertools.chain(*chosen)))
        eliminated = [v for v in self.table.variables.values() if v.code not in self.selection]
        for variable in eliminated:
            if not variable.eliminable:
                raise SourceError(
                    f"{self.table.id}: variable {variable.described()} cannot be left out: "
                    f'choose one value with where = {{ {variable.code} = "…" }} in scb.toml'
                )
        return eliminated

    def _common(self) -> Selection:
        """Choose measure, years, regions and sexes, and what `where` says for all series."""
        table, want = self.table.id, self.wanted
        chosen: Selection = {}
        if not self.time:
            raise SourceError(f"{table}: no variable 'Tid' or with the role of time")
        chosen[self.time.code] = list(self.time.values)
        for period in self.time.values:
            if not re.fullmatch(r"\d{4}", period):
                raise SourceError(f"{table}: '{period}' is not a year: choose an annual table")
        if self.region:
            chosen[self.region.code] = self.region.choose(list(want.regions), table)
        elif list(want.regions) != [NATION]:
            raise SourceError(f'{table} has no regions: say regions = ["00"] in scb.toml')
        measure = self.table.variable("ContentsCode", "tabellinnehåll", "metric")
        if measure and (want.measure or len(measure.values) == 1):
            word = want.measure or next(iter(measure.values))
            chosen[measure.code] = measure.choose([word], table)
        chosen |= self._where(want.where)
        self.parts = self._sexes()
        if self.sex:
            chosen[self.sex.code] = list(dict.fromkeys(itertools.chain(*self.parts.values())))
        return chosen

    def _sexes(self) -> dict[str, list[str]]:
        """Return for each sex the codes to add up: the two only where the table has no total."""
        table, want = self.table.id, self.wanted
        if not self.sex:
            if list(want.sexes) != ["T"]:
                raise SourceError(f'{table} has no sexes: say sexes = ["T"] in scb.toml')
            return {"T": []}
        totals = [code for code, label in self.sex.values.items() if _is_total(code, label)]
        parts = {}
        for sex in dict.fromkeys(want.sexes):
            if sex != "T":
                parts[sex] = self.sex.choose([_SEX[sex]], table)
            elif len(totals) > 1:
                raise SourceError(f"{table}: variable {self.sex.described()} has several totals")
            elif totals:
                parts[sex] = totals
            elif want.adds_up:
                parts[sex] = self.sex.choose(list(_SEX.values()), table)
            else:
                raise SourceError(
                    f"{table}: variable {self.sex.described()} has no total, and the values do not "
                    "add up (adds_up in scb.toml)"
                )
        return parts

    def _own(self, where: str, series: Series) -> Selection:
        chosen = self._where(series.where)
        if series.by_age:
            if not self.age:
                raise SourceError(f"{where}: the table has no variable 'Alder' or 'ålder'")
            if series.age_from is not None:
                codes = from_age(self.age.values, series.age_from, where)
            else:
                codes = self.age.choose(list(series.ages), where)
            check_parts(self.age.values, codes, where)
            chosen[self.age.code] = codes
        return chosen

    def _where(self, where: dict[str, str]) -> Selection:
        chosen = {}
        for name, value in where.items():
            variable = self.table.variable(name)
            if not variable:
                known = did_you_mean(name, self.table.variables)
                raise SourceError(f"{self.table.id}: no variable '{name}'{known}")
            if variable in (self.time, self.region, self.sex):
                raise SourceError(f"{self.table.id}: 'where' cannot choose '{variable.code}'")
            chosen[variable.code] = variable.choose([value], self.table.id)
        return chosen

    def _fetch(self) -> None:
        first = [v.code for v in (self.time, self.region) if v]
        along = list(dict.fromkeys([*first, *self.selection]))
        self.cells: dict[tuple[str, ...], Cell] = {}
        for part in pxweb.split(self.selection, self._fits, along):
            reply = self.client.get(f"tables/{self.table.id}/data", _params(part))
            self.requests.append(reply.request)
            self.cells |= read_cells(reply.json(), part, f"data of {self.table.id}")

    def _fits(self, selection: Selection) -> bool:
        address = httpx.URL(f"{self.client.base}/tables/{self.table.id}/data")
        address = address.copy_merge_params(_params(selection))
        few = pxweb.cells(selection) <= self.most_cells
        return few and len(str(address)) <= MOST_CHARACTERS

    def _rows(self, series: str, source: tuple[str, str]) -> Iterator[Row]:
        regions = self.selection[self.region.code] if self.region else [NATION]
        years = self.selection[self.time.code]
        for region, year, sex in itertools.product(regions, years, self.parts):
            at = {**self.common, **self.codes[series], self.time.code: [year]}
            if self.region:
                at[self.region.code] = [region]
            if self.sex:
                at[self.sex.code] = self.parts[sex]
            keys = itertools.product(*(at[variable] for variable in self.selection))
            value, precision, note = _total([self.cells[key] for key in keys])
            yield Row(series, region, year, sex, value, self.wanted.unit, precision, *source, note)


def _is_total(code: str, label: str) -> bool:
    """Tell a variable's total, as SCB writes it: "1+2", "tot", "TotSA", or a label "totalt"."""
    return code == "1+2" or code.casefold().startswith("tot") or label.casefold()[:5] == "total"


def _params(selection: Selection) -> dict[str, str]:
    codes = {f"valueCodes[{variable}]": ",".join(chosen) for variable, chosen in selection.items()}
    return {**LANGUAGE, "outputFormat": "json-stat2", **codes}


def _total(cells: list[Cell]) -> tuple[str, str, str]:
    """Add up cells; return value, precision and note. What has a missing part is missing."""
    symbols = ", ".join(sorted({f"'{cell.status}'" for cell in cells if cell.status}))
    if missing := sum(cell.value is None for cell in cells):
        parts = f"{missing} of {len(cells)} parts " if len(cells) > 1 else ""
        return "", PUBLISHED, f"{parts}missing at SCB" + (f": {symbols}" if symbols else "")
    note = f"marked {symbols} by SCB" if symbols else ""
    if len(cells) == 1:
        return number(cells[0].value), PUBLISHED, note
    total = sum(Decimal(repr(cell.value)) for cell in cells)
    exact = int(total) if total == int(total) else float(total)
    return number(exact), f"sum of {len(cells)} published values", note


# Age codes of SCB's tables: parts that may be added up, and totals that may not.
#
# How the codes of a table look is read from its labels ("65 år", "65-69 år", "100+ år"), and from
# the codes where the labels say nothing: no list of codes could be checked against SCB.
_SPAN = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3})|(\+))?(?:\s*år)?")


def span(code: str, label: str) -> tuple[float, float] | None:
    """Return the first and last year of an age or age group; None for a total or anything else."""
    found = _SPAN.fullmatch(label.strip()) or _SPAN.fullmatch(code.strip())
    if not found:
        return None
    first, last, open_end = found.groups()
    return int(first), math.inf if open_end else int(last or first)


def check_parts(values: dict[str, str], codes: list[str], where: str) -> None:
    """Check that ages can be added up: no total is among them, and no two overlap."""
    if len(codes) < 2:
        return
    spans = []
    for code in codes:
        known = span(code, values[code])
        if known is None:
            raise SourceError(
                f"{where}: age '{code}' ({values[code]}) is not an age or age group: a total must "
                "not be summed with its parts"
            )
        spans.append((known, code))
    for ((_, last), code), ((first, _), following) in itertools.pairwise(sorted(spans)):
        if first <= last:
            raise SourceError(
                f"{where}: ages '{code}' and '{following}' overlap: people would count twice"
            )


def from_age(values: dict[str, str], lowest: int, where: str) -> list[str]:
    """Return the single years of age from a lowest one up, and the open group after the last.

    Groups of several years beside them are left out, and so are totals. Raises SourceError if they
    do not follow each other without a gap up to an open group.
    """
    singles, opened = {}, {}
    for code, label in values.items():
        first, last = span(code, label) or (-1, -2)
        if first == last >= lowest:
            singles.setdefault(first, code)
        elif last == math.inf and first >= lowest:
            opened.setdefault(first, code)
    age = next(age for age in itertools.count(lowest) if age not in singles)
    if age not in opened or max(singles, default=-1) > age:
        raise SourceError(
            f"{where}: no single years of age from {lowest} up to an open group: "
            f"neither '{age}' nor '{age}+' is among the table's ages"
        )
    return [*(singles[year] for year in range(lowest, age)), opened[age]]
