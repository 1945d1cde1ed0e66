"""Tables of a page as a report shows them: text only, lying where years run downwards."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_YEAR = re.compile(r"\d{4}")
#: A table of years with at most so many columns of values is laid down, if it has so many years.
_COLUMNS, _YEARS = 2, 4


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    caption : str
    head : tuple of str
    rows : tuple of tuple of str
        The first cell of each names the row.
    prose : bool
        Cells hold sentences.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    prose: bool = False


def read(html: str) -> list[Table]:
    """Return the tables in a piece of HTML; nothing of its markup is kept."""
    from bs4 import BeautifulSoup

    found = []
    for table in BeautifulSoup(html, "html.parser").find_all("table"):
        rows = [
            tuple(" ".join(cell.get_text().split(" ")).strip() for cell in row(["th", "td"]))
            for row in table("tr")
        ]
        if rows:
            caption = table.find("caption")
            found.append(
                Table(
                    caption=caption.get_text().strip() if caption else "",
                    head=rows[0],
                    rows=tuple(rows[1:]),
                    prose="prose" in table.get("class", []),
                )
            )
    return found


def lying(table: Table) -> Table:
    """Lay a table of years down: a column a year, so that it takes two lines instead of ten."""
    years = [row[0] for row in table.rows]
    narrow = len(table.head) <= 1 + _COLUMNS and len(years) >= _YEARS
    if not narrow or not all(_YEAR.fullmatch(year) for year in years):
        return table
    head, *rows = zip(table.head, *table.rows, strict=True)
    return replace(table, head=head, rows=tuple(rows))


def of_region(table: Table, name: str) -> Table:
    """Keep the rows that a region names."""
    return replace(table, rows=tuple(row for row in table.rows if row[0] == name))
