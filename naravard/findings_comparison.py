"""Results that compare regions → sentences, in Swedish and English."""

from __future__ import annotations

from naravard.analysis.mixed import RegionSlopes
from naravard.analysis.variation import Latest
from naravard.catalogue import indicator, unit
from naravard.language import check, quantity, slope, span
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
