"""One function a kind of figure; no function knows an indicator by name.

Each returns a `naravard.figures.axes.Figure`: a picture, its message as alt text, and the data it
shows as text, so that notebooks can be compared by what their figures say and not by pixels.
"""

from __future__ import annotations

from collections.abc import Iterable

import matplotlib
import numpy as np
import pandas as pd

from naravard.analysis.comparison import Comparison, price_change
from naravard.analysis.comparison import compare as side_by_side
from naravard.analysis.contribution import LeaveOneOut
from naravard.analysis.trends import Trend
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.quantities import brief, quantity
from naravard.errors import NaravardError
from naravard.figures.axes import (  # fmt: skip  # fmt: skip
    BLUE,
    NATION_COLOR,
    OTHERS,
    STYLE,
    Figure,
    finish,
    label_ends,
    line,
    lines,
    mark_breaks,
    named,
    nothing,
    start,
    value_axis,
    wide,
    word,
    years_axis,
)
from naravard.language import NO_BREAK, check, opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences import regions
from naravard.sentences.say import sentence
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import subject

#: Characters of a line's label that fit beside the axes; a longer one takes two lines.
_LONG_LABEL = 25


@matplotlib.rc_context(STYLE)
def against_nation(observations: pd.DataFrame, change: Trend, language: str = "sv") -> Figure:
    """Draw a region's series against the nation's, with the other regions in grey behind.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator for all units.
    change : Trend
        Of the region (and sex) to show; the alt text is its sentence. The region's breaks are
        drawn.
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Data: one column a unit shown by name (the region, Riket), one row a year.
    """
    check(language)
    entry, region = indicator(change.indicator), BY_CODE[change.region]
    per = unit(entry).name[language]
    title = f"{opening(entry.short_name[language])}, {region.label(language)}"
    table = wide(observations[observations["sex"] == change.sex])
    if table.empty:
        return nothing(title, per, entry, language, [region.code])
    canvas, axes = start(title, per, [entry.source_line(language)], language)
    grey = [code for code in table.columns if code not in (NATION, region.code)]
    others = [(table[code], entry.breaks_for(code)) for code in grey]
    lines(axes, others, color=OTHERS, linewidth=0.9, marker=".", markersize=3)
    ends = []
    shown = [NATION] if region.code == NATION else [NATION, region.code]
    for code in shown:
        if code not in table:
            continue
        color = BLUE if code == region.code else NATION_COLOR
        dash = "--" if code == NATION != region.code else "-"
        series = table[code].dropna()
        style = {"color": color, "linewidth": 2.2, "marker": "o", "markersize": 4}
        line(axes, series, entry.breaks_for(code), linestyle=dash, **style)
        label = f"{BY_CODE[code].label(language)} {brief(series.iloc[-1], entry, language)}"
        if series.index[-1] < table.index.max():
            label += f" ({series.index[-1]})"
        if len(label) > _LONG_LABEL:
            label = label.replace(" ", "\n", 1)
        ends.append((series.iloc[-1], label, color))
    years_axis(axes, table.index, language)
    value_axis(axes, table.stack(), language)
    mark_breaks(axes, entry.breaks_for(region.code), table.index, language)
    label_ends(axes, ends)
    if grey:
        axes.annotate(
            word("others", language), (1.03, -0.06), xycoords="axes fraction", fontsize=8,
            color="#8a8a8a", annotation_clip=False,
        )  # fmt: skip
    data = named(table.reindex(columns=[c for c in shown if c in table]), language)
    data = data.round(entry.decimals + 1)
    return finish(canvas, sentence(change, language), data, [entry.id], shown)


@matplotlib.rc_context(STYLE)
def prices(current: pd.DataFrame, fixed: pd.DataFrame, region, language: str = "sv") -> Figure:
    """Draw one region's cost in current and in fixed prices.

    Parameters
    ----------
    current, fixed : DataFrame
        From `naravard.data.load.load_costs`, without and with ``price_year``.
    region : str, int or Region
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Data: one row a year, columns current and fixed prices.
    """
    change = price_change(current, fixed, region)
    entry = indicator(change.indicator)
    label = BY_CODE[change.region].label(check(language))
    per = unit(entry).name[language]
    title = f"{opening(entry.short_name[language])}, {label}"
    names = {
        word("current", language): (wide(current), NATION_COLOR, "--"),
        word("fixed", language, year=change.price_year): (wide(fixed), BLUE, "-"),
    }
    data = pd.DataFrame(
        {name: w[change.region] for name, (w, *_) in names.items() if change.region in w}
    )
    if data.empty:
        return nothing(title, per, entry, language, [change.region])
    index = indicator("consumer_price_index")
    sources = [entry.source_line(language), index.source_line(language)]
    canvas, axes = start(title, per, sources, language)
    ends = []
    for name, (_, color, dash) in names.items():
        series = data[name].dropna() if name in data else pd.Series(dtype=float)
        if series.empty:
            continue
        style = {"color": color, "linewidth": 2.2, "marker": "o", "markersize": 4}
        line(axes, series, change.breaks, linestyle=dash, **style)
        ends.append((series.iloc[-1], name.replace(" (", "\n("), color))
    years_axis(axes, data.index, language)
    value_axis(axes, data.stack(), language)
    mark_breaks(axes, change.breaks, data.index, language)
    label_ends(axes, ends)
    data = data.round(entry.decimals).rename_axis({"sv": "år", "en": "year"}[language])
    used = [entry.id, index.id]
    return finish(canvas, sentence(change, language), data, used, [change.region])


@matplotlib.rc_context(STYLE)
def leave_one_out(result: LeaveOneOut, language: str = "sv") -> Figure:
    """Draw the national share with and without one region.

    Parameters
    ----------
    result : LeaveOneOut
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Data: one row a year; the nation as published, computed from all regions, and without the
        region.
    """
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    per = unit(entry).name[language]
    without = word("without", language, region=region.label(language))
    title = f"{opening(entry.short_name[language])}: {word('nation', language)}, {without}"
    population = indicator("population")
    sources = [entry.source_line(language), population.source_line(language)]
    canvas, axes = start(title, per, sources, language)
    shown = {
        word("nation", language): (result.table["published"], NATION_COLOR, "--"),
        without: (result.table["without"], BLUE, "-"),
    }
    ends = []
    for name, (series, color, dash) in shown.items():
        line(axes, series, color=color, linewidth=2.2, marker="o", markersize=4, linestyle=dash)
        value = quantity(series.iloc[-1], entry, language)
        ends.append((series.iloc[-1], f"{opening(name)}\n{value}".replace(NO_BREAK, " "), color))
    years_axis(axes, result.table.index, language)
    value_axis(axes, result.table.stack(), language)
    label_ends(axes, ends)
    names = {
        "published": {"sv": "Riket, publicerat", "en": "Sweden, published"}[language],
        "all_regions": {"sv": "Riket, ur regionerna", "en": "Sweden, from the regions"}[language],
        "without": opening(without),
    }
    data = result.table.rename(columns=names).rename_axis({"sv": "år", "en": "year"}[language])
    data, used = data.round(entry.decimals + 1), [entry.id, population.id]
    return finish(canvas, sentence(result, language), data, used, [NATION, region.code])


# The figure of some regions' series beside each other.
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
    subtitle = ", ".join(
        filter(None, [unit(entry).name[language], regions.prices(result, language)])
    )
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
