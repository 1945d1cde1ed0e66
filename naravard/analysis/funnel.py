"""Funnel limits: which regions lie further from the others than all their differences explain.

The method is Spiegelhalter's: "Funnel plots for comparing institutional performance", Statistics
in Medicine 2005, 24:1185, and Spiegelhalter et al., "Statistical methods for healthcare
regulation", Journal of the Royal Statistical Society A 2012, 175:1. Among ``N`` people a rate is
compared by its square root, whose standard error is ``1 / (2 sqrt(N))`` where chance alone
(Poisson) is at work, whatever the rate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from naravard.analysis.trends import values_by_year
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.model import FullText
from naravard.errors import NaravardError
from naravard.regions import CODES, NATION, resolve

#: At each end, as Spiegelhalter does: outliers must not widen the limits that find them.
WINSORISED = 0.1
#: Percent: about two and three standard errors, as is customary.
LEVELS = (95.0, 99.8)
#: So many that the mean of `expected_outside` is certain to a tenth of a region.
DRAWS = 4000
#: More than half of the regions, Riket not counted.
FEWEST_REGIONS = (len(CODES) - 1) // 2 + 1


@dataclass(frozen=True)
class Funnel:
    """Funnel limits around the regions' common rate in the latest year.

    Attributes
    ----------
    reason : FullText or None
        Why there are no limits, from the catalogue; the rest is then empty.
    year : int or None
        None also when no year has values and people at risk of at least `FEWEST_REGIONS` regions.
    target : float or None
        All counts over all people at risk, in the indicator's unit.
    nation : float or None
        Riket's published value that year.
    phi : float or None
        Overdispersion: the regions' variance around the target as a multiple of chance.
    tau : float or None
        Standard deviation between regions beyond chance, of the square root of the rate a person.
    expected : float or None
        How many regions lie outside the 95 % limits on average where none is special; see
        `expected_outside`.
    table : DataFrame
        By region code, fewest people first: ``rate`` (the unit), ``people``, ``count`` (derived),
        ``z`` and ``z_adjusted`` (standard errors from the target, by chance alone and with `tau`).
    """

    indicator: str
    region: str
    reason: FullText | None
    year: int | None
    target: float | None
    nation: float | None
    phi: float | None
    tau: float | None
    expected: float | None
    table: pd.DataFrame

    def limits(self, people, level: float, overdispersed: bool = True):
        """Return the lower and upper limit, in the unit, for so many people at risk."""
        per = unit(indicator(self.indicator)).base
        ends = funnel_limits(self.target / per, people, level, self.tau if overdispersed else 0)
        return tuple(per * end for end in ends)

    def outside(self, level: float) -> pd.Series:
        """Return ``z_adjusted`` of the regions outside the overdispersed limits, lowest first."""
        found = self.table["z_adjusted"]
        return found[found.abs() > width(level)].sort_values()


def width(level: float) -> float:
    """Return how many standard errors the limits of a level (percent) lie from the target."""
    return float(norm.ppf(0.5 + level / 200))


def z_scores(rates, people, target, tau=0.0):
    """Return how many standard errors rates a person lie from a target, on the square-root scale.

    ``tau`` is the standard deviation between regions beyond chance, of the square root of the rate.
    """
    return (np.sqrt(rates) - np.sqrt(target)) / np.sqrt(0.25 / np.asarray(people) + tau**2)


def winsorise(scores, share: float = WINSORISED) -> np.ndarray:
    """Pull the lowest and highest ``share`` of scores in to the quantiles there."""
    low, high = np.quantile(scores, [share, 1 - share], axis=-1, keepdims=True)
    return np.clip(np.asarray(scores), low, high)


def overdispersion(scores):
    """Return phi, the mean square of z-scores: 1 when chance alone is at work."""
    return np.mean(np.square(scores), axis=-1)


def between_units(phi, errors):
    """Return tau, the standard deviation between regions beyond chance.

    The method of moments of DerSimonian and Laird, Controlled Clinical Trials 1986, 7:177, from
    overdispersion ``phi`` and the standard ``errors`` by chance alone; 0 when the regions differ by
    no more than chance.
    """
    weights, count = 1 / np.square(errors), len(errors)
    excess = count * phi - (count - 1)
    return np.sqrt(np.maximum(excess, 0) / (weights.sum() - (weights**2).sum() / weights.sum()))


def funnel_limits(target: float, people, level: float, tau: float = 0.0):
    """Return the rates a person between which ``level`` percent of regions are expected.

    ``target`` is the rate a person that is expected; ``tau`` as in `z_scores`, 0 for chance alone.
    """
    margin = width(level) * np.sqrt(0.25 / np.asarray(people) + tau**2)
    return np.square(np.maximum(np.sqrt(target) - margin, 0)), np.square(np.sqrt(target) + margin)


def expected_outside(people, target: float, tau: float, level: float) -> float:
    """Return how many regions lie outside the limits on average where none is special.

    The limits do not leave out their nominal share when regions are few: winsorising makes tau too
    small, and large regions pull the target. `DRAWS` sets of regions that differ by a normal
    ``tau`` and by chance are therefore drawn, with a fixed seed, and treated as the published
    values are.
    """
    people, generator = np.asarray(people), np.random.default_rng(2005)
    errors = 0.5 / np.sqrt(people)
    noise = generator.standard_normal((DRAWS, len(people))) * np.sqrt(errors**2 + tau**2)
    rates = np.square(np.maximum(np.sqrt(target) + noise, 0))
    centre = np.average(rates, axis=1, weights=people)[:, None]
    drawn = between_units(overdispersion(winsorise(z_scores(rates, people, centre))), errors)
    outside = np.abs(z_scores(rates, people, centre, drawn[:, None])) > width(level)
    return float(outside.sum(axis=1).mean())


def people_at_risk(observations: pd.DataFrame | None, entry: Indicator) -> pd.DataFrame:
    """Return people at risk with one row a year and one column a region.

    The catalogue's ``at_risk`` names persons, and shares of them in percent, which multiply; all
    must be among the rows.
    """
    given = (
        () if observations is None else observations.loc[observations["sex"] == "T", "indicator"]
    )
    if not set(entry.at_risk) <= set(given):
        raise NaravardError(f"limits of {entry.id} need {', '.join(entry.at_risk)}: load them")
    return math.prod(
        values_by_year(observations[observations["indicator"] == id], "T")
        / (100 if indicator(id).unit == "percent" else 1)
        for id in entry.at_risk
    )


def funnel(observations: pd.DataFrame, region, people: pd.DataFrame | None = None) -> Funnel:
    """Compute funnel limits around the regions' common rate in the latest year.

    Counts are derived, not published: rate × people at risk on 31 December of the year.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator for all regions.
    region : str, int or Region
        The one to point out.
    people : DataFrame, optional
        Rows of the indicators that the catalogue names in ``at_risk``, for all regions. Not needed
        where the catalogue gives a reason for no limits.

    Returns
    -------
    Funnel
        Rates in the indicator's unit. The target is the regions' common rate, not Riket's published
        value: were all regions alike, all would lie there, also when some lack values or Riket
        counts more than they do.

    Raises
    ------
    NaravardError
        If limits can be drawn but the people at risk are not given.

    Notes
    -----
    Spiegelhalter 2005, Statistics in Medicine 24:1185, with overdispersion on the square-root
    scale.
    """
    code, entry = resolve(region).code, indicator(observations["indicator"].iloc[0])
    nothing = Funnel(entry.id, code, *[None] * 7, pd.DataFrame())
    if not entry.at_risk:
        return replace(nothing, reason=entry.no_limits)
    at_risk, wide = people_at_risk(people, entry), values_by_year(observations, "T")
    both = (wide.notna() & at_risk.notna()).drop(columns=NATION, errors="ignore")
    years = both.index[both.sum(axis=1) >= FEWEST_REGIONS]
    if years.empty:
        return nothing
    year, per = int(years.max()), unit(entry).base
    table = pd.DataFrame({"rate": wide.loc[year], "people": at_risk.loc[year]})
    nation = table["rate"].get(NATION)
    table = table.drop(NATION, errors="ignore").dropna().sort_values("people")
    table["count"] = table["rate"] * table["people"] / per
    target = table["count"].sum() / table["people"].sum()
    rates, n = table["rate"] / per, table["people"]
    table["z"] = z_scores(rates, n, target)
    phi = float(overdispersion(winsorise(table["z"])))
    tau = float(between_units(phi, 0.5 / np.sqrt(n)))
    table["z_adjusted"] = z_scores(rates, n, target, tau)
    known = None if nation is None or pd.isna(nation) else float(nation)
    expected = expected_outside(n, target, tau, LEVELS[0])
    return Funnel(entry.id, code, None, year, per * target, known, phi, tau, expected, table)
