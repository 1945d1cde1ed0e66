"""Funnel limits against R and published tables, and on the collection's own figures."""

import numpy as np
import pytest

import naravard as nv
from naravard.analysis import funnel as f
from naravard.catalogue import catalogue
from naravard.errors import NaravardError
from naravard.sentences.say import sentence

VISITS, EPISODES = "emergency_visits_80plus", "inpatient_episodes"


def result(id, region):
    people = nv.load_indicator(nv.indicator(id).at_risk)
    return nv.funnel(nv.load_indicator(id), region, people)


# Kacker (2004), Metrologia 41:132, nine laboratories; R's metafor, rma(y, v, method = "DL"), as
# printed in statsmodels (stats/tests/results/results_meta.py, exk1_dl): the fixed-effect mean is
# the weighted one, QE = 24.801897741835 with eight degrees of freedom, tau2 = 0.288049246973751.
KACKER = np.array([61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9])
VARIANCES = np.array([0.2025, 1.21, 0.09, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225])


def test_phi_and_tau_equal_those_of_r_metafor():
    errors = np.sqrt(VARIANCES)
    mean = np.average(KACKER, weights=1 / VARIANCES)
    phi = f.overdispersion((KACKER - mean) / errors)
    assert phi * len(KACKER) == pytest.approx(24.801897741835, rel=1e-10)
    assert f.between_units(phi, errors) ** 2 == pytest.approx(0.288049246973751, rel=1e-10)
    # No spread beyond chance gives no tau.
    errors = np.full(9, 0.5)
    assert f.between_units(8 / 9, errors) == 0 and f.between_units(0.4, errors) == 0


# UK Health Security Agency, R package PHEindicatormethods, calculate_funnel_limits for a rate,
# tests/testthat/testdata_funnel_rate_outputs.csv (commit 39d5df1f): events in three years, and the
# yearly population and the rate at which so many events lie on the limit of chance alone around
# 116.1720835 per 100 000. Its limits are exact for Poisson, ours those of the square root; the two
# differ by about one event.
EXACT = [
    # events, level, side, population of one year, limit
    (257, 95, 0, 83329.80836, 102.8043486),
    (257, 95, 1, 65000.41486, 131.7940306),
    (257, 99.8, 0, 89091.53139, 96.15579094),
    (257, 99.8, 1, 60339.9203, 141.9734502),
    (1360, 95, 0, 411529.9259, 110.158048),
    (1360, 95, 1, 369759.5622, 122.6021934),
    (1360, 99.8, 0, 424043.2424, 106.9073359),
    (1360, 99.8, 1, 358342.3275, 126.5084525),
]


@pytest.mark.parametrize(("events", "level", "side", "population", "limit"), EXACT)
def test_limits_of_chance_equal_the_exact_ones_within_two_events(
    events, level, side, population, limit
):
    ends = f.funnel_limits(116.1720835e-5, 3 * population, level)
    assert 1e5 * ends[side] == pytest.approx(limit, rel=2 / events)


def test_limits_are_those_at_which_z_scores_reach_their_width():
    for tau in (0, 0.05):
        low, high = f.funnel_limits(0.6, 5000.0, 95, tau)
        assert f.z_scores(high, 5000, 0.6, tau) == pytest.approx(1.959964, abs=1e-6)
        assert f.z_scores(low, 5000, 0.6, tau) == pytest.approx(-1.959964, abs=1e-6)
    assert f.width(99.8) == pytest.approx(3.090232, abs=1e-6)
    assert f.funnel_limits(0.001, 100, 95)[0] == 0
    # R: quantile(0:20, c(0.1, 0.9)) is 2 and 18.
    assert f.winsorise(np.arange(21.0)).tolist() == [2, 2, *range(2, 19), 18, 18]


def test_where_chance_alone_is_at_work_nothing_is_found():
    generator = np.random.default_rng(1)
    people = np.geomspace(5e3, 1e5, 21)
    phis, named = [], 0
    for _ in range(400):
        rates = generator.poisson(0.6 * people) / people
        z = f.z_scores(rates, people, 0.6)
        phis.append(f.overdispersion(f.winsorise(z)))
        tau = f.between_units(phis[-1], 0.5 / np.sqrt(people))
        named += (np.abs(f.z_scores(rates, people, 0.6, tau)) > f.width(95)).sum()
    # Winsorised at ten percent each end, the mean square of a standard normal is 0.68.
    assert np.mean(phis) == pytest.approx(0.68, abs=0.05)
    assert named / (400 * 21) == pytest.approx(0.05, abs=0.01)


def test_expected_outside_is_what_drawing_region_by_region_gives():
    people = np.geomspace(5e3, 1e5, 21)
    # By chance alone about the nominal share; the target is the regions' own, so a little less.
    assert 0.8 < f.expected_outside(people, 0.6, 0, 95) < 0.05 * 21
    generator, found = np.random.default_rng(2), []
    for _ in range(1500):
        means = np.square(np.sqrt(0.6) + 0.05 * generator.standard_normal(21))
        rates = generator.poisson(means * people) / people
        target = (rates * people).sum() / people.sum()
        phi = f.overdispersion(f.winsorise(f.z_scores(rates, people, target)))
        tau = f.between_units(phi, 0.5 / np.sqrt(people))
        found.append((np.abs(f.z_scores(rates, people, target, tau)) > f.width(95)).sum())
    # Chance in the mean of 1 500 draws has a standard error of 0.04.
    assert f.expected_outside(people, 0.6, 0.05, 95) == pytest.approx(np.mean(found), abs=0.16)


@pytest.mark.parametrize("id", [VISITS, EPISODES])
def test_counts_are_rate_times_people_and_add_up_to_the_target(id, published):
    found = result(id, "14")
    assert found.year == 2024 and len(found.table) == 21
    base = {VISITS: 1000, EPISODES: 100000}[id]
    for code in ("09", "14"):
        series = nv.indicator(id).source.series
        rate = float(published[series, code, 2024, "T"][0])
        people = float(published["scb:population", code, 2024, "T"][0])
        if id == VISITS:
            people *= float(published["scb:share_80plus", code, 2024, "T"][0]) / 100
        row = found.table.loc[code]
        assert row["people"] == pytest.approx(people)
        assert row["count"] == pytest.approx(rate * people / base)
    total = base * found.table["count"].sum() / found.table["people"].sum()
    assert found.target == pytest.approx(total)


def test_the_people_at_risk_are_those_behind_the_published_rate():
    # The regions' values weighted with the people at risk give the Riket that Kolada publishes.
    rows, people = nv.load_indicator(VISITS), nv.load_indicator(nv.indicator(VISITS).at_risk)
    for year in range(2016, 2025):
        found = nv.funnel(rows[rows["year"] <= year], "00", people)
        assert found.year == year and found.target == pytest.approx(found.nation, abs=0.3)


def test_national_episodes_lie_above_the_regions_as_the_caveat_says():
    rows, people = nv.load_indicator(EPISODES), nv.load_indicator("population")
    above = {}
    for year in range(2016, 2025):
        found = nv.funnel(rows[rows["year"] <= year], "00", people)
        above[year] = 100 * (found.nation / found.target - 1)
    assert round(min(above.values()), 1) == 1.0
    assert round(max(above.values()), 1) == 2.3 and max(above, key=above.get) == 2016


def test_regions_outside_are_those_beyond_the_lines():
    for id in (VISITS, EPISODES):
        found = result(id, "00")
        for level in f.LEVELS:
            low, high = found.limits(found.table["people"], level)
            beyond = (found.table["rate"] < low) | (found.table["rate"] > high)
            assert set(found.outside(level).index) == set(found.table.index[beyond])
        narrow = found.limits(1e5, 95, overdispersed=False)
        wide = found.limits(1e5, 95)
        assert wide[0] < narrow[0] < found.target < narrow[1] < wide[1]


def test_sentence_names_the_regions_outside_and_the_page_s_own():
    text = sentence(result(VISITS, "03"), "sv")
    assert "17 gånger" in text and "600,3\u00a0per\u00a01\u00a0000" in text
    assert "Region Blekinge (under)" in text and "Region Gotland (över)" in text
    assert "99,8-procentsgränserna: ingen" in text and "Omkring 3 av 21 regioner" in text
    assert "Region Uppsala, 558,2\u00a0per\u00a01\u00a0000, ligger innanför" in text
    text = sentence(result(EPISODES, "09"), "en")
    assert "Outside the 99.8% limits: Region Gotland (above)." in text
    assert "Gotland, " not in text and "published value is 13,011" in text


def test_a_region_without_a_value_and_regions_alike_are_told_so():
    rows, people = nv.load_indicator(VISITS), nv.load_indicator(nv.indicator(VISITS).at_risk)
    absent = rows[~((rows["region"] == "14") & (rows["year"] == 2024))]
    assert "Västra Götalandsregionen saknar värde" in sentence(nv.funnel(absent, "14", people))
    alike = rows.assign(value=600.0)
    assert "no more than chance" in sentence(nv.funnel(alike, "09", people), "en")
    few = rows[rows["region"].isin(["00", "01", "03"])]
    nothing = nv.funnel(few, "03", people)
    assert nothing.year is None and "hälften av regionerna" in sentence(nothing, "sv")
    assert nv.plot(nothing, "sv").alt.endswith("Inga värden att visa.")


def test_every_other_indicator_has_a_reason():
    for entry in catalogue().indicators.values():
        assert bool(entry.at_risk) == (entry.no_limits is None)
    for id, words in (("readmission_30d_65plus", "Numerators".lower()),
                      ("avoidable_inpatient_care", "age-standardised"),
                      ("primary_care_cost_share", "no counts"),
                      ("trust_in_health_care", "respondents")):  # fmt: skip
        found = nv.funnel(nv.load_indicator(id), "09")
        assert words in sentence(found, "en")
        with pytest.raises(NaravardError, match=f"no funnel for {id}"):
            nv.plot(found)
        assert found.reason.sv in repr(nv.limits(id, "09", "sv"))


def test_people_at_risk_must_be_given():
    rows = nv.load_indicator(VISITS)
    with pytest.raises(NaravardError, match="need population, share_80plus: load them"):
        nv.funnel(rows, "00")
    with pytest.raises(NaravardError, match="load them"):
        nv.funnel(rows, "00", nv.load_population())


@pytest.mark.parametrize(("region", "language"), [("09", "sv"), ("14", "en")])
def test_figure_shows_its_regions_and_limits(region, language):
    found = result(VISITS, region)
    figure = nv.plot(found, language)
    assert figure.data.at["Gotland", "2024"] == 779.0 and len(figure.data) == 21
    low, high = found.limits(found.table.at[region, "people"], 95)
    name = {"sv": "Gotland", "en": "Västra Götaland"}[language]
    assert figure.data.loc[name].iloc[2:4].tolist() == pytest.approx([low, high], abs=0.05)
    assert figure.alt == sentence(found, language).replace("*", "")
    assert figure.png == nv.plot(found, language).png


def test_limits_page_names_the_people_at_risk():
    text = repr(nv.limits(VISITS, "09", "en"))
    assert "derived, not published" in text and "population on 31 December × share of" in text
    assert "folkmängd den 31 december" in repr(nv.limits(EPISODES, "14", "sv"))
