"""Sentences on results that compare regions, or say what a region adds to the nation."""

from __future__ import annotations

from naravard.analysis.comparison import Comparison, Latest
from naravard.analysis.contribution import Contributions, LeaveOneOut
from naravard.analysis.funnel import LEVELS, Funnel
from naravard.analysis.slopes import RegionSlopes
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.quantities import quantity, slope
from naravard.language import number, opening, prices_of, span
from naravard.regions import BY_CODE, NATION
from naravard.sentences.say import worded
from naravard.sentences.words import (
    NO_VALUE,
    interval,
    names,
    nation_only,
    subject,
    without_index,
)

#: So many regions are named as those that move the nation most.
_NAMED = 3


@worded.register(Latest)
def latest(result: Latest, language: str) -> str:
    """Say where a region lies among the others in the latest year."""
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    if result.year is None:
        return {
            "sv": "**Inget år har värden från tillräckligt många regioner för en jämförelse.**",
            "en": "**No year has values from enough regions for a comparison.**",
        }[language]
    low, high = (quantity(result.regions.iloc[i], entry, language) for i in (0, -1))
    count, year = len(result.regions), result.year
    parts = []
    if region.code != NATION:
        known = result.value is not None
        value = quantity(result.value, entry, language) if known else NO_VALUE[language]
        parts.append(f"{region.name(language)} {value}")
    if result.nation is not None:
        nation = {"sv": "riket", "en": "the nation"}[language]
        parts.append(f"{nation} {quantity(result.nation, entry, language)}")
    return {
        "sv": f"**{year}: {', '.join(parts)}.** De {count} regioner som har värden ligger mellan "
        f"{low} och {high}. I skillnaderna ryms också slump och olika sätt att bokföra och "
        "rapportera.",
        "en": f"**{year}: {', '.join(parts)}.** The {count} regions with a value lie between {low} "
        f"and {high}. The differences include chance and differences in how things are booked or "
        "reported.",
    }[language]


@worded.register(RegionSlopes)
def region_slopes(result: RegionSlopes, language: str) -> str:
    """Say which regions change differently from the regions' average."""
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    if result.model is None:
        return {
            "sv": "**För få regioner har tillräckligt många år för att jämföra deras utveckling.**",
            "en": "**Too few regions have enough years to compare how they change.**",
        }[language]
    table, per = result.model.table, unit(entry).change[language]
    different = ", ".join(BY_CODE[code].name(language) for code in table.index[table["differs"]])
    mean, years = slope(result.model.slope, entry, language), span(result.years)
    own = ""
    if region.code in table.index:
        row = table.loc[region.code]
        alone, gap, *ends = (
            slope(row[key], entry, language) for key in ("ols", "gap", "gap_lower", "gap_upper")
        )
        around = interval(*ends, language)
        away = {"sv": f"alltså {gap} från genomsnittet", "en": f"that is {gap} from the average"}
        own = f" {region.name(language)}: {alone}, {away[language]} ({around})."
    elif region.code != NATION:
        few = {"sv": "har för få år för att vara med", "en": "has too few years to take part"}
        own = f" {region.name(language)} {few[language]}."
    if different:
        first = {"sv": f"{different} ändrades annorlunda än",
                 "en": f"{different} changed differently from"}[language]  # fmt: skip
    else:
        first = {
            "sv": f"Ingen av {len(table)} regioner ändrades säkert annorlunda än",
            "en": f"None of {len(table)} regions changed clearly differently from",
        }[language]
    return {
        "sv": f"**{first} regionernas genomsnitt {years}.** Genomsnittet är {mean} {per} per år."
        f"{own}",
        "en": f"**{first} the average of the regions {years}.** The average is {mean} {per} a year."
        f"{own}",
    }[language]


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
    near, far = (_names(scores, language) or none for scores in (narrow, wide))
    expected, count = number(result.expected, 0, language), len(table)
    if region.code in table.index and region.code not in narrow.index:
        value = quantity(table.at[region.code, "rate"], entry, language)
        inside = {"sv": "ligger innanför", "en": "lies within"}[language]
        own = f" {region.name(language)}, {value}, {inside}."
    elif region.code in table.index or region.code == NATION:
        own = ""
    else:
        own = f" {region.name(language)} {NO_VALUE[language]}."
    return {
        "sv": f" Utanför 95-procentsgränserna: {near}. Utanför 99,8-procentsgränserna: {far}."
        f"{own} Omkring {expected} av {count} regioner väntas utanför de förra även om ingen är "
        "särskild.",
        "en": f" Outside the 95% limits: {near}. Outside the 99.8% limits: {far}.{own} About "
        f"{expected} of {count} regions are expected outside the former even if none is special.",
    }[language]


@worded.register(Funnel)
def funnel(result: Funnel, language: str) -> str:
    """Say how far regions are spread beyond chance, and which lie outside the funnel limits."""
    entry = indicator(result.indicator)
    if result.reason or result.year is None:
        reason = result.reason or {
            "sv": "inget år har både värden och folkmängd för minst hälften av regionerna",
            "en": "no year has both values and people for at least half of the regions",
        }
        none = {"sv": "Inga slumpgränser kan ritas", "en": "No control limits can be drawn"}
        return f"{none[language]}: {reason[language]}."
    target, year = quantity(result.target, entry, language), result.year
    times = number(result.phi**0.5, 0 if result.phi >= 100 else 1, language)
    people, published = entry.denominator[language], ""
    if result.nation is not None and quantity(result.nation, entry, language) != target:
        nation = number(result.nation, entry.decimals, language)
        said = {"sv": "Rikets publicerade värde är", "en": "The nation's published value is"}
        published = f" {said[language]} {nation}."
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
    counts = {
        "sv": f" Antalen bakom är härledda ur värdet och {people} den 31 december.",
        "en": f" The counts behind are derived from the value and {people} on 31 December.",
    }
    return spread + published + _outside(result, language) + counts[language]


@worded.register(LeaveOneOut)
def leave_one_out(result: LeaveOneOut, language: str) -> str:
    """Say how the national share goes with and without one region."""
    entry, table = indicator(result.indicator), result.table
    start, end = table.index.min(), table.index.max()
    gap = table["all_regions"] - table["without"]
    largest = gap.abs().idxmax()
    most = number(abs(gap[largest]), entry.decimals, language)
    per, raises = unit(entry).change[language], gap[largest] > 0
    a, b, c, d = (
        quantity(table.at[year, column], entry, language)
        for column in ("all_regions", "without")
        for year in (start, end)
    )
    moves = {"sv": "höjer" if raises else "sänker", "en": "raises" if raises else "lowers"}
    name = BY_CODE[result.region].name(language)
    return {
        "sv": f"**Utan {name} går rikets andel från {c} ({start}) till {d} ({end}); med den från "
        f"{a} till {b}.** Mest {moves['sv']} regionen rikets andel {largest}, med {most} {per}.",
        "en": f"**Without {name} the national share goes from {c} ({start}) to {d} ({end}); with "
        f"it, from {a} to {b}.** The region {moves['en']} the national share most in {largest}, by "
        f"{most} {per}.",
    }[language] + _not_counted(result.left_out_always, language)


def _not_counted(codes, language: str) -> str:
    """Name regions that have no part in the nation's costs; empty if there are none."""
    absent = ", ".join(BY_CODE[code].name(language) for code in codes)
    none = {"sv": "ingår inte i rikets kostnader", "en": "is not part of the national costs"}
    return f" {absent} {none[language]}." if absent else ""


@worded.register(Contributions)
def contributions(result: Contributions, language: str) -> str:
    """Say which regions move the national share most, and how much the shown one does."""
    entry = indicator(result.indicator)
    per, years = unit(entry).change[language], span(result.years)

    def effect(code):
        return f"{BY_CODE[code].label(language)} {slope(result.effects[code], entry, language)}"

    most = names([effect(code) for code in result.effects.index[:_NAMED]], language)
    own = ""
    if result.region in result.effects.index[_NAMED:]:
        own = f" {effect(result.region)}."
    elif result.region in result.left_out_always:
        own = _not_counted([result.region], language)
    change = slope(result.change, entry, language)
    has = {"sv": "har ett brott", "en": "has a break in"}[language]
    for code in result.effects.index[:_NAMED]:
        for found in entry.breaks_for(code):
            if result.years[0] < found.year <= result.years[1]:
                where = BY_CODE[code].label(language)
                own += f" {where} {has} {found.year}: {found.reason[language]}."
    return {
        "sv": f"**Rikets andel ändrades med {change} {per} {years}; mest bidrog {most}.** Bidraget "
        "är rikets ändring minus ändringen utan regionen, så bidragen summerar inte till den."
        f"{own}",
        "en": f"**The national share changed by {change} {per} {years}; most came from {most}.** A "
        "contribution is the nation's change less the change without the region, so they do not "
        f"add up to it.{own}",
    }[language]


def prices(result: Comparison, language: str) -> str:
    """Name the prices that costs are in, to follow a comma; empty for what is not money."""
    if not indicator(result.indicator).in_money:
        return ""
    return prices_of(result.price_year, language, index=True)


@worded.register(Comparison)
def comparison(result: Comparison, language: str) -> str:
    """Say from what to what each region's values went, and which regions have none."""
    entry = indicator(result.indicator)
    years = result.table.index
    name = opening(subject(entry, result.sex, language))
    price = prices(result, language)
    known = [code for code in result.regions if not result.series(code).empty]
    text = f"**{name}{', ' + price if price else ''}, {span(years)}.** "
    text += "; ".join(_change(result, entry, code, language) for code in known) + "."
    if price and result.price_year is None and len(years) > 1:
        text += {
            "sv": " I löpande priser räknas också prisökningar in.",
            "en": " Current prices include the rise in prices.",
        }[language]
    text += without_index(result.without_index, language)
    without = (code for code in result.regions if code not in known)
    absent = dict.fromkeys(_absent(result, entry, code, language) for code in without)
    return " ".join([text, *absent])


def _change(result: Comparison, entry: Indicator, code: str, language: str) -> str:
    series, name = result.series(code), BY_CODE[code].name(language)
    first, last = (quantity(x, entry, language) for x in series.iloc[[0, -1]])
    start, end = series.index[[0, -1]]
    if start == end:
        return f"{name} {first}" + ("" if len(result.table) == 1 else f" ({start})")
    ends = (result.table.index[0], result.table.index[-1])
    when = "" if (start, end) == ends else f" ({span((start, end))})"
    text = {"sv": f"från {first} till {last}", "en": f"from {first} to {last}"}[language]
    across = {"sv": "över ett brott", "en": "across a break in"}[language]
    breaks = (found.year for found in entry.breaks_for(code) if start < found.year <= end)
    return f"{name} {text}{when}" + "".join(f", {across} {year}" for year in breaks)


def _absent(result: Comparison, entry: Indicator, code: str, language: str) -> str:
    if entry.level == "nation" and code != NATION:
        return nation_only(entry, language)
    gaps = [entry.gap(code, year) for year in result.table.index]
    reason = f": {gaps[0][language]}" if gaps[0] and len(set(map(str, gaps))) == 1 else ""
    none = {"sv": "saknar värden", "en": "has no values"}[language]
    return f"{BY_CODE[code].name(language)} {none}{reason}."
