"""SKR's yearly workbooks on the sick leave of the regions' employees.

SKR has no API: a page links to one workbook a year (2018–2023). The page's address is in
``skr.toml``. What the page and the workbooks look like is unverified: links are found by what they
say, columns by their headings (`naravard.sources.skr`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from naravard.errors import NaravardError
from naravard.regions import NATION, fold, resolve
from naravard.sources import spreadsheet
from naravard.sources.answer import Answer, Row, SourceError, check
from naravard.sources.client import Client
from naravard.sources.spreadsheet import Table, named

NAME, BASE, PAUSE = "SKR", "https://skr.se", 1.0
DATASET = "skr/sick_leave_workbook"
#: Series that hold what the workbooks hold.
SAME_AS_WORKBOOK = ("skr:sick_leave_workbook", "skr:sick_leave_total", "kolada:N60030")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_HEADER = "a cell 'Region' and one column each for 'Totalt', 'Kvinnor' and 'Män'"


@cache
def _settings() -> dict:
    return tomllib.loads(Path(__file__).with_name("skr.toml").read_text("utf-8"))


def is_workbook(content: bytes, name: str) -> bool:
    """Whether a file is one of SKR's workbooks: its header without years, and its subject."""
    if not spreadsheet.is_excel(content):
        return False
    for table in spreadsheet.sheets(content, name):
        try:
            header = find_header(table)
        except SourceError:
            continue
        about = "sjukfranvaro" in fold(" ".join([name, *titles(table)]))
        if header and about and not _has_period(header.labels):
            return True
    return False


def _has_period(labels: list[str]) -> bool:
    return any(_YEAR.search(label) or fold(label) in ("ar", "period") for label in labels)


def read_workbook(content: bytes, name: str) -> list[Row]:
    """Read a workbook "Sjukfrånvaro, anställda regioner ÅÅÅÅ".

    Parameters
    ----------
    content : bytes
        An .xlsx file.
    name : str
        The file's name, for messages and for the year.

    Returns
    -------
    list of Row
        Total, women and men of each region; a missing value is a row with a note.

    Raises
    ------
    SourceError
        Naming file, sheet and row: no header or two, no clear year, a row that seems to be a
        region's but is not, a value that is no percentage or not clearly one.
    """
    spreadsheet.check(content, name)
    if not spreadsheet.is_excel(content):
        raise SourceError(f"{name}: not an .xlsx workbook")
    found, doubts = [], []
    for table in spreadsheet.sheets(content, name):
        try:
            if find_header(table):
                found.append(table)
        except SourceError:  # it may be clear once the year is known
            doubts.append(table)
    fitting = found or doubts
    if not fitting:
        raise SourceError(f"{name}: no sheet has a header with {_HEADER}")
    if len(fitting) > 1:
        sheets = ", ".join(f"'{table.sheet}'" for table in fitting)
        raise SourceError(f"{name}: the sheets {sheets} both hold a table: keep one")
    table = fitting[0]
    year = find_year(table, name)
    header = find_header(table, year)
    if header is None:
        raise SourceError(f"{table.where()}: no column is headed for {year}")
    entry = _settings()["sick_leave_workbook"]
    return [
        Row(
            entry["series"], code, year, sex, value, entry["unit"],
            source_title=f"SKR: Sjukfrånvaro, anställda regioner {year}", note=note,
        )
        for code, sex, value, note in read_rows(table, header)
    ]  # fmt: skip


class _Links(HTMLParser):
    """Gather a page's links with their text."""

    def __init__(self):
        super().__init__()
        self.found: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self._open = True
            self.found.append([address, ""])

    def handle_endtag(self, tag):
        if tag == "a":
            self._open = False

    def handle_data(self, data):
        if self._open:
            self.found[-1][1] += data


def _workbooks(page: str, url: str) -> dict[str, str]:
    """Return the addresses of the regions' workbooks by year.

    Raises
    ------
    SourceError
        If there is none, or two for a year.
    """
    links = _Links()
    links.feed(page)
    found: dict[str, str] = {}
    for address, said in links.found:
        whole = urljoin(url, address)
        file = unquote(urlsplit(whole).path.rsplit("/", 1)[-1])
        if not file.lower().endswith(".xlsx"):
            continue
        for words in (said, file):
            years = set(_YEAR.findall(words))
            if re.search(r"sjukfranvaro.*regioner", fold(words)) and len(years) == 1:
                year = years.pop()
                if found.setdefault(year, whole) != whole:
                    raise SourceError(f"{url} links to two workbooks of {year}")
                break
    if not found:
        raise SourceError(
            f"{url} links to no .xlsx whose text or name is 'Sjukfrånvaro … regioner' with a year"
        )
    return found


def datasets() -> list[str]:
    """Return the data sets that can be asked for."""
    return [DATASET]


def ask(
    datasets: Iterable[str], client: Client, page: str | None = None
) -> Iterator[tuple[str, Answer | SourceError]]:
    """Fetch the workbooks that the page links to.

    Parameters
    ----------
    datasets : iterable of str
    client : Client
    page : str, optional
        The page's address; that of ``skr.toml`` without it.

    Yields
    ------
    (str, Answer or SourceError)
        One for each data set. All workbooks are one answer: if one fails, there is none.
    """
    page = _settings()["page"] if page is None else page
    for dataset in datasets:
        try:
            if dataset != DATASET:
                raise SourceError(f"{NAME} has no data set '{dataset}', only '{DATASET}'")
            outcome = _fetch(page, client)
        except SourceError as error:
            outcome = error
        yield dataset, outcome


def _fetch(page: str, client: Client) -> Answer:
    if not page:
        raise SourceError(
            "the address of SKR's workbooks is not known: download the workbooks and give each to "
            "`naravard data add FILE --indicator ID`, or fill in 'page' in "
            "naravard/sources/skr.toml"
        )
    entry = _settings()["sick_leave_workbook"]
    first = client.get(page)
    answer = Answer(entry["title"], entry["licence"], [], requests=[first.request])
    url = first.request.url
    for year, address in sorted(_workbooks(first.body.decode("utf-8", "replace"), url).items()):
        reply = client.get(address)
        rows = read_workbook(reply.body, unquote(urlsplit(address).path.rsplit("/", 1)[-1]))
        if rows[0].year != year:
            raise SourceError(f"{address} is linked as {year} but is of {rows[0].year}")
        answer.rows += [replace(row, source_url=address) for row in rows]
        answer.sources.append((rows[0].source_title, address))
        answer.requests.append(reply.request)
    check(answer.rows, answer.title)
    return answer


# SKR's workbook "Sjukfrånvaro, anställda regioner ÅÅÅÅ": its header, its year, its rows.
#
# The workbooks' cells were not seen when this was written (unverified): the header is found by what
# its cells say, in one row or two, and what is not clear is refused.
_workbook_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_REGION_WORDS = {"region", "regioner", "regionnamn", "namn", "landsting", "lan", "och"}
# Long-term sick leave and ages stand beside the total ("60 dagar eller mer", "29 år och yngre").
_OTHER_MEASURES = re.compile(r"\b(29|30|49|50|59|60|90)\b|\blang|\bkort|\bforandring|\bskillnad")
_NATION = {
    "samtliga regioner", "alla regioner", "regioner totalt", "samtliga landsting",
    "samtliga landsting och regioner", "samtliga regioner och landsting",
}  # fmt: skip
_SUMS = ("total", "summa", "medel", "ovagt", "vagt", "median", "genomsnitt", "lagst", "hogst")


@dataclass(frozen=True)
class Header:
    """Where a sheet's columns are.

    ``rows`` are the header's first and last row, ``region`` and the values of ``columns`` (by
    sex) count columns, all from 0; ``labels`` are all columns' headings.
    """

    rows: tuple[int, int]
    region: int
    columns: dict[str, int]
    labels: list[str]


def _sex(label: str) -> str | None:
    """Return which of total, women and men a heading names."""
    words = set(fold(label).split())
    if _OTHER_MEASURES.search(fold(label)):
        return None
    women, men = "kvinnor" in words, bool(words & {"man", "mans"})
    if women or men:
        return "T" if women and men else "K" if women else "M"
    total = any(word.startswith("total") for word in words) or "samtliga" in words
    return "T" if total else None


def _labels(table: Table, rows: Iterable[int]) -> list[str]:
    parts = [table.rows[row] for row in rows]
    return [
        " ".join(filter(None, map(spreadsheet.text, column))) for column in zip(*parts, strict=True)
    ]


def _region_column(row: list[object]) -> int | None:
    for column, cell in enumerate(row):
        words = fold(spreadsheet.text(cell)).split()
        if words and words[0] != "och" and set(words) <= _REGION_WORDS:
            return column
    return None


def find_header(table: Table, year: str = "") -> Header | None:
    """Find the header: a cell for the region, and one column each for total, women and men.

    Parameters
    ----------
    table : Table
    year : str
        Columns whose heading names another year do not count.

    Returns
    -------
    Header or None
        None if there is none.

    Raises
    ------
    SourceError
        If two columns fit one of the three.
    """
    doubt = None
    for row, line in enumerate(table.rows):
        region = _region_column(line)
        if region is None:
            continue
        last = len(table.rows) - 1
        below = row < last and not spreadsheet.text(table.rows[row + 1][region])
        spans = [
            (row, row),
            *([(row, row + 1)] if below else []),
            *([(row - 1, row)] if row else []),
        ]
        for first, end in spans:
            labels = _labels(table, range(first, end + 1))
            fitting: dict[str, list[int]] = {"T": [], "K": [], "M": []}
            for column, label in enumerate(labels):
                years = _workbook_YEAR.findall(label)
                if column != region and (not year or not years or year in years):
                    fitting.get(_sex(label), []).append(column)
            if all(len(columns) == 1 for columns in fitting.values()):
                columns = {sex: found[0] for sex, found in fitting.items()}
                return Header((first, end), region, columns, labels)
            if all(fitting.values()):
                twice = next(found for found in fitting.values() if len(found) > 1)
                headings = " and ".join(f"'{labels[column]}'" for column in twice[:2])
                doubt = doubt or f"{table.where(row)}: the columns {headings} both fit: keep one"
    if doubt:
        raise SourceError(doubt)
    return None


def titles(table: Table) -> list[str]:
    """Return the texts above the first row that names the regions' column."""
    found: dict[str, None] = {}
    for row in table.rows:
        if _region_column(row) is not None:
            break
        found.update(
            dict.fromkeys(spreadsheet.text(cell) for cell in row if spreadsheet.text(cell))
        )
    return list(found)


def find_year(table: Table, name: str) -> str:
    """Find the workbook's year in the title and the file's name.

    Raises
    ------
    SourceError
        If neither says it, one says several, or they disagree.
    """
    above = titles(table)
    speaking = [line for line in above if "sjukfranvaro" in fold(line)]
    said = set(_workbook_YEAR.findall(" ".join(speaking))) or set(
        _workbook_YEAR.findall(" ".join(above))
    )
    told = set(_workbook_YEAR.findall(name))
    years = said & told if said and told else said | told
    if len(years) == 1:
        return years.pop()
    where = table.where()
    if said and told and not years:
        raise SourceError(
            f"{where}: the title says {', '.join(sorted(said))}, the file's name "
            f"{', '.join(sorted(told))}: rename the file if the title is right"
        )
    if years:
        raise SourceError(
            f"{where}: the years {', '.join(sorted(years))} are named, and which one the figures "
            "are for is not clear: name the file after it"
        )
    raise SourceError(f"{where}: neither the title nor the file's name says a year (20ÅÅ)")


def read_rows(table: Table, header: Header) -> list[tuple[str, str, str, str]]:
    """Read the rows below the header.

    Returns
    -------
    list of (str, str, str, str)
        Region's code, sex, value in percent and, where it is missing, a note.

    Raises
    ------
    SourceError
        If a row with values names no region, a region stands twice, or a value is not clear.
    """
    kept: dict[str, int] = {}
    for row in range(header.rows[1] + 1, len(table.rows)):
        name = spreadsheet.text(table.rows[row][header.region])
        code = _code(name, _values(table, header, row), table.where(row))
        if code is None:
            continue
        if code in kept:
            first = table.rows[kept[code]][header.region]
            raise SourceError(
                f"{table.where(row)}: '{name}' again, after '{spreadsheet.text(first)}'"
            )
        kept[code] = row
    if not kept:
        raise SourceError(f"{table.where()}: no row names a region")
    everything = [cell for row in kept.values() for cell in _values(table, header, row)]
    try:
        mark = spreadsheet.decimal_mark(everything)
    except SourceError as error:
        raise SourceError(f"{table.where()}: {error}") from error
    found = []
    for code, row in kept.items():
        for sex, cell in zip(header.columns, _values(table, header, row), strict=True):
            note = spreadsheet.missing(cell)
            try:
                value = "" if note else spreadsheet.percent(cell, mark, fraction_if_small=True)
            except SourceError as error:
                raise SourceError(f"{table.where(row)}: {error}") from error
            found.append((code, sex, value, note or ""))
    return found


def _values(table: Table, header: Header, row: int) -> list[object]:
    return [table.rows[row][column] for column in header.columns.values()]


def _code(name: str, values: list[object], where: str) -> str | None:
    """Return the code of a row's region, None if the row is a note or a sum."""
    folded = fold(name)
    if folded in _NATION:
        return NATION
    if region := named(name):
        return region.code
    filled = any(
        spreadsheet.is_number(v) or (spreadsheet.text(v) and spreadsheet.missing(v)) for v in values
    )
    if not folded or not filled or folded.startswith(_SUMS):
        return None
    try:
        return resolve(name).code
    except NaravardError as error:
        raise SourceError(f"{where}: {error}") from error
