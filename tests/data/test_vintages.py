"""Vintages compared: by values, by the verdicts and claims that they turn, and on a page."""

import json

import pytest
from bs4 import BeautifulSoup
from support.place import ROOT, copy_collection, copy_site, naravard, naravard_here, spoil

import naravard as nv
from naravard import catalogue, paths
from naravard.cli.data import as_text
from naravard.data import build, load, raw, revisions
from naravard.errors import NaravardError
from naravard.language import ranges
from naravard.sentences.words import change
from naravard.site import changes, layout, questions, record

FIRST, SECOND = "2026-11-21", "2026-12-01"
READMISSION, EMERGENCY = "readmission_30d_65plus", "emergency_visits_80plus"
#: Two regions far apart in size, and Riket; made up, but within the checks.
READMISSIONS = {
    "01,2025,T,18,": "01,2025,T,19,",  # revised
    "09,2025,T,22,": "09,2025,T,,",  # gone: empty
    "24,2024,T,15,": "24,2024,T,18,",  # Västerbotten was falling
    "24,2025,T,15,": "24,2025,T,18,",
    "00,2021,T,17,": "00,2021,T,16,",  # a slight decrease can now be seen
}
VISITS = {
    "01,2016,T,789.9,": "01,2016,T,800,",  # revised
    "kolada:U79029,01,2024,T,649.8,": None,  # gone: no row
    "00,2021,T,604.7,": "00,2021,T,680,",  # no decrease any more
}


def vintage(dataset, edits=None, added="", day=SECOND):
    """Record a new vintage: the newest with some beginnings of fields replaced, rows removed."""
    folder = paths.raw_dir() / dataset
    old = max(folder.glob("*.csv"))
    lines = old.read_text("utf-8").splitlines()
    for before, after in (edits or {}).items():
        hits = [number for number, line in enumerate(lines) if before in line]
        assert len(hits) == 1, before
        lines[hits[0]] = "" if after is None else lines[hits[0]].replace(before, after)
    text = "\n".join(line for line in [*lines, added] if line) + "\n"
    (folder / f"{day}.csv").write_text(text, "utf-8")
    terms = {"title": "t", "licence": "l", "obtained": "o", "accessed": day[:10]}
    return raw.register(f"{dataset}/{day}.csv", **terms)


@pytest.fixture(scope="module")
def with_second(tmp_path_factory):
    """A collection with a second vintage of two of Kolada's data sets; only read."""
    root = copy_collection(tmp_path_factory.mktemp("revised"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NARAVARD_ROOT", str(root))
        vintage("kolada/U79092", READMISSIONS)
        row = "kolada:U79029,09,2025,T,790.5,per 1 000 inhabitants 80+,as printed,Kolada (RKA),,"
        vintage("kolada/U79029", VISITS, row)
        build.build()
    return root


@pytest.fixture
def revised(with_second, monkeypatch):
    monkeypatch.setenv("NARAVARD_ROOT", str(with_second))
    return with_second


@pytest.fixture(scope="module")
def both(with_second):
    """The tables of the first and the second vintages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NARAVARD_ROOT", str(with_second))
        return revisions.tables(*revisions.pair(FIRST, None))


def compared(before=None, after=None):
    return revisions.compare(*revisions.tables(*revisions.pair(before, after)))


def cell(found, id, kind, region, year):
    return next(c for c in getattr(found[id], kind) if (c.region, c.year) == (region, year))


def pinned(id):
    """The catalogue, with an indicator that stays at its first vintage."""
    known = catalogue.catalogue()
    entry = known.indicators[id]
    source = entry.source.model_copy(update={"vintage": FIRST})
    entries = {**known.indicators, id: entry.model_copy(update={"source": source})}
    return known.model_copy(update={"indicators": entries})


@pytest.mark.parametrize("days", [(), (FIRST, SECOND), ("2026-11-30", "2027-01-01")])
def test_whatever_names_the_two_states_their_files_are_the_same(revised, days):
    named = [state.files for state in revisions.pair(*(days or (None, None)))]
    assert named == [state.files for state in revisions.pair(FIRST, None)]


def test_values_revised_added_and_gone_are_those_of_the_two_files(both):
    found = revisions.compare(*both)
    assert set(found) == {READMISSION, EMERGENCY}

    one = found[READMISSION]
    assert [len(part) for part in (one.added, one.gone, one.revised)] == [0, 1, 4]
    # 3/15 = 20 %, twice and by year; 1/17 = 5.9 %; 1/18 = 5.6 %.
    assert [(c.region, c.year) for c in one.revised] == [
        ("24", 2024), ("24", 2025), ("00", 2021), ("01", 2025)
    ]  # fmt: skip
    stockholm = cell(found, READMISSION, "revised", "01", 2025)
    assert (stockholm.before, stockholm.after, stockholm.change) == (18, 19, 1)
    assert stockholm.relative == pytest.approx(1 / 18)
    assert cell(found, READMISSION, "gone", "09", 2025).before == 22

    one = found[EMERGENCY]
    assert [len(part) for part in (one.added, one.gone, one.revised)] == [1, 1, 2]
    assert cell(found, EMERGENCY, "added", "09", 2025).after == 790.5
    assert cell(found, EMERGENCY, "gone", "01", 2024).before == 649.8
    stockholm = cell(found, EMERGENCY, "revised", "01", 2016)
    assert stockholm.change == pytest.approx(10.1)
    said = change(stockholm, catalogue.indicator(EMERGENCY), "sv")
    assert said == "789,9 → 800,0 (+10,1; +1,3\N{NO-BREAK SPACE}%)"


def test_the_other_way_round_what_was_added_is_gone(both):
    before, after = both
    there, back = revisions.compare(before, after), revisions.compare(after, before)
    for id in there:
        assert len(there[id].added) == len(back[id].gone)
        assert len(there[id].gone) == len(back[id].added)
        pairs = {(c.region, c.year, c.before, c.after) for c in there[id].revised}
        assert pairs == {(c.region, c.year, c.after, c.before) for c in back[id].revised}


def test_what_is_computed_from_a_revised_value_is_revised(collection, published):
    care = float(published["kolada:N70017", "09", 2019, "T"][0])
    primary = published["kolada:N71007", "09", 2019, "T"][0]
    vintage("kolada/N71007", {f"09,2019,T,{primary},": f"09,2019,T,{float(primary) + 10},"})
    share = cell(compared(), "primary_care_cost_share", "revised", "09", 2019)
    assert share.before == pytest.approx(100 * float(primary) / care)
    assert share.change == pytest.approx(100 * 10 / care)


def test_a_vintage_that_says_the_same_changes_nothing(collection):
    vintage("kolada/U79092")
    build.build()
    result = changes.since(FIRST)
    assert result.before.files != result.after.files
    assert (result.values, result.trends, result.claims) == ({}, (), ())
    assert as_text({}, result.before, result.after, most=3).endswith("nothing changed")


def test_another_note_is_no_other_value_and_still_said(collection):
    row = "kolada:U79092,00,2016,T,17,percent,as printed,Kolada (RKA),https://www.kolada.se/,"
    vintage("kolada/U79092", {row: row + "checked"})
    one = compared()[READMISSION]
    assert (one.added, one.gone, one.revised, one.beside) == ((), (), (), 1)


def test_without_a_second_vintage_there_is_nothing_to_compare(collection):
    pair = revisions.pair(None, None)
    assert pair[0].files == pair[1].files
    assert as_text({}, *pair, most=3).endswith("nothing changed: both have the same files")


def test_of_several_vintages_the_day_decides_until_its_end(collection):
    noon = vintage("kolada/U79092", {"01,2025,T,18,": "01,2025,T,19,"}, day=f"{SECOND}T120000")
    vintage("kolada/U79092", {"01,2025,T,19,": "01,2025,T,20,"}, day="2026-12-24")

    def used(day):
        return revisions.as_of(day).files["kolada/U79092"].vintage

    assert used("2026-11-30") == FIRST
    assert used(f"{SECOND}T115959") == FIRST
    assert used(f"{SECOND}T120000") == used(SECOND) == used("2026-12-23") == noon.vintage
    assert used("2026-12-24") == "2026-12-24"
    assert revisions.previous().files["kolada/U79092"] == noon
    assert revisions.newest().files["kolada/U79092"].vintage == "2026-12-24"
    found = cell(compared(FIRST, SECOND), READMISSION, "revised", "01", 2025)
    assert (found.before, found.after) == (18, 19)


def test_a_pinned_vintage_is_that_of_both_states(revised):
    known = pinned(READMISSION)
    before, after = revisions.pair(FIRST, None)
    assert set(revisions.compare(before.table(known), after.table(known))) == {EMERGENCY}


def test_a_data_set_that_was_not_there_by_then_had_no_data(collection):
    first, second = (f"kolada/U79092/{day}.csv" for day in (FIRST, SECOND))
    folder = collection / "data" / "raw"
    (folder / first).rename(folder / second)
    manifest = folder / "datapackage.json"
    manifest.write_text(manifest.read_text("utf-8").replace(first, second), "utf-8")
    pair = revisions.pair(FIRST, None)
    tables = revisions.tables(*pair)
    found = revisions.compare(*tables)
    assert list(found) == [READMISSION]
    assert len(found[READMISSION].added) == 198 and not found[READMISSION].gone
    assert "without figures before: kolada/U79092" in as_text(found, *pair, most=3)
    verdicts = {t.region: t for t in changes.turned_trends(*tables, found)}
    assert verdicts["24"].before is None and verdicts["24"].after.verdict == "falling"
    assert "14" not in verdicts, "Västra Götaland has no values in either"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["20261121"], "'20261121' is not a day: write YYYY-MM-DD"),
        (["2026-11-32"], "'2026-11-32' is not a day"),
        (["2026-11-21T256000"], "is not a day"),
        (["newest"], "'newest' is not a day"),
        (["2026-11-20"], f"no figures of 2026-11-20 or before: the first are of {FIRST}"),
        (["2026-12-02", FIRST], f"{FIRST} lies before 2026-12-02: give the earlier day first"),
        (["-i", "readmission_30d"], "unknown indicator 'readmission_30d': did you mean"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(args, message):
    result = naravard_here("data", "diff", *args)
    assert result.returncode == 2 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1 and not result.stdout


def test_figures_of_old_that_fail_the_checks_of_today_are_named_with_their_day(collection):
    vintage("kolada/U79092")
    spoil(collection, "kolada/U79092", "01,2025,T,18,", "01,2025,T,180,")
    with pytest.raises(NaravardError, match=rf"as of {FIRST} does not pass .* value '180' lies"):
        compared(FIRST)


def test_the_command_says_it_as_text_and_as_json(revised):
    text = naravard_here("data", "diff", FIRST, "--most", "1").stdout
    assert f"all indicators, as of {FIRST} → the newest vintages" in text
    assert f"readmission_30d_65plus (kolada/U79092, {FIRST} → {SECOND})" in text
    assert "  0 added, 1 gone (2025), 4 revised (2021, 2024–2025)" in text
    assert "    Västerbotten 2024 T: 15 → 18 (+3; +20.0%)" in text and "2025 T" not in text
    assert text.splitlines()[-1] == "1 added, 2 gone, 6 revised, in 2 indicators"
    arguments = ("data", "diff", FIRST, SECOND, "--indicator", READMISSION, "--json")
    content = json.loads(naravard_here(*arguments).stdout)
    assert list(content["indicators"]) == [READMISSION]
    assert content["after"]["vintages"]["kolada/U79092"] == SECOND
    assert content["indicators"][READMISSION]["gone"] == [
        {"region": "09", "year": 2025, "sex": "T", "before": 22.0, "after": None,
         "change": None, "relative": None}
    ]  # fmt: skip


def test_years_are_written_as_ranges():
    assert ranges((2020, 2016, 2017, 2018, 2020, 2024)) == "2016–2018, 2020, 2024"
    assert ranges(()) == ""


def test_a_revision_is_written_so_that_it_can_be_seen():
    entry = catalogue.indicator(READMISSION)
    small = revisions.Cell("01", 2020, "T", 17.0, 17.04)
    assert change(small, entry, "en") == "17.00 → 17.04 (+0.04; +0.2%)"
    assert change(revisions.Cell("01", 2020, "T", 0.0, 2.0), entry, "sv") == "0 → 2 (+2)"


def test_a_verdict_turns_with_the_values_that_bear_it(both):
    before, after = both
    found = revisions.compare(before, after)
    by_key = {(t.indicator, t.region): t for t in changes.turned_trends(before, after, found)}
    one = by_key[READMISSION, "24"]
    assert one.before.verdict == "falling"

    # The same values put into the committed figures by hand.
    rows = load.select(before, [READMISSION])
    committed = {code: nv.trend(rows, code).verdict for code in rows["region"].unique()}
    assert committed["24"] == "falling"
    by_hand = {("01", 2025): 19, ("09", 2025): None, ("24", 2024): 18, ("24", 2025): 18,
               ("00", 2021): 16}  # fmt: skip
    for (region, year), value in by_hand.items():
        rows.loc[(rows["region"] == region) & (rows["year"] == year), "value"] = value
    verdicts = {code: nv.trend(rows, code).verdict for code in committed}
    assert one.after.verdict == verdicts["24"] == "no clear change"
    assert {c for i, c in by_key if i == READMISSION} == {
        code for code, verdict in verdicts.items() if verdict != committed[code]
    }


def test_a_price_index_that_changes_puts_every_cost_to_the_test():
    costs = changes.affected(["consumer_price_index"])
    assert "primary_care_net_cost" in costs and READMISSION not in costs
    assert "primary_care_cost_share" not in costs
    assert changes.affected([READMISSION, "population"]) == [READMISSION]


def test_costs_are_in_the_prices_of_the_profiles_page():
    notebook = next((ROOT / "notebooks").glob("11_*.ipynb")).read_text("utf-8")
    assert f"price_year: int = {load.PRICE_YEAR}" in notebook


def test_claims_are_gained_and_lost_with_the_figures(both):
    before, after = both
    found = {c.after.claim.id: c for c in changes.turned_claims(before, after)}
    assert {id: c.kind for id, c in found.items()} == {"R206": "gained", "R207": "lost"}
    assert found["R206"].before.outcome == "not testable"
    assert found["R207"].after.outcome == "differs"
    back = {c.after.claim.id: c.kind for c in changes.turned_claims(after, before)}
    assert back == {"R206": "lost", "R207": "gained"}


def test_rows_are_selected_from_the_table_that_is_given(revised, both):
    before, _ = both
    assert load.select(before, [READMISSION], "01", 2025)["value"].item() == 18
    assert nv.load_indicator(READMISSION, "01", 2025)["value"].item() == 19


def soup(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def tables(page):
    """Each table as its heads and rows of text, by caption."""
    found = {}
    for table in page.find_all("table"):
        heads = [th.get_text() for th in table.thead.find_all("th", scope="col")]
        rows = [
            [row.find("th", scope="row").get_text(), *(td.get_text(" | ") for td in row("td"))]
            for row in table.tbody.find_all("tr")
        ]
        assert all(len(row) == len(heads) for row in rows)
        found[table.caption.get_text()] = rows
    return found


@pytest.fixture(scope="module")
def site(with_second, tmp_path_factory):
    """A site with pages in both languages, and those of what changed."""
    site = tmp_path_factory.mktemp("site")
    done = {"status": "done", "headline": "x"}
    state = {f"{lang}/03/02_readmissions": done for lang in ("sv", "en")}
    questions.put_record(site, state)
    assert "changed.html" not in (site / "sv" / "questions.html").read_text("utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NARAVARD_ROOT", str(with_second))
        changes.write(site, changes.since(FIRST))
    return site


def test_the_page_says_it_in_swedish(site):
    page = soup(site / "sv" / "changed.html")
    assert page.html["lang"] == "sv"
    assert page.h1.get_text() == f"Vad som ändrats sedan {FIRST} (nyaste siffror {SECOND})"
    summary = page.find(class_="bottom-line").get_text()
    assert "Ändrade värden: 6, nya: 1, borttagna: 2 (indikatorer: 2)" in summary
    assert "inte längre stöds: 1, som stöds nu: 1, med annat utfall: 0." in summary
    found = tables(page)
    values = {row[0]: row[1:] for row in found["Värden som ändrats, kommit till eller tagits bort"]}
    row = values["Akutbesök bland personer 80 år och äldre (per 1 000 invånare)"]
    assert row[:4] == [f"{FIRST} → {SECOND}", "2 (2016, 2021)", "1 (2025)", "1 (2024)"]
    assert "Stockholm 2016: 789,9 → 800,0 (+10,1; +1,3\N{NO-BREAK SPACE}%)" in row[-1]
    verdict = ["Västerbotten", "sjunkande (2016–2025)", "ingen tydlig förändring (2016–2025)"]
    assert verdict in [row[1:] for row in found["Trender som fått ett annat omdöme"]]
    claims = found["Påståenden med ett annat utfall"]
    assert [row[0][:4] for row in claims] == ["R207", "R206"]
    assert claims[0][3:6] == ["stöds inte längre", "stämmer", "avviker"]
    assert page.find("a", hreflang="en")["href"] == "../en/changed.html"


def test_the_page_says_the_same_in_english(site):
    page = soup(site / "en" / "changed.html")
    assert page.html["lang"] == "en"
    found = tables(page)
    swedish = tables(soup(site / "sv" / "changed.html"))
    assert [len(rows) for rows in found.values()] == [len(rows) for rows in swedish.values()]
    verdict = ["Västerbotten", "falling (2016–2025)", "no clear change (2016–2025)"]
    assert verdict in [row[1:] for row in found["Trends with another verdict"]]
    claim = found["Claims with another outcome"][1]
    assert claim[3:6] == ["borne out now", "not testable", "reproduced"]
    text = page.get_text()
    assert "Stockholm 2016: 789.9 → 800.0 (+10.1; +1.3%)" in text and "värde" not in text


def test_every_page_leads_to_it_from_then_on(site):
    questions.put_record(site, record.read_state(site))  # as the next batch does
    for language in ("sv", "en"):
        compared = layout.compared(site, language)
        assert FIRST in compared and SECOND in compared
        page = site / language / "questions.html"
        (link,) = [a for a in soup(page).nav.find_all("a") if a["href"] == "changed.html"]
        assert (page.parent / link["href"]).is_file()
        assert soup(site / language / "changed.html").nav.find("a", {"aria-current": "page"})
    assert not [path for path in site.rglob(".*") if path.name != ".lock"]


def test_nothing_changed_is_said_and_has_no_tables(revised):
    result = changes.since(SECOND)
    page = BeautifulSoup(changes.page(result, "sv", ["sv"]), "html.parser")
    assert "Inget har ändrats" in page.find(class_="bottom-line").get_text()
    assert not page.find_all("table") and len(page.find_all("h2")) == 3


def test_processed_data_of_other_files_are_not_compared(collection):
    vintage("kolada/U79092", READMISSIONS)
    with pytest.raises(NaravardError, match="not built from the newest raw files"):
        changes.since(FIRST)


def test_render_compares_and_links_the_page(revised, published_site):
    arguments = ("render", "-r", "24", "-n", "02", "-j", "2", "--json", "--compare")
    bad = naravard(*arguments, "2026-01-01", root=revised)
    assert bad.returncode == 2 and "the first are of" in bad.stderr
    assert not (revised / "site").exists()
    copy_site(published_site, revised / "site")  # measures that rest on nothing revised stand
    result = naravard(*arguments, FIRST, root=revised)
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["made"] == 2
    site = revised / "site"
    assert summary["changed"] == [str(site / lang / "changed.html") for lang in ("sv", "en")]
    assert soup(site / "index.html").nav.find("a", href="sv/changed.html")


def test_a_data_set_that_is_to_have_none_has_no_rows():
    files = {"kolada/U79092": None}
    found = build.files_of(catalogue.catalogue(), files)
    assert found[READMISSION] is None and found[EMERGENCY] is not None
    assert READMISSION not in set(build.observations(files=files)["indicator"])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_names_pins_new_data_sets_and_what_changed_beside_values(language, monkeypatch):
    known = pinned(EMERGENCY)
    monkeypatch.setattr(changes, "catalogue", lambda: known)
    now = revisions.newest()
    then = revisions.State("2026-11-20", {**now.files, "kolada/U79092": None})
    women = revisions.Cell("09", 2020, "K", 20.0, 21.0)
    values = {READMISSION: revisions.Difference(READMISSION, (), (), (women,), 7)}
    found = changes.Changes(then, now, values, (), ())
    page = BeautifulSoup(changes.page(found, language, [language]), "html.parser")
    row = next(iter(tables(page).values()))[0]
    none, who = {"sv": ("fanns inte", "kvinnor"), "en": ("not there", "women")}[language]
    assert row[1:6] == [f"{none} → {FIRST}", "1 (2020)", "0", "0", "7"]
    assert row[6].startswith(f"Gotland 2020 {who}: 20 → 21 (+1; +5")
    notes = " ".join(p.get_text() for p in page.main.find_all("p"))
    assert "kolada/U79092." in notes and f"({FIRST})" in notes
