"""One data set of SCB: from a table's metadata to queries, and from their cells to rows.

Unverified: which codes SCB's variables have. A variable is therefore found by its code ("Kon"),
else by its role or Swedish label; sexes are taken to be 1 (men) and 2 (women); and every answer
is checked against what was asked for.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

import httpx

from naravard.errors import did_you_mean
from naravard.regions import NATION
from naravard.sources import ages, pxweb
from naravard.sources.answers import Answer, Request, Row, SourceError, number
from naravard.sources.client import Client
from naravard.sources.jsonstat import Cell, Selection, read_cells
from naravard.sources.scb_wanted import Series, Wanted

#: Other clients have noted that an address of more than about 2,100 characters is not found.
MOST_CHARACTERS = 2000
#: The labels that are looked for are Swedish.
LANGUAGE = {"lang": "sv"}
_SEX = {"M": "1", "K": "2"}


class Query:
    """One data set on its way from the table's metadata to an answer.

    Parameters
    ----------
    wanted : Wanted
        With a table.
    client : Client
    most_cells : int
        That one query may have.
    url : str
        The table's address, for the rows.
    """

    def __init__(self, wanted: Wanted, client: Client, most_cells: int, url: str):
        self.wanted, self.client, self.most_cells, self.url = wanted, client, most_cells, url
        self.requests: list[Request] = []
        self.eliminated: list[pxweb.Variable] = []

    def answer(self) -> Answer:
        """Ask for everything.

        Raises
        ------
        SourceError
            If the table is not as `wanted` has it, or there is no right answer.
        """
        reply = self.client.get(f"tables/{self.wanted.table}/metadata", LANGUAGE)
        self.requests.append(reply.request)
        self.table = pxweb.read_metadata(reply.json(), self.wanted.table)
        self.time = self.table.variable("Tid", "år", "time")
        self.region = self.table.variable("Region", "region", "geo")
        self.sex = self.table.variable("Kon", "kön")
        self.age = self.table.variable("Alder", "ålder")
        self._choose()
        self._fetch()
        title = f"SCB, statistikdatabasen, tabell {self.table.id}"
        source = (title, self.url)
        remarks = []
        if self.eliminated:
            left_out = ", ".join(f"'{v.code}' ({v.label})" for v in self.eliminated)
            remarks.append(f"variables left out, so that SCB gives their total: {left_out}")
        rows = [row for series in self.codes for row in self._rows(series, source)]
        return Answer(self.wanted.title, "CC0", [source], rows, self.requests, remarks)

    def _choose(self) -> None:
        """Choose the codes of every variable: for each series, and for the query all together."""
        self.common = self._common()
        self.codes: dict[str, Selection] = {}
        for name, series in self.wanted.series.items():
            self.codes[name] = self._own(f"{self.table.id}, {name}", series)
        chosen = [set(own) for own in self.codes.values()]
        for variable in sorted(set().union(*chosen)):
            lacking = [name for name, own in self.codes.items() if variable not in own]
            if lacking:
                raise SourceError(f"{self.table.id}: '{lacking[0]}' does not choose '{variable}'")
        self.selection = dict(self.common)
        for own in self.codes.values():
            for variable, codes in own.items():
                both = [*self.selection.get(variable, []), *codes]
                self.selection[variable] = list(dict.fromkeys(both))
        for variable in self.table.variables.values():
            if variable.code in self.selection:
                continue
            if not variable.eliminable:
                raise SourceError(
                    f"{self.table.id}: variable {variable.described()} cannot be left out: "
                    f'choose one value with where = {{ {variable.code} = "…" }} in scb.toml'
                )
            self.eliminated.append(variable)

    def _common(self) -> Selection:
        """Choose measure, years, regions and sexes, and what `where` says for all series."""
        table, want = self.table.id, self.wanted
        chosen: Selection = {}
        if not self.time:
            raise SourceError(f"{table}: no variable 'Tid' or with the role of time")
        chosen[self.time.code] = list(self.time.values)
        for period in self.time.values:
            if not re.fullmatch(r"\d{4}", period):
                raise SourceError(f"{table}: period '{period}' is no year: choose an annual table")
        if self.region:
            chosen[self.region.code] = self.region.choose(list(want.regions), table)
        elif list(want.regions) != [NATION]:
            raise SourceError(f'{table} has no regions: say regions = ["00"] in scb.toml')
        measure = self.table.variable("ContentsCode", "tabellinnehåll", "metric")
        if measure and want.measure:
            chosen[measure.code] = measure.choose([want.measure], table)
        elif measure and len(measure.values) == 1:
            chosen[measure.code] = list(measure.values)
        chosen |= self._where(want.where)
        self.parts = self._sexes()
        if self.sex:
            codes = (code for part in self.parts.values() for code in part)
            chosen[self.sex.code] = list(dict.fromkeys(codes))
        return chosen

    def _sexes(self) -> dict[str, list[str]]:
        """Return for each sex the codes to add up: the two only where the table has no total."""
        table, want = self.table.id, self.wanted
        if not self.sex:
            if list(want.sexes) != ["T"]:
                raise SourceError(f'{table} has no sexes: say sexes = ["T"] in scb.toml')
            return {"T": []}
        parts = {}
        for sex in dict.fromkeys(want.sexes):
            totals = [c for c, label in self.sex.values.items() if _is_total(c, label)]
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
                codes = ages.from_age(self.age.values, series.age_from, where)
            else:
                codes = self.age.choose(list(series.ages), where)
            ages.check_parts(self.age.values, codes, where)
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
        along = [*first, *(v for v in self.selection if v not in first)]
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
    missing = sum(cell.value is None for cell in cells)
    if missing:
        parts = f"{missing} of {len(cells)} parts " if len(cells) > 1 else ""
        return "", "as published", f"{parts}missing at SCB" + (f": {symbols}" if symbols else "")
    note = f"marked {symbols} by SCB" if symbols else ""
    if len(cells) == 1:
        return number(cells[0].value), "as published", note
    total = sum(Decimal(repr(cell.value)) for cell in cells)
    exact = int(total) if total == int(total) else float(total)
    return number(exact), f"sum of {len(cells)} published values", note
