"""The map of the counties: outlines simplified beforehand, coloured by an indicator.

``counties.json`` is made by ``python tools/county_map.py map``.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

from naravard.catalogue import Indicator, unit
from naravard.catalogue.quantities import brief
from naravard.regions import BY_CODE
from naravard.site import measures
from naravard.site.record import REGIONS
from naravard.site.words import WORDS


@cache
def outlines() -> dict:
    """Return ``width``, ``height``, and the ``paths`` of the counties by code."""
    return json.loads(Path(__file__).with_name("counties.json").read_text("utf-8"))


def colouring(measured: dict, entry: Indicator, language: str) -> dict | None:
    """Say how an indicator, as `naravard.site.measures.measured` has it, colours the map.

    The year is the latest in which at least half of the reporting regions have a value. ``regions``
    has [value as written, step] by code, ``order`` their codes, the highest value first; ``steps``
    what each step holds. None if no region has a value.
    """
    cells = measured.get("cells", {})
    there = (code for code in REGIONS[1:] if cells.get(code, {}).get("values"))
    values = {code: measures.numbers(cells[code]["values"]) for code in there}
    if not values:
        return None
    counts = Counter(year for one in values.values() for year in one)
    year = max(y for y, count in counts.items() if 2 * count >= len(values))
    at = {code: one[year] for code, one in values.items() if year in one}
    found, steps = measures.steps(at, entry, language)
    order = sorted(at, key=lambda code: (-at[code], code))
    return {
        "id": entry.id,
        "name": measures.name(entry, language),
        "unit": unit(entry).name[language],
        "source": entry.source_line(language),
        "year": year,
        "steps": steps,
        "order": order,
        "regions": {code: [brief(at[code], entry, language), found[code]] for code in order},
    }


def shapes(colours: dict | None, language: str) -> dict:
    """Return the map's shapes: code, name, outline, value and step of each region."""
    known, found = outlines(), (colours or {"regions": {}})["regions"]
    none = (WORDS[language]["no_value"], "none")
    regions = [
        (code, BY_CODE[code].label(language), known["paths"][code], *found.get(code, none))
        for code in REGIONS[1:]
    ]
    return {"width": known["width"], "height": known["height"], "regions": regions}
