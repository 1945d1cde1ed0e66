"""A table of text that shows itself."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd


@dataclass(frozen=True)
class Table:
    """A table of text that displays itself; with ``prose`` its cells hold sentences that wrap."""

    frame: pd.DataFrame
    caption: str
    prose: bool = False

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.frame.to_string()}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        def cell(value, scope: str = "") -> str:
            text = escape(str(value), quote=False)
            # Without words it is not a heading: screen readers would announce an empty one.
            return f'<th scope="{scope}">{text}</th>' if scope and text else f"<td>{text}</td>"

        def row(cells) -> str:
            return "<tr>" + "".join(cells) + "</tr>"

        named = [self.frame.columns.name or "", *self.frame.columns]
        head = row(cell(name, "col") for name in named)
        body = "\n".join(
            row([cell(first, "row"), *map(cell, rest)]) for first, *rest in self.frame.itertuples()
        )
        kind = ' class="prose"' if self.prose else ""
        return (
            f"<table{kind}>\n"
            f"<caption>{escape(self.caption, quote=False)}</caption>\n"
            f"<thead>\n{head}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
        )
