import re

import pytest

import naravard as nv
from naravard.catalogue import catalogue
from naravard.catalogue.quantities import quantity, slope
from naravard.data.availability import stored
from naravard.language import number
from naravard.sentences.say import sentence

IDS = [
    entry.id
    for entry in catalogue().indicators.values()
    if entry.kind in ("indicator", "cost") and stored(entry)
]


@pytest.mark.parametrize(
    ("value", "decimals", "language", "sign", "text"),
    [
        (1234.56, 1, "sv", False, "1\u202f234,6"), (1234.56, 1, "en", False, "1,234.6"),
        (-0.04, 1, "sv", False, "0,0"), (-0.07, 2, "sv", False, "−0,07"),
        (17, 0, "sv", False, "17"), (0.125, 2, "sv", False, "0,13"), (2.5, 0, "en", False, "3"),
        (10587710, 0, "sv", False, "10\u202f587\u202f710"), (0.5, 1, "sv", True, "+0,5"),
        (0.0, 1, "sv", True, "0,0"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_language_does(value, decimals, language, sign, text):
    assert number(value, decimals, language, sign) == text


def test_unknown_language_is_refused():
    with pytest.raises(nv.NaravardError, match="unknown language 'se'"):
        sentence(nv.trend(nv.load_population(), "00"), "se")


def test_readmissions_of_riket_read_as_published():
    text = sentence(nv.trend(nv.load_indicator("readmission_30d_65plus"), "00"), "sv")
    assert text.startswith(
        "**Riket: andelen oplanerade återinskrivningar (65+) visar ingen tydlig förändring 2016"
    )
    assert "Från 17\u00a0% år 2016 till 17\u00a0% år 2025" in text
    assert "10 år" in text and "Intervallet rymmer noll" in text


def test_region_without_data_says_so_and_why():
    change = nv.trend(nv.load_indicator("readmission_30d_65plus"), "14")
    assert "det finns inga värden" in sentence(change, "sv")
    assert "Västra Götaland saknar värden i Kolada alla år" in sentence(change, "sv")
    assert "there are no values" in sentence(change, "en")


WORDS = {
    "sv": {"rising": " steg ", "falling": " sjönk ", "no clear change": "ingen tydlig förändring"},
    "en": {"rising": " rose ", "falling": " fell ", "no clear change": "no clear change"},
}


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_sentence_contradicts_its_result(id, language):
    rows = nv.load_indicator(id)
    entry = nv.indicator(id)
    for code in rows["region"].unique():
        change = nv.trend(rows, code)
        text = sentence(change, language)
        bold = re.match(r"\*\*(.+?)\*\*", text)[1]
        if change.verdict in WORDS[language]:
            for verdict, word in WORDS[language].items():
                assert (word in bold) == (verdict == change.verdict)
            assert f"{min(change.years)}–{max(change.years)}" in bold
            for value in (change.first, change.last):
                assert quantity(value, entry, language) in text
            slopes = [change.full.slope, change.full.lower, change.full.upper]
            if change.without_pandemic is not None:
                slopes.append(change.without_pandemic.slope)
            assert all(slope(value, entry, language) in text for value in slopes)
        if change.cut:
            assert change.cut.reason[language] in text
        assert "nan" not in text.lower().split() and "None" not in text
        assert "-" not in re.sub(
            r"[a-zåäö5]-|-[a-zåäö]", "", text, flags=re.IGNORECASE
        )  # minus is −


def test_a_wanted_direction_is_named():
    fell = sentence(nv.trend(nv.load_indicator("readmission_30d_65plus"), "24"), "sv")
    assert "sjönk 2016–2025, i önskad riktning" in fell
    care = sentence(nv.trend(nv.load_indicator("avoidable_inpatient_care"), "12"), "en")
    assert "fell 2016–2024, in the desired direction" in care
    worse = nv.load_indicator("readmission_30d_65plus", "09").assign(
        value=[float(v) for v in range(11, 21)]
    )
    assert "i oönskad riktning" in sentence(nv.trend(worse, "09"), "sv")


def test_women_and_men_are_named():
    rows = nv.load_indicator("sick_leave_total", sex=None)
    change = nv.trend(rows, "00", sex="K")
    assert change.sex == "K" and "bland kvinnor" in sentence(change, "sv")
    assert "among men" in sentence(nv.trend(rows, "00", sex="M"), "en")


def test_after_a_break_the_years_left_out_are_named():
    text = sentence(nv.trend(nv.load_indicator("primary_care_cost_share"), "14"), "sv")
    assert "1 av 6 år med värden går att använda (2024)" in text
    assert "Värdena 2019–2023 räknas inte med, eftersom serien bryts 2024" in text


def test_price_change_names_both_prices_and_what_lacks_an_index():
    current = nv.load_costs("primary_care_net_cost")
    fixed = nv.load_costs("primary_care_net_cost", price_year=2023)
    text = sentence(nv.price_change(current, fixed, "03"), "sv")
    # Kolada N71007, Uppsala: 4 107 (2019), 5 884 (2024).
    assert "4\u202f107 kronor per invånare år 2019" in text and "5\u202f884 år 2024" in text
    assert "För 2024 finns inget prisindex" in text
    across = sentence(nv.price_change(current, fixed, "14"), "sv")
    assert "Ändringen går över ett brott 2024" in across


def test_a_result_without_words_is_refused():
    with pytest.raises(TypeError, match="no sentence for int"):
        sentence(3)
