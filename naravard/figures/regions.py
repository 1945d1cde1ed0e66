"""Figures that compare regions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from naravard.analysis.comparison import Latest
from naravard.analysis.funnel import LEVELS, Funnel
from naravard.analysis.profile import Profile, Standing
from naravard.analysis.slopes import RegionSlopes
from naravard.catalogue import catalogue, indicator, unit
from naravard.catalogue.quantities import quantity
from naravard.errors import NaravardError
from naravard.figures.axes import (  # fmt: skip
    BLUE,
    NATION_COLOR,
    ORANGE,
    QUIET,
    Figure,
    dots,
    finish,
    key,
    label_points,
    nothing,
    start,
    word,
    written,
)
from naravard.language import NO_BREAK, number, opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences.profile import positions
from naravard.sentences.say import sentence

_ROW = 0.235  # inches
_GREY = "#b5b5b5"


def _name_rows(axes, codes: Iterable[str], own: str, language: str) -> list[str]:
    """Name a row a region from the bottom, one's own in bold; return the names."""
    names = [BY_CODE[code].label(language) for code in codes]
    axes.set_yticks(range(len(names)), names)
    for tick, code in zip(axes.get_yticklabels(), codes, strict=True):
        if code == own:
            tick.set(color=BLUE, fontweight="bold")
    axes.set_ylim(-0.7, len(names) - 0.3)
    return names


def _mark_average(axes, value: float, text: str) -> None:
    """Draw a dashed vertical line with its name above the axes."""
    axes.axvline(value, color=NATION_COLOR, linestyle="--", linewidth=1.4)
    axes.annotate(
        text, (value, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3),
        textcoords="offset points", ha="center", fontsize=9, color=NATION_COLOR,
    )  # fmt: skip


def draw_latest(standing: Latest, language: str) -> Figure:
    """Draw all regions' latest values as ranked dots, the nation as a line."""
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
    _name_rows(axes, values.index, region.code, language)
    drawn = [*values] if standing.nation is None else [*values, standing.nation]
    room = 0.08 * (max(drawn) - min(drawn) or 1)
    axes.set_xlim(min(drawn) - room, max(drawn) + room)
    written(axes.xaxis, language)
    if standing.nation is not None:
        value = quantity(standing.nation, entry, language)
        _mark_average(axes, standing.nation, f"{word('nation', language)} {value}")
    data = values[::-1].rename(index=lambda c: BY_CODE[c].label(language)).rename_axis(None)
    data = data.round(entry.decimals).to_frame(str(standing.year))
    shown = values.index if standing.nation is None else [*values.index, NATION]
    return finish(canvas, sentence(standing, language), data, [entry.id], shown)


def draw_slopes(result: RegionSlopes, language: str) -> Figure:
    """Draw every region's yearly change: by itself, and weighed together with the others."""
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
    names = _name_rows(axes, table.index, result.region, language)
    written(axes.xaxis, language)
    axes.axvline(0, color="#b0b0b0", linewidth=1)
    _mark_average(axes, model.slope, word("average", language))
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


def draw_funnel(result: Funnel, language: str) -> Figure:
    """Draw every region's value against its people at risk, with overdispersed control limits."""
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


def _drawn(result: Profile) -> list[tuple[str, Standing | None]]:
    """List the rows from the top: a heading for each direction, then its indicators."""
    rows: list[tuple[str, Standing | None]] = []
    for direction, group in result.standings.items():
        shown = [one for one in group if one.distances is not None]
        if shown:
            rows.append((direction, None))
            rows += [(direction, one) for one in shown]
    return rows


def _key(axes, result: Profile, language: str) -> None:
    """Say below the axis what the marks are."""
    marks = [("|", NATION_COLOR, word("nation", language))]
    if result.region != NATION:
        marks.append(("●", BLUE, BY_CODE[result.region].label(language)))
        marks.append(("○", ORANGE, word("similar", language)))
    marks.append(
        ("●", "#767676", word("others" if result.region != NATION else "regions", language))
    )
    marks.append(("◂ ▸", QUIET, word("desired", language)))
    key(axes, marks, left=-0.9, below=48, gap=0.1, width=0.022)


def draw_profile(result: Profile, language: str) -> Figure:
    """Draw where a region stands among the regions in each indicator, Riket in the middle.

    A row an indicator that Riket and at least ten regions have a value for in the region's latest
    year; an arrow points in the desired direction where there is one.
    """
    rows = _drawn(result)
    own = BY_CODE[result.region]
    title = f"{word('among_regions', language)}, {own.label(language)}"
    height = 2.0 + _ROW * max(len(rows), 1)
    entries = [indicator(one.indicator) for _, one in rows if one]
    sources = [entry.source_line(language) for entry in entries]
    canvas, axes = start(title, word("deviations", language), sources, language, height=height)
    axes.set_position((0.47, 1.05 / height, 0.365, 1 - 1.8 / height))
    axes.grid(axis="x")
    axes.axvline(0, color=NATION_COLOR, linewidth=1.4, linestyle="--")
    farthest, table = 1.0, []
    others, similar, own_dots = [], [], []  # (distance, place)
    for place, (direction, one) in enumerate(reversed(rows)):
        if one is None:
            text = catalogue().strategic_directions[direction][language]
            axes.annotate(
                text, (-1.23, place), xycoords=("axes fraction", "data"), va="center",
                fontsize=9, fontweight="bold", annotation_clip=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )  # fmt: skip
            continue
        entry = indicator(one.indicator)
        scaled = one.distances
        farthest = max(farthest, scaled.abs().max())
        rest = scaled.drop([result.region], errors="ignore")
        alike = rest[rest.index.isin(result.similar)]
        others += [(x, place) for x in rest]
        similar += [(x, place) for x in alike]
        own_dots += [(x, place) for x in scaled[scaled.index == result.region]]
        arrow = {"up": " ▸", "down": " ◂", "neither": ""}[entry.polarity]
        name = f"{opening(entry.short_name[language])} {one.year}{arrow}"
        beside = {"va": "center", "transform": axes.get_yaxis_transform()}
        axes.text(-0.02, place, name, ha="right", fontsize=8, **beside)
        value = quantity(one.value, entry, language)
        color = BLUE if result.region != NATION else NATION_COLOR
        axes.text(1.02, place, value, fontsize=8.5, color=color, **beside)
        away = scaled.get(result.region, np.nan)
        values = [round(value, entry.decimals) for value in (one.value, one.nation)]
        per = unit(entry).name[language]
        table.append([opening(entry.short_name[language]), one.year, *values, per, round(away, 2)])
    hollow = {"color": ORANGE, "markerfacecolor": "none"}
    for marks, size, style in ((others, 4, {"color": _GREY}), (similar, 6, hollow),
                              (own_dots, 8, {"color": BLUE})):  # fmt: skip
        axes.plot([x for x, _ in marks], [y for _, y in marks], "o", markersize=size, **style)
    axes.set_yticks([])
    axes.set_ylim(-0.7, max(len(rows), 1) - 0.3)
    axes.set_xlim(-1.08 * farthest, 1.08 * farthest)
    written(axes.xaxis, language)
    _key(axes, result, language)
    columns = {
        "sv": ["mått", "år", own.label("sv"), "riket", "enhet", "avstånd i standardavvikelser"],
        "en": ["measure", "year", own.label("en"), "nation", "unit",
               "distance in standard deviations"],
    }[language]  # fmt: skip
    data = pd.DataFrame(table[::-1], columns=columns).set_index(columns[0]).rename_axis(None)
    ids = [entry.id for entry in entries] or [one.indicator for one in result.everything]
    return finish(canvas, positions(result, language), data, ids, [result.region, NATION])
