"""The checks that hold the documents against their own numbers and against each other.

Nobody can tell which of two numbers that contradict each other is wrong: a contradiction concerns
every claim in it. Agreement speaks for the claim that was computed from the others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from naravard.catalogue_parts import FullText
from naravard.claims.check import EXACT, Check, Found, amount, both, claimed, get, percent, write
from naravard.claims.collection import Claim
from naravard.claims.rule_kinds import (
    AttainableRule,
    BoundRule,
    ExtentRule,
    PartRule,
    RatioRule,
    SameRule,
    SumRule,
)
from naravard.claims.rulebook import RuleBook


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
