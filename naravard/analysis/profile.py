"""One region's indicators beside each other: latest value, reference, trend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from naravard.analysis.trends import Trend, trend
from naravard.catalogue import catalogue, indicator, unit
from naravard.errors import NaravardError
from naravard.regions import BY_CODE, NATION, resolve

#: Distances from Riket are measured where at least this many regions have a value.
FEWEST = 10


@dataclass(frozen=True)
class Standing:
    """One indicator of a region.

    Attributes
    ----------
    year : int or None
        The latest year with a value for the region; None when there is none.
    value, nation : float or None
        The region's and Riket's value that year, costs in current prices.
    regions : Series
        The regions' values that year by code, without Riket.
    trend : Trend
        Of the region's whole series, money in fixed prices where these are given.
    price_year : int or None
        Of the fixed prices.
    """

    indicator: str
    year: int | None
    value: float | None
    nation: float | None
    regions: pd.Series
    trend: Trend
    price_year: int | None

    @property
    def distances(self) -> pd.Series | None:
        """The regions' distances from Riket, in standard deviations between the regions.

        None when Riket or too many regions lack a value, and for what adds up to Riket's.
        """
        additive = unit(indicator(self.indicator)).additive
        if self.nation is None or additive or len(self.regions) < FEWEST:
            return None
        return (self.regions - self.nation) / self.regions.std()


@dataclass(frozen=True)
class Profile:
    """A region's indicators under the strategic directions.

    ``similar`` are the codes of the regions to compare with; ``standings`` are by strategic
    direction, in the catalogue's order, and every direction has an entry.
    """

    region: str
    similar: tuple[str, ...]
    standings: dict[str, tuple[Standing, ...]]

    @property
    def everything(self) -> tuple[Standing, ...]:
        """All indicators, direction after direction."""
        return tuple(one for group in self.standings.values() for one in group)


def _standing(rows: pd.DataFrame, fixed: pd.DataFrame | None, code: str) -> Standing:
    id = rows["indicator"].iloc[0]
    money = fixed is not None and indicator(id).in_money
    series = fixed[fixed["indicator"] == id] if money else rows
    known = rows.dropna(subset=["value"])
    own = known[known["region"] == code]
    year = None if own.empty else int(own["year"].max())
    now = known[known["year"] == year].set_index("region")["value"]
    value, nation = (float(now[one]) if one in now else None for one in (code, NATION))
    price_year = int(series["price_year"].iloc[0]) if money else None
    regions = now.drop(NATION, errors="ignore")
    return Standing(id, year, value, nation, regions, trend(series, code), price_year)


def profile(
    observations: pd.DataFrame, region, alike: SimilarRegions, fixed: pd.DataFrame | None = None
) -> Profile:
    """Put a region's indicators beside each other.

    Parameters
    ----------
    observations : DataFrame
        Rows of several indicators for all regions, sex T.
    region : str, int or Region
    alike : SimilarRegions
        Of the same region.
    fixed : DataFrame, optional
        The costs among them in fixed prices, from `naravard.load_costs`; their trends are taken
        from it.

    Returns
    -------
    Profile
        By strategic direction each indicator's latest value in its own unit, and its trend.

    Raises
    ------
    NaravardError
        If ``alike`` is another region's, or a cost is not in ``fixed``.
    """
    code = resolve(region).code
    if alike.region != code:
        raise NaravardError(f"the similar regions are those of {alike.region}, not of {code}")
    observations = observations[observations["sex"] == "T"]
    observations.attrs = {}  # they hold long texts, and every step would copy them
    groups: dict[str, list[Standing]] = {key: [] for key in catalogue().strategic_directions}
    rows = dict(list(observations.groupby("indicator")))
    for id, entry in catalogue().indicators.items():
        if id in rows:
            groups[entry.strategic_direction].append(_standing(rows[id], fixed, code))
    return Profile(code, alike.similar, {key: tuple(group) for key, group in groups.items()})


#: What regions are compared by: the indicators of each aspect. Aspects weigh the same.
ASPECTS = {
    "size": ("population",),
    "age": ("share_80plus", "dependency_ratio"),
    "density": ("population_density",),
}
#: Measured on a logarithmic scale: twice as many is as far from half as many either way.
LOGARITHMIC = ("population", "population_density")
#: The indicators behind the aspects.
INDICATORS = tuple(id for ids in ASPECTS.values() for id in ids)
#: So many regions are called similar.
COUNT = 4


@dataclass(frozen=True)
class SimilarRegions:
    """The regions most like one, by the people and the land they serve.

    Attributes
    ----------
    table : DataFrame
        Indexed by region code, from the region itself (distance 0) to the least similar; columns
        `INDICATORS` in their own units and ``distance``, in standard deviations between regions.
        Empty for Riket.
    similar : tuple of str
        The codes of the `COUNT` nearest.
    typical : float
        The median over regions of the mean distance to their `COUNT` nearest; NaN for Riket.
    """

    region: str
    year: int
    table: pd.DataFrame
    similar: tuple[str, ...]
    typical: float

    @property
    def apart(self) -> float:
        """The mean distance to the similar regions; NaN for Riket."""
        if not self.similar:
            return float("nan")
        return float(self.table.loc[list(self.similar), "distance"].mean())


def distances(features: pd.DataFrame) -> pd.DataFrame:
    """Measure how far regions lie from each other, as a square and symmetric table.

    ``features`` has one row a region and columns `INDICATORS` in their own units. The Euclidean
    distance after each indicator was put on a logarithmic scale where it should be and divided by
    its standard deviation between the regions; the squares of an aspect's indicators are averaged,
    so that each aspect weighs the same.
    """
    scaled = features.apply(lambda column: np.log(column) if column.name in LOGARITHMIC else column)
    scaled = (scaled - scaled.mean()) / scaled.std()
    squares = sum(
        np.mean([np.subtract.outer(*[scaled[id].to_numpy()] * 2) ** 2 for id in ids], axis=0)
        for ids in ASPECTS.values()
    )
    return pd.DataFrame(np.sqrt(squares), index=features.index, columns=features.index)


def similar_regions(background: pd.DataFrame, region) -> SimilarRegions:
    """Find the regions most like one, by the people and the land they serve.

    Parameters
    ----------
    background : DataFrame
        Rows of `INDICATORS` for all regions, as `naravard.load_indicator` returns them.
    region : str, int or Region

    Returns
    -------
    SimilarRegions
        In the latest year for which every region has every indicator; distances in standard
        deviations between regions.

    Raises
    ------
    NaravardError
        If no year has them all.

    Notes
    -----
    The `COUNT` nearest by the Euclidean distance that `distances` describes; docs/methods.md.
    """
    code = resolve(region).code
    rows = background[(background["sex"] == "T") & (background["region"] != NATION)]
    wide = rows.pivot(index=["year", "region"], columns="indicator", values="value")
    complete = wide.reindex(columns=INDICATORS).dropna()
    counts = complete.groupby(level="year").size()
    years = counts.index[counts == len(BY_CODE) - 1]
    if years.empty:
        raise NaravardError(f"no year has {', '.join(INDICATORS)} for every region")
    year = int(years.max())
    features = complete.loc[year]
    between = distances(features)
    nearest = np.sort(between.to_numpy(), axis=1)[:, 1 : COUNT + 1].mean(axis=1)
    if code == NATION:
        empty = features.assign(distance=np.nan).iloc[:0]
        return SimilarRegions(code, year, empty, (), float("nan"))
    table = features.assign(distance=between[code]).sort_values("distance")
    similar = tuple(table.index[1 : COUNT + 1])
    return SimilarRegions(code, year, table, similar, float(np.median(nearest)))
