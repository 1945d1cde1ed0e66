"""A straight line through a short yearly series, with an interval that keeps its promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pymannkendall
from scipy import stats

from naravard.analysis.autocorrelation import ASSUMED, correlation, residual_maker, straight
from naravard.errors import NaravardError

#: A trend needs at least this many years.
FEWEST_YEARS = 6
LEVEL = 0.95


@dataclass(frozen=True)
class Fit:
    """A straight line through a yearly series.

    Attributes
    ----------
    slope, lower, upper : float
        Least squares slope in units a year and its 95 % interval.
    standard_error, degrees_of_freedom : float
        Of the slope: standard error and degrees of freedom under ``autocorrelation``.
    autocorrelation : float
        Between neighbouring years, as assumed or estimated.
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
    degrees_of_freedom: float
    autocorrelation: float
    theil_sen: float
    theil_sen_lower: float
    theil_sen_upper: float
    kendall_tau: float
    kendall_p: float
    verdict: Literal["rising", "falling", "no clear change"]


def unit_variances(
    years: np.ndarray, design: np.ndarray, autocorrelation: float
) -> tuple[np.ndarray, float]:
    """Return the coefficients' variances when the estimated residual variance is one, and the dof.

    With the years correlated as R, the coefficients' variances are those of
    ``(X'X)^-1 X'RX (X'X)^-1``, and the residual variance has the expectation
    ``tr((I - H) R) / (n - k)``; both follow exactly, also with years missing in between. The
    degrees of freedom are those of Satterthwaite (1946, Biometrics Bulletin 2:110).
    """
    known, weights = correlation(years, autocorrelation), np.linalg.pinv(design)
    of_residuals = residual_maker(design) @ known
    trace, spare = np.trace(of_residuals), len(years) - design.shape[1]
    dof = float(trace**2 / np.trace(of_residuals @ of_residuals))
    return np.diag(weights @ known @ weights.T) * spare / trace, dof


def least_squares(
    years: np.ndarray,
    design: np.ndarray,
    values: np.ndarray,
    rounding: float,
    autocorrelation: float,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Fit a design to series, with standard errors that allow for autocorrelation and rounding.

    The design has shape (n, k), its first column constant; ``values`` may hold many series, shape
    (..., n); ``rounding`` is half the last printed unit. Returns coefficients and errors of shape
    (..., k), and the degrees of freedom. Variances as in `unit_variances`; the residual variance is
    never taken below that of rounding, ``(2 × rounding)² / 12``.
    """
    unit, dof = unit_variances(years, design, autocorrelation)
    # Reckoned from the first value, so that a flat series has the slope zero exactly.
    first = values[..., :1]
    found = (values - first) @ np.linalg.pinv(design).T
    found[..., :1] += first
    power = np.sum(((values - first) @ residual_maker(design)) ** 2, axis=-1)
    variance = np.maximum(power / (len(years) - design.shape[1]), (2 * rounding) ** 2 / 12)
    return found, np.sqrt(variance[..., None] * unit), dof


def line(
    years: np.ndarray, values: np.ndarray, rounding: float, autocorrelation: float
) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Fit straight lines as `least_squares` does.

    Returns slope, its standard error, the degrees of freedom and the margin of error, half the
    width of the 95 % interval.
    """
    found, errors, dof = least_squares(years, straight(years), values, rounding, autocorrelation)
    slope, error = found[..., 1], errors[..., 1]
    return slope, error, dof, stats.t.ppf((1 + LEVEL) / 2, dof) * error


def fit(years, values, rounding: float = 0.0, autocorrelation: float = ASSUMED) -> Fit:
    """Fit a straight line whose interval allows for autocorrelation and rounding.

    The years increase, some may be missing, `FEWEST_YEARS` are needed; ``rounding`` is half the
    last printed unit (0.5 for whole percent). Least squares slope with the errors of
    `least_squares`; how often the verdict is wrong and the interval right is simulated in
    benchmarks/calibration.py (docs/methods.md). Theil–Sen and Mann–Kendall are computed as a check;
    both assume independent years.
    """
    years, values = np.asarray(years, dtype=float), np.asarray(values, dtype=float)
    if len(years) < FEWEST_YEARS:
        raise NaravardError(f"a trend needs at least {FEWEST_YEARS} years, not {len(years)}")
    slope, error, dof, margin = line(years, values, rounding, autocorrelation)
    sen = stats.theilslopes(values, years, alpha=LEVEL)
    kendall = pymannkendall.original_test(values)
    lower, upper = float(slope - margin), float(slope + margin)
    return Fit(
        years=tuple(int(y) for y in years),
        slope=float(slope),
        lower=lower,
        upper=upper,
        standard_error=float(error),
        degrees_of_freedom=dof,
        autocorrelation=float(autocorrelation),
        theil_sen=float(sen.slope),
        theil_sen_lower=float(sen.low_slope),
        theil_sen_upper=float(sen.high_slope),
        kendall_tau=float(kendall.Tau),
        kendall_p=float(kendall.p),
        verdict="rising" if lower > 0 else "falling" if upper < 0 else "no clear change",
    )
