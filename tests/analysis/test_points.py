"""Single published points: what was printed comes through, targets and differences are right."""

import pytest

import naravard as nv
from naravard import regions
from naravard.errors import NaravardError
from naravard.sentences.say import sentence

TARGETS = ["target_named_gp", "target_named_gp_care_home", "target_continuity_growth"]
QUESTIONS = ["lifestyle_discussed_any", "lifestyle_discussed_exercise", "lifestyle_discussed_diet",
             "lifestyle_discussed_alcohol_tobacco", "lifestyle_discussed_alcohol"]  # fmt: skip
WAYS = ["named_gp_registered", "named_gp_region_survey", "named_gp_managers",
        "named_gp_population", "named_gp_care_home"]  # fmt: skip


def against(id, region):
    return nv.against_target(nv.load_indicator(id), nv.load_indicator(TARGETS), region)


@pytest.mark.parametrize(
    ("id", "region", "year", "value"),
    [
        # Socialstyrelsen 2022, page 29, notes 22 and 23.
        ("named_gp_registered", "08", 2021, 75), ("named_gp_registered", "19", 2021, 78.5),
        ("named_gp_registered", "05", 2021, 54), ("named_team_registered", "10", 2021, 10.1),
        # Läkartidningen 2023-08.
        ("named_gp_registered", "14", 2022, 96), ("named_gp_registered", "10", 2022, 19),
        # Socialstyrelsen 2022, page 29 and page 26.
        ("named_gp_care_home", "00", 2021, 93), ("named_gp_population", "00", 2019, 26),
        ("lifestyle_discussed_any", "00", 2021, 48),
        # SKR's indicators of 24 March 2023, "2021-11".
        ("continuity_index_gp", "00", 2021, 0.40),
        # SKL 2011, table 1, survey of 2009–2010.
        ("lifestyle_discussed_alcohol", "10", 2010, 9),
        # Socialstyrelsen 2022: Jönköping, March 2021; SKR 11 August 2021.
        ("digital_meetings_per_month", "06", 2021, 6000),
        ("digital_out_of_county", "00", 2020, 2_300_000),
    ],
)  # fmt: skip
def test_printed_values_come_through(id, region, year, value):
    assert nv.load_indicator(id, region, year)["value"].item() == value


def test_notes_name_other_periods_and_other_published_values():
    index = nv.load_indicator("continuity_index_gp", "00", 2021)
    assert "period 2021-11" in index["note"].item()
    alcohol = nv.load_indicator("lifestyle_discussed_alcohol", "00", 2010)
    assert "period 2009-2010" in alcohol["note"].item()
    # A patient survey is not a register.
    assert nv.load_indicator("named_gp_registered", "17")["value"].isna().all()
    assert nv.load_indicator("named_gp_region_survey", "17")["value"].item() == 52
    # Of disagreeing sources one is chosen, with a reason.
    row = nv.load_indicator("lifestyle_discussed_exercise", "00", 2011)
    assert row["value"].item() == 33 and "another published value: 30" in row["note"].item()


def test_the_agreements_targets_are_those_quoted():
    # Socialstyrelsen 2022, pages 27 and 29: 55 percent, 80 percent, a rise of 20 percent.
    assert [nv.load_indicator(id)["value"].item() for id in TARGETS] == [55, 80, 20]


def test_levels_are_held_against_the_target():
    assert against("named_gp_registered", "08").reached is True
    assert against("named_gp_registered", "05").reached is False
    everyone = against("named_gp_registered", "00")
    assert everyone.last is None and everyone.reached is None
    # 14, 20, 19, 12 in 2022 and 08, 01 in 2021 reach 55 percent; 05, 07, 10, 24 do not.
    assert len(everyone.regions) == 10 and (everyone.regions >= 55).sum() == 6


def test_rounding_may_leave_a_target_undecided():
    result = against("named_gp_managers", "00")
    assert result.last == (2022, 55) and result.reached is None
    assert "avrundningen avgör" in sentence(result, "sv")
    assert "rounding decides" in sentence(result, "en")


def test_growth_carries_the_rounding_of_both_ends():
    result = against("continuity_index_gp", "03")
    # 0.37 → 0.40: by hand 8.1 percent; 0.395/0.375 and 0.405/0.365 give 5.3 and 11.0.
    assert result.growth == pytest.approx(8.108, abs=0.001)
    assert (result.lower, result.upper) == pytest.approx((5.333, 10.959), abs=0.001)
    assert result.reached is False
    assert "från 0,37 (2019) till 0,40 (2021), +8\u00a0%" in sentence(result, "sv")
    assert "+5% to +11%; the target was not reached then" in sentence(result, "en")


@pytest.mark.parametrize(
    ("id", "region", "sv", "en"),
    [
        ("named_gp_registered", "14", "96\u00a0% (2022), 41 procentenheter över målet 55\u00a0%",
         "96% (2022), 41 percentage points above the target of 55%"),
        ("named_gp_population", "14", "Riket: fast läkarkontakt enligt befolkningen 30\u00a0%",
         "30% (2024), 25 percentage points below the target"),
        ("named_gp_registered", "06", "Regionen rapporterade inget värde för 2022",
         "The region reported no value for 2022"),
        ("named_gp_registered", "00", "Av de 10 regioner som har ett värde (2021–2022) når 6",
         "Of the 10 regions with a value (2021–2022), 6 reach"),
    ],
)  # fmt: skip
def test_sentences_on_targets(id, region, sv, en):
    assert sv in sentence(against(id, region), "sv")
    assert en in sentence(against(id, region), "en")


def test_a_target_that_was_not_loaded_is_asked_for():
    rows = nv.load_indicator("named_gp_care_home")
    with pytest.raises(NaravardError, match="is held against target_named_gp_care_home"):
        nv.against_target(rows, nv.load_indicator("target_named_gp"), "00")
    with pytest.raises(NaravardError, match="has no target"):
        nv.against_target(nv.load_indicator("population"), nv.load_indicator(TARGETS), "00")


def test_two_years_of_one_question_are_compared_with_their_rounding():
    # SKR, the surveys of 2021 and 2023: exercise 40 and 43 percent.
    result = nv.between(nv.load_indicator("lifestyle_discussed_exercise"), "00", 2021, 2023)
    assert (result.first, result.last) == ((2021, 40), (2023, 43))
    assert (result.lower, result.upper) == (2, 4)
    assert "+3 procentenheter" in sentence(result, "sv")
    assert "whatever the rounding" in sentence(result, "en")
    absent = nv.between(nv.load_indicator("lifestyle_discussed_exercise"), "09", 2021, 2023)
    assert "saknar värden för en jämförelse" in sentence(absent, "sv")
    with pytest.raises(NaravardError, match="breaks in 2022"):
        nv.between(nv.load_indicator("named_gp_registered"), "10", 2021, 2022)


@pytest.mark.parametrize("region", [r.code for r in regions.REGIONS])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_region_is_told_what_is_published_and_what_is_not(region, language):
    result = nv.points(nv.load_indicator(QUESTIONS), region)
    text = sentence(result, language)
    own = sum(result.latest(id, region) is not None for id in QUESTIONS)
    words = {
        "sv": f"{own} av 5 mått" if own else "inget publicerat värde för något av de 5",
        "en": f"{own} of 5 indicators" if own else "no published value for any of the 5",
    }
    assert words[language] in text and nv.resolve(region).name(language) in text


def test_points_are_shown_with_targets_and_without_lines():
    targets = nv.load_indicator(TARGETS)
    result = nv.points(nv.load_indicator(WAYS), "14", targets)
    assert result.targets == {**dict.fromkeys(WAYS[:4], 55.0), "named_gp_care_home": 80.0}
    figure = nv.plot(result, "en")
    assert figure.data.at["Named GP according to registers 2022", "Västra Götaland"] == 96
    assert figure.data.at["Named GP in care homes 2021", "Sweden"] == 93
    assert "Region Västra Götaland has published values for 1 of 5 indicators" in figure.alt
    assert figure.png == nv.plot(result, "en").png
    mixed = nv.load_indicator(["named_gp_population", "continuity_index_gp"])
    with pytest.raises(NaravardError, match="different units"):
        nv.plot(nv.points(mixed, "00"), "sv")


def test_table_of_points_has_a_row_a_year_and_a_dash_where_nothing_is_published():
    frame = nv.table(nv.points(nv.load_indicator(QUESTIONS), "04"), "sv").frame
    assert list(frame.columns[:3]) == ["år", "Sörmland", "Riket"]
    diet = frame.loc["Matvanor diskuterade"].set_index("år")
    assert diet.loc["2011", "Sörmland"] == "–" and diet.loc["2023", "Sörmland"] == "32\u00a0%"
    assert diet.loc["2011", "Riket"] == "25\u00a0%"
