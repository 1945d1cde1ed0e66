"""The rule book: how claims are tested, as data, read from ``rules.toml`` and validated."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from naravard.catalogue.model import FullText, NonEmpty, Part, RegionCode, validated
from naravard.errors import NaravardError, did_you_mean
from naravard.paths import read_toml

# The kinds of rule: what a rule of ``rules.toml`` says, and when a claim agrees with it.
Reason = Literal[
    "other_edition", "other_definition", "rounding", "internal_contradiction", "documents_disagree"
]


class FiguresRule(Part):
    """A claim held against an indicator of the collection."""

    claim: NonEmpty
    indicator: NonEmpty
    region: RegionCode = "00"
    measure: FullText  # how the indicator differs from what the document measures
    reason: Reason  # why the two are likely to differ, if they do
    needs: FullText  # what would decide if the figures cannot


class ValueRule(FiguresRule):
    """The value is the indicator's, within ``tolerance`` (half the last printed unit if none)."""

    kind: Literal["value"]
    year: int
    tolerance: float | None = None


class OrderingRule(FiguresRule):
    """The years' values fall in the order given."""

    kind: Literal["ordering"]
    years: tuple[int, ...]


class SpanRule(FiguresRule):
    """From the first to the last of ``years``, those with values; not across a break."""

    years: tuple[int, int]


class DirectionRule(SpanRule):
    """The values rise or fall from the first to the last of ``years``, or in every step."""

    kind: Literal["direction"]
    expect: Literal["rising", "falling"]
    steps: Literal["ends", "every"] = "ends"


class RangeRule(SpanRule):
    """No value of ``years`` lies further than ``within`` from the first."""

    kind: Literal["range"]
    within: float


class FloorRule(FiguresRule):
    """The claim on a whole is not below the indicator's value for a part of it, a mere bound."""

    kind: Literal["floor"]
    year: int


class StatusesRule(Part):
    """A claim held against a table of coded statuses, elsewhere than the row it comes from."""

    claim: NonEmpty
    table: NonEmpty


class StatusCountRule(StatusesRule):
    """The value is the number of rows with one of ``codes``.

    With ``at_least`` the claim is of a later time and must not be below it, a mere bound. With
    ``between`` the claim has words for a share ("more than half"), and the rows' percentage must
    lie above the first and not above the second.
    """

    kind: Literal["status_count"]
    codes: tuple[NonEmpty, ...]
    at_least: bool = False
    between: tuple[float, float] | None = None


class StatusValueRule(StatusesRule):
    """The region's row has the value, in the claim's unit: as its number or in its words."""

    kind: Literal["status_value"]
    needs: FullText  # what would decide if the row does not say it


class PartsRule(Part):
    """The value is the sum of other claims, or the range is theirs, from lowest to highest."""

    kind: Literal["sum", "extent"]
    claim: NonEmpty
    parts: tuple[NonEmpty, ...]


class RatioRule(Part):
    """The value is factor × numerator / denominator; each is a claim or a known total."""

    kind: Literal["ratio"]
    claim: NonEmpty
    numerator: NonEmpty
    denominator: NonEmpty
    factor: float = 100


class SameRule(Part):
    """Claims on one topic, region, period and sex say the same, in whichever document.

    Two documents that agree bear each other out; a document that repeats itself proves nothing.
    """

    kind: Literal["same"]


class AttainableRule(Part):
    """A percentage of a small known number of areas must be one that so many can give."""

    kind: Literal["attainable"]
    topic: NonEmpty
    unit: NonEmpty
    total: NonEmpty


class BoundRule(Part):
    """A number of regions or municipalities does not exceed how many there are."""

    kind: Literal["bound"]
    unit: NonEmpty
    total: NonEmpty


class PartRule(Part):
    """What is "of which" is not more than the claim before it on the same region."""

    kind: Literal["part"]
    topic: NonEmpty


Rule = (
    ValueRule | OrderingRule | DirectionRule | RangeRule | FloorRule  # against figures
    | StatusCountRule | StatusValueRule  # against tables of coded statuses
    | PartsRule | RatioRule | SameRule | AttainableRule | BoundRule | PartRule  # among documents
)  # fmt: skip

PATH = Path(__file__).with_name("rules.toml")
SWEDISH = Path(__file__).with_name("swedish.toml")


class Document(Part):
    """A document that claims something; ``file`` names its plain text, whose lines are counted."""

    name: FullText
    title: NonEmpty
    file: NonEmpty


class Total(Part):
    """A known number of regions or municipalities, with the source that counts them."""

    value: int
    source: FullText


class Category(Part):
    """Why claims cannot be tested, and what would make them testable."""

    claims: tuple[NonEmpty, ...]
    reason: FullText
    source: FullText


def _ids(patterns: tuple[str, ...]) -> list[str]:
    """Write out "R010-R030" as the ids between, both ends included."""
    ids = []
    for pattern in patterns:
        first, _, last = pattern.partition("-")
        numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
        ids += [f"{first[0]}{number:03d}" for number in numbers]
    return ids


class RuleBook(Part):
    """Documents, known totals, codes, rules, and why the other claims cannot be tested."""

    documents: dict[str, Document]
    totals: dict[str, Total]
    codes: dict[str, FullText]
    rules: tuple[Annotated[Rule, Field(discriminator="kind")], ...]
    missing: dict[str, Category]

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that claims are held against."""
        used = (rule.indicator for rule in self.rules if isinstance(rule, FiguresRule))
        return tuple(dict.fromkeys(used))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of coded statuses that claims are held against."""
        used = (rule.table for rule in self.rules if isinstance(rule, StatusesRule))
        return tuple(dict.fromkeys(used))

    def categories(self) -> dict[str, str]:
        """Return the category of each claim that no rule tests, by claim id."""
        found: dict[str, str] = {}
        for key, category in self.missing.items():
            for id in _ids(category.claims):
                if id in found:
                    raise NaravardError(f"{id} is in two categories: {found[id]} and {key}")
                found[id] = key
        return found


@cache
def rules(path: Path = PATH) -> RuleBook:
    """Read a rule book once; a NaravardError names what is missing, unknown or wrong."""
    return validated(RuleBook, read_toml(path), path.name)


@cache
def _swedish() -> dict[str, str]:
    content = read_toml(SWEDISH)
    return {english: swedish for table in content.values() for english, swedish in table.items()}


def translate(words: str, language: str) -> str:
    """Return the Swedish for a subject, unit, qualifier or value; English stays as it is."""
    if language == "en":
        return words
    table = re.match(r"Table (\d)( \(municipalities\))?: (.*)", words)
    if table:
        of = " (kommuner)" if table[2] else ""
        return f"Tabell {table[1]}{of}: {_swedish().get(table[3], table[3])}"
    return _swedish().get(words, words)


def document(name: str) -> str:
    """Return the key of a document that is named by key, name or title.

    Raises NaravardError if there is none; the message names the closest.
    """
    for key, entry in rules().documents.items():
        words = (key, entry.name.sv, entry.name.en, entry.title)
        if str(name).casefold() in map(str.casefold, words):
            return key
    raise NaravardError(f"unknown document '{name}'{did_you_mean(str(name), rules().documents)}")
