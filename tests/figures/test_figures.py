"""Figures say their message and show the data of their own region, as picture and as files."""

import io
from functools import cache
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

import naravard as nv
from naravard.analysis.profile import INDICATORS

SVG = "{http://www.w3.org/2000/svg}"
CASES = [("00", "sv"), ("09", "en"), ("14", "sv")]


def kinds(region, language):
    share = nv.load_indicator("primary_care_cost_share")
    current = nv.load_costs("primary_care_net_cost")
    fixed = nv.load_costs("primary_care_net_cost", price_year=2023)
    effect = nv.contributions(share, nv.load_population(), "14").leave_out("14")
    areas = nv.load_indicator("primary_care_share_of_care_areas", "09")
    visits = nv.load_indicator("emergency_visits_80plus")
    people = nv.load_indicator(["population", "share_80plus"])
    ways = nv.load_indicator(["named_gp_registered", "named_gp_managers", "named_gp_care_home"])
    targets = nv.load_indicator(["target_named_gp", "target_named_gp_care_home"])
    measures = nv.load_indicator(nv.profile_indicators(region))
    alike = nv.similar_regions(nv.load_indicator(INDICATORS), region)
    profile = nv.profile(measures, region, alike, nv.load_costs(price_year=2023))
    return {
        "against_nation": nv.plot(nv.trend(share, region), language),
        "all_regions": nv.plot(nv.latest(share, region), language),
        "prices": nv.plot(nv.price_change(current, fixed, region), language),
        "leave_one_out": nv.plot(effect, language),
        "slopes": nv.plot(nv.region_slopes(visits, region), language),
        "funnel": nv.plot(nv.funnel(visits, region, people), language),
        "points": nv.plot(nv.points(ways, region, targets), language),
        "profile": nv.plot(profile, language),
        "by region": nv.plot(nv.status("st_posts", region), language),
        "plan": nv.plot(nv.status("action_plan", region), language),
        "nothing": nv.plot(nv.trend(areas, "09"), language),
    }


made = cache(kinds)


@pytest.mark.parametrize(("region", "language"), CASES)
def test_every_kind_is_a_picture_with_a_message_and_data(region, language):
    for name, figure in made(region, language).items():
        picture = Image.open(io.BytesIO(figure.png))
        assert picture.width > 900 and len(picture.getcolors(1 << 16) or range(1 << 16)) > 3, name
        assert len(figure.alt) > 40 and "*" not in figure.alt
        assert figure.data.empty == (name == "nothing")
        data, metadata = figure._repr_mimebundle_()
        assert set(data) == {"image/png", "text/plain"} and figure.alt in data["text/plain"]
        assert metadata == {"image/png": {"alt": figure.alt}}


@pytest.mark.parametrize(("region", "language"), CASES)
def test_every_kind_is_an_svg_whose_text_is_text(region, language):
    for name, figure in made(region, language).items():
        root = ElementTree.fromstring(figure.svg)
        assert root.get("role") == "img", name
        assert root.find(f"{SVG}title").text == figure.title
        assert root.find(f"{SVG}desc").text == figure.alt
        texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
        assert figure.title in texts, name
        assert all("sans-serif" in text.get("style") for text in root.iter(f"{SVG}text"))
        assert b"<dc:date>" not in figure.svg and b"atplotlib" not in figure.svg.split(b"<g ")[0]
        # As wide as high on paper as the picture, in points and in pixels.
        picture = Image.open(io.BytesIO(figure.png))
        wide, high = (float(root.get(side).removesuffix("pt")) for side in ("width", "height"))
        assert (2 * wide, 2 * high) == pytest.approx(picture.size, abs=1)
    funnel = made(region, language)["funnel"].svg.decode()
    texts = [text.text for text in ElementTree.fromstring(funnel).iter(f"{SVG}text")]
    assert texts.count("Blekinge") == 2  # the outline and the name itself


@pytest.mark.parametrize(("region", "language"), CASES)
def test_the_csv_of_every_kind_reads_back_as_its_data(region, language):
    for name, figure in made(region, language).items():
        file = io.BytesIO(figure.csv().encode("utf-8-sig"))
        back = pd.read_csv(file, comment="#", encoding="utf-8-sig", index_col=0)
        pd.testing.assert_frame_equal(
            back, figure.data, check_exact=True, check_index_type=False, check_column_type=False,
            obj=name,
        )  # fmt: skip


def test_the_csv_says_what_its_numbers_are():
    text = made("14", "sv")["against_nation"].csv()
    said = [line for line in text.splitlines() if line.startswith("# ")]
    share = nv.indicator("primary_care_cost_share")
    assert said[0] == "# Primärvårdens andel av nettokostnaden, Västra Götaland"
    assert said[1].startswith("# Västra Götalandsregionen: ") and said[2] == "# Enhet: procent"
    assert f"# Källa: {share.publisher.sv}" in said
    own = [b for b in share.breaks if "14" in b.regions]
    assert own and all(f"# Brott {b.year} (Västra Götaland): {b.reason.sv}" in said for b in own)
    # Uppsala's caveat is not for Västra Götaland's page; its own page has it.
    uppsala = [c.sv for c in share.caveats if "03" in c.regions]
    assert uppsala and not any(c in text for c in uppsala)
    assert all(c in made("03", "sv")["against_nation"].csv() for c in uppsala)
    assert any(line.startswith("# Villkor: Free use; the source must be named") for line in said)
    assert said[-1].startswith("# Citera som: naravard contributors (2026): Primärvårdens andel")
    many = made("09", "en")["profile"].csv()
    assert "# Source: Kolada (RKA), U79092" in many and "[" in many


def test_a_figure_knows_whose_data_it_shows():
    region = made("09", "en")
    assert region["against_nation"].indicators == ("primary_care_cost_share",)
    assert region["prices"].indicators == ("primary_care_net_cost", "consumer_price_index")
    assert region["funnel"].indicators == ("emergency_visits_80plus", "population", "share_80plus")
    assert region["plan"].indicators == ("action_plan",)
    assert region["prices"].regions == ("09",) and region["prices"].language == "en"
    assert len(region["by region"].regions) == 21 and region["by region"].sources
    assert set(region["against_nation"].regions) == {"00", "09"}


def test_a_batch_gets_the_files_with_the_picture(monkeypatch):
    figure = made("09", "en")["all_regions"]
    monkeypatch.setenv("NARAVARD_DOWNLOADS", "1")
    data, metadata = figure._repr_mimebundle_()
    assert data["image/svg+xml"] == figure.svg.decode() and data["text/csv"] == figure.csv()
    assert {"image/png", "text/plain"} < set(data)
    assert metadata == {"image/png": {"alt": figure.alt}}


def test_sources_that_fit_stand_below_and_many_are_left_to_the_small_print():
    assert b"Source: Kolada" in made("09", "en")["slopes"].svg
    assert b"Sources: see the end of the page" in made("09", "en")["profile"].svg
    assert b"Source: Kolada" not in made("09", "en")["profile"].svg


def test_figure_shows_the_values_of_its_region(published):
    rows = nv.load_indicator("readmission_30d_65plus")
    for code, label in (("03", "Uppsala"), ("09", "Gotland")):
        figure = nv.plot(nv.trend(rows, code), "sv")
        for year in (2016, 2025):
            assert figure.data.at[year, label] == float(
                published["kolada:U79092", code, year, "T"][0]
            )
        assert figure.data.at[2016, "Riket"] == 17


def test_equal_data_give_equal_bytes():
    first, second = made("03", "sv"), kinds("03", "sv")
    for name, figure in first.items():
        assert figure.png == second[name].png and figure.svg == second[name].svg, name
        assert figure.csv() == second[name].csv(), name
    assert first["prices"].svg != made("14", "sv")["prices"].svg


def test_a_region_without_values_still_gets_a_figure_with_the_nation():
    rows = nv.load_indicator("readmission_30d_65plus")
    figure = nv.plot(nv.trend(rows, "14"), "sv")
    assert list(figure.data.columns) == ["Riket"]
    assert "inga värden" in figure.alt
    nothing = made("14", "sv")["nothing"]
    assert nothing.alt.endswith("Inga värden att visa.") and nothing.data.empty


def test_latest_year_is_one_that_most_regions_have():
    # All reporting regions have U79092 in 2025; single sick-leave points never make half of them
    # but in 2016.
    assert nv.latest(nv.load_indicator("readmission_30d_65plus"), "03").year == 2025
    sick = nv.latest(nv.load_indicator("sick_leave_total"), "03")
    assert sick.year == 2016 and len(sick.regions) == 6
