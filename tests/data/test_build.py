"""The build: what comes out equals what was published, and what is wrong stops it."""

import pytest
from support.place import everything, spoil

from naravard import catalogue
from naravard.data import availability, build, checks, load, processed, raw
from naravard.errors import NaravardError

TERMS = {"title": "t", "licence": "l", "obtained": "o", "accessed": "2026-12-01"}


def test_the_committed_fingerprint_is_that_of_a_fresh_build():
    assert build.fingerprint(build.observations()) == processed.expected_fingerprint()


def test_fingerprint_depends_on_content_and_not_on_order():
    table = load.table()
    shuffled = table.sample(frac=1, random_state=1)
    assert build.fingerprint(shuffled) == build.fingerprint(table)
    changed = table.copy()
    changed.loc[changed["value"].first_valid_index(), "value"] += 0.001
    assert build.fingerprint(changed) != build.fingerprint(table)


def test_each_indicator_has_the_fingerprint_of_its_rows(collection):
    build.build()
    table = load.table()
    recorded = processed.recorded()["resources"][0]["indicators"]
    entries = catalogue.catalogue().indicators.values()
    assert set(recorded) == {entry.id for entry in entries if availability.stored(entry)}
    rows = table[table["indicator"] == "sick_leave_total"]
    assert recorded["sick_leave_total"] == build.fingerprint(rows)
    both = availability.fingerprint_of(["population", "sick_leave_total"])
    assert both == availability.fingerprint_of(["sick_leave_total", "population"])
    assert both != availability.fingerprint_of(["population"])
    with pytest.raises(NaravardError, match="has no 'sick': run `naravard data build`"):
        availability.fingerprint_of(["sick"])


def test_every_published_value_comes_through(published):
    table = load.table().set_index(["indicator", "region", "year", "sex"])["value"]
    entries = catalogue.catalogue().indicators
    sources = {entry.source.series: id for id, entry in entries.items() if entry.source}
    compared = 0
    for (series, region, year, sex), values in published.items():
        numbers = {float(v) for v in values if v}
        if not numbers:
            continue
        assert table[sources[series], region, year, sex] in numbers, (series, region, year, sex)
        compared += 1
    # Less the second transcription of N70061, double quotations and one empty cell, all rows.
    assert compared > 3800


def test_a_share_is_numerator_over_denominator_of_the_same_concept(published):
    for region in ("03", "14"):
        for year in range(2019, 2025):
            primary = float(published["kolada:N71007", region, year, "T"][0])
            care = float(published["kolada:N70017", region, year, "T"][0])
            share = load.load_indicator("primary_care_cost_share", region, year)
            assert share["value"].item() == pytest.approx(100 * primary / care)
            assert share["numerator"].item() == primary


def test_scb_share_lies_as_much_above_koladas_as_home_care_weighs():
    # Nationally 0.39–0.43 percentage points: N71007 leaves attached home care out.
    scb = load.load_indicator("primary_care_cost_share_scb").set_index("year")["value"]
    kolada = load.load_indicator("primary_care_cost_share", "00").set_index("year")["value"]
    gap = (scb - kolada).loc[2019:2022]
    assert len(gap) == 4 and gap.between(0.385, 0.435).all()


def test_disagreeing_sources_are_decided_by_the_catalogue_and_both_are_kept(published):
    assert sorted(set(published["skr:sick_leave_total", "00", 2011, "T"])) == ["4.6", "4.7"]
    row = load.load_indicator("sick_leave_total", "00", 2011)
    assert row["value"].item() == 4.7
    assert "another published value: 4.6" in row["note"].item()


def test_a_missing_value_is_a_row_with_a_reason():
    rows = load.load_indicator("readmission_30d_65plus", "14")
    assert list(rows["year"]) == list(range(2016, 2026))
    assert set(rows["status"]) == {"missing"}
    assert rows["note"].str.contains("Västra Götaland lacks values").all()
    assert load.load_indicator("readmission_30d_65plus", "03")["status"].eq("final").all()


@pytest.mark.parametrize(
    ("dataset", "old", "new", "message"),
    [
        ("kolada/U79092", "00,2016,T,17,", "00,2016,T,seventeen,",
         r"data/raw/kolada/U79092/2026-11-21.csv, row 2: value 'seventeen' is not a number"),
        ("kolada/U79092", "00,2016,T,17,", '00,2016,T,"17,5",', r"row 2: value '17,5' is not a"),
        ("kolada/U79092", "00,2016,T,17,", "00,2016,T,130,", r"row 2: value '130' lies outside"),
        ("kolada/U79092", "00,2016,T,17,", "00,2017,T,17,",
         r"region 00, 2017, T appears twice \(row 2: 17, row 3: 17\)"),
        ("kolada/U79092", "00,2016,T,17,", "02,2016,T,17,", r"row 2: region '02' is not one of"),
        ("kolada/U79092", "00,2016,T,17,", "00,16,T,17,", r"row 2: year '16' is not a year"),
        ("kolada/U79092", "00,2016,T,17,", "00,2016,X,17,", r"row 2: sex 'X' is not T, K or M"),
        ("kolada/U79092", "T,17,percent", "T,17,per mille", r"row 2: unit 'per mille' is not"),
        ("kolada/U79133", "00,2016,T,751.1", "00,2016,T,7511", r"Riket 7511 lies outside its reg"),
        ("kolada/N71007", "01,2019,T,4776.867", "01,2019,T,47768.67", r"jumps from 47768.7 to"),
        ("scb/population", "01,2015,T,2231439", "01,2015,T,2231440", r"population 2015: the count"),
        ("kolada/U79092", "series,region", "serie,region", r"the columns are \['serie'"),
        ("kolada/U79092", "kolada:U79092", "kolada:U99999", r"no rows of series .kolada:U79092"),
    ],
)  # fmt: skip
def test_bad_figures_stop_the_build_and_leave_the_data_as_they_were(
    collection, dataset, old, new, message
):
    spoil(collection, dataset, old, new, count=-1 if "U99999" in new else 1)
    before = everything(collection)
    with pytest.raises(NaravardError, match=message):
        build.build()
    assert everything(collection) == before


def test_a_copied_row_stops_the_build(collection):
    path = collection / "data" / "raw" / "kolada" / "U79133" / "2026-11-21.csv"
    line = path.read_text("utf-8").splitlines()[1]
    spoil(collection, "kolada/U79133", line, f"{line}\n{line}")
    with pytest.raises(NaravardError, match=r"appears twice \(row 2: 751.1, row 3: 751.1\)"):
        build.build()


@pytest.mark.parametrize(
    ("path", "change", "message"),
    [
        ("kolada/U79092/2026-11-21.csv", lambda file: file.write_bytes(b"series\n"), "changed"),
        ("skr/sick_leave/2026-11-21.csv", lambda file: file.unlink(), "missing"),
        ("kolada/U79092/2026-12-01.csv", lambda file: file.touch(), "not in the manifest"),
    ],
)
def test_a_file_that_is_not_as_recorded_stops_the_build(collection, path, change, message):
    change(collection / "data" / "raw" / path)
    before = everything(collection)
    with pytest.raises(NaravardError, match=f"data/raw/{path}: {message}"):
        build.build()
    assert everything(collection) == before


def test_a_new_vintage_is_registered_and_used_and_the_old_one_stays(collection):
    old = collection / "data" / "raw" / "kolada" / "U79092" / "2026-11-21.csv"
    new = old.with_name("2026-12-01.csv")
    new.write_text(old.read_text("utf-8").replace("03,2025,T,15,", "03,2025,T,16,"), "utf-8")
    raw.register("kolada/U79092/2026-12-01.csv", **TERMS)
    built = build.build()
    assert built.fingerprint != built.expected
    assert build.build(accept=True).expected == built.fingerprint
    assert load.load_indicator("readmission_30d_65plus", "03", 2025)["value"].item() == 16
    assert old.is_file()
    new.write_text("changed", "utf-8")
    with pytest.raises(NaravardError, match="already recorded with other content"):
        raw.register("kolada/U79092/2026-12-01.csv", **TERMS)
    with pytest.raises(NaravardError, match="is not a raw path"):
        raw.register("../outside.csv", **TERMS)


@pytest.fixture
def places(collection):
    """Return a path in the raw store, and what writes a file there."""
    path = "documents/places/2026-12-01.csv"
    file = collection / "data" / "raw" / path
    file.parent.mkdir(parents=True)
    return path, lambda text: file.write_text(text, "utf-8")


def test_a_file_of_another_shape_is_registered_with_its_sources_given(places):
    path, write = places
    write("name,places\nA,1\n")
    message = r"the columns are \['name', 'places'\], not .*--source"
    with pytest.raises(NaravardError, match=message):
        raw.register(path, **TERMS)
    sources = [("A report", "https://example.org/"), ("Another", "")]
    entry = raw.register(path, **TERMS, sources=sources)
    assert entry.sources == (
        {"title": "A report", "path": "https://example.org/"}, {"title": "Another"},
    )  # fmt: skip
    assert raw.problems() == []
    built = build.build()
    assert built.fingerprint == built.expected


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "must name each column once"), ("a,a\n", "must name each column once"),
     ("a,b\n1,2\n3\n", "row 3: 1 fields, not 2")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_not_registered(places, text, message):
    path, write = places
    write(text)
    with pytest.raises(NaravardError, match=message):
        raw.register(path, **TERMS, sources=[("A report", "")])
    assert path not in raw.manifest()


def test_no_data_set_jumps_without_a_break_but_a_slip_of_the_pen_does():
    slipped, known = load.table(), catalogue.catalogue()
    assert checks.jumps(slipped, known).empty
    hit = (slipped["indicator"] == "emergency_visits_80plus") & (slipped["region"] == "03")
    slipped.loc[hit & (slipped["year"] == 2019), "value"] *= 10
    found = checks.jumps(slipped, known)[["indicator", "region"]].drop_duplicates()
    assert found.to_numpy().tolist() == [["emergency_visits_80plus", "03"]]
