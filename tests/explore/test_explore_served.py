"""The notebook that explores, used in a real JupyterLab as a person does."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from support.place import ARTEFACTS
from support.servers import STEP, lab, voila

import naravard as nv

pytest.importorskip("jupyterlab")
pytest.importorskip("ipywidgets")

NOTEBOOK = "00_explore.ipynb"
VIEW = ".naravard-explore .naravard-view"


def chosen(notebook, **parameters):
    """Write other parameters into a notebook, as a person does before running it."""
    content = json.loads(notebook.read_text("utf-8"))
    cell = next(c for c in content["cells"] if c["metadata"].get("tags") == ["parameters"])
    cell["source"] = [f"{name} = {value!r}\n" for name, value in parameters.items()]
    notebook.write_text(json.dumps(content), "utf-8")


def assert_shows(page, view, picture):
    """The page shows the view, all of it; return the picture, which is not that given."""
    result = view.result()
    page.wait_for_function(
        "([at, code]) => document.querySelector(at + ' pre')?.textContent === code",
        arg=[VIEW, result.code], timeout=STEP * 1000,
    )  # fmt: skip
    found = BeautifulSoup(page.locator(VIEW).inner_html(), "html.parser")
    assert found.img["alt"] == result.figure.alt and found.img["src"] != picture
    finding = result.finding.text.replace("*", "").split("\n\n")
    said = " ".join(found.get_text().split())
    assert all(" ".join(part.split()) in said for part in finding)
    head = [th.get_text() for th in found.thead.find_all("th")]
    assert head[1:] == list(result.table.frame.columns)
    return found.img["src"]


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """A page on which the notebook lies open in JupyterLab, with its kernel started."""
    with lab(tmp_path_factory.mktemp("lab")) as address:
        context = browser.new_context(viewport={"width": 1500, "height": 1300})
        page = context.new_page()
        page.set_default_timeout(STEP * 1000)
        page.goto(f"{address}/lab/tree/{NOTEBOOK}?reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        yield page
        context.close()


def test_run_all_then_choose_by_mouse_and_by_keyboard(page):
    stored = page.locator(".naravard-view")
    assert stored.count() == 1 and page.locator(".naravard-explore").count() == 0
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator(f"{VIEW} img").wait_for()
    # Only the interface: what stands for it elsewhere is not shown beside it.
    assert page.locator(".naravard-view").count() == 1
    view = nv.View("readmission_30d_65plus", ["00"])
    first = assert_shows(page, view, None)

    page.get_by_label("Gotland", exact=True).check()
    view = nv.View("readmission_30d_65plus", ["00", "09"])
    second = assert_shows(page, view, first)
    page.screenshot(path=ARTEFACTS / "lab_sv.png")

    page.get_by_label("Uppsala", exact=True).focus()
    page.keyboard.press("Space")
    view = nv.View("readmission_30d_65plus", ["00", "09", "03"])
    assert_shows(page, view, second)


def test_keys_belong_to_the_control_that_has_the_focus(page):
    cells = page.locator(".jp-Cell").count()
    page.get_by_label("Mått", exact=True).focus()
    for key in ("Home", "ArrowDown", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    second = page.locator(".naravard-explore select[size] option").nth(1).inner_text()
    second = second.replace("\u00a0", " ")
    page.wait_for_function(
        "([at, name]) => document.querySelector(at + ' img')?.alt.startsWith(name)",
        arg=[VIEW, second],
    )
    # In JupyterLab these would add a cell, delete one and cut one.
    page.get_by_label("Skåne", exact=True).focus()
    for key in ("a", "d", "d", "x", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Space")
    page.wait_for_function(
        "at => document.querySelector(at + ' pre')?.textContent.includes('Skåne')", arg=VIEW
    )
    assert page.locator(".jp-Cell").count() == cells


def test_the_copied_code_runs_in_a_cell_of_its_own(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = page.locator(f"{VIEW} pre").inner_text()
    page.get_by_role("button", name="Kopiera koden").click()
    page.get_by_role("button", name="Kopierad").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == code.strip()
    picture = page.locator(f"{VIEW} img").get_attribute("src")

    page.locator(".jp-Notebook .jp-CodeCell").last.locator(".jp-InputPrompt").click()
    page.get_by_role("menuitem", name="Edit", exact=True).wait_for()
    page.keyboard.press("b")  # a new cell below
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+V")
    page.keyboard.press("Shift+Enter")
    shown = page.locator(".jp-RenderedImage img")
    shown.wait_for()
    assert shown.get_attribute("src") == picture


def test_a_choice_with_nothing_to_show_takes_the_picture_away(page):
    for label in ("Riket", "Gotland", "Uppsala", "Skåne"):
        page.get_by_label(label, exact=True).uncheck()
    page.locator(f"{VIEW} .nv-error").wait_for()
    assert page.locator(f"{VIEW} img").count() == 0
    assert "Välj minst en region." in page.locator(VIEW).inner_text()


@pytest.fixture(scope="module")
def app(browser, tmp_path_factory):
    """The notebook in Voilà: English, Västra Götaland, another indicator."""
    pytest.importorskip("voila")
    from support.servers import copied_notebooks

    folder = tmp_path_factory.mktemp("voila")
    notebook = copied_notebooks(folder) / NOTEBOOK
    chosen(notebook, indicator="avoidable_inpatient_care", region="vgr", language="en")
    with voila(folder, notebook, "--TagRemovePreprocessor.remove_cell_tags=sv") as address:
        context = browser.new_context(viewport={"width": 1300, "height": 1400})
        page = context.new_page()
        page.set_default_timeout(STEP * 1000)
        page.goto(address)
        page.locator(f"{VIEW} img").wait_for()
        yield page
        context.close()


def test_voila_shows_the_interface_without_the_notebooks_code(app):
    assert app.locator(".naravard-view").count() == 1
    assert "nv.explore(" not in app.content()
    assert app.locator("h1").all_inner_texts() == [
        "Explore: which indicator, which regions, which years?"
    ]
    first = assert_shows(app, nv.View("avoidable_inpatient_care", ["00", "14"], language="en"), "")
    app.get_by_label("Sweden", exact=True).uncheck()
    app.get_by_label("Gotland", exact=True).check()
    app.get_by_label("To year").select_option("2023")
    view = nv.View("avoidable_inpatient_care", ["14", "09"], (2016, 2023), language="en")
    assert_shows(app, view, first)
    app.screenshot(path=ARTEFACTS / "voila_en.png", full_page=True)


def test_the_interface_is_accessible(app):
    found = Axe().run(app, context=".naravard-explore").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
