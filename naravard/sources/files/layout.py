"""Where an exported table's columns are: region, year, sex and values, wide or long.

Wide: years as columns, maybe a block of them for each sex. Long: a column of years and one of
values, or one for each sex.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from naravard.regions import fold
from naravard.sources.answers import SourceError
from naravard.sources.files import cells
from naravard.sources.files.tables import Table

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_REGION = {
    "region", "regioner", "landsting", "lan", "kommun", "kommuner", "omrade", "omraden",
    "municipality", "county", "regionkod", "lanskod", "kommunkod", "omradeskod", "regionid",
    "kommunid", "omradesid",
}  # fmt: skip
_BESIDE = {"kod", "id", "namn", "och", "eller"}
_PERIOD = {"ar", "artal", "period", "year", "tid"}
_SEX = {"kon", "sex", "gender"}
_VALUE = {"varde", "value"}


@dataclass(frozen=True)
class Value:
    """A column of values; ``year`` and ``sex`` are those of its heading, if it names them."""

    column: int
    year: str | None
    sex: str | None
    measure: str


@dataclass(frozen=True)
class Layout:
    """The columns of a table, counted from 0.

    Attributes
    ----------
    header : int
        The header's last row.
    regions : list of int
        Columns of regions' codes and names.
    municipal : bool
        Whether their headings speak of municipalities.
    year, sex : int or None
    values : list of Value
    others : dict of int to str
        Columns that are none of these, with their headings.
    """

    header: int
    regions: list[int]
    municipal: bool
    year: int | None
    sex: int | None
    values: list[Value]
    others: dict[int, str]


def _is_region(label: str) -> bool:
    words = set(fold(label).split())
    return bool(words & _REGION) and words <= _REGION | _BESIDE


def _value(column: int, label: str) -> Value:
    """Take a heading apart: its year, its sex, and what else it says."""
    years = _YEAR.findall(label)
    rest = [part for part in re.split(r"[|,;:()]", _YEAR.sub("", label)) if fold(part)]
    sexes = [code for part in rest if (code := cells.sex(part))]
    # "Folkmängd män 2019": the sex is the last word of what is left.
    words = " ".join(part for part in rest if not cells.sex(part)).split()
    if not sexes and words and len(words[-1]) > 1 and cells.sex(words[-1]):
        sexes = [cells.sex(words.pop())]
    year = years[0] if len(years) == 1 else None
    return Value(column, year, sexes[0] if len(sexes) == 1 else None, fold(" ".join(words)))


def _above(row: list[object]) -> list[str]:
    """Return the headings above the header, each carried on to the columns that it spans."""
    words = [cells.text(cell) for cell in row]
    filled = [word for word in words if word]
    if len(set(filled)) < 2 and not all(cells.sex(w) or cells.year(w) for w in filled):
        return [""] * len(words)  # a title
    for column in range(1, len(words)):
        words[column] = words[column] or words[column - 1]
    return words


def _headings(table: Table, row: int) -> list[str]:
    own = [cells.text(cell) for cell in table.rows[row]]
    above = _above(table.rows[row - 1]) if row else []
    above += [""] * (len(own) - len(above))
    return [
        label if _is_region(label) or upper == label else " | ".join(filter(None, (upper, label)))
        for upper, label in zip(above, own, strict=False)
    ]


def _named_below(table: Table, row: int) -> bool:
    """Whether the next row is the header that names the column of regions."""
    below = table.rows[row + 1] if row + 1 < len(table.rows) else []
    return any(_is_region(cells.text(cell)) for cell in below)


def find(table: Table) -> Layout | None:
    """Find the header, and in it the columns.

    Returns
    -------
    Layout or None
        None if no row is a header.

    Raises
    ------
    SourceError
        If a header names no year, or several columns of values fit.
    """
    without_year = None
    for row in range(len(table.rows)):
        for labels in (_headings(table, row), [cells.text(cell) for cell in table.rows[row]]):
            regions = [column for column, label in enumerate(labels) if _is_region(label)]
            values = [_value(column, label) for column, label in enumerate(labels)]
            if not regions and labels and not labels[0] and not _named_below(table, row):
                regions = [0] if sum(bool(value.year) for value in values) > 1 else []
            if not regions or len([label for label in labels if label]) < 2:
                continue
            layout = _columns(table, row, labels, regions, values)
            if layout:
                return layout
            without_year = row if without_year is None else without_year
    if without_year is not None:
        raise SourceError(
            f"{table.where(without_year)}: the header names no year: export with years as columns "
            "or with a column 'År'"
        )
    return None


def _columns(
    table: Table, row: int, labels: list[str], regions: list[int], values: list[Value]
) -> Layout | None:
    """Sort a header's columns; None if there is no year."""

    def one(words: set[str], what: str) -> int | None:
        fitting = [column for column, label in enumerate(labels) if fold(label) in words]
        if len(fitting) > 1:
            raise SourceError(f"{table.where(row)}: two columns of {what}: keep one")
        return fitting[0] if fitting else None

    year, sex = one(_PERIOD, "years"), one(_SEX, "sexes")
    rest = [v for v in values if v.column not in (*regions, year, sex) and labels[v.column]]
    dated = [value for value in rest if value.year]
    if year is None and not dated:
        return None
    if year is not None and dated:
        raise SourceError(f"{table.where(row)}: years are both in a column and in headings")
    chosen = dated or _long(table, row, labels, rest, sex)
    measures = sorted({value.measure for value in chosen})
    if len(measures) > 1 or len({(v.year, v.sex) for v in chosen}) < len(chosen):
        both = " and ".join(f"'{labels[value.column]}'" for value in chosen[:2])
        if len(measures) > 1:
            both = " and ".join(
                f"'{labels[next(v.column for v in chosen if v.measure == measure)]}'"
                for measure in measures[:2]
            )
        raise SourceError(f"{table.where(row)}: the columns {both} both hold values: keep one")
    columns = {value.column for value in chosen}
    return Layout(
        header=row,
        regions=regions,
        municipal=any("kommun" in fold(labels[c]) or not labels[c] for c in regions),
        year=year,
        sex=sex,
        values=chosen,
        others={v.column: labels[v.column] for v in rest if v.column not in columns},
    )


def _long(
    table: Table, row: int, labels: list[str], rest: list[Value], sex: int | None
) -> list[Value]:
    """Choose the columns of values beside a column of years."""
    named = [value for value in rest if fold(labels[value.column]) in _VALUE]
    if named:
        return [Value(v.column, None, None, "") if len(named) == 1 else v for v in named]
    if sex is None and (sexes := [value for value in rest if value.sex]):
        return sexes
    numeric = [value for value in rest if _holds_numbers(table, row, value.column)]
    if not numeric:
        raise SourceError(f"{table.where(row)}: no column holds values: name it 'Värde'")
    if len(numeric) > 1:
        both = " and ".join(f"'{labels[value.column]}'" for value in numeric[:2])
        raise SourceError(
            f"{table.where(row)}: the columns {both} can both be the values: keep one, or name it "
            "'Värde'"
        )
    return [Value(numeric[0].column, None, None, "")]


def _holds_numbers(table: Table, header: int, column: int) -> bool:
    found = [row[column] for row in table.rows[header + 1 :] if column < len(row)]
    filled = [cell for cell in found if cells.missing(cell) is None]
    return bool(filled) and all(cells.is_number(cell) for cell in filled)
