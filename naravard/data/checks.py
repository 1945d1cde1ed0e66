"""What must hold for the figures, before and after they become one table.

Each check says which file, row and value failed and what would have gone wrong. Nothing is
written when one fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from naravard.catalogue import Catalogue, Indicator
from naravard.catalogue.model import Unit
from naravard.errors import NaravardError
from naravard.regions import CODES, NATION

STATUSES = ("final", "preliminary", "revised", "missing", "suppressed")
KEY = ["indicator", "region", "year", "sex"]
FIRST_YEAR, LAST_YEAR = 1990, 2050
#: A change between two years is a jump when it lies this many robust standard deviations
#: (1.4826 × MAD) from the usual change of the indicator over all regions.
JUMP = 9.0
#: A smaller change is not a jump, however even the series is elsewhere.
LEAST_JUMP = 0.1
#: Riket lies between its regions only where enough of them are known.
_ENOUGH_REGIONS = 15
_SHOWN = 5
_NUMBER = re.compile(r"(-?\d+(\.\d+)?([eE][-+]?\d+)?)?")
_YEARS = frozenset(map(str, range(FIRST_YEAR, LAST_YEAR + 1)))


def _fail(sentences: Iterable[str]) -> None:
    if sentences := list(sentences):
        more = len(sentences) - _SHOWN
        tail = f"; and {more} more" if more > 0 else ""
        raise NaravardError("; ".join(sentences[:_SHOWN]) + tail)


def raw_rows(rows: list[dict], indicator: Indicator, unit: Unit, file: str) -> None:
    """Check the rows of one series as text, each with its "line" in the file.

    A value may lie outside what the unit allows (a share within 0–100), too.
    """
    if not rows:
        raise NaravardError(
            f"{file}: no rows of series '{indicator.source.series}', which {indicator.id} needs"
        )
    wrong = {
        "region": f"is not one of the {len(CODES)} region codes: the row would be lost",
        "sex": "is not T, K or M",
        "year": f"is not a year from {FIRST_YEAR} to {LAST_YEAR}",
        "value": "is not a number: write it with a decimal point, and leave it empty if missing",
        "unit": "is not the unit that the catalogue expects: values would be mixed",
    }
    allowed = {"region": CODES, "sex": "TKM", "year": _YEARS, "unit": {indicator.source.unit}}
    allowed = {column: frozenset(values) for column, values in allowed.items()}
    right = {column: values.__contains__ for column, values in allowed.items()}
    right["value"] = _NUMBER.fullmatch
    _fail(
        f"{file}, row {row['line']}: {column} '{row[column]}' {said}"
        for row in rows
        for column, said in wrong.items()
        if not right[column](row[column])
    )
    _fail(
        f"{file}, row {row['line']}: value '{float(row['value']):g}' lies outside "
        f"{unit.minimum:g}–{unit.maximum:g} {unit.name.en}, which {indicator.id} allows"
        for row in rows
        if row["value"] and not unit.minimum <= float(row["value"]) <= unit.maximum
    )


def observations(table: pd.DataFrame, catalogue: Catalogue) -> None:
    """Check the finished table, columns `naravard.data.build.COLUMNS`, also what was computed."""
    allowed = {
        "indicator": catalogue.indicators,
        "region": CODES,
        "sex": "TKM",
        "unit": catalogue.units,
        "status": STATUSES,
    }
    right = {column: table[column].isin(list(values)) for column, values in allowed.items()}
    right["year"] = table["year"].between(FIRST_YEAR, LAST_YEAR)
    right |= {column: table[column].notna() for column in ("source", "note")}
    for column, good in right.items():
        _fail(
            f"processed table: column {column}, value '{value}' is not one that it can hold"
            for value in table.loc[~good, column].unique()
        )
    _fail(f"{_name(row)}: appears twice" for row in _rows(table[table.duplicated(KEY)]))
    absent = table["status"].isin(["missing", "suppressed"])
    odd = table[table["value"].isna() != absent]
    _fail(f"{_name(row)}: status '{row.status}' with value {row.value}" for row in _rows(odd))
    silent = table[absent & (table["note"] == "")]
    _fail(f"{_name(row)}: missing without a reason" for row in _rows(silent))
    total = table[(table["sex"] == "T") & table["value"].notna()]
    _population_adds_up(total)
    _nation_within_regions(total, catalogue)
    _fail(
        f"{row.indicator}, region {row.region}: jumps from {row.before:g} to {row.value:g} "
        f"in {row.year} ({row.score:+.1f} robust standard deviations): a slip of the pen, "
        "or a break that the catalogue should know"
        for row in _rows(jumps(total, catalogue))
    )
    low = table["unit"].map({id: unit.minimum for id, unit in catalogue.units.items()})
    high = table["unit"].map({id: unit.maximum for id, unit in catalogue.units.items()})
    outside = table[(table["value"] < low) | (table["value"] > high)]
    _fail(
        f"{_name(row)}: {row.value:g} lies outside what {row.unit} can be: "
        "a figure or a unit is wrong"
        for row in _rows(outside)
    )


def _rows(frame: pd.DataFrame):
    return frame.itertuples(index=False)


def _name(row) -> str:
    return f"{row.indicator}, region {row.region}, {row.year}, {row.sex}"


def _population_adds_up(total: pd.DataFrame) -> None:
    people = total[total["indicator"] == "population"]
    wide = people.pivot(index="year", columns="region", values="value")
    if NATION not in wide:
        return
    counties = wide.drop(columns=NATION).dropna()
    off = (counties.sum(axis=1) - wide[NATION]).dropna()
    _fail(
        f"population {year}: the counties' people differ from Riket's by {value:+g}: "
        "every rate on them would be off"
        for year, value in off[off != 0].items()
    )


def _nation_within_regions(total: pd.DataFrame, catalogue: Catalogue) -> None:
    regional = [entry for entry in catalogue.indicators.values() if entry.level == "region"]
    rates = [entry.id for entry in regional if not catalogue.units[entry.unit].additive]
    known = total[total["indicator"].isin(rates)]
    regions = known[known["region"] != NATION].groupby(["indicator", "year"])["value"]
    span = regions.agg(["min", "max", "size"])
    nation = known[known["region"] == NATION].set_index(["indicator", "year"])["value"]
    both = span.join(nation.rename("nation"), how="inner")
    both = both[both["size"] >= _ENOUGH_REGIONS]
    outside = both[(both["nation"] < both["min"]) | (both["nation"] > both["max"])]
    _fail(
        f"{id} {year}: Riket {row['nation']:g} lies outside its regions "
        f"({row['min']:g}–{row['max']:g}): a region or a unit is wrong"
        for (id, year), row in outside.iterrows()
    )


def jumps(table: pd.DataFrame, catalogue: Catalogue, limit: float = JUMP) -> pd.DataFrame:
    """Find changes between consecutive years that stand out and that no known break explains.

    ``limit`` is in robust standard deviations from the indicator's usual change: median and MAD of
    all regions' relative changes in all years, both sexes together. A change of less than
    `LEAST_JUMP` is none. Returns columns ``indicator, region, year, before, value, score``.
    """
    rows = table[(table["sex"] == "T") & table["value"].notna()]
    rows = rows.sort_values(["indicator", "region", "year"])
    # the row above is the year before, unless another region or indicator begins
    above = (
        rows[["indicator", "region", "year", "value"]].shift().rename(columns={"value": "before"})
    )
    follows = (rows[["indicator", "region"]] == above[["indicator", "region"]]).all(axis=1)
    follows &= (rows["year"] - above["year"] == 1) & (rows["value"] > 0) & (above["before"] > 0)
    rows = rows.join(above["before"])[follows]
    change = np.log(rows["value"] / rows["before"])
    own = rows["indicator"]
    off = change - change.groupby(own).transform("median")
    spread = 1.4826 * off.abs().groupby(own).transform("median")
    # a spread of nothing makes no change a jump
    rows = rows.assign(score=off / spread.where(spread > 0))
    large = (rows["score"].abs() > limit) & (change.abs() > np.log1p(LEAST_JUMP))
    found = rows.loc[large, ["indicator", "region", "year", "before", "value", "score"]]
    explained = [
        row.year in {b.year for b in catalogue.indicators[row.indicator].breaks_for(row.region)}
        for row in _rows(found)
    ]
    return found[~np.array(explained, dtype=bool)].reset_index(drop=True)
