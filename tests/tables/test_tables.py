import naravard as nv


def test_values_table_is_readable_as_text_and_html():
    table = nv.values(nv.load_indicator("primary_care_cost_share"), "03", "sv")
    bundle = table._repr_mimebundle_()
    assert "<caption>" in bundle["text/html"] and "17,9" in bundle["text/html"]
    assert "<style" not in bundle["text/html"]
    # Kolada N71007/N70017, Uppsala 2020: 20.4 percent.
    assert table.frame.loc[2020, "Uppsala"] == "20,4"


def test_trend_table_has_each_method_beside_the_others():
    change = nv.trend(nv.load_indicator("readmission_30d_65plus"), "24")
    frame = nv.table(change, "en").frame
    assert list(frame["conclusion"][:2]) == ["falling", "falling"]
    assert frame["number"].tolist() == [10, 8, 10]
    assert frame["p"].tolist() == ["–", "–", "0.001"]
    assert frame["slope a year"].iloc[0] == "−0.33"
    assert "(estimated from 19 regions)" in nv.table(change, "en").caption
    empty = nv.trend(nv.load_indicator("readmission_30d_65plus"), "14")
    assert nv.table(empty, "en").text == "No trend is computed: no data."


def test_limits_name_what_is_missing_why_and_what_would_fetch_it():
    text = nv.limits("sick_leave_total", "03", "sv").text
    assert "Region Uppsala saknar värde 2007–2023" in text
    assert "Kolada (N60030)" in text
    assert "`naravard data fetch --indicator sick_leave_kolada`" in text
    text = nv.limits("readmission_30d_65plus", "10", "en").text
    assert "has no value for 2016–2018" in text and "whole percent" in text


def test_limits_say_where_sources_disagree_and_which_is_used():
    assert "Källorna går isär, 2011" in nv.limits("sick_leave_total", "00", "sv").text
    # The nation is the reference on every page, so its choices stand there too.
    assert "Källorna går isär, 2011" in nv.limits("sick_leave_total", "03", "sv").text
    assert "Källorna" not in nv.limits("readmission_30d_65plus", "03", "sv").text


def test_limits_hold_the_nations_caveats_once_and_not_those_of_other_regions():
    text = nv.limits("sick_leave_total", "09", "sv").text
    assert text.count("Riksvärdet 2007") == 1
    assert "Jämtland Härjedalens värde 2008" not in text
    assert "Jämtland Härjedalens värde 2008" in nv.limits("sick_leave_total", "23", "sv").text


def test_limits_of_a_nation_only_indicator_say_so():
    assert "exists for the nation only" in nv.limits("primary_care_cost_share_scb", "03", "en").text


def test_provenance_names_files_checksums_versions_and_parameters():
    used = ["primary_care_cost_share", "population"]
    text = nv.provenance(used, "vgr", "en", price_year=2023).text
    for part in ("kolada/N71007/2026-11-21.csv", "kolada/N70017/", "scb/population/", "sha256",
                 "fingerprint of the page's indicators: `", "pandas", "region = 14",
                 "language = en", "price_year = 2023"):  # fmt: skip
        assert part in text


def test_women_and_men_are_shown_where_published():
    table = nv.values(
        nv.load_indicator("sick_leave_total", sex=None), "13", "sv", by_sex=True
    ).frame
    # Riket 2016: 6.9 and 3.7; Halland 2016: 5.8 and 3.3.
    assert table.loc["Riket 2016"].tolist() == ["6,9", "3,7", "6,2"]
    assert table.loc["Halland 2016"].tolist() == ["5,8", "3,3", "5,2"]
    assert table.loc["Riket 2018"].tolist() == ["6,5", "3,6", "–"]
