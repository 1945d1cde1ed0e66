"""Words that several sentences share."""

from __future__ import annotations

from collections.abc import Iterable

from babel.lists import format_list

from naravard.analysis.trends import Trend
from naravard.catalogue import EVERYWHERE, Indicator, indicator
from naravard.data.revisions import Cell
from naravard.language import LOCALE, number, opening, percent, span, within
from naravard.regions import BY_CODE

_SEXES = {"K": {"sv": " bland kvinnor", "en": " among women"},
          "M": {"sv": " bland män", "en": " among men"}}  # fmt: skip
NO_VALUE = {"sv": "saknar värde", "en": "has no value"}
#: So many decimals more than the catalogue's are written to tell two values apart.
_MORE = 6
#: By what `desired` tells.
TOWARD = {
    True: {"sv": ", i önskad riktning", "en": ", in the desired direction"},
    False: {"sv": ", i oönskad riktning", "en": ", in the undesired direction"},
}


def subject(entry: Indicator, sex: str, language: str) -> str:
    """Name the indicator of a series inside a sentence, and among whom."""
    return within(entry.short_name[language]) + _SEXES.get(sex, {}).get(language, "")


def bullets(lines: Iterable[str]) -> str:
    """Write lines as a list, each once."""
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines))


def nation_only(entry: Indicator, language: str) -> str:
    """Say that an indicator has no values of regions."""
    only = {"sv": "finns bara för riket", "en": "exists for the nation only"}[language]
    return f"{opening(entry.short_name[language])} {only}."


def missing_reason(entry: Indicator, code: str, language: str) -> str:
    """Say why a region has no value, from the catalogue's gaps; empty if nothing is known."""
    found = (g for one in (code, EVERYWHERE) for g in entry.gaps if one in g.regions)
    return next((gap.reason[language] for gap in found), "")


def head(code: str, text: str, language: str) -> str:
    """Write the main message, in bold: a region's name and what is said of it."""
    return f"**{BY_CODE[code].name(language)}: {text}.**"


def why_none(entry: Indicator, code: str, language: str) -> str:
    """Say after a main message why a region has no values; empty if that is not known."""
    reason = missing_reason(entry, code, language)
    return f" {opening(reason)}." if reason else ""


def from_to(first: str, start: int, last: str, end: int, language: str) -> str:
    """Write "from x in y to z in w"."""
    words = {"sv": "från {} år {} till {} år {}", "en": "from {} in {} to {} in {}"}[language]
    return words.format(first, start, last, end)


def interval(low: str, high: str, language: str) -> str:
    """Write a 95 % interval."""
    words = {"sv": "95-procentsintervall {} till {}", "en": "95% interval {} to {}"}[language]
    return words.format(low, high)


def without_index(years: Iterable[int], language: str) -> str:
    """Say for which years costs cannot be put into fixed prices; empty if for none."""
    if not years:
        return ""
    return {
        "sv": f" För {span(years)} finns inget prisindex i samlingen.",
        "en": f" For {span(years)} there is no price index in the collection.",
    }[language]


def left_out(result, language: str) -> str:
    """Name the years that are cut off by a break; empty if none is."""
    if result.cut is None:
        return ""
    before, reason = span(result.left_out), result.cut.reason[language]
    return {
        "sv": f" Värdena {before} räknas inte med, eftersom serien bryts {result.cut.year}: "
        f"{reason}.",
        "en": f" The values of {before} are left out, because the series breaks in "
        f"{result.cut.year}: {reason}.",
    }[language]


def names(words: list[str], language: str) -> str:
    """Join words as a list in a sentence."""
    return format_list(words, locale=LOCALE[language])


def desired(change: Trend) -> bool | None:
    """Tell whether a rising or falling trend goes in the desired direction; None if neither."""
    moved = {"rising": "up", "falling": "down"}.get(change.verdict)
    polarity = indicator(change.indicator).polarity
    return None if moved is None or polarity == "neither" else moved == polarity


def change(cell: Cell, entry: Indicator, language: str) -> str:
    """Write a revision: before → after (difference; relative), telling the values apart."""
    more = range(entry.decimals, entry.decimals + _MORE)
    places = next((d for d in more if round(cell.before, d) != round(cell.after, d)), more[-1])
    old, new = (number(value, places, language) for value in (cell.before, cell.after))
    by = number(cell.change, places, language, sign=True)
    if cell.relative is not None:
        share = 100 * cell.relative
        shown = next((d for d in range(1, _MORE) if round(share, d)), _MORE)
        by += f"; {percent(share, shown, language, sign=True)}"
    return f"{old} → {new} ({by})"
