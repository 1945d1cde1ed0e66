"""Exploring: one result behind figure, finding, table and code, and an interface that shows it."""

import ast
import asyncio
import base64
import html
import io
import itertools
import json

import nbformat
import numpy as np
import pandas as pd
import papermill
import pytest
from bs4 import BeautifulSoup
from matplotlib.colors import to_rgb
from support.place import ROOT

import naravard as nv
from naravard import catalogue
from naravard.batch.jobs import make_jobs
from naravard.data.processed import awaiting
from naravard.errors import NaravardError
from naravard.explore import Explorer
from naravard.figures.series import NATION_STYLE, STYLES
from naravard.notebooks import all_notebooks, find_notebook, notebooks
from naravard.sentences.say import sentence

NOTEBOOK = ROOT / "notebooks" / "00_explore.ipynb"
WIDGETS = "application/vnd.jupyter.widget-view+json"
VIEWS = {
    "nation": nv.View("readmission_30d_65plus"),
    "two regions": nv.View("readmission_30d_65plus", ["03", "09"], language="en"),
    "region without values": nv.View("readmission_30d_65plus", ["00", "vgr"]),
    "some years, no trend": nv.View("avoidable_inpatient_care", ["14", "09"], (2018, 2021),
                                    trend=False, language="en"),
    "women": nv.View("sick_leave_total", ["00", "13"], sex="K"),
    "fixed prices": nv.View("health_care_net_cost_incl_drugs", ["00", "03", "14"], (2012, 2025),
                            price_year=2015, language="en"),
    "current prices": nv.View("primary_care_net_cost", ["09", "00"]),
    "for the nation only": nv.View("primary_care_cost_share_scb", ["03", "00"], language="en"),
    "a count, seven areas": nv.View("population", ["00", "01", "03", "09", "12", "14", "25"],
                                    (2015, 2024)),
    "one year": nv.View("county_area", ["23", "09"], trend=False),
}  # fmt: skip


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def plain(text: str) -> str:
    """A text without marks and line ends, to look for on a page."""
    return " ".join(text.replace("*", "").split())


def displayed(code: str) -> list:
    """Run a cell as a notebook would, and return what it displays."""
    found = []
    exec(compile(code, "cell", "exec"), {"display": lambda *shown: found.extend(shown)})
    return found


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_shown_code_gives_what_is_shown(view):
    shown = soup(Explorer(view).html(live=True))
    finding, figure, table = displayed(shown.pre.get_text())
    assert plain(finding.text) in plain(shown.get_text())
    assert shown.img["alt"] == figure.alt
    assert soup(table._repr_mimebundle_()["text/html"]).table == shown.table
    result = view.result()
    assert figure.png == result.figure.png and figure.data.equals(result.figure.data)
    assert finding == result.finding and table.frame.equals(result.table.frame)


def test_views_show_different_things():
    results = [view.result() for view in VIEWS.values()]
    for one in zip(*((r.figure.png, r.figure.alt, r.code) for r in results), strict=True):
        assert len(set(one)) == len(VIEWS)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_shown_code_is_short_and_calls_the_public_face_only(view):
    code = view.result().code
    assert len(code.splitlines()) <= 10
    for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        known = name.startswith("nv.") and name.removeprefix("nv.") in nv.__all__
        assert known or name in ("display", "slice"), name


def test_figure_and_table_hold_the_published_values(published):
    result = nv.View("readmission_30d_65plus", ["03", "09"], (2018, 2020)).result()
    for code, label in (("03", "Uppsala"), ("09", "Gotland")):
        for year in (2018, 2019, 2020):
            value = published["kolada:U79092", code, year, "T"][0]
            assert result.figure.data.at[year, label] == float(value)
            assert result.table.frame.at[year, label] == value
    assert list(result.figure.data.index) == [2018, 2019, 2020]


def test_fixed_prices_follow_the_index_and_say_so_everywhere():
    view = nv.View("primary_care_net_cost", ["03"], price_year=2023, language="en")
    result = view.result()
    own = nv.load_costs("primary_care_net_cost", "03").set_index("year")["value"]
    index = nv.load_indicator("consumer_price_index").set_index("year")["value"]
    expected = own[2019] * index[2023] / index[2019]
    assert result.figure.data.at[2019, "Uppsala"] == pytest.approx(expected, abs=0.06)
    assert "prices of 2023 (CPI)" in result.finding.text
    assert "prices of 2023" in result.table.caption
    assert "For 2024 there is no price index" in result.finding.text
    current = nv.View("primary_care_net_cost", ["03"], language="en").result()
    assert "current prices" in current.finding.text and "current prices" in current.table.caption
    assert current.figure.data.at[2019, "Uppsala"] == pytest.approx(own[2019], abs=0.06)
    assert "prices" not in nv.View("primary_care_cost_share", ["03"], language="en").result(
    ).finding.text  # fmt: skip


def test_the_finding_says_where_values_run_across_a_break():
    share = nv.load_indicator("primary_care_cost_share")
    text = sentence(nv.compare(share, ["14", "03"]), "sv")
    assert "Västra Götalandsregionen från" in text and "över ett brott 2024" in text
    before = nv.load_indicator("primary_care_cost_share", years=slice(2019, 2023))
    assert "brott" not in sentence(nv.compare(before, ["14", "03"]), "sv")


def test_the_finding_gives_a_reason_only_for_the_years_it_holds_for():
    # Women: Gotland has values 2019–2021. Uppsala's known gap ends in 2009.
    text = nv.View("population", ["03", "09"], sex="K", trend=False).result().finding.text
    assert text.endswith("Region Uppsala saknar värden.")
    text = nv.View("readmission_30d_65plus", ["00", "14"], trend=False).result().finding.text
    assert text.endswith("Västra Götaland saknar värden i Kolada alla år.")


def test_trends_are_those_of_the_library_and_only_on_request():
    rows = nv.load_indicator("avoidable_inpatient_care")
    shown = nv.View("avoidable_inpatient_care", ["09", "14"], language="en").result()
    assert shown.trends == (nv.trend(rows, "09"), nv.trend(rows, "14"))
    assert all(sentence(t, "en").replace("*", "") in shown.figure.alt for t in shown.trends)
    assert nv.View("avoidable_inpatient_care", ["09"], trend=False).result().trends == ()
    few = nv.View("avoidable_inpatient_care", ["09"], (2019, 2022)).result().trends
    assert [change.verdict for change in few] == ["too few years"]


@pytest.mark.parametrize(
    ("choice", "swedish", "english"),
    [
        ({"regions": []}, "Välj minst en region.", "Choose at least one region."),
        ({"regions": ["01", "03", "04", "05", "06", "07", "08"]}, "Högst 6 regioner",
         "At most 6 regions"),
        ({"years": (2020, 2018)}, "Första året, 2020, ligger efter", "The first year, 2020, lies"),
        ({"sex": "K"}, "finns inte för kvinnor", "not published for women"),
        ({"price_year": 2020}, "ingen kostnad i kronor", "not a cost in kronor"),
    ],
)  # fmt: skip
def test_a_choice_that_does_not_fit_is_refused_in_the_readers_language(choice, swedish, english):
    for language, words in (("sv", swedish), ("en", english)):
        with pytest.raises(NaravardError, match=words):
            nv.View("readmission_30d_65plus", **{"language": language, **choice})


def test_unknown_words_are_refused_with_the_closest():
    with pytest.raises(NaravardError, match="did you mean 'readmission_30d_65plus'"):
        nv.explore("readmission_30d_65")
    with pytest.raises(NaravardError, match="did you mean 'Uppsala'"):
        nv.explore(region="Upsala")
    with pytest.raises(NaravardError, match="unknown language"):
        nv.explore(language="de")
    with pytest.raises(NaravardError, match="2006–2023, not for 1990"):
        nv.View("primary_care_net_cost", price_year=1990, language="en")
    waiting = next(id for id in catalogue.catalogue().indicators if awaiting(id))
    with pytest.raises(NaravardError, match=f"'{waiting}'"):
        nv.explore(waiting)


def test_where_there_is_nothing_one_sentence_says_so():
    view = nv.View("primary_care_cost", "09")  # Gotland keeps no such accounts
    with pytest.raises(NaravardError) as caught:
        view.result()
    said = "Kostnad för primärvård har inga värden för Region Gotland 2011–2025."
    assert str(caught.value) == said
    page = soup(nv.explore("primary_care_cost", ["09"]).html())
    assert page.select_one(".nv-error").get_text() == said
    assert page.img is None and page.table is None and page.pre is None
    with pytest.raises(NaravardError, match="exists for the nation only: choose Sweden"):
        nv.View("grant_total", "03", language="en").result()


def test_compare_refuses_what_cannot_stand_in_one_figure():
    rows = nv.load_indicator("readmission_30d_65plus")
    with pytest.raises(NaravardError, match="at least one region"):
        nv.compare(rows, [])
    with pytest.raises(NaravardError, match="one indicator is needed, but the rows hold 2"):
        nv.compare(nv.load_indicator(["readmission_30d_65plus", "trust_in_health_care"]), "00")
    with pytest.raises(NaravardError, match="one sex is needed, but the rows hold 3"):
        nv.compare(nv.load_indicator("population", sex=None), "00")
    with pytest.raises(NaravardError, match="at most 6 regions"):
        nv.plot(nv.compare(rows, ["01", "03", "04", "05", "06", "07", "08", "00"]))
    with pytest.raises(NaravardError, match="a trend of region 09, which is not shown"):
        nv.plot(nv.compare(rows, ["03"], [nv.trend(rows, "09")]))
    other = nv.load_indicator("trust_in_health_care")
    with pytest.raises(NaravardError, match="the trend is of 'trust_in_health_care'"):
        nv.plot(nv.compare(rows, ["03"], [nv.trend(other, "03")]))


def test_the_other_regions_stand_behind_rates_but_not_behind_counts():
    def alone(id):
        rows = nv.load_indicator(id)
        own = rows[rows["region"].isin(["03", "09"])]
        return [nv.plot(nv.compare(those, ["03", "09"])) for those in (own, rows)]

    one, all_ = alone("avoidable_inpatient_care")
    assert one.png != all_.png and one.data.equals(all_.data)
    one, all_ = alone("doctors_fte")
    assert one.png == all_.png


def linear(color) -> np.ndarray:
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(light) -> np.ndarray:
    """CIE L*a*b* of linear sRGB under D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(np.array(to_xyz) @ np.clip(light, 0.009, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


# Machado, Oliveira and Fernandes (2009), severity 1.
SEEN_BY = {
    "most people": np.eye(3),
    "protanopes": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopes": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
}  # fmt: skip


@pytest.mark.parametrize("eyes", SEEN_BY.values(), ids=SEEN_BY)
def test_the_colours_of_regions_can_be_told_apart(eyes):
    seen = [lab(eyes @ linear(style["color"])) for style in STYLES]
    apart = [np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)]
    assert min(apart) > 12  # about 2 can just be told apart side by side


def test_regions_differ_in_dash_and_marker_and_their_names_can_be_read():
    styles = [*STYLES, NATION_STYLE]
    for one, other in itertools.combinations(styles, 2):
        assert one["color"] != other["color"] and one["linestyle"] != other["linestyle"]
    assert len({style["marker"] for style in STYLES}) == len(STYLES)
    # WCAG 2.2, 1.4.3: at least 4.5 to 1 against white.
    light = [linear(style["color"]) @ [0.2126, 0.7152, 0.0722] for style in styles]
    assert all(1.05 / (one + 0.05) >= 4.5 for one in light)


@pytest.fixture
def interface():
    return nv.explore("readmission_30d_65plus", "03", "sv").interface


def shown(interface) -> BeautifulSoup:
    return soup(interface.shown.value)


def test_a_region_more_changes_figure_finding_table_and_code_at_once(interface):
    messages = []
    interface.shown.observe(lambda change: messages.append(change.new), "value")
    before = shown(interface)
    interface.regions["09"].value = True
    assert len(messages) == 1
    after = shown(interface)
    assert "Gotland" not in before.get_text()
    assert "Region Gotland från 21" in after.select_one(".nv-finding").get_text()
    assert "Gotland" in after.img["alt"] and after.img["src"] != before.img["src"]
    assert [th.get_text() for th in after.thead.find_all("th")][1:] == ["Riket", "Uppsala",
                                                                      "Gotland"]  # fmt: skip
    assert 'regions = ["00", "03", "09"]' in after.pre.get_text()
    interface.regions["09"].value = False
    assert interface.shown.value == messages[1] and shown(interface) == before


def test_a_wrong_choice_shows_a_sentence_and_no_old_picture(interface):
    for code in ("00", "03"):
        interface.regions[code].value = False
    page = shown(interface)
    assert page.select_one(".nv-error").get_text() == "Välj minst en region."
    assert page.img is None and page.table is None
    interface.regions["14"].value = True  # no readmissions
    assert "har inga värden för Västra Götalandsregionen" in shown(interface).get_text()
    assert shown(interface).img is None
    interface.regions["09"].value = True
    assert "Gotland" in shown(interface).img["alt"]
    interface.first.value, interface.last.value = 2020, 2017
    assert "ligger efter" in shown(interface).get_text() and shown(interface).img is None


def test_another_indicator_brings_its_own_years_sexes_and_prices(interface):
    assert interface.first.options[0] == 2016 and interface.last.options[-1] == 2025
    assert interface.sex.disabled and interface.prices.layout.display == "none"
    messages = []
    interface.shown.observe(lambda change: messages.append(change.new), "value")
    interface.indicator.value = "population"
    assert len(messages) == 1
    assert [value for _, value in interface.sex.options] == ["T", "K", "M"]
    assert not interface.sex.disabled and interface.first.value == 2000
    interface.sex.value = "M"
    assert "bland män" in shown(interface).get_text()
    interface.indicator.value = "primary_care_net_cost"
    assert interface.sex.value == "T" and interface.prices.layout.display is None
    interface.prices.value = 2020
    assert "price_year=2020" in shown(interface).pre.get_text()
    interface.indicator.value = "primary_care_cost_share"  # a cost, but no money
    assert interface.prices.layout.display == "none" and interface.prices.value is None
    assert "price_year" not in shown(interface).pre.get_text()


def test_years_that_are_chosen_stay_where_the_next_indicator_has_them(interface):
    interface.first.value, interface.last.value = 2018, 2022
    interface.indicator.value = "avoidable_inpatient_care"
    assert (interface.first.value, interface.last.value) == (2018, 2022)
    assert "years=slice(2018, 2022)" in shown(interface).pre.get_text()
    interface.indicator.value = "doctors_fte"  # 2016, 2017, 2019, 2020
    assert (interface.first.value, interface.last.value) == (2019, 2020)


def test_indicators_are_found_by_words_and_area_and_the_view_stays(interface):
    before = interface.shown.value
    interface.search.value = "kostnad psykiatri"
    found = [id for _, id in interface.indicator.options]
    assert "specialised_psychiatric_cost" in found and "trust_in_health_care" not in found
    interface.search.value = "xyz"
    assert interface.indicator.options == () and "Inget mått" in interface.none.value
    interface.search.value = ""
    assert interface.none.value == "" and interface.indicator.value == "readmission_30d_65plus"
    interface.direction.value = "digital"
    entries = catalogue.catalogue().indicators
    directions = {entries[id].strategic_direction for _, id in interface.indicator.options}
    assert directions == {"digital"}
    assert interface.shown.value == before


def test_only_indicators_with_figures_are_offered_the_others_are_named(interface):
    offered = {id for _, id in interface.indicator.options}
    entries = catalogue.catalogue().indicators
    assert offered == {id for id in entries if not awaiting(id)}
    note = soup(interface.box.children[0].children[-1].value)
    assert len(note.find_all("li")) == len(entries) - len(offered)
    assert "naravard data fetch" in note.get_text()


def test_several_choices_in_one_breath_make_one_view(interface):
    messages = []
    interface.shown.observe(lambda change: messages.append(change.new), "value")

    async def choose():
        for code in ("09", "12", "25"):
            interface.regions[code].value = True
        assert not messages
        while not messages:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(choose(), 60))
    assert len(messages) == 1 and '["00", "03", "09", "12", "25"]' in soup(messages[0]).pre.text


def test_every_indicator_can_be_shown(interface):
    for _, id in interface.indicator.options:
        interface.indicator.value = id
        page = shown(interface)
        assert page.img or page.select_one(".nv-error"), id
        if page.img:
            assert f'"{id}"' in page.pre.get_text()
        else:
            assert not nv.load_indicator(id, sex=None)["region"].isin(["00", "03"]).any() or (
                nv.load_indicator(id, ["00", "03"], sex=interface.sex.value)["value"].isna().all()
            ), id


def test_every_control_has_a_name_in_the_language():
    for language, label in (("sv", "Mått"), ("en", "Indicator")):
        made = nv.explore("population", "09", language).interface
        controls = (made.direction, made.search, made.indicator, made.first, made.last, made.sex,
                    made.prices, made.trend, *made.regions.values())  # fmt: skip
        assert all(control.description for control in controls)
        assert made.indicator.description == label
        assert made.regions["00"].description == {"sv": "Riket", "en": "Sweden"}[language]
        assert shown(made).div["lang"] == language


def test_buttons_save_the_shown_values_under_names_of_codes(interface):
    links = {a["download"]: a["href"] for a in shown(interface).select("a.nv-save")}
    assert set(links) == {f"readmission_30d_65plus_00_03.{kind}" for kind in ("png", "csv")}
    table = base64.b64decode(links["readmission_30d_65plus_00_03.csv"].partition(",")[2])
    saved = pd.read_csv(io.BytesIO(table), comment="#", encoding="utf-8-sig", index_col=0)
    figure = nv.View("readmission_30d_65plus", ["00", "03"]).result().figure
    assert saved["Uppsala"].tolist() == figure.data["Uppsala"].tolist()
    assert links["readmission_30d_65plus_00_03.png"] == shown(interface).img["src"]


def test_one_object_holds_the_widgets_and_what_stands_for_them():
    quiet = nv.explore("readmission_30d_65plus", "09", interactive=False)._repr_mimebundle_()
    assert set(quiet) == {"text/html", "text/plain"}
    full = nv.explore("readmission_30d_65plus", "09", interactive=True)._repr_mimebundle_()
    assert full[WIDGETS]["model_id"] and full["text/html"] == quiet["text/html"]
    page = soup(full["text/html"])
    assert "Gotland" in page.img["alt"] and page.table and "Region Gotland" in page.get_text()
    assert "naravard lab" in page.get_text() and page.button is None
    assert "naravard lab" in full["text/plain"] and "Gotland" in full["text/plain"]
    # Outside a notebook nobody is there.
    assert WIDGETS not in nv.explore()._repr_mimebundle_()


def test_the_limits_name_a_region_only_for_what_holds_for_it_alone():
    text = soup(nv.explore("readmission_30d_65plus", ["10", "03"]).html()).details.get_text()
    shared, _, own = text.partition("Region Blekinge:")
    assert "i hela procent: en" in shared and text.count("i hela procent: en") == 1
    assert "2016–2018" in own and "2016–2018" not in shared


def test_the_notebook_is_interactive_and_no_batch_job():
    assert "00_explore" in all_notebooks() and "00_explore" not in notebooks()
    assert list(all_notebooks()) == ["00_explore", *notebooks()]
    assert "00_explore" not in {job.notebook for job in make_jobs(["03"])}
    for name in ("00", "explore", "00_explore.ipynb"):
        with pytest.raises(NaravardError, match="00_explore is interactive"):
            find_notebook(name)


def test_the_stored_notebook_shows_figure_finding_and_table_without_widgets():
    from nbconvert import HTMLExporter

    text = NOTEBOOK.read_text("utf-8")
    assert WIDGETS not in text and "widgets" not in json.loads(text)["metadata"]
    page = soup(HTMLExporter().from_filename(str(NOTEBOOK))[0])
    view = nv.View("readmission_30d_65plus").result()
    assert page.select_one(".naravard-view img")["alt"] == view.figure.alt
    assert plain(view.finding.text) in plain(page.get_text())
    assert page.select_one(".naravard-view table").find_all("tr")


@pytest.mark.parametrize(("region", "language"), [("09", "sv"), ("14", "en"), ("00", "en")])
def test_the_notebook_runs_under_papermill(tmp_path, region, language):
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        NOTEBOOK, out, parameters={"region": region, "language": language}, kernel_name="python3",
        progress_bar=False, cwd=str(ROOT),
    )  # fmt: skip
    notebook = nbformat.read(out, as_version=4)
    assert WIDGETS not in out.read_text("utf-8") and "widgets" not in notebook.metadata
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert {o.output_type for o in outputs} == {"execute_result"}
    page = soup(outputs[0].data["text/html"])
    assert nv.resolve(region).name(language) in page.select_one(".nv-finding").get_text()
    assert page.div["lang"] == language and html.unescape(page.img["alt"])
