"""Fixed prices by a named index."""

from __future__ import annotations

import pandas as pd

from naravard.errors import NaravardError

_MONEY = ("sek_per_inhabitant", "sek_million")


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
    money = fixed["unit"].isin(_MONEY)
    factor = level[price_year] / fixed["year"].map(level)
    uncovered = money & factor.isna() & fixed["value"].notna()
    fixed["value"] = fixed["value"].where(~money, fixed["value"] * factor)
    fixed.loc[uncovered, "status"] = "missing"
    fixed.loc[uncovered, "note"] = f"the price index ends in {level.index.max()}"
    fixed.attrs = {**costs.attrs, "price_index": index.attrs.get("sources", [])}
    return fixed
