"""What all figures share: the canvas, axes, labels, colours."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patheffects import withStroke

from naravard.analysis.trends import PANDEMIC
from naravard.catalogue import Indicator
from naravard.catalogue.model import Break
from naravard.figures.figure import BLUE, ORANGE, QUIET, Canvas, Figure, finish
from naravard.language import number
from naravard.regions import BY_CODE

#: Characters of sources that fit below a figure.
_SOURCES = 150


def start(title: str, subtitle: str, sources: list[str], language: str, height: float = 4.2):
    """Make a canvas with title, unit, axes and source line; ``height`` in inches.

    Sources that do not fit in a line are left to the small print of the page.
    """
    canvas = Canvas(figsize=(7.6, height), layout=None)
    canvas.title, canvas.unit, canvas.language = title, subtitle, language
    canvas.sources = tuple(dict.fromkeys(sources))
    FigureCanvasAgg(canvas)
    top, bottom = 1 - 0.72 / height, 0.78 / height
    axes = canvas.add_axes((0.085, bottom, 0.67, top - bottom))
    canvas.text(0.02, 1 - 0.27 / height, title, fontsize=12, fontweight="bold", va="center")
    canvas.text(0.02, 1 - 0.52 / height, subtitle, fontsize=9.5, color=QUIET, va="center")
    source = f"{word('source', language)}: {'; '.join(canvas.sources)}"
    if len(source) >= _SOURCES:
        source = word("sources_below", language)
    canvas.text(0.02, 0.16 / height, source, fontsize=7.5, color=QUIET, va="center")
    sns.despine(ax=axes, left=True)
    axes.tick_params(length=0, labelsize=9)
    return canvas, axes


def years_axis(axes: Axes, years, language: str) -> None:
    """Write the years and mark the pandemic."""
    first, last = min(years), max(years)
    axes.set_xlim(first - 0.3, last + 0.3)
    step = 1 if last - first <= 10 else 2
    axes.set_xticks([y for y in range(first, last + 1) if (last - y) % step == 0])
    if first <= PANDEMIC[-1] and last >= PANDEMIC[0]:
        axes.axvspan(PANDEMIC[0] - 0.5, PANDEMIC[-1] + 0.5, color="#f1eee6", zorder=0)
        axes.text(
            sum(PANDEMIC) / 2, 1.0, word("pandemic", language), ha="center", va="bottom",
            fontsize=8, color=QUIET, transform=axes.get_xaxis_transform(),
        )  # fmt: skip


def value_axis(axes: Axes, values: pd.Series, language: str) -> None:
    """Leave room above and below the values; never go below zero for what cannot."""
    low, high = values.min(), values.max()
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1
    axes.set_ylim(max(low - room, 0) if low >= 0 else low - room, high + room)
    written(axes.yaxis, language)


def mark_breaks(axes: Axes, breaks: Iterable[Break], years, language: str) -> None:
    """Draw a dotted line before the first year of each break that lies within the years."""
    for found in breaks:
        if min(years) < found.year <= max(years):
            axes.axvline(found.year - 0.5, color=ORANGE, linewidth=1.2, linestyle=":")
            axes.text(
                found.year - 0.45, 0.985, word("break", language, year=found.year), fontsize=8,
                color=ORANGE, transform=axes.get_xaxis_transform(), va="top", rotation=90,
            )  # fmt: skip


def written(axis, language: str) -> None:
    """Write an axis's numbers as the language does, with the decimals that its steps need."""
    ticks = axis.get_ticklocs()
    step = ticks[1] - ticks[0]
    decimals = next((d for d in range(4) if abs(round(step, d) - step) < 1e-9), 4)
    axis.set_major_formatter(lambda value, _: number(value, decimals, language))


def label_ends(axes: Axes, ends: list[tuple[float, str, object]], small: float = 9) -> None:
    """Write names to the right of lines, pushed apart where they collide but kept in the axes.

    ``ends`` holds value, text and colour; ``small`` is the size of a text's further lines.
    """
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
        for words, size, offset in ((first, 9, lines / 2), (rest, small, -0.5)):
            axes.annotate(
                words, (1.012, place + row * offset), xycoords=("axes fraction", "data"),
                color=color, fontsize=size, va="center", annotation_clip=False, linespacing=1.15,
            )  # fmt: skip


def label_points(axes: Axes, labels: list[tuple], dots) -> None:
    """Write names beside points, each on the first side where it covers no name and no dot.

    The axes have their limits; ``labels`` holds text, x, y, colour and weight; ``dots`` is an array
    of x and y of all points, and of what else the names may not cover.
    """
    dots = axes.transData.transform(dots)
    frame, taken = axes.get_window_extent(), []
    sides = {(8, 0): "left center", (-8, 0): "right center", (-7, 6): "right bottom",
             (7, 6): "left bottom", (7, -6): "left top", (-7, -6): "right top",
             (0, 8): "center bottom", (0, -8): "center top"}  # fmt: skip
    for text, x, y, color, weight in labels:
        tried = []
        for offset, side in sides.items():
            ha, va = side.split()
            label = axes.annotate(
                text, (x, y), xytext=offset, textcoords="offset points", ha=ha, va=va,
                fontsize=9, color=color, fontweight=weight, zorder=5,
                path_effects=[withStroke(linewidth=2.5, foreground="white")],
            )  # fmt: skip
            box = label.get_window_extent().padded(5)  # pixels: a dot has a breadth
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1
            covered = box.count_overlaps(taken) + box.count_contains(dots) + 10 * (not inside)
            tried.append((covered, len(tried), label, box))
        best = min(tried, key=lambda one: one[:2])
        for one in tried:
            if one is not best:
                one[2].remove()
        taken.append(best[3])


def dots(
    axes: Axes, x: pd.Series, y: pd.Series, own: str, sizes: tuple[float, float], zorder: float = 2
) -> None:
    """Draw a dot a region in grey, that of ``own`` in colour, above the others and larger."""
    other = x.index != own
    small, large = sizes
    axes.plot(x[other], y[other], "o", color="#8f8f8f", markersize=small, zorder=zorder)
    axes.plot(x[~other], y[~other], "o", color=BLUE, markersize=large, zorder=zorder + 1)


def key(axes: Axes, marks, left: float, below: float, gap: float, width: float) -> None:
    """Say below the axis what the marks are: ``marks`` holds mark, colour and text.

    ``left``, ``gap`` and ``width`` are where the first stands, room for a mark and for a letter, in
    fractions of the axes; ``below`` is points below them.
    """
    for mark, color, text in marks:
        axes.annotate(
            f"{mark} {text}", (left, 0), xycoords="axes fraction", xytext=(0, -below),
            textcoords="offset points", fontsize=8.5, color=color,
        )  # fmt: skip
        left += gap + width * len(text)


def nothing(
    title: str, subtitle: str, entry: Indicator, language: str, regions: Iterable[str] = ()
) -> Figure:
    """Make a small picture that says that there is nothing to show."""
    canvas, axes = start(title, subtitle, [entry.source_line(language)], language, height=2.0)
    axes.set_axis_off()
    text = word("nothing", language)
    axes.text(0.5, 0.5, text, ha="center", va="center", color=QUIET, transform=axes.transAxes)
    return finish(canvas, f"{title}. {text}.", pd.DataFrame(), [entry.id], regions)


def named(wide: pd.DataFrame, language: str) -> pd.DataFrame:
    """Name a wide table's regions and years for readers."""
    named = wide.rename(columns=lambda code: BY_CODE[code].label(language))
    return named.rename_axis(columns=None, index={"sv": "år", "en": "year"}[language])


def lines(axes: Axes, many: Iterable[tuple[pd.Series, Iterable[Break]]], **style) -> None:
    """Draw yearly series in one style, interrupted where years are missing and at breaks."""
    points: list[tuple[float, float]] = []
    for series, breaks in many:
        known = series.dropna().to_dict()
        if known:
            gaps = [*range(min(known), max(known) + 1), *(found.year - 0.5 for found in breaks)]
            points += [(x, known.get(x, np.nan)) for x in (*sorted(gaps), np.nan)]
    axes.plot([x for x, _ in points], [y for _, y in points], **style)


# The words in figures, in Swedish and English.
_WORDS = {
    "source": {"sv": "Källa", "en": "Source"},
    "pandemic": {"sv": "pandemin", "en": "pandemic"},
    "others": {"sv": "övriga regioner", "en": "other regions"},
    "current": {"sv": "löpande priser", "en": "current prices"},
    "fixed": {"sv": "{year} års priser (KPI)", "en": "prices of {year} (CPI)"},
    "without": {"sv": "utan {region}", "en": "without {region}"},
    "nothing": {"sv": "Inga värden att visa", "en": "No values to show"},
    "break": {"sv": "brott {year}", "en": "break {year}"},
    "nation": {"sv": "Riket", "en": "Sweden"},
    "a_year": {"sv": "förändring per år", "en": "change a year"},
    "average": {"sv": "regionernas genomsnitt", "en": "average of the regions"},
    "ols_or_shrunken": {
        "sv": "● sammanvägd   ○ regionen för sig, med 95-procentsintervall\n"
        "efter minst regionernas gemensamma spridning",
        "en": "● weighed together   ○ the region by itself, with a 95% interval\n"
        "from at least the regions' common spread",
    },
    "similar": {"sv": "liknande regioner", "en": "similar regions"},
    "desired": {"sv": "önskad riktning", "en": "desired direction"},
    "among_regions": {"sv": "Bland regionerna", "en": "Among the regions"},
    "deviations": {
        "sv": "Avstånd från riket i standardavvikelser mellan regionerna, senaste året",
        "en": "Distance from the nation in standard deviations between regions, latest year",
    },
    "regions": {"sv": "regioner", "en": "regions"},
    "activities": {"sv": "aktiviteter", "en": "activities"},
    "number_of": {"sv": "Antal", "en": "Number of"},
    "points": {"sv": "Publicerade punkter", "en": "Published points"},
    "no_value": {"sv": "inget publicerat värde", "en": "no published value"},
    "target": {"sv": "mål", "en": "target"},
    "together": {"sv": "regionerna\ntillsammans", "en": "the regions\ntogether"},
    "log_scale": {"sv": "logaritmisk skala", "en": "logarithmic scale"},
    "people": {"sv": "invånare", "en": "people"},
    "lower": {"sv": "nedre", "en": "lower"},
    "upper": {"sv": "övre", "en": "upper"},
    "sources_below": {"sv": "Källor: se sidans slut", "en": "Sources: see the end of the page"},
}


def word(key: str, language: str, **parts) -> str:
    """Return a figure's word in the language."""
    return _WORDS[key][language].format(**parts)
