"""`naravard catalogue add` against an imitation of Kolada, and `naravard catalogue check`."""

import datetime
import tomllib

import pytest
from click.testing import CliRunner
from support.fake_kolada import FakeKolada

from naravard import paths
from naravard.catalogue import catalogue as load_catalogue
from naravard.catalogue import read
from naravard.cli import cli
from naravard.data import curation
from naravard.errors import NaravardError

GOOD = paths.CATALOGUE.read_text("utf-8")


def kpi(**fields):
    # Invented; the fields are those that other clients of the API have noted.
    known = {"id": "U99999", "title": "Påhittat nyckeltal, andel (%)",
             "description": 'Andel "påhittade"\n svar.\x7f\u2028', "municipality_type": "L",
             "operating_area": "Test\n[indicators.x]", "is_divided_by_gender": True,
             "publication_date": "2026-01-01"}  # fmt: skip
    return {**known, **fields}


@pytest.fixture
def kolada(monkeypatch):
    """Answer as Kolada would; ``answer`` holds what the test wants, ``asked`` the paths."""
    with FakeKolada({}) as server:
        server.answer = {"values": [kpi()], "count": 1, "next_url": None}
        server.content = lambda path: server.answer
        monkeypatch.setenv("NARAVARD_KOLADA", server.base)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield server


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A catalogue of its own."""
    path = tmp_path / "catalogue.toml"
    path.write_text(GOOD, "utf-8")
    monkeypatch.setattr(paths, "CATALOGUE", path)
    return path


def run(*args):
    return CliRunner().invoke(cli, ["catalogue", *args], catch_exceptions=True)


def test_a_draft_has_the_publishers_words_and_empty_texts_for_the_rest(kolada, here):
    result = run("add", "kolada:U99999")
    assert result.exit_code == 0, result.output
    assert "Påhittat nyckeltal, andel (%) (U99999)" in result.output
    assert kolada.asked == ["/v3/kpi/U99999"]
    path = here.with_name("catalogue_drafts.toml")
    draft = tomllib.loads(path.read_text("utf-8"))["indicators"]
    assert list(draft) == ["kolada_u99999"]  # what comes from outside adds no table
    draft = draft["kolada_u99999"]
    assert draft["name"] == {"sv": "Påhittat nyckeltal, andel (%)", "en": ""}
    assert draft["definition"] == {"sv": 'Andel "påhittade" svar.', "en": ""}
    assert draft["source"]["dataset"] == "kolada/U99999" and draft["source"]["id"] == "U99999"
    assert draft["polarity"] == draft["unit"] == draft["strategic_direction"] == ""
    assert "# Kolada says: operating area: Test [indicators.x]; values for women and men: yes" in (
        path.read_text("utf-8")
    )
    assert here.read_text("utf-8") == GOOD and read(here)
    assert [file.name for file in here.parent.iterdir() if file.name[0] == "."] == []


def test_drafts_stand_beside_each_other(kolada, here):
    curation.add("kolada:U99999")
    kolada.answer["values"] = [kpi(id="N99999", description=None, municipality_type=None)]
    draft = curation.add("kolada:N99999")
    assert list(curation.drafts()) == ["kolada_u99999", "kolada_n99999"]
    assert len(draft.remarks) == 2
    with pytest.raises(NaravardError, match=r"catalogue_drafts\.toml has N99999 already"):
        curation.add("kolada:N99999")


@pytest.mark.parametrize(
    ("what", "answer", "message"),
    [
        ("U99999", None, "write it as kolada:ID"),
        ("kolada:u99999", None, "write it as kolada:ID"),
        ("kolada:../U99999", None, "write it as kolada:ID"),
        ("kolada:U79092", None, "has U79092 already: it is 'readmission_30d_65plus'"),
        ("kolada:N60030", None, "has N60030 already: it is 'sick_leave_kolada'"),
        ("kolada:U00000", {"values": [], "count": 0}, "Kolada knows no key figure U00000"),
        ("kolada:U00000", {"values": [kpi()]}, "Kolada knows no key figure U00000"),
        ("kolada:U99999", {"values": [kpi(municipality_type="K")]}, "for municipalities only"),
        ("kolada:U99999", {"values": [kpi(title=None)]}, "has no title"),
        ("kolada:U99999", {"title": "x"}, "the field 'values' is missing"),
        ("kolada:U99999", ["x"], "stands where an object should"),
        ("kolada:U99999", {"values": "x"}, "stands where a list should"),
        ("kolada:U00000", {"values": ["x", None]}, "Kolada knows no key figure U00000"),
    ],
)
def test_what_is_refused_leaves_no_trace(kolada, here, what, answer, message):
    kolada.answer = answer
    with pytest.raises(NaravardError, match=message.replace("(", r"\(")):
        curation.add(what)
    assert bool(kolada.asked) == (answer is not None)
    assert [file.name for file in here.parent.iterdir()] == ["catalogue.toml"]


FILLED = {
    'sv = ""': 'sv = "svenska"', 'en = ""': 'en = "English"', 'unit = ""': 'unit = "percent"',
    'polarity = ""': 'polarity = "up"',
    'strategic_direction = ""': 'strategic_direction = "quality"',
}  # fmt: skip


def test_check_names_what_a_draft_lacks_and_how_to_move_it(kolada, here):
    curation.add("kolada:U99999")
    result = run("check")
    assert result.exit_code == 1
    where = "catalogue_drafts.toml, kolada_u99999: complete: "
    for name in ("name.en", "question.sv", "unit", "polarity", "source.unit", "caveats 1.sv"):
        assert f"{where}{name} is empty\n" in result.output
    path = here.with_name("catalogue_drafts.toml")
    text = path.read_text("utf-8")
    for old, new in FILLED.items():
        text = text.replace(old, new)
    path.write_text(text.replace('"percent"', '"per cent"', 1), "utf-8")
    assert f"{where}unknown unit 'per cent'" in run("check").output
    path.write_text(text.replace('polarity = "up"', 'polarity = "upward"'), "utf-8")
    assert f"{where}polarity: Input should be 'up'" in run("check").output
    path.write_text(text, "utf-8")
    result = run("check")
    assert result.exit_code == 0
    assert "nothing is missing: move it to catalogue.toml" in result.output
    # Moved as it says, the entry is whole.
    here.write_text(GOOD + "\n" + text, "utf-8")
    assert read(here).indicators["kolada_u99999"].name.en == "English"
    path.write_text("[indicators.x", "utf-8")
    with pytest.raises(NaravardError, match=r"catalogue_drafts\.toml"):
        curation.drafts()


def test_check_of_the_collection_finds_nothing_to_complete(here):
    findings = curation.check(today=datetime.date(2026, 12, 1))
    assert [f for f in findings if f.must] == []
    remarks = {(f.indicator, f.text) for f in findings}
    assert ("sick_leave_kolada", "awaits its figures") in remarks
    assert not any("reviewed" in text for _, text in remarks)
    # Another publisher's figures of what stands in the profile already.
    without = {id for id, text in remarks if "strategic" in text}
    assert without == {
        "sick_leave_workbook",
        *(id for id, i in load_catalogue().indicators.items()
          if i.source and i.source.dataset.startswith("vardenisiffror/")),
    }  # fmt: skip


def test_check_sees_what_is_odd(here, tmp_path, monkeypatch):
    monkeypatch.setattr(curation, "fetchable", lambda: {"kolada/U79092"})
    known = read(here)
    entry = known.indicators["readmission_30d_65plus"]
    text = {"sv": "samma", "en": "samma"}
    odd = entry.model_copy(
        update={"question": type(entry.question)(**text), "caveats": (), "short": None,
                "strategic_direction": None, "definition": type(entry.name)(sv=" ", en="x"),
                "reviewed": datetime.date(2024, 2, 29)}
    )  # fmt: skip
    known = known.model_copy(update={"indicators": {odd.id: odd}})
    found = curation.check(known, datetime.date(2026, 11, 22))
    assert {(f.text, f.must) for f in found} == {
        ("question is the same in English as in Swedish", True),
        ("definition.sv is empty", True),
        ("no strategic direction", False),
        ("no caveat at all", False),
        ("last reviewed 2024-02-29, more than 2 years ago", False),
    }
    monkeypatch.setattr(curation, "fetchable", set)
    texts = [f.text for f in curation.check(known, datetime.date(2026, 2, 27))]
    assert "no source can fetch 'kolada/U79092'" in texts
    assert not any("reviewed" in text for text in texts)


def test_unknown_subcommand_names_the_closest():
    result = run("chek")
    assert result.exit_code != 0 and "did you mean 'check'?" in result.output
