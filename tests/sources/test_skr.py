"""SKR's workbooks: made here, since their cells were not seen; values worked by hand."""

import io

import openpyxl
import pytest
from support.fake_skr import FakeSkr

from naravard.sources import skr
from naravard.sources.answer import SourceError
from naravard.sources.client import Client, Patience

HEADER = ["Region", "Totalt", "Kvinnor", "Män"]
SKANE = ["Region Skåne", 5.6, 6.4, 3.5]
VGR = ["Västra Götalandsregionen", "6,2", "7,0", "3,6"]
RIKET = ["Samtliga regioner", 5.9, 6.6, 3.4]
NAME = "sjukfranvaro-anstallda-regioner-2019.xlsx"


def workbook(*rows, percent=False, merge=(), sheet="Blad1", more=()):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    for area in merge:
        book.active.merge_cells(area)
    if percent:
        for row in book.active.iter_rows():
            for cell in row:
                cell.number_format = "0.0%"
    for title, content in more:
        other = book.create_sheet(title)
        for row in content:
            other.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def values(rows):
    return {(row.region, row.year, row.sex): row.value for row in rows}


EXPECTED = {
    ("12", "2019", "T"): "5.6", ("12", "2019", "K"): "6.4", ("12", "2019", "M"): "3.5",
    ("14", "2019", "T"): "6.2", ("14", "2019", "K"): "7.0", ("14", "2019", "M"): "3.6",
    ("00", "2019", "T"): "5.9", ("00", "2019", "K"): "6.6", ("00", "2019", "M"): "3.4",
}  # fmt: skip
TITLE = ["Sjukfrånvaro, anställda regioner 2019"]


@pytest.mark.parametrize(
    "content",
    [
        workbook(HEADER, SKANE, VGR, RIKET),
        workbook(TITLE, [], HEADER, SKANE, VGR, RIKET, [], ["* Region Gotland är en kommun"]),
        # The key figures of the mandatory account: long-term share and ages beside the three.
        workbook(
            TITLE,
            ["Landsting/region", "Total sjukfrånvarotid", "60 dagar eller mer, av total", "Kvinnor",
             "Män", "29 år eller yngre", "30-49 år", "50 år eller äldre"],
            [*SKANE[:2], 41.0, *SKANE[2:], 4.4, 5.0, 6.0],
            ["Västra Götalandsregionen*", 6.2, 44.1, "7,0", 3.6, 4.7, "..", 6.6],
            [*RIKET[:2], 42.5, *RIKET[2:], 4.5, 5.1, 6.2],
            ["Medelvärde", 5.8, 42.0, 6.5, 3.3, 4.0, 5.0, 6.0],
        ),
        # Two header rows: the region merged downwards, a group merged across.
        workbook(
            TITLE,
            ["Region", "Sjukfrånvaro i procent av ordinarie arbetstid"],
            [None, "Totalt", "Kvinnor", "Män"],
            SKANE, VGR, RIKET, merge=("A2:A3", "B2:D2"),
        ),
        workbook(
            TITLE,
            [None, "Sjukfrånvaro", None, None, "Långtidssjukfrånvaro", None, None],
            ["Region", "Totalt", "Kvinnor", "Män", "Totalt", "Kvinnor", "Män"],
            [*SKANE, 41.0, 42.0, 39.0], [*VGR, 44.0, 45.0, 40.0], [*RIKET, 42.0, 43.0, 39.0],
            merge=("B2:D2", "E2:G2"),
        ),
        workbook(
            ["Sjukfrånvaro, anställda regioner 2019", "Publicerad 2020-03-02"],
            HEADER,
            ["Region Skåne", 0.056, 0.064, 0.035], ["VGR", 0.062, "7,0 %", 0.036],
            ["Riket", 0.059, 0.066, 0.034], percent=True,
        ),
        workbook(
            ["Region", "Totalt 2019", "Totalt 2018", "Kvinnor 2019", "Kvinnor 2018", "Män 2019",
             "Män 2018"],
            ["Region Skåne", 5.6, 5.5, 6.4, 6.3, 3.5, 3.4],
            ["Västra Götalandsregionen", 6.2, 6.1, "7,0", 6.9, 3.6, 3.5],
            ["Riket", 5.9, 5.8, 6.6, 6.5, 3.4, 3.3],
        ),
        workbook(HEADER, SKANE, VGR, RIKET, more=[("Om", [["Fakta om redovisningen"]])]),
    ],
)  # fmt: skip
def test_a_workbook_is_read_by_what_its_cells_say(content):
    found = {k: f"{float(v):.1f}" for k, v in values(skr.read_workbook(content, NAME)).items()}
    assert found == EXPECTED


def test_rows_carry_series_unit_and_source():
    row = skr.read_workbook(workbook(HEADER, SKANE), NAME)[0]
    assert (row.series, row.unit) == (
        "skr:sick_leave_workbook", "percent of ordinary working time",
    )  # fmt: skip
    assert row.source_title == "SKR: Sjukfrånvaro, anställda regioner 2019"


def test_missing_values_are_rows_with_a_reason():
    content = workbook(HEADER, ["Region Gotland", "..", None, "-"], SKANE)
    rows = {row.sex: row for row in skr.read_workbook(content, NAME) if row.region == "09"}
    assert [rows[sex].value for sex in "TKM"] == ["", "", ""]
    assert [rows[sex].note for sex in "TKM"] == [
        "missing at the source ('..')",
        "missing at the source (empty cell)",
        "missing at the source ('-')",
    ]


def test_old_names_of_the_regions_are_known():
    content = workbook(
        HEADER, ["Stockholms läns landsting", 6, 7, 4], ["Landstinget Blekinge", 5, 6, 3],
        ["Landstinget i Kalmar län", 4, 5, 2], ["Västerbottens läns landsting", 3, 4, 2],
    )  # fmt: skip
    found = values(skr.read_workbook(content, NAME))
    assert {k[0]: v for k, v in found.items() if k[2] == "T"} == {
        "01": "6", "10": "5", "08": "4", "24": "3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"PK\x03\x04 damaged", NAME, "not an .xlsx workbook, or damaged"),
        (b"Region;Totalt", NAME, "not an .xlsx workbook"),
        (b"", NAME, "the file is empty"),
        (b"<!DOCTYPE html>", NAME, "a web page"),
        (b"\xd0\xcf\x11\xe0old", NAME, "old Excel file"),
        (workbook(["Region", "Antal"], ["Skåne", 3]), NAME, "no sheet has a header"),
        (workbook(HEADER, SKANE, more=[("Två", [HEADER, VGR])]), NAME, "'Blad1', 'Två'"),
        (
            workbook([*HEADER, "Total"], [*SKANE, 3]), NAME,
            "the columns 'Totalt' and 'Total' both fit",
        ),
        (workbook(HEADER, SKANE), "regioner.xlsx", "neither the title nor the file's name"),
        (
            workbook(["Sjukfrånvaro 2020"], HEADER, SKANE), NAME,
            "the title says 2020, the file's name 2019",
        ),
        (workbook(["Sjukfrånvaro 2018-2020"], HEADER, SKANE), "a.xlsx", "the years 2018, 2020"),
        (workbook(HEADER, ["Region Skone", 5.6, 6.4, 3.5]), NAME, "row 2: unknown region"),
        (workbook(HEADER, ["Kommunalförbundet", 5.6, 6.4, 3.5]), NAME, "row 2: unknown region"),
        (workbook(HEADER, SKANE, ["Skåne", 5, 6, 4]), NAME, "row 3: 'Skåne' again"),
        (workbook(HEADER, ["Skåne", 0.056, 0.064, 0.035]), NAME, "0.056 percent or 5.6 percent"),
        (workbook(HEADER, ["Skåne", 5.6, 6.4, 3.5], percent=True), NAME, "shown as 560 %"),
        (workbook(HEADER, ["Skåne", "fem", 6.4, 3.5]), NAME, "'fem' is not a number"),
        (workbook(HEADER, ["Skåne", "5,6", "6.4", 3.5]), NAME, "write them in one way"),
        (workbook(HEADER, ["Skåne", "=1+1", 6.4, 3.5]), NAME, "cell B2: a formula without"),
        (workbook(HEADER, ["Not", None, None, None]), NAME, "no row names a region"),
    ],
)  # fmt: skip
def test_what_is_wrong_or_not_clear_is_refused_in_one_sentence(content, name, message):
    with pytest.raises(SourceError) as error:
        skr.read_workbook(content, name)
    assert message in str(error.value)
    assert str(error.value).startswith(name)
    assert "\n" not in str(error.value)


PAGE = """<html><body><h1>Sjukfrånvaroredovisningen</h1>
<a href="/download/1/kommuner-2019.xlsx">Sjukfrånvaro, anställda <b>kommuner</b> 2019 (Excel)</a>
<a href="/download/2/a.xlsx">Sjukfrånvaro, anställda <b>regioner</b> 2019 (Excel)</a>
<a href="/download/3/Sjukfr%C3%A5nvaro%20anst%C3%A4llda%20i%20regioner%202020.xlsx">Excel, 8 kB</a>
<a href="/download/4/definition.pdf">Sjukfrånvaro regioner 2019, definition</a></body></html>"""
FILE_2020 = "/download/3/Sjukfr%C3%A5nvaro%20anst%C3%A4llda%20i%20regioner%202020.xlsx"


@pytest.fixture
def site():
    fake = FakeSkr({
        "/page.html": PAGE.encode(),
        "/download/2/a.xlsx": workbook(TITLE, HEADER, SKANE, VGR),
        FILE_2020: workbook(HEADER, ["Region Skåne", 6.7, 7.5, 4.6]),
    }).start()  # fmt: skip
    yield fake
    fake.stop()


def ask(site, page="/page.html", names=(skr.DATASET,)):
    with Client(skr.NAME, site.base, pause=0, patience=Patience(attempts=1)) as client:
        return dict(skr.ask(names, client, page=page and site.base + page))


def test_all_workbooks_of_the_page_are_one_answer(site):
    answer = ask(site)[skr.DATASET]
    found = values(answer.rows)
    assert found[("12", "2019", "T")] == "5.6"
    assert found[("14", "2019", "K")] == "7.0"
    assert found[("12", "2020", "M")] == "4.6"
    assert len(answer.rows) == 9
    assert site.asked == ["/page.html", "/download/2/a.xlsx", FILE_2020]
    assert [request.url for request in answer.requests] == [site.base + p for p in site.asked]
    assert {row.source_url for row in answer.rows if row.year == "2020"} == {site.base + FILE_2020}
    assert answer.text().startswith("series,region,year,sex,value")


def test_without_an_address_nothing_is_asked_and_it_is_said_what_to_do(site):
    error = ask(site, page="")[skr.DATASET]
    assert isinstance(error, SourceError)
    assert "address of SKR's workbooks is not known" in str(error)
    assert "naravard data add FILE --indicator" in str(error)
    assert site.asked == []
    with Client(skr.NAME, site.base) as client:
        assert isinstance(dict(skr.ask([skr.DATASET], client))[skr.DATASET], SourceError)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"/page.html": b"<p>moved</p>"}, "links to no .xlsx"),
        ({"/page.html": PAGE.replace("%202020", "%202019").encode()}, "two workbooks of 2019"),
        ({"/download/2/a.xlsx": None}, "status 404"),
        ({"/download/2/a.xlsx": workbook(["Sjukfrånvaro 2018"], HEADER, SKANE)}, "is of 2018"),
        ({"/download/2/a.xlsx": b"PK\x03\x04cut"}, "damaged"),
    ],
)
def test_one_failed_workbook_means_no_answer(site, files, message):
    site.files.update(files)
    error = ask(site)[skr.DATASET]
    assert isinstance(error, SourceError)
    assert message in str(error)


def test_the_contract_of_a_source():
    assert skr.datasets() == [skr.DATASET]
    assert skr.BASE == "https://skr.se"


def test_an_unknown_data_set_is_an_error(site):
    assert "has no data set 'skr/other'" in str(ask(site, names=["skr/other"])["skr/other"])
