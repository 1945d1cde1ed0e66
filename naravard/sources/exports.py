"""Read files that people have exported from the publishers' own sites.

Kolada's, SCB's and Socialstyrelsen's tables as CSV or Excel, and SKR's workbook on sick leave. Of
the exports' shapes only this is known: Socialstyrelsen's CSV has semicolons, a title line first,
years as columns and a footer line; the rest is unverified. So a table is found by what it says
(`naravard.sources.exports`), and what can be read in two ways is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from naravard.catalogue import Indicator, catalogue
from naravard.regions import fold
from naravard.sources import skr, spreadsheet
from naravard.sources.answer import Answer, Row, SourceError, check
from naravard.sources.spreadsheet import OTHER, Places, Table

PRECISION = "as exported"
LICENCE = "As the publisher states it; exported from the publisher's site by hand"
_KPI = re.compile(r"(?<![A-Za-z0-9])[NU]\d{5}(?![A-Za-z0-9])")


def read_export(path: Path, indicator: Indicator) -> Answer:
    """Read a file exported from Kolada, SCB, Socialstyrelsen or SKR.

    Parameters
    ----------
    path : Path
        CSV (semicolon, comma or tab; UTF-8, UTF-16 or Windows-1252) or .xlsx.
    indicator : Indicator
        What it holds; its ``source`` gives the rows their series and unit.

    Returns
    -------
    Answer
        ``remarks`` say which rows were left out.

    Raises
    ------
    SourceError
        Naming file, sheet and row: what cannot be read, or read in two ways. Nothing is written.
    """
    if indicator.source is None:
        raise SourceError(f"{indicator.id} is computed from others: give a file of one of those")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror})") from error
    spreadsheet.check(content, path.name)
    answer = Answer(
        title=f"{indicator.name.sv}: {path.name}",
        licence=LICENCE,
        sources=[(f"{indicator.publisher.sv}: {path.name}", "")],
    )
    if skr.is_workbook(content, path.name):
        rows = _workbook(content, path.name, indicator)
    else:
        table, found = _table(content, path.name, indicator)
        rows = _rows(table, found, indicator, answer.remarks)
    answer.rows = [
        replace(
            row, series=indicator.source.series, unit=indicator.source.unit, precision=PRECISION,
            source_title=answer.sources[0][0],
        )
        for row in rows
    ]  # fmt: skip
    check(answer.rows, path.name)
    return answer


def _workbook(content: bytes, name: str, indicator: Indicator) -> list[Row]:
    if indicator.source.series not in skr.SAME_AS_WORKBOOK:
        raise SourceError(
            f"{name}: SKR's workbook holds the regions' total sick leave, not {indicator.id}"
        )
    return skr.read_workbook(content, name)


def _table(content: bytes, name: str, indicator: Indicator) -> tuple[Table, Layout]:
    """Find the one table of a file, in whichever sheet or with whichever delimiter."""
    found: list[tuple[Table, Layout]] = []
    if spreadsheet.is_excel(content):
        sheets = spreadsheet.sheets(content, name)
        _check_kpi(
            " ".join(spreadsheet.text(c) for t in sheets for row in t.rows for c in row),
            name,
            indicator,
        )
        for table in sheets:
            columns = find(table)
            found += [(table, columns)] if columns else []
    else:
        decoded = spreadsheet.decode(content, name)
        _check_kpi(decoded, name, indicator)
        found += _split(decoded, name)
    if not found:
        raise SourceError(
            f"{name}: no header row: one cell must be headed Region, Län, Landsting or Kommun, and "
            "the years be headings or a column 'År'"
        )
    if len(found) > 1:
        names = ", ".join(f"'{table.sheet}'" for table, _ in found)
        raise SourceError(f"{name}: the sheets {names} all hold a table: keep one")
    _check_name(found[0][0], indicator)
    return found[0]


def _split(decoded: str, name: str) -> list[tuple[Table, Layout]]:
    """Split text by the first delimiter that leads to a header."""
    errors: dict[str, SourceError] = {}
    for delimiter in spreadsheet.DELIMITERS:
        try:
            table = spreadsheet.split(decoded, delimiter, name)
            if columns := find(table):
                return [(table, columns)]
        except SourceError as error:
            errors[delimiter] = error
    if errors:
        raise errors[max(errors, key=decoded.count)]
    return []


def _meant(kpi: str) -> str:
    """Name the indicator that has a KPI, for a user who gave another."""
    entries = catalogue().indicators.values()
    found = next((i.id for i in entries if i.source and i.source.id == kpi), None)
    return f": did you mean --indicator {found}?" if found else ""


def _check_kpi(written: str, name: str, indicator: Indicator) -> None:
    """Refuse a file that names another KPI of Kolada."""
    source = indicator.source
    own = set(_KPI.findall(f"{source.id} {source.series}"))
    strange = sorted(set(_KPI.findall(f"{name} {written}")) - own)
    if strange:
        raise SourceError(
            f"{name}: the file names {', '.join(strange)}, but {indicator.id} is "
            f"{' or '.join(sorted(own)) or 'no KPI of Kolada'}{_meant(strange[0])}"
        )


def _check_name(table: Table, indicator: Indicator) -> None:
    """Refuse a table with a cell that is the name of another indicator and none of this one."""
    names = {fold(n): e.id for e in catalogue().indicators.values() for n in (e.name.sv, e.name.en)}
    said = {fold(spreadsheet.text(cell)) for row in table.rows for cell in row}
    others = sorted({names[word] for word in said & set(names)} - {indicator.id})
    if others and not said & {fold(indicator.name.sv), fold(indicator.name.en)}:
        raise SourceError(f"{table.where()}: the file names {others[0]}, not {indicator.id}")


def _rows(table: Table, found: Layout, indicator: Indicator, remarks: list[str]) -> list[Row]:
    """Turn a table into rows, with what was left out in ``remarks``."""
    entries = read_entries(table, found, remarks)
    try:
        mark = spreadsheet.decimal_mark(entry.cell for entry in entries)
    except SourceError as error:
        raise SourceError(f"{table.where()}: {error}") from error
    seen: dict[tuple[str, str, str], int] = {}
    rows = []
    for entry in entries:
        where, key = table.where(entry.row), (entry.region, entry.year, entry.sex)
        if key in seen:
            raise SourceError(f"{where}: {_twice(table, found, seen[key], entry)}")
        seen[key] = entry.row
        note = spreadsheet.missing(entry.cell)
        try:
            value = "" if note else _value(entry.cell, mark, indicator)
        except SourceError as error:
            raise SourceError(f"{where}: {error}") from error
        rows.append(Row("", entry.region, entry.year, entry.sex, value, "", note=note or ""))
    if not rows:
        raise SourceError(f"{table.where()}: no row names a region or Riket")
    return rows


def _value(cell: object, mark: str, indicator: Indicator) -> str:
    in_percent = isinstance(cell, spreadsheet.Percent) or spreadsheet.text(cell).endswith("%")
    if in_percent and indicator.unit != "percent":
        raise SourceError(f"'{spreadsheet.text(cell)}' is in percent, but {indicator.id} is not")
    return spreadsheet.percent(cell, mark)


def _twice(table: Table, found: Layout, first: int, entry: Entry) -> str:
    """Say that two rows are about the same, and which column sets them apart."""
    said = f"region {entry.region}, {entry.year}, {entry.sex} again, after row {first + 1}"
    for column, label in found.others.items():
        one, other = (spreadsheet.text(table.rows[row][column]) for row in (first, entry.row))
        if one != other:
            return f"{said}: '{label}' is '{one}' and '{other}': export one of them"
    return said


# The cells of values in an exported table, each with its region, year and sex.
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
        if len(words) == 1 and (sex := spreadsheet.sex(next(iter(words)))):
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
    return {spreadsheet.text(cell) for cell in table.rows[row]} - {""}


def _names(table: Table, rows: set[int], column: int) -> int:
    """Count a column's names: the column with fewest is that of codes, which are surer."""
    return sum(not _cell(table, row, column)[:1].isdigit() for row in rows)


def _check_width(table: Table, found: Layout, row: int) -> None:
    line = table.rows[row]
    used = (*found.regions, found.year, found.sex, *(value.column for value in found.values))
    width = len(table.rows[found.header])
    if len(line) <= max(column for column in used if column is not None):
        raise SourceError(f"{table.where(row)}: cut short: {len(line)} cells instead of {width}")
    if any(spreadsheet.text(cell) for cell in line[width:]):
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
    return spreadsheet.text(line[column]) if column < len(line) else ""


def _filled(table: Table, found: Layout, row: int) -> bool:
    """Whether a row holds a value or a mark for none; a note or a footer does not."""
    words = _values(table, found, row)
    return any(
        spreadsheet.is_number(word) or (word and spreadsheet.missing(word)) for word in words
    )


def _values(table: Table, found: Layout, row: int) -> list[str]:
    return [_cell(table, row, value.column) for value in found.values]


def _continues(table: Table, found: Layout, row: int) -> bool:
    """Whether a row without a region belongs to the one above: it names a year or a sex."""
    year = found.year is not None and spreadsheet.year(_cell(table, row, found.year))
    return bool(year or (found.sex is not None and spreadsheet.sex(_cell(table, row, found.sex))))


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
    sex = spreadsheet.sex(word) if word else before
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
    if not spreadsheet.year(word):
        raise SourceError(f"{table.where(row)}: '{word}' is no year: four digits are right")
    return word


# Where an exported table's columns are: region, year, sex and values, wide or long.
#
# Wide: years as columns, maybe a block of them for each sex. Long: a column of years and one of
# values, or one for each sex.
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


def _layout_value(column: int, label: str) -> Value:
    """Take a heading apart: its year, its sex, and what else it says."""
    years = _YEAR.findall(label)
    rest = [part for part in re.split(r"[|,;:()]", _YEAR.sub("", label)) if fold(part)]
    sexes = [code for part in rest if (code := spreadsheet.sex(part))]
    # "Folkmängd män 2019": the sex is the last word of what is left.
    words = " ".join(part for part in rest if not spreadsheet.sex(part)).split()
    if not sexes and words and len(words[-1]) > 1 and spreadsheet.sex(words[-1]):
        sexes = [spreadsheet.sex(words.pop())]
    year = years[0] if len(years) == 1 else None
    return Value(column, year, sexes[0] if len(sexes) == 1 else None, fold(" ".join(words)))


def _above(row: list[object]) -> list[str]:
    """Return the headings above the header, each carried on to the columns that it spans."""
    words = [spreadsheet.text(cell) for cell in row]
    filled = [word for word in words if word]
    if len(set(filled)) < 2 and not all(spreadsheet.sex(w) or spreadsheet.year(w) for w in filled):
        return [""] * len(words)  # a title
    for column in range(1, len(words)):
        words[column] = words[column] or words[column - 1]
    return words


def _headings(table: Table, row: int) -> list[str]:
    own = [spreadsheet.text(cell) for cell in table.rows[row]]
    above = _above(table.rows[row - 1]) if row else []
    above += [""] * (len(own) - len(above))
    return [
        label if _is_region(label) or upper == label else " | ".join(filter(None, (upper, label)))
        for upper, label in zip(above, own, strict=False)
    ]


def _named_below(table: Table, row: int) -> bool:
    """Whether the next row is the header that names the column of regions."""
    below = table.rows[row + 1] if row + 1 < len(table.rows) else []
    return any(_is_region(spreadsheet.text(cell)) for cell in below)


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
        for labels in (_headings(table, row), [spreadsheet.text(cell) for cell in table.rows[row]]):
            regions = [column for column, label in enumerate(labels) if _is_region(label)]
            values = [_layout_value(column, label) for column, label in enumerate(labels)]
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
    filled = [cell for cell in found if spreadsheet.missing(cell) is None]
    return bool(filled) and all(spreadsheet.is_number(cell) for cell in filled)
