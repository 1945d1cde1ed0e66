"""Figures say their message and show the data of their own region."""

import io

import pytest
from PIL import Image

import naravard as nv


def kinds(region, language):
    share = nv.load_indicator("primary_care_cost_share")
    current = nv.load_costs("primary_care_net_cost")
    fixed = nv.load_costs("primary_care_net_cost", price_year=2023)
    effect = nv.leave_one_out(share, nv.load_population(), "14")
    return {
        "against_nation": nv.figures.against_nation(share, nv.trend(share, region), language),
        "all_regions": nv.figures.all_regions(nv.latest(share, region), language),
        "prices": nv.figures.prices(current, fixed, region, language),
        "leave_one_out": nv.figures.leave_one_out(effect, language),
    }


@pytest.mark.parametrize(("region", "language"), [("00", "sv"), ("09", "en"), ("14", "sv")])
def test_every_kind_is_a_picture_with_a_message_and_data(region, language):
    for name, figure in kinds(region, language).items():
        picture = Image.open(io.BytesIO(figure.png))
        assert picture.width > 900 and len(picture.getcolors(1 << 16) or range(1 << 16)) > 3, name
        assert len(figure.alt) > 40 and "*" not in figure.alt
        assert not figure.data.empty
        data, metadata = figure._repr_mimebundle_()
        assert figure.alt in data["text/plain"]
        assert metadata["image/png"]["alt"] == figure.alt


def test_figure_shows_the_values_of_its_region(published):
    rows = nv.load_indicator("readmission_30d_65plus")
    for code, label in (("03", "Uppsala"), ("09", "Gotland")):
        figure = nv.figures.against_nation(rows, nv.trend(rows, code), "sv")
        for year in (2016, 2025):
            assert figure.data.at[year, label] == float(
                published["kolada:U79092", code, year, "T"][0]
            )
        assert figure.data.at[2016, "Riket"] == 17


def test_equal_data_give_equal_bytes():
    first, second = kinds("03", "sv"), kinds("03", "sv")
    assert all(first[name].png == second[name].png for name in first)


def test_a_region_without_values_still_gets_a_figure_with_the_nation():
    rows = nv.load_indicator("readmission_30d_65plus")
    figure = nv.figures.against_nation(rows, nv.trend(rows, "14"), "sv")
    assert list(figure.data.columns) == ["Riket"]
    assert "inga värden" in figure.alt


def test_no_values_at_all_is_said_in_the_picture():
    rows = nv.load_indicator("primary_care_share_of_care_areas", "09")
    figure = nv.figures.against_nation(rows, nv.trend(rows, "09"), "sv")
    assert figure.alt.endswith("Inga värden att visa.") and figure.data.empty


def test_latest_year_is_one_that_most_regions_have():
    # All reporting regions have U79092 in 2025; single sick-leave points never make half of them
    # but in 2016.
    assert nv.latest(nv.load_indicator("readmission_30d_65plus"), "03").year == 2025
    sick = nv.latest(nv.load_indicator("sick_leave_total"), "03")
    assert sick.year == 2016 and len(sick.regions) == 6
