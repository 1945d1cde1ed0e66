"""The page "what changed since": values, verdicts and claims of two states of the figures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from naravard import build, processed, states, turned
from naravard.analysis.trends import Trend
from naravard.catalogue import catalogue, indicator, unit
from naravard.claims.check import claimed
from naravard.claims.rulebook import rules
from naravard.claims.words import explanation, outcome_words, subject
from naravard.differences import Cell, Difference, compare
from naravard.differences_report import appeared, change, vintages, years
from naravard.errors import NaravardError
from naravard.findings import VERDICTS
from naravard.language import number, opening, span
from naravard.regions import BY_CODE
from naravard.render import pages
from naravard.render.changes_words import HEADS, KINDS, SEXES, WORDS
from naravard.states import State
from naravard.turned import ClaimTurned, TrendTurned

#: So many of the largest revisions of an indicator stand on the page.
MOST = 3


@dataclass(frozen=True)
class Changes:
    """What two states of the figures differ in.

    Attributes
    ----------
    before, after : State
    values : dict of str to Difference
        By indicator.
    trends : tuple of TrendTurned
    claims : tuple of ClaimTurned
    """

    before: State
    after: State
    values: dict[str, Difference]
    trends: tuple[TrendTurned, ...]
    claims: tuple[ClaimTurned, ...]

    def count(self, kind: str) -> int:
        """Return how many values are "added", "gone" or "revised"."""
        return sum(len(getattr(one, kind)) for one in self.values.values())


def since(day: str) -> Changes:
    """Compare the figures that the pages are made from with those of a day.

    Parameters
    ----------
    day : str
        See `naravard.states.as_of`.

    Raises
    ------
    NaravardError
        If there were no figures by then, or the processed data were not built from the newest.
    """
    before, after = states.as_of(day), states.newest()
    package = processed.recorded()
    if package and package["resources"][0]["built_from"] != build.built_from(after.files):
        raise NaravardError(
            "data/processed was not built from the newest raw files, so its pages cannot be "
            "compared: run `naravard data build`"
        )
    then, now = states.tables(before, after)
    values = compare(then, now)
    trends, claims = turned.trends(then, now, values), turned.claims(then, now)
    return Changes(before, after, values, tuple(trends), tuple(claims))


def _name(id: str, language: str) -> str:
    """Name an indicator with its unit."""
    entry = indicator(id)
    name, of = opening(entry.short_name[language]), unit(entry).name[language]
    return name if of in name else f"{name} ({of})"


def _revision(cell: Cell, id: str, language: str) -> str:
    where = [BY_CODE[cell.region].label(language), str(cell.year), SEXES[cell.sex][language]]
    return f"{' '.join(filter(None, where))}: {change(cell, indicator(id), language)}"


def _values(result: Changes, language: str) -> dict:
    """Make the table of values, a row an indicator."""
    words, rows = WORDS[language], []
    beside = any(one.beside for one in result.values.values())

    def counted(cells: tuple[Cell, ...]) -> str:
        text = number(len(cells), 0, language)
        return f"{text} ({years(cells)})" if cells else text

    for id, one in result.values.items():
        pair = vintages(indicator(id), result.before, result.after)
        known = [words["none"] if v == "none" else v for v in pair or ()]
        rows.append(
            [
                _name(id, language),
                " → ".join(known) if pair else words["computed"],
                *(counted(cells) for cells in (one.revised, one.added, one.gone)),
                *[number(one.beside, 0, language)] * beside,
                [_revision(cell, id, language) for cell in one.revised[:MOST]] or "–",
            ]
        )
    heads = HEADS["values"][language]
    return {
        "title": words["values"], "rows": rows, "caption": words["values_caption"],
        "text": words["values_text"] if rows else words["no_values"],
        "heads": heads if beside else [*heads[:-2], heads[-1]],
    }  # fmt: skip


def _verdict(one: Trend | None, language: str) -> str:
    if one is None or not one.years:
        return VERDICTS["no data"][language]
    return f"{VERDICTS[one.verdict][language]} ({span(one.years)})"


def _trends(result: Changes, language: str) -> dict:
    words = WORDS[language]
    rows = [
        [
            opening(indicator(one.indicator).short_name[language]),
            BY_CODE[one.region].label(language),
            _verdict(one.before, language),
            _verdict(one.after, language),
        ]
        for one in result.trends
    ]
    return {
        "title": words["trends"], "rows": rows, "caption": words["trends_caption"],
        "text": words["trends_text"] if rows else words["no_trends"],
        "heads": HEADS["trends"][language],
    }  # fmt: skip


def _claims(result: Changes, language: str) -> dict:
    """Make the table of claims: first those no longer borne out, then those that now are."""
    words, order = WORDS[language], list(KINDS)
    rows = []
    for one in sorted(result.claims, key=lambda one: order.index(one.kind)):
        claim = one.after.claim
        place = f"{rules().documents[claim.document].name[language]}, {words['line']} {claim.line}"
        rows.append(
            [
                f"{claim.id}: {subject(claim, language)}",
                place,
                claimed(claim, language) or "–",
                KINDS[one.kind][language],
                outcome_words(one.before, language),
                outcome_words(one.after, language),
                explanation(one.after, language),
            ]
        )
    return {
        "title": words["claims"], "rows": rows, "caption": words["claims_caption"],
        "text": words["claims_text"] if rows else words["no_claims"],
        "heads": HEADS["claims"][language],
    }  # fmt: skip


def _summary(result: Changes, language: str) -> str:
    if not (result.values or result.trends or result.claims):
        return WORDS[language]["nothing"]
    counts = {name: result.count(name) for name in ("revised", "added", "gone")}
    kinds = [one.kind for one in result.claims]
    counts |= {name: kinds.count(name) for name in KINDS}
    counts |= {"indicators": len(result.values), "turned": len(result.trends)}
    said = {name: number(count, 0, language) for name, count in counts.items()}
    return WORDS[language]["summary"].format(**said)


def _notes(result: Changes, language: str) -> list[str]:
    words = WORDS[language]
    notes = [words["how"]]
    if new := appeared(result.before, result.after):
        notes.append(words["appeared"].format(datasets=", ".join(new)))
    entries = catalogue().indicators.values()
    if pinned := [entry for entry in entries if entry.source and entry.source.vintage]:
        said = ", ".join(f"{e.short_name[language]} ({e.source.vintage})" for e in pinned)
        notes.append(words["pinned"].format(indicators=said))
    return notes


def page(result: Changes, language: str, languages: Iterable[str]) -> str:
    """Make the page in one language; ``languages`` are those that it exists in."""
    title = pages.WORDS[language]["changed"].format(**_ends(result))
    own = pages.frame(language, pages.CHANGED, title, languages=languages, changed=title)
    return pages.template("changed.html.j2").render(
        **own, summary=_summary(result, language), notes=_notes(result, language),
        sections=[part(result, language) for part in (_values, _trends, _claims)],
    )  # fmt: skip


def _ends(result: Changes) -> dict[str, str]:
    return {"since": result.before.name, "until": result.after.latest}


def write(site: Path, result: Changes) -> list[Path]:
    """Write the page in each language that the site has.

    Returns
    -------
    list of Path

    Raises
    ------
    NaravardError
        If another render writes to the site.
    """
    site = Path(site).resolve()
    with pages.lock(site):
        languages = pages.index_languages(pages.read_state(site))
        for language in languages:
            pages.put(site / language / pages.CHANGED, page(result, language, languages))
            pages.put(site / language / pages.COMPARED, json.dumps(_ends(result)) + "\n")
    return [site / language / pages.CHANGED for language in languages]
