"""Figures of single published points and of coded statuses."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd

from naravard.analysis.points import Points
from naravard.catalogue import indicator, unit
from naravard.data.documents import DETAIL, Status, table
from naravard.data.raw import newest
from naravard.errors import NaravardError
from naravard.figures.axes import key, start, word, written
from naravard.figures.figure import BLUE, NATION_COLOR, ORANGE, QUIET, Figure, finish
from naravard.language import opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences.points import printed
from naravard.sentences.say import sentence

_GREY = "#9a9a9a"
_ROW = 0.235  # inches


def _rows(result: Points, language: str) -> list[tuple[str, int | None, str]]:
    """List the figure's rows from the top: a heading for each indicator, then its years."""
    rows = []
    for id in result.indicators:
        years = sorted(result.table.loc[result.table["indicator"] == id, "year"].unique())
        rows.append((id, None, opening(indicator(id).short_name[language])))
        rows += [(id, int(year), str(year)) for year in years]
    return rows


def _dots(axes, values: pd.Series, place: float, region: str, entry, language: str) -> None:
    """Draw one row: other regions in grey, the nation as a ring, the region filled and named."""
    others = values.drop([NATION, region], errors="ignore")
    axes.plot(others, [place] * len(others), "o", color=_GREY, markersize=5, zorder=2)
    shown = {code: values[code] for code in (NATION, region) if code in values}
    for code, value in shown.items():
        own = code == region
        color, face = (BLUE, BLUE) if own else (NATION_COLOR, "white")
        axes.plot(
            value, place, "o" if own else "D", color=face, markeredgecolor=color,
            markersize=8 if own else 6, zorder=3 if own else 4,
        )  # fmt: skip
        if not own and value == shown.get(region):
            continue  # the region's label says it
        left = value < max(shown.values())
        axes.annotate(
            printed(value, entry, language), (value, place), xytext=(-7 if left else 7, 0),
            ha="right" if left else "left", va="center", color=color, fontsize=8.5, zorder=5,
            textcoords="offset points",
        )  # fmt: skip


def _key(axes, result: Points, language: str) -> None:
    """Say below the axis what the marks are, and that the region has none."""
    units, region = set(result.table["region"]), result.region
    own = BY_CODE[region].label(language)
    if region not in units:
        own += f": {word('no_value', language)}"
    marks = [("●", BLUE, own)]
    if region != NATION and NATION in units:
        marks.append(("◇", NATION_COLOR, word("nation", language)))
    if units - {region, NATION}:
        marks.append(("●", _GREY, word("others" if region != NATION else "regions", language)))
    key(axes, marks, left=0.0, below=32, gap=0.05, width=0.0115)


def draw_points(result: Points, language: str) -> Figure:
    """Draw single published points: a block an indicator, a row a year, targets as lines.

    Nothing joins the points: they are not a series.
    """
    entries = {id: indicator(id) for id in result.indicators}
    units = {entry.unit for entry in entries.values()}
    if len(units) > 1:
        raise NaravardError(f"points of different units cannot share an axis: {sorted(units)}")
    per = opening(unit(entries[result.indicators[0]]).name[language])
    rows, region = _rows(result, language), result.region
    height = 1.75 + _ROW * len(rows)
    sources = [entry.source_line(language) for entry in entries.values()]
    title = f"{word('points', language)}, {BY_CODE[region].label(language)}"
    canvas, axes = start(title, per, sources, language, height=height)
    axes.set_position((0.1, 0.92 / height, 0.84, 1 - 1.62 / height))
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    places, data = [], {}
    axes.set_xlim(0, 100 if units == {"percent"} else result.table["value"].max() * 1.15)
    for at, (id, year, label) in enumerate(rows):
        place = -at
        places.append(place)
        if year is None:
            axes.annotate(
                label, (0.02, place), xycoords=("figure fraction", "data"), fontsize=9,
                fontweight="bold", va="center", zorder=6,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )  # fmt: skip
            block = [-i for i, row in enumerate(rows) if row[0] == id and row[1] is not None]
            if id in result.targets and block:
                aim = result.targets[id]
                axes.plot([aim, aim], [min(block) - 0.45, place - 0.3], color=ORANGE, lw=1.8)
                text = f"{word('target', language)} {printed(aim, entries[id], language)}"
                axes.text(aim, place - 0.17, text, fontsize=8.5, color=ORANGE, ha="center")
            continue
        found = result.table[(result.table["indicator"] == id) & (result.table["year"] == year)]
        values = found.set_index("region")["value"]
        axes.axhline(place, color="#ebebeb", linewidth=0.8, zorder=0)
        _dots(axes, values, place, region, entries[id], language)
        name = f"{opening(entries[id].short_name[language])} {year}"
        data[name] = {BY_CODE[c].label(language): values.get(c) for c in (region, NATION)}
    axes.set_yticks(places, [label if year else "" for _, year, label in rows], fontsize=8.5)
    axes.set_ylim(-len(rows) + 0.4, 0.7)
    written(axes.xaxis, language)
    _key(axes, result, language)
    frame = pd.DataFrame.from_dict(data, orient="index", dtype=float)
    return finish(canvas, sentence(result, language), frame, entries, [region, NATION])


def draw_status(result: Status, language: str) -> Figure:
    """Draw how a table's regions are spread over its codes, each region named under its bar."""
    entry, region = table(result.table), result.region
    counted = result.rows[result.rows["code"] != DETAIL]
    what = word("regions" if entry.by_region else "activities", language)
    sources = [source["title"] for source in newest(entry.dataset).sources]
    codes = [code for code in entry.codes if result.counts[code]]
    members = dict.fromkeys(codes, "")
    if entry.by_region:
        for code, regions in counted.groupby("code")["region"]:
            members[code] = ", ".join(BY_CODE[c].label(language) for c in regions)
    lines = {code: wrap(names, 100) for code, names in members.items()}
    rows = [1.35 + 0.62 * len(lines[code]) for code in codes]
    height = 1.45 + 0.3 * sum(rows)
    title = entry.name[language]
    if entry.by_region:
        title += f", {BY_CODE[region].label(language)}"
    canvas, axes = start(title, f"{word('number_of', language)} {what}", sources, language, height)
    axes.set_position((0.02, 0.45 / height, 0.96, 1 - 1.2 / height))
    axes.set_axis_off()
    place = 0.0
    own = set(counted.loc[counted["region"] == region, "code"]) if entry.by_region else set()
    for code, rows_ in zip(codes, rows, strict=True):
        count, color = result.counts[code], BLUE if code in own else _GREY
        axes.barh(place + 0.75, count, height=0.42, color=color)
        text = opening(entry.codes[code][language])
        axes.text(0, place + 0.3, text, fontsize=9.5, va="center",
                  fontweight="bold" if code in own else "normal")  # fmt: skip
        axes.text(count + 0.15, place + 0.75, str(count), va="center", fontweight="bold")
        for at, line in enumerate(lines[code]):
            axes.text(0, place + 1.25 + 0.55 * at, line, fontsize=8, va="center", color=QUIET)
        place += rows_ + 0.2
    axes.set_xlim(0, max(result.counts.values()) * 1.08)
    axes.set_ylim(place, 0)
    data = {"number": [result.counts[code] for code in codes]}
    if entry.by_region:
        data["regions"] = list(members.values())
    names = {"sv": {"number": "antal", "regions": "regioner"}, "en": {}}[language]
    frame = pd.DataFrame(data, index=[entry.codes[code][language] for code in codes])
    frame = frame.rename(columns=names)
    return finish(canvas, sentence(result, language), frame, [entry.id], counted["region"])
