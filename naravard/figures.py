"""One function a kind of figure; no function knows an indicator by name.

Each returns a `naravard.drawing.Figure`: a picture, its message as alt text, and the data it
shows as text, so that notebooks can be compared by what their figures say and not by pixels.
"""

from __future__ import annotations

import matplotlib
import pandas as pd

from naravard.analysis.contribution import LeaveOneOut
from naravard.analysis.prices import price_change
from naravard.analysis.trends import Trend
from naravard.catalogue import indicator, unit
from naravard.drawing import (
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
    years_axis,
)  # fmt: skip
from naravard.drawing_words import word
from naravard.figures_comparison import all_regions, funnel, slopes
from naravard.figures_explore import compare
from naravard.figures_points import points, statuses
from naravard.figures_profile import profile
from naravard.findings import sentence
from naravard.language import NO_BREAK, brief, check, opening, quantity
from naravard.regions import BY_CODE, NATION

#: Characters of a line's label that fit beside the axes; a longer one takes two lines.
_LONG_LABEL = 25

__all__ = [
    "against_nation",
    "all_regions",
    "compare",
    "funnel",
    "leave_one_out",
    "points",
    "prices",
    "profile",
    "slopes",
    "statuses",
]


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
        From `naravard.load.load_costs`, without and with ``price_year``.
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
