"""Which indicator someone means: an id, words of its names, or a notebook."""

from __future__ import annotations

import ast
import difflib
import json
from contextlib import suppress

from naravard.catalogue import catalogue
from naravard.data import processed
from naravard.errors import NaravardError
from naravard.notebooks import all_notebooks, find_notebook, notebooks
from naravard.regions import fold

_SHOWN = 8
_LIST = "`naravard list indicators` shows them all"


def holding(words: str) -> list[str]:
    """Return the ids of the indicators whose id or names hold all of some words, or parts of words.

    They may be Swedish or English; case and accents do not matter.
    """
    found = []
    for id, entry in catalogue().indicators.items():
        name, short = entry.name, entry.short_name
        said = fold(f"{id} {name.sv} {name.en} {short.sv} {short.en}")
        if all(word in said for word in fold(words).split()):
            found.append(id)
    return found


def leading(notebook: str) -> str | None:
    """Return the indicator that a notebook begins with, None if there is none.

    It is the first that the cell tagged ``bottom-line`` names and that has figures; a target is not
    what a notebook is about.
    """
    known, named = catalogue().indicators, []
    for cell in json.loads(all_notebooks()[notebook].read_text("utf-8"))["cells"]:
        if "bottom-line" in cell["metadata"].get("tags", []):
            nodes = ast.walk(ast.parse("".join(cell["source"])))
            found = (node.value for node in nodes if isinstance(node, ast.Constant))
            named += [id for id in found if id in known and known[id].kind != "target"]
    return next((id for id in named if not processed.awaiting(id)), named[0] if named else None)


def find(asked: str) -> tuple[str, list[str]]:
    """Return the id of the indicator that someone means, and the others that hold the words too.

    In this order: an id, a notebook's name or number, the beginning of one id, or words that are in
    the id or the names of one. Of several that hold the words, the one that a notebook begins with,
    if it is one only. If none fits, a NaravardError names the closest; if several do, up to eight.
    """
    wanted, notebook = fold(asked), None
    folded = {fold(id): id for id in catalogue().indicators}
    if wanted in folded:
        return folded[wanted], []
    with suppress(NaravardError):  # it is not the name of a notebook
        notebook = find_notebook(asked)
    if notebook:
        if id := leading(notebook):
            return id, []
        raise NaravardError(f"{notebook} does not begin with an indicator: give an id; {_LIST}")
    beginning = [id for word, id in folded.items() if wanted and word.startswith(wanted)]
    if len(beginning) == 1:
        return beginning[0], []
    hits = holding(asked) if wanted else []
    chosen = hits if len(hits) == 1 else [id for id in hits if id in set(map(leading, notebooks()))]
    if len(chosen) == 1:
        return chosen[0], [id for id in hits if id != chosen[0]]
    if not hits:
        raise NaravardError(f"unknown indicator '{asked}'{_closest(wanted)}")
    listed = ", ".join(list(dict.fromkeys([*chosen, *hits]))[:_SHOWN])
    more = f" and {len(hits) - _SHOWN} more" if len(hits) > _SHOWN else ""
    raise NaravardError(
        f"'{asked}' fits {len(hits)} indicators: {listed}{more}; give an id or more words"
    )


def _closest(wanted: str) -> str:
    """Name what is closest among ids, notebooks and the words of names."""
    known = {fold(id): id for id in catalogue().indicators}
    for name in (full.partition("_")[2] for full in notebooks()):
        known.setdefault(fold(name), name)
    for entry in catalogue().indicators.values():
        for word in f"{entry.name.sv} {entry.name.en}".split():
            known.setdefault(fold(word), word.strip(",.():").casefold())
    close = difflib.get_close_matches(wanted, known, n=1)
    return f": did you mean '{known[close[0]]}'?" if close else f": {_LIST}"
