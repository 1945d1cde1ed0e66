"""The sentence of some regions' values beside each other."""

from __future__ import annotations

from naravard.analysis.comparison import Comparison
from naravard.catalogue import Indicator, indicator
from naravard.findings_words import subject
from naravard.language import check, opening, prices_of, quantity, span
from naravard.regions import BY_CODE, NATION


def prices(result: Comparison, language: str) -> str:
    """Name the prices that costs are in, to stand after a comma; empty for what is no money."""
    if not indicator(result.indicator).in_money:
        return ""
    if result.price_year is None:
        return {"sv": "löpande priser", "en": "current prices"}[language]
    index = {"sv": "KPI", "en": "CPI"}[language]
    return f"{prices_of(result.price_year, language)} ({index})"


def comparison(result: Comparison, language: str = "sv") -> str:
    """Say from what to what each unit's values went, and which units have none."""
    check(language)
    entry = indicator(result.indicator)
    years = result.table.index
    name = opening(subject(entry, result.sex, language))
    price = prices(result, language)
    head = f"**{name}{', ' + price if price else ''}, {span(years)}.**"
    known = [code for code in result.regions if not result.series(code).empty]
    text = f"{head} {'; '.join(_change(result, entry, code, language) for code in known)}."
    if price and result.price_year is None and len(years) > 1:
        text += {
            "sv": " I löpande priser räknas också prisökningar in.",
            "en": " Current prices include the rise in prices.",
        }[language]
    if result.without_index:
        text += {
            "sv": f" För {span(result.without_index)} finns inget prisindex i samlingen.",
            "en": f" For {span(result.without_index)} there is no price index in the collection.",
        }[language]
    absent = (
        _absent(result, entry, code, language) for code in result.regions if code not in known
    )
    return text + "".join(f" {one}" for one in dict.fromkeys(absent))


def _change(result: Comparison, entry: Indicator, code: str, language: str) -> str:
    series, name = result.series(code), BY_CODE[code].name(language)
    first, last = (quantity(x, entry, language) for x in series.iloc[[0, -1]])
    start, end = series.index[[0, -1]]
    if start == end:
        return f"{name} {first}" + ("" if len(result.table) == 1 else f" ({start})")
    ends = (result.table.index[0], result.table.index[-1])
    when = "" if (start, end) == ends else f" ({span((start, end))})"
    text = {
        "sv": f"{name} från {first} till {last}{when}",
        "en": f"{name} from {first} to {last}{when}",
    }[language]
    for found in entry.breaks_for(code):
        if start < found.year <= end:
            text += {"sv": f", över ett brott {found.year}",
                     "en": f", across a break in {found.year}"}[language]  # fmt: skip
    return text


def _absent(result: Comparison, entry: Indicator, code: str, language: str) -> str:
    if entry.level == "nation" and code != NATION:
        return {
            "sv": f"{opening(entry.short_name.sv)} finns bara för riket.",
            "en": f"{opening(entry.short_name.en)} exists for the nation only.",
        }[language]
    gaps = [entry.gap(code, year) for year in result.table.index]
    reason = f": {gaps[0][language]}" if gaps[0] and len(set(map(str, gaps))) == 1 else ""
    none = {"sv": "saknar värden", "en": "has no values"}[language]
    return f"{BY_CODE[code].name(language)} {none}{reason}."
