"""What a check returns, and what every check is made with."""

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
from naravard.claims.claim import Claim
from naravard.claims.rules import (
    AboutFigures,
    AboutStatuses,
    AttainableRule,
    BoundRule,
    DirectionRule,
    ExtentRule,
    FloorRule,
    OrderingRule,
    PartRule,
    RangeRule,
    RatioRule,
    RuleBook,
    SameRule,
    StatusCountRule,
    StatusValueRule,
    SumRule,
    ValueRule,
    rules,
    translate,
)
from naravard.data import documents, load
from naravard.errors import NaravardError, did_you_mean
from naravard.language import NO_BREAK, number, opening, span
from naravard.regions import BY_CODE

#: Numbers that are printed as they are differ by less than this.
EXACT = 1e-9


#: Qualifiers that say no more than the value does.
_PLAIN = ("", "exact", "direction")
#: Qualifiers that stand before the value.
_BEFORE = (
    "about", "at least", "at least (definition)", "at least (target)", "at most", "ca",
    "just over", "more than", "nearly", "only", "up to",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """What one rule says of one claim.

    Attributes
    ----------
    kind : str
        The rule's kind.
    basis : {"figures", "documents"}
        Whether published figures or the documents' own numbers were the yardstick.
    outcome : {"reproduced", "differs", "not testable"}
    words : FullText
        The computation in words, Swedish and English.
    claimed, found : float or None
        The claimed number and the one that was found.
    reason : str or None
        Why it is likely to differ, see `naravard.claims.rules.Reason`.
    needs : FullText or None
        What would decide, if the figures cannot.
    indicator : str or None
        What the claim was held against.
    proves : bool
        False for a mere bound: it can contradict a claim but not reproduce it.
    """

    kind: str
    basis: str
    outcome: str
    words: FullText
    claimed: float | None = None
    found: float | None = None
    reason: str | None = None
    needs: FullText | None = None
    indicator: str | None = None
    proves: bool = True

    @property
    def difference(self) -> float | None:
        """Found less claimed."""
        known = self.claimed is not None and self.found is not None
        return self.found - self.claimed if known else None


Found = Iterator[tuple[str, Check]]


def get(claims: dict[str, Claim], id: str) -> Claim:
    """Return a claim that a rule names.

    Raises
    ------
    NaravardError
        If there is none of that id.
    """
    if id not in claims:
        raise NaravardError(f"rules.toml: unknown claim '{id}'{did_you_mean(id, claims, 0)}")
    return claims[id]


def amount(claim: Claim) -> float:
    """Return the number that a rule computes with.

    Raises
    ------
    NaravardError
        If the claim has none.
    """
    if claim.value is None:
        raise NaravardError(f"rules.toml: {claim.id} has no number, but a rule computes with it")
    return claim.value


def write(value: float, language: str, decimals: int = 1) -> str:
    """Write a number, without decimals if it is whole."""
    return number(value, 0 if abs(value - round(value)) < EXACT else decimals, language)


def percent(value: float, language: str) -> str:
    """Write a percentage."""
    return write(value, language) + {"sv": f"{NO_BREAK}%", "en": "%"}[language]


def claimed(claim: Claim, language: str) -> str:
    """Write what a claim states: value and unit with the qualifier, or the qualifier alone."""
    qualifier = "" if claim.qualifier in _PLAIN or claim.value_max is not None else claim.qualifier
    words = translate(qualifier, language)
    if claim.unit == "year":
        said = claim.text
    elif claim.unit == "status code":
        said = rules().codes[claim.text][language]
    elif claim.value is not None:
        ends = [x for x in (claim.value, claim.value_max) if x is not None]
        unit = translate(claim.unit, language)
        if claim.unit == "not printed":
            unit = {"sv": "(ingen enhet)", "en": "(no unit)"}[language]
        said = f"{'–'.join(write(x, language) for x in ends)} {unit}"
    else:
        said = "" if claim.text == "ordering" else translate(claim.text, language)
    if not (words and said):
        return words or said
    return f"{words} {said}" if qualifier in _BEFORE else f"{said} ({words})"


def both(text: Callable[[str], str]) -> FullText:
    """Make words in both languages with a function of the language."""
    return FullText(sv=text("sv"), en=text("en"))


# The checks that hold the documents against their own numbers and against each other.
#
# Nobody can tell which of two numbers that contradict each other is wrong: a contradiction concerns
# every claim in it. Agreement speaks for the claim that was computed from the others.
def _judge(rule, names: Iterable[str], claim: Claim, found: float, words: FullText) -> Found:
    """Compare a computed number with the printed one, in the precision in which it is printed."""
    if abs(found - amount(claim)) <= claim.rounding + EXACT:
        yield claim.id, Check(rule.kind, "documents", "reproduced", words, claim.value, found)
        return
    more = both(
        lambda language: (
            f"{words[language]}, {({'sv': 'mot', 'en': 'against'})[language]} "
            f"{claimed(claim, language)} ({claim.id})"
        )
    )
    for id in dict.fromkeys([claim.id, *names]):
        numbers = (claim.value, found) if id == claim.id else (None, None)
        yield id, Check(rule.kind, "documents", "differs", more, *numbers, "internal_contradiction")


def _sum(rule: SumRule, claims: dict[str, Claim], book: RuleBook) -> Found:
    claim, parts = get(claims, rule.claim), [get(claims, id) for id in rule.parts]
    total = sum(amount(part) for part in parts)

    def text(language):
        terms = " + ".join(f"{write(amount(p), language)} ({p.id})" for p in parts)
        return terms if len(parts) == 1 else f"{terms} = {write(total, language)}"

    yield from _judge(rule, rule.parts, claim, total, both(text))


def _ratio(rule: RatioRule, claims: dict[str, Claim], book: RuleBook) -> Found:
    claim = get(claims, rule.claim)
    names = [x for x in (rule.numerator, rule.denominator) if x not in book.totals]

    def value(name: str) -> float:
        known = book.totals.get(name)
        return known.value if known else amount(get(claims, name))

    found = rule.factor * value(rule.numerator) / value(rule.denominator)

    def text(language):
        def term(name):
            known = book.totals.get(name)
            more = known.source[language] if known else name
            return f"{write(value(name), language)} ({more})"

        shown = percent(found, language) if rule.factor == 100 else write(found, language)
        return f"{term(rule.numerator)} / {term(rule.denominator)} = {shown}"

    yield from _judge(rule, names, claim, found, both(text))


def _extent(rule: ExtentRule, claims: dict[str, Claim], book: RuleBook) -> Found:
    claim, values = get(claims, rule.claim), [amount(get(claims, id)) for id in rule.parts]
    low, high = min(values), max(values)
    reach = claim.rounding + EXACT
    agrees = (
        claim.value_max is not None
        and abs(low - amount(claim)) <= reach
        and abs(high - claim.value_max) <= reach
    )

    def text(language):
        to = {"sv": "till", "en": "to"}[language]
        return f"{', '.join(rule.parts)}: {write(low, language)} {to} {write(high, language)}"

    words, outcome = both(text), "reproduced" if agrees else "differs"
    for id in [claim.id] if agrees else [claim.id, *rule.parts]:
        yield (
            id,
            Check(rule.kind, "documents", outcome, words, reason=None if agrees else "rounding"),
        )


def _same(rule: SameRule, claims: dict[str, Claim], book: RuleBook) -> Found:
    groups: dict[tuple, list[Claim]] = {}
    for claim in claims.values():
        if claim.text:
            key = (claim.topic, claim.regions, claim.period, claim.sex)
            groups.setdefault(key, []).append(claim)
    for group in groups.values():
        if len(group) == 1:
            continue
        agrees = len({(c.text, c.value_max, c.unit) for c in group}) == 1
        one_document = len({c.document for c in group}) == 1

        def text(language, group=group):
            said = []
            for c in group:
                where = book.documents[c.document].name[language]
                line = {"sv": "rad", "en": "line"}[language]
                said.append(f"{claimed(c, language)} ({where}, {line} {c.line})")
            return "; ".join(said)

        reason = "internal_contradiction" if one_document else "documents_disagree"
        outcome = "reproduced" if agrees else "differs"
        for claim in group:
            yield claim.id, Check(
                rule.kind, "documents", outcome, both(text), claim.value,
                reason=None if agrees else reason, proves=not one_document,
            )  # fmt: skip


def _attainable(rule: AttainableRule, claims: dict[str, Claim], book: RuleBook) -> Found:
    total = book.totals[rule.total]
    for claim in claims.values():
        if claim.unit != rule.unit or claim.value is None or not re.match(rule.topic, claim.topic):
            continue
        below = math.floor(claim.value * total.value / 100)
        near = [100 * count / total.value for count in (below, below + 1)]
        if any(abs(share - claim.value) <= claim.rounding + EXACT for share in near):
            continue
        closest = min(near, key=lambda share: abs(share - claim.value))

        def text(language, below=below, near=near):
            word = {"sv": "av", "en": "of"}[language]
            shares = [
                f"{count} {word} {total.value} = {percent(share, language)}"
                for count, share in zip((below, below + 1), near, strict=True)
            ]
            return f"{'; '.join(shares)} ({total.source[language]})"

        yield (
            claim.id,
            Check(rule.kind, "documents", "differs", both(text), claim.value, closest, "rounding"),
        )


def _limit(rule, claim: Claim, most: float, words: FullText) -> Found:
    if claim.value is not None:
        over = claim.value > most
        yield claim.id, Check(
            rule.kind, "documents", "differs" if over else "reproduced", words, claim.value, most,
            "internal_contradiction" if over else None, proves=False,
        )  # fmt: skip


def _bound(rule: BoundRule, claims: dict[str, Claim], book: RuleBook) -> Found:
    total = book.totals[rule.total]
    for claim in claims.values():
        if claim.unit.partition(" of ")[0] == rule.unit:
            printed = claim.unit.partition(" of ")[2]
            most = float(printed or total.value)

            def text(language, most=most, printed=printed):
                word = {"sv": "högst", "en": "at most"}[language]
                return f"{word} {write(most, language)}" + (
                    "" if printed else f" ({total.source[language]})"
                )

            yield from _limit(rule, claim, most, both(text))


def _part(rule: PartRule, claims: dict[str, Claim], book: RuleBook) -> Found:
    whole: dict[tuple, Claim] = {}
    for claim in claims.values():
        key = (claim.document, claim.regions)
        if not re.match(rule.topic, claim.topic):
            whole[key] = claim
        elif key in whole and whole[key].value is not None:
            of = whole[key]

            def text(language, of=of):
                word = {"sv": "högst", "en": "at most"}[language]
                return f"{word} {write(of.value, language)} ({of.id})"

            yield from _limit(rule, claim, of.value, both(text))


_BY_KIND = {
    "sum": _sum, "ratio": _ratio, "extent": _extent, "same": _same,
    "attainable": _attainable, "bound": _bound, "part": _part,
}  # fmt: skip


def check(rule, claims: dict[str, Claim], book: RuleBook) -> Found:
    """Yield what a rule on the documents' own numbers says, by claim id."""
    yield from _BY_KIND[rule.kind](rule, claims, book)


# The checks that hold claims against the collection's figures.
def _values(rule: AboutFigures, years) -> dict[int, float]:
    """Return the known values of the years, in the order of the years."""
    rows = load.table([rule.indicator])
    rows = rows[(rows["region"] == rule.region) & (rows["sex"] == "T")]
    known = rows.dropna(subset=["value"]).set_index("year")["value"]
    return {year: float(known[year]) for year in years if year in known.index}


def _check(rule: AboutFigures, outcome: str, text, **more) -> Check:
    """Make a check whose words name the measure, the unit of the statistics and the numbers."""
    entry = indicator(rule.indicator)

    def words(language):
        name, where = opening(entry.short_name[language]), BY_CODE[rule.region].label(language)
        return f"{name}, {where}: {text(language)}. {rule.measure[language]}"

    differs = outcome == "differs"
    return Check(
        rule.kind, "figures", outcome, both(words), reason=rule.reason if differs else None,
        needs=rule.needs if outcome == "not testable" else None, indicator=rule.indicator, **more,
    )  # fmt: skip


def _missing(rule: AboutFigures, years) -> Check:
    def text(language):
        word = {"sv": "värden saknas för", "en": "no values for"}[language]
        return f"{word} {', '.join(map(str, years))}"

    return _check(rule, "not testable", text)


def _value(rule: ValueRule, claim: Claim, entry: Indicator) -> Check:
    found = _values(rule, [rule.year]).get(rule.year)
    if found is None:
        return _missing(rule, [rule.year])
    reach = claim.rounding if rule.tolerance is None else rule.tolerance
    agrees = abs(found - amount(claim)) <= reach + EXACT
    return _check(
        rule,
        "reproduced" if agrees else "differs",
        lambda language: f"{quantity(found, entry, language)} ({rule.year})",
        claimed=claim.value,
        found=found,
    )


def _floor(rule: FloorRule, claim: Claim, entry: Indicator) -> Check:
    found = _values(rule, [rule.year]).get(rule.year)
    if found is None:
        return _missing(rule, [rule.year])
    below = amount(claim) + claim.rounding < found - EXACT

    def text(language):
        least = {"sv": "minst", "en": "at least"}[language]
        return f"{least} {quantity(found, entry, language)} ({rule.year})"

    outcome = "differs" if below else "reproduced"
    return _check(rule, outcome, text, claimed=claim.value, found=found, proves=False)


def _ordering(rule: OrderingRule, claim: Claim, entry: Indicator) -> Check:
    values = _values(rule, rule.years)
    absent = [year for year in rule.years if year not in values]
    if absent:
        return _missing(rule, absent)
    steps = list(pairwise(values.values()))

    def text(language):
        signs = [">" if a > b else "=" if a == b else "<" for a, b in steps]
        terms = [f"{quantity(v, entry, language)} ({y})" for y, v in values.items()]
        return " ".join(x for pair in zip(terms, [*signs, ""], strict=True) for x in pair).strip()

    return _check(rule, "reproduced" if all(a > b for a, b in steps) else "differs", text)


def _gaps(rule: DirectionRule | RangeRule, values: dict[int, float], language: str) -> str:
    absent = [y for y in range(rule.years[0], rule.years[1] + 1) if y not in values]
    if not absent:
        return ""
    return {"sv": "; värden saknas ", "en": "; no values "}[language] + span(absent)


def _broken(rule: DirectionRule | RangeRule, values: dict[int, float], entry) -> Check | None:
    """Refuse to compare across a break, or to compare nothing."""
    if len(values) < 2:
        absent = [y for y in range(rule.years[0], rule.years[1] + 1) if y not in values]
        return _missing(rule, absent)
    breaks = [b for b in entry.breaks_for(rule.region) if min(values) < b.year <= max(values)]
    if not breaks:
        return None

    def text(language):
        word = {"sv": "serien bryts", "en": "the series breaks in"}[language]
        return f"{word} {breaks[0].year}: {breaks[0].reason[language]}"

    return _check(rule, "not testable", text)


def _direction(rule: DirectionRule, claim: Claim, entry: Indicator) -> Check:
    """Judge a rise or fall; what is smaller than the printed unit is neither."""
    values = _values(rule, range(rule.years[0], rule.years[1] + 1))
    refused = _broken(rule, values, entry)
    if refused:
        return refused
    printed = 10.0**-entry.decimals - EXACT
    sign = 1 if rule.expect == "rising" else -1
    first, last = min(values), max(values)
    change = values[last] - values[first]
    against = [
        (a, b) for a, b in pairwise(sorted(values)) if sign * (values[b] - values[a]) <= -printed
    ]
    small = abs(change) < printed

    def text(language):
        def value(year):
            return f"{quantity(values[year], entry, language)} ({year})"

        said = f"{value(first)} → {value(last)}"
        if small:
            said += {
                "sv": ", en ändring som inte syns vid denna avrundning",
                "en": ", a change that cannot be seen at this rounding",
            }[language]
        elif rule.steps == "every" and against:
            moves = {"sv": "men", "en": "but"}[language]
            steps = [
                f"{number(values[b] - values[a], entry.decimals, language, sign=True)} ({a}–{b})"
                for a, b in against
            ]
            said += f", {moves} {', '.join(steps)}"
        return said + _gaps(rule, values, language)

    if small:
        return _check(rule, "not testable", text)
    holds = sign * change > 0 and not (rule.steps == "every" and against)
    largest = max((abs(values[b] - values[a]) for a, b in against), default=None)
    return _check(
        rule, "reproduced" if holds else "differs", text, found=None if holds else largest
    )


def _range(rule: RangeRule, claim: Claim, entry: Indicator) -> Check:
    values = _values(rule, range(rule.years[0], rule.years[1] + 1))
    refused = _broken(rule, values, entry)
    if refused:
        return refused
    first = min(values)
    farthest = max(values, key=lambda year: abs(values[year] - values[first]))
    moved = abs(values[farthest] - values[first])

    def text(language):
        start, end = (f"{quantity(values[y], entry, language)} ({y})" for y in (first, farthest))
        most = f"{number(rule.within, entry.decimals, language)} {unit(entry).change[language]}"
        if language == "en":
            said = f"{start}, farthest from it {end}; the limit for no major change is {most}"
        else:
            said = f"{start}, längst därifrån {end}; gränsen för ingen större ändring är {most}"
        return said + _gaps(rule, values, language)

    outcome = "reproduced" if moved <= rule.within else "differs"
    return _check(rule, outcome, text, found=moved)


_against_figures_BY_KIND = {
    "value": _value,
    "ordering": _ordering,
    "direction": _direction,
    "range": _range,
    "floor": _floor,
}


def check_against_figures(rule: AboutFigures, claims: dict[str, Claim]) -> Found:
    """Yield what a rule on the collection's figures says, by claim id."""
    claim, entry = get(claims, rule.claim), indicator(rule.indicator)
    yield claim.id, _against_figures_BY_KIND[rule.kind](rule, claim, entry)


# The checks that hold claims against the tables of coded statuses.
#
# The tables were coded from the documents themselves, so what agrees with them is consistent within
# the documents and no more; and a claim is never tested against the row that it comes from.
#: Rows of a table are a few lines long: what stands nearer to a row than this is the row.
_NEAR = 10


def _elsewhere(claim: Claim, rows: pd.DataFrame, entry: StatusTable, book: RuleBook) -> None:
    """Refuse to test a claim against the row that it was coded from.

    Raises
    ------
    NaravardError
        If claim and row stand at the same place of the same document.
    """
    own = rows[rows["document"] == book.documents[claim.document].file]
    near = own[(own["line"].astype(int) - claim.line).abs() < _NEAR]
    if not near.empty:
        raise NaravardError(
            f"rules.toml: {claim.id} (line {claim.line}) would be tested against itself: "
            f"line {near['line'].iloc[0]} of {entry.id}"
        )


def _reason(claim: Claim, rows: pd.DataFrame, book: RuleBook) -> str:
    own = (rows["document"] == book.documents[claim.document].file).any()
    return "internal_contradiction" if own else "documents_disagree"


def _place(entry: StatusTable, language: str) -> str:
    """Name a table: by its number in the report, if it has one."""
    name = entry.name[language]
    if entry.number is None:
        return name
    return f"{({'sv': 'tabell', 'en': 'table'})[language]} {entry.number}, {name}"


def _against(words: str, claim: Claim, language: str) -> str:
    word = {"sv": "mot", "en": "against"}[language]
    return f"{words}, {word} {claimed(claim, language)} ({claim.id})"


def _count(rule: StatusCountRule, claim: Claim, entry: StatusTable, book: RuleBook) -> Check:
    rows = documents.read(rule.table)
    rows = rows[rows["code"] != documents.DETAIL]
    for code in rule.codes:
        if code not in entry.codes:
            known = did_you_mean(code, entry.codes)
            raise NaravardError(f"rules.toml: {rule.table} has no code '{code}'{known}")
    _elsewhere(claim, rows, entry, book)
    found = int(rows["code"].isin(rule.codes).sum())
    share = 100 * found / len(rows)
    if rule.between:
        agrees = rule.between[0] < share <= rule.between[1]
    elif rule.at_least:
        agrees = amount(claim) >= found
    else:
        agrees = abs(amount(claim) - found) <= claim.rounding + EXACT

    def text(language):
        of, least = {"sv": ("rader av", "minst "), "en": ("rows of", "at least ")}[language]
        codes = ", ".join(entry.codes[code][language] for code in rule.codes)
        said = f"{least if rule.at_least else ''}{found} {of} {len(rows)}"
        if rule.between:
            said += f" = {percent(share, language)}"
        said += f" ({_place(entry, language)}: {codes})"
        return said if agrees else _against(said, claim, language)

    numbers = (None, share) if rule.between else (claim.value, found)
    return Check(
        rule.kind, "documents", "reproduced" if agrees else "differs", both(text), *numbers,
        None if agrees else _reason(claim, rows, book), proves=not rule.at_least,
    )  # fmt: skip


def _numbers(row, unit: str) -> list[float]:
    """Return what a row states in a unit: its number, or those before the unit in its words."""
    if row.unit == unit and not pd.isna(row.value):
        return [float(row.value)]
    return [float(found) for found in re.findall(rf"(\d+(?:\.\d+)?) {re.escape(unit)}\b", row.en)]


def _against_statuses_value(
    rule: StatusValueRule, claim: Claim, entry: StatusTable, book: RuleBook
) -> Check:
    table = documents.read(rule.table)
    rows = table[table["region"].isin(claim.regions)]
    stating = rows[[bool(_numbers(row, claim.unit)) for row in rows.itertuples()]]
    _elsewhere(claim, stating, entry, book)
    found = {number for row in stating.itertuples() for number in _numbers(row, claim.unit)}
    regions = both(lambda language: ", ".join(BY_CODE[x].label(language) for x in claim.regions))
    if len(found) != 1:

        def unclear(language):
            unit = translate(claim.unit, language)
            none = {
                "sv": f"{_place(entry, language)} anger inte ett enda antal {unit} för",
                "en": f"{_place(entry, language)} does not state a single number of {unit} for",
            }[language]
            return opening(f"{none} {regions[language]}")

        return Check(rule.kind, "documents", "not testable", both(unclear), needs=rule.needs)
    (number,) = found
    agrees = abs(amount(claim) - number) <= claim.rounding + EXACT

    def text(language):
        line = {"sv": "rad", "en": "line"}[language]
        where = f"{regions[language]}, {line} {stating['line'].iloc[0]}"
        states = f"{write(number, language)} {translate(claim.unit, language)}"
        said = opening(f"{_place(entry, language)} ({where}): {states}")
        return said if agrees else _against(said, claim, language)

    reason = None if agrees else _reason(claim, stating, book)
    outcome = "reproduced" if agrees else "differs"
    return Check(rule.kind, "documents", outcome, both(text), claim.value, number, reason)


_against_statuses_BY_KIND = {"status_count": _count, "status_value": _against_statuses_value}


def check_against_statuses(rule: AboutStatuses, claims: dict[str, Claim], book: RuleBook) -> Found:
    """Yield what a rule on a table of coded statuses says, by claim id."""
    claim = get(claims, rule.claim)
    yield (
        claim.id,
        _against_statuses_BY_KIND[rule.kind](rule, claim, documents.table(rule.table), book),
    )
