"""What ``naravard show`` says of one indicator: as lines for a terminal, JSON and CSV."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from naravard.analysis.comparison import price_change
from naravard.analysis.points import against_target
from naravard.analysis.regression import Fit
from naravard.analysis.trends import trend, values_by_year
from naravard.catalogue import Indicator, indicator, parts, unit
from naravard.catalogue.quantities import brief
from naravard.cli import terminal
from naravard.data import load, raw
from naravard.data.availability import sentence as unfetched
from naravard.errors import NaravardError
from naravard.figures.axes import word
from naravard.language import number, opening, prices_of
from naravard.regions import BY_CODE, NATION
from naravard.sentences.caveats import BREAK, know
from naravard.sentences.say import sentence
from naravard.sentences.words import missing_reason, nation_only

COLUMNS = ("indicator", "region", "name", "year", "sex", "value", "unit", "status", "note")
#: Years in the table.
YEARS = 10
_WORDS = {
    "K": {"sv": "kvinnor", "en": "women"},
    "M": {"sv": "män", "en": "men"},
    "year": {"sv": "år", "en": "year"},
    "break": {"sv": "brott", "en": "break"},
    "scales": {"sv": "Varje rad har sin egen skala.", "en": "Each line has a scale of its own."},
    "bar": {"sv": "│ är ett brott i serien", "en": "│ is a break in the series"},
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


def compose(id: str, codes: list[str], sex: str, price_year: int | None) -> Shown:
    """Load an indicator and find what is known of some regions, Riket if none is named.

    A price year for what is not money, or no value at all of the sex, is a NaravardError.
    """
    entry, codes = indicator(id), tuple(dict.fromkeys(codes)) or (NATION,)
    if price_year is not None and not entry.in_money:
        raise NaravardError(f"'{id}' is not a cost in kronor: leave --price-year out")
    rows = load.load_indicator(id, sex=sex)
    if price_year is not None:
        rows = load.load_costs(id, price_year=price_year)
    wide = values_by_year(rows, sex)
    there = [code for code in codes if code in wide] or [NATION]
    wide = wide.reindex(columns=list(dict.fromkeys([*there, NATION])))
    findings = {code: _finding(entry, rows, code, sex, price_year) for code in there}
    return Shown(entry, codes, sex, price_year, rows, wide, findings)


def _finding(entry: Indicator, rows: pd.DataFrame, code: str, sex: str, price_year: int | None):
    """Return the result that pages show: a cost in two prices, the target, or the trend."""
    if entry.in_money:
        fixed = rows if price_year else load.judged(entry.id)
        return price_change(load.load_indicator(entry.id), fixed, code)
    if entry.target and sex == "T" and not load.awaiting(entry.target.indicator):
        return against_target(rows, load.load_indicator(entry.target.indicator), code)
    return trend(rows, code, sex)


def _without_rows(shown: Shown, language: str) -> list[str]:
    """Say of each region without rows that the indicator is national or the sex not published."""
    absent = [code for code in shown.regions if code not in shown.wide]
    if shown.entry.level == "nation" or shown.sex == "T":
        return [nation_only(shown.entry, language) for _ in absent]
    none = {"sv": "har inga värden för", "en": "has no values for"}[language]
    among = _WORDS[shown.sex][language]
    return [f"{BY_CODE[code].name(language)} {none} {among}." for code in absent]


def reservations(shown: Shown, language: str, most: int = 4) -> list[str]:
    """Return what a reader must know of the regions shown: breaks and their own caveats first.

    General caveats are added until there are ``most`` lines.
    """
    entry, codes = shown.entry, list(shown.wide.columns)
    notes, lines = know(entry, language), []
    caveats = [note for note in notes if note.kind == "caveat"]
    breaks = [n for n in notes if n.kind == "break" and n.of is entry and n.concerns(*codes)]
    concerned = [([code for code in codes if n.concerns(code)], n) for n in breaks]
    for own, note in sorted(concerned, key=lambda found: codes.index(found[0][0])):
        labels = ", ".join(BY_CODE[code].label(language) for code in own)
        of = "" if own == codes else f" ({labels})"
        lines.append(f"{BREAK[language]} {note.year}{of}: {note.text}.")
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


def csv(shown: Shown) -> str:
    """Return the values alone, as CSV with a row a region and year."""
    rows = shown.rows.sort_values("year")
    rows = pd.concat([rows[rows["region"] == code] for code in shown.wide.columns])
    rows = rows.assign(name=[BY_CODE[code].short for code in rows["region"]])
    return rows[[*COLUMNS]].to_csv(index=False, float_format="%.15g", lineterminator="\n")


def _trend(shown: Shown, code: str) -> dict:
    """Return a region's trend: the change a year with all years, and without 2020–2021."""

    def line(fit: Fit | None) -> dict | None:
        keys = ("years", "slope", "lower", "upper", "autocorrelation", "verdict")
        return fit and {key: getattr(fit, key) for key in keys}

    found = trend(shown.rows, code, shown.sex)
    cut = {"year": found.cut.year, "left_out": found.left_out} if found.cut else None
    return {"verdict": found.verdict, "years": found.years, "all_years": line(found.full),
            "without_2020_2021": line(found.without_pandemic), "break": cut}  # fmt: skip


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
            "trend": _trend(shown, code), "breaks": breaks,
            "missing": missing_reason(entry, code, language) or None,
            "values": values.to_dict("records"),
        })  # fmt: skip
    return {
        "indicator": entry.id, "name": entry.name[language], "unit": unit(entry).name[language],
        "polarity": entry.polarity, "sex": shown.sex, "price_year": shown.price_year,
        "language": language, "awaiting": False, "regions": regions,
        "remarks": _without_rows(shown, language),
        "caveats": reservations(shown, language, most=1000),
        "sources": sources(shown, language), "source_line": entry.source_line(language),
        "fingerprint": shown.rows.attrs["fingerprint"],
    }  # fmt: skip


def lines(shown: Shown, language: str) -> list[str]:
    """Return what `naravard show` prints: finding, latest values, course, source, reservations.

    They are no wider than the terminal, apart from words and columns that are themselves wider.
    """
    entry, wide = shown.entry, shown.wide
    of = [unit(entry).name[language]]
    if shown.sex != "T":
        of.append(_WORDS[shown.sex][language])
    if shown.price_year:
        of.append(prices_of(shown.price_year, language))
    text = terminal.wrap(f"**{opening(entry.name[language])} ({', '.join(of)})**")
    text += [terminal.styled(entry.id, dim=True), ""]
    said = _without_rows(shown, language)
    said += [sentence(found, language) for found in shown.findings.values()]
    if entry.live and load.awaiting(entry.live) and wide[[*shown.findings]].isna().all().any():
        said.append(f"{opening(unfetched(entry.live, language))}.")
    for paragraph in dict.fromkeys(said):
        text += [*terminal.wrap(paragraph), ""]
    text += _values(shown, language) + _courses(shown, language)
    files = ", ".join(dict.fromkeys(one["file"] for one in sources(shown, language)))
    source = f"{word('source', language)}: {entry.source_line(language)} ({files})"
    text += terminal.wrap(source, rest="  ")
    for reservation in reservations(shown, language):
        text += terminal.wrap(reservation, first="- ", rest="  ")
    return text


def _values(shown: Shown, language: str) -> list[str]:
    """Return the latest values in columns; in several tables where one would be too wide."""
    if shown.wide.isna().all(axis=None):
        return []
    blocks: list[list[str]] = [[NATION]]
    for code in shown.wide.columns.drop(NATION):
        wider = [*blocks[-1][:-1], code, NATION]
        if len(wider) > 2 and not _fits(_block(shown, wider, language)):
            blocks.append([code, NATION])
        else:
            blocks[-1] = wider
    lines = []
    for codes in blocks:
        table = _block(shown, codes, language)
        lines += [*(table if _fits(table) else _block(shown, codes, language, named=False)), ""]
    return lines


def _fits(table: list[str]) -> bool:
    return max(map(terminal.cells, table)) <= terminal.columns()


def _block(shown: Shown, codes: list[str], language: str, named: bool = True) -> list[str]:
    """Return one table of some regions; a year says in which of them there is a break."""
    entry = shown.entry
    labels = {code: BY_CODE[code].label(language) for code in codes}
    broken: dict[int, list[str]] = {}
    for code in codes:
        for b in entry.breaks_for(code):
            broken.setdefault(b.year, []).append(labels[code])
    rows = [[_WORDS["year"][language], *labels.values(), ""]]
    for year, values in shown.wide.dropna(how="all").tail(YEARS)[codes].iterrows():
        cells = ["–" if pd.isna(v) else number(v, entry.decimals, language) for v in values]
        remark = f"← {_WORDS['break'][language]}" if year in broken else ""
        remark += f": {', '.join(broken[year])}" if remark and named else ""
        rows.append([str(year), *cells, remark])
    return terminal.table(rows, right=range(1, len(codes) + 1))


def _courses(shown: Shown, language: str) -> list[str]:
    """Return each region's course in blocks with its first and last value, all on one scale.

    Numbers that add up to Riket's have a scale of their own each: a region would be flat.
    """
    entry, wide = shown.entry, shown.wide.dropna(how="all")
    if len(wide) < 2:
        return []
    additive, barred, rows = unit(entry).additive, False, []
    for code, values in wide.items():
        label, series = BY_CODE[code].label(language), values.dropna()
        if series.empty:
            rows.append([label, "–", ""])
            continue
        scale = series if additive else wide.stack()
        first, last = series.index[[0, -1]]
        breaks = [b.year for b in entry.breaks_for(code) if first < b.year <= last]
        barred = barred or bool(breaks)
        course = terminal.sparkline(
            series.to_dict(), list(wide.index), scale.min(), scale.max(), breaks
        )
        ends = f"{brief(series[first], entry, language)} ({first})"
        if last > first:
            ends += f" → {brief(series[last], entry, language)} ({last})"
        rows.append([label, course, ends])
    text, indent = [], " " * (max(terminal.cells(label) for label, _, _ in rows) + 2)
    for line, (_, _, ends) in zip(terminal.table(rows, head=False), rows, strict=True):
        fits = _fits([line])
        text += [line] if fits else [line.removesuffix(ends).rstrip(), indent + ends]
    if additive and len(rows) > 1:
        text.append(_WORDS["scales"][language])
    if barred:
        text.append(_WORDS["bar"][language])
    return [*text, ""]
