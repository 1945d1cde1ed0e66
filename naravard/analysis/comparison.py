"""Several regions' series of one indicator beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from naravard.catalogue import indicator
from naravard.catalogue.model import NO_INDEX, Break
from naravard.errors import NaravardError
from naravard.regions import NATION, Region, resolve


@dataclass(frozen=True)
class Comparison:
    """The values of some units, year by year.

    Attributes
    ----------
    indicator, sex : str
        Id, and T, K or M.
    regions : tuple of str
        Codes in the order asked for, also of those without values.
    price_year : int or None
        The year whose prices costs are in; None for current prices and what is no money.
    table : DataFrame
        One row a year in which any of the units has a value, one column a unit.
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

    def series(self, code: str) -> pd.Series:
        """Return one unit's values by year, without the years that lack one."""
        return self.table[code].dropna()


def compare(observations: pd.DataFrame, regions: str | Iterable[str]) -> Comparison:
    """Put some regions' series beside each other.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator and one sex, as `naravard.data.load.load_indicator` and
        `naravard.data.load.load_costs` return them.
    regions : str or iterable of str
        Anything `naravard.regions.resolve` takes; a unit that comes twice is taken once.

    Returns
    -------
    Comparison

    Raises
    ------
    NaravardError
        If the rows hold several indicators or sexes, or no region is given, or none of them has
        a value.
    """
    given = [regions] if isinstance(regions, str | int | Region) else list(regions)
    codes = tuple(dict.fromkeys(resolve(one).code for one in given))
    if not codes:
        raise NaravardError("give at least one region")
    for column, what in (("indicator", "indicator"), ("sex", "sex")):
        found = observations[column].unique()
        if len(found) != 1:
            raise NaravardError(f"one {what} is needed, but the rows hold {len(found)}")
    id, sex = observations["indicator"].iloc[0], observations["sex"].iloc[0]
    everything = observations.pivot(index="year", columns="region", values="value").sort_index()
    table = everything.reindex(columns=list(codes)).dropna(how="all")
    if table.empty:
        raise NaravardError(f"'{id}' has no values for {', '.join(codes)} in these years")
    others = everything.drop(columns=[*codes, NATION], errors="ignore")
    fixed = "price_year" in observations and indicator(id).in_money
    uncovered = observations["region"].isin(codes) & observations["note"].fillna("").str.startswith(
        NO_INDEX
    )
    return Comparison(
        indicator=id,
        sex=sex,
        regions=codes,
        price_year=int(observations["price_year"].iloc[0]) if fixed else None,
        table=table,
        others=others.reindex(table.index).dropna(axis="columns", how="all"),
        without_index=tuple(sorted({int(y) for y in observations.loc[uncovered, "year"]})),
    )


# Fixed prices by a named index.
@dataclass(frozen=True)
class PriceChange:
    """A region's cost in the first and last year, in current and in fixed prices.

    Attributes
    ----------
    indicator, region : str
    price_year : int
        The year whose prices are used.
    current, fixed : tuple of (int, float)
        ``((first year, value), (last year, value))`` in SEK per inhabitant or SEK million; empty
        if there are no values.
    without_index : tuple of int
        Years with a cost but without a price index.
    breaks : tuple of Break
        Breaks between the first and the last year: the change runs across them.
    """

    indicator: str
    region: str
    price_year: int
    current: tuple[tuple[int, float], ...]
    fixed: tuple[tuple[int, float], ...]
    without_index: tuple[int, ...]
    breaks: tuple[Break, ...]


def _ends(rows: pd.DataFrame) -> tuple[tuple[int, float], ...]:
    rows = rows.dropna(subset=["value"]).sort_values("year")
    ends = rows.iloc[[0, -1]] if len(rows) else rows
    return tuple((int(r.year), float(r.value)) for r in ends.itertuples())


def price_change(current: pd.DataFrame, fixed: pd.DataFrame, region) -> PriceChange:
    """Compare a region's cost in its first and last year.

    Parameters
    ----------
    current, fixed : DataFrame
        Observations of one cost in current prices, and the same in `fixed_prices`.
    region : str, int or Region

    Returns
    -------
    PriceChange
    """
    code = resolve(region).code
    now = current[current["region"] == code]
    then = fixed[fixed["region"] == code]
    known = set(now.dropna(subset=["value"])["year"])
    entry = indicator(current["indicator"].iloc[0])
    within = (b for b in entry.breaks_for(code) if known and min(known) < b.year <= max(known))
    return PriceChange(
        indicator=entry.id,
        region=code,
        price_year=int(fixed["price_year"].iloc[0]),
        current=_ends(now),
        fixed=_ends(then),
        without_index=tuple(sorted(known - set(then.dropna(subset=["value"])["year"]))),
        breaks=tuple(within),
    )


# Where a region stands among the others in the latest year.
@dataclass(frozen=True)
class Latest:
    """The latest year with values from most regions.

    Attributes
    ----------
    indicator, region : str
    year : int or None
        None when no year has values.
    value, nation : float or None
        The region's and Riket's value that year.
    regions : Series
        Value by region code, without Riket, from low to high.
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
        Without control limits; see `naravard.analysis.funnel`.
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
    return Latest(
        indicator=id,
        region=code,
        year=year,
        value=float(now[code]) if code in now else None,
        nation=float(now[NATION]) if NATION in now else None,
        regions=now.drop(NATION, errors="ignore").sort_values(),
    )
