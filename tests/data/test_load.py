import numpy as np
import pytest

import naravard as nv
from naravard.data import availability
from naravard.data.build import COLUMNS


def test_frames_are_tidy_and_carry_source_and_caveats():
    rows = nv.load_indicator("readmission_30d_65plus", region=["uppsala", 9], years=[2016, 2025])
    assert list(rows.columns) == COLUMNS
    assert set(rows["region"]) == {"03", "09"} and set(rows["year"]) == {2016, 2025}
    assert rows.attrs["sources"] == ["Kolada (RKA), U79092"]
    assert any("whole percent" in text for text in rows.attrs["caveats"]["en"])
    assert rows.attrs["fingerprint"] == availability.fingerprint_of(["readmission_30d_65plus"])


def test_values_are_those_published():
    # Kolada U79092 and U79133, two contrasting regions.
    def value(id, region, year):
        return nv.load_indicator(id, region, year)["value"].item()

    assert value("readmission_30d_65plus", "Gotland", 2025) == 22
    assert value("readmission_30d_65plus", "Uppsala", 2025) == 15
    assert value("avoidable_inpatient_care", "Riket", 2016) == 751.1
    assert value("avoidable_inpatient_care", "Riket", 2021) == 599.6


def test_years_can_be_one_several_or_a_slice():
    assert len(nv.load_indicator("readmission_30d_65plus", "01", 2020)) == 1
    assert len(nv.load_indicator("readmission_30d_65plus", "01", slice(2018, 2020))) == 3
    numpy = np.arange(2018, 2021)
    assert len(nv.load_indicator("readmission_30d_65plus", np.int64(1), numpy)) == 3
    assert len(nv.load_indicator("readmission_30d_65plus", "01", numpy[0])) == 1


def test_sexes_are_kept_apart():
    rows = nv.load_indicator("sick_leave_total", "00", 2016, sex=None)
    assert rows.set_index("sex")["value"].to_dict() == {"T": 6.2, "K": 6.9, "M": 3.7}


def test_population_of_the_counties_adds_up_to_riket():
    people = nv.load_population(years=2024)
    parts = people[people["region"] != "00"]["value"].sum()
    assert parts == people.loc[people["region"] == "00", "value"].item() == 10587710


def test_costs_in_fixed_prices_follow_the_cpi():
    now = nv.load_costs("primary_care_net_cost", "03").set_index("year")["value"]
    fixed = nv.load_costs("primary_care_net_cost", "03", price_year=2023).set_index("year")
    # SCB, CPI annual mean: 334.26 (2019), 403.70 (2023).
    assert fixed.loc[2019, "value"] == pytest.approx(now[2019] * 403.70 / 334.26)
    assert fixed.loc[2023, "value"] == now[2023]
    assert fixed.loc[2024, "status"] == "missing"
    assert fixed.loc[2024, "note"] == "the price index ends in 2023"


def test_inflation_of_2022_is_the_published_one():
    cpi = nv.load_indicator("consumer_price_index").set_index("year")["value"]
    # SCB: the CPI's annual mean rose by 8.4 percent from 2021 to 2022.
    assert round(100 * (cpi[2022] / cpi[2021] - 1), 1) == 8.4


def test_shares_are_not_deflated():
    share = nv.load_costs("primary_care_cost_share", "03", price_year=2023)
    assert share["value"].equals(nv.load_costs("primary_care_cost_share", "03")["value"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nv.load_indicator("readmissions_30d"), "unknown indicator 'readmissions_30d'"),
        (lambda: nv.load_indicator("readmission_30d_65plus", "Gottland"), "'Gotland' \\(09\\)"),
        (lambda: nv.load_indicator("readmission_30d_65plus", sex="F"), "unknown sex 'F'"),
        (lambda: nv.load_indicator("readmission_30d_65plus", years=["2016"]), "whole numbers"),
        (lambda: nv.load_indicator("readmission_30d_65plus", years=True), "whole numbers"),
        (lambda: nv.load_costs("readmission_30d_65plus"), "is not a cost"),
        (lambda: nv.load_indicator("readmission_30d_65plus", years=1999), "2016–2025"),
        (lambda: nv.load_indicator("primary_care_cost_share_scb", "03"), "Riket only"),
        (lambda: nv.load_indicator("readmission_30d_65plus", sex="K"), "sex T"),
        (lambda: nv.load_costs("primary_care_net_cost", price_year=2024), "it covers 2006–2023"),
    ],
)
def test_loading_is_loud_on_what_is_unknown(call, message):
    with pytest.raises(nv.NaravardError, match=message):
        call()


def test_a_share_carries_the_caveats_of_its_parts():
    caveats = nv.load_indicator("primary_care_cost_share").attrs["caveats"]
    assert any("Dental care" in text for text in caveats["en"])
    assert len(caveats["en"]) == len(caveats["sv"])


def test_changing_a_frame_does_not_change_the_next_one():
    people = nv.load_population("00")
    people["value"] = 0
    assert nv.load_population("00")["value"].min() > 8_000_000


def test_spoilt_and_missing_processed_data_are_named(collection):
    table = collection / "data" / "processed" / "observations.parquet"
    table.write_bytes(b"PAR1")
    with pytest.raises(nv.NaravardError, match="cannot be read"):
        nv.load_population()
    table.unlink()
    with pytest.raises(nv.NaravardError, match="run `naravard data build` first"):
        nv.load_population()
