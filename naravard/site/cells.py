"""What a page says of one indicator in one region: latest value, verdict, sparkline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from naravard.catalogue import Indicator, catalogue
from naravard.findings import VERDICTS
from naravard.findings_words import TOWARD
from naravard.language import brief, measure, number, span
from naravard.site import sparkline
from naravard.site.words import SHORT

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
        A sparkline, see `naravard.site.sparkline.path`.
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
        From `naravard.site.measures.measure`.
    language : {"sv", "en"}
    """
    entry = catalogue().indicators[id]
    series = {code: numbers(one["judged"]) for code, one in measured["cells"].items()}
    years = [year for one in series.values() for year in one] or [0]
    values = [value for one in series.values() for value in one.values()] or [0.0]
    axes = (min(years), max(years)), (min(values), max(values))
    return {
        code: _cell(one, series[code], axes, entry, language)
        for code, one in measured["cells"].items()
    }


def _cell(one: dict, series, axes, entry: Indicator, language: str) -> Cell:
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
        sparkline.path(series, *axes, one["breaks"]) if len(series) > 1 else "",
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
