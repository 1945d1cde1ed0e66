"""Pages on narrow screens, on paper, with the reader's own spacing, and under a moving focus."""

import pytest
from support.place import ARTEFACTS
from support.site_pages import PAGES

#: CSS pixels of an A4 sheet between margins of 15 mm.
SHEET = 680
_SPACING = ("* { line-height: 1.5 !important; letter-spacing: .12em !important; "
            "word-spacing: .16em !important }")  # fmt: skip


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def opened(page, site, name, width):
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((site / PAGES[name]).as_uri())


@pytest.mark.parametrize("name", list(PAGES))
def test_page_reflows_on_a_narrow_screen_and_with_wide_spacing(every_page, page, name):
    """WCAG 1.4.10 and 1.4.12: 320 pixels, and text spacing of the reader's own."""
    opened(page, every_page, name, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.add_style_tag(content=_SPACING)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", [name for name in PAGES if name != "nasty"])
def test_nothing_is_cut_on_paper_and_controls_are_gone(every_page, page, name):
    opened(page, every_page, name, SHEET)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    cut = page.evaluate("""() => [...document.querySelectorAll("main *")].filter(
      e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        || (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible")
      ).map(e => e.outerHTML.slice(0, 90))""")
    assert cut == []
    controls = ("header", ".filters", "figcaption", ".more")
    assert page.locator(", ".join(f"{one}:visible" for one in controls)).count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("figure img:visible").count() == page.locator("figure img").count()
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}-print.png", full_page=True)


@pytest.mark.parametrize("name", ["start", "claims", "region", "measures", "measure"])
def test_controls_are_large_enough_to_hit(every_page, page, name):
    """WCAG 2.5.8; links in sentences are excepted, those on the map have a list beside it."""
    opened(page, every_page, name, 390)
    small = page.evaluate("""() => [...document.querySelectorAll(
        "button, select, input, header a, #map-table a, .matrix a, .button")].filter(e => {
      const box = e.getBoundingClientRect();
      return box.width && (box.width < 24 || box.height < 23.5);
    }).map(e => e.outerHTML)""")
    assert small == []
    assert page.locator("header a").count() > 5


@pytest.mark.parametrize("name", ["notebook", "profile", "notebook-claims", "changed"])
def test_captions_and_figures_can_be_read_on_a_phone(every_page, page, name):
    """A caption is not wider than the screen; a figure keeps a size at which its text is read."""
    opened(page, every_page, name, 390)
    captions = page.locator("caption").all()
    assert captions and all(c.bounding_box()["width"] <= 390 for c in captions)
    for box in (image.bounding_box() for image in page.locator("figure img").all()):
        assert box["width"] > 550


@pytest.mark.parametrize("width", [1400, 390])
def test_fixed_headings_do_not_hide_what_has_the_focus(every_page, page, width):
    """WCAG 2.4.11, in the table whose head and first column stay while it scrolls."""
    opened(page, every_page, "start", width)
    hidden = page.evaluate("""() => {
      const table = document.getElementById("matrix"), hidden = [];
      const seen = (link, fixed, edge, start) => {
        link.focus();
        if (link.getBoundingClientRect()[start] < fixed.getBoundingClientRect()[edge] - 1)
          hidden.push(link.textContent);
      };
      const heads = [...table.tHead.rows[0].cells];
      const beside = getComputedStyle(table.tBodies[0].rows[0].cells[0]).position === "sticky";
      for (const row of [...table.tBodies[0].rows].reverse())
        seen(row.cells[0].querySelector("a"), heads[0], "bottom", "top");
      for (const head of heads.slice(1).reverse())
        if (beside) seen(head.querySelector("a"), heads[0], "right", "left");
      return [hidden, beside];
    }""")
    assert hidden == [[], width > 1000]


def test_a_reader_with_a_keyboard_comes_to_every_control(every_page, page):
    opened(page, every_page, "start", 1400)
    skipped = page.evaluate("""() => [...document.querySelectorAll(
        "a, button, select, input")].filter(e => e.tabIndex < 0).length""")
    order = page.evaluate("""() => [...document.querySelectorAll("[tabindex]")].filter(
        e => e.tabIndex > 0).length""")
    assert (skipped, order) == (0, 0), "the focus follows the order of the page"
