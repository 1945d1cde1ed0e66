"""A file that a person has, CSV or Excel, as a table of cells, and what one cell holds."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import openpyxl

from naravard.regions import fold
from naravard.sources.answer import SUPPRESSED, SourceError, number
from naravard.sources.client import MOST_BYTES

DELIMITERS = (";", "\t", ",")
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
#: Marks of a missing value and of one that the publisher withholds; an empty cell is missing too.
_MISSING = ("..", "...", ".", "-", "–", "—", "saknas", "uppgift saknas", "n/a")
_WITHHELD = ("x",)
_SEXES = {
    "T": {"t", "totalt", "total", "bada konen", "kvinnor och man", "man och kvinnor", "samtliga"},
    "K": {"k", "kvinna", "kvinnor", "women"},
    "M": {"m", "man", "men"},
}
# A space between thousands may be one of several; they are made a plain one first.
_SPACES = re.compile("[\u00a0\u2009\u202f]")
_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?: \d{3})+)(?:([.,])\d+)?")
#: "1.234" or "1,234": one thousand or one and a bit.
_OPEN = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")


class Percent(float):
    """A number that the sheet shows in percent: 0.056 as 5.6 %."""


@dataclass(frozen=True)
class Table:
    """Rows of cells (text, number or None) of a file or of one of its sheets."""

    name: str
    rows: list[list[object]]
    sheet: str = ""

    def where(self, row: int | None = None) -> str:
        """Name the file, its sheet and a row (counted from 0) for a message."""
        parts = [self.name, *([f"sheet '{self.sheet}'"] if self.sheet else [])]
        return ", ".join([*parts, *([f"row {row + 1}"] if row is not None else [])])

    def cell(self, row: int, column: int | None) -> str:
        """Return a cell's text, empty where the row is shorter or there is no such column."""
        line = self.rows[row]
        return text(line[column]) if column is not None and column < len(line) else ""

    def words(self, row: int) -> set[str]:
        """Return the texts of a row."""
        return {text(cell) for cell in self.rows[row]} - {""}


def tables(content: bytes, name: str) -> list[list[Table]]:
    """Read a file as its sheets; text gives one reading for each delimiter that it may have.

    Raises SourceError if it is empty, too large, neither text nor .xlsx, or damaged.
    """
    if not content.strip():
        raise SourceError(f"{name}: the file is empty")
    if len(content) > MOST_BYTES:
        raise SourceError(f"{name}: larger than {MOST_BYTES / 2**20:.0f} MB")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(f"{name}: an old Excel file: save it as .xlsx or CSV")
    if content.lstrip(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise SourceError(f"{name}: a web page, not a table: export the table as CSV or Excel")
    if content.startswith(b"PK\x03\x04"):
        return [_sheets(content, name)]
    decoded, found, errors = _decode(content, name), [], {}
    for delimiter in DELIMITERS:
        lines = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
        try:
            found.append([Table(name, [[text(cell) for cell in row] for row in lines])])
        except csv.Error as error:
            errors[delimiter] = f"{name}, row {lines.line_num}: {error}"
    if not found:
        raise SourceError(errors[max(errors, key=decoded.count)])
    return found


def _sheets(content: bytes, name: str) -> list[Table]:
    """Read the sheets of an .xlsx workbook that hold anything."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content))
    except Exception as error:  # openpyxl fails in many ways on a damaged file
        raise SourceError(f"{name}: not an .xlsx workbook, or damaged ({error})") from error
    found = []
    for sheet, written in zip(book.worksheets, formulas.worksheets, strict=True):
        for cell in (cell for row in written.iter_rows() for cell in row):
            # Without a value that Excel has computed, a formula would be read as a missing one.
            if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                raise SourceError(
                    f"{name}, sheet '{sheet.title}', cell {cell.coordinate}: a formula "
                    "without a computed value: open the workbook in Excel and save it"
                )
        rows = [[_content(cell) for cell in row] for row in sheet.iter_rows()]
        for area in sheet.merged_cells.ranges:  # what spans columns counts for each of them
            for column in range(area.min_col, area.max_col):
                rows[area.min_row - 1][column] = rows[area.min_row - 1][area.min_col - 1]
        if any(text(cell) for row in rows for cell in row):
            found.append(Table(name, rows, sheet.title))
    return found


def _content(cell) -> object:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Percent(value) if "%" in (cell.number_format or "") else value
    return None if value is None else text(value)


def _decode(content: bytes, name: str) -> str:
    """Decode text: by its byte-order mark, else as UTF-8, else as Windows-1252."""
    mark = next((mark for mark in _BOMS if content.startswith(mark)), b"")
    for encoding in [_BOMS[mark]] if mark else ["utf-8", "cp1252"]:
        try:
            decoded = content.removeprefix(mark).decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in decoded:
            return decoded
    raise SourceError(f"{name}: neither text nor an .xlsx workbook: export as CSV or Excel")


def text(cell: object) -> str:
    """Return a cell's text, without spaces around it; a whole number without ".0"."""
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return "" if cell is None else _SPACES.sub(" ", str(cell)).strip()


def sex(cell: object) -> str | None:
    """Return T, K or M, or None if the cell names no sex."""
    word = fold(text(cell))
    return next((code for code, words in _SEXES.items() if word in words), None)


def missing(cell: object) -> str | None:
    """Return the note of a row whose value is missing or withheld, None if there is a value."""
    mark = text(cell)
    if not mark:
        return "missing at the source (empty cell)"
    if mark.casefold() in _WITHHELD:
        return f"{SUPPRESSED} at the source ('{mark}')"
    return f"missing at the source ('{mark}')" if mark.casefold() in _MISSING else None


def is_number(cell: object) -> bool:
    """Whether a cell is a number or looks like one."""
    if isinstance(cell, int | float):
        return not isinstance(cell, bool)
    return bool(_NUMBER.fullmatch(_bare(cell)))


def _bare(cell: object) -> str:
    """Return the text of a number without a percent sign, and with a plain minus."""
    return text(cell).replace("\u2212", "-").removesuffix("%").strip()


def check_marks(cells: Iterable[object], where: str) -> None:
    """Refuse a column that writes decimals in two ways, or of which "1.234" is all that is known.

    A lone "1,234" is taken as one and a bit: the comma is the Swedish decimal mark.
    """
    seen: dict[str, str] = {}
    clear = False
    for cell in cells:
        bare = _bare(cell) if isinstance(cell, str) else ""
        if (found := _NUMBER.fullmatch(bare)) and found[1]:
            seen.setdefault(found[1], bare)
            clear |= not _OPEN.fullmatch(bare)
    if len(seen) == 2:
        raise SourceError(
            f"{where}: decimals stand after a comma ('{seen[',']}') and after a point "
            f"('{seen['.']}'): write them in one way"
        )
    if "." in seen and not clear:
        bare = seen["."]
        raise SourceError(
            f"{where}: '{bare}' can be {bare.replace('.', '')} or {bare.replace('.', ',')} with "
            "three decimals, and no other value tells: export with a decimal comma"
        )


def value(cell: object, where: str) -> str:
    """Write a cell's number with a decimal point; what is shown in percent as a percentage.

    Raises SourceError if it is not a number, or more than 1 in percent format: 5.6 shown as 560 %.
    """
    if isinstance(cell, Percent):
        if abs(cell) > 1:
            raise SourceError(
                f"{where}: {float(cell):g} is shown as {cell * 100:g} %: write it as a number, or "
                "as a fraction in percent format"
            )
        return number(float(f"{Decimal(repr(float(cell))) * 100:.12g}"))
    if not is_number(cell):
        raise SourceError(f"{where}: '{text(cell)}' is not a number")
    if isinstance(cell, int | float):
        return number(float(f"{cell:.15g}"))  # a workbook holds no more digits
    return _bare(cell).replace(" ", "").replace(",", ".")
