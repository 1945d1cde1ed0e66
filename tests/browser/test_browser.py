"""The site in a real browser: map, search, sorting, languages, keyboard, downloads, print."""

import functools
import http.server
import threading
import unicodedata

import openpyxl
import pandas as pd
import pypdf
import pytest
from support.place import ARTEFACTS

import naravard as nv

#: Where a page may ask: the disk, the server on this machine, itself.
OWN = ("file:///", "http://127.0.0.1:", "data:")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that does not tell what it is asked."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def served(published_site):
    """The address of the site on a server of its own."""
    handler = functools.partial(Quiet, directory=published_site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(params=["file", "http"])
def home(request, published_site, served):
    """Where the site is: on disk and on a server."""
    return served if request.param == "http" else published_site.as_uri()


@pytest.fixture
def page(browser):
    """A page whose scripts must not fail and which may ask no other host."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, accept_downloads=True)
    page = context.new_page()
    wrong, asked = [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    context.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert not wrong
    assert asked and [url for url in asked if not url.startswith(OWN)] == []


def keep(page, name):
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")


def column(page, table, number):
    """The shown texts of a table's column."""
    cells = page.locator(f"{table} tbody tr:visible > :nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_map_follows_the_chosen_measure_and_leads_to_the_region(page, home, published):
    page.goto(f"{home}/index.html")
    page.get_by_label("Mått på kartan").select_option("avoidable_inpatient_care")
    value = published["kolada:U79133", "09", 2024, "T"][0].replace(".", ",")
    gotland = page.locator('#map a[data-code="09"]')
    assert gotland.get_attribute("aria-label") == f"Gotland: {value}"
    assert gotland.locator("title").text_content() == f"Gotland: {value}"
    assert "Påverkbar slutenvård" in page.locator("#map-caption").inner_text()
    assert "2024" in page.locator("#map").get_attribute("aria-label")
    values = [float(text.replace(",", ".")) for text in column(page, "#map-table", 2)]
    assert len(values) == 21 and values == sorted(values, reverse=True)
    highest = page.locator("#map-table tbody tr").first.locator("a").inner_text()
    code = nv.resolve(highest).code
    assert page.locator(f'#map a[data-code="{code}"] path').get_attribute("class") == "s4"
    assert "(lägst)" in page.locator("#map-legend li").first.inner_text()
    page.get_by_label("Mått på kartan").select_option("readmission_30d_65plus")
    missing = page.locator('#map a[data-code="14"]')
    assert missing.get_attribute("aria-label") == "Västra Götaland: inget värde"
    assert missing.locator("path").get_attribute("fill") == "url(#map-none)"
    keep(page, "map")
    gotland.click()
    assert page.url.endswith("/sv/09/index.html")
    assert page.locator("h1").inner_text() == "Region Gotland"


def test_a_map_that_the_browser_restores_shows_what_its_choice_says(page, served):
    page.goto(f"{served}/sv/index.html")
    page.get_by_label("Mått på kartan").select_option("avoidable_inpatient_care")
    page.locator('#map-table a:has-text("Uppsala")').click()
    page.go_back()
    chosen = page.locator("#map-choice option:checked").inner_text()
    assert page.locator("#map-caption a").inner_text() == chosen


def test_a_search_that_the_browser_restores_shows_its_rows(page, served):
    page.goto(f"{served}/sv/index.html")
    page.get_by_label("Sök mått").fill("återinskriv")
    page.get_by_label("Visa region").select_option(label="Gotland")
    page.locator("#matrix tbody a:visible").first.click()
    page.go_back()
    assert page.get_by_label("Sök mått").input_value() == "återinskriv"
    assert page.locator("output").inner_text() == "1 av 42 visas"
    assert page.locator("#matrix thead th:visible").count() == 3


def test_search_and_choices_show_the_rows_that_fit(page, home):
    page.goto(f"{home}/sv/index.html")
    search, count = page.get_by_label("Sök mått"), page.locator("output")
    assert count.inner_text() == "42 av 42 visas"
    search.fill("ÅTERINSKRIV")
    assert column(page, "#matrix", 1) == ["Andelen oplanerade återinskrivningar (65+)"]
    assert count.inner_text() == "1 av 42 visas"
    search.fill("finns inte")
    assert column(page, "#matrix", 1) == [] and count.inner_text().startswith("Inga träffar")
    search.fill("")
    page.get_by_label("Inriktning").select_option("Rätt kompetens")
    assert all("äkare" in name or "juk" in name for name in column(page, "#matrix", 1))
    page.get_by_label("Visa region").select_option(label="Gotland")
    heads = page.locator("#matrix thead th:visible").all_inner_texts()
    assert [text.strip(" ↕\n") for text in heads] == ["Mått", "Riket", "Gotland"]


def test_tables_sort_by_name_verdict_and_number_with_what_is_missing_last(page, home):
    page.goto(f"{home}/sv/index.html")
    by_name = page.locator("#matrix thead th").nth(0)
    by_name.get_by_role("button").click()
    names = column(page, "#matrix", 1)
    assert by_name.get_attribute("aria-sort") == "ascending"
    assert names[0].startswith("Akutbesök") and names[-1].startswith("Webbtidbokningar"), names
    by_name.get_by_role("button").click()
    assert column(page, "#matrix", 1) == names[::-1]
    head = page.locator("#matrix thead th").filter(has_text="Örebro")
    head.get_by_role("button").click()
    assert by_name.get_attribute("aria-sort") is None
    number = 1 + page.locator("#matrix thead th").all_inner_texts().index(head.inner_text())
    order = {"stiger": 1, "sjunker": 2, "oklart": 3, "pandemin?": 4, "få år": 5, "–": 7}
    for reverse in (False, True):
        if reverse:
            head.get_by_role("button").click()
        texts = column(page, "#matrix", number)
        ranks = [order[text.split("\n")[-1].split(" ", 1)[-1]] for text in texts]
        there = ranks[: -ranks.count(7)]
        assert 7 not in there and there == sorted(there, reverse=reverse) and min(there) < 3

    page.goto(f"{home}/sv/indicators/health_care_net_cost_incl_drugs.html")
    latest = page.get_by_role("button", name="Senaste")
    for reverse in (False, True):
        latest.click()
        texts = column(page, "table.measures", 2)
        values = [int("".join(c for c in text if c.isdigit())) for text in texts if text != "–"]
        assert len(values) > 15 and values == sorted(values, reverse=reverse)
    page.goto(f"{home}/sv/indicators/readmission_30d_65plus.html")
    for heading in ("Senaste", "Utveckling"):
        for _ in range(2):
            page.get_by_role("button", name=heading).click()
            assert column(page, "table.measures", 1)[-1] == "Västra Götaland"


def test_claims_are_found_by_word_and_outcome(page, home):
    page.goto(f"{home}/en/claims.html")
    page.get_by_label("Verdict").select_option("differs")
    outcomes = column(page, "#claims", 3)
    assert outcomes and set(outcomes) == {"differs"}
    shown = page.locator("#claims tbody tr:visible")
    first = shown.first.get_attribute("id")
    page.get_by_label("Search the claims").fill(first.lower())
    assert shown.first.get_attribute("id") == first
    assert all(first in text for text in shown.all_inner_texts())
    assert 0 < shown.count() < len(outcomes)
    assert page.locator("output").inner_text() == f"{shown.count()} of 235 shown"


@pytest.mark.parametrize("path", ["index.html", "14/index.html", "claims.html", "methods.html",
                                  "questions.html", "indicators/index.html",
                                  "14/02_readmissions.html",
                                  "indicators/sick_leave_total.html"])  # fmt: skip
def test_language_switch_leads_to_the_same_page_and_back(page, home, path):
    page.goto(f"{home}/sv/{path}")
    swedish = page.locator("h1").inner_text()
    page.get_by_role("link", name="In English").click()
    assert page.url == f"{home}/en/{path}"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="På svenska").click()
    assert page.url == f"{home}/sv/{path}" and page.locator("h1").inner_text() == swedish


def test_a_reader_with_a_keyboard_gets_from_the_start_to_a_regions_figure(page, home):
    page.goto(f"{home}/sv/index.html")

    def tab_to(selector):
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"Tab never came to {selector}")

    tab_to("#map-choice")
    page.keyboard.type("Andelen opl")
    assert "återinskrivningar" in page.locator("#map-caption").inner_text()
    tab_to('#map a[data-code="03"]')
    page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Region Uppsala"
    tab_to('a[href$="03/02_readmissions.html"]')
    page.keyboard.press("Enter")
    picture = page.locator("figure img").first
    assert "Region Uppsala: andelen oplanerade" in picture.get_attribute("alt")
    assert picture.evaluate("e => e.complete && e.naturalWidth > 500")
    page.goto(f"{home}/sv/03/index.html")
    tab_to("th button")
    head = page.locator("th", has=page.locator(":focus"))
    for key, sort in (("Enter", "ascending"), ("Space", "descending")):
        page.keyboard.press(key)
        assert head.get_attribute("aria-sort") == sort


def test_without_scripts_everything_is_there_and_no_dead_control(browser, published_site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((published_site / "sv/index.html").as_uri())
    assert page.locator("#matrix tbody tr").count() == 42
    assert page.locator("#map a").count() == 21
    for control in ("input", "select", "button", "output"):
        assert page.locator(f"{control}:visible").count() == 0
    assert "Sortera" not in page.locator("main").inner_text(), "words of what cannot be done"
    page.goto((published_site / "sv/03/02_readmissions.html").as_uri())
    picture = page.locator("figure img").first
    assert picture.evaluate("e => e.complete && e.naturalWidth > 500")
    context.close()


def saved(page, link, folder):
    with page.expect_download() as waiting:
        link.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_figures_and_the_collection_can_be_taken_away(page, served, tmp_path, published):
    page.goto(f"{served}/sv/03/02_readmissions.html")
    links = page.locator("figcaption").first.get_by_role("link")
    files = [saved(page, link, tmp_path) for link in links.all()]
    assert [file.name for file in files] == [
        f"02_readmissions-1.{k}" for k in ("svg", "png", "csv")
    ]
    assert b"<svg" in files[0].read_bytes() and files[1].read_bytes().startswith(b"\x89PNG")
    table = pd.read_csv(files[2], comment="#", encoding="utf-8-sig", index_col=0)
    assert table.loc[2025, "Uppsala"] == float(published["kolada:U79092", "03", 2025, "T"][0])
    head = files[2].read_text("utf-8-sig").split("\n\n")[0]
    assert "Kolada (RKA), U79092" in head and "hela procent" in head

    page.goto(f"{served}/sv/indicators/readmission_30d_65plus.html")
    file = saved(page, page.get_by_role("link", name="Måttets alla värden som CSV"), tmp_path)
    rows = pd.read_csv(file, comment="#", encoding="utf-8-sig", dtype={"region": str})
    assert file.name == "readmission_30d_65plus.csv" and set(rows["region"]) > {"00", "03", "25"}

    page.goto(f"{served}/sv/index.html")
    file = saved(page, page.get_by_role("link", name="Hela samlingen som Excel"), tmp_path)
    book = openpyxl.load_workbook(file)
    assert book["observations"].max_row > 5000
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    file = saved(page, page.get_by_role("link", name="Hela samlingen som Parquet"), tmp_path)
    assert len(pd.read_parquet(file)) == book["observations"].max_row - 1


@pytest.mark.parametrize("path", ["sv/index.html", "en/14/02_readmissions.html",
                                  "sv/indicators/avoidable_inpatient_care.html"])  # fmt: skip
def test_a_printed_page_holds_its_text_and_its_pictures(page, published_site, tmp_path, path):
    page.goto((published_site / path).as_uri())
    file = tmp_path / "page.pdf"
    page.pdf(path=file, format="A4")
    printed = pypdf.PdfReader(file)
    text = " ".join(sheet.extract_text() for sheet in printed.pages)
    text = unicodedata.normalize("NFKC", text)  # a printed ligature is its letters
    assert page.locator("h1").inner_text().split()[-1] in text
    pictures = page.locator("figure img").count()
    assert sum(len(sheet.images) for sheet in printed.pages) >= pictures
