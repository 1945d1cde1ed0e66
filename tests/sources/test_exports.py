"""Exports as people have them: Skåne and Jämtland Härjedalen, values worked by hand."""

import io

import openpyxl
import pytest

from naravard.catalogue import indicator
from naravard.sources.answer import SUPPRESSED, SourceError
from naravard.sources.exports import SHAPES, read_export

AVOIDABLE = "avoidable_inpatient_care"
#: What each of the files below holds, in whatever form.
EXPECTED = {
    ("12", "2018", "T"): "1234.5", ("12", "2019", "T"): "987.6",
    ("23", "2018", "T"): "601.2", ("23", "2019", "T"): "580.0",
}  # fmt: skip
BY_SEX = {
    ("12", "2018", "K"): "45.1", ("12", "2018", "M"): "41.9",
    ("12", "2019", "K"): "46.0", ("12", "2019", "M"): "42.3",
    ("23", "2018", "K"): "51.5", ("23", "2018", "M"): "50.2",
    ("23", "2019", "K"): "52.7", ("23", "2019", "M"): "49.8",
}  # fmt: skip

KOLADA_LONG = """Nyckeltal;Nyckeltal-id;Kommun-id;Kommun;År;Kön;Värde
Påverkbar slutenvård;U79133;0012;Region Skåne;2018;Totalt;1234,5
Påverkbar slutenvård;U79133;0012;Region Skåne;2019;Totalt;987,6
Påverkbar slutenvård;U79133;0023;Region Jämtland Härjedalen;2018;Totalt;601,2
Påverkbar slutenvård;U79133;0023;Region Jämtland Härjedalen;2019;Totalt;580,0
Påverkbar slutenvård;U79133;1280;Malmö;2019;Totalt;999,9
"""
SOCIALSTYRELSEN = """Påverkbar slutenvård, antal per 100 000, båda könen
Region;2018;2019
12 Skåne;1 234,5;987,6
23 Jämtland;601,2;580,0

Källa: Socialstyrelsen, Patientregistret
Region Stockholm har rättat sina uppgifter; se dokumentationen
"""
SCB = """"Påverkbar slutenvård efter region, kön och år"

"region","kön","2018","2019"
"12 Skåne län","totalt","1234.5","987.6"
"23 Jämtlands län","totalt","601.2","580.0"

"Anm: Uppgifterna avser den 31 december, hela landet"
"""


def write(tmp_path, content, name="export.csv", encoding="utf-8"):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def excel(*sheets, percent=False):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Blad{number + 1}")
        for row in rows:
            sheet.append(row)
        for cell in (c for row in sheet.iter_rows() for c in row if isinstance(c.value, float)):
            cell.number_format = "0.0%" if percent else "General"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(file, id=AVOIDABLE):
    return read_export(file, indicator(id))


def values(answer):
    return {(row.region, row.year, row.sex): row.value for row in answer.rows}


@pytest.mark.parametrize(
    "content",
    [
        KOLADA_LONG,
        SOCIALSTYRELSEN,
        SCB,
        SCB.replace('","', '"\t"'),
        KOLADA_LONG.replace(";", "\t"),
        # Thousands: a plain, a non-breaking, a narrow space.
        SOCIALSTYRELSEN.replace("1 234,5", "1\u00a0234,5"),
        SOCIALSTYRELSEN.replace("1 234,5", "1\u202f234,5"),
        "Län;Period;Värde;Täljare\nSkåne län;2018;1234,5;9\nSkåne län;2019;987,6;8\n"
        "Jämtlands län;2018;601,2;7\nJämtlands län;2019;580,0;6\n",
        # The template.
        "region;år;kön;värde\n12;2018;T;1234,5\n12;2019;T;987,6\n23;2018;T;601,2\n23;2019;T;580,0\n",
        # Codes that a spreadsheet made numbers of.
        "Kommun-id;Kommun;2018;2019\n12;Skåne;1234,5;987,6\n23;Jämtland;601,2;580,0\n"
        "180;Stockholm;1,0;2,0\nG1234;Storstäder;3,0;4,0\n",
        # What the years measure is part of their headings.
        "Region;Påverkbar slutenvård 2018;Påverkbar slutenvård 2019\nSkåne;1234,5;987,6\n"
        "Jämtland Härjedalen;601,2;580,0\n",
        # A name only in the first of its rows.
        "Region;År;Värde\nSkåne;2018;1234,5\n;2019;987,6\nJämtland;2018;601,2\n;2019;580,0\n",
    ],
)
def test_long_and_wide_files_of_two_regions(tmp_path, content):
    answer = read(write(tmp_path, content))
    assert values(answer) == EXPECTED
    row = answer.rows[0]
    assert (row.series, row.precision) == ("kolada:U79133", "as exported")
    assert row.unit == "per 100 000 inhabitants 20+, age-standardised"
    assert answer.text().startswith("series,region")


@pytest.mark.parametrize(
    "content",
    [
        # Kolada: a block for each sex, side by side.
        ";Kvinnor;;Män;\nRegion;2018;2019;2018;2019\n"
        "Skåne;45,1;46,0;41,9;42,3\nJämtland;51,5;52,7;50,2;49,8\n",
        "region;kön;2018;2019\nSkåne;kvinnor;45,1;46,0\n;män;41,9;42,3\n"
        "Jämtland;K;51,5;52,7\n;M;50,2;49,8\n",
        "region;kön;år;värde\nSkåne;kvinnor;2018;45,1\n;;2019;46,0\n;män;2018;41,9\n;;2019;42,3\n"
        "Jämtland;kvinnor;2018;51,5\n;;2019;52,7\n;män;2018;50,2\n;;2019;49,8\n",
    ],
)  # fmt: skip
def test_sexes_as_blocks_headings_and_columns(tmp_path, content):
    assert values(read(write(tmp_path, content))) == BY_SEX


@pytest.mark.parametrize(
    "word", ["Totalt", "T", "Båda könen", "kvinnor och män", "män och kvinnor"]
)
def test_words_for_all(tmp_path, word):
    content = f"Region;År;Kön;Värde\nSkåne;2018;{word};1,5\nRiket;2018;{word};2,5\n"
    assert values(read(write(tmp_path, content))) == {
        ("12", "2018", "T"): "1.5", ("00", "2018", "T"): "2.5",
    }  # fmt: skip


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "cp1252", "utf-16", "utf-16-le-bom"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings(tmp_path, encoding, newline):
    text = SOCIALSTYRELSEN.replace("\n", newline)
    content = b"\xff\xfe" + text.encode("utf-16-le") if "bom" in encoding else text.encode(encoding)
    assert values(read(write(tmp_path, content))) == EXPECTED


def test_an_en_dash_of_windows_is_a_missing_value(tmp_path):
    file = write(tmp_path, SOCIALSTYRELSEN.replace("987,6", "–"), encoding="cp1252")
    assert values(read(file))[("12", "2019", "T")] == ""


@pytest.mark.parametrize("year", [2018, "2018"])
def test_excel_with_numbers_and_with_text(tmp_path, year):
    table = [
        ["Påverkbar slutenvård"], [],
        ["Region", year, 2019],
        ["Region Skåne", 1234.5, "987,6"],
        ["Region Jämtland Härjedalen", 601.2, "580,0"],
        [], ["Källa: Kolada"],
    ]  # fmt: skip
    notes = [["Om statistiken"], ["Uppgifterna kommer ur patientregistret."]]
    assert values(read(write(tmp_path, excel(table, notes), "export.xlsx"))) == EXPECTED


def test_percent_formats_of_excel(tmp_path):
    table = [["Region", "2019"], ["Skåne", 0.0875], ["Gotland", 0.12]]
    answer = read(write(tmp_path, excel(table, percent=True), "a.xlsx"), "readmission_30d_65plus")
    assert values(answer) == {("12", "2019", "T"): "8.75", ("09", "2019", "T"): "12"}


def test_marks_of_missing_and_suppressed_values(tmp_path):
    marks = ["..", "-", "–", "", "X", "x", "."]
    years = range(2010, 2010 + len(marks))
    content = f"Region;{';'.join(map(str, years))};2020\nSkåne;{';'.join(marks)};5,5\n"
    rows = {row.year: row for row in read(write(tmp_path, content)).rows}
    assert [rows[str(year)].value for year in years] == [""] * len(marks)
    notes = [rows[str(year)].note for year in years]
    assert [note.startswith(SUPPRESSED) for note in notes] == [m in ("X", "x") for m in marks]
    assert all(note.startswith("missing at the source") for note in notes[:4])
    assert rows["2020"].value == "5.5"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0001", "01"), ("01", "01"), ("01 Stockholms län", "01"), ("Region Stockholm", "01"),
        ("Stockholm", "01"), ("0000", "00"), ("Riket", "00"), ("00 Riket", "00"),
        ("Västra Götalandsregionen", "14"), ("Region Dalarna*", "20"), ("Norrbottens län", "25"),
    ],
)  # fmt: skip
def test_regions_by_name_and_code(tmp_path, written, code):
    answer = read(write(tmp_path, f"Region;2019\n{written};5,5\n"))
    assert values(answer) == {(code, "2019", "T"): "5.5"}


def test_municipalities_are_counted_and_left_out_even_where_a_region_has_their_name(tmp_path):
    content = (
        "Kommun;2018;2019\nRegion Uppsala;5,5;5,6\nUppsala;1,0;1,1\nLund;2,0;2,1\n"
        "Alla regioner (ovägt medel);7,0;7,1\n"
    )
    answer = read(write(tmp_path, content))
    assert values(answer) == {("03", "2018", "T"): "5.5", ("03", "2019", "T"): "5.6"}
    assert answer.remarks[0].startswith("left out, as municipalities or other areas: 3 ('Uppsala'")
    assert answer.remarks[1] == "the file names no sex: the values are taken as those of all"


def test_a_column_that_is_not_used_is_told(tmp_path):
    content = "Region;Ålder;Not;År;Kön;Värde\nSkåne;80+;a;2018;T;5,5\nHela riket;80+;b;2018;T;6,5\n"
    answer = read(write(tmp_path, content))
    assert values(answer) == {("12", "2018", "T"): "5.5", ("00", "2018", "T"): "6.5"}
    assert answer.remarks == [
        "the column 'Ålder' is not used; it says '80+' in all rows",
        "the column 'Not' is not used; it says different things",
    ]


def test_kolada_workbook_with_a_block_for_each_sex(tmp_path):
    table = [
        ["Sjukfrånvaro, N60030"], [None, "Totalt", None, "Kvinnor", None, "Män", None],
        ["Region", 2018, 2019, 2018, 2019, 2018, 2019],
        ["Region Skåne", 5.6, 5.7, 6.4, 6.5, 3.5, 3.6],
    ]  # fmt: skip
    answer = read(write(tmp_path, excel(table), "sjukfranvaro_2019.xlsx"), "sick_leave_kolada")
    assert len(answer.rows) == 6
    assert values(answer)[("12", "2018", "M")] == "3.5"


HEAD = "Region;År;Kön;Värde\n"
GOOD = "Skåne;2018;T;5,5\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("<html></html>", "a web page"),
        (b"\xd0\xcf\x11\xe0 old", "an old Excel file"),
        (b"\x00\x01\x02\x03" * 9, "neither text nor"),
        (b"PK\x03\x04 cut", "damaged"),
        (HEAD, "no row names a region"),
        (HEAD + "Norbotten;2018;T;5,5\n", "row 2: unknown region 'Norbotten': did you mean"),
        (HEAD + "Norbotten;2018;T;abc\n", "row 2: unknown region 'Norbotten': did you mean"),
        (HEAD + "Region Norr;2018;T;5,5\n", "row 2: unknown region 'Region Norr'"),
        (HEAD + "02 Okänt län;2018;T;5,5\n", "row 2: the code '02' is no region's"),
        (HEAD + "12 Hallands län;2018;T;5,5\n", "row 2: code '12' is Skåne, but the name is"),
        ("Kod;Region;2019\n", "no row names a region"),
        ("Regionkod;Region;2019\n12;Halland;5,5\n", "row 2: '12' and 'Halland' are not the same"),
        ("Kommun;2019\nUppsala;5,5\n", "row 2: 'Uppsala' can be the region or the municipality"),
        ("Region;2019\nUppsala;5,5\nLund;1,0\n", "row 2: 'Uppsala' can be the region or the"),
        (HEAD + "Skåne;2018-2020;T;5,5\n", "row 2: '2018-2020' is not a year"),
        (HEAD + "Skåne;2018;flickor;5,5\n", "row 2: 'flickor' is not a sex"),
        (HEAD + "Skåne;2018;;5,5\n", "row 2: '' is not a sex"),
        ("Region;År;Kön;Kvinnor 2018\nSkåne;2018;K;5,5\n", "years are both in a column and in"),
        (";;Kvinnor\nRegion;Kön;2018\nSkåne;M;5,5\n", "row 3: a value of M and of K at once"),
        ("Region;Kvinnor 2018\nSkåne;5,5\n", "row 1: the heading 'Kvinnor 2018' names a sex"),
        ("Region;2018\nKvinnor;\nSkåne;5,5\n", "row 2: 'Kvinnor' in a row of its own"),
        ("Slutenvård, kvinnor\nRegion;2018\nSkåne;5,5\n", "the title speaks of kvinnor"),
        (HEAD + "Skåne;2018;T;fem\nRiket;2018;T;5,5\n", "row 2: 'fem' is not a number"),
        (HEAD + "Skåne;2018;T;5,5*\n", "row 2: '5,5*' is not a number"),
        (HEAD + "Skåne;2018;T;12 34\n", "row 2: '12 34' is not a number"),
        (HEAD + "Skåne;2018;T;5,5 %\n", "is in percent, but avoidable_inpatient_care is not"),
        (HEAD + "Skåne;2018;T;1.234\n", "'1.234' can be 1234 or 1,234 with three decimals"),
        (HEAD + GOOD + "Riket;2018;T;5.6\n", "write them in one way"),
        (HEAD + GOOD + GOOD, "row 3: region 12, 2018, T again, after row 2"),
        (
            "Region;Ålder;År;Värde\nSkåne;20-64;2018;5,5\nSkåne;65+;2018;9,9\n",
            "row 3: region 12, 2018, T again, after row 2: 'Ålder' is '20-64' and '65+'",
        ),
        ("Region;Antal 2018;Andel 2018\nSkåne;5;6\n", "both hold values: keep one"),
        ("Region;År;Period;Värde\nSkåne;2018;2018;6\n", "two columns of years"),
        ("Region;År;Värde;Value\nSkåne;2018;5;6\n", "two columns of values"),
        (HEAD + "Skåne;2018;T;1.234,5\n", "row 2: '1.234,5' is not a number"),
        ("Region;2018;2019\nSkåne;5,5\n", "row 2: cut short: 2 cells instead of 3"),
        ("Region,2018,2019\nSkåne,5,5,6,1\n", "decimal commas must be in quotes"),
        ('Region;2018\n"Skåne;5,5\n', "row 2: unexpected end of data"),
        ("U79092\n" + HEAD + GOOD, "names U79092, but avoidable_inpatient_care is U79133"),
        (
            "Besök på akutmottagning, 80 år och äldre\n" + HEAD + GOOD,
            "names emergency_visits_80plus, not avoidable_inpatient_care",
        ),
    ],
)
def test_what_is_wrong_or_not_clear_is_refused_in_one_sentence(tmp_path, content, message):
    file = write(tmp_path, content)
    with pytest.raises(SourceError) as error:
        read(file)
    assert message in str(error.value)
    assert str(error.value).startswith("export.csv")
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "content",
    [
        "hej\nhopp\n",
        "Region;Kön;Värde\nSkåne;T;5,5\n",
        ";2018;2019\nRegion Skåne;1234,5;987,6\n",
        ";2018;;2019;\nRegion;Kvinnor;Män;Kvinnor;Män\nSkåne;45,1;41,9;46,0;42,3\n",
        "Region;År;Kvinnor;Män\nSkåne;2018;45,1;41,9\n",
        "Region;År;Antal;Andel\nSkåne;2018;5;6\n",
        # SKR's workbooks, with the year in the title only.
        excel([["Sjukfrånvaro, anställda regioner 2021"], ["Region", "Totalt", "Kvinnor", "Män"]]),
    ],
)
def test_what_is_no_known_shape_is_told_the_shapes_and_the_template(tmp_path, content):
    with pytest.raises(SourceError) as error:
        read(write(tmp_path, content))
    assert str(error.value) == f"export.csv: {SHAPES}"
    assert all(name in SHAPES for name in ("Kolada", "SCB", "Socialstyrelsen", "template"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (("1.234", "0.5"), "1.234"), (("1,234", "5,6"), "1.234"), (("576,621",), "576.621"),
        (("1.234", "5,6"), None), (("1,234", "7.25"), None), (("1.234", "7"), None),
    ],
)  # fmt: skip
def test_other_values_settle_what_1_234_means_and_two_decimal_marks_are_refused(
    tmp_path, written, value
):
    rows = "".join(f"Skåne;{2010 + n};T;{text}\n" for n, text in enumerate(written))
    file = write(tmp_path, HEAD + rows)
    if value:
        assert values(read(file))[("12", "2010", "T")] == value
    else:
        with pytest.raises(SourceError, match=r"in one way|with three decimals"):
            read(file)


def sheet(value):
    return [["Region", "2019"], ["Skåne", value]]


@pytest.mark.parametrize(
    ("name", "content", "id", "message"),
    [
        ("kolada_N60030.csv", HEAD + GOOD, AVOIDABLE, "names N60030"),
        ("a.csv", HEAD + GOOD, "primary_care_cost_share", "computed from others"),
        ("a.csv", None, AVOIDABLE, "cannot be read"),
        ("a.xlsx", excel(sheet(5.5), sheet(5.5)), AVOIDABLE,
         "the sheets 'Blad1', 'Blad2' all hold a table"),
        ("a.xlsx", excel(sheet(5.6), percent=True), "readmission_30d_65plus",
         "row 2: 5.6 is shown as 560 %"),
        ("a.xlsx", excel(sheet("=1+1")), AVOIDABLE,
         "sheet 'Blad1', cell B2: a formula without a computed value"),
    ],
)  # fmt: skip
def test_names_indicators_and_workbooks_that_do_not_fit(tmp_path, name, content, id, message):
    file = tmp_path / "none.csv" if content is None else write(tmp_path, content, name)
    with pytest.raises(SourceError, match=message):
        read(file, id)
