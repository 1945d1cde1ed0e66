"""What ``naravard show`` says of one indicator: as lines for a terminal, JSON and CSV."""

from __future__ import annotations

from dataclasses import dataclass

import click
import pandas as pd

from naravard.analysis.comparison import price_change
from naravard.analysis.points import against_target
from naravard.analysis.regression import Fit
from naravard.analysis.trends import Trend, trend, values_by_year
from naravard.catalogue import Indicator, indicator, parts, unit
from naravard.catalogue.quantities import brief
from naravard.cli import terminal
from naravard.data import load, raw
from naravard.data.availability import sentence as unfetched
from naravard.errors import NaravardError
from naravard.figures.axes import word
from naravard.language import number, opening, prices_of
from naravard.regions import BY_CODE, NATION, resolve
from naravard.sentences.caveats import BREAK, know
from naravard.sentences.say import sentence
from naravard.sentences.words import missing_reason, nation_only

_AMONG = {
    "K": {"sv": "kvinnor", "en": "women"},
    "M": {"sv": "män", "en": "men"},
}


@dataclass(frozen=True)
class Shown:
    """What is shown of one indicator, for the regions that were asked for and Riket.

    ``price_year`` is None for current prices and for what is not money. ``rows`` has all regions,
    one sex; ``wide`` a row a year and a column a region that is shown. ``findings`` has, by code of
    those asked for that have rows, the result that is said.
    """

    entry: Indicator
    regions: tuple[str, ...]
    sex: str
    price_year: int | None
    rows: pd.DataFrame
    wide: pd.DataFrame
    findings: dict[str, object]


def compose(id: str, regions=(), sex: str = "T", price_year: int | None = None) -> Shown:
    """Load an indicator and find what is known of some regions, Riket if none is named.

    A price year for what is not money, or no value at all of the sex, is a NaravardError.
    """
    entry = indicator(id)
    codes = tuple(dict.fromkeys(resolve(region).code for region in regions)) or (NATION,)
    if price_year is not None and not entry.in_money:
        raise NaravardError(f"'{id}' is not a cost in kronor: leave --price-year out")
    rows = load.load_indicator(id, sex=sex)
    if price_year is not None:
        rows = load.load_costs(id, price_year=price_year)
    wide = values_by_year(rows, sex)
    there = [code for code in codes if code in wide] or [NATION]
    columns = list(dict.fromkeys([*there, NATION]))
    findings = {code: _finding(entry, rows, code, sex, price_year) for code in there}
    return Shown(entry, codes, sex, price_year, rows, wide.reindex(columns=columns), findings)


def _finding(entry: Indicator, rows: pd.DataFrame, code: str, sex: str, price_year: int | None):
    """Return the result that pages show: a cost in two prices, the target, or the trend."""
    if entry.in_money:
        fixed = rows if price_year else load.load_costs(entry.id, price_year=_last_index())
        return price_change(load.load_indicator(entry.id), fixed, code)
    if entry.target and sex == "T" and not load.awaiting(entry.target.indicator):
        return against_target(rows, load.load_indicator(entry.target.indicator), code)
    return trend(rows, code, sex)


def _last_index() -> int:
    index = load.load_indicator("consumer_price_index", NATION)
    return int(index.dropna(subset=["value"])["year"].max())


def title(shown: Shown, language: str) -> str:
    """Return the indicator's name, its unit, and of whom or in which prices."""
    words = [unit(shown.entry).name[language]]
    if shown.sex in _AMONG:
        words.append(_AMONG[shown.sex][language])
    if shown.price_year:
        words.append(prices_of(shown.price_year, language))
    return f"{opening(shown.entry.name[language])} ({', '.join(words)})"


def said(shown: Shown, language: str) -> list[str]:
    """Return the findings, a paragraph of Markdown a region, and who has no values at all."""
    lines = [_nothing(shown, code, language) for code in shown.regions if code not in shown.wide]
    lines += [sentence(found, language) for found in shown.findings.values()]
    live, wide = shown.entry.live, shown.wide
    if live and load.awaiting(live) and any(wide[c].isna().all() for c in shown.findings):
        lines.append(f"{opening(unfetched(live, language))}.")
    return list(dict.fromkeys(lines))


def _nothing(shown: Shown, code: str, language: str) -> str:
    """Say that a region has no rows: the indicator is national, or the sex is not published."""
    if shown.entry.level == "nation" or shown.sex == "T":
        return nation_only(shown.entry, language)
    region, among = BY_CODE[code].name(language), _AMONG[shown.sex][language]
    return {
        "sv": f"{region} har inga värden för {among}.",
        "en": f"{region} has no values for {among}.",
    }[language]


def reservations(shown: Shown, language: str, most: int = 4) -> list[str]:
    """Return what a reader must know of the regions shown: breaks and their own caveats first.

    General caveats are added until there are ``most`` lines.
    """
    entry, codes = shown.entry, list(shown.wide.columns)
    notes = know(entry, language)
    caveats = [note for note in notes if note.kind == "caveat"]
    concerned: dict[str, list[str]] = {}
    for code in codes:
        for note in notes:
            if note.kind == "break" and note.of is entry and note.concerns(code):
                concerned.setdefault(f"{note.year}{{}}: {note.text}.", []).append(code)
    lines = []
    for text, own in concerned.items():
        labels = ", ".join(BY_CODE[code].label(language) for code in own)
        lines.append(f"{BREAK[language]} {text.format('' if own == codes else f' ({labels})')}")
    lines += [n.text for code in codes for n in caveats if n.of is entry and code in n.regions]
    lines = list(dict.fromkeys(lines))
    general = dict.fromkeys(note.text for note in caveats if note.concerns(NATION))
    general = [text for text in general if text not in lines]
    return lines + general[: max(0, most - len(lines))]


def sources(shown: Shown, language: str) -> list[dict]:
    """Return the raw files behind the values: source, file, vintage, sha256, licence."""
    found = []
    for part in parts(shown.entry) or [shown.entry]:
        file = raw.newest(part.source.dataset, part.source.vintage)
        found.append({"indicator": part.id, "source": part.source_line(language),
                      "file": f"data/raw/{file.path}", "vintage": file.vintage,
                      "sha256": file.sha256, "licence": file.licence})  # fmt: skip
    return found


def _line(fit: Fit | None) -> dict | None:
    """Return a fitted line's numbers, as change a year."""
    if fit is None:
        return None
    return {"years": list(fit.years), "slope": fit.slope, "lower": fit.lower, "upper": fit.upper,
            "autocorrelation": fit.autocorrelation, "verdict": fit.verdict}  # fmt: skip


def _trend(change: Trend) -> dict:
    cut = {"year": change.cut.year, "left_out": list(change.left_out)} if change.cut else None
    return {"verdict": change.verdict, "years": list(change.years), "all_years": _line(change.full),
            "without_2020_2021": _line(change.without_pandemic), "break": cut}  # fmt: skip


COLUMNS = ("indicator", "region", "name", "year", "sex", "value", "unit", "status", "note")


def csv(shown: Shown) -> str:
    """Return the values alone, as CSV with a row a region and year."""
    rows = shown.rows.sort_values("year")
    rows = pd.concat([rows[rows["region"] == code] for code in shown.wide.columns])
    rows = rows.assign(name=[BY_CODE[code].short for code in rows["region"]])
    return rows[[*COLUMNS]].to_csv(index=False, float_format="%.15g", lineterminator="\n")


def content(shown: Shown, language: str) -> dict:
    """Return everything that is shown, and the trend of each region, for programs."""
    entry, regions = shown.entry, []
    for code in shown.wide.columns:
        own = shown.rows[shown.rows["region"] == code]
        if own.empty:
            continue
        values = own.sort_values("year")[["year", "value", "lower", "upper", "status", "note"]]
        values = values.astype(object).where(values.notna(), None)  # JSON has no NaN
        finding = shown.findings.get(code)
        breaks = [{"year": b.year, "reason": b.reason[language]} for b in entry.breaks_for(code)]
        regions.append({
            "region": code, "name": BY_CODE[code].name(language),
            "finding": sentence(finding, language) if finding is not None else None,
            "trend": _trend(trend(shown.rows, code, shown.sex)),
            "breaks": breaks,
            "missing": missing_reason(entry, code, language) or None,
            "values": values.to_dict("records"),
        })  # fmt: skip
    return {
        "indicator": entry.id, "name": entry.name[language], "unit": unit(entry).name[language],
        "polarity": entry.polarity, "sex": shown.sex, "price_year": shown.price_year,
        "language": language, "awaiting": False, "regions": regions,
        "remarks": [_nothing(shown, c, language) for c in shown.regions if c not in shown.wide],
        "caveats": reservations(shown, language, most=1000),
        "sources": sources(shown, language), "source_line": entry.source_line(language),
        "fingerprint": shown.rows.attrs["fingerprint"],
    }  # fmt: skip


# One indicator as lines for a terminal: finding, latest values, course, source, reservations.
#: Years in the table.
YEARS = 10
_WORDS = {
    "year": {"sv": "år", "en": "year"},
    "break": {"sv": "brott", "en": "break"},
    "scales": {"sv": "Varje rad har sin egen skala.", "en": "Each line has a scale of its own."},
    "bar": {"sv": "│ är ett brott i serien", "en": "│ is a break in the series"},
}


def lines(found: Shown, language: str) -> list[str]:
    """Return what `naravard show` prints, no wider than the terminal.

    Only words and columns that are themselves wider than it stand out.
    """
    text = [*terminal.wrap(f"**{title(found, language)}**"), terminal.dim(found.entry.id), ""]
    for paragraph in said(found, language):
        text += [*terminal.wrap(paragraph), ""]
    text += _values(found, language) + _courses(found, language)
    files = ", ".join(dict.fromkeys(one["file"] for one in sources(found, language)))
    source = f"{word('source', language)}: {found.entry.source_line(language)} ({files})"
    text += terminal.wrap(source, rest="  ")
    for reservation in reservations(found, language):
        text += terminal.wrap(reservation, first="- ", rest="  ")
    return text


def _values(found: Shown, language: str) -> list[str]:
    """Return the latest values in columns; in several tables where one would be too wide."""
    wide = found.wide.dropna(how="all").tail(YEARS)
    if wide.empty:
        return []
    blocks: list[list[str]] = [[]]
    for code in wide.columns.drop(NATION):
        if blocks[-1] and not _fits(_block(found, wide, [*blocks[-1], code, NATION], language)):
            blocks.append([])
        blocks[-1].append(code)
    lines = []
    for codes in blocks:
        table = _block(found, wide, [*codes, NATION], language)
        if not _fits(table):
            table = _block(found, wide, [*codes, NATION], language, named=False)
        lines += [*table, ""]
    return lines


def _fits(table: list[str]) -> bool:
    return max(terminal.cells(click.unstyle(line)) for line in table) <= terminal.columns()


def _block(found: Shown, wide, codes: list[str], language: str, named: bool = True) -> list[str]:
    """Return one table of some regions; a year says in which of them there is a break."""
    entry = found.entry
    broken: dict[int, list[str]] = {}
    for code in codes:
        for b in entry.breaks_for(code):
            broken.setdefault(b.year, []).append(BY_CODE[code].label(language))
    rows = [[_WORDS["year"][language], *(BY_CODE[code].label(language) for code in codes), ""]]
    for year, values in wide[codes].iterrows():
        cells = ["–" if v != v else number(v, entry.decimals, language) for v in values]
        remark = f"← {_WORDS['break'][language]}" if year in broken else ""
        remark += f": {', '.join(broken[year])}" if remark and named else ""
        rows.append([str(year), *cells, remark])
    return terminal.table(rows, right=range(1, len(codes) + 1))


def _courses(found: Shown, language: str) -> list[str]:
    """Return each region's course in blocks with its first and last value, all on one scale.

    Numbers that add up to Riket's have a scale of their own each: a region would be flat.
    """
    entry, wide = found.entry, found.wide.dropna(how="all")
    if len(wide) < 2:
        return []
    labels = {code: BY_CODE[code].label(language) for code in wide.columns}
    margin, barred, text = max(map(terminal.cells, labels.values())), False, []
    for code, values in wide.items():
        series = values.dropna()
        label = labels[code] + " " * (margin - terminal.cells(labels[code]))
        if series.empty:
            text.append(f"{label}  –")
            continue
        scale = series if unit(entry).additive else wide.stack()
        first, last = series.index[[0, -1]]
        breaks = [b.year for b in entry.breaks_for(code) if first < b.year <= last]
        course = terminal.sparkline(
            series.to_dict(), list(wide.index), scale.min(), scale.max(), breaks
        )
        barred = barred or bool(breaks)
        ends = f"{brief(series[first], entry, language)} ({first})"
        if last > first:
            ends += f" → {brief(series[last], entry, language)} ({last})"
        one = f"{label}  {course}  {ends}"
        below = [f"{label}  {course}", f"{' ' * margin}  {ends}"]
        text += [one] if terminal.cells(one) <= terminal.columns() else below
    if unit(entry).additive and len(wide.columns) > 1:
        text.append(_WORDS["scales"][language])
    if barred:
        text.append(_WORDS["bar"][language])
    return [*text, ""]
