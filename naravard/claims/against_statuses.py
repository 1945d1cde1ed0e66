"""The checks that hold claims against the tables of coded statuses.

The tables were coded from the documents themselves, so what agrees with them is consistent within
the documents and no more; and a claim is never tested against the row that it comes from.
"""

from __future__ import annotations

import re

import pandas as pd

from naravard import statuses
from naravard.claims.check import EXACT, Check, Found, amount, both, claimed, get, percent, write
from naravard.claims.collection import Claim
from naravard.claims.rule_kinds import AboutStatuses, StatusCountRule, StatusValueRule
from naravard.claims.rulebook import RuleBook, translate
from naravard.errors import NaravardError, did_you_mean
from naravard.language import opening
from naravard.regions import BY_CODE
from naravard.statuses import StatusTable

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
    rows = statuses.read(rule.table)
    rows = rows[rows["code"] != statuses.DETAIL]
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


def _value(rule: StatusValueRule, claim: Claim, entry: StatusTable, book: RuleBook) -> Check:
    table = statuses.read(rule.table)
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


_BY_KIND = {"status_count": _count, "status_value": _value}


def check(rule: AboutStatuses, claims: dict[str, Claim], book: RuleBook) -> Found:
    """Yield what a rule on a table of coded statuses says, by claim id."""
    claim = get(claims, rule.claim)
    yield claim.id, _BY_KIND[rule.kind](rule, claim, statuses.table(rule.table), book)
