"""`naravard show`: finding, values, course and reservations, and which indicator is meant."""

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner

import naravard as nv
from naravard import regions
from naravard.cli import cli, search
from naravard.errors import NaravardError
from naravard.sentences.say import sentence


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")

    def run(*args):
        return CliRunner().invoke(cli, list(args), catch_exceptions=False)

    return run


def words(text):
    return " ".join(text.replace("**", "").split())


@pytest.mark.parametrize("region", ["03", "09", "14", "00"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_finding_is_the_pages_sentence(run, region, language):
    for id in ("readmission_30d_65plus", "avoidable_inpatient_care"):
        said = sentence(nv.trend(nv.load_indicator(id), region), language)
        assert words(said) in words(run("show", id, "-r", region, "-l", language).output)


def test_a_cost_is_said_in_both_prices_and_shown_in_those_asked_for(run, published):
    id, index = "primary_care_net_cost", nv.load_indicator("consumer_price_index", "00")
    cpi = index.set_index("year")["value"]
    for code, name in (("03", "Uppsala"), ("09", "Gotland")):
        now = float(published["kolada:N71007", code, 2019, "T"][0])
        text = run("show", id, "-r", code, "--price-year", "2020", "-l", "en").output
        row = next(line for line in text.splitlines() if line.startswith("2019"))
        assert row.split()[1] == f"{now * cpi[2020] / cpi[2019]:,.0f}"
        assert "prices of 2020" in text and "in current prices" in words(text)
        text = run("show", id, "-r", code, "-l", "en").output
        row = next(line for line in text.splitlines() if line.startswith("2019"))
        assert row.split()[1] == f"{now:,.0f}" and f"Region {name}: net cost" in text
        assert "In prices of 2023 (CPI)" in words(text)


def test_a_share_has_no_prices(run):
    for id in ("primary_care_cost_share", "readmission_30d_65plus"):
        with pytest.raises(NaravardError, match="is not a cost in kronor"):
            run("show", id, "--price-year", "2020")


def test_values_gaps_and_ends_are_the_published(run, published):
    text = run("show", "patient_survey_primary_care", "-r", "uppsala", "-l", "en").output
    lines = text.splitlines()
    head = next(n for n, line in enumerate(lines) if line.split() == ["year", "Uppsala", "Sweden"])
    rows = {row.split()[0]: row.split()[1:] for row in lines[head + 1 : lines.index("", head)]}
    for year, values in rows.items():
        for code, value in zip(("03", "00"), values, strict=True):
            [raw] = published.get(("kolada:U71451", code, int(year), "T"), [""])
            assert value == (f"{float(raw):.1f}" if raw else "–")
    assert "2020" not in rows and "–" in {values[0] for values in rows.values()}
    course = next(line for line in lines if line.startswith("Sweden  ") and "→" in line)
    first, last = (float(published["kolada:U71451", "00", y, "T"][0]) for y in (2016, 2024))
    assert course.endswith(f"{first:.1f}% (2016) → {last:.1f}% (2024)")
    blocks = course.removeprefix("Sweden   ")[: 2 * 9 - 1]
    assert blocks[8] == " " and " " not in blocks[0::2].replace(blocks[8], "", 1)


def test_ten_years_at_most_and_the_latest(run):
    text = run("show", "population", "-r", "09", "-l", "en").output
    years = [line.split()[0] for line in text.splitlines() if re.match(r"20\d\d  ", line)]
    assert years == [str(year) for year in range(2015, 2025)]
    # Riket has 10.6 million people and Gotland 61,000: on one scale Gotland would be flat.
    assert "Each line has a scale of its own." in text
    course = next(line for line in text.splitlines() if line.startswith("Gotland  "))
    assert "▁" in course and "█" in course


def test_breaks_are_marked_where_they_concern_a_region(run):
    text = run("show", "primary_care_cost_share", "-r", "vgr", "-r", "gotland", "-l", "en").output
    lines = text.splitlines()
    [marked] = [line for line in lines if "←" in line]
    assert marked.startswith("2024") and marked.endswith("← break: Västra Götaland")
    course = {name: next(row for row in lines if row.startswith(f"{name}  "))
              for name in ("Västra Götaland", "Gotland", "Sweden")}  # fmt: skip
    assert "│" in course["Västra Götaland"]
    assert "│" not in course["Gotland"] + course["Sweden"]
    assert any(line.startswith("- Break 2024 (Västra Götaland): ") for line in lines)
    alone = run("show", "primary_care_cost_share", "-r", "gotland", "-l", "en").output
    assert "│" not in alone and "Break 2024" not in alone


def test_a_regions_own_reservations_come_before_the_general_ones(run):
    id = "sick_leave_total"
    [own] = [c.en for c in nv.indicator(id).caveats if "23" in c.regions]
    lines = [line for line in run("show", id, "-r", "23", "-l", "en").output.splitlines()
             if line.startswith("- ")]  # fmt: skip
    assert own.startswith(lines[0].removeprefix("- ")) and len(lines) == 4
    assert own[:40] not in run("show", id, "-r", "09", "-l", "en").output


def test_many_regions_stand_in_several_tables(run):
    args = [part for code in regions.CODES for part in ("-r", code)]
    lines = run("show", "readmissions", "-l", "en", *args).output.splitlines()
    heads = [line for line in lines if line.startswith("year ")]
    assert len(heads) > 1 and all(line.endswith("Sweden") and len(line) <= 100 for line in heads)
    assert all(sum(r.short in head for head in heads) == 1 for r in regions.REGIONS[1:])


def test_who_has_no_values_is_told_so(run):
    text = run("show", "primary_care_cost_share_scb", "-r", "03", "-l", "en").output
    assert "exists for the nation only" in text and "Sweden: no clear change" in text
    text = run("show", "02", "-r", "vgr", "-l", "sv").output
    assert "saknar värden i Kolada" in text and "Västra Götaland  –" in text
    text = words(run("show", "sjukfrånvaro", "-r", "uppsala", "-l", "sv").output)
    assert "kör `naravard data fetch --indicator sick_leave_kolada`" in text
    text = run("show", "sick_leave_total", "-r", "halland", "--sex", "K", "-l", "sv").output
    # SKR 2016: women in Halland 5.8, in Riket 6.9.
    assert "2016      5,8    6,9" in text and "(procent, kvinnor)" in text


@pytest.mark.parametrize("more", [[], ["--json"], ["--csv"]])
def test_one_that_awaits_its_figures_is_an_answer(run, more):
    done = run("show", "sick_leave_kolada", "-r", "03", "-l", "en", *more)
    assert done.exit_code == 0
    command = "run `naravard data fetch --indicator sick_leave_kolada`"
    assert command in words(done.output)
    if "--json" in more:
        assert json.loads(done.stdout)["awaiting"] is True
    if "--csv" in more:
        [header] = done.stdout.splitlines()
        assert header.startswith("indicator,region,name,year,")


def test_json_holds_values_verdict_interval_and_sources(run):
    done = run("show", "readmission_30d_65plus", "-r", "24", "-r", "09", "--json", "-l", "en")
    content = json.loads(done.stdout)
    rows = nv.load_indicator("readmission_30d_65plus")
    assert [unit["region"] for unit in content["regions"]] == ["24", "09", "00"]
    for unit in content["regions"]:
        change = nv.trend(rows, unit["region"])
        assert unit["trend"]["verdict"] == change.verdict
        line = unit["trend"]["all_years"]
        assert (line["slope"], line["lower"], line["upper"]) == (
            change.full.slope, change.full.lower, change.full.upper,
        )  # fmt: skip
        own = rows[rows["region"] == unit["region"]].sort_values("year")
        assert [v["year"] for v in unit["values"]] == own["year"].tolist()
        known = [v["value"] for v in unit["values"] if v["value"] is not None]
        assert known == own["value"].dropna().tolist()
    assert content["regions"][0]["trend"]["verdict"] == "falling"
    assert content["fingerprint"] == rows.attrs["fingerprint"]
    [source] = content["sources"]
    assert source["file"].startswith("data/raw/kolada/U79092/") and len(source["sha256"]) == 64


def test_csv_has_the_published_values(run, published):
    for code in ("03", "10"):
        text = run("show", "readmission_30d_65plus", "-r", code, "--csv").stdout
        for row in csv.DictReader(io.StringIO(text)):
            key = ("kolada:U79092", row["region"], int(row["year"]), "T")
            [raw] = published.get(key, [""])
            assert row["value"] == (f"{float(raw):g}" if raw else "")
            assert bool(row["note"]) or raw


FOUND_AS = {
    "readmission_30d_65plus": (
        "readmission_30d_65plus", "Readmission 30d 65plus", "readmissions", "02", "2",
        "02_readmissions.ipynb", "återinskrivning", "ATERINSKRIVNING",
    ),
    "sick_leave_total": ("sick leave", "sjukfrånvaro"),
    "primary_care_cost_share": ("cost share",),
    "psychiatric_share_of_care_areas": ("share of three care areas psychiatric",),
    "consumer_price_index": ("consumer",),
    "named_gp_registered": ("08",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "id"), [(asked, id) for id, many in FOUND_AS.items() for asked in many]
)
def test_an_indicator_is_found_by_id_notebook_or_words(asked, id):
    assert search.find(asked)[0] == id


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("readmision_30d_65plus", "did you mean 'readmission_30d_65plus'?"),
        ("aterinskrivnigg", "did you mean 'återinskrivning'?"),
        ("emergancy visits", "did you mean '"),
        ("xyzzy", "`naravard list indicators` shows them all"),
        ("!", "unknown indicator '!'"),
        ("12_claims", "does not begin with an indicator"),
    ],
)
def test_what_is_unknown_names_the_closest(asked, message):
    with pytest.raises(NaravardError) as error:
        search.find(asked)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_several_that_fit_are_listed_up_to_eight():
    with pytest.raises(NaravardError) as error:
        search.find("primary care")
    fitting = search.holding("primary care")
    count, listed = str(error.value).split("indicators: ")
    named = listed.partition(" and ")[0].split(", ")
    assert f"fits {len(fitting)} " in count and len(named) == 8 and set(named) <= set(fitting)
    assert f"and {len(fitting) - 8} more" in listed


def test_of_several_the_one_is_named_that_was_chosen(run):
    done = run("show", "cost", "share", "-l", "en")
    assert done.stdout.splitlines()[1] == "primary_care_cost_share"
    others = len(search.holding("cost share")) - 1
    assert f"{others} more indicators with 'cost share'" in done.stderr


def test_a_notebook_begins_with_its_first_indicator_that_has_figures(collection):
    assert search.leading("03_sick_leave") == "sick_leave_total"  # sick_leave_kolada awaits
    assert search.leading("07_emergency_visits_80plus") == "emergency_visits_80plus"
    assert search.leading("10_status_of_the_transition") is None
    path = collection / "notebooks" / "03_sick_leave.ipynb"
    text = path.read_text("utf-8").replace("sick_leave_total", "sick_leave_long_share")
    path.write_text(text, "utf-8")
    assert search.leading("03_sick_leave") == "sick_leave_long_share"
