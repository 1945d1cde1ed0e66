"""Regions beside each other, and a region's cost in current and in fixed prices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from naravard.analysis.trends import Trend
from naravard.catalogue import indicator
from naravard.catalogue.model import NO_INDEX, Break
from naravard.errors import NaravardError
from naravard.regions import NATION, Region, resolve


@dataclass(frozen=True)
class Comparison:
    """The values of some regions, year by year.

    Attributes
    ----------
    regions : tuple of str
        Codes in the order asked for, also of those without values.
    price_year : int or None
        The year whose prices costs are in; None for current prices and what is not money.
    table : DataFrame
        One row a year in which any of the regions has a value, one column a region.
    others : DataFrame
        The same years of the regions that were not asked for, Riket left out.
    without_index : tuple of int
        Years that are left out because the price index does not cover them.
    """

    indicator: str
    sex: str
    regions: tuple[str, ...]
    price_year: int | None
    table: pd.DataFrame
    others: pd.DataFrame
    without_index: tuple[int, ...]
    trends: tuple[Trend, ...] = ()

    def series(self, code: str) -> pd.Series:
        """Return one region's values by year, without the years that lack one."""
        return self.table[code].dropna()


def compare(
    observations: pd.DataFrame, regions: str | Iterable[str], trends: Iterable[Trend] = ()
) -> Comparison:
    """Put some regions' series beside each other.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator and one sex, from `naravard.load_indicator` or
        `naravard.load_costs`. Load all regions to see the others behind in the figure.
    regions : str or iterable of str
        Anything `naravard.resolve` takes; a region that is given twice is taken once.
    trends : iterable of Trend, optional
        Of some of the regions, from the same rows: the figure draws them.

    Returns
    -------
    Comparison
        Its ``table`` has one row a year and one column a region, in the indicator's unit.

    Raises
    ------
    NaravardError
        If the rows hold several indicators or sexes, no region is given, none of them has a value,
        or a trend is of another series.
    """
    given = [regions] if isinstance(regions, str | int | Region) else list(regions)
    codes = tuple(dict.fromkeys(resolve(one).code for one in given))
    if not codes:
        raise NaravardError("give at least one region")
    for column in ("indicator", "sex"):
        found = observations[column].unique()
        if len(found) != 1:
            raise NaravardError(f"one {column} is needed, but the rows hold {len(found)}")
    id, sex = observations["indicator"].iloc[0], observations["sex"].iloc[0]
    everything = observations.pivot(index="year", columns="region", values="value").sort_index()
    table = everything.reindex(columns=list(codes)).dropna(how="all")
    if table.empty:
        raise NaravardError(f"'{id}' has no values for {', '.join(codes)} in these years")
    for change in (trends := tuple(trends)):
        if (change.indicator, change.sex) != (id, sex):
            raise NaravardError(
                f"the trend is of '{change.indicator}', sex {change.sex}, but the rows are of "
                f"'{id}', sex {sex}"
            )
        if change.region not in codes:
            raise NaravardError(f"there is a trend of region {change.region}, which is not shown")
    others = everything.drop(columns=[*codes, NATION], errors="ignore")
    fixed = "price_year" in observations and indicator(id).in_money
    notes = observations["note"].fillna("")
    uncovered = observations["region"].isin(codes) & notes.str.startswith(NO_INDEX)
    return Comparison(
        indicator=id,
        sex=sex,
        regions=codes,
        price_year=int(observations["price_year"].iloc[0]) if fixed else None,
        table=table,
        others=others.reindex(table.index).dropna(axis="columns", how="all"),
        without_index=tuple(sorted({int(y) for y in observations.loc[uncovered, "year"]})),
        trends=trends,
    )


@dataclass(frozen=True)
class PriceChange:
    """A region's cost in the first and last year, in current and in fixed prices.

    Attributes
    ----------
    current, fixed : tuple of (int, float)
        ``((first year, value), (last year, value))`` in SEK per inhabitant or SEK million; empty
        if there are no values.
    without_index : tuple of int
        Years with a cost but without a price index.
    breaks : tuple of Break
        Breaks between the first and the last year: the change runs across them.
    series : DataFrame
        The cost by year, columns ``current`` and ``fixed``.
    """

    indicator: str
    region: str
    price_year: int
    current: tuple[tuple[int, float], ...]
    fixed: tuple[tuple[int, float], ...]
    without_index: tuple[int, ...]
    breaks: tuple[Break, ...]
    series: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False, repr=False)


def price_change(current: pd.DataFrame, fixed: pd.DataFrame, region) -> PriceChange:
    """Compare a region's cost in its first and last year.

    Parameters
    ----------
    current, fixed : DataFrame
        Rows of one cost from `naravard.load_costs`, without and with ``price_year``.
    region : str, int or Region

    Returns
    -------
    PriceChange
        In the indicator's unit: SEK per inhabitant or SEK million.

    Raises
    ------
    NaravardError
        On an unknown region.
    """
    code = resolve(region).code
    entry = indicator(current["indicator"].iloc[0])
    now, then = (
        rows[rows["region"] == code].set_index("year")["value"].dropna().sort_index()
        for rows in (current, fixed)
    )

    def ends(series: pd.Series) -> tuple[tuple[int, float], ...]:
        found = series.iloc[[0, -1]] if len(series) else series
        return tuple((int(year), float(value)) for year, value in found.items())

    years = now.index
    return PriceChange(
        indicator=entry.id,
        region=code,
        price_year=int(fixed["price_year"].iloc[0]),
        current=ends(now),
        fixed=ends(then),
        without_index=tuple(int(year) for year in years.difference(then.index)),
        breaks=tuple(b for b in entry.breaks_for(code) if years.min() < b.year <= years.max()),
        series=pd.DataFrame({"current": now, "fixed": then}),
    )


@dataclass(frozen=True)
class Latest:
    """The latest year with values from most regions, and the region's and Riket's value then.

    ``regions`` holds the values by region code, without Riket, from low to high.
    """

    indicator: str
    region: str
    year: int | None
    value: float | None
    nation: float | None
    regions: pd.Series


def latest(observations: pd.DataFrame, region, sex: str = "T") -> Latest:
    """Find the latest year in which at least half of the reporting regions have a value.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator for all regions.
    region : str, int or Region
    sex : {"T", "K", "M"}

    Returns
    -------
    Latest
        Values in the indicator's unit, without control limits; for those see `naravard.funnel`.

    Raises
    ------
    NaravardError
        On an unknown region.
    """
    code = resolve(region).code
    rows = observations[observations["sex"] == sex].dropna(subset=["value"])
    regional = rows[rows["region"] != NATION]
    counts = regional.groupby("year").size()
    enough = counts[counts * 2 >= regional["region"].nunique()]
    id = observations["indicator"].iloc[0]
    if enough.empty:
        return Latest(id, code, None, None, None, pd.Series(dtype=float))
    year = int(enough.index.max())
    now = rows[rows["year"] == year].set_index("region")["value"]
    value, nation = (float(now[one]) if one in now else None for one in (code, NATION))
    regions = now.drop(NATION, errors="ignore").sort_values()
    return Latest(id, code, year, value, nation, regions)
