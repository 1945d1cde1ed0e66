"""What a reader must know of an indicator: caveats, breaks, sources that disagree, gaps, chance.

This is the only place that knows it. `know` returns the catalogue's notes as data, `gaps` and
`control_limits` what follows from the figures; pages, files and commands write them in their form.
"""

from __future__ import annotations

from dataclasses import dataclass

from naravard.catalogue import Indicator, indicator, parts
from naravard.catalogue.model import EVERYWHERE, StatusTable
from naravard.data import documents, processed, raw, tracking
from naravard.data.availability import sentence
from naravard.data.load import table
from naravard.language import check, opening, ranges, within
from naravard.regions import BY_CODE, NATION, resolve
from naravard.sentences.say import Prose
from naravard.sentences.words import bullets, missing_reason, nation_only

BREAK = {"sv": "Brott", "en": "Break"}


@dataclass(frozen=True)
class Note:
    """One thing that a reader must know.

    ``kind`` is "caveat", "break" or "choice" (between sources that disagree). A caveat's ``text``
    is a sentence; that of the others is a reason, without a full stop. ``regions`` are the codes
    that it concerns, `EVERYWHERE` for all; ``year`` is the first that a break concerns. ``of`` is
    the indicator, one of the parts that it is computed from, or a table of coded statuses.
    """

    kind: str
    text: str
    regions: tuple[str, ...]
    year: int | None
    of: Indicator | StatusTable

    def concerns(self, *codes: str) -> bool:
        """Say whether it concerns any of some regions, by name or because it concerns all."""
        return EVERYWHERE in self.regions or bool(set(codes) & set(self.regions))


def know(entry: Indicator | StatusTable, language: str) -> list[Note]:
    """Return all notes of an entry, then those of the parts that it is computed from.

    Of each its caveats, in the catalogue's order, its breaks by year, and its choices.
    """
    notes = []
    for one in (entry,) if isinstance(entry, StatusTable) else (entry, *parts(entry)):
        notes += [Note("caveat", c[language], c.regions, None, one) for c in one.caveats]
        if isinstance(one, StatusTable):
            continue
        breaks = sorted(one.breaks, key=lambda found: found.year)
        notes += [Note("break", b.reason[language], b.regions, b.year, one) for b in breaks]
        notes += [Note("choice", c.reason[language], c.regions, c.year, one) for c in one.choices]
    return notes


def gaps(entry: Indicator, code: str, language: str) -> list[str]:
    """Say which years a region lacks, why, and which command fetches what is published."""
    if processed.awaiting(entry.id):
        tracking.note("indicator", entry.id)
        return [f"{opening(sentence(entry.id, language))}."]
    rows = table([entry.id])
    own = rows[(rows["sex"] == "T") & (rows["region"] == code)]
    if own.empty:
        return [] if entry.kind in ("price_index", "target") else [nation_only(entry, language)]
    absent = {"sv": "finns inte i det insamlade materialet", "en": "not in the collected figures"}
    unknown = missing_reason(entry, code, language) or absent[language]
    by_reason: dict[str, list[int]] = {}
    for year in own.loc[own["value"].isna(), "year"]:
        reason = entry.gap(code, year)
        by_reason.setdefault(reason[language] if reason else unknown, []).append(year)
    if not by_reason:
        return []
    none = {"sv": "saknar värde", "en": "has no value for"}[language]
    region = BY_CODE[code].name(language)
    lines = [f"{region} {none} {ranges(years)}: {why}." for why, years in by_reason.items()]
    # Which command fetches what is published, unless it has been fetched or cannot be.
    entry = indicator(entry.live) if entry.live else entry
    if not (entry.source and entry.source.dataset.startswith("kolada/")):
        return lines
    tracking.note("indicator", entry.id)
    source, command = entry.source, f"`naravard data fetch --indicator {entry.id}`"
    if processed.awaiting(entry.id) or not raw.newest(source.dataset, source.vintage).requests:
        fetched = {
            "sv": f"Det som är publicerat (Kolada {source.id}) hämtas med {command}.",
            "en": f"What is published (Kolada {source.id}) is fetched with {command}.",
        }
        lines.append(fetched[language])
    return lines


def control_limits(entry: Indicator, language: str) -> list[str]:
    """Say which people the control limits depend on, or why there are none."""
    if entry.at_risk:
        names = [within(indicator(id).name[language]) for id in entry.at_risk]
        people = entry.denominator[language]
        which = {"sv": "som är", "en": "which is"}[language]
        more = f", {which} {' × '.join(names)}" if len(names) > 1 else ""
        text = {
            "sv": f"Antalen bakom slumpgränserna är härledda, inte publicerade: värdet × {people} "
            f"den 31 december samma år{more}. En person kan räknas flera gånger, så slumpen är "
            "större än beräkningen antar.",
            "en": f"The counts behind the control limits are derived, not published: the value × "
            f"{people} on 31 December of the same year{more}. A person can be counted several "
            "times, so chance is larger than the calculation assumes.",
        }
        return [text[language]]
    if entry.level != "region" or entry.kind not in ("indicator", "cost"):
        return []
    none = {"sv": "Inga slumpgränser ritas", "en": "No control limits are drawn"}[language]
    return [f"{none}: {entry.no_limits[language]}."]


def _lines(notes: list[Note], language: str) -> list[str]:
    """Write notes as sentences, each once, and one for all breaks that have the same reason."""
    lines = []
    for note in notes:
        if note.kind == "caveat":
            lines.append(note.text)
        elif note.kind == "break":
            same = (n.year for n in notes if (n.kind, n.text) == ("break", note.text))
            years = ", ".join(map(str, dict.fromkeys(same)))
            lines.append(f"{BREAK[language]} {years}: {note.text}.")
        else:
            word = {"sv": "Källorna går isär", "en": "Sources disagree"}[language]
            lines.append(f"{word}{f', {note.year}' if note.year else ''}: {note.text}.")
    return list(dict.fromkeys(lines))


def _chosen(notes: list[Note], kind: str, *codes: str) -> list[Note]:
    """Return the notes of a kind that concern some regions, those of the first region first."""
    return [n for code in codes for n in notes if n.kind == kind and n.concerns(code)]


def _own(ids: list[str], code: str, language: str) -> Prose:
    """Say what is particular to a region's values, and of which indicators."""
    concerned: dict[str, list[str]] = {}
    for id in ids:
        entry = indicator(id)
        notes = [note for note in know(entry, language) if note.of is entry]
        own = [n for n in notes if n.kind == "caveat" and code in n.regions]
        own += _chosen(notes, "break", code)
        for text in _lines(own, language):
            concerned.setdefault(text, []).append(within(entry.short_name[language]))
    nothing = {
        "sv": "Inget särskilt är känt om regionens värden.",
        "en": "Nothing particular is known of the region's values.",
    }[language]
    lines = [f"{text} ({'; '.join(names)})" for text, names in concerned.items()]
    return Prose(bullets(lines) or nothing)


def limits(ids: str | list[str], region, language: str = "sv", own_only: bool = False) -> Prose:
    """Show what indicators mean and what they do not show, for a region.

    Parameters
    ----------
    ids : str or list of str
        Indicators, and tables of coded statuses.
    region : str, int or Region
    language : {"sv", "en"}
    own_only : bool
        Only what concerns the region in particular: for pages of many indicators.

    Returns
    -------
    Prose
        For each indicator its definition, caveats, breaks, the years without a value with the
        reason and the command that fetches them, and the people behind the control limits; of one
        that awaits its figures, how to fetch them.
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
        return _own(ids, code, language)
    sections = []
    for id in [ids] if isinstance(ids, str) else ids:
        entry = documents.table(id) if id in documents.tables() else indicator(id)
        notes = know(entry, language)
        own = [note for note in notes if note.of is entry]
        # Riket is on every page as the reference: what concerns it comes last.
        chosen = _chosen(own, "caveat", code, NATION) + _chosen(own, "break", code)
        chosen += _chosen(own, "choice", code, NATION)
        lines = [entry.definition[language], *_lines(chosen, language)]
        if not isinstance(entry, StatusTable):
            lines += gaps(entry, code, language) + control_limits(entry, language)
            for part in parts(entry):
                of_part = [note for note in notes if note.of is part]
                lines += _lines(_chosen(of_part, "caveat", code, NATION), language)
        sections.append(f"**{opening(entry.name[language])}**\n\n{bullets(lines)}")
    return Prose("\n\n".join(sections))
