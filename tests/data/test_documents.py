"""Coded statuses: tables 1–5 of the report and Region Stockholm's action plan."""

import pytest
from support.place import spoil

import naravard as nv
from naravard.data import documents
from naravard.errors import NaravardError
from naravard.regions import CODES
from naravard.sentences.say import sentence

BY_REGION = ["joint_vision", "nurse_training_regions", "nurse_training_municipalities", "st_posts",
             "at_posts"]  # fmt: skip


@pytest.mark.parametrize("id", BY_REGION)
def test_every_region_has_one_counted_row(id):
    result = nv.status(id, "00")
    assert sum(result.counts.values()) == 21
    assert set(result.rows["region"]) == set(CODES[1:])


def test_joint_visions_count_as_the_report_says():
    # The report, lines 937 and 941: 11 of 21 decided by 2021, 6 of 21 planned for 2022.
    assert nv.status("joint_vision", "00").counts == {"decided": 11, "planned_2022": 6, "later": 4}


def test_only_numbers_of_one_measure_are_added():
    result = nv.status("nurse_training_regions", "00")
    # Table 2: 50, 19, 46, 49, 43, 253, 40, 66, 44, 58 and 92 nurses who started training.
    assert result.total == (11, 760)
    assert result.counts == {"started": 11, "finished": 2, "employed_in_training": 1,
                             "no_number": 7}  # fmt: skip
    assert all(nv.status(id, "00").total is None for id in BY_REGION if "regions" not in id)


@pytest.mark.parametrize(
    ("id", "region", "line", "value"),
    [
        ("nurse_training_regions", "12", 2706, 213), ("nurse_training_regions", "01", 2716, 253),
        ("nurse_training_municipalities", "08", 2840, 7), ("st_posts", "12", 3083, 475),
        ("st_posts", "05", 3158, 145), ("at_posts", "06", 3224, 75), ("at_posts", "01", 3243, 248),
        ("at_posts", "14", 3289, 244),
    ],
)  # fmt: skip
def test_printed_numbers_come_through_with_their_line(id, region, line, value):
    row = nv.status(id, region).own.iloc[0]
    assert row["value"] == value and row["line"] == str(line)
    assert row["document"] == "003_17cd9bfac2b700c9.txt"


def test_action_plan_stands_under_the_five_strategic_directions():
    result = nv.status("action_plan", "01")
    groups = result.rows["group"].value_counts().to_dict()
    assert groups == {"quality": 3, "prevention": 3, "resources": 3, "competence": 3,
                      "digital": 3, "overall": 2}  # fmt: skip
    frame = nv.table(result, "en").frame
    assert frame.index[0] == "Access, quality, continuity and trust"


@pytest.mark.parametrize(
    ("id", "region", "sv", "en"),
    [
        ("joint_vision", "00", "beslutad eller i kraft 2021 eller tidigare i 11 av 21 regioner",
         "decided or in force in 2021 or earlier in 11 of 21 regions; planned for 2022 in 6"),
        ("joint_vision", "14", "senare, eller tidpunkten oklar (beslut planerat 2022",
         "later, or at an unknown time (decision planned for 2022"),
        ("nurse_training_regions", "21", "(ca 50 påbörjade utbildning)",
         "(about 50 started training)"),
        ("nurse_training_regions", "00", "tillsammans cirka 760 sjuksköterskor",
         "about 760 nurses"),
        ("nurse_training_municipalities", "14", "(1–5 utbildade per kommun", "(1–5 trained"),
        ("nurse_training_municipalities", "23", "(6 av 8", "(6 of 8"),
        ("at_posts", "13", "inget uppgivet", "nothing stated"),
        ("action_plan", "01", "för 1 av 17 aktiviteter", "for 1 of 17 activities"),
        ("action_plan", "09", "Region Gotland: ingen handlingsplan finns",
         "Region Gotland: the collected material has no action plan"),
    ],
)  # fmt: skip
def test_sentences(id, region, sv, en):
    assert sv in sentence(nv.status(id, region), "sv")
    assert en in sentence(nv.status(id, region), "en")


@pytest.mark.parametrize("id", [*BY_REGION, "action_plan"])
def test_figures_say_the_counts_and_name_the_regions(id):
    result = nv.status(id, "01")
    figure = nv.plot(result, "en")
    assert list(figure.data["number"]) == [n for n in result.counts.values() if n]
    assert len(figure.alt) > 40 and "*" not in figure.alt
    if id in BY_REGION:
        named = ", ".join(figure.data["regions"]).split(", ")
        assert len(named) == 21 and "Gotland" in named


def test_the_shown_region_stands_first_in_its_table():
    frame = nv.table(nv.status("nurse_training_regions", "17"), "sv").frame
    assert list(frame.index[:2]) == ["Värmland", "Värmland"]
    assert list(frame["antal"][:2]) == ["44", "45"] and frame["status"].iloc[1] == "därtill"
    assert len(frame) == 24


def test_limits_and_provenance_know_the_tables():
    text = nv.limits(["at_posts"], "09", "sv").text
    assert "Region Stockholms egen skrift anger 16 procent" in text
    source = nv.provenance(["at_posts", "action_plan"], "01", "en").text
    assert "fingerprint" not in source  # they are read from the raw store
    assert "data/raw/socialstyrelsen/transition_status/" in source
    assert "data/raw/region_stockholm/action_plan/" in source


def test_missing_figures_are_named_and_never_drawn():
    text = nv.say(nv.status("figure_4"), nv.status("figure_5"), language="en").text
    assert "Figure 4" in text and "Figure 5" in text and "not fetched" in text
    assert "inga värden är publicerade" in sentence(nv.status("figure_4"), "sv")
    with pytest.raises(NaravardError, match="unknown missing series 'figure_6'"):
        nv.status("figure_6")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",10,planned_2022,", ",10,planed_2022,", "row 2: code 'planed_2022' is not one of"),
        (",10,planned_2022,", ",11,planned_2022,", "row 2: region '11' is not one of the 21"),
        (",10,planned_2022,", ",20,planned_2022,", "needs one counted row a region"),
        (",19,,nurses,", ",about 19,,nurses,", "value 'about 19' is not a number"),
        ("expected in force in 2022", "", "text in both languages"),
    ],
)
def test_a_wrong_fact_is_named(collection, old, new, message):
    spoil(collection, "socialstyrelsen/transition_status", old, new, register=False)
    with pytest.raises(NaravardError, match=message):
        documents.check()


def test_unknown_table_names_the_closest():
    with pytest.raises(NaravardError, match="did you mean 'joint_vision'"):
        nv.status("joint_visions", "00")
