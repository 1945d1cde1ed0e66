import pytest

import naravard as nv
from naravard import catalogue as cat
from naravard import paths
from naravard.errors import NaravardError


def test_every_indicator_is_complete_in_both_languages():
    for id, entry in cat.catalogue().indicators.items():
        for words in (entry.name, entry.question, entry.definition, *entry.caveats):
            assert words.sv.strip() and words.en.strip(), id
            assert words.sv != words.en or words.sv.startswith("index"), id


LONG = ("primary_care_cost", "specialised_somatic_cost", "specialised_psychiatric_cost",
        "primary_care_share_of_care_areas")  # fmt: skip
JUMPS = {"04": [2018, 2023], "06": [2021], "12": [2021, 2023], "14": [2012, 2013, 2014, 2024],
         "23": [2023], "25": [2021]}  # fmt: skip


@pytest.mark.parametrize("id", LONG)
def test_level_jumps_of_the_long_cost_series_are_breaks(id):
    for region, years in JUMPS.items():
        assert [b.year for b in cat.indicator(id).breaks_for(region)] == years
    assert {2018, 2020} <= {b.year for b in cat.indicator(id).breaks_for("03")}
    assert cat.indicator(id).breaks_for("01") == ()


@pytest.mark.parametrize(
    ("id", "region", "years"),
    [
        ("emergency_visits_80plus", "10", [2017]),
        ("emergency_visits_80plus", "14", [2017]),
        ("phone_answered_same_day", "01", [2024]),
        ("assessment_within_3_days", "18", [2025]),
        ("assessment_within_3_days", "21", [2025]),
        ("assessment_within_3_days", "25", [2025]),
        ("primary_care_cost", "00", [2021, 2023]),
        ("specialised_somatic_cost", "00", [2023]),
        ("primary_care_cost_share", "14", [2024]),
        ("emergency_visits_80plus", "03", []),  # a break concerns only the regions that it names
    ],
)
def test_known_traps_are_breaks(id, region, years):
    assert [b.year for b in cat.indicator(id).breaks_for(region)] == years


@pytest.mark.parametrize(
    ("id", "region", "words"),
    [
        ("primary_care_net_cost", "00", "0.6 percent too low"),
        ("primary_care_net_cost", "03", "Home care attached"),
        ("primary_care_cost_share", "00", "Västra Götaland drives"),
        ("health_care_net_cost", "12", "SCB announced a correction"),
        ("primary_care_cost", "05", "N70061"),
        ("specialised_psychiatric_cost", "03", "booked as somatic"),
        ("readmission_30d_65plus", "00", "slight fall cannot be seen"),
        ("readmission_30d_65plus", "05", "whole percent"),
        ("readmission_30d_65plus", "05", "truncates decimals"),
        ("avoidable_inpatient_care", "00", "599.6 (2021)"),
        ("avoidable_inpatient_care", "00", "556"),
        ("patient_survey_primary_care", "05", "Even years"),
        ("sick_leave_total_scb", "00", "6.9 and 3.7"),
    ],
)
def test_known_traps_are_caveats(id, region, words):
    assert any(words in caveat.en for caveat in cat.indicator(id).caveats_for(region))


def test_gaps_have_their_reasons():
    readmissions = cat.indicator("readmission_30d_65plus")
    assert "Västra Götaland" in readmissions.gap("14", 2020).sv
    assert readmissions.gap("07", 2016) is None
    assert "Kronoberg" in readmissions.gap("07", 2017).en


def test_unknown_indicator_names_the_closest():
    with pytest.raises(NaravardError, match="did you mean 'readmission_30d_65plus'"):
        cat.indicator("readmission_30d_65pluss")


GOOD = paths.CATALOGUE.read_text("utf-8")
AVOIDABLE = 'indicators = ["avoidable_inpatient_care"]'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('polarity = "down"', 'polarity = "downward"', r"polarity"),
        ('unit = "per_1000"\n', 'unit = "per_thousand"\n', "unknown unit 'per_thousand'"),
        ("reviewed = 2026-11-21", "", "reviewed: Field required"),
        ('numerator = "primary_care_net_cost"', 'numerator = "primary_care"', "unknown"),
        ("decimals = 1", 'decimals = 1\ncolour = "red"', "colour"),
        ('regions = ["10"]', 'regions = ["11"]', "gaps.2.regions.0"),
        ("[units.percent]", "[units.percent", "catalogue.toml"),
        ('at_risk = ["population"]', 'at_risk = ["folk"]', "at risk from unknown 'folk'"),
        ('at_risk = ["population"]', 'at_risk = ["share_80plus"]', "persons and shares"),
        ("base = 1000\n", "", "the unit is not a rate"),
        (AVOIDABLE, 'indicators = ["avoidable"]', "unknown"),
        (AVOIDABLE, 'indicators = ["inpatient_episodes"]', "either at_risk or a reason"),
    ],
)
def test_a_broken_catalogue_names_indicator_and_field(tmp_path, old, new, message):
    path = tmp_path / "catalogue.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(NaravardError, match=message):
        cat.read(path)


def test_county_areas_are_those_of_the_boundaries(county_map):
    stored = nv.load_indicator("county_area").set_index("region")["value"]
    areas = county_map.county_areas()
    assert {code: round(area, 1) for code, area in areas.items()} == stored.drop("00").to_dict()
    # Land and lakes of Gotland and Norrbotten as quoted from SCB by de.wikipedia.org (Gotlands län,
    # Norrbottens län); land alone of the nation, SCB "Land- och vattenarealer 2020". The boundaries
    # are simplified.
    assert areas["09"] == pytest.approx(3166.8, rel=0.02)
    assert areas["25"] == pytest.approx(105208.8, rel=0.02)
    assert 407300 < stored["00"] < 1.1 * 407300
