"""One indicator as lines for a terminal: finding, latest values, course, source, reservations."""

from __future__ import annotations

import click

from naravard import shown, terminal
from naravard.catalogue import unit
from naravard.drawing_words import word
from naravard.language import brief, number
from naravard.regions import BY_CODE, NATION
from naravard.shown import Shown

#: Years in the table.
YEARS = 10
_WORDS = {
    "year": {"sv": "år", "en": "year"},
    "break": {"sv": "brott", "en": "break"},
    "scales": {"sv": "Varje rad har sin egen skala.", "en": "Each line has a scale of its own."},
    "bar": {"sv": "│ är ett brott i serien", "en": "│ is a break in the series"},
}


def lines(found: Shown, language: str) -> list[str]:
    """Return what `naravard show` prints.

    Parameters
    ----------
    found : Shown
    language : {"sv", "en"}

    Returns
    -------
    list of str
        No wider than the terminal, but for words and columns that are wider than it.
    """
    text = [*terminal.wrap(f"**{shown.title(found, language)}**"), terminal.dim(found.entry.id), ""]
    for paragraph in shown.said(found, language):
        text += [*terminal.wrap(paragraph), ""]
    text += _values(found, language) + _courses(found, language)
    files = ", ".join(dict.fromkeys(one["file"] for one in shown.sources(found, language)))
    source = f"{word('source', language)}: {found.entry.source_line(language)} ({files})"
    text += terminal.wrap(source, rest="  ")
    for reservation in shown.reservations(found, language):
        text += terminal.wrap(reservation, first="- ", rest="  ")
    return text


def _values(found: Shown, language: str) -> list[str]:
    """Return the latest values in columns; in several tables where one would be too wide."""
    wide = found.wide.dropna(how="all").tail(YEARS)
    if wide.empty:
        return []
    blocks: list[list[str]] = [[]]
    for code in wide.columns.drop(NATION):
        if blocks[-1] and not _fits(_block(found, wide, [*blocks[-1], code, NATION], language)):
            blocks.append([])
        blocks[-1].append(code)
    lines = []
    for codes in blocks:
        table = _block(found, wide, [*codes, NATION], language)
        if not _fits(table):
            table = _block(found, wide, [*codes, NATION], language, named=False)
        lines += [*table, ""]
    return lines


def _fits(table: list[str]) -> bool:
    return max(terminal.cells(click.unstyle(line)) for line in table) <= terminal.columns()


def _block(found: Shown, wide, codes: list[str], language: str, named: bool = True) -> list[str]:
    """Return one table of some units; a year says in which of them there is a break."""
    entry = found.entry
    broken: dict[int, list[str]] = {}
    for code in codes:
        for b in entry.breaks_for(code):
            broken.setdefault(b.year, []).append(BY_CODE[code].label(language))
    rows = [[_WORDS["year"][language], *(BY_CODE[code].label(language) for code in codes), ""]]
    for year, values in wide[codes].iterrows():
        cells = ["–" if v != v else number(v, entry.decimals, language) for v in values]
        remark = f"← {_WORDS['break'][language]}" if year in broken else ""
        remark += f": {', '.join(broken[year])}" if remark and named else ""
        rows.append([str(year), *cells, remark])
    return terminal.table(rows, right=range(1, len(codes) + 1))


def _courses(found: Shown, language: str) -> list[str]:
    """Return each unit's course in blocks with its first and last value, all on one scale.

    Numbers that add up to Riket's have a scale of their own each: a region would be flat.
    """
    entry, wide = found.entry, found.wide.dropna(how="all")
    if len(wide) < 2:
        return []
    labels = {code: BY_CODE[code].label(language) for code in wide.columns}
    margin, barred, text = max(map(terminal.cells, labels.values())), False, []
    for code, values in wide.items():
        series = values.dropna()
        label = labels[code] + " " * (margin - terminal.cells(labels[code]))
        if series.empty:
            text.append(f"{label}  –")
            continue
        scale = series if unit(entry).additive else wide.stack()
        first, last = series.index[[0, -1]]
        breaks = [b.year for b in entry.breaks_for(code) if first < b.year <= last]
        course = terminal.sparkline(
            series.to_dict(), list(wide.index), scale.min(), scale.max(), breaks
        )
        barred = barred or bool(breaks)
        ends = f"{brief(series[first], entry, language)} ({first})"
        if last > first:
            ends += f" → {brief(series[last], entry, language)} ({last})"
        one = f"{label}  {course}  {ends}"
        below = [f"{label}  {course}", f"{' ' * margin}  {ends}"]
        text += [one] if terminal.cells(one) <= terminal.columns() else below
    if unit(entry).additive and len(wide.columns) > 1:
        text.append(_WORDS["scales"][language])
    if barred:
        text.append(_WORDS["bar"][language])
    return [*text, ""]
