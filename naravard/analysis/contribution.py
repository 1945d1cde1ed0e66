"""How much one region moves the nation's share."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from naravard.catalogue import indicator
from naravard.errors import NaravardError
from naravard.regions import CODES, NATION, resolve


@dataclass(frozen=True)
class LeaveOneOut:
    """The national share with and without one region.

    Attributes
    ----------
    indicator, region : str
        Id and code of the region left out.
    table : DataFrame
        Indexed by year: ``published`` (Riket as published), ``all_regions`` (computed from the
        regions, weighted by population), ``without`` (the same without the region), all in the
        indicator's unit.
    left_out_always : tuple of str
        Codes of regions that the published national value leaves out.
    """

    indicator: str
    region: str
    table: pd.DataFrame
    left_out_always: tuple[str, ...]


@dataclass(frozen=True)
class Contributions:
    """What each region adds to the movement of the national share.

    Attributes
    ----------
    indicator, region : str
        Id, and the code of the region to show.
    years : tuple of int
        The first and the last year compared.
    change : float
        The national share's change between them, computed from the regions, in the indicator's
        unit of change.
    effects : Series
        By region code, from the largest to the smallest in size: the national change less the
        change without the region. They do not add up to ``change``.
    left_out_always : tuple of str
        Codes of regions that the published national value leaves out.
    """

    indicator: str
    region: str
    years: tuple[int, int]
    change: float
    effects: pd.Series
    left_out_always: tuple[str, ...]

    @property
    def largest(self) -> str:
        """The code of the region that moves the nation most."""
        return str(self.effects.index[0])


def contributions(
    share: pd.DataFrame,
    population: pd.DataFrame,
    region,
    left_out_always: tuple[str, ...] = ("09",),
) -> Contributions:
    """Compute how much each region moves the nation's share from the first to the last year.

    Parameters
    ----------
    share, population, left_out_always
        As in `leave_one_out`.
    region : str, int or Region
        The one to show; may be Riket or one that is not counted in.

    Returns
    -------
    Contributions

    Raises
    ------
    NaravardError
        As `leave_one_out`.
    """
    _, regions = _weighed(share, population, left_out_always)
    entry = indicator(share["indicator"].iloc[0])
    ends = [regions["year"].min(), regions["year"].max()]
    parts = regions.pivot(index="year", columns="region", values=["above", "below"]).loc[ends]
    above, below = parts["above"], parts["below"]
    move = (above.sum(axis=1) / below.sum(axis=1)).diff().iloc[-1]
    without = (_rest(above) / _rest(below)).diff().iloc[-1]
    effects = entry.derived.factor * (move - without)
    effects = effects.sort_values(key=abs, ascending=False).rename(None).rename_axis(None)
    return Contributions(
        indicator=entry.id,
        region=resolve(region).code,
        years=(int(ends[0]), int(ends[1])),
        change=float(entry.derived.factor * move),
        effects=effects,
        left_out_always=left_out_always,
    )


def _rest(parts: pd.DataFrame) -> pd.DataFrame:
    """Return, in each region's place, the sum of all others."""
    return -parts.sub(parts.sum(axis=1), axis=0)


def _weighed(
    share: pd.DataFrame, population: pd.DataFrame, left_out_always: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all rows, and those of the regions in complete years with both parts of the share."""
    entry = indicator(share["indicator"].iloc[0])
    if entry.derived is None:
        raise NaravardError(f"{entry.id} has no numerator and denominator to recompute it from")
    people = population.set_index(["region", "year"])["value"].rename("people")
    rows = share.set_index(["region", "year"]).join(people, how="inner").reset_index()
    regions = rows[~rows["region"].isin([NATION, *left_out_always])]
    regions = regions.dropna(subset=["numerator", "denominator", "people"])
    counted = set(CODES) - {NATION, *left_out_always}
    absent = counted - set(regions["region"])
    if absent:
        raise NaravardError(
            f"{entry.id}: no values from {', '.join(sorted(absent))}, so the nation cannot be "
            "recomputed from its regions"
        )
    whole = regions.groupby("year")["region"].transform("size") == len(counted)
    return rows, regions[whole].assign(
        above=lambda d: d["numerator"] * d["people"], below=lambda d: d["denominator"] * d["people"]
    )


def leave_one_out(
    share: pd.DataFrame,
    population: pd.DataFrame,
    region,
    left_out_always: tuple[str, ...] = ("09",),
) -> LeaveOneOut:
    """Compute the nation's share with and without one region.

    Parameters
    ----------
    share : DataFrame
        Observations of a derived share for all regions, with numerator and denominator per
        inhabitant.
    population : DataFrame
        Observations of the population, 31 December of the same years.
    region : str, int or Region
        The region to leave out.
    left_out_always : tuple of str
        Regions that the published national value leaves out (Gotland in Kolada's costs).

    Returns
    -------
    LeaveOneOut
        For the years in which every other region has a value. The share is the population-weighted
        sum of numerators over that of denominators.

    Raises
    ------
    NaravardError
        If the indicator has no numerator and denominator, a region has no values at all, or the
        region to leave out is never counted in.
    """
    code = resolve(region).code
    entry = indicator(share["indicator"].iloc[0])
    if code in left_out_always:
        raise NaravardError(
            f"{resolve(code).name_sv} is not part of the published national value: "
            "it cannot be left out"
        )
    rows, regions = _weighed(share, population, left_out_always)

    def national(part: pd.DataFrame) -> pd.Series:
        sums = part.groupby("year")[["above", "below"]].sum()
        return entry.derived.factor * sums["above"] / sums["below"]

    published = rows[rows["region"] == NATION].set_index("year")["value"]
    table = pd.DataFrame(
        {
            "published": published,
            "all_regions": national(regions),
            "without": national(regions[regions["region"] != code]),
        }
    ).dropna(subset=["all_regions"])
    return LeaveOneOut(entry.id, code, table, left_out_always)
