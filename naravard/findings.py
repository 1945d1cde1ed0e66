"""Results → sentences, in Swedish and English.

A sentence takes its numbers from the result object that its figure is drawn from, so the two can
never contradict each other.
"""

from __future__ import annotations

from functools import singledispatch

from naravard.analysis.contribution import LeaveOneOut
from naravard.analysis.prices import PriceChange
from naravard.analysis.trends import FEWEST_YEARS, PANDEMIC, Fit, Trend
from naravard.analysis.variation import Latest
from naravard.catalogue import Indicator, indicator
from naravard.language import change_unit, check, number, opening, quantity, span
from naravard.regions import BY_CODE, NATION

VERDICTS = {
    "rising": {"sv": "stiger", "en": "rising"},
    "falling": {"sv": "sjunker", "en": "falling"},
    "no clear change": {"sv": "ingen tydlig förändring", "en": "no clear change"},
    "depends on the pandemic years": {
        "sv": "beror på pandemiåren",
        "en": "depends on the pandemic years",
    },
    "too few years": {"sv": "för få år", "en": "too few years"},
    "no data": {"sv": "inga värden", "en": "no data"},
}
_PANDEMIC = span(PANDEMIC)


@singledispatch
def sentence(result, language: str = "sv") -> str:
    """Say a result in words.

    Parameters
    ----------
    result : Trend, LeaveOneOut, PriceChange or Latest
    language : {"sv", "en"}

    Returns
    -------
    str
        One to four sentences of Markdown, the main message in bold, with number, interval, years
        and reservation.

    Raises
    ------
    TypeError
        For a result that has no words.
    """
    raise TypeError(f"no sentence for {type(result).__name__}")


def headline(result: Trend, language: str = "sv") -> str:
    """Say a trend's verdict in one short sentence without numbers."""
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    name = opening(entry.short_name[language])
    verdict = result.verdict
    sv = {
        "rising": f"{name} stiger",
        "falling": f"{name} sjunker",
        "no clear change": f"{name} visar ingen tydlig förändring",
        "depends on the pandemic years": f"{name}: slutsatsen beror på pandemiåren",
        "too few years": f"{name}: för få år för att uttala sig om en trend",
        "no data": f"{name}: det finns inga värden",
    }
    en = {
        "rising": f"{name} is rising",
        "falling": f"{name} is falling",
        "no clear change": f"{name} shows no clear change",
        "depends on the pandemic years": f"{name}: the conclusion depends on the pandemic years",
        "too few years": f"{name}: too few years to speak of a trend",
        "no data": f"{name}: there are no values",
    }
    wanted = {"rising": "up", "falling": "down"}.get(verdict)
    toward = ""
    if wanted and entry.good != "neither":
        good = wanted == entry.good
        toward = {
            "sv": ", i önskad riktning" if good else ", mot önskad riktning",
            "en": ", as wanted" if good else ", against what is wanted",
        }[language]
    text = (en if language == "en" else sv)[verdict]
    return f"{region.name(language)}: {text[:1].lower() + text[1:]}{toward}."


def _slope(fit: Fit, entry: Indicator, language: str) -> str:
    decimals = entry.decimals + 1 if entry.unit != "percent" else max(entry.decimals + 1, 2)
    if entry.unit in ("sek_per_inhabitant", "sek_million"):
        decimals = 0
    slope, lower, upper = (
        number(x, decimals, language, sign=True) for x in (fit.slope, fit.lower, fit.upper)
    )
    unit = change_unit(entry, language)
    if language == "en":
        return f"{slope} {unit} a year (95% interval {lower} to {upper}; {len(fit.years)} years)"
    return f"{slope} {unit} per år (95 % intervall {lower} till {upper}; {len(fit.years)} år)"


def _cut(result: Trend, language: str) -> str:
    if result.cut is None:
        return ""
    if language == "en":
        return (
            f" Years before {result.cut.year} are left out, because they cannot be compared: "
            f"{result.cut.reason.en}."
        )
    return (
        f" Åren före {result.cut.year} räknas inte med, eftersom de inte går att jämföra: "
        f"{result.cut.reason.sv}."
    )


def _without_pandemic(result: Trend, entry: Indicator, language: str) -> str:
    if result.remaining == len(result.years):
        return ""
    other = result.without_pandemic
    if other is None:
        return {
            "sv": f" Utan pandemiåren {_PANDEMIC} återstår {result.remaining} år, för få för att "
            "pröva om de avgör slutsatsen.",
            "en": f" Without the pandemic years {_PANDEMIC}, {result.remaining} years remain, too "
            "few to test whether they decide the conclusion.",
        }[language]
    slope, verdict = _slope(other, entry, language), VERDICTS[other.verdict][language]
    return {
        "sv": f" Utan pandemiåren {_PANDEMIC}: {verdict}, {slope}.",
        "en": f" Without the pandemic years {_PANDEMIC}: {verdict}, {slope}.",
    }[language]


def missing_reason(entry: Indicator, code: str, language: str) -> str:
    """Say why a region has no value, from the catalogue's gaps; empty if nothing is known."""
    reasons = [g.reason[language] for g in entry.gaps if code in g.regions]
    reasons = reasons or [g.reason[language] for g in entry.gaps if "*" in g.regions]
    return reasons[0] if reasons else ""


@sentence.register
def _(result: Trend, language: str = "sv") -> str:
    bold = f"**{headline(result, language)}**"
    entry = indicator(result.indicator)
    if result.verdict == "no data":
        reason = missing_reason(entry, result.region, language)
        return f"{bold} {opening(reason)}." if reason else bold
    first, last = (quantity(x, entry, language) for x in (result.first, result.last))
    years = span(result.years)
    cut = _cut(result, language)
    if result.full is None:
        count = len(result.years)
        if language == "en":
            has = f"{count} year" if count == 1 else f"{count} years"
            return (
                f"{bold} There are {has} of values ({years}), at least {FEWEST_YEARS} are needed. "
                f"The latest is {last} ({max(result.years)}).{cut}"
            ).replace("There are 1 year of values", "There is 1 year of values")
        return (
            f"{bold} Det finns värden för {count} år ({years}), minst {FEWEST_YEARS} behövs. "
            f"Det senaste är {last} ({max(result.years)}).{cut}"
        )
    slope = _slope(result.full, entry, language)
    start, end = min(result.years), max(result.years)
    if language == "en":
        body = f"From {first} in {start} to {last} in {end}; {slope}."
        if result.full.verdict == "no clear change":
            body += " The interval includes zero."
    else:
        body = f"Från {first} år {start} till {last} år {end}; {slope}."
        if result.full.verdict == "no clear change":
            body += " Intervallet rymmer noll."
    return f"{bold} {body}{_without_pandemic(result, entry, language)}{cut}"


@sentence.register
def _(result: LeaveOneOut, language: str = "sv") -> str:
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    table = result.table
    start, end = table.index.min(), table.index.max()
    gap = (table["all_regions"] - table["without"]).abs()
    largest = gap.idxmax()

    def value(column, year):
        return quantity(table.at[year, column], entry, language)

    most = number(gap[largest], entry.decimals, language)
    unit = change_unit(entry, language)
    a, b = value("all_regions", start), value("all_regions", end)
    c, d = value("without", start), value("without", end)
    if language == "en":
        return (
            f"**Without {region.name('en')} the national share goes from {c} ({start}) to {d} "
            f"({end}); with it, from {a} to {b}.** The region moves the nation most in {largest}, "
            f"by {most} {unit}."
        )
    return (
        f"**Utan {region.name('sv')} går rikets andel från {c} ({start}) till {d} ({end}); med den "
        f"från {a} till {b}.** Mest flyttar regionen riket {largest}, med {most} {unit}."
    )


@sentence.register
def _(result: PriceChange, language: str = "sv") -> str:
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    name = region.name(language)
    if len(result.current) < 2:
        return {
            "sv": f"**{name}: inga kostnader att jämföra.**",
            "en": f"**{name}: no costs to compare.**",
        }[language]
    (y0, v0), (y1, v1) = result.current

    def percent(before, after):
        text = number(100 * (after / before - 1), 1, language, sign=True)
        return text + ("%" if language == "en" else "\u00a0%")

    now = (quantity(v0, entry, language), quantity(v1, entry, language), percent(v0, v1))
    fixed = ""
    if len(result.fixed) == 2:
        (f0, w0), (f1, w1) = result.fixed
        then = (quantity(w0, entry, language), quantity(w1, entry, language), percent(w0, w1))
        fixed = {
            "sv": f" I {result.price_year} års priser (KPI) gick den från {then[0]} år {f0} till "
            f"{then[1]} år {f1} ({then[2]}).",
            "en": f" In prices of {result.price_year} (CPI) it went from {then[0]} in {f0} to "
            f"{then[1]} in {f1} ({then[2]}).",
        }[language]
    uncovered = ""
    if result.without_index:
        years = span(result.without_index)
        uncovered = {
            "sv": f" För {years} finns inget prisindex i samlingen.",
            "en": f" For {years} there is no price index in the collection.",
        }[language]
    what = entry.short_name[language]
    if language == "en":
        return (
            f"**{name}: {what[:1].lower() + what[1:]} went from {now[0]} per inhabitant in {y0} to "
            f"{now[1]} in {y1} ({now[2]}) in current prices.**{fixed}{uncovered}"
        )
    return (
        f"**{name}: {what[:1].lower() + what[1:]} gick från {now[0]} per invånare år {y0} till "
        f"{now[1]} år {y1} ({now[2]}) i löpande priser.**{fixed}{uncovered}"
    )


@sentence.register
def _(result: Latest, language: str = "sv") -> str:
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    if result.year is None:
        return {
            "sv": "**Inget år har värden från tillräckligt många regioner för en jämförelse.**",
            "en": "**No year has values from enough regions for a comparison.**",
        }[language]
    low, high = (quantity(result.regions.iloc[i], entry, language) for i in (0, -1))
    own = None if result.value is None else quantity(result.value, entry, language)
    nation = None if result.nation is None else quantity(result.nation, entry, language)
    count, year = len(result.regions), result.year
    parts = []
    if region.code != NATION:
        name = region.name(language)
        if own is None:
            parts.append(f"{name} saknar värde" if language == "sv" else f"{name} has no value")
        else:
            parts.append(f"{name} {own}")
    if nation is not None:
        parts.append(f"riket {nation}" if language == "sv" else f"the nation {nation}")
    if language == "en":
        return (
            f"**{year}: {', '.join(parts)}.** The {count} regions with a value lie between {low} "
            f"and {high}. The differences include chance and differences in how things are booked "
            "or reported."
        )
    return (
        f"**{year}: {', '.join(parts)}.** De {count} regioner som har värden ligger mellan {low} "
        f"och {high}. I skillnaderna ryms också slump och olika sätt att bokföra och rapportera."
    )
