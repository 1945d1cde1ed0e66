"""The page "what changed since": values, verdicts and claims of two states of the figures.

Only what the figures changed is compared: the method, the catalogue, the claims and their rules
are those of today in both states.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pandas as pd

from naravard.analysis.trends import Trend, trend
from naravard.catalogue import catalogue, indicator, unit
from naravard.claims import verdicts
from naravard.claims.verdicts import Verdict
from naravard.data import build, load, processed, revisions
from naravard.data.load import profile_indicators
from naravard.data.revisions import Cell, Difference, State, appeared, compare, vintages
from naravard.errors import NaravardError
from naravard.language import number, opening, ranges, span
from naravard.regions import BY_CODE, CODES, NATION
from naravard.sentences.claims import outcome_words
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import change
from naravard.site import layout, pages, record
from naravard.site.words import CHANGES, CLAIMS, SEXES, WORDS

_INDEX = "consumer_price_index"


@dataclass(frozen=True)
class TrendTurned:
    """A region's trend whose verdict is another; None where the indicator had no figures."""

    indicator: str
    region: str
    before: Trend | None
    after: Trend | None


@dataclass(frozen=True)
class ClaimTurned:
    """A claim whose outcome is another."""

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
    changed, ids = set(changed), profile_indicators(NATION)
    prices = _INDEX in changed
    return [id for id in ids if id in changed or (prices and indicator(id).in_money)]


def _trends_of(table: pd.DataFrame, ids: list[str]) -> dict[tuple[str, str], Trend]:
    """Return the trend of every region, by indicator and region."""
    there = set(table["indicator"])
    found = {}
    for id in ids:
        if id in there and (_INDEX in there or not indicator(id).in_money):
            rows = load.judged(id, table)
            found |= {(id, code): trend(rows, code) for code in rows["region"].unique()}
    return found


def turned_trends(
    before: pd.DataFrame, after: pd.DataFrame, found: dict[str, Difference]
) -> list[TrendTurned]:
    """Return the trends whose verdict is another, by indicator of the profiles and region.

    ``found`` is what differs between the two tables of observations.
    """
    ids = affected(found)
    then, now = _trends_of(before, ids), _trends_of(after, ids)
    turned = []
    for key in product(ids, sorted(CODES)):
        pair = then.get(key), now.get(key)
        if len({one.verdict if one else "no data" for one in pair}) > 1:
            turned.append(TrendTurned(*key, *pair))
    return turned


def turned_claims(before: pd.DataFrame, after: pd.DataFrame) -> list[ClaimTurned]:
    """Return the claims whose outcome is another in two tables of observations, in their order."""
    then, now = (verdicts(observations=table) for table in (before, after))
    pairs = [ClaimTurned(*pair) for pair in zip(then, now, strict=True)]
    return [p for p in pairs if outcome_words(p.before, "en") != outcome_words(p.after, "en")]


#: So many of the largest revisions of an indicator are on the page.
MOST = 3


@dataclass(frozen=True)
class Changes:
    """What two states of the figures differ in; values by indicator."""

    before: State
    after: State
    values: dict[str, Difference]
    trends: tuple[TrendTurned, ...]
    claims: tuple[ClaimTurned, ...]


def since(day: str) -> Changes:
    """Compare the figures that the pages are made from with those of `revisions.as_of` a day.

    Raises if there were no figures by then, or the processed data were not built from the newest.
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


def _table(kind: str, rows: list, words: dict) -> dict:
    text = words[f"{kind}_text"] if rows else words[f"no_{kind}"]
    said = {"title": words[kind], "text": text, "caption": words[f"{kind}_caption"]}
    return {**said, "heads": words[f"{kind}_heads"], "rows": rows}


def _values(result: Changes, language: str) -> dict:
    """Make the table of values, a row an indicator."""
    words, rows = CHANGES[language], []
    beside = any(one.beside for one in result.values.values())

    def counted(cells: tuple[Cell, ...]) -> str:
        text = number(len(cells), 0, language)
        return f"{text} ({ranges(cell.year for cell in cells)})" if cells else text

    for id, one in result.values.items():
        pair = vintages(indicator(id), result.before, result.after) or [words["computed"]]
        known = " → ".join(words["none"] if v == "none" else v for v in pair)
        counts = [counted(cells) for cells in (one.revised, one.added, one.gone)]
        counts += [number(one.beside, 0, language)] * beside
        largest = [_revision(cell, id, language) for cell in one.revised[:MOST]]
        rows.append([_name(id, language), known, *counts, largest or "–"])
    made = _table("values", rows, words)
    if not beside:
        made["heads"] = made["heads"][:-2] + made["heads"][-1:]
    return made


def _verdict(one: Trend | None, language: str) -> str:
    if one is None or not one.years:
        return VERDICTS["no data"][language]
    return f"{VERDICTS[one.verdict][language]} ({span(one.years)})"


def _trends(result: Changes, language: str) -> dict:
    rows = []
    for one in result.trends:
        name = opening(indicator(one.indicator).short_name[language])
        pair = (_verdict(found, language) for found in (one.before, one.after))
        rows.append([name, BY_CODE[one.region].label(language), *pair])
    return _table("trends", rows, CHANGES[language])


def _claims(result: Changes, language: str) -> dict:
    """Make the table of claims: first those no longer borne out, then those that now are."""
    order, rows = list(CLAIMS), []
    for one in sorted(result.claims, key=lambda one: order.index(one.kind)):
        said = pages.claim_row(one.after, language)
        rows.append(
            [
                f"{said['id']}: {said['subject']}",
                f"{said['document']}, {said['line']}",
                said["says"],
                CLAIMS[one.kind][language],
                outcome_words(one.before, language),
                said["outcome"],
                said["explanation"],
            ]
        )
    return _table("claims", rows, CHANGES[language])


def _summary(result: Changes, language: str) -> str:
    if not (result.values or result.trends or result.claims):
        return CHANGES[language]["nothing"]
    counts = {"indicators": len(result.values), "turned": len(result.trends)}
    for kind in ("revised", "added", "gone"):
        counts[kind] = sum(len(getattr(one, kind)) for one in result.values.values())
    counts |= {kind: sum(one.kind == kind for one in result.claims) for kind in CLAIMS}
    said = {name: number(count, 0, language) for name, count in counts.items()}
    return CHANGES[language]["summary"].format(**said)


def _notes(result: Changes, language: str) -> list[str]:
    words = CHANGES[language]
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
    title = WORDS[language]["changed"].format(**_ends(result))
    own = layout.frame(language, record.CHANGED, title, languages=languages, changed=title)
    return layout.template("changed.html.j2").render(
        **own, summary=_summary(result, language), notes=_notes(result, language),
        sections=[part(result, language) for part in (_values, _trends, _claims)],
    )  # fmt: skip


def _ends(result: Changes) -> dict[str, str]:
    return {"since": result.before.name, "until": result.after.latest}


def write(site: Path, result: Changes) -> list[Path]:
    """Write the page in each language that the site has; raises if another render writes there."""
    site = Path(site).resolve()
    with record.lock(site):
        languages = record.index_languages(record.read_state(site))
        for language in languages:
            record.put(site / language / record.CHANGED, page(result, language, languages))
            record.put(site / language / record.COMPARED, json.dumps(_ends(result)) + "\n")
    return [site / language / record.CHANGED for language in languages]
