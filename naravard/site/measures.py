"""What the site shows of an indicator: each region's series, verdict and sparkline, and a figure.

`measured` computes, once an indicator in a process of its own; the site's folder keeps it until the
indicator's figures or the package change. The rest puts it into words for a page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pandas as pd

from naravard.analysis.trends import trend
from naravard.catalogue import Indicator, catalogue, indicator
from naravard.catalogue.quantities import brief, measure
from naravard.data import load
from naravard.figures import plot
from naravard.figures.figure import page_size
from naravard.language import LANGUAGES, number, span
from naravard.regions import NATION
from naravard.sentences.say import sentence
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import TOWARD, desired
from naravard.site.words import SHORT


def _series(rows: pd.DataFrame, code: str) -> dict[str, float]:
    """Return a region's values by year, as JSON keeps them."""
    own = rows[(rows["region"] == code) & rows["value"].notna()].sort_values("year")
    return {str(y): round(float(v), 6) for y, v in zip(own["year"], own["value"], strict=True)}


def _cell(current: pd.DataFrame, judged: pd.DataFrame, entry: Indicator, code: str) -> dict:
    """Return one region's part: published values, those that are judged, verdict and sentence."""
    change = trend(judged, code)
    return {
        "values": _series(current, code),
        "judged": _series(judged, code),
        "verdict": change.verdict,
        "desired": desired(change),
        "years": [min(change.years), max(change.years)] if change.years else [],
        "breaks": [b.year for b in entry.breaks_for(code)],
        "said": {language: sentence(change, language) for language in LANGUAGES},
    }


def measured(id: str) -> dict:
    """Compute what the site shows of an indicator that has figures.

    Returns ``cells``: by region code, see `_cell`; ``figures``: by language the alt text and size
    of the nation's figure on a page, if it has several years; ``files``: its files, by path in the
    site.
    """
    entry = indicator(id)
    current, judged = load.load_indicator(id), load.judged(id)
    codes = sorted(set(current["region"]))
    cells = {code: _cell(current, judged, entry, code) for code in codes}
    shown, files = {}, {}
    if len(cells.get(NATION, {}).get("values", ())) > 1:  # one point is not a figure
        change = trend(judged, NATION)
        for language in LANGUAGES:
            figure = plot(change, language)
            width, height = page_size(figure.png)
            shown[language] = {"alt": figure.alt, "width": width, "height": height}
            at = f"{language}/indicators/{id}"
            files |= {f"{at}.png": figure.png, f"{at}.svg": figure.svg,
                      f"{at}-figure.csv": figure.csv().encode("utf-8-sig")}  # fmt: skip
    return {"cells": cells, "figures": shown, "files": files}


#: How verdicts are drawn and sorted: a letter for the style sheet, an arrow, a place in the order.
SIGNS = {
    "rising": ("r", "↗", 1),
    "falling": ("f", "↘", 2),
    "no clear change": ("n", "→", 3),
    "depends on the pandemic years": ("p", "≈", 4),
    "too few years": ("t", "·", 5),
    "no data": ("d", "–", 6),
}


@dataclass(frozen=True)
class Cell:
    """One indicator in one region, in one language.

    ``value`` is the latest published one, ``text`` and ``year`` are as written: a dash and nothing
    without one. ``kind``, ``arrow`` and ``rank`` are the verdict's, see `SIGNS`; ``short`` says it
    in a word, ``words`` in full. ``line`` is a sparkline, see `path`.
    """

    value: float | None
    text: str
    year: str
    kind: str
    arrow: str
    rank: int
    short: str
    words: str
    line: str


@cache
def _short_names(language: str) -> list[str]:
    return [entry.short_name[language] for entry in catalogue().indicators.values()]


def name(entry: Indicator, language: str) -> str:
    """Name an indicator with its unit, where `brief` leaves the unit out of its values.

    The full name where another has the same short one: two links must not read alike.
    """
    shared = _short_names(language).count(entry.short_name[language]) > 1
    return measure(entry, language, full=shared)


def numbers(years: Mapping[str, float]) -> dict[int, float]:
    """Return values by year; JSON knows keys of text only."""
    return {int(year): value for year, value in years.items()}


def cells(entry: Indicator, measured: dict, language: str) -> dict[str, Cell]:
    """Make an indicator's cells from what was measured, by region code, on the same axes."""
    series = {code: numbers(one["judged"]) for code, one in measured["cells"].items()}
    years = [year for one in series.values() for year in one] or [0]
    values = [value for one in series.values() for value in one.values()] or [0.0]
    axes = (min(years), max(years)), (min(values), max(values))
    found = {}
    for code, one in measured["cells"].items():
        words = VERDICTS[one["verdict"]][language]
        if one["years"]:
            words += f" {span(one['years'])}"
        if one["desired"] is not None:
            words += TOWARD[one["desired"]][language]
        year = max(one["values"], default="")
        value = one["values"].get(year)
        text = "–" if value is None else brief(value, entry, language)
        line = path(series[code], *axes, one["breaks"]) if len(series[code]) > 1 else ""
        short = SHORT[one["verdict"]][language]
        found[code] = Cell(value, text, year, *SIGNS[one["verdict"]], short, words, line)
    return found


def steps(values: Mapping[str, float], entry: Indicator, language: str) -> tuple[dict, list[str]]:
    """Divide values by region into five equally wide steps for a map.

    Returns each region's step, 0 for the lowest, and what each step holds in words.
    """
    if not values:
        return {}, []
    low, high = min(values.values()), max(values.values())
    if low == high:
        return dict.fromkeys(values, 2), []
    width = (high - low) / 5
    found = {code: min(int((value - low) / width), 4) for code, value in values.items()}
    ends = [low + n * width for n in range(6)]
    decimals = entry.decimals
    while decimals < 4 and 0.5 * 10**-decimals > width / 20:  # rounding must not move a step
        decimals += 1
    written = [number(end, decimals, language) for end in ends]
    return found, [f"{a}–{b}" for a, b in pairwise(written)]


#: Of a sparkline, in its own units.
_WIDTH, _HEIGHT, _EDGE = 64, 22, 2


def path(
    series: Mapping[int, float],
    years: tuple[int, int],
    values: tuple[float, float],
    breaks: Collection[int] = (),
) -> str:
    """Draw a series as the data of a small SVG path; a point without neighbours becomes a dot.

    ``years`` and ``values`` are the ends of the axes, the same for all regions so that they can be
    compared. The line does not run across a break, nor across a year without a value.
    """
    (first, last), (low, high) = years, values
    across, upwards = max(last - first, 1), (high - low) or 1.0
    drawn = ""
    for year in sorted(series):
        x = round(_EDGE + (year - first) / across * (_WIDTH - 2 * _EDGE))
        y = round(_HEIGHT - _EDGE - (series[year] - low) / upwards * (_HEIGHT - 2 * _EDGE))
        joined = year - 1 in series and year not in breaks
        # A line of no length: round ends make it a dot.
        drawn += f"L{x} {y}" if joined else f"M{x} {y}h0"
    return drawn
