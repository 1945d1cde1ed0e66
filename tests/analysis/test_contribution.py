import pytest

import naravard as nv
from naravard.sentences.say import sentence


def without(id, region):
    return nv.contributions(nv.load_indicator(id), nv.load_population(), region).leave_out(region)


def test_riket_is_reproduced_from_the_regions_without_gotland():
    # Kolada's published Riket leaves Gotland's cost out; weights are SCB's population.
    table = without("primary_care_cost_share", "vgr").table
    assert list(table.index) == list(range(2019, 2025))
    assert (table["published"] - table["all_regions"]).abs().max() < 0.001
    # 18.0 → 17.8 percent, as found when the figures were collected.
    assert round(table["without"].loc[2019], 1) == 18.0
    assert round(table["without"].loc[2024], 1) == 17.8
    assert (table["all_regions"] - table["without"]).idxmax() == 2022

    table = without("primary_care_share_of_care_areas", "03").table  # a longer series
    assert (table["published"] - table["all_regions"]).abs().max() < 0.005


def test_what_cannot_be_left_out_is_refused():
    with pytest.raises(nv.NaravardError, match="Region Gotland is not part"):
        without("primary_care_cost_share", "Gotland")
    with pytest.raises(nv.NaravardError, match="no numerator and denominator"):
        without("readmission_30d_65plus", "14")


def test_contributions_are_what_is_left_without_each_region():
    share, people = nv.load_indicator("primary_care_cost_share"), nv.load_population()
    result = nv.contributions(share, people, "03")
    riket = share[share["region"] == "00"].set_index("year")["value"]
    assert result.years == (2019, 2024) and len(result.effects) == 20
    assert result.change == pytest.approx(riket[2024] - riket[2019], abs=0.002)
    # Without Västra Götaland 18.0 → 17.8 percent: the region's part of the fall is the rest.
    alone = nv.contributions(share, people, "14").leave_out("14").table["without"]
    assert result.largest == "14"
    assert result.effects["14"] == pytest.approx(result.change - (alone[2024] - alone[2019]))
    assert result.effects.abs().is_monotonic_decreasing
    text = sentence(result, "sv")
    assert "mest bidrog Västra Götaland −0,19" in text and "Uppsala +0,05." in text
    assert "Västra Götaland har ett brott 2024" in text
    assert "Region Gotland is not part" in sentence(nv.contributions(share, people, "09"), "en")
