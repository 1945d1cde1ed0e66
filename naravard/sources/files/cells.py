"""What stands in a cell of a published table: a sex, a year, a number, or a mark for none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from naravard.regions import fold
from naravard.sources.answers import SUPPRESSED, SourceError, number

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
