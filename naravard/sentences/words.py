"""Words that several sentences share."""

from __future__ import annotations

from collections.abc import Iterable

from babel.lists import format_list

from naravard.analysis.trends import Trend
from naravard.catalogue import Indicator, indicator
from naravard.data.revisions import Cell
from naravard.language import LOCALE, NO_BREAK, number, opening, span, within

_SEXES = {"K": {"sv": " bland kvinnor", "en": " among women"},
          "M": {"sv": " bland män", "en": " among men"}}  # fmt: skip
#: By what `desired` tells.
TOWARD = {
    True: {"sv": ", i önskad riktning", "en": ", in the desired direction"},
    False: {"sv": ", i oönskad riktning", "en": ", in the undesired direction"},
}


def subject(entry: Indicator, sex: str, language: str) -> str:
    """Name what a series measures inside a sentence, and among whom."""
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
    reasons = [g.reason[language] for g in entry.gaps if code in g.regions]
    reasons = reasons or [g.reason[language] for g in entry.gaps if "*" in g.regions]
    return reasons[0] if reasons else ""


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
    good = indicator(change.indicator).good
    return None if moved is None or good == "neither" else moved == good


def change(cell: Cell, entry: Indicator, language: str) -> str:
    """Write a revision: before → after (difference; relative), telling the values apart."""
    more = range(entry.decimals, entry.decimals + _MORE)
    places = next((d for d in more if round(cell.before, d) != round(cell.after, d)), more[-1])
    old, new = (number(value, places, language) for value in (cell.before, cell.after))
    by = number(cell.change, places, language, sign=True)
    if cell.relative is not None:
        share = 100 * cell.relative
        shown = next((d for d in range(1, _MORE) if round(share, d)), _MORE)
        by += f"; {number(share, shown, language, sign=True)}"
        by += f"{NO_BREAK}%" if language == "sv" else "%"
    return f"{old} → {new} ({by})"


#: So many decimals more than the catalogue's are written to tell two values apart.
_MORE = 6
