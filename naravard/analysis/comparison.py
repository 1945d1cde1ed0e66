"""Several regions' series of one indicator beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from naravard.analysis.prices import NO_INDEX
from naravard.catalogue import indicator
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
        Rows of one indicator and one sex, as `naravard.load.load_indicator` and
        `naravard.load.load_costs` return them.
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
