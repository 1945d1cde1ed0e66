"""Differences between two states as text for a terminal and as JSON for programs."""

from __future__ import annotations

import json
from itertools import pairwise

from naravard.assemble import file_of
from naravard.catalogue import Indicator, indicator
from naravard.differences import Cell, Difference
from naravard.language import NO_BREAK, number
from naravard.regions import BY_CODE
from naravard.states import State

#: So many decimals more than the catalogue's are written to tell two values apart.
_MORE = 6


def change(cell: Cell, entry: Indicator, language: str) -> str:
    """Write a revision: before → after (difference; relative), telling the values apart."""
    more = range(entry.decimals, entry.decimals + _MORE)
    places = next((d for d in more if round(cell.before, d) != round(cell.after, d)), more[-1])
    old, new = (number(value, places, language) for value in (cell.before, cell.after))
    by = number(cell.change, places, language, sign=True)
    if cell.relative is not None:
        share = 100 * cell.relative
        shown = next((d for d in range(1, _MORE) if round(share, d)), _MORE)
        by += f"; {number(share, shown, language, sign=True)}"
        by += f"{NO_BREAK}%" if language == "sv" else "%"
    return f"{old} → {new} ({by})"


def years(cells: tuple[Cell, ...]) -> str:
    """Write the years of some values as ranges: "2016–2019, 2024"."""
    found = sorted({cell.year for cell in cells})
    if not found:
        return ""
    starts = [found[0], *(b for a, b in pairwise(found) if b - a > 1)]
    ends = [*(a for a, b in pairwise(found) if b - a > 1), found[-1]]
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True))


def vintages(entry: Indicator, before: State, after: State) -> tuple[str, str] | None:
    """Return an indicator's vintage in two states, "none" without one; None if it is computed."""
    if entry.source is None:
        return None
    files = [file_of(entry, state.files) for state in (before, after)]
    return tuple(file.vintage if file else "none" for file in files)


def appeared(before: State, after: State) -> list[str]:
    """Return the data sets that had no figures in the state before and have in the one after."""
    return [d for d, file in after.files.items() if file and not before.files.get(d)]


def _counts(one: Difference) -> str:
    parts = []
    for name in ("added", "gone", "revised"):
        cells = getattr(one, name)
        parts.append(f"{len(cells)} {name}" + (f" ({years(cells)})" if cells else ""))
    if one.beside:
        parts.append(f"{one.beside} with the same value but another interval, part or note")
    return ", ".join(parts)


def as_text(
    found: dict[str, Difference], before: State, after: State, most: int, only: str | None = None
) -> str:
    """Write what differs, an indicator a paragraph.

    Parameters
    ----------
    found : dict of str to Difference
    before, after : State
    most : int
        How many of the largest revisions are written of each indicator.
    only : str, optional
        The one indicator that was asked for.
    """
    where = only or "all indicators"
    lines = [f"{where}, {_named(before)} → {_named(after)}"]
    if not only and (new := appeared(before, after)):
        lines.append(f"without figures before: {', '.join(new)}")
    for id, one in found.items():
        entry = indicator(id)
        pair = vintages(entry, before, after)
        origin = f"{entry.source.dataset}, {' → '.join(pair)}" if pair else "computed"
        lines += ["", f"{id} ({origin})", f"  {_counts(one)}"]
        if one.revised[:most]:
            lines.append("  largest revisions:")
        for cell in one.revised[:most]:
            name = BY_CODE[cell.region].label("en")
            lines.append(f"    {name} {cell.year} {cell.sex}: {change(cell, entry, 'en')}")
    totals = {n: sum(len(getattr(one, n)) for one in found.values())
              for n in ("added", "gone", "revised")}  # fmt: skip
    if not found:
        alone = all(before.files[d] == file for d, file in after.files.items())
        same = ": both have the same files" if alone else ""
        lines.append(f"nothing changed{same}")
    else:
        said = ", ".join(f"{count} {name}" for name, count in totals.items())
        lines += ["", f"{said}, in {len(found)} indicator{'s' * (len(found) > 1)}"]
    return "\n".join(lines)


def _named(state: State) -> str:
    words = {"newest": "the newest vintages", "previous": "the vintages before the newest"}
    return words.get(state.name, f"as of {state.name}")


def _cell(cell: Cell) -> dict:
    return {
        "region": cell.region, "year": cell.year, "sex": cell.sex, "before": cell.before,
        "after": cell.after, "change": cell.change, "relative": cell.relative,
    }  # fmt: skip


def to_json(found: dict[str, Difference], before: State, after: State) -> str:
    """Write every value that differs, and the vintages of both states, as JSON."""

    def state(one: State) -> dict:
        files = {d: file.vintage if file else None for d, file in one.files.items()}
        return {"name": one.name, "vintages": files}

    indicators = {
        id: {
            "unit": indicator(id).unit,
            **{n: [_cell(c) for c in getattr(one, n)] for n in ("added", "gone", "revised")},
            "beside": one.beside,
        }
        for id, one in found.items()
    }
    content = {"before": state(before), "after": state(after), "indicators": indicators}
    return json.dumps(content, ensure_ascii=False, indent=2)
