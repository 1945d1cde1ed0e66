"""The figure of some regions' series beside each other, shown through `naravard.figures`."""

from __future__ import annotations

from collections.abc import Iterable

import matplotlib
import numpy as np
import pandas as pd

from naravard.analysis.comparison import Comparison
from naravard.analysis.comparison import compare as side_by_side
from naravard.analysis.trends import Trend
from naravard.catalogue import Indicator, indicator, unit
from naravard.drawing import (
    BLUE,
    NATION_COLOR,
    OTHERS,
    STYLE,
    Figure,
    finish,
    line,
    lines,
    mark_breaks,
    named,
    start,
    value_axis,
    years_axis,
)  # fmt: skip
from naravard.drawing_words import word
from naravard.errors import NaravardError
from naravard.findings import VERDICTS, sentence
from naravard.findings_explore import prices
from naravard.findings_words import subject
from naravard.language import brief, check, opening
from naravard.regions import BY_CODE, NATION

#: Colours that stay apart for the colour-blind and on white; dash and marker tell them apart too.
STYLES = (
    {"color": BLUE, "linestyle": "-", "marker": "o"},
    {"color": "#996600", "linestyle": (0, (5, 1.5)), "marker": "s"},
    {"color": "#8c1d6b", "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "^"},
    {"color": "#0b5d2a", "linestyle": (0, (1.2, 1.2)), "marker": "D"},
    {"color": "#2a1a7a", "linestyle": (0, (9, 2)), "marker": "v"},
    {"color": "#4d7a73", "linestyle": (0, (3, 1, 1, 1, 1, 1)), "marker": "P"},
)
NATION_STYLE = {"color": NATION_COLOR, "linestyle": "--", "marker": "o"}
#: Regions that can be told apart in one figure, Riket not counted.
MOST = len(STYLES)


@matplotlib.rc_context(STYLE)
def compare(
    observations: pd.DataFrame,
    regions: str | Iterable[str],
    trends: Iterable[Trend] = (),
    language: str = "sv",
) -> Figure:
    """Draw the series of some regions, with the other regions in grey behind.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator and one sex. Load all regions to see the others behind; a count
        (unlike a share or a rate) is drawn without them, for it says how large regions are.
    regions : str or iterable of str
        Riket and at most six regions.
    trends : iterable of Trend
        Their straight lines are drawn over the years that they rest on, and their verdicts stand
        beside the names. From the same rows.
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Data: one column a region, one row a year. The alt text holds all sentences.

    Raises
    ------
    NaravardError
        For more regions than can be told apart, trends of another series, and as
        `naravard.analysis.comparison.compare`.
    """
    result = side_by_side(observations, regions)
    trends = {change.region: change for change in trends}
    _check(result, trends)
    entry = indicator(result.indicator)
    canvas, axes = _canvas(result, entry, len(trends), check(language))
    grey = pd.DataFrame() if unit(entry).additive else result.others
    behind = [(grey[code], entry.breaks_for(code)) for code in grey]
    lines(axes, behind, color=OTHERS, linewidth=0.9, marker=".", markersize=3)
    styles, ends = iter(STYLES), []
    for code in result.regions:
        style = NATION_STYLE if code == NATION and len(result.regions) > 1 else next(styles)
        series = result.series(code)
        if series.empty:
            continue
        line(axes, series, entry.breaks_for(code), linewidth=2, markersize=4.5, **style)
        label = _label(result, series, code, entry, language)
        if code in trends:
            _trend_line(axes, trends[code], series, style["color"])
            label += f"\n{_verdict(trends[code], series, language)}"
        ends.append((series.iloc[-1], label, style["color"]))
    years_axis(axes, result.table.index, language)
    value_axis(axes, pd.concat([result.table.stack(), grey.stack()]), language)
    breaks = {b.year: b for code in result.regions for b in entry.breaks_for(code)}
    mark_breaks(axes, breaks.values(), result.table.index, language)
    _label_ends(axes, ends)
    if len(grey.columns):
        axes.annotate(
            word("others", language), (1.03, -0.06), xycoords="axes fraction", fontsize=8,
            color="#8a8a8a", annotation_clip=False,
        )  # fmt: skip
    alt = " ".join(sentence(one, language) for one in (result, *trends.values()))
    data = named(result.table.dropna(axis="columns", how="all"), language)
    ids = (entry.id, "consumer_price_index") if result.price_year else (entry.id,)
    return finish(canvas, alt, data.round(entry.decimals + 1), ids, result.regions)


def _check(result: Comparison, trends: dict[str, Trend]) -> None:
    many = [code for code in result.regions if code != NATION]
    if len(many) > MOST:
        raise NaravardError(
            f"a figure tells at most {MOST} regions apart beside Riket, not {len(many)}"
        )
    for change in trends.values():
        if (change.indicator, change.sex) != (result.indicator, result.sex):
            raise NaravardError(
                f"the trend is of '{change.indicator}', sex {change.sex}, but the rows are of "
                f"'{result.indicator}', sex {result.sex}"
            )
        if change.region not in result.regions:
            raise NaravardError(f"there is a trend of region {change.region}, which is not shown")


def _canvas(result: Comparison, entry: Indicator, trends: int, language: str):
    """Make the canvas; it is higher where many labels of several lines stand beside it."""
    labels = len(result.regions) * (3 if trends else 1)
    height = 4.2 + 0.12 * max(0, labels - 9)
    title = opening(subject(entry, result.sex, language))
    subtitle = ", ".join(filter(None, [unit(entry).name[language], prices(result, language)]))
    sources = [entry.source_line(language)]
    if result.price_year is not None:
        sources.append(indicator("consumer_price_index").source_line(language))
    canvas, axes = start(title, subtitle, sources, language, height)
    canvas.texts[0].set_fontsize(min(12, 12 * 62 / len(title)))
    low, bottom, _, up = axes.get_position().bounds
    axes.set_position((low, bottom, 0.645, up))
    return canvas, axes


def _label(result: Comparison, series: pd.Series, code: str, entry: Indicator, language: str):
    label = f"{BY_CODE[code].label(language)} {brief(series.iloc[-1], entry, language)}"
    last = series.index[-1]
    return label if last == result.table.index[-1] else f"{label} ({last})"


def _verdict(change: Trend, series: pd.Series, language: str) -> str:
    """Write a trend's verdict and, where it does not rest on all years shown, its years."""
    text = VERDICTS[change.verdict][language]
    if change.full is None:
        return text
    first, last = min(change.years), max(change.years)
    whole = (first, last) == (series.index[0], series.index[-1])
    return text if whole else f"{text},\n{first}–{last}"


def _trend_line(axes, change: Trend, series: pd.Series, color) -> None:
    """Draw the least squares line over its years: it runs through the mean of both."""
    if change.full is None:
        return
    years = np.array(change.full.years)
    level = series.reindex(years).mean()
    ends = years[[0, -1]]
    axes.plot(
        ends, level + change.full.slope * (ends - years.mean()), color=color, linewidth=1.1,
        alpha=0.75, zorder=1.5,
    )  # fmt: skip


def _label_ends(axes, ends: list[tuple[float, str, object]]) -> None:
    """Write labels of several lines to the right of lines, pushed apart but kept in the axes."""
    low, high = axes.get_ylim()
    inches = axes.get_position().height * axes.figure.get_figheight()
    row = (high - low) / inches * (10.2 / 72)
    ends = sorted(ends, key=lambda end: end[0])
    half = [row * (text.count("\n") + 1) / 2 for _, text, _ in ends]
    places: list[float] = []
    for index, (value, _, _) in enumerate(ends):
        least = places[-1] + half[index - 1] + half[index] + row * 0.2 if places else value
        places.append(max(value, least))
    ceiling = high + row
    for index in reversed(range(len(places))):
        places[index] = min(places[index], ceiling - half[index])
        ceiling = places[index] - half[index] - row * 0.2
    for place, (_, text, color) in zip(places, ends, strict=True):
        first, _, rest = text.partition("\n")
        lines = text.count("\n")
        for words, size, offset in ((first, 9, lines / 2), (rest, 7.8, -0.5)):
            axes.annotate(
                words, (1.012, place + row * offset), xycoords=("axes fraction", "data"),
                color=color, fontsize=size, va="center", annotation_clip=False, linespacing=1.15,
            )  # fmt: skip
