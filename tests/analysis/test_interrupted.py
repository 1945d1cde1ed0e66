"""Interrupted series against results from outside and the rule of four years on each side."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from support.series import noise, rows

import naravard as nv
from naravard.analysis.autocorrelation import joint, lag_one
from naravard.analysis.interrupted import LEAST, changes, segmented
from naravard.sentences.say import sentence


def test_step_and_change_of_slope_equal_least_squares():
    years = np.arange(2012.0, 2026)
    values = np.random.default_rng(4).normal(500, 20, 14)
    found, errors, dof = changes(years, values, 0.0, 0.0)
    frame = pd.DataFrame({"y": values, "t": years - 2020, "d": (years >= 2020) * 1.0})
    ols = sm.OLS.from_formula("y ~ t + d + t:d", frame).fit()
    assert found == pytest.approx(ols.params[["t", "d", "t:d"]].to_numpy())
    assert errors == pytest.approx(ols.bse[["t", "d", "t:d"]].to_numpy())
    assert dof == pytest.approx(10)


def test_a_known_step_is_found_where_it_stands():
    values = {y: 600.0 - 5 * (y - 2010) - 80 * (y >= 2020) for y in range(2010, 2026)}
    result = nv.interrupted(rows(values), "03")
    assert result.verdict == "level changed"
    assert result.level.value == pytest.approx(-80) and result.slope == pytest.approx(-5)
    assert result.slope_change.value == pytest.approx(0, abs=1e-9)
    assert "hoppade nedåt 2020" in sentence(result, "sv")
    assert "cannot be told from the pandemic" in sentence(result, "en")


def test_fewer_than_four_years_on_a_side_gives_no_number():
    for years in (range(2017, 2026), range(2008, 2023)):
        result = nv.interrupted(rows({y: float(y) for y in years}), "03")
        assert result.verdict == "too few years"
        assert result.level is result.slope is result.slope_change is None
    assert nv.interrupted(rows({y: float(y % 3) for y in range(2016, 2024)}), "03").level


def test_years_before_a_break_are_left_out():
    blekinge = nv.interrupted(nv.load_indicator("emergency_visits_80plus"), "10")
    assert blekinge.verdict == "too few years" and blekinge.before == 3
    assert "eftersom serien bryts 2017" in sentence(blekinge, "sv")


def test_autocorrelation_is_estimated_from_all_regions_but_never_below_the_least():
    for id in ("emergency_visits_80plus", "avoidable_inpatient_care", "readmission_30d_65plus"):
        observations = nv.load_indicator(id)
        uppsala = nv.interrupted(observations, "03")
        assert uppsala.autocorrelation >= LEAST
        if id == "emergency_visits_80plus":
            assert uppsala.estimated_from >= 10
        assert nv.interrupted(observations, "00").autocorrelation >= 0.6


@pytest.mark.parametrize("truth", [0.0, 0.3, 0.6])
def test_bias_of_an_interrupted_line_is_the_exact_expectation(truth):
    # The mean over 40,000 simulated series against Magnus's formula, by way of its inverse.
    years = np.arange(2013.0, 2026)
    raw = lag_one(years, noise(np.random.default_rng(2), (40_000, 13), truth), segmented)
    estimated = joint(list(raw), [tuple(years)] * len(raw), segmented)
    assert estimated == pytest.approx(truth, abs=0.03)
