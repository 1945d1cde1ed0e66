"""Does a verdict keep its promise? Run `python benchmarks/calibration.py` (a few minutes).

Simulates sets of 21 regions' series like ours, 10,000 sets a row, with the very functions that the
notebooks use, and prints for one region of each set: how often the verdict is "rising" or "falling"
when nothing changes, how often the 95 % interval covers the truth, and how often a straight change
of three standard deviations of the noise from first to last year is found.
"""

import sys

import numpy as np

from naravard.analysis.autocorrelation import ASSUMED, joint, lag_one
from naravard.analysis.lines import FEWEST_YEARS, line

SETS, REGIONS = 10_000, 21


def noise(generator, years, autocorrelation, regions):
    """Autoregressions of variance one: sets × regions × years."""
    values = generator.standard_normal((SETS, regions, years))
    for t in range(1, years):
        values[..., t] = (
            autocorrelation * values[..., t - 1] + np.sqrt(1 - autocorrelation**2) * values[..., t]
        )
    return values


def learn(years, values):
    """The joint autocorrelation of each set."""
    if values.shape[1] == 1:
        return np.full(len(values), ASSUMED)
    raw = np.nan_to_num(lag_one(years, values))
    return joint(list(raw.T), [tuple(years)] * values.shape[1])


def verdicts(years, values, learnt, rounding):
    """-1, 0 or 1 for the first region of each set, and whether the interval covers zero."""
    lower, upper = np.empty(len(values)), np.empty(len(values))
    rounded = np.round(learnt, 2)
    for value in np.unique(rounded):
        rows = rounded == value
        slope, _, _, reach = line(years, values[rows, 0], rounding, float(value))
        lower[rows], upper[rows] = slope - reach, slope + reach
    return np.where(lower > 0, 1, np.where(upper < 0, -1, 0)), lower, upper


def cell(generator, length, autocorrelation, kind, change=0.0):
    """Simulate one row and return (share of verdicts, coverage)."""
    years = np.arange(2026 - length, 2026, dtype=float)
    regions = 1 if kind == "single series" else REGIONS
    values = noise(generator, length, autocorrelation, regions)
    if kind == "shared shocks":
        shared = noise(generator, length, autocorrelation, 1)
        values = np.sqrt(0.5) * values + np.sqrt(0.5) * shared
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
    full, lower, upper = verdicts(years, values, learn(years, values), rounding)
    if (~pandemic).sum() >= FEWEST_YEARS and pandemic.any():
        calm, quiet = years[~pandemic], values[..., ~pandemic]
        without, low, high = verdicts(calm, quiet, learn(calm, quiet), rounding)
        if kind == "pandemic bump":
            lower, upper = low, high
        full = np.where(full == without, full, 0)
    elif pandemic.any():
        full = np.zeros_like(full)  # refused: cannot be told from the pandemic
    called = np.mean(full == np.sign(change)) if change else np.mean(full != 0)
    return 100 * called, 100 * np.mean((lower <= truth) & (truth <= upper))


def main() -> None:
    generator = np.random.default_rng(20261121)
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


if __name__ == "__main__":
    main()
