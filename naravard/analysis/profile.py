"""One region's indicators beside each other: latest value, reference, trend."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from naravard.analysis.similar import SimilarRegions
from naravard.analysis.trends import Trend, trend
from naravard.catalogue import catalogue, indicator, unit
from naravard.errors import NaravardError
from naravard.regions import NATION, resolve

#: Distances from Riket are measured where at least this many regions have a value.
FEWEST = 10


@dataclass(frozen=True)
class Standing:
    """One indicator of a region.

    Attributes
    ----------
    indicator : str
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

    Attributes
    ----------
    region : str
    similar : tuple of str
        Codes of the regions to compare with.
    standings : dict of str to tuple of Standing
        By strategic direction, in the catalogue's order; every direction has an entry.
    """

    region: str
    similar: tuple[str, ...]
    standings: dict[str, tuple[Standing, ...]]

    @property
    def everything(self) -> tuple[Standing, ...]:
        """All indicators, direction after direction."""
        return tuple(one for group in self.standings.values() for one in group)


def profile_indicators(region) -> list[str]:
    """Return the ids that belong to a region's profile: all that stand under a strategic direction.

    Indicators that exist for the nation only belong to Riket's profile; those that await their
    figures to none, nor does one of which a series that can be fetched is here.
    """
    from naravard.load import with_data  # it imports this package

    nation = resolve(region).code == NATION
    return with_data(
        entry.id
        for entry in catalogue().indicators.values()
        if entry.strategic_direction
        and entry.kind in ("indicator", "cost")
        and (nation or entry.level == "region")
        and not (entry.live and with_data([entry.live]))
    )


def _standing(rows: pd.DataFrame, fixed: pd.DataFrame | None, code: str) -> Standing:
    id = rows["indicator"].iloc[0]
    money = fixed is not None and indicator(id).in_money
    series = fixed[fixed["indicator"] == id] if money else rows
    change = trend(series, code)
    known = rows.dropna(subset=["value"])
    own = known[known["region"] == code]
    year = None if own.empty else int(own["year"].max())
    now = known[known["year"] == year].set_index("region")["value"]
    return Standing(
        indicator=id,
        year=year,
        value=None if year is None else float(now[code]),
        nation=float(now[NATION]) if NATION in now else None,
        regions=now.drop(NATION, errors="ignore"),
        trend=change,
        price_year=int(series["price_year"].iloc[0]) if money else None,
    )


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
        The costs among them in fixed prices, from `naravard.load.load_costs`; their trends are
        taken from it.

    Returns
    -------
    Profile

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
    for id, rows in observations.groupby("indicator", sort=False):
        one = _standing(rows, fixed, code)
        groups[indicator(id).strategic_direction].append(one)
    order = list(catalogue().indicators)
    return Profile(
        region=code,
        similar=alike.similar,
        standings={
            key: tuple(sorted(group, key=lambda one: order.index(one.indicator)))
            for key, group in groups.items()
        },
    )
