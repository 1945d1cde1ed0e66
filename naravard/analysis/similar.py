"""Which regions work under conditions most like a region's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from naravard.errors import NaravardError
from naravard.regions import BY_CODE, NATION, resolve

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
    region : str
    year : int
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
    """Measure how far regions lie from each other.

    Parameters
    ----------
    features : DataFrame
        One row a region, columns `INDICATORS` in their own units.

    Returns
    -------
    DataFrame
        Square and symmetric. The Euclidean distance after each indicator was put on a logarithmic
        scale where it should be and divided by its standard deviation between the regions; the
        squares of an aspect's indicators are averaged, so that each aspect weighs the same.
    """
    scaled = features.apply(lambda column: np.log(column) if column.name in LOGARITHMIC else column)
    scaled = (scaled - scaled.mean()) / scaled.std()
    squares = sum(
        np.mean([np.subtract.outer(*[scaled[id].to_numpy()] * 2) ** 2 for id in ids], axis=0)
        for ids in ASPECTS.values()
    )
    return pd.DataFrame(np.sqrt(squares), index=features.index, columns=features.index)


def similar_regions(background: pd.DataFrame, region) -> SimilarRegions:
    """Find the regions most like one.

    Parameters
    ----------
    background : DataFrame
        Rows of `INDICATORS` for all regions, as `naravard.load.load_indicator` returns them.
    region : str, int or Region

    Returns
    -------
    SimilarRegions
        In the latest year for which every region has every indicator.

    Raises
    ------
    NaravardError
        If no year has them all.
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
    return SimilarRegions(
        region=code,
        year=year,
        table=table,
        similar=tuple(table.index[1 : COUNT + 1]),
        typical=float(np.median(nearest)),
    )
