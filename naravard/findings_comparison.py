"""Results that compare regions → sentences, in Swedish and English."""

from __future__ import annotations

from naravard.analysis.funnel import LEVELS, Funnel
from naravard.analysis.mixed import RegionSlopes
from naravard.analysis.variation import Latest
from naravard.catalogue import indicator, unit
from naravard.language import check, number, quantity, slope, span
from naravard.regions import BY_CODE, NATION


def latest(result: Latest, language: str = "sv") -> str:
    """Say where a region stands among the others in the latest year."""
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


def region_slopes(result: RegionSlopes, language: str = "sv") -> str:
    """Say which regions change differently from the regions' average."""
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    if result.model is None:
        return {
            "sv": "**För få regioner har tillräckligt många år för att jämföra deras utveckling.**",
            "en": "**Too few regions have enough years to compare how they change.**",
        }[language]
    table, per = result.model.table, unit(entry).change[language]
    different = table.index[table["differs"]]
    names = ", ".join(BY_CODE[code].name(language) for code in different)
    mean = slope(result.model.slope, entry, language)
    years, count = span(result.years), len(table)
    own = ""
    if region.code in table.index:
        row = table.loc[region.code]
        alone, gap, low, high = (
            slope(row[key], entry, language) for key in ("own", "gap", "gap_lower", "gap_upper")
        )
        own = {
            "sv": f" {region.name('sv')}: {alone}, alltså {gap} från genomsnittet "
            f"(95-procentsintervall {low} till {high}).",
            "en": f" {region.name('en')}: {alone}, that is {gap} from the average (95% interval "
            f"{low} to {high}).",
        }[language]
    elif region.code != NATION:
        own = {
            "sv": f" {region.name('sv')} har för få år för att vara med.",
            "en": f" {region.name('en')} has too few years to take part.",
        }[language]
    if language == "en":
        first = f"{names} changed differently" if names else f"None of {count} regions changed"
        first += " from" if names else " clearly differently from"
        return (
            f"**{first} the average of the regions {years}.** The average is {mean} {per} a "
            f"year.{own}"
        )
    first = f"{names} ändrades annorlunda" if names else (
        f"Ingen av {count} regioner ändrades säkert annorlunda"
    )  # fmt: skip
    return (
        f"**{first} än regionernas genomsnitt {years}.** Genomsnittet är {mean} {per} per år.{own}"
    )


def _names(scores, language: str) -> str:
    """Name regions with the side of the limits on which they lie."""
    beside = {"sv": ("under", "över"), "en": ("below", "above")}[language]
    sides = zip(beside, (scores.index[scores < 0], scores.index[scores > 0]), strict=True)
    named = [(where, [BY_CODE[code].name(language) for code in codes]) for where, codes in sides]
    return "; ".join(f"{', '.join(names)} ({where})" for where, names in named if names)


def _outside(result: Funnel, language: str) -> str:
    """Name the regions outside the limits, and say where the page's own region lies."""
    entry, region, table = indicator(result.indicator), BY_CODE[result.region], result.table
    wide, narrow = (result.outside(level) for level in reversed(LEVELS))
    none = {"sv": "ingen", "en": "none"}[language]
    names, far = (_names(scores, language) or none for scores in (narrow, wide))
    expected, count = number(result.expected, 0, language), len(table)
    if region.code in table.index and region.code not in narrow.index:
        value = quantity(table.at[region.code, "rate"], entry, language)
        own = {
            "sv": f" {region.name('sv')}, {value}, ligger innanför.",
            "en": f" {region.name('en')}, {value}, lies within.",
        }[language]
    elif region.code in table.index or region.code == NATION:
        own = ""
    else:
        own = {
            "sv": f" {region.name('sv')} saknar värde.",
            "en": f" {region.name('en')} has no value.",
        }[language]
    return {
        "sv": f" Utanför 95-procentsgränserna: {names}. Utanför 99,8-procentsgränserna: {far}."
        f"{own} Omkring {expected} av {count} regioner väntas utanför de förra även om ingen är "
        "särskild.",
        "en": f" Outside the 95% limits: {names}. Outside the 99.8% limits: {far}.{own} About "
        f"{expected} of {count} regions are expected outside the former even if none is special.",
    }[language]


def funnel(result: Funnel, language: str = "sv") -> str:
    """Say how far regions are spread beyond chance, and which lie outside the funnel limits."""
    check(language)
    entry = indicator(result.indicator)
    if result.reason:
        return {
            "sv": f"Inga slumpgränser kan ritas: {result.reason.sv}.",
            "en": f"No limits for chance can be drawn: {result.reason.en}.",
        }[language]
    if result.year is None:
        return {
            "sv": "Inga slumpgränser kan ritas: inget år har både värden och folkmängd för minst "
            "hälften av regionerna.",
            "en": "No limits for chance can be drawn: no year has both values and people for at "
            "least half of the regions.",
        }[language]
    target, year = quantity(result.target, entry, language), result.year
    times = number(result.phi**0.5, 0 if result.phi >= 100 else 1, language)
    people, published = entry.denominator[language], ""
    if result.nation is not None and quantity(result.nation, entry, language) != target:
        nation = number(result.nation, entry.decimals, language)
        published = {
            "sv": f" Rikets publicerade värde är {nation}.",
            "en": f" The nation's published value is {nation}.",
        }[language]
    if result.tau == 0:
        spread = {
            "sv": f"**{year}: regionerna skiljer sig inte mer kring sitt gemensamma värde, "
            f"{target}, än slumpen ensam skulle ge.**",
            "en": f"**{year}: the regions differ around their common value, {target}, by no more "
            "than chance alone would give.**",
        }[language]
    else:
        spread = {
            "sv": f"**{year}: regionerna är {times} gånger så utspridda kring sitt gemensamma "
            f"värde, {target}, som slumpen ensam skulle ge.** Skillnaderna kan bero på befolkning, "
            "avstånd och rapportering lika väl som på vården, så gränserna är vidgade för dem.",
            "en": f"**{year}: the regions are spread {times} times as widely around their common "
            f"value, {target}, as chance alone would give.** The differences can come from "
            "population, distances and reporting as well as from care, so the limits are widened "
            "for them.",
        }[language]
    return spread + published + _outside(result, language) + {
        "sv": f" Antalen bakom är härledda ur värdet och {people} den 31 december.",
        "en": f" The counts behind are derived from the value and {people} on 31 December.",
    }[language]  # fmt: skip
