"""The kinds of rule: what a rule of ``rules.toml`` says, and when a claim agrees with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from naravard.catalogue_parts import FullText, NonEmpty, Part, RegionCode

Reason = Literal[
    "other_edition", "other_definition", "rounding", "internal_contradiction", "documents_disagree"
]


class FiguresRule(Part):
    """A claim held against an indicator of the collection.

    ``measure`` says how our measure differs from the document's, ``reason`` why they are likely to
    differ if they do, ``needs`` what would decide if the figures cannot.
    """

    claim: NonEmpty
    indicator: NonEmpty
    region: RegionCode = "00"
    measure: FullText
    reason: Reason
    needs: FullText


class ValueRule(FiguresRule):
    """The value is the indicator's, within ``tolerance`` (half the last printed unit if none)."""

    kind: Literal["value"]
    year: int
    tolerance: float | None = None


class OrderingRule(FiguresRule):
    """The years' values fall in the order given."""

    kind: Literal["ordering"]
    years: tuple[int, ...]


class DirectionRule(FiguresRule):
    """The values rise or fall from the first to the last of ``years``, or in every step."""

    kind: Literal["direction"]
    years: tuple[int, int]
    expect: Literal["rising", "falling"]
    steps: Literal["ends", "every"] = "ends"


class RangeRule(FiguresRule):
    """No value of ``years`` lies further than ``within`` from the first."""

    kind: Literal["range"]
    years: tuple[int, int]
    within: float


class FloorRule(FiguresRule):
    """The claim on a whole is not below the indicator's value for a part of it.

    A bound: it can contradict the claim but not reproduce it.
    """

    kind: Literal["floor"]
    year: int


class StatusesRule(Part):
    """A claim held against a table of coded statuses, see `naravard.statuses`.

    The claim must stand elsewhere than the rows: a number is not tested against itself.
    """

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
    """The region's row has the value, in the claim's unit: as its number or in its words.

    ``needs`` is what would decide if the row does not say it.
    """

    kind: Literal["status_value"]
    needs: FullText


class SumRule(Part):
    """The value is the sum of other claims."""

    kind: Literal["sum"]
    claim: NonEmpty
    parts: tuple[NonEmpty, ...]


class RatioRule(Part):
    """The value is factor × numerator / denominator; each is a claim or a known total."""

    kind: Literal["ratio"]
    claim: NonEmpty
    numerator: NonEmpty
    denominator: NonEmpty
    factor: float = 100


class ExtentRule(Part):
    """The range is that of other claims, from the lowest to the highest."""

    kind: Literal["extent"]
    claim: NonEmpty
    parts: tuple[NonEmpty, ...]


class SameRule(Part):
    """Claims on one topic, region, period and sex say the same, wherever they stand.

    Two documents that agree bear each other out; a document that repeats itself proves nothing.
    """

    kind: Literal["same"]


class AttainableRule(Part):
    """A percentage of a small known number of units must be one that so many units can give."""

    kind: Literal["attainable"]
    topic: NonEmpty
    unit: NonEmpty
    total: NonEmpty


class BoundRule(Part):
    """A number of units does not exceed how many there are."""

    kind: Literal["bound"]
    unit: NonEmpty
    total: NonEmpty


class PartRule(Part):
    """What is "of which" is not more than the claim before it on the same region."""

    kind: Literal["part"]
    topic: NonEmpty


AboutFigures = ValueRule | OrderingRule | DirectionRule | RangeRule | FloorRule
AboutStatuses = StatusCountRule | StatusValueRule
Rule = Annotated[
    ValueRule
    | OrderingRule
    | DirectionRule
    | RangeRule
    | FloorRule
    | StatusCountRule
    | StatusValueRule
    | SumRule
    | RatioRule
    | ExtentRule
    | SameRule
    | AttainableRule
    | BoundRule
    | PartRule,
    Field(discriminator="kind"),
]
