"""The checks that hold claims against the collection's figures."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from naravard import load, project
from naravard.build import TABLE
from naravard.catalogue import Indicator, indicator, unit
from naravard.claims.check import EXACT, Check, Found, amount, both, get
from naravard.claims.collection import Claim
from naravard.claims.rule_kinds import (
    AboutFigures,
    DirectionRule,
    FloorRule,
    OrderingRule,
    RangeRule,
    ValueRule,
)
from naravard.language import number, opening, quantity, span
from naravard.regions import BY_CODE


@lru_cache(maxsize=1)
def _known(path: Path, modified: int | None) -> dict[tuple[str, str, int], float]:
    """Return the values of both sexes together by indicator, region and year."""
    table = load.table()
    rows = table[(table["sex"] == "T") & table["value"].notna()]
    return rows.set_index(["indicator", "region", "year"])["value"].to_dict()


def _values(rule: AboutFigures, years) -> dict[int, float]:
    """Return the known values of the years, in the order of the years."""
    path = project.processed_dir() / TABLE
    known = _known(path, path.stat().st_mtime_ns if path.is_file() else None)
    found = {year: known.get((rule.indicator, rule.region, year)) for year in years}
    return {year: value for year, value in found.items() if value is not None}


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


_BY_KIND = {
    "value": _value,
    "ordering": _ordering,
    "direction": _direction,
    "range": _range,
    "floor": _floor,
}


def check(rule: AboutFigures, claims: dict[str, Claim]) -> Found:
    """Yield what a rule on the collection's figures says, by claim id."""
    claim, entry = get(claims, rule.claim), indicator(rule.indicator)
    yield claim.id, _BY_KIND[rule.kind](rule, claim, entry)
