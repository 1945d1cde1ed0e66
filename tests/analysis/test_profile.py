"""A region's profile, the regions like it, and Region Stockholm's sheet."""

import dataclasses

import pandas as pd
import pytest

import naravard as nv
from naravard import regions
from naravard.analysis.profile import INDICATORS, distances
from naravard.catalogue import indicator
from naravard.sentences.profile import positions
from naravard.sentences.say import sentence

REGIONS = [region.code for region in regions.REGIONS]


@pytest.fixture(scope="module")
def background():
    return nv.load_indicator(INDICATORS)


@pytest.fixture(scope="module")
def profiles(background):
    fixed = nv.load_costs(price_year=2023)

    def one(region):
        rows = nv.load_indicator(nv.profile_indicators(region))
        return nv.profile(rows, region, nv.similar_regions(background, region), fixed)

    return {region: one(region) for region in ("00", "01", "09", "14")}


def test_distance_is_what_the_words_say():
    # Three regions that differ in one aspect only: half, the same and twice the people. On the
    # logarithmic scale these are -1, 0 and 1 standard deviations.
    features = pd.DataFrame(
        {"population": [1000.0, 2000.0, 4000.0], "share_80plus": [5.0, 5.0, 5.1],
         "dependency_ratio": [70.0, 80.0, 80.0], "population_density": [10.0, 20.0, 20.0]},
        index=list("abc"),
    )  # fmt: skip
    found = distances(features)
    # Standardised by hand: size -1, 0, 1; share -1, -1, 2 over sqrt(3); ratio and density -2, 1, 1
    # over sqrt(3).
    assert found.at["b", "c"] ** 2 == pytest.approx(1 + (9 / 3 + 0) / 2 + 0)
    assert found.at["a", "b"] ** 2 == pytest.approx(1 + (0 + 9 / 3) / 2 + 9 / 3)
    assert found.at["a", "c"] ** 2 == pytest.approx(4 + (9 / 3 + 9 / 3) / 2 + 9 / 3)
    assert (found == found.T).all(axis=None) and found.at["a", "a"] == 0


def test_similar_regions_rest_on_the_published_values(background, published):
    assert set(background["indicator"]) == set(INDICATORS)
    for region in ("01", "09", "17"):
        result = nv.similar_regions(background, region)
        assert result.year == 2024 and result.table.index[0] == region
        assert result.table["distance"].is_monotonic_increasing and len(result.table) == 21
        for code, row in result.table.iterrows():
            assert row["share_80plus"] == float(published["scb:share_80plus", code, 2024, "T"][0])
            assert row["population"] == float(published["scb:population", code, 2024, "T"][0])
    # Värmland and Gävleborg have nearly the same people, age and density; Stockholm has no like.
    assert nv.similar_regions(background, "17").similar[0] == "21"
    assert nv.similar_regions(background, "21").similar[0] == "17"
    assert "Ingen region är riktigt lik" in sentence(nv.similar_regions(background, "01"), "sv")
    assert "really alike" not in sentence(nv.similar_regions(background, "17"), "en")


def test_a_region_is_not_like_itself_and_riket_has_none(background):
    for region in REGIONS[1:]:
        result = nv.similar_regions(background, region)
        assert len(result.similar) == 4 and region not in result.similar
    riket = nv.similar_regions(background, "00")
    assert riket.similar == () and "no similar regions" in sentence(riket, "en")
    with pytest.raises(nv.NaravardError, match="no year has population"):
        nv.similar_regions(background[background["region"] != "09"], "01")


def test_profile_shows_published_values_and_the_trends_of_their_own_pages(profiles, published):
    for region in ("01", "09", "14"):
        standing = {one.indicator: one for one in profiles[region].everything}
        avoidable = standing["avoidable_inpatient_care"]
        assert avoidable.year == 2024
        assert avoidable.value == float(published["kolada:U79133", region, 2024, "T"][0])
        assert avoidable.nation == float(published["kolada:U79133", "00", 2024, "T"][0])
        for id in ("avoidable_inpatient_care", "readmission_30d_65plus", "trust_in_health_care"):
            assert standing[id].trend == nv.trend(nv.load_indicator(id), region)
    assert standing["readmission_30d_65plus"].year is None  # Västra Götaland


def test_trends_of_money_are_in_fixed_prices(profiles):
    costs = nv.load_costs("health_care_net_cost_incl_drugs", price_year=2023)
    for region in ("01", "09"):
        standing = {one.indicator: one for one in profiles[region].everything}
        one = standing["health_care_net_cost_incl_drugs"]
        assert one.price_year == 2023 and one.trend == nv.trend(costs, region)
        assert one.year == 2025 and max(one.trend.years) == 2023  # the index ends there
        assert standing["primary_care_cost_share"].price_year is None
        text = repr(nv.table(profiles[region], "sv", direction="resources"))
        assert "i 2023 års priser" in text


@pytest.mark.parametrize("region", ["00", "01", "09", "14"])
def test_the_sentence_counts_every_measure_once(profiles, region):
    profile = profiles[region]
    verdicts = ["no value" if one.year is None else one.trend.verdict for one in profile.everything]
    tested = sum(v not in ("no value", "too few years", "no data") for v in verdicts)
    text = sentence(profile, "en")
    assert f"of {len(verdicts)} indicators, {tested} have enough years" in text
    assert f"{verdicts.count('too few years')} have too few years" in text
    assert f"{verdicts.count('no value')} have no value" in text
    assert f"up to {0.05 * tested:.1f} of the conclusions" in text


def test_every_measure_stands_in_one_table(profiles):
    for region, profile in profiles.items():
        shown = ""
        for direction in profile.standings:
            shown += repr(nv.table(profile, "en", direction=direction))
        for id in nv.profile_indicators(region):
            name = nv.indicator(id).short_name.en
            assert name[1:] in shown, (region, id)
    with pytest.raises(nv.NaravardError, match="did you mean 'quality'"):
        nv.table(profiles["01"], direction="qualty")


def test_the_figure_and_its_message_say_the_same(profiles):
    # Avoidable inpatient care 2024: Stockholm 760.9, Riket 562.2.
    figure = nv.plot(profiles["01"], "en")
    row = figure.data.loc["Avoidable inpatient care"]
    assert (row["Stockholm"], row["unit"], row["year"]) == (760.9, "per 100,000 inhabitants", 2024)
    away = row["distance in standard deviations"]
    regions = nv.load_indicator("avoidable_inpatient_care", years=2024)
    spread = regions.loc[regions["region"] != "00", "value"].std()
    assert away == pytest.approx((760.9 - 562.2) / spread, abs=0.005)
    assert f"avoidable inpatient care +{away:.1f}" in figure.alt
    assert figure.alt == positions(profiles["01"], "en")
    # Numbers of doctors add up to Riket's: no distance from it.
    assert not any(name.startswith("Doctors employed by") for name in figure.data.index)
    assert "Riket: regionernas spridning" in nv.plot(profiles["00"], "sv").alt


def test_profile_of_another_region_is_refused(background):
    rows = nv.load_indicator(["trust_in_health_care"])
    with pytest.raises(nv.NaravardError, match="those of 09, not of 01"):
        nv.profile(rows, "01", nv.similar_regions(background, "09"))


def test_stockholms_sheet_stands_beside_the_collection_and_others_have_none():
    result = nv.status("outcome_boxes", "01")
    boxes = result.boxes.set_index("en")
    assert len(boxes) == 16 and boxes["value"].notna().sum() == 9
    # The sheet prints 68, 648 and 13 255; Kolada has 67.9, 668.5 (a later edition) and 13 198.2.
    trust, avoidable, episodes = (
        boxes.loc[name] for name in ("Trust in health care",
                                     "Avoidable inpatient care for chronic disease",
                                     "Inpatient episodes per 100,000 inhabitants")
    )  # fmt: skip
    assert (trust["value"], trust["then"], trust["nation_value"]) == (68, 67.9, 69)
    assert (avoidable["value"], avoidable["then"], avoidable["nation_value"]) == (648, 668.5, 556)
    assert (episodes["value"], episodes["then"]) == (13255, 13198.2)
    assert avoidable["relation"] == "other_edition"
    text = sentence(result, "sv")
    assert "9 av bladets 16 rutor har ett värde, och för 5 av dem" in text
    assert "påverkbar slutenvård 648 / 668,5" in text
    table = repr(nv.table(result, "sv"))
    assert "nästan säker" in table and "sluten av platsen i bilden" in table
    result = nv.status("outcome_boxes", "gotland")
    assert result.boxes.empty and "no sheet of outcomes" in sentence(result, "en")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (",orange,", ",red,", "row 4: box 'red'"),
        (",near_certain,", ",sure,", "row 7: certainty 'sure'"),
        (",648,", ",648 per,", "row 7: value '648 per'"),
    ],
)
def test_an_edited_sheet_stops_the_build(collection, monkeypatch, before, after, message):
    from naravard.data import build, raw

    file = next((collection / "data/raw/region_stockholm/outcome_boxes").glob("*.csv"))
    file.write_text(file.read_text("utf-8").replace(before, after, 1), "utf-8")
    monkeypatch.setattr(raw, "problems", list)  # the checksum would stop it first
    with pytest.raises(nv.NaravardError, match=message):
        build.observations()


def test_what_concerns_the_region_is_said_once():
    ids = nv.profile_indicators("14")
    text = nv.limits(ids, "14", "en", own_only=True).text
    assert text.count("SCB announced a correction") == 1
    assert "level jump in the cost series" in text
    assert "Kolada truncates" not in text  # that concerns all regions


def test_a_series_that_was_fetched_stands_for_the_one_read_from_documents(monkeypatch):
    from naravard.data import load

    assert "sick_leave_total" in load.profile_indicators("03")
    built = load.awaiting
    monkeypatch.setattr(load, "awaiting", lambda id: id != "sick_leave_kolada" and built(id))
    found = load.profile_indicators("03")
    assert "sick_leave_kolada" in found and "sick_leave_total" not in found


def test_a_long_list_of_measures_ends_with_how_many_more(profiles):
    whole = profiles["00"]
    [rising] = [one for one in whole.everything if one.indicator == "avoidable_inpatient_care"]
    many = dataclasses.replace(whole, standings={"quality": (rising,) * 9})
    short = indicator("avoidable_inpatient_care").short_name
    for language, more in {"sv": "4 till", "en": "4 more"}.items():
        text = sentence(many, language)
        assert text.count(short[language].lower()) == 5 and more in text
