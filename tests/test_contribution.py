import pytest

import naravard as nv


def test_riket_is_reproduced_from_the_regions_without_gotland():
    share = nv.load_indicator("primary_care_cost_share")
    table = nv.leave_one_out(share, nv.load_population(), "14").table
    # Kolada's published Riket leaves Gotland's cost out; weights are SCB's population.
    assert list(table.index) == list(range(2019, 2025))
    assert (table["published"] - table["all_regions"]).abs().max() < 0.001


def test_without_vastra_gotaland_the_nation_is_flat():
    share = nv.load_indicator("primary_care_cost_share")
    table = nv.leave_one_out(share, nv.load_population(), "vgr").table
    # 18.0 → 17.8 percent, as found when the figures were collected.
    assert round(table["without"].loc[2019], 1) == 18.0
    assert round(table["without"].loc[2024], 1) == 17.8
    assert (table["all_regions"] - table["without"]).idxmax() == 2022


def test_the_long_series_is_reproduced_too():
    share = nv.load_indicator("primary_care_share_of_care_areas")
    table = nv.leave_one_out(share, nv.load_population(), "03").table
    assert (table["published"] - table["all_regions"]).abs().max() < 0.005


def test_what_cannot_be_left_out_is_refused():
    share, people = nv.load_indicator("primary_care_cost_share"), nv.load_population()
    with pytest.raises(nv.NaravardError, match="Region Gotland is not part"):
        nv.leave_one_out(share, people, "Gotland")
    with pytest.raises(nv.NaravardError, match="no numerator and denominator"):
        nv.leave_one_out(nv.load_indicator("readmission_30d_65plus"), people, "14")
