"""SKR's workbook "Sjukfrånvaro, anställda regioner ÅÅÅÅ": its header, its year, its rows.

The workbooks' cells were not seen when this was written (unverified): the header is found by what
its cells say, in one row or two, and what is not clear is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from naravard.errors import NaravardError
from naravard.regions import NATION, fold, resolve
from naravard.sources.answers import SourceError
from naravard.sources.files import cells
from naravard.sources.files.places import named
from naravard.sources.files.tables import Table

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
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
    return [" ".join(filter(None, map(cells.text, column))) for column in zip(*parts, strict=True)]


def _region_column(row: list[object]) -> int | None:
    for column, cell in enumerate(row):
        words = fold(cells.text(cell)).split()
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
        below = row < last and not cells.text(table.rows[row + 1][region])
        spans = [
            (row, row),
            *([(row, row + 1)] if below else []),
            *([(row - 1, row)] if row else []),
        ]
        for first, end in spans:
            labels = _labels(table, range(first, end + 1))
            fitting: dict[str, list[int]] = {"T": [], "K": [], "M": []}
            for column, label in enumerate(labels):
                years = _YEAR.findall(label)
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
        found.update(dict.fromkeys(cells.text(cell) for cell in row if cells.text(cell)))
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
    said = set(_YEAR.findall(" ".join(speaking))) or set(_YEAR.findall(" ".join(above)))
    told = set(_YEAR.findall(name))
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
        name = cells.text(table.rows[row][header.region])
        code = _code(name, _values(table, header, row), table.where(row))
        if code is None:
            continue
        if code in kept:
            first = table.rows[kept[code]][header.region]
            raise SourceError(f"{table.where(row)}: '{name}' again, after '{cells.text(first)}'")
        kept[code] = row
    if not kept:
        raise SourceError(f"{table.where()}: no row names a region")
    everything = [cell for row in kept.values() for cell in _values(table, header, row)]
    try:
        mark = cells.decimal_mark(everything)
    except SourceError as error:
        raise SourceError(f"{table.where()}: {error}") from error
    found = []
    for code, row in kept.items():
        for sex, cell in zip(header.columns, _values(table, header, row), strict=True):
            note = cells.missing(cell)
            try:
                value = "" if note else cells.percent(cell, mark, fraction_if_small=True)
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
    filled = any(cells.is_number(v) or (cells.text(v) and cells.missing(v)) for v in values)
    if not folded or not filled or folded.startswith(_SUMS):
        return None
    try:
        return resolve(name).code
    except NaravardError as error:
        raise SourceError(f"{where}: {error}") from error
