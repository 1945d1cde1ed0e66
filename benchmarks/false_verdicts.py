"""How often a trend is called where nothing changes: run `python benchmarks/false_verdicts.py`.

Simulates first-order autoregressive series without a trend, 4,000 for each length and
autocorrelation, and counts "rising" and "falling"; then the same series with a straight change of
three and of six standard deviations of the noise from the first year to the last.
"""

import numpy as np

from naravard.analysis.trends import fit

SERIES = 4000


def noise(generator, years: int, autocorrelation: float) -> np.ndarray:
    values = np.empty((SERIES, years))
    values[:, 0] = generator.standard_normal(SERIES)
    scale = np.sqrt(1 - autocorrelation**2)
    for t in range(1, years):
        fresh = scale * generator.standard_normal(SERIES)
        values[:, t] = autocorrelation * values[:, t - 1] + fresh
    return values


def main() -> None:
    generator = np.random.default_rng(20261121)
    print("| years | autocorrelation | false verdicts | found: change of 3 sd | change of 6 sd |")
    print("|---|---|---|---|---|")
    for years in (6, 9, 12, 15):
        for autocorrelation in (0.0, 0.3, 0.6):
            values = noise(generator, years, autocorrelation)
            line = np.linspace(0, 1, years)
            shares = []
            for change in (0, 3, 6):
                called = [
                    fit(range(years), row).verdict != "no clear change"
                    for row in values + change * line
                ]
                shares.append(f"{100 * np.mean(called):.1f} %")
            print(f"| {years} | {autocorrelation} | {' | '.join(shares)} |", flush=True)


if __name__ == "__main__":
    main()
