"""The claims of the documents: all there, tested by rules, verdicts as the numbers have it."""

import csv
import json
import re
import sys
import tomllib
from types import SimpleNamespace

import pandas as pd
import pytest
from support.place import ROOT, spoil

import naravard as nv
from naravard import regions
from naravard.claims import rules as rulebook
from naravard.cli import main
from naravard.data import build, documents, raw
from naravard.errors import NaravardError
from naravard.sentences.say import sentence

RAW = ROOT / "data" / "raw" / "documents" / "claims" / "2026-11-21.csv"


def by_id(**options):
    """Verdicts by the claim's id."""
    return {verdict.claim.id: verdict for verdict in nv.claims.verdicts(**options)}


@pytest.fixture(scope="module")
def verdicts():
    return by_id()


def test_all_claims_are_there_with_document_and_line():
    found = nv.claims.claims()
    assert len(found) == 235
    assert all(claim.line > 0 and claim.subject for claim in found)
    per_document = pd.Series([claim.document for claim in found]).value_counts().to_dict()
    assert per_document == {
        "socialstyrelsen_2022": 208, "skr_account_2023": 19, "stockholm_sheet_2022": 3,
        "slides_2021": 3, "stockholm_strategy_2020": 2,
    }  # fmt: skip
    assert set(per_document) == set(rulebook.rules().documents)


def test_documents_of_the_rule_book_are_the_sources_of_the_manifest():
    package = json.loads((ROOT / "data" / "raw" / "datapackage.json").read_text("utf-8"))
    entry = next(r for r in package["resources"] if r["path"].startswith("documents/claims/"))
    titles = [document.title for document in rulebook.rules().documents.values()]
    assert sorted(titles) == sorted(source["title"] for source in entry["sources"])


def test_claims_are_facts_and_no_sentences():
    with RAW.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            assert max(len(row["subject"]), len(row["note"])) < 100, row["claim_id"]
            assert not row["subject"].endswith("."), row["claim_id"]


def test_every_claim_has_a_verdict_and_an_explanation_in_both_languages(verdicts):
    assert len(verdicts) == 235
    for id, verdict in verdicts.items():
        assert "rules.toml" not in str(verdict.source), f"{id} has neither rule nor category"
        swedish, english = (sentence(verdict, language) for language in ("sv", "en"))
        assert id in swedish and id in english and swedish != english
        if verdict.outcome == "not testable":
            assert verdict.missing.sv and verdict.source.en


def test_every_word_of_the_claims_has_its_swedish():
    known = rulebook._swedish()
    for claim in nv.claims.claims():
        topic = re.sub(r"^Table \d( \(municipalities\))?: ", "", claim.subject)
        assert topic in known and (not claim.unit or claim.unit in known), claim.id
        assert claim.value_max or claim.qualifier in {*known, "", "exact", "direction"}, claim.id
        assert re.fullmatch(r"[\d/-]*", claim.period) or claim.period in known, claim.id


@pytest.mark.parametrize(
    ("id", "outcome", "basis", "words"),
    [
        # SKR's totals: 5.7 (2019), 7.1 (2020), 6.4 (2021).
        ("R075", "reproduced", "figures", "7.1% (2020) > 6.4% (2021) > 5.7% (2019)"),
        # Kolada U79133, Riket: 751.1 (2016), 576.6 (2020), 599.6 (2021).
        ("R205", "differs", "figures", "+23.0 (2020–2021); no values 2013–2015"),
        # Kolada U79092, Riket: 17 in 2016 and in 2021, whole percent.
        ("R206", "not testable", None, "cannot be seen at this rounding"),
        # Kolada U79029, Riket: 675.3 (2017), 604.7 (2021).
        ("R207", "reproduced", "figures", "675.3 per 1,000 (2017) → 604.7 per 1,000 (2021)"),
        ("R208", "reproduced", "figures", "A related measure"),
        # The report's table 1: eleven counties A, six B, four C; Gotland (line 987) is A, Stockholm
        # (1026) B, Västra Götaland (1074) C.
        ("R005", "reproduced", "documents", "11 rows of 21 (table 1"),
        ("R006", "reproduced", "documents", "6 rows of 21 (table 1"),
        ("S232", "reproduced", "documents", "11 rows of 21 = 52.4%"),
        # A bound that holds proves nothing: 20 counties of 2022 are no fewer than 11 of 2021.
        ("S212", "not testable", None, "table 1 of the report ends in 2021"),
        # Gävleborg and Västra Götaland go to 18 months in the running text, and in table 5 (lines
        # 3212 and 3289).
        ("R141", "reproduced", "documents", "Gävleborg, line 3218): 18 months"),
        ("R143", "reproduced", "documents", "Västra Götaland, line 3289): 18 months"),
        # A table's own rows prove nothing of themselves.
        ("R028", "not testable", None, "table 1 is coded from the same rows"),
        ("R092", "not testable", None, "table 2 is coded from the same rows"),
        # 48 percent for any habit is not below SKR's 40 for exercise; more cannot be said.
        ("R037", "not testable", None, "only a lower bound"),
        ("R007", "reproduced", "documents", "90 (R009) / 219 (R008) = 41.1%"),
        ("R042", "reproduced", "documents", "60 to 78.5"),
        ("R135", "reproduced", "documents", "76 (R136) + 9 (R137) = 85"),
        ("R158", "reproduced", "documents", "44 (R157) + 16 (R156) = 60"),
        ("R154", "reproduced", "documents", "Region Stockholm's sheet"),
        # A document that repeats itself proves nothing.
        ("R041", "not testable", None, "a target, not a measurement"),
        ("S221", "not testable", None, "SKR's count"),
        ("R191", "not testable", None, "waiting-time database"),
    ],
)
def test_verdicts(verdicts, id, outcome, basis, words):
    verdict = verdicts[id]
    assert (verdict.outcome, verdict.basis) == (outcome, basis)
    text = sentence(verdict, "en").replace("\u00a0", " ")
    assert words.lower() in text.lower()


@pytest.mark.parametrize(
    ("ids", "reason", "words"),
    [
        # 234 of Sweden's 290 municipalities are 80.7 percent, the report prints 77.
        (("R065", "R066"), "internal_contradiction", "= 80.7%, against 77 percent (R066)"),
        # The report prints 16 without a unit, the region's sheet 16 percent.
        (("R155", "S210"), "documents_disagree", "16 (no unit)"),
        # 60 percent of 21 counties is no whole number of counties.
        (("S213", "S227"), "rounding", "12 of 21 = 57.1%; 13 of 21 = 61.9%"),
    ],
)
def test_contradictions_of_the_documents_are_found_on_every_side(verdicts, ids, reason, words):
    for id in ids:
        assert verdicts[id].outcome == "differs" and verdicts[id].reason == reason
        assert words in sentence(verdicts[id], "en")


def test_nothing_else_differs(verdicts):
    differing = {id for id, verdict in verdicts.items() if verdict.outcome == "differs"}
    assert differing == {"R065", "R066", "R155", "R205", "S210", "S213", "S227"}
    assert verdicts["R066"].checks[0].difference == pytest.approx(100 * 234 / 290 - 77)


def test_rules_name_existing_claims_and_indicators_and_categories_existing_claims():
    book = rulebook.rules()
    ids = {claim.id for claim in nv.claims.claims()}
    assert {rule.claim for rule in book.rules if hasattr(rule, "claim")} <= ids
    for id in nv.claims.indicators():
        assert nv.indicator(id)
    assert book.tables == ("joint_vision", "at_posts")
    assert set(book.categories()) <= ids


@pytest.mark.parametrize(
    ("dataset", "old", "new", "id", "outcome"),
    [
        ("skr/sick_leave", "skr:sick_leave_total,00,2021,T,6.4,",
         "skr:sick_leave_total,00,2021,T,5.4,", "R075", "differs"),
        ("kolada/U79133", "00,2021,T,599.6,", "00,2021,T,570.1,", "R205", "reproduced"),
        ("kolada/U79092", "00,2021,T,17,", "00,2021,T,16,", "R206", "reproduced"),
        ("kolada/U79092", "00,2021,T,17,", "00,2021,T,18,", "R206", "differs"),
        ("kolada/U79029", "00,2021,T,604.7,", "00,2021,T,680.0,", "R207", "differs"),
        ("documents/claims", ",18,2021,T,76,", ",18,2021,T,77,", "R135", "differs"),
        ("documents/claims", ",00,2021,T,77,,percent", ",00,2021,T,81,,percent", "R066",
         "reproduced"),
        ("documents/claims", ",12,2021,T,11,,persons", ",12,2021,T,27,,persons", "R070", "differs"),
        ("documents/claims", ",00,2022-01,T,288,", ",00,2022-01,T,291,", "R181", "differs"),
        ("socialstyrelsen/transition_status", "joint_vision,,09,decided", "joint_vision,,09,later",
         "R005", "differs"),
        ("socialstyrelsen/transition_status", "joint_vision,,09,decided", "joint_vision,,09,later",
         "S232", "differs"),
        ("socialstyrelsen/transition_status", "joint_vision,,14,later",
         "joint_vision,,14,planned_2022", "R006", "differs"),
        ("socialstyrelsen/transition_status", "money for 250; AT shortened to 18 months",
         "money for 250; AT shortened to 20 months", "R143", "differs"),
        ("socialstyrelsen/transition_status", "shortened to 18 months from 2023",
         "shortened from 2023", "R141", "not testable"),
        ("documents/claims", ",00,2022,T,20,,counties of 21", ",00,2022,T,10,,counties of 21",
         "S212", "differs"),
        ("skr/lifestyle_dialogue", "exercise,00,2021,T,40,", "exercise,00,2021,T,60,", "R037",
         "differs"),
        ("documents/claims", ",01 08 12 19,2021,T,60,79,", ",01 08 12 19,2021,T,60,80,", "R042",
         "differs"),
    ],
)  # fmt: skip
def test_a_change_of_the_data_flips_the_verdict(collection, dataset, old, new, id, outcome):
    spoil(collection, dataset, old, new, count=-1)
    if any(path.startswith(f"{dataset}/") for path in build.built_from()):
        build.build()
    assert by_id()[id].outcome == outcome


def test_an_edited_row_says_by_how_much_and_why(collection):
    spoil(collection, "socialstyrelsen/transition_status", ",09,decided", ",09,later")
    build.build()
    found = by_id()
    assert found["R005"].reason == "internal_contradiction"
    assert found["S232"].reason == "documents_disagree"
    text = sentence(found["R005"], "en")
    assert "10 rows of 21" in text and "Difference: \u22121.0" in text
    assert "against 11 counties of 21 (R005)" in text


def test_the_two_codings_of_table_1_agree():
    codes = {"A": "decided", "B": "planned_2022", "C": "later"}
    coded = documents.read("joint_vision").set_index("region")
    rows = [c for c in nv.claims.claims() if c.subject == "Table 1: joint vision status"]
    assert len(rows) == 21
    for claim in rows:
        row = coded.loc[claim.regions[0]]
        assert (row["code"], int(row["line"])) == (codes[claim.text], claim.line)


@pytest.mark.parametrize(
    ("category", "table", "reach"),
    [
        ("own_vision", "joint_vision", 1),
        ("own_nurses_regions", "nurse_training_regions", 1),
        ("own_nurses_municipalities", "nurse_training_municipalities", 10),
        ("own_st_posts", "st_posts", 6),
        ("own_at_posts", "at_posts", 10),
        # The sheet has activity and status on one slide, the strategy its 22 measures twice.
        ("own_stockholm", "action_plan", 30),
    ],
)
def test_what_is_called_the_tables_own_is_coded_from_the_same_row(category, table, reach):
    book, rows = rulebook.rules(), documents.read(table)
    categories = book.categories()
    for claim in nv.claims.claims():
        if categories.get(claim.id) == category:
            same = rows[rows["region"].isin(claim.regions)]
            same = same[same["document"] == book.documents[claim.document].file]
            assert (same["line"].astype(int) - claim.line).abs().min() < reach, claim.id


@pytest.mark.parametrize(
    ("category", "dataset"),
    [
        ("own_named_gp", "socialstyrelsen/named_gp_and_continuity"),
        ("own_named_gp_surveys", "socialstyrelsen/named_gp_and_continuity"),
        ("own_targets", "socialstyrelsen/named_gp_and_continuity"),
        ("own_digital", "socialstyrelsen/digital_contacts"),
        ("lifestyle", "skr/lifestyle_dialogue"),
    ],
)
def test_what_is_called_the_reports_own_is_quoted_from_the_report(category, dataset):
    path = ROOT / "data" / "raw" / raw.newest(dataset).path
    points = pd.read_csv(path, dtype={"region": str, "year": str})
    book = rulebook.rules()
    claims = [c for c in nv.claims.claims() if book.categories().get(c.id) == category]
    assert claims
    points["own"] = points["source_title"].str.startswith("Socialstyrelsen")
    for claim in claims:
        there = points[points["region"].isin(claim.regions)]
        same = there[(there["value"] == claim.value) & there["own"]]
        assert len(same), claim.id
        series = there[there["series"].isin(same["series"]) & there["year"].isin(same["year"])]
        assert series["own"].all(), claim.id


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("R065,socialstyrelsen_2022,2180,", "R065,socialstyrelsen_2022,here,",
         r"row 66: line 'here' is not a number"),
        ("R066,", "R065,", "row 67: R065 appears twice"),
        (",21,2021,T,292,", ",99,2021,T,292,", "row 126: unknown region '99'"),
        ("claim_id,", "id,", "the columns are"),
        ("R065,socialstyrelsen_2022,", "R065,socialstyrelsen_2023,",
         "R065 is of unknown 'socialstyrelsen_2023'"),
    ],
)  # fmt: skip
def test_wrong_facts_are_an_error_that_names_the_row(collection, old, new, message):
    spoil(collection, "documents/claims", old, new)
    with pytest.raises(NaravardError, match=message):
        nv.claims.verdicts()


def rules(text):
    """The collection's rule book with other rules."""
    content = tomllib.loads(rulebook.PATH.read_text("utf-8"))
    content["rules"] = tomllib.loads(text)["rules"]
    return rulebook.RuleBook.model_validate(content)


FIGURES = """
[[rules]]
kind = "{kind}"
claim = "R037"
indicator = "{indicator}"
{more}
reason = "other_edition"
measure = {{ sv = "Ett mått.", en = "A measure." }}
needs = {{ sv = "mer", en = "more" }}
"""


@pytest.mark.parametrize(
    ("kind", "indicator", "more", "outcome"),
    [
        # Trust in health care, Riket 2021: 69.3; the claim is 48.
        ("value", "trust_in_health_care", "year = 2021", "differs"),
        ("value", "trust_in_health_care", "year = 2021\ntolerance = 22", "reproduced"),
        ("value", "trust_in_health_care", "year = 1999", "not testable"),
        ("range", "trust_in_health_care", "years = [2016, 2019]\nwithin = 1", "reproduced"),
        ("range", "trust_in_health_care", "years = [2016, 2020]\nwithin = 1", "differs"),
        ("ordering", "trust_in_health_care", "years = [2016, 2020]", "differs"),
        ("ordering", "trust_in_health_care", "years = [2016, 1999]", "not testable"),
        # The nation's primary care cost breaks in 2021.
        ("direction", "primary_care_cost", 'years = [2020, 2022]\nexpect = "rising"',
         "not testable"),
        ("direction", "trust_in_health_care", 'years = [2019, 2020]\nexpect = "rising"',
         "reproduced"),
    ],
)  # fmt: skip
def test_each_kind_of_rule_on_figures(kind, indicator, more, outcome):
    book = rules(FIGURES.format(kind=kind, indicator=indicator, more=more))
    assert by_id(book=book)["R037"].outcome == outcome


@pytest.mark.parametrize(
    ("kind", "claim", "more", "message"),
    [
        ("sum", "R999", 'parts = ["R008"]', "unknown claim 'R999'"),
        ("sum", "R008", 'parts = ["R002"]', "R002 has no number"),
        # No claim is tested against the row that it comes from: here are Uppsala's posts.
        ("status_value", "R159", 'table = "at_posts"\nneeds = { sv = "a", en = "b" }',
         r"R159 \(line 3255\) would be tested against itself: line 3253 of at_posts"),
        ("status_count", "R012", 'table = "joint_vision"\ncodes = ["decided"]',
         r"R012 \(line 987\) would be tested against itself: line 982 of joint_vision"),
        ("status_count", "R005", 'table = "joint_vision"\ncodes = ["decide"]',
         "joint_vision has no code 'decide': did you mean 'decided'?"),
        ("status_count", "R005", 'table = "joint_visions"\ncodes = ["decided"]',
         "unknown status table 'joint_visions'"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_hold_is_an_error(kind, claim, more, message):
    book = rules(f'[[rules]]\nkind = "{kind}"\nclaim = "{claim}"\n{more}')
    with pytest.raises(NaravardError, match=message):
        nv.claims.verdicts(book=book)


def test_a_wrong_rule_book_is_one_sentence(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text('[[rules]]\nkind = "guess"\n', "utf-8")
    with pytest.raises(NaravardError, match=r"^rules\.toml: "):
        rulebook.rules(path)


def test_a_claim_without_rule_and_category_says_so():
    book = rulebook.rules()
    missing = {k: v for k, v in book.missing.items() if k != "lifestyle"}
    found = by_id(book=book.model_copy(update={"missing": missing}))
    assert "no rule and no category" in found["R037"].missing.en


@pytest.mark.parametrize("region", [r.code for r in regions.REGIONS])
def test_every_region_has_claims_a_summary_and_a_table(region):
    found = nv.claims.verdicts(region)
    assert found
    for language in ("sv", "en"):
        text = nv.say(nv.claims.summary(found, region), language=language).text
        assert nv.resolve(region).name(language) in text
        assert str(len(found)) in text or len(found) == 1
        table = nv.table(found, language)
        assert list(table.frame.index) == [verdict.claim.id for verdict in found]


def test_table_is_in_the_readers_language():
    frame = nv.table(nv.claims.verdicts("00"), "sv", document="socialstyrelsen_2022").frame
    assert frame.loc["R066", "dokumentet säger"] == "77 procent"
    assert frame.loc["R007", "utfall"] == "stämmer inbördes"
    assert "80,7\u00a0%" in frame.loc["R066", "förklaring"]
    nothing = nv.table(nv.claims.verdicts("09"), "en", document="slides_2021")
    assert nothing.text == "Slides on nära vård, autumn 2021: no claims to show here."


def test_summary_says_the_counts(verdicts):
    text = sentence(nv.claims.summary(verdicts.values()), "en")
    assert text == (
        "**Of 235 claims in 5 documents, 5 reproduced by published figures, 11 consistent within "
        "the documents, 7 differing (1 from published figures, 6 from the documents' own numbers) "
        "and 212 not testable.**"
    )


def test_provenance_names_the_claims_file_and_the_coded_tables():
    text = nv.provenance([], "00", "en", datasets=nv.claims.datasets()).text
    assert "data/raw/documents/claims/2026-11-21.csv" in text and "SKR" in text
    assert "data/raw/socialstyrelsen/transition_status/2026-11-21.csv" in text


def test_the_committed_record_is_that_of_now(verdicts):
    recorded = json.loads((ROOT / "data/processed/expected_claims.json").read_text("utf-8"))
    assert recorded == {id: verdict.outcome for id, verdict in verdicts.items()}


@pytest.fixture
def command(capsys, monkeypatch):
    """Run `naravard claims` in this process: a process of its own costs seconds to start."""

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["naravard", "claims", *args])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        return SimpleNamespace(returncode=code, **capsys.readouterr()._asdict())

    return run


def test_command_prints_table_and_summary_and_ends_with_0(command):
    result = command()
    assert result.returncode == 0
    assert "R066   2180  00" in result.out and "= 80.7%" in result.out
    assert result.out.splitlines()[-1].startswith("Of 235 claims in 5 documents")
    for claim in nv.claims.claims():
        assert claim.id in result.out
    content = json.loads(command("--document", "Slides on nära vård, autumn 2021", "--json").out)
    assert content["summary"]["counts"] == {"reproduced": 1, "differs": 0, "not testable": 2}
    assert [row["id"] for row in content["claims"]] == ["S231", "S232", "S233"]


def test_command_names_the_closest_document(command):
    result = command("--document", "slides_2012")
    assert result.returncode == 2
    assert "unknown document 'slides_2012': did you mean 'slides_2021'?" in result.err


def test_strict_fails_only_on_what_used_to_be_reproduced(collection, command):
    assert command("--strict").returncode == 0
    spoil(collection, "kolada/U79029", "00,2021,T,604.7,", "00,2021,T,680.0,")
    build.build()
    assert command().returncode == 0
    result = command("--strict", "--document", "slides_2021")
    assert result.returncode == 1
    assert result.err.strip() == "R207 used to be reproduced and no longer is"
    assert command("--accept").returncode == 0
    assert command("--strict").returncode == 0
    (collection / "data" / "processed" / "expected_claims.json").unlink()
    result = command("--strict")
    assert result.returncode == 2 and "run `naravard claims --accept`" in result.err


def test_grants_for_nurse_training_agree_with_skr(verdicts):
    # The report, lines 2591 and 2595: 400 million to regions, 100 to municipalities. SKR's
    # rendering of the agreement (20 September 2021) has the same.
    for id, million in (("R078", 400), ("R079", 100)):
        assert verdicts[id].claim.value == million and verdicts[id].outcome == "reproduced"
    # Of 2020 there is only the report's own value.
    assert verdicts["R080"].outcome == "not testable"
