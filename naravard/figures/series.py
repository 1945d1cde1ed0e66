"""Figures of series over years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from naravard.analysis.comparison import Comparison, PriceChange
from naravard.analysis.contribution import LeaveOneOut
from naravard.analysis.trends import Trend
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.model import Break
from naravard.catalogue.quantities import brief, quantity
from naravard.errors import NaravardError
from naravard.figures.axes import (
    label_ends,
    lines,
    mark_breaks,
    named,
    nothing,
    start,
    value_axis,
    word,
    years_axis,
)
from naravard.figures.figure import BLUE, NATION_COLOR, OTHERS, Figure, finish
from naravard.language import NO_BREAK, opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences.regions import prices
from naravard.sentences.say import sentence
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import subject

#: Characters of a line's label that fit beside the axes; a longer one takes two lines.
_LONG_LABEL = 25
#: Colours that stay apart for the colour-blind and on white; dash and marker tell them apart too.
STYLES = (
    {"color": BLUE, "linestyle": "-", "marker": "o"},
    {"color": "#996600", "linestyle": (0, (5, 1.5)), "marker": "s"},
    {"color": "#8c1d6b", "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "^"},
    {"color": "#0b5d2a", "linestyle": (0, (1.2, 1.2)), "marker": "D"},
    {"color": "#2a1a7a", "linestyle": (0, (9, 2)), "marker": "v"},
    {"color": "#4d7a73", "linestyle": (0, (3, 1, 1, 1, 1, 1)), "marker": "P"},
)
OWN_STYLE = STYLES[0]
NATION_STYLE = {"color": NATION_COLOR, "linestyle": "--", "marker": "o"}
_ALONE = {"linewidth": 2.2, "markersize": 4}
_AMONG_MANY = {"linewidth": 2, "markersize": 4.5}
#: Regions that can be told apart in one figure, Riket not counted.
MOST = len(STYLES)


class _Line(NamedTuple):
    """A series with the label that stands at its end, how it looks, and where it breaks."""

    series: pd.Series
    label: str
    style: dict
    breaks: tuple[Break, ...] = ()


def _draw(
    axes, shown: list[_Line], behind: pd.DataFrame, entry: Indicator, breaks: Iterable[Break],
    language: str, small: float = 9,
) -> None:  # fmt: skip
    """Draw named series, others in grey behind them, the years, the values and the breaks.

    ``breaks`` are marked; ``small`` is the size of a label's second and further lines.
    """
    grey = [(behind[code], entry.breaks_for(code)) for code in behind]
    lines(axes, grey, color=OTHERS, linewidth=0.9, marker=".", markersize=3)
    for one in shown:
        lines(axes, [(one.series, one.breaks)], **one.style)
    everything = [*(one.series for one in shown), *(behind[code] for code in behind)]
    years = sorted({*behind.index, *(year for one in shown for year in one.series.index)})
    years_axis(axes, years, language)
    value_axis(axes, pd.concat(everything), language)
    mark_breaks(axes, breaks, years, language)
    ends = [(one.series.dropna().iloc[-1], one.label, one.style["color"]) for one in shown]
    label_ends(axes, ends, small)
    if len(behind.columns):
        axes.annotate(
            word("others", language), (1.03, -0.06), xycoords="axes fraction", fontsize=8,
            color="#8a8a8a", annotation_clip=False,
        )  # fmt: skip


def _label(code: str, series: pd.Series, last: int, entry: Indicator, language: str) -> str:
    """Name a region with its latest value, and its year if others go on after it."""
    label = f"{BY_CODE[code].label(language)} {brief(series.iloc[-1], entry, language)}"
    return label if series.index[-1] == last else f"{label} ({series.index[-1]})"


def _by_year(data: pd.DataFrame, decimals: int, language: str) -> pd.DataFrame:
    return data.round(decimals).rename_axis({"sv": "år", "en": "year"}[language])


def draw_trend(change: Trend, language: str) -> Figure:
    """Draw a region's series against the nation's, with the other regions in grey behind."""
    entry, region = indicator(change.indicator), BY_CODE[change.region]
    per = unit(entry).name[language]
    title = f"{opening(entry.short_name[language])}, {region.label(language)}"
    table = change.values.dropna(how="all").dropna(how="all", axis="columns")
    if table.empty:
        return nothing(title, per, entry, language, [region.code])
    canvas, axes = start(title, per, [entry.source_line(language)], language)
    codes = list(dict.fromkeys([NATION, region.code]))
    shown = []
    for code in (code for code in codes if code in table):
        series = table[code].dropna()
        label = _label(code, series, table.index.max(), entry, language)
        if len(label) > _LONG_LABEL:
            label = label.replace(" ", "\n", 1)
        style = OWN_STYLE if code == region.code else NATION_STYLE
        shown.append(_Line(series, label, style | _ALONE, entry.breaks_for(code)))
    behind = table.drop(columns=codes, errors="ignore")
    _draw(axes, shown, behind, entry, entry.breaks_for(region.code), language)
    data = named(table.reindex(columns=[c for c in codes if c in table]), language)
    data = data.round(entry.decimals + 1)
    return finish(canvas, sentence(change, language), data, [entry.id], codes)


def draw_price_change(change: PriceChange, language: str) -> Figure:
    """Draw a region's cost in current and in fixed prices."""
    entry, region = indicator(change.indicator), BY_CODE[change.region]
    per = unit(entry).name[language]
    title = f"{opening(entry.short_name[language])}, {region.label(language)}"
    names = {
        "current": word("current", language),
        "fixed": word("fixed", language, year=change.price_year),
    }
    data = change.series.dropna(axis="columns", how="all")
    if data.empty:
        return nothing(title, per, entry, language, [region.code])
    index = indicator("consumer_price_index")
    sources = [entry.source_line(language), index.source_line(language)]
    canvas, axes = start(title, per, sources, language)
    styles = {"current": NATION_STYLE | _ALONE, "fixed": OWN_STYLE | _ALONE}
    shown = [
        _Line(data[key].dropna(), names[key].replace(" (", "\n("), styles[key], change.breaks)
        for key in data
    ]
    _draw(axes, shown, pd.DataFrame(), entry, change.breaks, language)
    data = _by_year(data.rename(columns=names), entry.decimals, language)
    used = [entry.id, index.id]
    return finish(canvas, sentence(change, language), data, used, [region.code])


def draw_leave_one_out(result: LeaveOneOut, language: str) -> Figure:
    """Draw the national share with and without one region."""
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    without = word("without", language, region=region.label(language))
    title = f"{opening(entry.short_name[language])}: {word('nation', language)}, {without}"
    population = indicator("population")
    sources = [entry.source_line(language), population.source_line(language)]
    canvas, axes = start(title, unit(entry).name[language], sources, language)
    shown = []
    for name, key, style in (
        (word("nation", language), "published", NATION_STYLE),
        (without, "without", OWN_STYLE),
    ):
        series = result.table[key]
        value = quantity(series.iloc[-1], entry, language)
        label = f"{opening(name)}\n{value}".replace(NO_BREAK, " ")
        shown.append(_Line(series, label, style | _ALONE))
    _draw(axes, shown, pd.DataFrame(), entry, (), language)
    names = {
        "published": {"sv": "Riket, publicerat", "en": "Sweden, published"}[language],
        "all_regions": {"sv": "Riket, ur regionerna", "en": "Sweden, from the regions"}[language],
        "without": opening(without),
    }
    data = _by_year(result.table.rename(columns=names), entry.decimals + 1, language)
    used = [entry.id, population.id]
    return finish(canvas, sentence(result, language), data, used, [NATION, region.code])


def draw_comparison(result: Comparison, language: str) -> Figure:
    """Draw the series of some regions with their trends, the other regions in grey behind.

    A count (unlike a share or a rate) is drawn without them, for it says how large regions are.
    """
    many = [code for code in result.regions if code != NATION]
    if len(many) > MOST:
        raise NaravardError(
            f"a figure tells at most {MOST} regions apart beside Riket, not {len(many)}"
        )
    entry, trends = indicator(result.indicator), {one.region: one for one in result.trends}
    canvas, axes = _comparison_canvas(result, entry, language)
    behind = pd.DataFrame() if unit(entry).additive else result.others
    styles, shown = iter(STYLES), []
    for code in result.regions:
        style = NATION_STYLE if code == NATION and len(result.regions) > 1 else next(styles)
        series = result.series(code)
        if series.empty:
            continue
        label = _label(code, series, result.table.index[-1], entry, language)
        if code in trends:
            _draw_slope(axes, trends[code], series, style["color"])
            label += f"\n{_verdict(trends[code], series, language)}"
        shown.append(_Line(series, label, style | _AMONG_MANY, entry.breaks_for(code)))
    breaks = {b.year: b for code in result.regions for b in entry.breaks_for(code)}
    _draw(axes, shown, behind, entry, breaks.values(), language, small=7.8)
    alt = " ".join(sentence(one, language) for one in (result, *result.trends))
    data = named(result.table.dropna(axis="columns", how="all"), language)
    ids = (entry.id, "consumer_price_index") if result.price_year else (entry.id,)
    return finish(canvas, alt, data.round(entry.decimals + 1), ids, result.regions)


def _comparison_canvas(result: Comparison, entry: Indicator, language: str):
    """Make the canvas; it is higher where many labels of several lines stand beside it."""
    labels = len(result.regions) * (3 if result.trends else 1)
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


def _verdict(change: Trend, series: pd.Series, language: str) -> str:
    """Write a trend's verdict and, where it does not depend on all years shown, its years."""
    text = VERDICTS[change.verdict][language]
    if change.full is None:
        return text
    first, last = min(change.years), max(change.years)
    whole = (first, last) == (series.index[0], series.index[-1])
    return text if whole else f"{text},\n{first}–{last}"


def _draw_slope(axes, change: Trend, series: pd.Series, color) -> None:
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
