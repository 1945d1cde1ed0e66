"""WCAG 2.2 AA in a real browser: no violation on any page type, and what no checker sees."""

import json
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from support.place import ARTEFACTS
from support.site_pages import PAGES

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
DESK, PHONE = 1400, 390
#: Every page at a desk in daylight and on a phone at night. Colours do not depend on the width nor
#: on the language: the other ways only for a page of each layout.
SCREENS = [("light", DESK, name) for name in PAGES]
SCREENS += [("dark", PHONE, name) for name in PAGES if not name.endswith("-en")]
SCREENS += [(theme, width, name) for theme, width in (("dark", DESK), ("light", PHONE))
            for name in ("measure", "region", "notebook")]  # fmt: skip


@pytest.fixture(scope="module")
def screens(browser):
    """A page in a context of its own for each theme; it asks for nothing but the site's files."""
    found, asked = {}, []
    for theme in ("light", "dark"):
        context = browser.new_context(color_scheme=theme)
        context.on("request", lambda request: asked.append(request.url))
        found[theme] = context.new_page()
    yield found
    assert asked and [url for url in asked if not url.startswith(("file:///", "data:"))] == []
    for page in found.values():
        page.context.close()


def soup(site, name):
    return BeautifulSoup((site / PAGES[name]).read_text("utf-8"), "html.parser")


@pytest.mark.parametrize(("theme", "width", "name"), SCREENS)
def test_page_has_no_violation(every_page, screens, theme, width, name):
    page = screens[theme]
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((every_page / PAGES[name]).as_uri())
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}-{theme}-{width}.png", full_page=True)
    found = Axe().run(page, options=OPTIONS).response["violations"]
    told = [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in found]
    assert not found, json.dumps(told, ensure_ascii=False, indent=1)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the screen"
    assert page.evaluate("window.ran") is None, "a text ran as a script"


@pytest.mark.parametrize("name", list(PAGES))
def test_headings_pictures_tables_and_languages(every_page, name):
    page = soup(every_page, name)
    levels = [int(tag.name[1]) for tag in page.find_all(["h1", "h2", "h3", "h4"])]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels
    assert page.html["lang"] == PAGES[name][:2]
    assert page.find("main") and page.find("header") and page.find("footer") and page.find("nav")
    assert all(len(img["alt"]) > 40 for img in page.find_all("img"))
    for table in page.find_all("table"):
        heads = table.thead.find_all("th")
        assert heads and all(th.get("scope") == "col" and th.get_text() for th in heads)
        assert all(tr.th["scope"] == "row" for tr in table.tbody.find_all("tr"))
    for box in page.select("[tabindex]"):
        named = box.get("aria-label") or page.find(id=box["aria-labelledby"]).get_text()
        assert box["role"] == "group" and named.strip(), "a box that takes the focus has no name"
    for switch in page.select("a.language"):
        assert switch["lang"] == switch["hreflang"] != page.html["lang"]


@pytest.mark.parametrize("name", ["start", "region", "region-en", "nation", "measures"])
def test_links_that_read_alike_lead_to_the_same_page(every_page, name):
    leads = {}
    for link in soup(every_page, name).main.find_all("a"):
        leads.setdefault(link.get("aria-label") or link.get_text(), set()).add(link["href"])
    assert {text: hrefs for text, hrefs in leads.items() if len(hrefs) > 1} == {}


def test_english_titles_and_terms_on_a_swedish_page_say_so(every_page):
    body = soup(every_page, "methods").select(".files tbody tr")
    assert len(body) > 25
    for row in body:
        title, licence = row.th, row.find_all("td")[1]
        assert title["lang"] == licence["lang"] == "en"


def test_verdicts_are_words_and_arrows_not_colours_alone(every_page):
    said = {"r": "↗ stiger", "f": "↘ sjunker", "n": "→ oklart", "p": "≈ pandemin?", "t": "· få år"}
    cells = soup(every_page, "start").select("#matrix td[class]")
    assert {cell["class"][0] for cell in cells} == set(said) and len(cells) > 500
    assert all(cell.i.get_text() == said[cell["class"][0]] for cell in cells)


def test_map_says_in_words_what_its_colours_show(every_page):
    page = soup(every_page, "measure")
    body = page.select("table.measures tbody tr")
    listed = {tr.th.get_text(): [td.get_text() for td in tr.find_all("td")[:2]] for tr in body}
    assert listed["Kronoberg"][1] == "2016"  # its latest value is older than the map's year
    for link in page.select("svg.map a"):
        region, _, said = link["aria-label"].partition(": ")
        assert link.title.get_text() == link["aria-label"]
        value, year = listed[region]
        assert said == (value if year == "2025" else "inget värde")
    assert "Kartan visar 2025." in page.main.get_text()


def test_focus_is_seen_and_begins_with_the_way_to_the_content(every_page, browser):
    page = browser.new_page()
    page.goto((every_page / PAGES["region"]).as_uri())
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("e => e === document.activeElement")
    assert skip.bounding_box()["x"] >= 0, "the focused link is outside the page"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.keyboard.press("Tab")
    focused = page.evaluate_handle("document.activeElement").as_element()
    assert focused.evaluate("e => !!e.closest('main')")
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    page.close()
