"""Whether regions change differently: all regions' slopes weighed together (partial pooling)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from naravard.analysis.autocorrelation import FEWEST_REGIONS, estimate, residual_maker, straight
from naravard.analysis.regression import FEWEST_YEARS, LEVEL, line, unit_variances
from naravard.analysis.trends import regions_series, values_by_year
from naravard.catalogue import indicator
from naravard.regions import resolve


@dataclass(frozen=True)
class RandomSlopes:
    """Groups' slopes around a common one.

    Attributes
    ----------
    slope, slope_error : float
        The average slope, with its standard error.
    between : float
        Standard deviation of the groups' true slopes around it.
    table : DataFrame
        Indexed by group: ``ols`` (least squares, unshrunk), ``shrunken`` (weighed together) with
        its 95 % interval ``lower`` to ``upper``, ``gap`` (ols less average) with its 95 % interval
        ``gap_lower`` to ``gap_upper``, ``p`` of no gap, ``q`` (p adjusted for the number of groups
        after Benjamini and Hochberg), ``differs`` (q below 0.05).
    """

    slope: float
    slope_error: float
    between: float
    table: pd.DataFrame


@dataclass(frozen=True)
class RegionSlopes:
    """Which regions change differently from the regions' average.

    Attributes
    ----------
    years : tuple of int
        First and last year used; empty when there is no model.
    autocorrelation : float
        Between neighbouring years, estimated from the regions or assumed.
    model : RandomSlopes or None
        None when fewer than `FEWEST_REGIONS` have enough years.
    """

    indicator: str
    region: str
    years: tuple[int, ...]
    autocorrelation: float
    model: RandomSlopes | None


def random_slopes(
    series: dict[str, pd.Series], rounding: float = 0.0, autocorrelation: float = 0.0
) -> RandomSlopes:
    """Weigh many groups' slopes together.

    ``series`` holds values by year (or another time), by group; ``rounding`` is half the last
    printed unit; ``autocorrelation`` that of the residuals between neighbouring times.

    Notes
    -----
    A mixed model with random slopes in two steps: each group's least squares slope with its error
    under the autocorrelation (`naravard.analysis.regression.line`), the residual variance pooled
    over groups; then the variance between the slopes after Paule and Mandel and the random-effects
    average (statsmodels' ``combine_effects``); then each slope drawn towards the average in
    proportion to its error. On complete series without autocorrelation average, error and standard
    deviation equal those of R's ``lmer(y ~ t + (t | group))``. One step by restricted maximum
    likelihood was tried and left: with twenty short series its covariance of intercepts and slopes
    ends on the boundary, and the intervals that follow are far too narrow.

    A gap from the average is tested with Student's t, as a trend is, and with the larger of the
    group's own and the pooled residual variance: a region that only happens to lie close to its
    line is not called different.
    """
    from statsmodels.stats.meta_analysis import combine_effects

    rows, power, spare = {}, 0.0, 0
    for group, one in series.items():
        times, values = one.index.to_numpy(dtype=float), one.to_numpy(dtype=float)
        slope = line(times, values, rounding, autocorrelation)[0]
        unit, dof = unit_variances(times, straight(times), autocorrelation)
        residuals = (values - values[0]) @ residual_maker(straight(times))
        power, spare = power + residuals @ residuals, spare + len(times) - 2
        alone = residuals @ residuals / (len(times) - 2)
        rows[group] = {"ols": slope, "unit": unit[1], "dof": dof, "alone": alone}
    table = pd.DataFrame.from_dict(rows, orient="index").astype(float)
    # Rounding is the least that residuals vary; no regions at all lie on their lines exactly.
    pooled = max(power / spare, (2 * rounding) ** 2 / 12, 1e-12)
    variance = table["unit"] * pooled
    together = combine_effects(table["ols"].to_numpy(), variance.to_numpy(), method_re="iterated")
    between = max(float(together.tau2), 0.0)
    mean = float(together.mean_effect_re)
    kept = between / (between + variance)
    margin = stats.norm.ppf((1 + LEVEL) / 2) * np.sqrt(kept * variance)
    gap = table["ols"] - mean
    shrunken = mean + kept * gap
    # Few years may lie close to a line by luck: no region's error is below the pooled one.
    careful = np.sqrt(table["unit"] * table["alone"].clip(lower=pooled))
    gap_margin = stats.t.ppf((1 + LEVEL) / 2, table["dof"]) * careful
    p = 2 * stats.t.sf(gap.abs() / careful, table["dof"])
    q = stats.false_discovery_control(p)
    table = table[["ols"]].assign(
        shrunken=shrunken,
        lower=shrunken - margin,
        upper=shrunken + margin,
        gap=gap,
        gap_lower=gap - gap_margin,
        gap_upper=gap + gap_margin,
        p=p,
        q=q,
        differs=q < 1 - LEVEL,
    )
    return RandomSlopes(mean, float(together.sd_eff_w_re), float(np.sqrt(between)), table)


def region_slopes(observations: pd.DataFrame, region, sex: str = "T") -> RegionSlopes:
    """Find the regions that change differently from the regions' average.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator for all regions.
    region : str, int or Region
        The one to show.
    sex : {"T", "K", "M"}

    Returns
    -------
    RegionSlopes
        Slopes in the indicator's unit a year. Years before a region's last break are left out, and
        regions with fewer than six years.

    Raises
    ------
    NaravardError
        On an unknown region.

    Notes
    -----
    Random slopes in two steps, Paule and Mandel's variance between regions (1982, Journal of
    Research of the National Bureau of Standards 87:377), and the false discovery rate of Benjamini
    and Hochberg (1995, Journal of the Royal Statistical Society B 57:289); see `random_slopes`.
    """
    code = resolve(region).code
    entry = indicator(observations["indicator"].iloc[0])
    wide = values_by_year(observations, sex)
    series = regions_series(wide, entry)
    series = {one: values for one, values in series.items() if len(values) >= FEWEST_YEARS}
    used, _ = estimate(series.values())
    if len(series) < FEWEST_REGIONS:
        return RegionSlopes(entry.id, code, (), used, None)
    years = [int(year) for values in series.values() for year in values.index]
    model = random_slopes(series, entry.rounding, used)
    return RegionSlopes(entry.id, code, (min(years), max(years)), used, model)
