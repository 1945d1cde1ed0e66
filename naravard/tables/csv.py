"""Tables as CSV that say what they are, safe in spreadsheets.

What is written here is opened in spreadsheets: no text may become a formula there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable

import pandas as pd

from naravard.catalogue import indicator
from naravard.catalogue.model import StatusTable
from naravard.data import citation
from naravard.data.documents import table, tables
from naravard.language import opening
from naravard.regions import BY_CODE
from naravard.sentences.caveats import BREAK, Note, know

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Where a comment, split at commas, would begin a cell as a formula; "+0.5 points" is none.
_FORMULA_WITHIN = re.compile(r"([,;]\s*)(?=[=@]|[+\-](?!\d(?:[^,;|!(]|(?<!\w)\()*(?:[,;]|$)))")


def safe(cell):
    """Return a cell that no spreadsheet takes for a formula; what is not text stays as it is.

    Text that begins with ``= + - @``, a tab or a new line, also after spaces, gets an apostrophe.
    """
    if not isinstance(cell, str):
        return cell
    formula = cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA)
    return f"'{cell}" if formula else cell


def _comment(line: str) -> str:
    """Write a line that a spreadsheet, which splits it at commas, shows as plain text too."""
    line = " ".join(line.replace('"', "'").split())
    return "# " + _FORMULA_WITHIN.sub(r"\1'", line)


def table_text(lines: Iterable[str], frame: pd.DataFrame, index: bool = True) -> str:
    """Return a table as CSV under lines of comment, each after ``#``.

    Comma separated, decimal points, empty where a value is missing. Where a text holds ``#`` or a
    carriage return all cells are quoted, so that it begins no comment and no row.
    """
    shown = frame.rename(columns=safe)
    shown = shown.map(safe) if len(shown.columns) else shown
    if index:
        shown = shown.rename(index=safe).rename_axis(index=safe(frame.index.name))
    text = shown.to_csv(index=index, lineterminator="\n")
    if "#" in text or "\r" in text:
        text = shown.to_csv(index=index, lineterminator="\n", quoting=csv.QUOTE_ALL)
    return "".join(f"{_comment(line)}\n" for line in lines) + text


def header(
    title: str,
    message: str,
    unit: str,
    sources: Iterable[str],
    ids: tuple[str, ...],
    regions: tuple[str, ...],
    language: str,
) -> list[str]:
    """Return the lines above the figures in a file: what they are and how to cite them.

    Title, message and unit (left out if empty), sources, caveats and breaks that concern the
    regions, terms of the raw files, citation. ``ids`` are indicators and tables of coded statuses.
    """

    def line(word: str, text: str) -> str:
        return f"{_WORDS[word][language]}: {text}"

    lines = [text for text in (title, message) if text]
    if unit:
        lines.append(line("unit", unit))
    lines += [line("source", source) for source in dict.fromkeys(sources)]
    lines += _limits(ids, regions, language)
    terms = dict.fromkeys(file.licence for file in citation.raw_files(ids))
    lines += [line("terms", licence) for licence in terms]
    return [*lines, line("cite", citation.citation(title, language, citation.key(ids)))]


def _limits(ids: tuple[str, ...], regions: tuple[str, ...], language: str) -> list[str]:
    """Say each caveat and break of the indicators and their parts once, and whom it concerns."""
    said: dict[str, list[str]] = {}
    for id in ids:
        entry = table(id) if id in tables() else indicator(id)
        for note in know(entry, language):
            if note.kind != "choice" and note.concerns(*regions):
                name = note.of.name if isinstance(note.of, StatusTable) else note.of.short_name
                said.setdefault(_line(note, regions, language), []).append(opening(name[language]))
    many = len(ids) > 1
    return [f"{text} [{'; '.join(dict.fromkeys(names))}]" if many else text
            for text, names in said.items()]  # fmt: skip


def _line(note: Note, regions: tuple[str, ...], language: str) -> str:
    if note.kind == "caveat":
        return f"{_WORDS['caveat'][language]}: {note.text}"
    own = sorted(set(regions) & set(note.regions))
    names = ", ".join(BY_CODE[code].label(language) for code in own)
    return f"{BREAK[language]} {note.year}{f' ({names})' if names else ''}: {note.text}"


_WORDS = {
    "unit": {"sv": "Enhet", "en": "Unit"},
    "columns": {"sv": "Kolumner", "en": "Columns"},
    "source": {"sv": "Källa", "en": "Source"},
    "caveat": {"sv": "Förbehåll", "en": "Caveat"},
    "terms": {"sv": "Villkor", "en": "Terms"},
    "cite": {"sv": "Citera som", "en": "Cite as"},
}
