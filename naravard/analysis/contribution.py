"""How much one region moves the nation's share."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from naravard.catalogue import indicator
from naravard.errors import NaravardError
from naravard.regions import CODES, NATION, resolve


@dataclass(frozen=True)
class LeaveOneOut:
    """The national share with and without one region.

    Attributes
    ----------
    region : str
        Code of the region left out.
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
    region : str
        Code of the region to show.
    change : float
        The national share's change between the first and the last year, computed from the regions,
        in the indicator's unit of change.
    effects : Series
        By region code, from the largest to the smallest in size: the national change less the
        change without the region. They do not add up to ``change``.
    left_out_always : tuple of str
        Codes of regions that the published national value leaves out.
    above, below : DataFrame
        The share's numerator and denominator, one row a year and one column a region: amounts, not
        per inhabitant, in the years for which all regions counted have both.
    published : Series
        Riket's published share by year.
    """

    indicator: str
    region: str
    years: tuple[int, int]
    change: float
    effects: pd.Series
    left_out_always: tuple[str, ...]
    above: pd.DataFrame = field(compare=False, repr=False)
    below: pd.DataFrame = field(compare=False, repr=False)
    published: pd.Series = field(compare=False, repr=False)

    @property
    def largest(self) -> str:
        """The code of the region that moves the nation most."""
        return str(self.effects.index[0])

    def leave_out(self, region=None) -> LeaveOneOut:
        """Return the nation's share with and without a region, the largest mover if none is given.

        A region that is never counted in is refused.
        """
        code = self.largest if region is None else resolve(region).code
        if code in self.left_out_always:
            raise NaravardError(
                f"{resolve(code).name_sv} is not part of the published national value: "
                "it cannot be left out"
            )
        factor = indicator(self.indicator).derived.factor
        shares = {"published": self.published}
        for column, absent in (("all_regions", []), ("without", [code])):
            above, below = (
                part.drop(columns=absent, errors="ignore").sum(axis=1)
                for part in (self.above, self.below)
            )
            shares[column] = factor * above / below
        table = pd.DataFrame(shares).dropna(subset=["all_regions"])
        return LeaveOneOut(self.indicator, code, table, self.left_out_always)


def contributions(
    share: pd.DataFrame,
    population: pd.DataFrame,
    region,
    left_out_always: tuple[str, ...] = ("09",),
) -> Contributions:
    """Compute how much each region moves the nation's share from the first to the last year.

    Parameters
    ----------
    share : DataFrame
        Observations of a derived share for all regions, with numerator and denominator per
        inhabitant.
    population : DataFrame
        Observations of the population, 31 December of the same years.
    region : str, int or Region
        The one to show; may be Riket or one that is not counted in.
    left_out_always : tuple of str
        Regions that the published national value leaves out (Gotland in Kolada's costs).

    Returns
    -------
    Contributions
        Effects in the indicator's unit of change (percentage points). ``leave_out(region)`` gives
        the nation's share by year with and without a region.

    Raises
    ------
    NaravardError
        If the indicator has no numerator and denominator, or a region has no values at all.

    Notes
    -----
    The nation's share is the population-weighted sum of numerators over that of denominators; it
    equals Kolada's published value within 0.001 percentage points (docs/methods.md).
    """
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
    # Per inhabitant times inhabitants: only amounts can be added over regions.
    above, below = (
        regions.assign(amount=regions[part] * regions["people"])
        .pivot(index="year", columns="region", values="amount")
        .dropna()
        for part in ("numerator", "denominator")
    )
    ends = above.index[[0, -1]]
    move = (above.sum(axis=1) / below.sum(axis=1)).loc[ends].diff().iloc[-1]
    without = (_rest(above) / _rest(below)).loc[ends].diff().iloc[-1]
    effects = entry.derived.factor * (move - without)
    effects = effects.sort_values(key=abs, ascending=False).rename(None).rename_axis(None)
    return Contributions(
        indicator=entry.id,
        region=resolve(region).code,
        years=(int(ends[0]), int(ends[1])),
        change=float(entry.derived.factor * move),
        effects=effects,
        left_out_always=left_out_always,
        above=above,
        below=below,
        published=rows[rows["region"] == NATION].set_index("year")["value"],
    )


def _rest(parts: pd.DataFrame) -> pd.DataFrame:
    """Return, in each region's place, the sum of all others."""
    return -parts.sub(parts.sum(axis=1), axis=0)
