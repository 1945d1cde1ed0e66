"""The start page, and the list of measures."""

from __future__ import annotations

from naravard import processed, unfetched
from naravard.catalogue import catalogue, unit
from naravard.language import span
from naravard.regions import NATION
from naravard.site import cells, counties
from naravard.site.content import Content, directions, region_name
from naravard.site.questions import UNITS

#: The measure that the map begins with: the first of these that has figures.
FIRST = ("primary_care_cost_share", "readmission_30d_65plus")


def start(content: Content, at: str = "") -> str:
    """Make the start page: findings for Riket, the map, all measures in all regions.

    Parameters
    ----------
    content : Content
    at : str
        Where it lies in the site, if not in the folder of its language.
    """
    lang = content.language
    colours = []
    for key, _, entries in directions(lang):
        if key:
            found = (counties.colouring(content, e) for e in entries if e.level == "region")
            colours += [one for one in found if one]
    known = {one["id"]: one for one in colours}
    first = next((known[id] for id in FIRST if id in known), colours[0] if colours else None)
    return content.page(
        "start.html.j2", "index.html", content.words["site"], at=at,
        answers=content.answers(NATION), first=first, colours=colours, rows=_rows(content),
        map=counties.shapes(content, first), awaiting=_awaiting(),
        units=[(code, region_name(code, lang)) for code in UNITS],
    )  # fmt: skip


def _awaiting() -> list[str]:
    return [id for id in catalogue().indicators if processed.awaiting(id)]


def _rows(content: Content) -> list[dict]:
    """Make a row for each measure that has values of a region: a cell a unit."""
    rows = []
    for key, name, entries in directions(content.language):
        for entry in entries:
            found = content.cells(entry.id)
            if key and entry.level == "region" and found:
                rows.append(
                    {
                        "id": entry.id,
                        "name": cells.name(entry, content.language),
                        "direction": name,
                        "cells": [found.get(code) for code in UNITS],
                    }
                )
    return rows


def measures(content: Content) -> str:
    """Make the list of all measures of the catalogue."""
    groups = []
    for _, name, entries in directions(content.language):
        rows = []
        for entry in entries:
            found = content.measured.get(entry.id, {"cells": {}})["cells"]
            years = [int(year) for one in found.values() for year in one["values"]]
            regions = sum(bool(one["values"]) for code, one in found.items() if code != NATION)
            rows.append(
                {
                    "id": entry.id,
                    "name": cells.name(entry, content.language),
                    "unit": unit(entry).name[content.language],
                    "source": entry.source_line(content.language),
                    "years": span(years) if years else "",
                    "regions": "" if entry.level == "nation" else regions,
                    "national": entry.level == "nation",
                    "awaiting": unfetched.sentence(entry.id, content.language)
                    if processed.awaiting(entry.id) else "",
                }
            )  # fmt: skip
        groups.append((name, rows))
    title = content.words["indicators"]
    return content.page("measures.html.j2", "indicators/index.html", title, groups=groups)
