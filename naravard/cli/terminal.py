"""Text for a terminal: bold where it can be shown, wrapped to its width, in its encoding."""

from __future__ import annotations

import codecs
import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import click

_BLOCKS = "▁▂▃▄▅▆▇█"
#: What stands for signs that a terminal's encoding lacks; letters lose their accents instead.
_REPLACEMENTS = {
    **dict(zip(_BLOCKS, "_.-=+*%#", strict=True)),
    "–": "-", "—": "-", "−": "-", "‑": "-", "→": "->", "←": "<-", "…": "...", "×": "x", "│": "|",
    "•": "*", "·": ".", "’": "'", "”": '"', "≤": "<=", "≥": ">=",
}  # fmt: skip
_ERRORS = "naravard"


def _replace(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks in ASCII: the handler of `_ERRORS`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_ascii, error.object[error.start : error.end])), error.end


def _ascii(sign: str) -> str:
    if sign in _REPLACEMENTS:
        return _REPLACEMENTS[sign]
    plain = unicodedata.normalize("NFKD", sign)
    return "".join(c for c in plain if c.isascii()) or ("" if unicodedata.combining(sign) else "?")


codecs.register_error(_ERRORS, _replace)


def prepare() -> None:
    """Let standard output and error write any text, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and not _takes_everything(stream):
            stream.reconfigure(errors=_ERRORS)


def _takes_everything(stream) -> bool:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return codecs.lookup(encoding).name.startswith("utf")


def echo(*lines: str) -> None:
    """Print lines; signs that the encoding lacks are written in ASCII.

    Left to itself click writes UTF-8 to a stream whose encoding is ASCII.
    """
    text = "\n".join(lines)
    if not _takes_everything(sys.stdout):
        text = text.encode(sys.stdout.encoding, _ERRORS).decode(sys.stdout.encoding)
    click.echo(text)


def echo_json(content) -> None:
    """Print JSON, with escapes where the encoding lacks a letter."""
    escaped = not _takes_everything(sys.stdout)
    # What json does not know are texts in two languages, which are pydantic's.
    text = json.dumps(content, indent=2, ensure_ascii=escaped, default=lambda t: t.model_dump())
    click.echo(text)


def styled(text: str, **style: bool) -> str:
    """Style text as `click.style` does, on a terminal that shows it and unless refused.

    Any non-empty ``NO_COLOR`` refuses it (https://no-color.org); a "dumb" terminal has none.
    """
    refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if refused or not sys.stdout.isatty() else click.style(text, **style)


def language() -> str:
    """Return "sv" if the user's environment is Swedish, otherwise "en"."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "sv" if next(filter(None, names), "").casefold().startswith("sv") else "en"


def columns() -> int:
    """Return the terminal's width; 80 where there is none and ``COLUMNS`` does not say."""
    return shutil.get_terminal_size().columns


def cells(text: str) -> int:
    """Return how many columns text takes: combining accents and styles none, wide signs two."""
    text = click.unstyle(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(bool(unicodedata.combining(sign)) for sign in text)


def wrap(markdown: str, first: str = "", rest: str = "") -> list[str]:
    """Break a paragraph into lines of the terminal's width, its ``**bold**`` parts in bold.

    No-break spaces hold words together. The first line begins with ``first``, the others with
    ``rest``. `textwrap` would count the codes of bold and combining accents as columns.
    """
    text = re.sub(r"\*\*(.+?)\*\*", lambda found: styled(found[1], bold=True), markdown)
    lines, line = [], []
    for word in filter(None, text.split(" ")):
        margin = rest if lines else first
        if line and cells(margin + " ".join([*line, word])) > columns():
            lines.append(margin + " ".join(line))
            line = []
        line.append(word)
    return [*lines, (rest if lines else first) + " ".join(line)]


def table(rows: Sequence[Sequence[str]], right: Iterable[int] = (), head: bool = True) -> list[str]:
    """Set rows of text in columns, two spaces between; with ``head`` the first row is in bold.

    ``right`` are the numbers of the columns that are set to the right, as numbers are.
    """
    right = set(right)
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]

    def padded(number: int, text: str) -> str:
        space = " " * (widths[number] - cells(text))
        return space + text if number in right else text + space

    lines = ["  ".join(padded(n, text) for n, text in enumerate(row)).rstrip() for row in rows]
    return [styled(lines[0], bold=True), *lines[1:]] if head and lines else lines


def sparkline(
    values: Mapping[int, float], years: list[int], low: float, high: float, breaks: Iterable[int]
) -> str:
    """Draw values by year as blocks of eight heights, two columns a year.

    The line runs from the first to the last of ``years`` and is empty where a year has no value.
    ``low`` and ``high`` are the values of the lowest and the highest block; a bar stands before
    each year of ``breaks``.
    """
    breaks, text, steps = set(breaks), "", len(_BLOCKS) - 1
    for year in range(min(years), max(years) + 1):
        text += "│" if year in breaks else " "
        share = (values[year] - low) / (high - low) if year in values and high > low else 0.5
        text += _BLOCKS[round(share * steps)] if year in values else " "
    return text[1:]
