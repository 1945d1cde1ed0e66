"""Trends against results from outside."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from support.series import noise, rows

import naravard as nv
from naravard.analysis.autocorrelation import joint, lag_one
from naravard.analysis.regression import fit
from naravard.regions import CODES
from naravard.sentences.say import sentence


def test_least_squares_equals_r_when_years_are_independent():
    # R's lm(pop ~ year) on a yearly population series, as printed in Stack Overflow
    # question 60874710: slope 102539, standard error 2105, t 48.71 on 8 degrees of freedom.
    years = np.arange(2010, 2020)
    people = [9574323, 9657592, 9749476, 9843336, 9932887, 10031646, 10154788, 10268233,
              10381615, 10488084]  # fmt: skip
    result = fit(years, people, autocorrelation=0.0)
    assert round(result.slope) == 102539
    assert round(result.standard_error) == 2105
    assert result.degrees_of_freedom == pytest.approx(8)
    assert result.slope / result.standard_error == pytest.approx(48.71, abs=0.005)
    assert result.verdict == "rising"


def test_least_squares_equals_r_on_the_nile():
    # R's lm(Nile ~ c(1:100)): slope -2.7143, standard error 0.5216.
    nile = sm.datasets.nile.load_pandas().data
    result = fit(nile["year"], nile["volume"], autocorrelation=0.0)
    assert round(result.slope, 4) == -2.7143
    assert round(result.standard_error, 4) == 0.5216


def test_error_under_autocorrelation_is_that_of_the_sandwich_formula():
    # Var(b) = (X'X)^-1 X'RX (X'X)^-1 is the least squares slope's variance for errors correlated
    # as R; the residual variance, here by statsmodels, has expectation tr((I - H) R) / (n - 2).
    years = np.array([2010, 2011, 2012, 2013, 2015, 2016, 2017, 2019, 2020], dtype=float)
    X = sm.add_constant(years - years.mean())
    R = 0.6 ** np.abs(np.subtract.outer(years, years))
    bread = np.linalg.inv(X.T @ X)
    slope_variance = (bread @ X.T @ R @ X @ bread)[1, 1]
    H = X @ bread @ X.T
    expected = np.trace((np.eye(9) - H) @ R) / 7
    values = np.array([1, 3, 2, 5, 4, 6, 5, 9, 7.0])
    result = fit(years, values)
    s2 = sm.OLS(values, X).fit().mse_resid
    assert result.standard_error == pytest.approx(np.sqrt(s2 * slope_variance / expected))


def test_theil_sen_equals_sens_own_example():
    # Sen (1968), J. Am. Stat. Assoc. 63:1379, in R's deming package: slope 4.
    times, values = [1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78]
    assert fit(times, values).theil_sen == 4


def test_theil_sen_interval_equals_r_statpsych():
    # R's statpsych::ci.theil(.05, y, x): 0.5, 0.3243243 to 0.75.
    y = [21, 4, 9, 12, 35, 18, 10, 22, 24, 1, 6, 8, 13, 16, 19]
    x = [67, 28, 30, 28, 52, 40, 25, 37, 44, 10, 14, 20, 28, 40, 51]
    result = fit(x, y)
    assert result.theil_sen == 0.5
    assert round(result.theil_sen_lower, 7) == 0.3243243
    assert result.theil_sen_upper == 0.75


def test_mann_kendall_equals_r_trend():
    # R's trend::mk.test, 20 values without ties: S = 148, z = 4.7693, p = 1.849e-06,
    # tau = 0.7789474.
    values = [92198.41, 282731.52, 396542.39, 352845.76, 586221.79, 543623.12, 544850.17,
              656244.33, 711614.67, 760543.96, 1027375.70, 1045817.04, 987044.01, 958197.45,
              1209226.26, 1116664.98, 1252698.09, 1021381.12, 964848.75, 1259175.95]  # fmt: skip
    result = fit(range(20), values)
    assert result.kendall_tau == pytest.approx(0.7789474, abs=5e-8)
    assert result.kendall_p == pytest.approx(1.849e-06, abs=5e-10)


def test_mann_kendall_with_a_tie_equals_the_example_by_hand():
    # College of the Holy Cross, "A Mann-Kendall Example (By Hand)": S = 54, Z = 2.9058, one-sided
    # p = 0.0018.
    values = [12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7]
    assert fit(range(14), values).kendall_p / 2 == pytest.approx(0.0018, abs=5e-5)


@pytest.mark.parametrize("autocorrelation", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("years", [range(9), [0, 1, 2, 3, 4, 7, 8, 9, 10]])
def test_bias_of_short_series_is_the_exact_expectation(autocorrelation, years):
    # The mean over 40,000 simulated series against Magnus's formula, by way of its inverse.
    years = np.array(years, dtype=float)
    values = noise(np.random.default_rng(1), (40_000, int(years[-1]) + 1), autocorrelation)
    raw = lag_one(years, values[:, years.astype(int)])
    estimated = joint(list(raw), [tuple(years)] * len(raw))
    assert estimated == pytest.approx(autocorrelation, abs=0.03)


@pytest.mark.parametrize("autocorrelation", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("estimated", [True, False])
def test_where_nothing_changes_about_one_in_twenty_at_most_is_called_a_change(
    autocorrelation, estimated
):
    sets = 300
    values = noise(np.random.default_rng(20261121), (sets, 21, 12), autocorrelation)
    years = list(range(2008, 2020))
    wrong = 0
    for series in values:
        table = pd.DataFrame(series[: 21 if estimated else 1].T, index=years)
        table.columns = [code for code in CODES if code != "00"][: table.shape[1]]
        rows = table.rename_axis("year").reset_index().melt("year", var_name="region")
        rows = rows.assign(indicator="inpatient_episodes", sex="T", value=rows["value"] * 100)
        change = nv.trend(rows, "01")
        assert change.estimated_from == (21 if estimated else 0)
        wrong += change.verdict != "no clear change"
    # 5 % of 300 is 15; chance has a standard error below 4.
    assert wrong <= 15 + 3 * 4


def test_autocorrelation_is_estimated_from_all_regions_or_assumed():
    rows = nv.load_indicator("readmission_30d_65plus")
    estimated = nv.trend(rows, "24")
    # All regions but Västra Götaland and Kronoberg have series of at least six years.
    assert estimated.estimated_from == 19
    alone = nv.trend(rows[rows["region"] == "24"], "24")
    assert alone.estimated_from == 0 and alone.full.autocorrelation == 0.6
    assert alone.full.lower < estimated.full.lower < estimated.full.upper < alone.full.upper
    assert nv.trend(rows, "00").full.autocorrelation >= 0.6


def test_a_series_rounded_flat_has_the_uncertainty_of_its_rounding():
    flat = fit(range(2016, 2026), [17.0] * 10, rounding=0.5)
    assert flat.slope == 0 and flat.upper > 0.1 and flat.verdict == "no clear change"


def test_verdicts_of_published_series():
    readmissions = nv.load_indicator("readmission_30d_65plus")
    assert nv.trend(readmissions, "00").verdict == "no clear change"  # 17 in 2016, 17 in 2025
    assert nv.trend(readmissions, "Västerbotten").verdict == "falling"  # 18 to 15
    assert nv.trend(readmissions, "vgr").verdict == "no data"
    assert nv.trend(readmissions, "Kronoberg").verdict == "too few years"
    # 6.5 (2007), 4.8 (2010), 7.2 (2022): the gap and the fall before 2010 leave nothing certain.
    assert nv.trend(nv.load_indicator("sick_leave_total"), 0).verdict == "no clear change"


def test_too_few_years_gives_no_number():
    change = nv.trend(rows({y: float(y) for y in range(2016, 2021)}), "03")
    assert change.verdict == "too few years" and change.full is None


def test_trend_does_not_run_across_a_break():
    visits = nv.load_indicator("emergency_visits_80plus")
    blekinge = nv.trend(visits, "10")
    assert min(blekinge.years) == 2017 and blekinge.cut.year == 2017
    assert blekinge.left_out == (2016,)
    assert min(nv.trend(visits, "03").years) == 2016
    phone = nv.trend(nv.load_indicator("phone_answered_same_day"), "00")
    assert phone.years == (2024, 2025) and phone.verdict == "too few years"


def test_a_verdict_that_only_the_pandemic_years_make_is_called_so():
    calm = {y: 18 - 0.5 * (y - 2014) for y in range(2014, 2026)}
    shocked = {**calm, 2020: 40.0, 2021: 40.0}
    change = nv.trend(rows(shocked), "03")
    assert change.full.verdict == "no clear change"
    assert change.without_pandemic.verdict == "falling"
    assert change.verdict == "depends on the pandemic years"


def test_a_change_that_cannot_be_told_from_the_pandemic_is_not_called_one():
    # Gotland's share rises every year 2019–2024, but four years are left without the pandemic.
    share = nv.load_indicator("primary_care_cost_share")
    change = nv.trend(share, "09")
    assert change.full.verdict == "rising" and change.without_pandemic is None
    assert change.verdict == "depends on the pandemic years"
    assert "går inte att skilja från pandemin" in sentence(change, "sv")
    riket = nv.trend(share, "00")
    assert len(riket.years) == 6 and riket.remaining == 4 and riket.without_pandemic is None
    assert "återstår 4 år" in sentence(riket, "sv")


def test_rows_without_the_region_or_of_several_indicators_are_refused():
    uppsala = nv.load_indicator("readmission_30d_65plus", "03")
    with pytest.raises(nv.NaravardError, match="hold no region 09"):
        nv.trend(uppsala, "09")
    with pytest.raises(nv.NaravardError, match="one indicator"):
        nv.trend(pd.concat([nv.load_population("03"), uppsala]), "03")
