import pytest

from naravard import catalogue as cat
from naravard.errors import NaravardError


def test_every_indicator_is_complete_in_both_languages():
    for id, entry in cat.catalogue().indicators.items():
        for words in (entry.name, entry.question, entry.definition, *entry.caveats):
            assert words.sv.strip() and words.en.strip(), id
            assert words.sv != words.en or words.sv.startswith("index"), id


@pytest.mark.parametrize(
    ("id", "region", "year"),
    [
        ("emergency_visits_80plus", "10", 2017),
        ("emergency_visits_80plus", "14", 2017),
        ("phone_answered_same_day", "01", 2024),
        ("assessment_within_3_days", "25", 2025),
        ("primary_care_cost", "00", 2021),
        ("primary_care_share_of_care_areas", "14", 2024),
        ("primary_care_share_of_care_areas", "03", 2018),
        ("primary_care_cost_share", "14", 2024),
    ],
)
def test_known_traps_are_breaks(id, region, year):
    assert year in [b.year for b in cat.indicator(id).breaks_for(region)]


def test_a_break_concerns_only_the_regions_it_names():
    assert cat.indicator("emergency_visits_80plus").breaks_for("03") == ()


def test_gaps_have_their_reasons():
    readmissions = cat.indicator("readmission_30d_65plus")
    assert "Västra Götaland" in readmissions.gap("14", 2020).sv
    assert readmissions.gap("07", 2016) is None
    assert "Kronoberg" in readmissions.gap("07", 2017).en


def test_unknown_indicator_names_the_closest():
    with pytest.raises(NaravardError, match="did you mean 'readmission_30d_65plus'"):
        cat.indicator("readmission_30d_65pluss")


GOOD = cat.PATH.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('good = "down"', 'good = "downward"', r"good"),
        ('unit = "per_1000"\n', 'unit = "per_thousand"\n', "unknown unit 'per_thousand'"),
        ("reviewed = 2026-11-21", "", "reviewed: Field required"),
        ('numerator = "primary_care_net_cost"', 'numerator = "primary_care"', "unknown"),
        ("decimals = 1", 'decimals = 1\ncolour = "red"', "colour"),
        ('regions = ["10"]', 'regions = ["11"]', "gaps.2.regions.0"),
        ("[units.percent]", "[units.percent", "catalogue.toml"),
    ],
)
def test_a_broken_catalogue_names_indicator_and_field(tmp_path, old, new, message):
    path = tmp_path / "catalogue.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(NaravardError, match=message):
        cat.read(path)
