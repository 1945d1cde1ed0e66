"""Read a file that a person has, CSV or Excel, as tables of cells, whatever its encoding."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass

import openpyxl

from naravard.sources.answers import SourceError
from naravard.sources.client import MOST_BYTES
from naravard.sources.files.cells import Percent, text

DELIMITERS = (";", "\t", ",")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Rows of cells.

    Attributes
    ----------
    name : str
        The file's name.
    rows : list of list
        Cells as text, number or None. A merged cell stands in each column that it spans.
    sheet : str
        The sheet's name, empty for a text file.
    """

    name: str
    rows: list[list[object]]
    sheet: str = ""

    def where(self, row: int | None = None) -> str:
        """Name the file, its sheet and a row (counted from 0) for a message."""
        parts = [self.name, *([f"sheet '{self.sheet}'"] if self.sheet else [])]
        return ", ".join([*parts, *([f"row {row + 1}"] if row is not None else [])])


def is_excel(content: bytes) -> bool:
    """Whether bytes are those of an .xlsx workbook (or another zip file)."""
    return content.startswith(b"PK\x03\x04")


def check(content: bytes, name: str) -> None:
    """Refuse what is neither text nor an .xlsx workbook.

    Raises
    ------
    SourceError
        If it is empty, too large, an old workbook or a web page.
    """
    if not content.strip():
        raise SourceError(f"{name}: the file is empty")
    if len(content) > MOST_BYTES:
        raise SourceError(f"{name}: larger than {MOST_BYTES / 2**20:.0f} MB")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(f"{name}: an old Excel file: save it as .xlsx or CSV")
    if content.lstrip(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise SourceError(f"{name}: a web page, not a table: export the table as CSV or Excel")


def sheets(content: bytes, name: str) -> list[Table]:
    """Read the sheets of an .xlsx workbook that hold anything.

    Raises
    ------
    SourceError
        If it is none, or a formula has no computed value.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content))
    except Exception as error:  # openpyxl fails in many ways on a damaged file
        raise SourceError(f"{name}: not an .xlsx workbook, or damaged ({error})") from error
    found = []
    for sheet, written in zip(book.worksheets, formulas.worksheets, strict=True):
        for row in written.iter_rows():
            for cell in row:
                if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                    raise SourceError(
                        f"{name}, sheet '{sheet.title}', cell {cell.coordinate}: a formula "
                        "without a computed value: open the workbook in Excel and save it"
                    )
        rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
        for area in sheet.merged_cells.ranges:
            for column in range(area.min_col, area.max_col):
                rows[area.min_row - 1][column] = rows[area.min_row - 1][area.min_col - 1]
        if any(text(cell) for row in rows for cell in row):
            found.append(Table(name, rows, sheet.title))
    return found


def _cell(cell) -> object:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Percent(value) if "%" in (cell.number_format or "") else value
    return None if value is None else text(value)


def decode(content: bytes, name: str) -> str:
    """Decode a text file: by its byte-order mark, else UTF-8, else Windows-1252 or ISO-8859-1.

    Raises
    ------
    SourceError
        If it holds what no text holds.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            encodings = [encoding]
            content = content.removeprefix(mark)
            break
    else:
        encodings = ["utf-8", "cp1252", "iso-8859-1"]
    for encoding in encodings:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in decoded:
            return decoded
    raise SourceError(f"{name}: neither text nor an .xlsx workbook: export as CSV or Excel")


def split(decoded: str, delimiter: str, name: str) -> Table:
    """Split text into cells.

    Raises
    ------
    SourceError
        If quotes are not closed, or a cell is too long.
    """
    lines = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    try:
        return Table(name, [[text(cell) for cell in row] for row in lines])
    except csv.Error as error:
        raise SourceError(f"{name}, row {lines.line_num}: {error}") from error
