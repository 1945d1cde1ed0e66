"""Interrupted time series: whether a series changes level or slope in 2020."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from naravard.analysis.autocorrelation import ASSUMED, estimate
from naravard.analysis.regression import LEVEL, least_squares
from naravard.analysis.trends import PANDEMIC, one_indicator, regions_series, usable
from naravard.catalogue.model import Break
from naravard.regions import NATION, resolve

#: The first year after the interruption.
START = PANDEMIC[0]
#: Years with a value that are needed on each side.
FEWEST_EACH_SIDE = 4
#: The autocorrelation that is assumed at least: with four numbers fitted to ten years the regions
#: teach so little of it that shocks they share would pass for a change (benchmarks/calibration.md).
LEAST = 0.4

Change = Literal[
    "level changed",
    "slope changed",
    "level and slope changed",
    "no clear change",
    "too few years",
    "no data",
]
#: By whether the step and whether the change of slope is clear.
_VERDICTS: dict[tuple[bool, ...], Change] = {
    (True, True): "level and slope changed",
    (True, False): "level changed",
    (False, True): "slope changed",
    (False, False): "no clear change",
}


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Interrupted:
    """A region's series before and from 2020 on.

    Attributes
    ----------
    years : tuple of int
        The years with a value after the last break.
    before, after : int
        How many of ``years`` stand before 2020, and from 2020 on.
    level : Estimate or None
        Step in 2020 against the continued earlier line, in the indicator's unit; None, as the
        following, when fewer than `FEWEST_EACH_SIDE` years stand on a side.
    slope : float or None
        Before 2020, in units a year.
    slope_change : Estimate or None
        Slope from 2020 on less that before, in units a year.
    autocorrelation : float or None
        Between neighbouring years, as assumed or estimated.
    estimated_from : int
        The regions that the autocorrelation was estimated from; 0 when it is assumed.
    cut : Break or None
        The break before which years were left out.
    left_out : tuple of int
        The years with a value before ``cut``.
    verdict : str
        See `Change`. Two things are tested at once, so each must leave zero out of an interval of
        97.5 %.
    """

    indicator: str
    region: str
    sex: str
    years: tuple[int, ...]
    before: int
    after: int
    level: Estimate | None
    slope: float | None
    slope_change: Estimate | None
    autocorrelation: float | None
    estimated_from: int
    cut: Break | None
    left_out: tuple[int, ...]
    verdict: Change


def segmented(years: np.ndarray) -> np.ndarray:
    """Return the design: a constant, the years from 2020, a step and a change of slope in 2020."""
    time, after = years - START, (years >= START).astype(float)
    return np.column_stack([np.ones(len(years)), time, after, after * time])


def enough(years) -> bool:
    """Say whether enough years stand on each side of 2020."""
    after = int(np.sum(np.asarray(years) >= START))
    return min(after, len(years) - after) >= FEWEST_EACH_SIDE


def changes(
    years: np.ndarray, values: np.ndarray, rounding: float, autocorrelation: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Fit the interrupted line to one series or many at once (the last axis is the years).

    Returns coefficients and their standard errors (slope before, step, change of slope) and the
    degrees of freedom.
    """
    found, errors, dof = least_squares(years, segmented(years), values, rounding, autocorrelation)
    return found[..., 1:], errors[..., 1:], dof


def interrupted(observations: pd.DataFrame, region, sex: str = "T") -> Interrupted:
    """Compare a region's series before and from 2020 on.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator. Load all regions: the autocorrelation is then estimated from their
        series together.
    region : str, int or Region
        An autocorrelation of at least `LEAST` is assumed; for Riket, whose series is of another
        kind than the regions', `ASSUMED`.
    sex : {"T", "K", "M"}

    Returns
    -------
    Interrupted
        The step in the indicator's unit, slopes in that unit a year.

    Raises
    ------
    NaravardError
        If the rows hold several indicators, or none of the region and sex.

    Notes
    -----
    Segmented regression (Wagner et al. 2002, J Clin Pharm Ther 27:299; Bernal et al. 2017, Int J
    Epidemiol 46:348) by least squares, with the errors of
    `naravard.analysis.regression.least_squares`. 2020 is the first year of the pandemic: the model
    cannot tell it from anything else that happened then, and it does not estimate what the shift to
    primary care has done.
    """
    code = resolve(region).code
    entry, wide = one_indicator(observations, code, sex)
    cut, series = usable(wide[code], entry, code)
    after = int((series.index >= START).sum())
    level = slope = slope_change = estimated = None
    estimated_from, verdict = 0, "too few years" if len(series) else "no data"
    if enough(series.index):
        others = [one for one in regions_series(wide, entry).values() if enough(one.index)]
        least = ASSUMED if code == NATION else LEAST
        estimated, estimated_from = estimate(others, segmented, least)
        years = series.index.to_numpy(dtype=float)
        found, errors, dof = changes(years, series.to_numpy(float), entry.rounding, estimated)
        slope = float(found[0])
        margin = stats.t.ppf((1 + LEVEL) / 2, dof) * errors
        level, slope_change = (
            Estimate(*(float(x) for x in (found[i], found[i] - margin[i], found[i] + margin[i])))
            for i in (1, 2)
        )
        verdict = _VERDICTS[tuple(bool(one) for one in called(found, errors, dof))]
    return Interrupted(
        indicator=entry.id,
        region=code,
        sex=sex,
        years=tuple(int(y) for y in series.index),
        before=len(series) - after,
        after=after,
        level=level,
        slope=slope,
        slope_change=slope_change,
        autocorrelation=estimated,
        estimated_from=estimated_from,
        cut=cut,
        left_out=tuple(int(y) for y in wide[code].dropna().index.difference(series.index)),
        verdict=verdict,
    )


def called(found: np.ndarray, errors: np.ndarray, dof: float) -> tuple[np.ndarray, np.ndarray]:
    """Say whether step and change of slope are clear, with 5 % for both together (Bonferroni)."""
    bar = stats.t.ppf(1 - (1 - LEVEL) / 4, dof) * errors
    return np.abs(found[..., 1]) > bar[..., 1], np.abs(found[..., 2]) > bar[..., 2]
