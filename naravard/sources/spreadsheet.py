"""Read a file that a person has, CSV or Excel, as tables of cells, whatever its encoding."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import openpyxl

from naravard.errors import NaravardError
from naravard.regions import BY_CODE, NATION, REGIONS, Region, fold, resolve
from naravard.sources.answer import SUPPRESSED, SourceError, number
from naravard.sources.client import MOST_BYTES

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


# What stands in a cell of a published table: a sex, a year, a number, or a mark for none.
#: Marks of a missing value; an empty cell is another.
MISSING = ("..", "...", ".", "-", "–", "—", "saknas", "uppgift saknas", "n/a")
#: Marks of a value that the publisher withholds.
WITHHELD = ("x",)
_SEXES = {
    "T": {"t", "totalt", "total", "bada konen", "kvinnor och man", "man och kvinnor", "samtliga"},
    "K": {"k", "kvinna", "kvinnor", "women"},
    "M": {"m", "man", "men"},
}
# A thousands space may be one of several; they are made a plain one first.
_SPACES = re.compile("[\u00a0\u2009\u202f]")
_WHOLE = r"-?(?:\d+|\d{1,3}(?: \d{3})+)"
_NUMBER = re.compile(rf"({_WHOLE})(?:([.,])(\d+))?")
_GROUPED = re.compile(r"-?\d{1,3}(?:(?:\.\d{3})+(?:,\d+)?|(?:,\d{3})+(?:\.\d+)?)")
#: "1.234" or "1,234": one thousand or one and a bit.
_OPEN = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")


class Percent(float):
    """A number that the sheet shows in percent: 0.056 as 5.6 %."""


def text(cell: object) -> str:
    """Return a cell's text, without spaces around it; a whole number without ".0"."""
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return "" if cell is None else _SPACES.sub(" ", str(cell)).strip()


def sex(cell: object) -> str | None:
    """Return T, K or M, or None if the cell names no sex."""
    word = fold(text(cell))
    return next((code for code, words in _SEXES.items() if word in words), None)


def year(cell: object) -> str | None:
    """Return a cell's year if it holds one and nothing else."""
    word = text(cell)
    return word if re.fullmatch(r"(19|20)\d\d", word) else None


def missing(cell: object) -> str | None:
    """Return the note of a row whose value is missing or withheld, None if there is a value."""
    mark = text(cell)
    if not mark:
        return "missing at the source (empty cell)"
    if mark.casefold() in WITHHELD:
        return f"{SUPPRESSED} at the source ('{mark}')"
    return f"missing at the source ('{mark}')" if mark.casefold() in MISSING else None


def _bare(cell: object) -> str:
    """Return the text of a number without a percent sign, and with a plain minus."""
    return text(cell).replace("\u2212", "-").removesuffix("%").strip()


def is_number(cell: object) -> bool:
    """Whether a cell is a number or looks like one."""
    if isinstance(cell, int | float):
        return not isinstance(cell, bool)
    bare = _bare(cell)
    return bool(_NUMBER.fullmatch(bare) or _GROUPED.fullmatch(bare))


def decimal_mark(cells: Iterable[object]) -> str:
    """Find what a table writes before decimals: "," or ".", or "" if its texts do not say.

    Raises
    ------
    SourceError
        If it writes both.
    """
    seen: dict[str, str] = {}
    for cell in cells:
        bare = _bare(cell) if isinstance(cell, str) else ""
        if _OPEN.fullmatch(bare):
            continue
        plain = _NUMBER.fullmatch(bare)
        if plain and plain[2]:
            seen.setdefault(plain[2], bare)
        elif not plain and _GROUPED.fullmatch(bare):
            last, marks = max(",.", key=bare.rfind), set(bare) & set(",.")
            # "1.234.567" has no decimals: the other mark would stand before them.
            other = {",": ".", ".": ","}[last]
            seen.setdefault(last if len(marks) == 2 else other, bare)
    if len(seen) == 2:
        raise SourceError(
            f"decimals stand after a comma ('{seen[',']}') and after a point ('{seen['.']}'): "
            "write them in one way"
        )
    return next(iter(seen), "")


def value(cell: object, mark: str) -> str:
    """Write a cell's number with a decimal point and without thousands marks.

    Parameters
    ----------
    cell : object
        Text or a number.
    mark : str
        What `decimal_mark` found.

    Raises
    ------
    SourceError
        If it is no number, or "1.234" and ``mark`` is not known.
    """
    if isinstance(cell, int | float):
        return number(float(f"{cell:.15g}"))  # a workbook holds no more digits
    bare = _bare(cell)
    if not is_number(cell):
        raise SourceError(f"'{text(cell)}' is not a number")
    if _OPEN.fullmatch(bare) and "." in bare and not mark:
        raise SourceError(
            f"'{bare}' can be {bare.replace('.', '')} or {bare.replace('.', ',')} with three "
            "decimals, and no other value tells: export with a decimal comma"
        )
    # A comma is the Swedish decimal mark where nothing speaks against it.
    thousands = "," if mark == "." else "."
    return bare.replace(" ", "").replace(thousands, "").replace(",", ".")


def percent(cell: object, mark: str, fraction_if_small: bool = False) -> str:
    """Write a cell's number in percent.

    Parameters
    ----------
    cell : object
        As `value`; a `Percent` counts as shown.
    mark : str
        As `value`.
    fraction_if_small : bool
        Whether a number below 1 without a percent sign or format can be a fraction as well as a
        percentage, and is refused.

    Raises
    ------
    SourceError
        As `value`, and if it is not clear whether 1 is meant as one percent or as the whole.
    """
    if isinstance(cell, Percent):
        if abs(cell) > 1:
            raise SourceError(
                f"{float(cell):g} is shown as {cell * 100:g} %: write it as a number, or as a "
                "fraction in percent format"
            )
        return number(float(f"{Decimal(repr(float(cell))) * 100:.12g}"))
    written = value(cell, mark)
    if fraction_if_small and 0 < abs(float(written)) < 1 and not text(cell).endswith("%"):
        raise SourceError(
            f"{written} can be {written} percent or {float(written) * 100:g} percent: give the "
            "cell a percent format, or write percent"
        )
    return written


# Which region a row of a published table is about, by codes or names as publishers write them.
#: What is no region: a municipality, a group, a part of the country.
OTHER = "other"
_CODED = re.compile(r"(\d{1,4})(?:[\s.:–-]+(\D.*))?")
_FOOTNOTE = re.compile(r"(?<=\w)\s*(?:\*+|[¹²³⁴⁵]|\s\d\)|\(\d\))+$")
_COUNTY_COUNCIL = re.compile(r"landstinget (?:i )?(.+)")
_KOLADA_GROUP = re.compile(r"G\d+")
_GROUP = re.compile(r"(alla|samtliga|ovriga|region|kommun|grupp)")
# So near to a region's name no municipality's name lies, but for those that are the same.
_CLOSE = 0.85


def named(name: str) -> Region | None:
    """Find a region by its name, also "Landstinget Blekinge" and "Skåne läns landsting".

    A footnote mark after the name does not count.
    """
    plain = _FOOTNOTE.sub("", name.strip())
    council = _COUNTY_COUNCIL.fullmatch(fold(plain))
    for form in (plain, re.sub(r" landsting$", "", plain), council[1] if council else plain):
        for spelled in (form, re.sub(r"läns$", "län", form)):
            try:
                return resolve(spelled)
            except NaravardError:
                continue
    return None


@cache
def _names() -> dict[str, Region]:
    return {fold(n): r for r in REGIONS for n in (r.short, r.name_sv, r.county_sv)}


def looks_like_region(name: str) -> bool:
    """Whether a name that is no region's seems to be meant as one."""
    words = fold(name).split()
    if not words:
        return False
    return (
        words[0] in ("region", "landstinget")
        or words[-1] in ("lan", "landsting")
        or words[-1].endswith("regionen")
        or bool(difflib.get_close_matches(" ".join(words), _names(), n=1, cutoff=_CLOSE))
    )


def _formal(name: str) -> bool:
    """Whether a name says itself that a region or county is meant: "Region X", "X län"."""
    words = fold(name).split()
    return bool({"region", "lan", "landsting", "landstinget"} & {*words}) or any(
        word.endswith("regionen") for word in words
    )


#: Regions whose short name is a municipality's, too: the largest city of the county.
HOMONYMS = {fold(BY_CODE[code].short) for code in ("01", "03", "06", "08", "18")}


def _code_or_group(name: str) -> bool:
    return bool(_CODED.fullmatch(name) or _KOLADA_GROUP.fullmatch(name))


class Places:
    """Tell the regions of one table's rows.

    Parameters
    ----------
    names : iterable of str
        The names in the column of regions, of rows with values: how the others are named decides
        whether "Uppsala" is the region or the municipality.
    municipal : bool
        Whether the column's heading speaks of municipalities.
    """

    def __init__(self, names: Iterable[str], municipal: bool):
        spoken = {name for name in names if name and not _code_or_group(name)}
        known = {name: named(name) for name in spoken}
        short = {n for n, r in known.items() if r and r.code != NATION and fold(n) not in HOMONYMS}
        others = any(not r and not _GROUP.match(fold(name)) for name, r in known.items())
        self._formal = any(_formal(name) for name in short)
        self._regions_only = not others and (not municipal or bool(short))

    def find(self, cell: str) -> str | None:
        """Return a region's code, `OTHER`, or None if the cell names no place that is known.

        Raises
        ------
        SourceError
            If it is a code or a name that seems to be a region's but is not, code and name
            disagree, or "Uppsala" can be the region or the municipality.
        """
        coded = _CODED.fullmatch(cell)
        if coded:
            return self._by_code(coded[1], coded[2] or "")
        if _KOLADA_GROUP.fullmatch(cell):
            return OTHER
        region = named(cell)
        if region and fold(cell) in HOMONYMS:
            if self._formal:
                return OTHER
            if not self._regions_only:
                raise SourceError(
                    f"'{cell}' can be the region or the municipality: export with codes, or "
                    f"write '{region.name_sv}'"
                )
        if region:
            return region.code
        if looks_like_region(cell):
            try:
                resolve(cell)
            except NaravardError as error:
                raise SourceError(str(error)) from error
        return None

    @staticmethod
    def _by_code(digits: str, name: str) -> str:
        number = int(digits)
        code = f"{number:02d}"
        if number >= 100 and f"{number:04d}"[:2] in BY_CODE:
            return OTHER
        if code not in BY_CODE:
            raise SourceError(f"the code '{digits}' is no region's and no municipality's")
        other = named(name) if name else None
        if other and other.code != code:
            raise SourceError(f"code '{digits}' is {BY_CODE[code].short}, but the name is '{name}'")
        return code
