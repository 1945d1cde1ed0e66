"""WCAG 2.2 AA in a real browser: no violation on any page type, and what no checker sees."""

import json
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import ARTEFACTS

from naravard.render import pages
from naravard.render.jobs import Job

PAGES = {
    "start": "sv/index.html",
    "start-en": "en/index.html",
    "questions": "sv/questions.html",
    "measures": "sv/indicators/index.html",
    "measure": "sv/indicators/readmission_30d_65plus.html",
    "measure-en": "en/indicators/primary_care_net_cost.html",
    "national": "sv/indicators/primary_care_cost_share_scb.html",
    "awaiting": "en/indicators/sick_leave_kolada.html",
    "region": "sv/03/index.html",
    "region-en": "en/14/index.html",
    "nation": "sv/00/index.html",
    "notebook": "sv/03/01_primary_care_cost_share.html",
    "notebook-without-data": "en/14/02_readmissions.html",
    "profile": "sv/09/11_region_profile.html",
    "notebook-claims": "sv/03/12_claims.html",
    "status": "sv/14/10_status_of_the_transition.html",
    "claims": "en/claims.html",
    "methods": "sv/methods.html",
    "methods-en": "en/methods.html",
    "failed": "sv/03/failed.html",
    "stale": "sv/03/stale.html",
    "changed": "sv/changed-example.html",
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
#: Theme and width: a desk in daylight, a phone at night.
SCREENS = {"light": 1400, "dark": 390}


@pytest.fixture(scope="module")
def site(published_site):
    """The site with a failed, a stale and a changed page beside the others."""
    job = Job("02_readmissions", "03", "sv")
    pages.put(published_site / PAGES["failed"], pages.failure_page(job, "ValueError: <b>dry</b>"))
    whole = (published_site / "sv/03/02_readmissions.html").read_text("utf-8")
    pages.put(published_site / PAGES["stale"], pages.mark_stale(whole, job, "ValueError: dry"))
    own = pages.frame("sv", "changed-example.html", "Vad som ändrats", languages=["sv"])
    section = {"title": "Värden", "text": "Text.", "caption": "Ändrade värden", "heads": ["a", "b"],
               "rows": [["x", ["1", "2"]]]}  # fmt: skip
    text = pages.template("changed.html.j2").render(
        **own, summary="Ändrade värden: 1", notes=["Not."], sections=[section]
    )
    pages.put(published_site / PAGES["changed"], text)
    yield published_site
    for name in ("failed", "stale", "changed"):
        (published_site / PAGES[name]).unlink()


@pytest.fixture(scope="module", params=list(SCREENS))
def screen(request, browser):
    size = {"width": SCREENS[request.param], "height": 900}
    context = browser.new_context(color_scheme=request.param, viewport=size)
    page = context.new_page()
    yield request.param, page
    context.close()


@pytest.mark.parametrize("name", list(PAGES))
def test_page_has_no_violation(site, screen, name):
    theme, page = screen
    page.goto((site / PAGES[name]).as_uri())
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}-{theme}.png", full_page=True)
    found = Axe().run(page, options=OPTIONS).response["violations"]
    told = [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in found]
    assert not found, json.dumps(told, ensure_ascii=False, indent=1)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= SCREENS[theme], "the page is wider than the screen"


@pytest.mark.parametrize("name", list(PAGES))
def test_headings_pictures_tables_and_languages(site, name):
    page = BeautifulSoup((site / PAGES[name]).read_text("utf-8"), "html.parser")
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
        box = table.find_parent(attrs={"aria-label": True}) or table.find_parent(
            attrs={"aria-labelledby": True}
        )
        assert table.caption or box, "a table without a name"
    for switch in page.select("a.language"):
        assert switch["lang"] == switch["hreflang"] != page.html["lang"]


def test_verdicts_are_words_and_arrows_not_colours_alone(site):
    page = BeautifulSoup((site / PAGES["start"]).read_text("utf-8"), "html.parser")
    said = {"r": "↗ stiger", "f": "↘ sjunker", "n": "→ oklart", "p": "≈ pandemin?", "t": "· få år"}
    cells = page.select("#matrix td[class]")
    assert {cell["class"][0] for cell in cells} == set(said) and len(cells) > 500
    assert all(cell.i.get_text() == said[cell["class"][0]] for cell in cells)


@pytest.mark.parametrize("name", ["start", "region", "measure", "notebook", "claims", "questions"])
def test_page_reflows_on_a_narrow_screen_and_with_wide_spacing(site, browser, name):
    """WCAG 1.4.10 and 1.4.12: 320 pixels, and text spacing of the reader's own."""
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto((site / PAGES[name]).as_uri())
    page.add_style_tag(content="* { line-height: 1.5 !important; letter-spacing: .12em !important; "
                       "word-spacing: .16em !important }")  # fmt: skip
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_words_that_are_too_long_do_not_widen_a_page(site, browser):
    long = "lång" * 300
    own = pages.frame("sv", "03/long.html", long)
    text = pages.template("failed.html.j2").render(
        **own, error=f"<script>window.ran = 1</script>{long}", region=long, log="x"
    )
    pages.put(site / "sv/03/long.html", text)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((site / "sv/03/long.html").as_uri())
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
    (site / "sv/03/long.html").unlink()


def test_focus_is_seen_and_begins_with_the_way_to_the_content(site, browser):
    page = browser.new_page()
    page.goto((site / PAGES["region"]).as_uri())
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
