"""The cells of values in an exported table, each with its region, year and sex."""

from __future__ import annotations

from dataclasses import dataclass

from naravard.regions import fold
from naravard.sources.answers import SourceError
from naravard.sources.files import cells
from naravard.sources.files.layout import Layout
from naravard.sources.files.places import OTHER, Places
from naravard.sources.files.tables import Table


@dataclass(frozen=True)
class Entry:
    """A cell of values and what it is about; ``row`` counts from 0."""

    region: str
    year: str
    sex: str
    cell: object
    row: int


def read_entries(table: Table, found: Layout, remarks: list[str]) -> list[Entry]:
    """Find the values of the 22 units below a table's header.

    Parameters
    ----------
    table : Table
    found : Layout
        The table's columns.
    remarks : list of str
        Gets a sentence on what was left out or taken for granted.

    Returns
    -------
    list of Entry

    Raises
    ------
    SourceError
        If a row's region, year or sex is none or not clear, or the row is cut short.
    """
    below = range(found.header + 1, len(table.rows))
    filled = {row for row in below if _filled(table, found, row)}
    places = {
        column: Places((_cell(table, row, column) for row in filled), found.municipal)
        for column in found.regions
    }
    order = sorted(found.regions, key=lambda column: _names(table, filled, column))
    header = _words(table, found.header)
    entries: list[Entry] = []
    left_out: dict[str, int] = {}
    block, place, name, own = None, None, "", None
    any_sex = False
    for row in below:
        words = _words(table, row)
        if not words or words == header:
            continue
        if len(words) == 1 and (sex := cells.sex(next(iter(words)))):
            block = sex
            continue
        if named := [word for column in order if (word := _cell(table, row, column))]:
            whole = len(table.rows[row]) == len(table.rows[found.header])
            strict = row in filled or (whole and any(_values(table, found, row)))
            name, place = named[-1], _place(table, places, order, row, strict)
        elif not _continues(table, found, row):
            name, place = "", None
        if place == OTHER or (place is None and row in filled):
            left_out[name] = left_out.get(name, 0) + 1
        if place in (None, OTHER):
            continue
        _check_width(table, found, row)
        # A sex, like a region, may stand only in the first of its rows.
        own = _own_sex(table, found, row, None if named else own)
        for value in found.values:
            sex = _sex(table.where(row), {value.sex, block, own})
            any_sex = any_sex or sex is not None
            year = value.year or _year(table, found, row)
            entries.append(Entry(place, year, sex or "T", table.rows[row][value.column], row))
    if left_out:
        names = ", ".join(f"'{name}'" for name in list(left_out)[:3])
        remarks.append(
            f"left out, as municipalities or other areas: {len(left_out)} "
            f"({names}{', …' if len(left_out) > 3 else ''}), {sum(left_out.values())} rows"
        )
    for column, label in found.others.items():
        said = sorted({_cell(table, entry.row, column) for entry in entries} - {""})
        if said:
            what = f"'{said[0]}' in all rows" if len(said) == 1 else "different things"
            remarks.append(f"the column '{label}' is not used; it says {what}")
    if entries and not any_sex:
        _check_title(table, found)
        remarks.append("the file names no sex: the values are taken as those of all")
    return entries


def _words(table: Table, row: int) -> set[str]:
    return {cells.text(cell) for cell in table.rows[row]} - {""}


def _names(table: Table, rows: set[int], column: int) -> int:
    """Count a column's names: the column with fewest is that of codes, which are surer."""
    return sum(not _cell(table, row, column)[:1].isdigit() for row in rows)


def _check_width(table: Table, found: Layout, row: int) -> None:
    line = table.rows[row]
    used = (*found.regions, found.year, found.sex, *(value.column for value in found.values))
    width = len(table.rows[found.header])
    if len(line) <= max(column for column in used if column is not None):
        raise SourceError(f"{table.where(row)}: cut short: {len(line)} cells instead of {width}")
    if any(cells.text(cell) for cell in line[width:]):
        raise SourceError(
            f"{table.where(row)}: {len(line)} cells, but the header has {width}: decimal commas "
            "must be in quotes where commas separate the cells"
        )


def _check_title(table: Table, found: Layout) -> None:
    """Refuse a table of which only the title says that it is about women or men."""
    words = {
        word for row in range(found.header) for w in _words(table, row) for word in fold(w).split()
    }
    if ("kvinnor" in words) != ("man" in words):
        sex = "kvinnor" if "kvinnor" in words else "män"
        raise SourceError(
            f"{table.where()}: the title speaks of {sex}, but no column does: add a column 'Kön'"
        )


def _cell(table: Table, row: int, column: int) -> str:
    line = table.rows[row]
    return cells.text(line[column]) if column < len(line) else ""


def _filled(table: Table, found: Layout, row: int) -> bool:
    """Whether a row holds a value or a mark for none; a note or a footer does not."""
    words = _values(table, found, row)
    return any(cells.is_number(word) or (word and cells.missing(word)) for word in words)


def _values(table: Table, found: Layout, row: int) -> list[str]:
    return [_cell(table, row, value.column) for value in found.values]


def _continues(table: Table, found: Layout, row: int) -> bool:
    """Whether a row without a region belongs to the one above: it names a year or a sex."""
    year = found.year is not None and cells.year(_cell(table, row, found.year))
    return bool(year or (found.sex is not None and cells.sex(_cell(table, row, found.sex))))


def _place(
    table: Table, places: dict[int, Places], order: list[int], row: int, strict: bool
) -> str | None:
    """Find a row's region; all its columns must agree. Only a row of values must name a place."""
    found: str | None = None
    for column in order:
        word = _cell(table, row, column)
        if not word or found == OTHER:
            continue
        try:
            other = places[column].find(word)
        except SourceError as error:
            if found is None and strict:
                raise SourceError(f"{table.where(row)}: {error}") from error
            continue
        if found and other and other not in (found, OTHER):
            raise SourceError(
                f"{table.where(row)}: '{_cell(table, row, order[0])}' and '{word}' are not the "
                "same region"
            )
        found = found or other
    return found


def _own_sex(table: Table, found: Layout, row: int, before: str | None) -> str | None:
    """Find a row's sex in the column of sexes, if there is one; in an empty cell ``before``."""
    if found.sex is None:
        return None
    word = _cell(table, row, found.sex)
    sex = cells.sex(word) if word else before
    if not sex:
        raise SourceError(f"{table.where(row)}: '{word}' is no sex: T, K or M is right")
    return sex


def _sex(where: str, said: set[str | None]) -> str | None:
    """Take the sex that a column's heading, a row or its block names; all must agree."""
    named = sorted(sex for sex in said if sex)
    if len(named) > 1:
        raise SourceError(f"{where}: a value of {' and of '.join(named)} at once")
    return named[0] if named else None


def _year(table: Table, found: Layout, row: int) -> str:
    word = _cell(table, row, found.year)
    if not cells.year(word):
        raise SourceError(f"{table.where(row)}: '{word}' is no year: four digits are right")
    return word
