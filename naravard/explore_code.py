"""The cell that gives a view again, in calls of the public face only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from naravard.regions import BY_CODE

if TYPE_CHECKING:
    from naravard.explore_view import View


def _listed(codes: Iterable[str]) -> str:
    return json.dumps(list(codes))


def code(view: View, trended: Iterable[str]) -> str:
    """Write the code of a view.

    Parameters
    ----------
    view : View
    trended : iterable of str
        Codes of the regions whose trends are shown.

    Returns
    -------
    str
        A cell that leaves ``finding``, ``figure`` and ``table`` and displays them.
    """
    trended, regions = list(trended), list(view.regions)
    sex = f', sex="{view.sex}"' if view.sex != "T" else ""
    chosen = f'"{view.indicator}"'
    if view.years is not None:
        chosen += f", years=slice({view.years[0]}, {view.years[1]})"
    if view.price_year is not None:
        loaded = f"nv.load_costs({chosen}, price_year={view.price_year})"
    else:
        loaded = f"nv.load_indicator({chosen}{sex})"
    shown = ", ".join(BY_CODE[one].label(view.language) for one in regions)
    lines = ["import naravard as nv", "", f"rows = {loaded}"]
    lines.append(f"regions = {_listed(regions)}  # {shown}")
    spread, passed = "", ""
    if trended:
        among = "regions" if trended == regions else _listed(trended)
        lines.append(f"trends = [nv.trend(rows, region{sex}) for region in {among}]")
        spread, passed = ", *trends", ", trends"
    language = f'language="{view.language}"'
    lines += [
        "",
        f"finding = nv.say(nv.compare(rows, regions){spread}, {language})",
        f"figure = nv.figures.compare(rows, regions{passed}, {language})",
        f"table = nv.compare_table(rows, regions, {language})",
        "display(finding, figure, table)",
    ]
    return "\n".join(lines)
