"""Intervals of proportions and of rates that rest on counts."""

from __future__ import annotations

import numpy as np
from scipy import stats

from naravard.errors import NaravardError

#: Below this many events Byar's approximation gives way to the exact Poisson limits.
FEWEST_EVENTS = 10


def wilson(numerator, denominator, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's interval of a proportion.

    Parameters
    ----------
    numerator, denominator : array of int
        Those who have the property, and all.
    level : float
        Coverage, 0 to 1.

    Returns
    -------
    lower, upper : array
        Shares, 0 to 1.

    Raises
    ------
    NaravardError
        If a denominator is not above zero, or a numerator not between zero and its denominator.

    Notes
    -----
    Wilson (1927, J Am Stat Assoc 22:209), Newcombe's method 3 (1998, Statistics in Medicine
    17:857), by statsmodels.
    """
    from statsmodels.stats.proportion import proportion_confint

    part, whole = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    if not np.all((whole > 0) & (part >= 0) & (part <= whole)):
        raise NaravardError("a proportion needs numerators from 0 to their denominators, above 0")
    lower, upper = proportion_confint(part, whole, alpha=1 - level, method="wilson")
    return np.asarray(lower), np.asarray(upper)


def byar(count, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Byar's interval of a Poisson count.

    Parameters
    ----------
    count : array of int
        Events observed.
    level : float
        Coverage, 0 to 1.

    Returns
    -------
    lower, upper : array
        Events. Fewer than `FEWEST_EVENTS` get the exact limits, where the approximation is poor.

    Raises
    ------
    NaravardError
        If a count is below zero.

    Notes
    -----
    Breslow and Day (1987, Statistical Methods in Cancer Research II, page 69); exact limits by
    chi-square (Garwood 1936, Biometrika 28:437). Limits and bar are those of the public health
    indicators of England (PHEindicatormethods).
    """
    events = np.asarray(count, dtype=float)
    if not np.all(events >= 0):
        raise NaravardError("a count of events cannot be below zero")
    tail = (1 - level) / 2
    reach = stats.norm.isf(tail) / 3
    some, more = np.maximum(events, 1), events + 1
    few = events < FEWEST_EVENTS
    lower = np.where(
        few,
        np.where(events > 0, stats.chi2.ppf(tail, 2 * some) / 2, 0.0),
        some * (1 - 1 / (9 * some) - reach / np.sqrt(some)) ** 3,
    )
    upper = np.where(
        few,
        stats.chi2.isf(tail, 2 * more) / 2,
        more * (1 - 1 / (9 * more) + reach / np.sqrt(more)) ** 3,
    )
    return lower, upper


def rate(count, population, base: float, level: float = 0.95) -> tuple[np.ndarray, ...]:
    """Return rates with the intervals of `byar`.

    Parameters
    ----------
    count : array of int
        Events observed.
    population : array of float
        Person-years, or the population on the middle of the year.
    base : float
        What the rate is given per, such as 100,000.
    level : float
        Coverage, 0 to 1.

    Returns
    -------
    rate, lower, upper : array
        Events per ``base``.

    Raises
    ------
    NaravardError
        If a population is not above zero, or a count below zero.
    """
    people = np.asarray(population, dtype=float)
    if not np.all(people > 0):
        raise NaravardError("a rate needs a population above zero")
    lower, upper = byar(count, level)
    return tuple(base * x / people for x in (np.asarray(count, dtype=float), lower, upper))
