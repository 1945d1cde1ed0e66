"""What must hold for the figures, before and after they become one table.

Each check says which file, row and value failed and what would have gone wrong. Nothing is
written when one fails.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pandera.pandas as pa

from naravard.catalogue import Catalogue, Indicator
from naravard.errors import NaravardError
from naravard.regions import CODES, NATION

STATUSES = ("final", "preliminary", "revised", "missing", "suppressed")
KEY = ["indicator", "region", "year", "sex"]
FIRST_YEAR, LAST_YEAR = 1990, 2050
#: A change between two years is a jump when it lies this many robust standard deviations
#: (1.4826 × MAD) from the usual change of the indicator over all regions.
JUMP = 9.0
#: A smaller change is no jump, however even the series is elsewhere.
LEAST_JUMP = 0.1
_SHOWN = 5

_RULES = {
    "known_region": f"is not one of the {len(CODES)} region codes: the row would be lost",
    "known_sex": "is not T, K or M",
    "whole_year": f"is not a year from {FIRST_YEAR} to {LAST_YEAR}",
    "number": "is not a number: write it with a decimal point, and leave it empty if missing",
    "one_unit": "is not the unit that the catalogue expects: values would be mixed",
}


def _check(name, rule):
    return pa.Check(rule, name=name, error=name)


def _raw_schema(indicator: Indicator) -> pa.DataFrameSchema:
    number = r"^(-?\d+(\.\d+)?([eE][-+]?\d+)?)?$"
    years = [str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    unit = indicator.source.unit
    text = {"dtype": str}
    return pa.DataFrameSchema(
        {
            "region": pa.Column(**text, checks=_check("known_region", lambda s: s.isin(CODES))),
            "sex": pa.Column(**text, checks=_check("known_sex", lambda s: s.isin(list("TKM")))),
            "year": pa.Column(**text, checks=_check("whole_year", lambda s: s.isin(years))),
            "value": pa.Column(**text, checks=_check("number", lambda s: s.str.fullmatch(number))),
            "unit": pa.Column(**text, checks=_check("one_unit", lambda s: s == unit)),
        }
    )


def _fail(sentences: list[str]) -> None:
    if sentences:
        more = len(sentences) - _SHOWN
        tail = f"; and {more} more" if more > 0 else ""
        raise NaravardError("; ".join(sentences[:_SHOWN]) + tail)


def raw_rows(rows: pd.DataFrame, indicator: Indicator, file: str) -> None:
    """Check the rows of one series as they stand in a raw file.

    Parameters
    ----------
    rows : DataFrame
        All columns as text, indexed by line number in the file.
    indicator : Indicator
        What they should be.
    file : str
        Named in the message.

    Raises
    ------
    NaravardError
        Naming file, row and value.
    """
    if rows.empty:
        raise NaravardError(
            f"{file}: no rows of series '{indicator.source.series}', which {indicator.id} needs"
        )
    try:
        _raw_schema(indicator).validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.sort_values("index", kind="stable")
        _fail(
            [
                f"{file}, row {case['index']}: {case['column']} '{case['failure_case']}' "
                f"{_RULES.get(case['check'], case['check'])}"
                for _, case in cases.iterrows()
            ]
        )


def bounds(rows: pd.DataFrame, indicator: Indicator, catalogue: Catalogue, file: str) -> None:
    """Check that values lie within what their unit allows (a share within 0–100)."""
    unit = catalogue.units[indicator.unit]
    outside = rows[(rows["value"] < unit.minimum) | (rows["value"] > unit.maximum)]
    _fail(
        [
            f"{file}, row {row}: value '{value:g}' lies outside {unit.minimum:g}–{unit.maximum:g} "
            f"{unit.name.en}, which {indicator.id} allows"
            for row, value in outside["value"].items()
        ]
    )


def observations(table: pd.DataFrame, catalogue: Catalogue) -> None:
    """Check the finished table.

    Parameters
    ----------
    table : DataFrame
        As `naravard.data.build.observations` makes it.
    catalogue : Catalogue

    Raises
    ------
    NaravardError
        If a key stands twice, a value and its status contradict each other, a value lies outside
        what its unit can be, the regions' people
        do not add up to Riket's, Riket lies outside its regions, or a value jumps in a way that no
        known break explains.
    """
    schema = pa.DataFrameSchema(
        {
            "indicator": pa.Column(str, pa.Check.isin(list(catalogue.indicators))),
            "region": pa.Column(str, pa.Check.isin(CODES)),
            "year": pa.Column("int64", pa.Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "sex": pa.Column(str, pa.Check.isin(list("TKM"))),
            "value": pa.Column(float, nullable=True),
            "lower": pa.Column(float, nullable=True),
            "upper": pa.Column(float, nullable=True),
            "numerator": pa.Column(float, nullable=True),
            "denominator": pa.Column(float, nullable=True),
            "unit": pa.Column(str, pa.Check.isin(list(catalogue.units))),
            "status": pa.Column(str, pa.Check.isin(STATUSES)),
            "source": pa.Column(str),
            "note": pa.Column(str),
        },
        strict=True,
        unique=KEY,
        report_duplicates="all",
    )
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        case = error.failure_cases.iloc[0]
        raise NaravardError(
            f"processed table: column {case['column']}, value '{case['failure_case']}': "
            f"{case['check']} fails"
        ) from error
    absent = table["status"].isin(["missing", "suppressed"])
    odd = table[table["value"].isna() != absent]
    _fail([f"{_name(row)}: status '{row.status}' with value {row.value}" for row in _rows(odd)])
    silent = table[absent & (table["note"] == "")]
    _fail([f"{_name(row)}: missing without a reason" for row in _rows(silent)])
    _population_adds_up(table)
    _nation_within_regions(table, catalogue)
    _jumps(table, catalogue)
    _within_units(table, catalogue)


def _rows(frame: pd.DataFrame):
    return frame.itertuples(index=False)


def _name(row) -> str:
    return f"{row.indicator}, region {row.region}, {row.year}, {row.sex}"


def _within_units(table: pd.DataFrame, catalogue: Catalogue) -> None:
    """Check what was computed too: a share within 0–100."""
    low = table["unit"].map({id: unit.minimum for id, unit in catalogue.units.items()})
    high = table["unit"].map({id: unit.maximum for id, unit in catalogue.units.items()})
    outside = table[(table["value"] < low) | (table["value"] > high)]
    _fail(
        [
            f"{_name(row)}: {row.value:g} lies outside what {row.unit} can be: "
            "a figure or a unit is wrong"
            for row in _rows(outside)
        ]
    )


def _population_adds_up(table: pd.DataFrame) -> None:
    people = table[(table["indicator"] == "population") & (table["sex"] == "T")]
    wide = people.pivot(index="year", columns="region", values="value")
    if NATION not in wide:
        return
    counties = wide.drop(columns=NATION).dropna()
    off = (counties.sum(axis=1) - wide[NATION]).dropna()
    off = off[off != 0]
    _fail(
        [
            f"population {year}: the counties' people differ from Riket's by {value:+g}: "
            "every rate on them would be off"
            for year, value in off.items()
        ]
    )


def _nation_within_regions(table: pd.DataFrame, catalogue: Catalogue) -> None:
    rates = [
        i.id
        for i in catalogue.indicators.values()
        if i.level == "region" and not catalogue.units[i.unit].additive
    ]
    known = table[table["indicator"].isin(rates) & (table["sex"] == "T")].dropna(subset=["value"])
    regions = known[known["region"] != NATION].groupby(["indicator", "year"])["value"]
    span = regions.agg(["min", "max", "size"])
    nation = known[known["region"] == NATION].set_index(["indicator", "year"])["value"]
    both = span.join(nation.rename("nation"), how="inner")
    both = both[both["size"] >= 15]
    outside = both[(both["nation"] < both["min"]) | (both["nation"] > both["max"])]
    _fail(
        [
            f"{id} {year}: Riket {row['nation']:g} lies outside its regions "
            f"({row['min']:g}–{row['max']:g}): a region or a unit is wrong"
            for (id, year), row in outside.iterrows()
        ]
    )


def jumps(table: pd.DataFrame, indicator: Indicator, limit: float = JUMP) -> pd.DataFrame:
    """Find changes between consecutive years that stand out and that no known break explains.

    Parameters
    ----------
    table : DataFrame
        Observations; only those of ``indicator`` and sex T are used.
    indicator : Indicator
    limit : float
        Robust standard deviations from the indicator's usual change (median and MAD of all
        regions' relative changes in all years); a change of less than `LEAST_JUMP` is none.

    Returns
    -------
    DataFrame
        Columns ``region, year, before, value, score``; empty if nothing stands out.
    """
    rows = table[(table["indicator"] == indicator.id) & (table["sex"] == "T")]
    rows = rows.dropna(subset=["value"]).sort_values(["region", "year"])
    before = rows.groupby("region")[["year", "value"]].shift()
    positive = [values.where(values > 0) for values in (rows["value"], before["value"])]
    change = np.log(positive[0] / positive[1])
    change = change.where(rows["year"] - before["year"] == 1)
    median = change.median()
    spread = 1.4826 * (change - median).abs().median()
    empty = spread == 0 or not np.isfinite(spread)
    score = (change - median) / (1.0 if empty else spread)
    large = (score.abs() > limit) & (change.abs() > np.log1p(LEAST_JUMP)) & (not empty)
    found = rows.assign(before=before["value"], score=score)[large]
    explained = [
        any(b.year == row.year for b in indicator.breaks_for(row.region)) for row in _rows(found)
    ]
    found = found[~np.array(explained, dtype=bool)]
    return found[["region", "year", "before", "value", "score"]].reset_index(drop=True)


def _jumps(table: pd.DataFrame, catalogue: Catalogue) -> None:
    sentences = []
    for id, own in table.groupby("indicator", sort=False):
        indicator = catalogue.indicators[id]
        for row in _rows(jumps(own, indicator)):
            sentences.append(
                f"{indicator.id}, region {row.region}: jumps from {row.before:g} to {row.value:g} "
                f"in {row.year} ({row.score:+.1f} robust standard deviations): a slip of the pen, "
                "or a break that the catalogue should know"
            )
    _fail(sentences)
