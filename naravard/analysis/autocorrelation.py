"""How alike neighbouring years are, learnt from all regions' series of an indicator together."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

#: A joint estimate needs at least this many regions; with fewer, `ASSUMED` is supposed.
FEWEST_REGIONS = 10
#: What is supposed of a series that has none beside it to learn from.
ASSUMED = 0.6
#: Shorter series tell too little of their autocorrelation, even together.
LONG_ENOUGH = 7
#: Standard errors by which the joint estimate is raised.
SAFETY = 0.5
#: No series of ours is long enough to tell more than this from a random walk.
HIGHEST = 0.95
_GRID = np.linspace(-0.5, HIGHEST, 30)


def correlation(years: np.ndarray, autocorrelation: float) -> np.ndarray:
    """Return the correlation matrix of a first-order autoregression observed in some years."""
    return autocorrelation ** np.abs(np.subtract.outer(years, years))


def residual_maker(years: np.ndarray) -> np.ndarray:
    """Return the matrix that takes a straight line out of a series, ``I - H``."""
    design = np.column_stack([np.ones(len(years)), years - years.mean()])
    return np.eye(len(years)) - design @ np.linalg.pinv(design)


@lru_cache(maxsize=512)
def _expected(years: tuple[float, ...]) -> np.ndarray:
    """Expected lag-1 autocorrelation of a line's residuals for each true value in the grid.

    The expectation of a ratio of quadratic forms in normal variables, x'Ax / x'Bx with covariance
    S, is the integral over t > 0 of ``det(I + 2tSB)^(-1/2) tr((I + 2tSB)^(-1) SA)`` (Magnus 1986,
    Annales d'Économie et de Statistique 4:95), here by Gauss–Legendre quadrature.
    """
    points = np.array(years)
    maker = residual_maker(points)
    shift = np.diag((np.diff(points) == 1).astype(float), 1) / 2
    between = maker @ (shift + shift.T) @ maker
    nodes, weights = np.polynomial.legendre.leggauss(60)
    nodes, weights = (nodes + 1) / 2, weights / 2
    t = nodes / (1 - nodes)
    found = []
    for truth in _GRID:
        known = correlation(points, truth)
        inner = np.eye(len(points)) + 2 * t[:, None, None] * (known @ maker)
        traces = np.trace(np.linalg.solve(inner, np.broadcast_to(known @ between, inner.shape)),
                          axis1=1, axis2=2)  # fmt: skip
        values = traces / np.sqrt(np.linalg.det(inner))
        found.append(np.sum(weights * values / (1 - nodes) ** 2))
    return np.array(found)


def lag_one(years: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the lag-1 autocorrelation of the residuals of a straight line, as it stands.

    Parameters
    ----------
    years : array of shape (n,)
    values : array of shape (..., n)

    Returns
    -------
    array of shape (...)
        NaN for a series that lies on a line.
    """
    residuals = values @ residual_maker(years)
    neighbours = np.diff(years) == 1
    products = (residuals[..., 1:] * residuals[..., :-1])[..., neighbours].sum(axis=-1)
    power = (residuals**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(power > 1e-18, products / power, np.nan)


def joint(raw: list[np.ndarray], designs: list[tuple[float, ...]]) -> np.ndarray | float:
    """Correct the mean of the regions' raw autocorrelations for their bias, on the safe side.

    Parameters
    ----------
    raw : list of array
        From `lag_one`, one for each region (arrays for many simulated sets at once).
    designs : list of tuple
        The years of each region's series.

    Returns
    -------
    array or float
        The autocorrelation at which the expected mean equals the mean found plus one standard
        error, 0 to `HIGHEST`; at least `ASSUMED` when the series have fewer than `LONG_ENOUGH`
        years, which tell too little.
    """
    expected = np.mean([_expected(years) for years in designs], axis=0)
    found = np.mean(raw, axis=0) + SAFETY * np.std(raw, axis=0, ddof=1) / np.sqrt(len(raw))
    short = np.median([len(years) for years in designs]) < LONG_ENOUGH
    return np.clip(np.interp(found, expected, _GRID), ASSUMED if short else 0.0, HIGHEST)
