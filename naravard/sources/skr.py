"""SKR's yearly workbooks on the sick leave of the regions' employees.

SKR has no API: a page links to one workbook a year (2018–2023). The page's address is in
``skr.toml``. What the page and the workbooks look like is unverified: links are found by what they
say, columns by their headings (`naravard.sources.files.workbook`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from naravard.regions import fold
from naravard.sources.answers import Answer, Row, SourceError, check
from naravard.sources.client import Client
from naravard.sources.files import tables
from naravard.sources.files.workbook import find_header, find_year, read_rows, titles

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
    if not tables.is_excel(content):
        return False
    for table in tables.sheets(content, name):
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
    tables.check(content, name)
    if not tables.is_excel(content):
        raise SourceError(f"{name}: not an .xlsx workbook")
    found, doubts = [], []
    for table in tables.sheets(content, name):
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
