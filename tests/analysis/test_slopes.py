"""Partial pooling against R and against simulation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.series import noise

import naravard as nv
from naravard.analysis.slopes import random_slopes
from naravard.sentences.say import sentence

DATA = Path(__file__).with_name("sleepstudy.csv")


def test_average_error_and_spread_of_slopes_equal_r_lme4():
    # R's lmer(Reaction ~ Days + (Days | Subject), sleepstudy): slope 10.467, standard error 1.546,
    # standard deviation of the subjects' slopes 5.922.
    table = pd.read_csv(DATA, comment="#")
    series = {str(k): g.set_index("Days")["Reaction"] for k, g in table.groupby("Subject")}
    model = random_slopes(series)
    assert round(model.slope, 3) == 10.467
    assert round(model.slope_error, 3) == 1.546
    assert round(model.between, 3) == 5.922
    # coef(): 19.67 for subject 308; there intercepts pull along a little.
    assert model.table.loc["308", "shrunken"] == pytest.approx(19.67, abs=0.03)


def test_every_slope_is_drawn_towards_the_average():
    model = nv.region_slopes(nv.load_indicator("avoidable_inpatient_care"), "03").model
    ols, shrunken = model.table["ols"] - model.slope, model.table["shrunken"] - model.slope
    assert (shrunken.abs() <= ols.abs() + 1e-12).all()
    assert (model.table["lower"] <= model.table["shrunken"]).all()


@pytest.mark.parametrize("autocorrelation", [0.0, 0.6])
def test_where_no_region_differs_hardly_any_set_names_one(autocorrelation):
    generator = np.random.default_rng(7)
    years, named, sets = np.arange(2011, 2025), 0, 200
    for _ in range(sets):
        drawn = noise(generator, (21, len(years)), autocorrelation)
        series = {str(k): pd.Series(row, years) for k, row in enumerate(drawn)}
        named += random_slopes(series, autocorrelation=autocorrelation).table["differs"].any()
    # Benjamini and Hochberg promise 5 % of sets; chance has a standard error of 1.5 %.
    assert named / sets <= 0.05 + 3 * 0.0155


def test_a_region_that_does_differ_is_named():
    rows = nv.load_indicator("avoidable_inpatient_care")
    own = rows["region"] == "03"
    rows.loc[own, "value"] = 600 + 40 * (rows.loc[own, "year"] - 2016)
    result = nv.region_slopes(rows, "03")
    assert list(result.model.table.index[result.model.table["differs"]])[:1] == ["03"]
    assert "Region Uppsala" in sentence(result, "sv").split("ändrades annorlunda")[0]


def test_too_few_regions_is_said():
    result = nv.region_slopes(nv.load_indicator("sick_leave_total"), "03")
    assert result.model is None
    assert "För få regioner" in sentence(result, "sv")
    assert nv.plot(result, "sv").alt.endswith("Inga värden att visa.")


def test_region_without_enough_years_is_told_so():
    rows = nv.load_indicator("readmission_30d_65plus")
    assert "har för få år" in sentence(nv.region_slopes(rows, "14"), "sv")
    figure = nv.plot(nv.region_slopes(rows, "24"), "en")
    assert "Västerbotten" in figure.data.index and len(figure.data) == 19
