"""Sentences on what regions add to the nation's movement, registered in `naravard.findings`."""

from __future__ import annotations

from naravard.analysis.contribution import Contributions, LeaveOneOut
from naravard.catalogue import indicator, unit
from naravard.findings_words import names
from naravard.language import check, number, quantity, slope, span
from naravard.regions import BY_CODE

#: So many regions are named as those that move the nation most.
_NAMED = 3


def leave_one_out(result: LeaveOneOut, language: str = "sv") -> str:
    """Say how the national share goes with and without one region."""
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    table = result.table
    start, end = table.index.min(), table.index.max()
    gap = table["all_regions"] - table["without"]
    largest = gap.abs().idxmax()

    def value(column, year):
        return quantity(table.at[year, column], entry, language)

    most = number(abs(gap[largest]), entry.decimals, language)
    per = unit(entry).change[language]
    a, b = value("all_regions", start), value("all_regions", end)
    c, d = value("without", start), value("without", end)
    names = ", ".join(BY_CODE[code].name(language) for code in result.left_out_always)
    if language == "en":
        moves = "raises" if gap[largest] > 0 else "lowers"
        outside = f" {names} is not part of the national costs." if names else ""
        return (
            f"**Without {region.name('en')} the national share goes from {c} ({start}) to {d} "
            f"({end}); with it, from {a} to {b}.** The region {moves} the national share most in "
            f"{largest}, by {most} {per}.{outside}"
        )
    moves = "höjer" if gap[largest] > 0 else "sänker"
    outside = f" {names} ingår inte i rikets kostnader." if names else ""
    return (
        f"**Utan {region.name('sv')} går rikets andel från {c} ({start}) till {d} ({end}); med den "
        f"från {a} till {b}.** Mest {moves} regionen rikets andel {largest}, med {most} "
        f"{per}.{outside}"
    )


def contributions(result: Contributions, language: str = "sv") -> str:
    """Say which regions move the national share most, and how much the shown one does."""
    check(language)
    entry = indicator(result.indicator)
    per, years = unit(entry).change[language], span(result.years)

    def effect(code):
        return f"{BY_CODE[code].label(language)} {slope(result.effects[code], entry, language)}"

    most = names([effect(code) for code in result.effects.index[:_NAMED]], language)
    own = ""
    if result.region in result.effects.index[_NAMED:]:
        own = f" {effect(result.region)}."
    elif result.region in result.left_out_always:
        own = {
            "sv": f" {BY_CODE[result.region].name('sv')} ingår inte i rikets kostnader.",
            "en": f" {BY_CODE[result.region].name('en')} is not part of the national costs.",
        }[language]
    change = slope(result.change, entry, language)
    for code in result.effects.index[:_NAMED]:
        for found in entry.breaks_for(code):
            if result.years[0] < found.year <= result.years[1]:
                own += {
                    "sv": f" {BY_CODE[code].label('sv')} har ett brott {found.year}: "
                    f"{found.reason.sv}.",
                    "en": f" {BY_CODE[code].label('en')} has a break in {found.year}: "
                    f"{found.reason.en}.",
                }[language]
    return {
        "sv": f"**Rikets andel ändrades med {change} {per} {years}; mest bidrog {most}.** Bidraget "
        "är rikets ändring minus ändringen utan regionen, så bidragen summerar inte till den."
        f"{own}",
        "en": f"**The national share changed by {change} {per} {years}; most came from {most}.** A "
        "contribution is the nation's change less the change without the region, so they do not "
        f"add up to it.{own}",
    }[language]
