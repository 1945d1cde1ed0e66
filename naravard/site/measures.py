"""What the site shows of an indicator: each region's series and verdict, and a figure.

Computed once an indicator, in a process of its own, and kept in the site's folder until the
indicator's figures or the package change.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pandas as pd

from naravard.catalogue import Indicator, catalogue, indicator
from naravard.catalogue.quantities import brief, measure
from naravard.language import LANGUAGES, number, span
from naravard.regions import NATION
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import TOWARD
from naravard.site.words import SHORT


def _series(rows: pd.DataFrame, code: str) -> dict[int, float]:
    own = rows[(rows["region"] == code) & rows["value"].notna()].sort_values("year")
    return {int(y): float(v) for y, v in zip(own["year"], own["value"], strict=True)}


def _cell(current: pd.DataFrame, judged: pd.DataFrame, entry: Indicator, code: str) -> dict:
    """Return one region's part: published values, those that are judged, verdict and sentence."""
    from naravard.analysis.trends import trend
    from naravard.sentences.say import sentence
    from naravard.sentences.words import desired

    published, shown = _series(current, code), _series(judged, code)
    change = trend(judged, code)
    return {
        "values": {str(year): round(value, 6) for year, value in published.items()},
        "judged": {str(year): round(value, 6) for year, value in shown.items()},
        "verdict": change.verdict,
        "desired": desired(change),
        "years": [min(change.years), max(change.years)] if change.years else [],
        "breaks": [b.year for b in entry.breaks_for(code)],
        "said": {language: sentence(change, language) for language in LANGUAGES},
    }


def measured(id: str, root: str) -> dict:
    """Compute what the site shows of an indicator that has figures.

    Parameters
    ----------
    id : str
        As in the catalogue.
    root : str
        The collection's root folder.

    Returns
    -------
    dict
        ``cells``: by region code, see `_cell`; ``figures``: by language the alt text and size of
        the nation's figure on a page, if it has several years; ``files``: its files, by path in
        the site.
    """
    os.environ["NARAVARD_ROOT"] = root
    from naravard import figures
    from naravard.analysis.trends import trend
    from naravard.data import load
    from naravard.figures.figure import page_size

    entry = indicator(id)
    current, judged = load.load_indicator(id), load.judged(id)
    codes = sorted(set(current["region"]))
    cells = {code: _cell(current, judged, entry, code) for code in codes}
    shown, files = {}, {}
    if len(cells.get(NATION, {}).get("values", ())) > 1:  # one point is no figure
        change = trend(judged, NATION)
        for language in LANGUAGES:
            figure = figures.against_nation(judged, change, language)
            width, height = page_size(figure.png)
            shown[language] = {"alt": figure.alt, "width": width, "height": height}
            at = f"{language}/indicators/{id}"
            files |= {f"{at}.png": figure.png, f"{at}.svg": figure.svg,
                      f"{at}-figure.csv": figure.csv().encode("utf-8-sig")}  # fmt: skip
    return {"cells": cells, "figures": shown, "files": files}


# What a page says of one indicator in one region: latest value, verdict, sparkline.
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

    Attributes
    ----------
    value : float or None
        The latest published one.
    text, year : str
        The value as written, and its year; a dash and nothing without one.
    kind, arrow, rank : str, str, int
        The verdict's, see `SIGNS`.
    short, words : str
        The verdict in a word, and in full with its years and desired direction.
    line : str
        A sparkline, see `naravard.site.measures.path`.
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
def _shared(language: str) -> frozenset[str]:
    """Return the short names that several indicators have."""
    counts = Counter(entry.short_name[language] for entry in catalogue().indicators.values())
    return frozenset(name for name, count in counts.items() if count > 1)


def name(entry: Indicator, language: str) -> str:
    """Name an indicator with its unit, where `brief` leaves the unit out of its values.

    The full name where another has the same short one: two links must not read alike.
    """
    return measure(entry, language, full=entry.short_name[language] in _shared(language))


def numbers(years: Mapping[str, float]) -> dict[int, float]:
    """Return values by year; JSON knows keys of text only."""
    return {int(year): value for year, value in years.items()}


def cells(id: str, measured: dict, language: str) -> dict[str, Cell]:
    """Make an indicator's cells, by region code, with sparklines on the same axes.

    Parameters
    ----------
    id : str
    measured : dict
        From `measured`.
    language : {"sv", "en"}
    """
    entry = catalogue().indicators[id]
    series = {code: numbers(one["judged"]) for code, one in measured["cells"].items()}
    years = [year for one in series.values() for year in one] or [0]
    values = [value for one in series.values() for value in one.values()] or [0.0]
    axes = (min(years), max(years)), (min(values), max(values))
    return {
        code: _cells_cell(one, series[code], axes, entry, language)
        for code, one in measured["cells"].items()
    }


def _cells_cell(one: dict, series, axes, entry: Indicator, language: str) -> Cell:
    published = numbers(one["values"])
    kind, arrow, rank = SIGNS[one["verdict"]]
    words = VERDICTS[one["verdict"]][language]
    if one["years"]:
        words += f" {span(one['years'])}"
    if one["desired"] is not None:
        words += TOWARD[one["desired"]][language]
    latest = max(published, default=None)
    value = None if latest is None else published[latest]
    text = "–" if value is None else brief(value, entry, language)
    return Cell(
        value, text, "" if latest is None else str(latest), kind, arrow, rank,
        SHORT[one["verdict"]][language], words,
        path(series, *axes, one["breaks"]) if len(series) > 1 else "",
    )  # fmt: skip


def steps(values: Mapping[str, float], entry: Indicator, language: str) -> tuple[dict, list[str]]:
    """Divide values into five equally wide steps for a map.

    Parameters
    ----------
    values : mapping of str to float
        By region code.
    entry : Indicator
    language : {"sv", "en"}

    Returns
    -------
    dict of str to int, list of str
        Each region's step, 0 for the lowest; what each step holds in words.
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


# Sparklines: a series as the data of a small SVG path.
#: Of the drawing, in its own units.
WIDTH, HEIGHT = 64, 22
_EDGE = 2


def path(
    series: Mapping[int, float],
    years: tuple[int, int],
    values: tuple[float, float],
    breaks: Iterable[int] = (),
) -> str:
    """Draw a series as the data of an SVG path; a point that stands alone becomes a dot.

    Parameters
    ----------
    series : mapping of int to float
        Values by year.
    years, values : tuple
        First and last of the axes: the same for all regions, so that they can be compared.
    breaks : iterable of int
        The line does not run across a break, nor across a year without a value.

    Returns
    -------
    str
        Whole numbers, y downwards; empty without values.
    """
    (first, last), (low, high) = years, values
    across, upwards = max(last - first, 1), (high - low) or 1.0
    breaks, drawn, before = set(breaks), [], None
    for year in sorted(series):
        x = round(_EDGE + (year - first) / across * (WIDTH - 2 * _EDGE))
        y = round(HEIGHT - _EDGE - (series[year] - low) / upwards * (HEIGHT - 2 * _EDGE))
        joined = before == year - 1 and year not in breaks
        if joined:
            drawn.append(f"L{x} {y}")
        else:
            drawn.append(f"M{x} {y}h0")  # a line of no length: round ends make it a dot
        before = year
    return "".join(drawn)
