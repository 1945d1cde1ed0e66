"""Figures that compare regions."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from naravard.analysis.comparison import Latest
from naravard.analysis.funnel import LEVELS, Funnel
from naravard.analysis.slopes import RegionSlopes
from naravard.catalogue import indicator, unit
from naravard.catalogue.quantities import quantity
from naravard.errors import NaravardError
from naravard.figures.axes import (  # fmt: skip
    BLUE,
    NATION_COLOR,
    ORANGE,
    QUIET,
    STYLE,
    Figure,
    dots,
    finish,
    label_points,
    nothing,
    start,
    word,
    written,
)
from naravard.language import NO_BREAK, check, number, opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences.say import sentence


@matplotlib.rc_context(STYLE)
def all_regions(standing: Latest, language: str = "sv") -> Figure:
    """Draw all regions' latest values as ranked dots, the nation as a line.

    Parameters
    ----------
    standing : Latest
        From `naravard.analysis.comparison.latest`; its region is highlighted.
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Data: value by region, from high to low. No limits: see `funnel`.
    """
    check(language)
    entry, region = indicator(standing.indicator), BY_CODE[standing.region]
    per = unit(entry).name[language]
    name = opening(entry.short_name[language])
    if standing.year is None:
        return nothing(name, per, entry, language, [region.code])
    title = f"{name}, {standing.year}"
    values = standing.regions
    height = 1.55 + 0.215 * len(values)
    canvas, axes = start(title, per, [entry.source_line(language)], language, height=height)
    axes.set_position((0.22, 0.78 / height, 0.68, 1 - 1.6 / height))
    axes.grid(axis="x")
    places = pd.Series(range(len(values)), values.index)
    dots(axes, values, places, region.code, sizes=(6, 8))
    for code, place in places.items():
        own = code == region.code
        axes.text(
            1.06, place, number(values[code], entry.decimals, language), ha="right", va="center",
            fontsize=9, color=BLUE if own else QUIET, fontweight="bold" if own else "normal",
            transform=axes.get_yaxis_transform(),
        )  # fmt: skip
    axes.set_yticks(range(len(values)), [BY_CODE[c].label(language) for c in values.index])
    for tick, code in zip(axes.get_yticklabels(), values.index, strict=True):
        if code == region.code:
            tick.set(color=BLUE, fontweight="bold")
    axes.set_ylim(-0.7, len(values) - 0.3)
    drawn = [*values] if standing.nation is None else [*values, standing.nation]
    room = 0.08 * (max(drawn) - min(drawn) or 1)
    axes.set_xlim(min(drawn) - room, max(drawn) + room)
    written(axes.xaxis, language)
    if standing.nation is not None:
        axes.axvline(standing.nation, color=NATION_COLOR, linestyle="--", linewidth=1.4)
        axes.annotate(
            f"{word('nation', language)} {quantity(standing.nation, entry, language)}",
            (standing.nation, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", fontsize=9, color=NATION_COLOR,
        )  # fmt: skip
    data = values[::-1].rename(index=lambda c: BY_CODE[c].label(language)).rename_axis(None)
    data = data.round(entry.decimals).to_frame(str(standing.year))
    shown = values.index if standing.nation is None else [*values.index, NATION]
    return finish(canvas, sentence(standing, language), data, [entry.id], shown)


@matplotlib.rc_context(STYLE)
def slopes(result: RegionSlopes, language: str = "sv") -> Figure:
    """Draw every region's yearly change: by itself, and weighed together with the others.

    Parameters
    ----------
    result : RegionSlopes
        From `naravard.analysis.slopes.region_slopes`; its region is highlighted.
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Data: per region the slope by itself with its 95 % interval, and weighed together.
    """
    check(language)
    entry = indicator(result.indicator)
    title = f"{opening(entry.short_name[language])}: {word('a_year', language)}"
    per = unit(entry).change[language]
    if result.model is None:
        return nothing(title, per, entry, language, [result.region])
    model = result.model
    table = model.table.sort_values("ols")
    height = 1.75 + 0.215 * len(table)
    canvas, axes = start(title, per, [entry.source_line(language)], language, height=height)
    axes.set_position((0.22, 0.98 / height, 0.72, 1 - 1.8 / height))
    axes.grid(axis="x")
    places = np.arange(len(table))
    colors = np.where(table.index == result.region, to_hex(BLUE), QUIET)
    axes.hlines(
        places, model.slope + table["gap_lower"], model.slope + table["gap_upper"], colors,
        linewidth=np.where(table["differs"], 3, 1.2), capstyle="projecting", zorder=2,
    )  # fmt: skip
    for color in dict.fromkeys(colors):
        at, rows = places[colors == color], table[colors == color]
        axes.plot(rows["ols"], at, "o", color=color, markersize=5, markerfacecolor="white")
        axes.plot(rows["shrunken"], at, "o", color=color, markersize=6)
    names = [BY_CODE[code].label(language) for code in table.index]
    axes.set_yticks(range(len(table)), names)
    for tick, code in zip(axes.get_yticklabels(), table.index, strict=True):
        if code == result.region:
            tick.set(color=BLUE, fontweight="bold")
    axes.set_ylim(-0.7, len(table) - 0.3)
    written(axes.xaxis, language)
    axes.axvline(0, color="#b0b0b0", linewidth=1)
    axes.axvline(model.slope, color=NATION_COLOR, linestyle="--", linewidth=1.4)
    axes.annotate(
        word("average", language), (model.slope, 1.0), xycoords=("data", "axes fraction"),
        xytext=(0, 3), textcoords="offset points", ha="center", fontsize=9, color=NATION_COLOR,
    )  # fmt: skip
    canvas.text(0.22, 0.42 / height, word("ols_or_shrunken", language), fontsize=8, color=QUIET)
    shown = table.assign(
        low=model.slope + table["gap_lower"], high=model.slope + table["gap_upper"]
    )
    data = shown[["ols", "low", "high", "shrunken"]][::-1]
    data.index = names[::-1]
    data = data.round(entry.decimals + 2)
    return finish(canvas, sentence(result, language), data, [entry.id], table.index)


def _percent(level: float, language: str) -> str:
    return number(level, int(level % 1 > 0), language) + {"sv": NO_BREAK + "%", "en": "%"}[language]


@matplotlib.rc_context(STYLE)
def funnel(result: Funnel, language: str = "sv") -> Figure:
    """Draw every region's value against its people at risk, with overdispersed funnel limits.

    Parameters
    ----------
    result : Funnel
        From `naravard.analysis.funnel.funnel`; its region is highlighted.
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Data: one row a region with value, people at risk and the limits of 95 and 99.8 %, fewest
        people first.

    Raises
    ------
    NaravardError
        If there are no limits for the indicator; the message gives the reason.
    """
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    if result.reason:
        raise NaravardError(f"no funnel for {entry.id}: {result.reason.en}")
    per, name = unit(entry).name[language], opening(entry.short_name[language])
    if result.year is None:
        return nothing(name, per, entry, language, [region.code])
    table, used = result.table, (entry.id, *entry.at_risk)
    sources = [indicator(id).source_line(language) for id in used]
    canvas, axes = start(f"{name}, {result.year}", per, sources, language, height=5.0)
    axes.set_position((0.085, 0.165, 0.8, 0.7))
    axes.set_xscale("log")
    many = np.geomspace(table["people"].min() / 1.25, table["people"].max() * 1.25, 200)
    axes.set_xlim(many[0], many[-1])
    for level, style in zip(LEVELS, ({"linewidth": 1.6}, {"linewidth": 1.1, "linestyle": "--"}),
                            strict=True):  # fmt: skip
        for ends in result.limits(many, level):
            axes.plot(many, ends, color=ORANGE, **style)
            text = _percent(level, language)
            axes.annotate(
                text, (1.012, ends[-1]), xycoords=("axes fraction", "data"), color=ORANGE,
                fontsize=8.5, va="center", annotation_clip=False,
            )  # fmt: skip
    axes.axhline(result.target, color=NATION_COLOR, linewidth=1.2)
    axes.annotate(
        word("together", language), (1.012, result.target), xycoords=("axes fraction", "data"),
        color=NATION_COLOR, fontsize=8.5, va="center", annotation_clip=False,
    )  # fmt: skip
    outside = set(result.outside(LEVELS[0]).index)
    labels = []
    dots(axes, table["people"], table["rate"], region.code, sizes=(6, 9), zorder=3)
    for code, row in table.iterrows():
        own = code == region.code
        if own or code in outside:
            color, weight = (BLUE, "bold") if own else (QUIET, "normal")
            labels.append(
                (BY_CODE[code].label(language), row["people"], row["rate"], color, weight)
            )
    ends = [*table["rate"], *(end for level in LEVELS for end in result.limits(many[0], level))]
    room = 0.05 * (max(ends) - min(ends))
    axes.set_ylim(max(min(ends) - room, 0), max(ends) + room)
    written(axes.yaxis, language)
    steps = [s * 10**k for k in range(3, 8) for s in (1, 2, 5) if many[0] < s * 10**k < many[-1]]
    axes.set_xticks(steps, [number(step, 0, language) for step in steps])
    axes.minorticks_off()
    what = opening(entry.denominator[language])
    axes.set_xlabel(f"{what}, {result.year} ({word('log_scale', language)})", fontsize=9)
    drawn = [*(ends for level in LEVELS for ends in result.limits(many, level)),
             np.full_like(many, result.target)]  # fmt: skip
    lines = np.column_stack([np.tile(many, len(drawn)), np.concatenate(drawn)])
    label_points(axes, labels, np.vstack([table[["people", "rate"]], lines]))
    data = table[["rate", "people"]].copy()
    for level in LEVELS:
        low, high = result.limits(table["people"], level)
        data[f"{word('lower', language)} {_percent(level, language)}"] = low
        data[f"{word('upper', language)} {_percent(level, language)}"] = high
    data = data.round(entry.decimals)
    data["people"] = data["people"].round(0).astype(int)
    data = data.rename(columns={"rate": str(result.year), "people": word("people", language)})
    data.index = [BY_CODE[code].label(language) for code in data.index]
    return finish(canvas, sentence(result, language), data, used, table.index)
