"""Intervals of proportions and rates against results from outside."""

import numpy as np
import pytest
from scipy import stats

import naravard as nv
from naravard.analysis.rates import byar, rate, wilson


@pytest.mark.parametrize(
    ("part", "whole", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_equals_newcombes_table(part, whole, lower, upper):
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3 (score, no correction).
    assert np.round(wilson(part, whole), 4) == pytest.approx([lower, upper])


def test_wilson_equals_the_public_health_statistics_of_england():
    # PHStatsMethods (DHSC), ph_statistical_methods/archive/tests_old.py: wilson(100, 10000).
    lower, upper = wilson(100, 10_000)
    assert 100 * lower == pytest.approx(0.8229336148148417, rel=1e-12)
    assert 100 * upper == pytest.approx(1.2146982255114647, rel=1e-12)


def test_byar_equals_a_published_example():
    # The documentation of the Ruby gem "byar", 100 observed and 90 expected: upper limit
    # 121.628347 events, ratio 0.90402 to 1.35143. It takes z = 1.96, hence no more decimals here.
    lower, upper = byar(100)
    assert round(float(upper), 3) == 121.628
    assert (round(float(lower) / 90, 4), round(float(upper) / 90, 4)) == (0.9040, 1.3514)


def test_byars_lower_limit_equals_the_public_health_statistics_of_england():
    # The same file: byars_lower(100). Its upper limit, 121.6246, is not that of Breslow and Day.
    assert byar(100)[0] == pytest.approx(81.36210549052788, rel=1e-12)


def test_byar_lies_within_a_fifth_of_a_percent_of_the_exact_limits():
    # What Public Health England's technical guide on confidence intervals (2018) says of counts of
    # ten or more.
    counts = np.arange(10, 2000)
    lower, upper = byar(counts)
    assert np.abs(lower / (stats.chi2.ppf(0.025, 2 * counts) / 2) - 1).max() < 0.002
    assert np.abs(upper / (stats.chi2.ppf(0.975, 2 * counts + 2) / 2) - 1).max() < 0.002


def test_few_events_get_the_exact_limits():
    # R's survival::cipoisson(4), in its documentation: 1.089865 to 10.24153 (found by iteration);
    # R's epitools::pois.exact(0): upper limit 3.689.
    lower, upper = byar([0, 4])
    assert lower[0] == 0 and round(float(upper[0]), 3) == 3.689
    assert round(float(lower[1]), 6) == 1.089865
    assert upper[1] == pytest.approx(10.24153, abs=1e-4)


def test_rate_is_given_per_base():
    values, lower, upper = rate([100], [10_000], base=100_000)
    assert values == [1000]
    assert lower == pytest.approx([813.6210549], rel=1e-9) and np.round(upper, 1) == [1216.3]


@pytest.mark.parametrize(
    ("call", "message"),
    [(lambda: wilson(3, 2), "numerators from 0"), (lambda: wilson(0, 0), "numerators from 0"),
     (lambda: byar(-1), "below zero"), (lambda: rate(1, 0, 1), "population above zero")],
)  # fmt: skip
def test_impossible_numbers_are_refused(call, message):
    with pytest.raises(nv.NaravardError, match=message):
        call()
