"""How alike neighbouring years are, estimated from all regions' series of an indicator together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

#: From the years of a series to the matrix of what explains it, one row a year.
Design = Callable[[np.ndarray], np.ndarray]

#: A joint estimate needs at least this many regions; with fewer, it is `ASSUMED`.
FEWEST_REGIONS = 10
#: The autocorrelation of a series that has none beside it to estimate it from.
ASSUMED = 0.6
#: Series with fewer years than this beyond what is fitted to them tell too little of their
#: autocorrelation, even together (a straight line takes two: seven years).
SPARE_YEARS = 5
#: Standard errors by which the joint estimate is raised.
SAFETY = 0.5
#: No series of ours is long enough to tell more than this from a random walk.
HIGHEST = 0.95
_GRID = np.linspace(-0.5, HIGHEST, 30)
# Gauss and Legendre's on the interval from 0 to 1.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(60)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2


def correlation(years: np.ndarray, autocorrelation: float) -> np.ndarray:
    """Return the correlation matrix of a first-order autoregression observed in some years."""
    return autocorrelation ** np.abs(np.subtract.outer(years, years))


def straight(years: np.ndarray) -> np.ndarray:
    """Return the design of a straight line: a constant and the centred years."""
    return np.column_stack([np.ones(len(years)), years - years.mean()])


def residual_maker(design: np.ndarray) -> np.ndarray:
    """Return the matrix that takes what a design explains out of a series, ``I - H``."""
    return np.eye(len(design)) - design @ np.linalg.pinv(design)


@lru_cache(maxsize=512)
def _maker(years: tuple[float, ...], design: Design) -> np.ndarray:
    return residual_maker(design(np.array(years)))


@lru_cache(maxsize=512)
def _expected(years: tuple[float, ...], design: Design) -> np.ndarray:
    """Return the lag-1 autocorrelation of residuals to expect for each true value in the grid.

    The expectation of a ratio of quadratic forms in normal variables, x'Ax / x'x with covariance
    S, is the integral over t > 0 of ``det(I + 2tS)^(-1/2) tr((I + 2tS)^(-1) SA)`` (Magnus 1986,
    Annales d'Économie et de Statistique 4:95), here in the eigenvectors of S, by Gauss–Legendre
    quadrature. The residuals are taken in an orthonormal basis of what the design leaves.
    """
    points = np.array(years)
    explained = design(points)
    basis = np.linalg.qr(explained, mode="complete")[0][:, explained.shape[1] :]
    shift = np.diag((np.diff(points) == 1).astype(float), 1) / 2
    between = basis.T @ (shift + shift.T) @ basis
    known = basis.T @ np.array([correlation(points, truth) for truth in _GRID]) @ basis
    sizes, vectors = np.linalg.eigh(known)
    rotated = np.einsum("gji,jk,gki->gi", vectors, between, vectors)
    inner = 1 + 2 * (_NODES / (1 - _NODES))[:, None, None] * sizes
    values = np.sum(sizes * rotated / inner, axis=-1) / np.sqrt(np.prod(inner, axis=-1))
    return (_WEIGHTS / (1 - _NODES) ** 2) @ values


def lag_one(years: np.ndarray, values: np.ndarray, design: Design = straight) -> np.ndarray:
    """Return the lag-1 autocorrelation of least squares residuals, not corrected for its bias.

    ``values`` may hold many series, shape (..., n). NaN for a series that leaves no residuals.
    """
    residuals = values @ _maker(tuple(years), design)
    neighbours = np.diff(years) == 1
    products = (residuals[..., 1:] * residuals[..., :-1])[..., neighbours].sum(axis=-1)
    power = (residuals**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(power > 1e-18, products / power, np.nan)


def joint(
    raw: list[np.ndarray], years: list[tuple[float, ...]], design: Design = straight
) -> np.ndarray | float:
    """Correct the mean of the regions' raw autocorrelations for their bias, on the safe side.

    ``raw`` holds a number from `lag_one` for each region (arrays for many simulated sets at once),
    ``years`` the years of each region's series. Returns the autocorrelation at which the expected
    mean equals the mean found plus `SAFETY` standard errors, 0 to `HIGHEST`; at least `ASSUMED`
    when the series have fewer than `SPARE_YEARS` beyond what is fitted.
    """
    expected = np.mean([_expected(one, design) for one in years], axis=0)
    found = np.mean(raw, axis=0) + SAFETY * np.std(raw, axis=0, ddof=1) / np.sqrt(len(raw))
    fitted = design(np.array(years[0])).shape[1]
    short = np.median([len(one) for one in years]) < SPARE_YEARS + fitted
    return np.clip(np.interp(found, expected, _GRID), ASSUMED if short else 0.0, HIGHEST)


def estimate(
    series: Iterable[pd.Series], design: Design = straight, least: float = 0.0
) -> tuple[float, int]:
    """Estimate the autocorrelation from all regions' series together.

    The series, values by year, are all long enough for the design; ``least`` is what is assumed at
    least. Also returns from how many regions it was estimated: 0 and at least `ASSUMED` when they
    are fewer than `FEWEST_REGIONS`, 0 when ``least`` is more than they give.
    """
    raw, years = [], []
    for one in series:
        points = one.index.to_numpy(dtype=float)
        found = float(lag_one(points, one.to_numpy(dtype=float), design))
        if not np.isnan(found):
            raw.append(found)
            years.append(tuple(points))
    if len(raw) < FEWEST_REGIONS:
        return max(ASSUMED, least), 0
    estimated = float(joint(raw, years, design))
    return (estimated, len(raw)) if estimated >= least else (least, 0)
