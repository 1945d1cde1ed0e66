"""Where a region stands among the others in the latest year."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from naravard.regions import NATION, resolve


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
        Without limits for chance; see `naravard.analysis.funnel`.
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
