"""Read files that people have exported from the publishers' own sites.

Kolada's, SCB's and Socialstyrelsen's tables as CSV or Excel, and SKR's workbook on sick leave. Of
the exports' shapes only this is known: Socialstyrelsen's CSV has semicolons, a title line first,
years as columns and a footer line; the rest is unverified. So a table is found by what it says
(`naravard.sources.files.layout`), and what can be read in two ways is refused.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from naravard.catalogue import Indicator, catalogue
from naravard.regions import fold
from naravard.sources import skr
from naravard.sources.answers import Answer, Row, SourceError, check
from naravard.sources.files import cells, layout, tables
from naravard.sources.files.entries import Entry, read_entries
from naravard.sources.files.layout import Layout
from naravard.sources.files.tables import Table

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
    tables.check(content, path.name)
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
    if tables.is_excel(content):
        sheets = tables.sheets(content, name)
        _check_kpi(
            " ".join(cells.text(c) for t in sheets for row in t.rows for c in row), name, indicator
        )
        for table in sheets:
            columns = layout.find(table)
            found += [(table, columns)] if columns else []
    else:
        decoded = tables.decode(content, name)
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
    for delimiter in tables.DELIMITERS:
        try:
            table = tables.split(decoded, delimiter, name)
            if columns := layout.find(table):
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
    said = {fold(cells.text(cell)) for row in table.rows for cell in row}
    others = sorted({names[word] for word in said & set(names)} - {indicator.id})
    if others and not said & {fold(indicator.name.sv), fold(indicator.name.en)}:
        raise SourceError(f"{table.where()}: the file names {others[0]}, not {indicator.id}")


def _rows(table: Table, found: Layout, indicator: Indicator, remarks: list[str]) -> list[Row]:
    """Turn a table into rows, with what was left out in ``remarks``."""
    entries = read_entries(table, found, remarks)
    try:
        mark = cells.decimal_mark(entry.cell for entry in entries)
    except SourceError as error:
        raise SourceError(f"{table.where()}: {error}") from error
    seen: dict[tuple[str, str, str], int] = {}
    rows = []
    for entry in entries:
        where, key = table.where(entry.row), (entry.region, entry.year, entry.sex)
        if key in seen:
            raise SourceError(f"{where}: {_twice(table, found, seen[key], entry)}")
        seen[key] = entry.row
        note = cells.missing(entry.cell)
        try:
            value = "" if note else _value(entry.cell, mark, indicator)
        except SourceError as error:
            raise SourceError(f"{where}: {error}") from error
        rows.append(Row("", entry.region, entry.year, entry.sex, value, "", note=note or ""))
    if not rows:
        raise SourceError(f"{table.where()}: no row names a region or Riket")
    return rows


def _value(cell: object, mark: str, indicator: Indicator) -> str:
    in_percent = isinstance(cell, cells.Percent) or cells.text(cell).endswith("%")
    if in_percent and indicator.unit != "percent":
        raise SourceError(f"'{cells.text(cell)}' is in percent, but {indicator.id} is not")
    return cells.percent(cell, mark)


def _twice(table: Table, found: Layout, first: int, entry: Entry) -> str:
    """Say that two rows are about the same, and which column sets them apart."""
    said = f"region {entry.region}, {entry.year}, {entry.sex} again, after row {first + 1}"
    for column, label in found.others.items():
        one, other = (cells.text(table.rows[row][column]) for row in (first, entry.row))
        if one != other:
            return f"{said}: '{label}' is '{one}' and '{other}': export one of them"
    return said
