"""Fixed prices by a named index."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from naravard.catalogue import catalogue, indicator
from naravard.catalogue_parts import Break
from naravard.errors import NaravardError
from naravard.regions import resolve

#: The year whose prices costs are judged in, as on the notebooks' pages.
PRICE_YEAR = 2023
#: How the note of a year begins that the price index does not cover.
NO_INDEX = "the price index ends in"


def fixed_prices(costs: pd.DataFrame, index: pd.DataFrame, price_year: int) -> pd.DataFrame:
    """Express costs in the prices of one year.

    Parameters
    ----------
    costs : DataFrame
        Observations in current prices; rows that are not money (shares) stay as they are.
    index : DataFrame
        Observations of a price index, one row a year.
    price_year : int
        The year whose prices are used.

    Returns
    -------
    DataFrame
        As ``costs``, with ``value × index[price_year] / index[year]`` and a column
        ``price_year``. A year without an index becomes a missing row that says so.

    Raises
    ------
    NaravardError
        If the index does not cover ``price_year``.

    Notes
    -----
    Deflating by the annual mean of the CPI as Statistics Sweden's price converter does.
    """
    level = index.dropna(subset=["value"]).set_index("year")["value"]
    if price_year not in level:
        raise NaravardError(
            f"no price index for {price_year}: it covers {level.index.min()}–{level.index.max()}"
        )
    fixed = costs.assign(price_year=price_year)
    money = fixed["unit"].isin([id for id, unit in catalogue().units.items() if unit.money])
    factor = level[price_year] / fixed["year"].map(level)
    uncovered = money & factor.isna() & fixed["value"].notna()
    fixed["value"] = fixed["value"].where(~money, fixed["value"] * factor)
    fixed.loc[uncovered, "status"] = "missing"
    fixed.loc[uncovered, "note"] = f"{NO_INDEX} {level.index.max()}"
    fixed.attrs = {**costs.attrs, "price_index": index.attrs.get("sources", [])}
    return fixed


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
