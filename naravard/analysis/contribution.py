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
    if entry.derived is None:
        raise NaravardError(f"{entry.id} has no numerator and denominator to recompute it from")
    if code in left_out_always:
        raise NaravardError(
            f"{resolve(code).name_sv} is not part of the published national value: "
            "it cannot be left out"
        )
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
    regions = regions[whole].assign(
        above=lambda d: d["numerator"] * d["people"], below=lambda d: d["denominator"] * d["people"]
    )

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
