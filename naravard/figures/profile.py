"""The figure of a region's profile."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd

from naravard.analysis.profile import Profile, Standing
from naravard.catalogue import catalogue, indicator, unit
from naravard.catalogue.quantities import quantity
from naravard.figures.axes import (  # fmt: skip
    BLUE,
    NATION_COLOR,
    ORANGE,
    QUIET,
    STYLE,
    Figure,
    finish,
    key,
    start,
    word,
    written,
)
from naravard.language import check, opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences.profile import positions

_ROW = 0.235  # inches
_GREY = "#b5b5b5"


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


@matplotlib.rc_context(STYLE)
def profile(result: Profile, language: str = "sv") -> Figure:
    """Draw where a region stands among the regions in each indicator, Riket in the middle.

    Parameters
    ----------
    result : Profile
    language : {"sv", "en"}

    Returns
    -------
    Figure
        One row an indicator that Riket and at least ten regions have a value for in the region's
        latest year, in standard deviations between the regions from Riket; an arrow points in the
        desired direction where there is one. Data: one row an indicator with the year, the
        region's and Riket's values, their unit and the distance between them.
    """
    check(language)
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
        arrow = {"up": " ▸", "down": " ◂", "neither": ""}[entry.good]
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
    for dots, size, style in ((others, 4, {"color": _GREY}), (similar, 6, hollow),
                              (own_dots, 8, {"color": BLUE})):  # fmt: skip
        axes.plot([x for x, _ in dots], [y for _, y in dots], "o", markersize=size, **style)
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
