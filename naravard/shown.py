"""One indicator for some units: its finding, values, sources and reservations, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from naravard import load, rawdata
from naravard.analysis.lines import Fit
from naravard.analysis.points import against_target
from naravard.analysis.prices import price_change
from naravard.analysis.trends import Trend, trend, values_by_year
from naravard.catalogue import Indicator, indicator, parts, unit
from naravard.errors import NaravardError
from naravard.findings import sentence
from naravard.findings_words import missing_reason
from naravard.language import opening, prices_of
from naravard.regions import BY_CODE, NATION, resolve
from naravard.unfetched import sentence as unfetched

_AMONG = {
    "K": {"sv": "kvinnor", "en": "women"},
    "M": {"sv": "män", "en": "men"},
}


@dataclass(frozen=True)
class Shown:
    """What is shown of one indicator.

    Attributes
    ----------
    entry : Indicator
    units : tuple of str
        The codes that were asked for, in order.
    sex : str
    price_year : int or None
        The year whose prices the values are in; None for current prices and for what is no money.
    rows : DataFrame
        The observations of all units, one sex.
    wide : DataFrame
        The values with one row a year; one column a unit that was asked for, and Riket.
    findings : dict of str to object
        By code of those asked for that have rows: what `naravard.findings.sentence` says.
    """

    entry: Indicator
    units: tuple[str, ...]
    sex: str
    price_year: int | None
    rows: pd.DataFrame
    wide: pd.DataFrame
    findings: dict[str, object]


def compose(id: str, regions=(), sex: str = "T", price_year: int | None = None) -> Shown:
    """Load an indicator and say what is known of some units.

    Parameters
    ----------
    id : str
    regions : iterable
        Anything `naravard.regions.resolve` takes; Riket if empty.
    sex : {"T", "K", "M"}
    price_year : int, optional
        For what is money: the prices in which values are shown.

    Raises
    ------
    NaravardError
        On an unknown region, a price year for what is no money, or no values at all of the sex.
    """
    entry = indicator(id)
    units = tuple(dict.fromkeys(resolve(region).code for region in regions)) or (NATION,)
    if price_year is not None and not entry.in_money:
        raise NaravardError(f"'{id}' is not a cost in kronor: leave --price-year out")
    rows = load.load_indicator(id, sex=sex)
    if price_year is not None:
        rows = load.load_costs(id, price_year=price_year)
    wide = values_by_year(rows, sex)
    there = [code for code in units if code in wide] or [NATION]
    columns = list(dict.fromkeys([*there, NATION]))
    findings = {code: _finding(entry, rows, code, sex, price_year) for code in there}
    return Shown(entry, units, sex, price_year, rows, wide.reindex(columns=columns), findings)


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
    """Return the findings in words, Markdown, a paragraph a unit, and who has no values at all."""
    lines = [_nothing(shown, code, language) for code in shown.units if code not in shown.wide]
    lines += [sentence(found, language) for found in shown.findings.values()]
    live, wide = shown.entry.live, shown.wide
    if live and load.awaiting(live) and any(wide[c].isna().all() for c in shown.findings):
        lines.append(f"{opening(unfetched(live, language))}.")
    return list(dict.fromkeys(lines))


def _nothing(shown: Shown, code: str, language: str) -> str:
    """Say that a unit has no rows: the indicator is national, or the sex is not published."""
    name = shown.entry.short_name[language]
    if shown.entry.level == "nation" or shown.sex == "T":
        return {
            "sv": f"{opening(name)} finns bara för riket.",
            "en": f"{opening(name)} exists for the nation only.",
        }[language]
    region, among = BY_CODE[code].name(language), _AMONG[shown.sex][language]
    return {
        "sv": f"{region} har inga värden för {among}.",
        "en": f"{region} has no values for {among}.",
    }[language]


def reservations(shown: Shown, language: str, most: int = 4) -> list[str]:
    """Return what a reader must know of the units shown: breaks and their own caveats first.

    Parameters
    ----------
    shown : Shown
    language : {"sv", "en"}
    most : int
        General caveats are added until there are so many lines.
    """
    entry, codes = shown.entry, list(shown.wide.columns)
    breaks: dict[str, list[str]] = {}
    for code in codes:
        for b in entry.breaks_for(code):
            breaks.setdefault(f"{b.year}{{}}: {b.reason[language]}.", []).append(code)
    word = {"sv": "Brott", "en": "Break"}[language]
    lines = []
    for text, concerned in breaks.items():
        labels = ", ".join(BY_CODE[code].label(language) for code in concerned)
        lines.append(f"{word} {text.format('' if concerned == codes else f' ({labels})')}")
    lines += [c[language] for code in codes for c in entry.caveats if code in c.regions]
    general = [c[language] for part in (entry, *parts(entry)) for c in part.caveats_for(NATION)]
    lines = list(dict.fromkeys(lines))
    general = [text for text in dict.fromkeys(general) if text not in lines]
    return lines + general[: max(0, most - len(lines))]


def sources(shown: Shown, language: str) -> list[dict]:
    """Return the raw files behind the values: source, file, vintage, sha256, licence."""
    found = []
    for part in parts(shown.entry) or [shown.entry]:
        file = rawdata.newest(part.source.dataset, part.source.vintage)
        found.append({"indicator": part.id, "source": part.source_line(language),
                      "file": f"data/raw/{file.path}", "vintage": file.vintage,
                      "sha256": file.sha256, "licence": file.licence})  # fmt: skip
    return found


def _plain(value):
    """Return a value as JSON has it: NaN is null."""
    return None if pd.isna(value) else value.item() if hasattr(value, "item") else value


def _line(fit: Fit | None) -> dict | None:
    """Return a fitted line's numbers, in units a year."""
    if fit is None:
        return None
    return {"years": list(fit.years), "slope": fit.slope, "lower": fit.lower, "upper": fit.upper,
            "autocorrelation": fit.autocorrelation, "verdict": fit.verdict}  # fmt: skip


def _trend(change: Trend) -> dict:
    cut = {"year": change.cut.year, "left_out": list(change.left_out)} if change.cut else None
    return {"verdict": change.verdict, "years": list(change.years), "all_years": _line(change.full),
            "without_2020_2021": _line(change.without_pandemic), "break": cut}  # fmt: skip


def content(shown: Shown, language: str) -> dict:
    """Return everything that is shown, and the trend of each unit, for programs."""
    entry, units = shown.entry, []
    for code in shown.wide.columns:
        own = shown.rows[shown.rows["region"] == code]
        if own.empty:
            continue
        values = [
            {key: _plain(row[key]) for key in ("year", "value", "lower", "upper", "status", "note")}
            for _, row in own.sort_values("year").iterrows()
        ]
        finding = shown.findings.get(code)
        breaks = [{"year": b.year, "reason": b.reason[language]} for b in entry.breaks_for(code)]
        units.append({
            "region": code, "name": BY_CODE[code].name(language),
            "finding": sentence(finding, language) if finding is not None else None,
            "trend": _trend(trend(shown.rows, code, shown.sex)),
            "breaks": breaks,
            "missing": missing_reason(entry, code, language) or None,
            "values": values,
        })  # fmt: skip
    return {
        "indicator": entry.id, "name": entry.name[language], "unit": unit(entry).name[language],
        "good": entry.good, "sex": shown.sex, "price_year": shown.price_year,
        "language": language, "awaiting": False, "regions": units,
        "remarks": [_nothing(shown, c, language) for c in shown.units if c not in shown.wide],
        "caveats": reservations(shown, language, most=1000),
        "sources": sources(shown, language), "source_line": entry.source_line(language),
        "fingerprint": shown.rows.attrs["fingerprint"],
    }  # fmt: skip
