"""The small print of a page: what indicators mean, what they do not show, where they come from."""

from __future__ import annotations

from naravard.catalogue import Indicator, indicator, parts
from naravard.catalogue.model import StatusTable
from naravard.data import processed, raw, tracking
from naravard.data.availability import sentence
from naravard.data.documents import table, tables
from naravard.data.load import table as observations
from naravard.language import check, opening, ranges, within
from naravard.regions import BY_CODE, NATION, resolve
from naravard.sentences.say import Prose
from naravard.sentences.words import missing_reason


def _bullets(lines) -> str:
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines))


def _gap_lines(entry: Indicator, code: str, language: str) -> list[str]:
    """Say which years a region lacks, why, and what would fetch them."""
    if processed.awaiting(entry.id):
        tracking.note("indicator", entry.id)
        return [f"{opening(sentence(entry.id, language))}."]
    rows = observations([entry.id])
    rows = rows[rows["sex"] == "T"]
    own = rows[rows["region"] == code]
    region = BY_CODE[code].name(language)
    if own.empty and entry.kind in ("price_index", "target"):
        return []
    if own.empty:
        known = {
            "sv": f"{opening(entry.short_name.sv)} finns bara för riket.",
            "en": f"{opening(entry.short_name.en)} exists for the nation only.",
        }
        return [known[language]]
    absent = own[own["value"].isna()]["year"].tolist()
    if not absent:
        return []
    by_reason: dict[str, list[int]] = {}
    unknown = (
        missing_reason(entry, code, language)
        or {
            "sv": "finns inte i det insamlade materialet",
            "en": "not in the collected figures",
        }[language]
    )
    for year in absent:
        reason = entry.gap(code, year)
        by_reason.setdefault(reason[language] if reason else unknown, []).append(year)
    lines = []
    for reason, years in by_reason.items():
        when = ranges(years)
        text = {
            "sv": f"{region} saknar värde {when}: {reason}.",
            "en": f"{region} has no value for {when}: {reason}.",
        }[language]
        lines.append(text)
    return lines + _fetch_lines(entry, language)


def _fetch_lines(entry: Indicator, language: str) -> list[str]:
    """Say which command fetches what is published; nothing if it has been fetched, or cannot be."""
    entry = indicator(entry.live) if entry.live else entry
    if not entry.source or not entry.source.dataset.startswith("kolada/"):
        return []
    tracking.note("indicator", entry.id)
    if not processed.awaiting(entry.id) and _raw(entry).requests:
        return []
    at, command = f"Kolada {entry.source.id}", f"`naravard data fetch --indicator {entry.id}`"
    return [
        {
            "sv": f"Det som är publicerat ({at}) hämtas med {command}.",
            "en": f"What is published ({at}) is fetched with {command}.",
        }[language]
    ]


def _raw(entry: Indicator) -> raw.RawFile:
    """Return the raw file that an indicator's rows come from."""
    return raw.newest(entry.source.dataset, entry.source.vintage)


def _caveat_lines(entry: Indicator | StatusTable, code: str, language: str) -> list[str]:
    """The region's caveats, and the nation's, which stands on every page as the reference."""
    return [c[language] for unit in (code, NATION) for c in entry.caveats_for(unit)]


def _break_lines(entry: Indicator, code: str, language: str) -> list[str]:
    """Say from which years on values are not comparable, one line a reason."""
    by_reason: dict[str, list[int]] = {}
    for b in entry.breaks_for(code):
        by_reason.setdefault(b.reason[language], []).append(b.year)
    word = {"sv": "Brott", "en": "Break"}[language]
    return [
        f"{word} {', '.join(map(str, years))}: {reason}." for reason, years in by_reason.items()
    ]


def _choice_lines(entry: Indicator, code: str, language: str) -> list[str]:
    """Say where sources on the region or the nation disagree and which one is used."""
    word = {"sv": "Källorna går isär", "en": "Sources disagree"}[language]
    return [
        f"{word}{f', {c.year}' if c.year else ''}: {c.reason[language]}."
        for unit in (code, NATION)
        for c in entry.choices_for(unit)
    ]


def _limit_lines(entry: Indicator, language: str) -> list[str]:
    """Say which people the limits for chance rest on, or why there are none."""
    if entry.at_risk:
        names = [within(indicator(id).name[language]) for id in entry.at_risk]
        people = entry.denominator[language]
        more = {"sv": f", som är {' × '.join(names)}", "en": f", which is {' × '.join(names)}"}
        shown = more[language] if len(names) > 1 else ""
        return [
            {
                "sv": "Antalen bakom slumpgränserna är härledda, inte publicerade: värdet × "
                f"{people} den 31 december samma år{shown}. En person kan räknas flera gånger, så "
                "slumpen är större än beräkningen antar.",
                "en": "The counts behind the limits for chance are derived, not published: the "
                f"value × {people} on 31 December of the same year{shown}. A person can be counted "
                "several times, so chance is larger than the calculation supposes.",
            }[language]
        ]
    if entry.level != "region" or entry.kind not in ("indicator", "cost"):
        return []
    reason = entry.no_limits[language]
    return [{"sv": f"Inga slumpgränser ritas: {reason}.",
             "en": f"No limits for chance are drawn: {reason}."}[language]]  # fmt: skip


def _own_limits(ids: list[str], code: str, language: str) -> Prose:
    """Say what is particular to a region's values, and of which indicators."""
    concerned: dict[str, list[str]] = {}
    for id in ids:
        entry = indicator(id)
        own = [c[language] for c in entry.caveats if code in c.regions]
        for text in own + _break_lines(entry, code, language):
            concerned.setdefault(text, []).append(within(entry.short_name[language]))
    nothing = {
        "sv": "Inget särskilt är känt om regionens värden.",
        "en": "Nothing particular is known of the region's values.",
    }[language]
    lines = [f"{text} ({'; '.join(names)})" for text, names in concerned.items()]
    return Prose(_bullets(lines) if lines else nothing)


def limits(ids: str | list[str], region, language: str = "sv", own_only: bool = False) -> Prose:
    """Show what indicators mean and what they do not show, for a region.

    Parameters
    ----------
    ids : str or list of str
    region : str, int or Region
    language : {"sv", "en"}
    own_only : bool
        Only what concerns the region in particular: for pages of many indicators.

    Returns
    -------
    Prose
        For each indicator its definition, caveats, breaks, the years without a value with the
        reason and the command that fetches them, and the people behind the limits for chance;
        of one that awaits its figures, how to fetch them.
        With ``own_only`` the region's own caveats and breaks, a line each with the indicators that
        it concerns.

    Raises
    ------
    NaravardError
        On an unknown indicator, region or language.
    """
    check(language)
    code = resolve(region).code
    if own_only:
        return _own_limits(ids, code, language)
    sections = []
    for id in [ids] if isinstance(ids, str) else ids:
        entry = table(id) if id in tables() else indicator(id)
        lines = [entry.definition[language]]
        lines += _caveat_lines(entry, code, language)
        if isinstance(entry, StatusTable):
            sections.append(f"**{entry.name[language]}**\n\n{_bullets(lines)}")
            continue
        lines += _break_lines(entry, code, language)
        lines += _choice_lines(entry, code, language)
        lines += _gap_lines(entry, code, language)
        lines += _limit_lines(entry, language)
        for part in parts(entry):
            lines += _caveat_lines(part, code, language)
        sections.append(f"**{opening(entry.name[language])}**\n\n{_bullets(lines)}")
    return Prose("\n\n".join(sections))
