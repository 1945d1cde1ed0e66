"""Does a verdict keep its promise? Run `python benchmarks/calibration.py` (a few minutes).

One table alone: `python benchmarks/calibration.py trends`, `interrupted` or `newey_west`.

Simulates sets of 21 regions' series like ours, 10,000 sets a row, with the very functions that the
notebooks use, and prints for one region of each set: how often the verdict is "rising" or "falling"
when nothing changes, how often the 95 % interval covers the truth, and how often a straight change
of three standard deviations of the noise from first to last year is found.
"""

import sys

import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import OLS

from naravard.analysis.autocorrelation import ASSUMED, joint, lag_one, straight
from naravard.analysis.interrupted import LEAST, START, called, changes, enough, segmented
from naravard.analysis.regression import FEWEST_YEARS, LEVEL, line

SETS, REGIONS = 10_000, 21


def noise(generator, years, autocorrelation, regions):
    """Autoregressions of variance one: sets × regions × years."""
    values = generator.standard_normal((SETS, regions, years))
    for t in range(1, years):
        values[..., t] = (
            autocorrelation * values[..., t - 1] + np.sqrt(1 - autocorrelation**2) * values[..., t]
        )
    return values


def estimate(years, values, design=straight):
    """The joint autocorrelation of each set."""
    if values.shape[1] == 1:
        return np.full(len(values), ASSUMED)
    raw = np.nan_to_num(lag_one(years, values, design))
    return joint(list(raw.T), [tuple(years)] * values.shape[1], design)


def verdicts(years, values, estimated, rounding):
    """-1, 0 or 1 for the first region of each set, and whether the interval covers zero."""
    lower, upper = np.empty(len(values)), np.empty(len(values))
    rounded = np.round(estimated, 2)
    for value in np.unique(rounded):
        rows = rounded == value
        slope, _, _, margin = line(years, values[rows, 0], rounding, float(value))
        lower[rows], upper[rows] = slope - margin, slope + margin
    return np.where(lower > 0, 1, np.where(upper < 0, -1, 0)), lower, upper


def series(generator, length, autocorrelation, kind, last=2025):
    """The years to the last, and sets × regions × years of noise."""
    regions = 1 if kind == "single series" else REGIONS
    values = noise(generator, length, autocorrelation, regions)
    if kind == "shared shocks":
        shared = noise(generator, length, autocorrelation, 1)
        values = np.sqrt(0.5) * values + np.sqrt(0.5) * shared
    return np.arange(last + 1 - length, last + 1, dtype=float), values


def cell(generator, length, autocorrelation, kind, change=0.0):
    """Simulate one row and return (share of verdicts, coverage)."""
    years, values = series(generator, length, autocorrelation, kind)
    truth = change / (length - 1)
    values = values + truth * (years - years[0])
    pandemic = np.isin(years, (2020, 2021))
    if kind == "pandemic bump":
        values = values + 2.0 * pandemic
    rounding = 0.0
    if kind == "rounded":
        values, rounding = np.round(values), 0.5
    if kind == "missing years":
        keep = ~np.isin(years, (2018, 2023))
        years, values, pandemic = years[keep], values[..., keep], pandemic[keep]
    if len(years) < FEWEST_YEARS:
        return None
    full, lower, upper = verdicts(years, values, estimate(years, values), rounding)
    if (~pandemic).sum() >= FEWEST_YEARS and pandemic.any():
        calm, quiet = years[~pandemic], values[..., ~pandemic]
        without, low, high = verdicts(calm, quiet, estimate(calm, quiet), rounding)
        if kind == "pandemic bump":
            lower, upper = low, high
        full = np.where(full == without, full, 0)
    elif pandemic.any():
        full = np.zeros_like(full)  # refused: cannot be told from the pandemic
    called = np.mean(full == np.sign(change)) if change else np.mean(full != 0)
    return 100 * called, 100 * np.mean((lower <= truth) & (truth <= upper))


def trends(generator) -> None:
    kinds = ["plain", "shared shocks", "rounded", "missing years", "pandemic bump", "single series"]
    print("| series | years | autocorrelation | false verdicts | coverage | found |")
    print("|---|---|---|---|---|---|")
    for kind in kinds:
        for length in (6, 9, 12, 15):
            for autocorrelation in (0.0, 0.3, 0.6):
                still = cell(generator, length, autocorrelation, kind)
                if still is None:
                    continue
                moved = cell(generator, length, autocorrelation, kind, change=3.0)
                print(
                    f"| {kind} | {length} | {autocorrelation} | {still[0]:.1f} % | "
                    f"{still[1]:.1f} % | {moved[0]:.0f} % |"
                )
                sys.stdout.flush()


def broken(generator, first, last, autocorrelation, kind, step=0.0):
    """Simulate one row: shares of verdicts, of clear steps, and coverage of step and slope."""
    length = last + 1 - first
    years, values = series(generator, length, autocorrelation, kind, last)
    values = values + step * (years >= START)
    rounding = 0.5 if kind == "rounded" else 0.0
    values = np.round(values) if rounding else values
    estimated = np.round(np.maximum(estimate(years, values, segmented), LEAST), 2)
    clear, covered = np.empty((2, len(values)), bool), np.empty((len(values), 2), bool)
    for value in np.unique(estimated):
        rows = estimated == value
        found, errors, dof = changes(years, values[rows, 0], rounding, float(value))
        margin = stats.t.ppf((1 + LEVEL) / 2, dof) * errors
        covered[rows] = (np.abs(found - [0, step, 0]) <= margin)[:, 1:]
        clear[:, rows] = called(found, errors, dof)
    return 100 * clear.any(axis=0).mean(), 100 * clear[0].mean(), *(100 * covered.mean(axis=0))


def interrupted(generator) -> None:
    spans = [(2017, 2025), (2016, 2023), (2016, 2024), (2016, 2025), (2014, 2025), (2011, 2025)]
    print("| series | years | autocorrelation | false verdicts | level | change of slope | found |")
    print("|---|---|---|---|---|---|---|")
    for kind in ("plain", "shared shocks", "rounded", "single series"):
        for first, last in spans:
            row = f"| {kind} | {first}–{last} ({last + 1 - first})"
            if not enough(np.arange(first, last + 1)):
                print(f"{row} | any | refused | – | – | – |")
                continue
            for autocorrelation in (0.0, 0.3, 0.6):
                still = broken(generator, first, last, autocorrelation, kind)
                moved = broken(generator, first, last, autocorrelation, kind, step=3.0)
                print(
                    f"{row} | {autocorrelation} | {still[0]:.1f} % | {still[2]:.1f} % | "
                    f"{still[3]:.1f} % | {moved[1]:.0f} % |"
                )
                sys.stdout.flush()


def newey_west_verdicts(generator, sets=2000) -> None:
    print("| years | autocorrelation | false verdicts, Newey–West | false verdicts, ours |")
    print("|---|---|---|---|")
    for length in (6, 9, 12, 15):
        for autocorrelation in (0.0, 0.3, 0.6):
            years, values = series(generator, length, autocorrelation, "plain")
            design, lags = straight(years), int(4 * (length / 100) ** (2 / 9))
            margin = stats.t.ppf((1 + LEVEL) / 2, length - 2)
            wrong = 0
            for one in values[:sets, 0]:
                fitted = OLS(one, design).fit(
                    cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
                )
                wrong += abs(fitted.params[1]) > margin * fitted.bse[1]
            ours = np.mean(verdicts(years, values, estimate(years, values), 0.0)[0] != 0)
            print(f"| {length} | {autocorrelation} | {100 * wrong / sets:.1f} % | "
                  f"{100 * ours:.1f} % |")  # fmt: skip
            sys.stdout.flush()


def main() -> None:
    tables = {"trends": trends, "interrupted": interrupted, "newey_west": newey_west_verdicts}
    for name in sys.argv[1:] or tables:
        tables[name](np.random.default_rng(20261121))


if __name__ == "__main__":
    main()
