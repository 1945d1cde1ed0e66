"""The page "what changed since": values, verdicts and claims of two states of the figures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from naravard.analysis.trends import Trend, trend
from naravard.catalogue import catalogue, indicator, unit
from naravard.claims import verdicts
from naravard.claims.checks import claimed
from naravard.claims.rules import rules
from naravard.claims.verdicts import Verdict
from naravard.data import build, load, processed, revisions
from naravard.data.load import profile_indicators
from naravard.data.revisions import Cell, Difference, State, appeared, compare, vintages
from naravard.errors import NaravardError
from naravard.language import number, opening, ranges, span
from naravard.regions import BY_CODE, CODES, NATION
from naravard.sentences.claims import explanation, outcome_words, subject
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import change
from naravard.site import layout, record

# What two states of the figures say differently: trends whose verdict turned, and claims.
#
# Only what the figures changed is compared: the method, the catalogue, the claims and their rules
# are those of today in both states.
_INDEX = "consumer_price_index"


@dataclass(frozen=True)
class TrendTurned:
    """A region's trend whose verdict is another.

    Attributes
    ----------
    indicator, region : str
    before, after : Trend or None
        None where the indicator had no figures.
    """

    indicator: str
    region: str
    before: Trend | None
    after: Trend | None


@dataclass(frozen=True)
class ClaimTurned:
    """A claim whose outcome is another.

    Attributes
    ----------
    before, after : Verdict
    """

    before: Verdict
    after: Verdict

    @property
    def kind(self) -> str:
        """Whether the claim is "gained", "lost" or "other".

        A claim is borne out when it is reproduced by figures or consistent within the documents.
        """
        held, holds = (one.outcome == "reproduced" for one in (self.before, self.after))
        if held == holds:
            return "other"
        return "gained" if holds else "lost"


def affected(changed: Iterable[str]) -> list[str]:
    """Return the indicators of the profiles whose trends can turn when some indicators change."""
    changed = set(changed)
    prices = _INDEX in changed
    return [
        id
        for id in profile_indicators(NATION)
        if id in changed or (prices and indicator(id).in_money)
    ]


def _trends_of(table: pd.DataFrame, ids: list[str]) -> dict[tuple[str, str], Trend]:
    """Return the trend of every region, by indicator and region."""
    there = set(table["indicator"])
    found = {}
    for id in ids:
        if id not in there or (indicator(id).in_money and _INDEX not in there):
            continue
        rows = load.judged(id, table)
        for code in rows["region"].unique():
            found[id, code] = trend(rows, code)
    return found


def turned_trends(
    before: pd.DataFrame, after: pd.DataFrame, found: dict[str, Difference]
) -> list[TrendTurned]:
    """Return the trends whose verdict is another, by indicator of the profiles and region.

    Parameters
    ----------
    before, after : DataFrame
        Tables of observations.
    found : dict of str to Difference
        What differs between them.
    """
    ids = affected(found)
    then, now = _trends_of(before, ids), _trends_of(after, ids)

    def verdict(one: Trend | None) -> str:
        return one.verdict if one else "no data"

    turned = []
    for id in ids:
        for code in sorted(CODES):
            old, new = then.get((id, code)), now.get((id, code))
            if verdict(old) != verdict(new):
                turned.append(TrendTurned(id, code, old, new))
    return turned


def turned_claims(before: pd.DataFrame, after: pd.DataFrame) -> list[ClaimTurned]:
    """Return the claims whose outcome is another, in the order of the documents.

    Parameters
    ----------
    before, after : DataFrame
        Tables of observations.
    """
    then, now = (verdicts(observations=table) for table in (before, after))
    return [
        ClaimTurned(old, new)
        for old, new in zip(then, now, strict=True)
        if outcome_words(old, "en") != outcome_words(new, "en")
    ]


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
        See `naravard.data.revisions.as_of`.

    Raises
    ------
    NaravardError
        If there were no figures by then, or the processed data were not built from the newest.
    """
    before, after = revisions.as_of(day), revisions.newest()
    package = processed.recorded()
    if package and package["resources"][0]["built_from"] != build.built_from(after.files):
        raise NaravardError(
            "data/processed was not built from the newest raw files, so its pages cannot be "
            "compared: run `naravard data build`"
        )
    then, now = revisions.tables(before, after)
    values = compare(then, now)
    trends, claims = turned_trends(then, now, values), turned_claims(then, now)
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
        return f"{text} ({ranges(cell.year for cell in cells)})" if cells else text

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
    title = layout.WORDS[language]["changed"].format(**_ends(result))
    own = layout.frame(language, record.CHANGED, title, languages=languages, changed=title)
    return layout.template("changed.html.j2").render(
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
    with record.lock(site):
        languages = record.index_languages(record.read_state(site))
        for language in languages:
            record.put(site / language / record.CHANGED, page(result, language, languages))
            record.put(site / language / record.COMPARED, json.dumps(_ends(result)) + "\n")
    return [site / language / record.CHANGED for language in languages]


# The words of the page "what changed since", in Swedish and English.
SEXES = {
    "T": {"sv": "", "en": ""},
    "K": {"sv": "kvinnor", "en": "women"},
    "M": {"sv": "män", "en": "men"},
}
#: What became of a claim, in the order in which they are shown.
KINDS = {
    "lost": {"sv": "stöds inte längre", "en": "no longer borne out"},
    "gained": {"sv": "stöds nu", "en": "borne out now"},
    "other": {"sv": "annat utfall", "en": "another outcome"},
}
HEADS = {
    "values": {
        "sv": ["Indikator", "Utgåva", "Ändrade (år)", "Nya (år)", "Borttagna (år)",
               "Bara intervall, delar eller not", "Största ändringar"],
        "en": ["Indicator", "Vintage", "Revised (years)", "Added (years)", "Gone (years)",
               "Only interval, parts or note", "Largest revisions"],
    },
    "trends": {
        "sv": ["Indikator", "Region", "Före", "Efter"],
        "en": ["Indicator", "Region", "Before", "After"],
    },
    "claims": {
        "sv": ["Påstående", "Var", "Dokumentet säger", "Ändring", "Före", "Efter", "Förklaring nu"],
        "en": ["Claim", "Where", "The document says", "Change", "Before", "After",
               "Explanation now"],
    },
}  # fmt: skip
WORDS = {
    "sv": {
        "nothing": "Inget har ändrats: varje värde är detsamma som då.",
        "summary": "Ändrade värden: {revised}, nya: {added}, borttagna: {gone} (indikatorer: "
        "{indicators}). Omdömen om utvecklingen som vänt: {turned}. Påståenden som inte längre "
        "stöds: {lost}, som stöds nu: {gained}, med annat utfall: {other}.",
        "how": "Här jämförs siffror med siffror: metod, katalog, påståenden och regler är dagens "
        "på båda sidor. Ett värde som saknades och nu finns räknas som nytt, ett som fanns och nu "
        "saknas som borttaget.",
        "appeared": "Datamängder som inte fanns i samlingen då, så att alla deras värden är nya: "
        "{datasets}.",
        "pinned": "Katalogen håller fast vid en utgåva, som gäller på båda sidor: {indicators}.",
        "values": "Värden",
        "values_text": "Varje rad är en indikator. Storleken på en ändring står i indikatorns "
        "enhet och, där det går, i procent av värdet före; de tre största i procent visas.",
        "values_caption": "Värden som ändrats, kommit till eller tagits bort",
        "no_values": "Inga värden har ändrats.",
        "none": "fanns inte",
        "computed": "beräknad",
        "trends": "Omdömen som vänt",
        "trends_text": "Omdömen om utvecklingen i regionernas profiler, med de år de vilar på; "
        "kostnader i fasta priser. Ett omdöme kan vända av en liten ändring när trendens intervall "
        "ligger nära noll, och eftersom tidsseriers likhet mellan år skattas ur alla regioner kan "
        "det vända i en region vars egna värden står kvar.",
        "trends_caption": "Trender som fått ett annat omdöme",
        "no_trends": "Inget omdöme om utvecklingen i regionernas profiler har vänt.",
        "claims": "Påståenden",
        "claims_text": "Vad dokumenten påstår, prövat mot siffrorna då och nu. Ett påstående stöds "
        "när det stämmer med siffrorna eller inbördes.",
        "claims_caption": "Påståenden med ett annat utfall",
        "no_claims": "Inget påstående har fått ett annat utfall.",
        "line": "rad",
    },
    "en": {
        "nothing": "Nothing changed: every value is the same as then.",
        "summary": "Values revised: {revised}, added: {added}, gone: {gone} (indicators: "
        "{indicators}). Verdicts on trends that turned: {turned}. Claims no longer borne out: "
        "{lost}, borne out now: {gained}, with another outcome: {other}.",
        "how": "Figures are compared with figures here: method, catalogue, claims and rules are "
        "those of today on both sides. A value that was missing and is there now counts as added, "
        "one that was there and is missing now as gone.",
        "appeared": "Data sets that the collection did not have then, so that all their values "
        "are added: {datasets}.",
        "pinned": "The catalogue pins a vintage, which stands on both sides: {indicators}.",
        "values": "Values",
        "values_text": "Each row is an indicator. The size of a revision is in the indicator's "
        "unit and, where that can be had, in percent of the value before; the three largest in "
        "percent are shown.",
        "values_caption": "Values revised, added or gone",
        "no_values": "No value changed.",
        "none": "not there",
        "computed": "computed",
        "trends": "Verdicts that turned",
        "trends_text": "Verdicts on trends in the regions' profiles, with the years that they "
        "rest on; costs in fixed prices. A verdict can turn on a small revision when the trend's "
        "interval lies near zero, and since the likeness of neighbouring years is learnt from all "
        "regions it can turn in a region whose own values stand.",
        "trends_caption": "Trends with another verdict",
        "no_trends": "No verdict on a trend in the regions' profiles turned.",
        "claims": "Claims",
        "claims_text": "What the documents claim, held against the figures then and now. A claim "
        "is borne out when it is reproduced by figures or consistent within the documents.",
        "claims_caption": "Claims with another outcome",
        "no_claims": "No claim has another outcome.",
        "line": "line",
    },
}
