"""One check for each kind of rule: what the rule says of the claims that it concerns.

Every check takes a rule and what to hold it against, and yields claims' ids with a `Check` each;
`KINDS` names them all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.model import FullText, StatusTable
from naravard.catalogue.quantities import quantity
from naravard.claims import rules
from naravard.claims.claim import EXACT, Claim, equal
from naravard.data import documents
from naravard.errors import NaravardError, did_you_mean
from naravard.language import number, opening, percent, span
from naravard.regions import BY_CODE

#: Qualifiers that say no more than the value does.
_PLAIN = ("", "exact", "direction")
#: Qualifiers that come before the value.
_BEFORE = (
    "about", "at least", "at least (definition)", "at least (target)", "at most", "ca",
    "just over", "more than", "nearly", "only", "up to",
)  # fmt: skip
_AGAINST = {"sv": "mot", "en": "against"}
_AT_LEAST = {"sv": "minst", "en": "at least"}
_AT_MOST = {"sv": "högst", "en": "at most"}
_LINE = {"sv": "rad", "en": "line"}
#: Rows of a table are a few lines long: what is nearer to a row than this is the row.
_NEAR = 10


@dataclass(frozen=True)
class Check:
    """What one rule says of one claim."""

    kind: str
    outcome: str  # "reproduced", "differs" or "not testable"
    words: FullText  # the computation, whose numbers the next two are
    claimed: float | None = None
    found: float | None = None
    reason: str | None = None  # why they are likely to differ, see `naravard.claims.rules.Reason`
    needs: FullText | None = None  # what would decide if the figures cannot
    indicator: str | None = None  # the published figures that the claim was held against, if any
    proves: bool = True  # a mere bound can contradict a claim, but not reproduce it

    @property
    def basis(self) -> str:
        """What the yardstick was: published "figures", or the "documents" and their own numbers."""
        return "figures" if self.indicator else "documents"

    @property
    def difference(self) -> float | None:
        """Found less claimed."""
        known = self.claimed is not None and self.found is not None
        return self.found - self.claimed if known else None


@dataclass(frozen=True)
class Material:
    """What rules are held against: the claims by id, the rule book, the table of observations."""

    claims: dict[str, Claim]
    book: rules.RuleBook
    observations: pd.DataFrame

    def claim(self, id: str) -> Claim:
        """Return a claim that a rule names; NaravardError if there is none of that id."""
        if id not in self.claims:
            known = did_you_mean(id, self.claims, 0)
            raise NaravardError(f"rules.toml: unknown claim '{id}'{known}")
        return self.claims[id]

    def values(self, rule: rules.FiguresRule, years: Iterable[int]) -> dict[int, float]:
        """Return the indicator's known values of a rule's region, in the order of the years."""
        rows = self.observations
        rows = rows[(rows["indicator"] == rule.indicator) & (rows["region"] == rule.region)]
        known = rows[rows["sex"] == "T"].dropna(subset=["value"]).set_index("year")["value"]
        return {year: float(known[year]) for year in years if year in known.index}


Found = Iterator[tuple[str, Check]]


def _amount(claim: Claim) -> float:
    """Return the number that a rule computes with; NaravardError if the claim has none."""
    if claim.value is None:
        raise NaravardError(f"rules.toml: {claim.id} has no number, but a rule computes with it")
    return claim.value


def _write(value: float, language: str, write=number) -> str:
    """Write a number (or with `percent` a percentage), without decimals if it is whole."""
    return write(value, 0 if equal(value, round(value)) else 1, language)


def _both(text: Callable[[str], str]) -> FullText:
    """Make words in both languages with a function of the language."""
    return FullText(sv=text("sv"), en=text("en"))


def claimed(claim: Claim, language: str) -> str:
    """Write what a claim states: value and unit with the qualifier, or the qualifier alone."""
    qualifier = "" if claim.qualifier in _PLAIN or claim.value_max is not None else claim.qualifier
    words = rules.translate(qualifier, language)
    if claim.unit == "year":
        said = claim.text
    elif claim.unit == "status code":
        said = rules.rules().codes[claim.text][language]
    elif claim.value is not None:
        ends = [x for x in (claim.value, claim.value_max) if x is not None]
        unit = rules.translate(claim.unit, language)
        if claim.unit == "not printed":
            unit = {"sv": "(ingen enhet)", "en": "(no unit)"}[language]
        said = f"{'–'.join(_write(x, language) for x in ends)} {unit}"
    else:
        said = "" if claim.text == "ordering" else rules.translate(claim.text, language)
    if not (words and said):
        return words or said
    return f"{words} {said}" if qualifier in _BEFORE else f"{said} ({words})"


def _against(words: FullText, claim: Claim) -> FullText:
    """Add what the claim states, from which a computation differs."""

    def more(language):
        return f"{words[language]}, {_AGAINST[language]} {claimed(claim, language)} ({claim.id})"

    return _both(more)


# The documents against their own numbers and against each other.
#
# Nobody can tell which of two numbers that contradict each other is wrong: a contradiction concerns
# every claim in it. Agreement speaks for the claim that was computed from the others.
def _computed(rule: rules.Rule, names: Iterable[str], claim: Claim, found: float, words) -> Found:
    """Compare a computed number with the printed one, in the precision in which it is printed."""
    if equal(_amount(claim), found, claim.rounding):
        yield claim.id, Check(rule.kind, "reproduced", words, claim.value, found)
        return
    for id in dict.fromkeys([claim.id, *names]):
        numbers = (claim.value, found) if id == claim.id else (None, None)
        yield (
            id,
            Check(rule.kind, "differs", _against(words, claim), *numbers, "internal_contradiction"),
        )


def _sum(rule: rules.PartsRule, material: Material) -> Found:
    claim, parts = material.claim(rule.claim), [material.claim(id) for id in rule.parts]
    total = sum(_amount(part) for part in parts)

    @_both
    def words(language):
        terms = " + ".join(f"{_write(_amount(p), language)} ({p.id})" for p in parts)
        return terms if len(parts) == 1 else f"{terms} = {_write(total, language)}"

    yield from _computed(rule, rule.parts, claim, total, words)


def _ratio(rule: rules.RatioRule, material: Material) -> Found:
    claim, totals = material.claim(rule.claim), material.book.totals
    terms = (rule.numerator, rule.denominator)
    values = [totals[x].value if x in totals else _amount(material.claim(x)) for x in terms]
    found = rule.factor * values[0] / values[1]

    @_both
    def words(language):
        sources = [totals[x].source[language] if x in totals else x for x in terms]
        said = [f"{_write(x, language)} ({y})" for x, y in zip(values, sources, strict=True)]
        shown = _write(found, language, percent) if rule.factor == 100 else _write(found, language)
        return f"{' / '.join(said)} = {shown}"

    yield from _computed(rule, [x for x in terms if x not in totals], claim, found, words)


def _extent(rule: rules.PartsRule, material: Material) -> Found:
    claim = material.claim(rule.claim)
    values = [_amount(material.claim(id)) for id in rule.parts]
    low, high = min(values), max(values)
    agrees = (
        claim.value_max is not None
        and equal(_amount(claim), low, claim.rounding)
        and equal(claim.value_max, high, claim.rounding)
    )

    @_both
    def words(language):
        to = {"sv": "till", "en": "to"}[language]
        return f"{', '.join(rule.parts)}: {_write(low, language)} {to} {_write(high, language)}"

    outcome, reason = ("reproduced", None) if agrees else ("differs", "rounding")
    for id in [claim.id] if agrees else [claim.id, *rule.parts]:
        yield id, Check(rule.kind, outcome, words, reason=reason)


def _same(rule: rules.SameRule, material: Material) -> Found:
    groups: dict[tuple, list[Claim]] = {}
    for claim in material.claims.values():
        if claim.text:
            key = (claim.topic, claim.regions, claim.period, claim.sex)
            groups.setdefault(key, []).append(claim)
    for group in groups.values():
        if len(group) > 1:
            yield from _repeated(rule, group, material.book)


def _repeated(rule: rules.SameRule, group: list[Claim], book: rules.RuleBook) -> Found:
    """Compare what is said several times; a document that repeats itself proves nothing."""
    agrees = len({(c.text, c.value_max, c.unit) for c in group}) == 1
    one_document = len({c.document for c in group}) == 1

    @_both
    def words(language):
        places = [f"{book.documents[c.document].name[language]}, {_LINE[language]} {c.line}"
                  for c in group]  # fmt: skip
        said = [claimed(c, language) for c in group]
        return "; ".join(f"{x} ({place})" for x, place in zip(said, places, strict=True))

    reason = "internal_contradiction" if one_document else "documents_disagree"
    outcome, reason = ("reproduced", None) if agrees else ("differs", reason)
    proves = not one_document
    for claim in group:
        yield claim.id, Check(rule.kind, outcome, words, claim.value, None, reason, proves=proves)


def _attainable(rule: rules.AttainableRule, material: Material) -> Found:
    total = material.book.totals[rule.total]
    for claim in material.claims.values():
        if claim.unit != rule.unit or claim.value is None or not re.match(rule.topic, claim.topic):
            continue
        below = math.floor(claim.value * total.value / 100)
        near = {count: 100 * count / total.value for count in (below, below + 1)}
        if any(equal(claim.value, share, claim.rounding) for share in near.values()):
            continue

        @_both
        def words(language, near=near):
            of = f"{({'sv': 'av', 'en': 'of'})[language]} {total.value}"
            shares = [f"{count} {of} = {_write(x, language, percent)}" for count, x in near.items()]
            return f"{'; '.join(shares)} ({total.source[language]})"

        closest = min(near.values(), key=lambda share, value=claim.value: abs(share - value))
        check = Check(rule.kind, "differs", words, claim.value, closest, "rounding")
        yield claim.id, check


def _limit(rule: rules.Rule, claim: Claim, most: float, source: FullText | None) -> Found:
    """Hold a number against the largest that it can be; ``source`` names that."""
    if claim.value is None:
        return

    @_both
    def words(language):
        said = f"{_AT_MOST[language]} {_write(most, language)}"
        return f"{said} ({source[language]})" if source else said

    over = claim.value > most
    outcome, reason = ("differs", "internal_contradiction") if over else ("reproduced", None)
    yield claim.id, Check(rule.kind, outcome, words, claim.value, most, reason, proves=False)


def _bound(rule: rules.BoundRule, material: Material) -> Found:
    total = material.book.totals[rule.total]
    for claim in material.claims.values():
        what, _, printed = claim.unit.partition(" of ")
        if what == rule.unit:
            source = None if printed else total.source
            yield from _limit(rule, claim, float(printed or total.value), source)


def _part(rule: rules.PartRule, material: Material) -> Found:
    whole: dict[tuple, Claim] = {}
    for claim in material.claims.values():
        key = (claim.document, claim.regions)
        if not re.match(rule.topic, claim.topic):
            whole[key] = claim
        elif key in whole and whole[key].value is not None:
            of = whole[key]
            yield from _limit(rule, claim, of.value, FullText(sv=of.id, en=of.id))


# Claims against published figures: a judge returns outcome, words and numbers.
Judgement = tuple[str, FullText, dict]


def _years(rule: rules.FiguresRule) -> Iterable[int]:
    if isinstance(rule, rules.SpanRule):
        return range(rule.years[0], rule.years[1] + 1)
    return rule.years if isinstance(rule, rules.OrderingRule) else (rule.year,)


def _absent(rule: rules.FiguresRule, values: dict[int, float]) -> list[int]:
    return [year for year in _years(rule) if year not in values]


def _refusal(rule: rules.FiguresRule, entry: Indicator, values: dict) -> Judgement | None:
    """Refuse to judge without the values that are needed, or across a break."""
    spans = isinstance(rule, rules.SpanRule)  # takes whichever years there are
    absent = _absent(rule, values)
    if len(values) < 2 if spans else absent:
        years = ", ".join(map(str, absent))
        none = FullText(sv=f"värden saknas för {years}", en=f"no values for {years}")
        return "not testable", none, {}
    for found in entry.breaks_for(rule.region) if spans else ():
        if min(values) < found.year <= max(values):
            sv = f"serien bryts {found.year}: {found.reason.sv}"
            en = f"the series breaks in {found.year}: {found.reason.en}"
            return "not testable", FullText(sv=sv, en=en), {}
    return None


def _figures(rule: rules.FiguresRule, material: Material) -> Found:
    """Let the kind's judge decide; the words name the indicator, the region and the numbers."""
    claim, entry = material.claim(rule.claim), indicator(rule.indicator)
    values = material.values(rule, _years(rule))
    refused = _refusal(rule, entry, values)
    outcome, said, numbers = refused or _JUDGES[rule.kind](rule, claim, entry, values)

    @_both
    def words(language):
        name, where = opening(entry.short_name[language]), BY_CODE[rule.region].label(language)
        return f"{name}, {where}: {said[language]}. {rule.measure[language]}"

    yield claim.id, Check(
        rule.kind, outcome, words, reason=rule.reason if outcome == "differs" else None,
        needs=rule.needs if outcome == "not testable" else None, indicator=rule.indicator,
        **numbers,
    )  # fmt: skip


def _in_year(values: dict[int, float], year: int, entry: Indicator, language: str) -> str:
    return f"{quantity(values[year], entry, language)} ({year})"


def _gaps(rule: rules.SpanRule, values: dict[int, float], language: str) -> str:
    if absent := _absent(rule, values):
        return {"sv": "; värden saknas ", "en": "; no values "}[language] + span(absent)
    return ""


def _value(rule: rules.ValueRule, claim: Claim, entry: Indicator, values) -> Judgement:
    found = values[rule.year]
    within = claim.rounding if rule.tolerance is None else rule.tolerance
    outcome = "reproduced" if equal(_amount(claim), found, within) else "differs"
    said = _both(lambda language: _in_year(values, rule.year, entry, language))
    return outcome, said, {"claimed": claim.value, "found": found}


def _floor(rule: rules.FloorRule, claim: Claim, entry: Indicator, values) -> Judgement:
    found = values[rule.year]
    below = _amount(claim) + claim.rounding < found - EXACT

    @_both
    def said(language):
        return f"{_AT_LEAST[language]} {_in_year(values, rule.year, entry, language)}"

    numbers = {"claimed": claim.value, "found": found, "proves": False}
    return "differs" if below else "reproduced", said, numbers


def _ordering(rule: rules.OrderingRule, claim: Claim, entry: Indicator, values) -> Judgement:
    steps = list(pairwise(values.values()))

    @_both
    def said(language):
        terms = [_in_year(values, year, entry, language) for year in values]
        signs = [">" if a > b else "=" if a == b else "<" for a, b in steps]
        later = (f" {x} {term}" for x, term in zip(signs, terms[1:], strict=True))
        return terms[0] + "".join(later)

    return "reproduced" if all(a > b for a, b in steps) else "differs", said, {}


def _direction(rule: rules.DirectionRule, claim: Claim, entry: Indicator, values) -> Judgement:
    """Judge a rise or fall; what is smaller than the printed unit is neither."""
    printed = 10.0**-entry.decimals - EXACT
    sign = 1 if rule.expect == "rising" else -1
    first, last = min(values), max(values)
    change = values[last] - values[first]
    steps = {(a, b): values[b] - values[a] for a, b in pairwise(sorted(values))}
    against = {years: step for years, step in steps.items() if sign * step <= -printed}
    small, every = abs(change) < printed, rule.steps == "every"

    @_both
    def said(language):
        text = " → ".join(_in_year(values, year, entry, language) for year in (first, last))
        if small:
            text += {
                "sv": ", en ändring som inte syns vid denna avrundning",
                "en": ", a change that cannot be seen at this rounding",
            }[language]
        elif every and against:
            moves = [f"{number(step, entry.decimals, language, sign=True)} ({a}–{b})"
                     for (a, b), step in against.items()]  # fmt: skip
            text += f", {({'sv': 'men', 'en': 'but'})[language]} {', '.join(moves)}"
        return text + _gaps(rule, values, language)

    if small:
        return "not testable", said, {}
    if sign * change > 0 and not (every and against):
        return "reproduced", said, {}
    return "differs", said, {"found": max(map(abs, against.values()), default=None)}


def _range(rule: rules.RangeRule, claim: Claim, entry: Indicator, values) -> Judgement:
    first = min(values)
    farthest = max(values, key=lambda year: abs(values[year] - values[first]))
    moved = abs(values[farthest] - values[first])

    @_both
    def said(language):
        start, end = (_in_year(values, year, entry, language) for year in (first, farthest))
        most = f"{number(rule.within, entry.decimals, language)} {unit(entry).change[language]}"
        text = {
            "sv": f"{start}, längst därifrån {end}; gränsen för ingen större ändring är {most}",
            "en": f"{start}, farthest from it {end}; the limit for no major change is {most}",
        }[language]
        return text + _gaps(rule, values, language)

    return "reproduced" if moved <= rule.within else "differs", said, {"found": moved}


# Claims against the tables of coded statuses.
#
# The tables were coded from the documents themselves, so what agrees with them is consistent within
# the documents and no more; and a claim is never tested against the row that it comes from.
def _reason(claim: Claim, rows: pd.DataFrame, entry: StatusTable, material: Material) -> str:
    """Return why a claim is likely to differ from rows: whether they are of its own document.

    Raises NaravardError if one of them is the row that the claim was coded from.
    """
    own = rows[rows["document"] == material.book.documents[claim.document].file]
    near = own[(own["line"].astype(int) - claim.line).abs() < _NEAR]
    if not near.empty:
        raise NaravardError(
            f"rules.toml: {claim.id} (line {claim.line}) would be tested against itself: "
            f"line {near['line'].iloc[0]} of {entry.id}"
        )
    return "documents_disagree" if own.empty else "internal_contradiction"


def _judged(rule, claim: Claim, agrees: bool, reason: str, words, *numbers, proves=True) -> Found:
    """Yield a check against rows; one that differs also says against what, and the reason."""
    differs = ("differs", _against(words, claim), *numbers, reason)
    check = ("reproduced", words, *numbers) if agrees else differs
    yield claim.id, Check(rule.kind, *check, proves=proves)


def _table(entry: StatusTable, language: str) -> str:
    """Name a table: by its number in the report, if it has one."""
    word = {"sv": "tabell", "en": "table"}[language]
    place = "" if entry.number is None else f"{word} {entry.number}, "
    return place + entry.name[language]


def _status_count(rule: rules.StatusCountRule, material: Material) -> Found:
    claim, entry = material.claim(rule.claim), documents.table(rule.table)
    rows = documents.read(rule.table)
    rows = rows[rows["code"] != documents.DETAIL]
    for code in rule.codes:
        if code not in entry.codes:
            known = did_you_mean(code, entry.codes)
            raise NaravardError(f"rules.toml: {rule.table} has no code '{code}'{known}")
    reason = _reason(claim, rows, entry, material)
    found = int(rows["code"].isin(rule.codes).sum())
    share = 100 * found / len(rows)
    if rule.between:
        agrees = rule.between[0] < share <= rule.between[1]
    elif rule.at_least:
        agrees = _amount(claim) >= found
    else:
        agrees = equal(_amount(claim), found, claim.rounding)

    @_both
    def words(language):
        of = {"sv": "rader av", "en": "rows of"}[language]
        codes = ", ".join(entry.codes[code][language] for code in rule.codes)
        least = f"{_AT_LEAST[language]} " if rule.at_least else ""
        part = f" = {_write(share, language, percent)}" if rule.between else ""
        return f"{least}{found} {of} {len(rows)}{part} ({_table(entry, language)}: {codes})"

    numbers = (None, share) if rule.between else (claim.value, found)
    yield from _judged(rule, claim, agrees, reason, words, *numbers, proves=not rule.at_least)


def _numbers(row, unit: str) -> list[float]:
    """Return what a row states in a unit: its number, or those before the unit in its words."""
    if row.unit == unit and not pd.isna(row.value):
        return [float(row.value)]
    return [float(found) for found in re.findall(rf"(\d+(?:\.\d+)?) {re.escape(unit)}\b", row.en)]


def _status_value(rule: rules.StatusValueRule, material: Material) -> Found:
    claim, entry = material.claim(rule.claim), documents.table(rule.table)
    rows = documents.read(rule.table)
    rows = rows[rows["region"].isin(claim.regions)]
    stating = rows[[bool(_numbers(row, claim.unit)) for row in rows.itertuples()]]
    reason = _reason(claim, stating, entry, material)
    found = {number for row in stating.itertuples() for number in _numbers(row, claim.unit)}
    regions = _both(lambda language: ", ".join(BY_CODE[x].label(language) for x in claim.regions))
    if len(found) != 1:

        @_both
        def unclear(language):
            table, unit = _table(entry, language), rules.translate(claim.unit, language)
            none = {
                "sv": f"{table} anger inte ett enda antal {unit} för",
                "en": f"{table} does not state a single number of {unit} for",
            }[language]
            return opening(f"{none} {regions[language]}")

        yield claim.id, Check(rule.kind, "not testable", unclear, needs=rule.needs)
        return
    (stated,) = found

    @_both
    def words(language):
        where = f"{regions[language]}, {_LINE[language]} {stating['line'].iloc[0]}"
        states = f"{_write(stated, language)} {rules.translate(claim.unit, language)}"
        return opening(f"{_table(entry, language)} ({where}): {states}")

    agrees = equal(_amount(claim), stated, claim.rounding)
    yield from _judged(rule, claim, agrees, reason, words, claim.value, stated)


_JUDGES: dict[str, Callable[..., Judgement]] = {
    "value": _value,
    "ordering": _ordering,
    "direction": _direction,
    "range": _range,
    "floor": _floor,
}
KINDS: dict[str, Callable[..., Found]] = {
    **dict.fromkeys(_JUDGES, _figures),
    "status_count": _status_count,
    "status_value": _status_value,
    "sum": _sum,
    "ratio": _ratio,
    "extent": _extent,
    "same": _same,
    "attainable": _attainable,
    "bound": _bound,
    "part": _part,
}
