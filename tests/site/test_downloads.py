"""What can be taken away says what it is, reads back as it was, and runs nothing."""

import configparser
import io
import re
import zipfile
from xml.etree import ElementTree

import matplotlib
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest
from support.place import ROOT

import naravard as nv
from naravard import paths
from naravard.batch import cache
from naravard.data import availability, citation, load, processed, raw
from naravard.figures import axes as drawing
from naravard.figures.figure import STYLE, finish
from naravard.sentences import provenance
from naravard.site import downloads
from naravard.tables import csv

HOSTILE = [
    '=HYPERLINK("http://x.example","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1",
    "x\r=1", "<script>alert(1)</script>", 'a "quoted" word', "# no comment", "a#b",
    "a,b;c\nd", "#REF!",
    "lång " * 10_000,
]  # fmt: skip
FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")


def read(text):
    """Read a file as its users do."""
    file = io.BytesIO(text.encode("utf-8-sig"))
    return pd.read_csv(file, comment="#", encoding="utf-8-sig", index_col=0)


def fields(text):
    """All cells that a spreadsheet, which knows no comments, splits a file into."""
    return pd.read_csv(io.StringIO(text), header=None, names=range(400), dtype=str).stack().dropna()


@pytest.fixture
def hostile(collection):
    """A collection whose built table has hostile notes and sources for Gotland's people."""
    path = collection / "data" / "processed" / paths.TABLE
    table = pd.read_parquet(path)
    own = (table["indicator"] == "population") & (table["region"] == "09")
    rows = table.index[own][: len(HOSTILE)]
    assert len(rows) == len(HOSTILE)
    table.loc[rows, "note"] = HOSTILE
    table.loc[rows, "source"] = HOSTILE[::-1]
    table.to_parquet(path)
    return table


def test_a_cell_is_never_a_formula_and_a_number_stays_one():
    for text in HOSTILE:
        found = csv.safe(text)
        assert not FORMULA.match(found) and found.endswith(text)
    assert [csv.safe(text) for text in ("a=b", "−0,3", "")] == ["a=b", "−0,3", ""]
    assert [csv.safe(x) for x in (-1.5, 0, None)] == [-1.5, 0, None]


def test_hostile_text_stays_in_its_cell():
    frame = pd.DataFrame(
        {"=a": HOSTILE, "#b": [-1.5, None, *range(len(HOSTILE) - 2)]}, index=HOSTILE
    )
    text = csv.table_text(HOSTILE, frame)
    back = read(text)
    safe = [csv.safe(one) for one in HOSTILE]
    assert list(back.columns) == ["'=a", "#b"]
    # A carriage return ends a line for pandas only where nothing quotes it.
    expected = pd.DataFrame({"'=a": safe, "#b": frame["#b"].to_list()}, index=safe)
    pd.testing.assert_frame_equal(back, expected)
    comments = [line for line in text.splitlines() if line.startswith("# ")]
    assert len(comments) == len(HOSTILE)
    tricks = {
        "a,=1": "# a,'=1", 'a, "=1"': "# a, '=1'", "a;\t@x": "# a; '@x", 'b,"c': "# b,'c",
        "e, -1+cmd|' /C calc'!A0": "# e, '-1+cmd|' /C calc'!A0", "f,+1+SUM(A1)": "# f,'+1+SUM(A1)",
        "g, -x": "# g, '-x", "a change, +0.5 points a year (95% interval +0.1 to 0.9; 8 years)":
        "# a change, +0.5 points a year (95% interval +0.1 to 0.9; 8 years)",
    }  # fmt: skip
    text = csv.table_text(tricks, pd.DataFrame({"n": [1]}), index=False)
    assert text.splitlines()[:-2] == list(tricks.values())
    cells = fields(text)
    assert cells.iloc[-1] == "1"  # no quote swallowed what follows


@pytest.mark.parametrize("text", HOSTILE)
def test_a_figures_words_are_words_in_its_files(text):
    # What no XML can hold is left out; an asterisk would be Markdown's.
    with matplotlib.rc_context(STYLE):
        canvas, axes = drawing.start("drawn", "unit", ["source"], "en")
        canvas.title = text + "\x00"
        axes.plot([1, 2])
        made = finish(canvas, text, pd.DataFrame({"x": [text]}), ["population"], ["09"])
    root = ElementTree.fromstring(made.svg)
    title, desc = (root.find(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc"))
    same = text.replace("\r", "\n")  # as XML reads line ends
    assert title.text == same and desc.text == same
    assert not [one for one in root.iter() if one.tag.endswith("script")]
    content = made.csv()
    assert read(content)["x"].to_list() == [csv.safe(text)]
    cited = [line for line in content.splitlines() if line.startswith("# Cite as: ")]
    assert len(cited) == 1 and cited[0].endswith(citation.key("population"))


def test_the_key_is_version_newest_vintage_and_fingerprint():
    key = citation.key("readmission_30d_65plus")
    version, vintage, print_ = key.split("/")
    assert version == nv.__version__
    assert vintage == raw.newest("kolada/U79092").vintage
    assert availability.fingerprint_of(["readmission_30d_65plus"]).startswith(print_)
    assert len(print_) == 12 and key == citation.key(["readmission_30d_65plus"] * 2)
    assert citation.key().endswith(processed.recorded_fingerprint()[:12])
    several = [citation.key(ids) for ids in ("population", "joint_vision", "st_posts")]
    several.append(citation.key("population", datasets=["skr/nara_vard_indicators"]))
    several.append(citation.key(["population", "joint_vision"]))
    assert len(set(several)) == 4 + (several[1] != several[2])
    with pytest.raises(
        nv.NaravardError, match="unknown indicator 'populatoin': did you mean 'population'"
    ):
        citation.key("populatoin")
    with pytest.raises(nv.NaravardError, match="at least one"):
        citation.key([])


def test_a_new_vintage_gives_its_indicator_a_new_key_and_the_others_none(collection):
    from naravard.data import build, raw

    def keys_now():
        return [citation.key(id) for id in ("readmission_30d_65plus", "sick_leave_total")]

    before, whole = keys_now(), citation.key()
    old = collection / "data/raw/kolada/U79092/2026-11-21.csv"
    changed = re.sub(r"(kolada:U79092,09,2025,T,)\d+", r"\g<1>21", old.read_text("utf-8"))
    old.with_name("2027-02-01.csv").write_text(changed, "utf-8")
    raw.register("kolada/U79092/2027-02-01.csv", title="t", licence="l", obtained="o",
                     accessed="2027-02-01")  # fmt: skip
    build.build(accept=True)
    after = keys_now()
    assert after[1] == before[1] and after[0] != before[0]
    assert after[0].split("/")[1] == citation.key().split("/")[1] == "2027-02-01"
    assert citation.key() != whole
    assert "(2027)" in citation.citation("t", "en", after[0])


@pytest.mark.parametrize(("language", "words"), [("sv", "siffror av"), ("en", "figures of")])
def test_a_citation_is_one_line_that_ends_with_the_key(language, words):
    key = "1.2.3/2026-12-01T120000/0123456789ab"
    for title, shown in (("A\n title", "A title."), ("Why?", "Why?")):
        assert citation.citation(title, language, key) == (
            f"naravard contributors (2026): {shown} Version 1.2.3, {words} 2026-12-01. {key}"
        )


@pytest.mark.parametrize("region", ["03", "09"])
def test_the_small_print_says_the_key_and_carries_it(region):
    ids = ["readmission_30d_65plus", "joint_vision"]
    found = nv.provenance(ids, region, "en", datasets=iter(["skr/nara_vard_indicators"]))
    data, metadata = found._repr_mimebundle_()
    key = metadata["naravard"]["key"]
    assert key == citation.key(ids, ["skr/nara_vard_indicators"])
    assert f"Permanent key: `{key}`" in data["text/markdown"]
    assert isinstance(nv.say(nv.status("figure_4"))._repr_mimebundle_(), dict)


def test_stored_outputs_stay_when_only_the_version_changes(monkeypatch):
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "tests" / "nbval.cfg", "utf-8")

    def small_print():
        text = nv.provenance("population", "03", "sv").text
        for name in config.sections():
            text = re.sub(config[name]["regex"], config[name]["replace"], text)
        return text

    before = small_print()
    for version in ("0.3.0", "10.0.1rc1", "0.3.dev4+g12"):
        for module in (citation, provenance):
            monkeypatch.setattr(module, "__version__", version)
        assert citation.key("population").startswith(version)
        assert small_print() == before
    assert availability.fingerprint_of(["population"])[:12] in before


def test_the_collection_reads_back_as_the_table(tmp_path):
    files = downloads.collection(tmp_path)
    assert all(file.parent == tmp_path / "downloads" and file.is_file() for file in files)
    table, names = load.table(), [file.name for file in files]
    assert names[:2] == ["naravard.parquet", "naravard.xlsx"]
    assert set(names[2:]) == {f"{id}.csv" for id in table["indicator"].unique()}
    pd.testing.assert_frame_equal(pd.read_parquet(files[0]), table.reset_index(drop=True))
    said = pyarrow.parquet.read_schema(files[0]).metadata
    assert said[b"naravard_key"].decode() == citation.key()
    assert b"Kolada" in said[b"naravard_terms"]

    sheets = pd.read_excel(files[1], sheet_name=None, dtype={"region": str})
    assert list(sheets) == ["about", "indicators", "observations", "breaks"]
    shown = sheets["observations"]
    pd.testing.assert_frame_equal(
        shown.fillna({"note": ""}).astype(table.dtypes.to_dict()),
        table.reset_index(drop=True),
        check_exact=True,
    )
    about = sheets["about"].to_string()
    assert citation.key() in about
    for file in raw.manifest().values():
        assert file.path in about and file.licence in about
    catalogued = sheets["indicators"].set_index("id")
    assert set(catalogued.index) == set(table["indicator"])
    entry = nv.indicator("readmission_30d_65plus")
    assert catalogued.loc[entry.id, "definition_sv"] == entry.definition.sv
    assert all(c.en in catalogued.loc[entry.id, "caveats_en"] for c in entry.caveats)
    breaks = sheets["breaks"]
    mine = breaks[(breaks["indicator"] == "primary_care_cost_share") & (breaks["region"] == "14")]
    assert mine["year"].to_list() == [
        b.year for b in nv.indicator("primary_care_cost_share").breaks_for("14")
    ]
    book = openpyxl.load_workbook(files[1])
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.column_dimensions["A"].width > 10
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type in "fe"]
    assert book["observations"].auto_filter.ref == f"A1:M{len(table) + 1}"

    for region in ("09", "14"):
        own = table[table["indicator"] == "population"]
        found = pd.read_csv(tmp_path / "downloads" / "population.csv", comment="#",
                            encoding="utf-8-sig", dtype={"region": str})  # fmt: skip
        assert list(found.columns) == list(table.columns)
        same = [frame[frame["region"] == region]["value"].dropna() for frame in (own, found)]
        assert same[0].to_list() == same[1].to_list() and len(same[0]) > 10


def test_hostile_text_in_the_table_is_text_in_every_file(hostile, tmp_path):
    files = {file.name: file for file in downloads.collection(tmp_path)}
    own = (hostile["indicator"] == "population") & (hostile["region"] == "09")
    expected = [csv.safe(text) for text in hostile.loc[own, "note"]]
    found = pd.read_csv(files["population.csv"], comment="#", encoding="utf-8-sig",
                        dtype={"region": str}, keep_default_na=False)  # fmt: skip
    assert found.loc[found["region"] == "09", "note"].to_list() == expected
    book = openpyxl.load_workbook(files["naravard.xlsx"])
    rows = [r for r in book["observations"].iter_rows() if r[0].value == "population"]
    caveats = [row[12] for row in rows if row[1].value == "09"]
    assert not [c.value for c in caveats if c.data_type not in "sn" or FORMULA.match(c.value or "")]
    longest = [text[:32767].replace("\r", "\n") for text in expected]
    assert [(cell.value or "").replace("\r", "\n") for cell in caveats] == longest
    assert list(pd.read_parquet(files["naravard.parquet"])["note"]) == list(hostile["note"])


def test_the_same_collection_gives_the_same_bytes_and_is_not_written_twice(collection, tmp_path):
    first, second = downloads.collection(tmp_path / "a"), downloads.collection(tmp_path / "b")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    with zipfile.ZipFile(first[1]) as book:
        assert {part.date_time[:3] for part in book.infolist()} == {(2026, 11, 21)}
        core = book.read("docProps/core.xml").decode()
    assert core.count("2026-11-21T00:00:00Z") == 2
    kept = (tmp_path / "a" / "downloads" / "key.txt").read_text("utf-8")
    assert citation.key() in kept and cache.package() in kept

    first[2].write_text("mine", "utf-8")
    assert downloads.collection(tmp_path / "a") == first
    assert first[2].read_text("utf-8") == "mine"  # it is up to date
    first[1].unlink()
    (first[1].parent / "gone_indicator.csv").write_text("old", "utf-8")
    assert downloads.collection(tmp_path / "a") == first
    assert {file.read_bytes() for file in first} == {file.read_bytes() for file in second}
    assert not (first[1].parent / "gone_indicator.csv").exists()
    assert not [p for p in first[1].parent.iterdir() if p.name.startswith(".")]
    # Terms that change make all files again: they hold them.
    manifest = raw.manifest_path()
    manifest.write_text(manifest.read_text("utf-8").replace("CC0 1.0", "CC0 one"), "utf-8")
    downloads.collection(tmp_path / "a")
    assert "CC0 one" in (first[1].parent / "population.csv").read_text("utf-8-sig")


def test_nothing_is_written_of_what_has_not_been_built(collection, tmp_path):
    (collection / "data" / "processed" / paths.TABLE).unlink()
    with pytest.raises(nv.NaravardError, match="run `naravard data build` first"):
        downloads.collection(tmp_path)
    assert not list(tmp_path.glob("downloads/*"))
