"""Trends of short yearly series, and what may be said of them.

The method stands behind one function, `fit`; `trend` applies it to a region's series with and
without the pandemic years and never across a break.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import pymannkendall
from scipy import stats

from naravard.catalogue import Break, indicator
from naravard.errors import NaravardError
from naravard.regions import resolve

#: A trend needs at least this many years.
FEWEST_YEARS = 6
PANDEMIC = (2020, 2021)
#: The autocorrelation between neighbouring years that the intervals suppose.
AUTOCORRELATION = 0.6
LEVEL = 0.95

Verdict = Literal[
    "rising",
    "falling",
    "no clear change",
    "depends on the pandemic years",
    "too few years",
    "no data",
]


@dataclass(frozen=True)
class Fit:
    """A straight line through a yearly series.

    Attributes
    ----------
    years : tuple of int
        The years used.
    slope, lower, upper : float
        Least squares slope in units a year and its 95 % interval.
    standard_error, freedom : float
        Of the slope: standard error and degrees of freedom under `AUTOCORRELATION`.
    theil_sen, theil_sen_lower, theil_sen_upper : float
        Median of all pairwise slopes and its 95 % interval (for independent years).
    kendall_tau, kendall_p : float
        Mann–Kendall test (for independent years): tau and two-sided p, with the correction for
        ties and continuity.
    verdict : str
        "rising" or "falling" if the interval leaves zero out, otherwise "no clear change".
    """

    years: tuple[int, ...]
    slope: float
    lower: float
    upper: float
    standard_error: float
    freedom: float
    theil_sen: float
    theil_sen_lower: float
    theil_sen_upper: float
    kendall_tau: float
    kendall_p: float
    verdict: Verdict


@dataclass(frozen=True)
class Trend:
    """What a region's series says of change, and how far it bears.

    Attributes
    ----------
    indicator, region, sex : str
        Id, code, and T, K or M.
    years : tuple of int
        The years with a value after the last break.
    first, last : float or None
        The values of the first and last of ``years``.
    full, without_pandemic : Fit or None
        The line with all years and without 2020–2021; None when fewer than `FEWEST_YEARS` remain.
    remaining : int
        Years that remain without 2020–2021.
    cut : Break or None
        The break before which years were left out.
    left_out : tuple of int
        The years with a value before ``cut``.
    verdict : str
        See `Verdict`.
    """

    indicator: str
    region: str
    sex: str
    years: tuple[int, ...]
    first: float | None
    last: float | None
    full: Fit | None
    without_pandemic: Fit | None
    remaining: int
    cut: Break | None
    left_out: tuple[int, ...]
    verdict: Verdict


def _inflation(years: np.ndarray) -> tuple[float, float]:
    """How much wider than with independent years the slope's error is, and its freedom.

    Exact for the variances, Satterthwaite's approximation for the degrees of freedom.
    """
    n = len(years)
    centred = years - years.mean()
    correlation = AUTOCORRELATION ** np.abs(np.subtract.outer(years, years))
    design = np.column_stack([np.ones(n), centred])
    residual_maker = np.eye(n) - design @ np.linalg.pinv(design)
    of_residuals = residual_maker @ correlation
    trace = np.trace(of_residuals)
    freedom = trace**2 / np.trace(of_residuals @ of_residuals)
    of_slope = centred @ correlation @ centred / np.sum(centred**2)
    return float(np.sqrt(of_slope * (n - 2) / trace)), float(freedom)


def fit(years, values, rounding: float = 0.0) -> Fit:
    """Fit a straight line whose interval allows for autocorrelation and rounding.

    Parameters
    ----------
    years : array of int
        At least `FEWEST_YEARS`, increasing; years may be missing in between.
    values : array of float
    rounding : float
        Half the last printed unit (0.5 for whole percent).

    Returns
    -------
    Fit

    Raises
    ------
    NaravardError
        If there are too few years.

    Notes
    -----
    Least squares slope. A series of 6–15 years is too short to tell its own autocorrelation, so
    the interval supposes an autocorrelation of `AUTOCORRELATION` between neighbouring years
    (first-order autoregression): the variances of the slope and of the residuals follow exactly,
    also with years missing in between, and Student's t takes the degrees of freedom of
    Satterthwaite (1946, Biometrics Bulletin 2:110). It is therefore careful: where nothing
    changes, it says "rising" or "falling" in at most 5 % of series as long as the true
    autocorrelation is not above 0.6 (simulated in benchmarks/false_verdicts.py; docs/methods.md),
    at the price of missing slow changes. The residual variance is never taken below that of
    rounding, ``(2 × rounding)² / 12``.
    Theil–Sen and Mann–Kendall stand beside it as a check; both suppose independent years.
    """
    years = np.asarray(years, dtype=float)
    values = np.asarray(values, dtype=float)
    n = len(years)
    if n < FEWEST_YEARS:
        raise NaravardError(f"a trend needs at least {FEWEST_YEARS} years, not {n}")
    line = stats.linregress(years, values)
    residuals = values - (line.intercept + line.slope * years)
    inflation, freedom = _inflation(years)
    variance = max(np.sum(residuals**2) / (n - 2), (2 * rounding) ** 2 / 12)
    error = inflation * np.sqrt(variance / np.sum((years - years.mean()) ** 2))
    reach = stats.t.ppf((1 + LEVEL) / 2, freedom) * error
    sen = stats.theilslopes(values, years, alpha=LEVEL)
    kendall = pymannkendall.original_test(values)
    lower, upper = float(line.slope - reach), float(line.slope + reach)
    return Fit(
        years=tuple(int(y) for y in years),
        slope=float(line.slope),
        lower=lower,
        upper=upper,
        standard_error=float(error),
        freedom=freedom,
        theil_sen=float(sen.slope),
        theil_sen_lower=float(sen.low_slope),
        theil_sen_upper=float(sen.high_slope),
        kendall_tau=float(kendall.Tau),
        kendall_p=float(kendall.p),
        verdict="rising" if lower > 0 else "falling" if upper < 0 else "no clear change",
    )


def _maybe(years: np.ndarray, values: np.ndarray, rounding: float) -> Fit | None:
    return fit(years, values, rounding) if len(years) >= FEWEST_YEARS else None


def trend(observations: pd.DataFrame, region, sex: str = "T") -> Trend:
    """Say what a region's series bears.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator, as `naravard.load.load_indicator` returns them; other regions'
        rows are passed over.
    region : str, int or Region
        Anything `naravard.regions.resolve` takes.
    sex : {"T", "K", "M"}

    Returns
    -------
    Trend
        The verdict is that of all years after the last break, unless the years without 2020–2021
        give another one: then it is "depends on the pandemic years". When too few years remain
        without them, the verdict of all years stands and ``without_pandemic`` is None.

    Raises
    ------
    NaravardError
        If the rows hold several indicators, or none of the region and sex.
    """
    code = resolve(region).code
    ids = observations["indicator"].unique()
    if len(ids) != 1:
        raise NaravardError(f"a trend is that of one indicator, but the rows hold {len(ids)}")
    entry = indicator(ids[0])
    rows = observations[(observations["region"] == code) & (observations["sex"] == sex)]
    if rows.empty:
        raise NaravardError(f"the rows of {entry.id} hold no region {code} with sex {sex}")
    rows = rows.dropna(subset=["value"]).sort_values("year")
    breaks = [b for b in entry.breaks_for(code) if rows["year"].lt(b.year).any()]
    breaks = [b for b in breaks if rows["year"].ge(b.year).any()]
    cut = breaks[-1] if breaks else None
    before = rows["year"] < cut.year if cut else rows["year"] < 0
    left_out, rows = rows.loc[before, "year"], rows[~before]
    years, values = rows["year"].to_numpy(), rows["value"].to_numpy()
    rounding = 0.5 * 10.0**-entry.decimals if entry.source else 0.0
    calm = ~np.isin(years, PANDEMIC)
    full = _maybe(years, values, rounding)
    without = full if calm.all() else _maybe(years[calm], values[calm], rounding)
    if not len(years):
        verdict = "no data"
    elif full is None:
        verdict = "too few years"
    elif without is not None and without.verdict != full.verdict:
        verdict = "depends on the pandemic years"
    else:
        verdict = full.verdict
    return Trend(
        indicator=entry.id,
        region=code,
        sex=sex,
        years=tuple(int(y) for y in years),
        first=float(values[0]) if len(values) else None,
        last=float(values[-1]) if len(values) else None,
        full=full,
        without_pandemic=without,
        remaining=int(calm.sum()),
        cut=cut,
        left_out=tuple(int(y) for y in left_out),
        verdict=verdict,
    )
