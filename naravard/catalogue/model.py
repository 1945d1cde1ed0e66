"""The parts of the catalogue's entries, each with its fields; see ``catalogue.toml``."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from naravard.errors import NaravardError
from naravard.regions import CODES

EVERYWHERE = "*"
#: How the note of a year begins that the price index does not cover.
NO_INDEX = "the price index ends in"

RegionCode = Literal[("*", *CODES)]
NonEmpty = Annotated[str, Field(min_length=1)]
_Model = TypeVar("_Model", bound=BaseModel)


def applies(regions: tuple[str, ...], code: str) -> bool:
    """Say whether something concerns a region: it names the region, or every one."""
    return EVERYWHERE in regions or code in regions


class Part(BaseModel):
    """A part of an entry: fields that are not known are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def wrong_field(error: ValidationError) -> str:
    """Say which field is wrong and why: the first of pydantic's errors."""
    first = error.errors()[0]
    return ": ".join(filter(None, [".".join(map(str, first["loc"])), first["msg"]]))


def validated(model: type[_Model], content: object, where: str) -> _Model:
    """Return content as a model; a NaravardError that begins with ``where`` names a wrong field."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise NaravardError(f"{where}: {wrong_field(error)}") from error


class Text(Part):
    """The same words in Swedish and English."""

    sv: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.sv


class FullText(Text):
    """Words that may not be empty."""

    sv: NonEmpty
    en: NonEmpty


class Unit(Part):
    """How values of a unit are named, written and bounded.

    ``additive`` values of the regions add up to Riket's; others lie around it. A rate is a count
    per ``base`` people. ``money`` has the prices of its year.
    """

    name: FullText
    suffix: Text
    change: FullText
    minimum: float
    maximum: float
    additive: bool = False
    money: bool = False
    base: float | None = None


class Source(Part):
    """Where the values of an indicator lie in the raw store.

    The newest vintage is used unless ``vintage`` names one. ``periods`` says in which year a period
    that is not a whole year lies, "2021-03" in 2021; the period itself is kept in the row's note.
    """

    dataset: NonEmpty
    series: NonEmpty
    unit: NonEmpty
    id: NonEmpty | None = None
    vintage: NonEmpty | None = None
    periods: dict[str, int] = {}


class Derived(Part):
    """An indicator computed as factor × numerator / sum of denominators."""

    numerator: NonEmpty
    denominator: tuple[NonEmpty, ...]
    factor: float


class Break(Part):
    """From ``year`` on the values do not measure the same thing as before."""

    regions: tuple[RegionCode, ...]
    year: int
    reason: FullText


class Gap(Part):
    """Why values are missing from the first to the last of ``years``."""

    regions: tuple[RegionCode, ...]
    years: tuple[int, int]
    reason: FullText


class Caveat(FullText):
    """What a reader must know, for every region or for those named."""

    regions: tuple[RegionCode, ...] = (EVERYWHERE,)


class Choice(Part):
    """Which rows are used where published values disagree, and why."""

    where: dict[str, str]
    reason: FullText
    regions: tuple[RegionCode, ...] = (EVERYWHERE,)
    year: int | None = None


class Target(Part):
    """The agreement's target that an indicator is held against.

    A "level" is to be reached; "growth" is a change in percent since the first value.
    """

    indicator: NonEmpty
    kind: Literal["level", "growth"]


class SharedCaveat(Caveat):
    """A caveat of several indicators."""

    indicators: tuple[NonEmpty, ...]


class SharedBreak(Break):
    """A break of several indicators."""

    indicators: tuple[NonEmpty, ...]


class NoLimits(FullText):
    """Why no control limits can be drawn, for several indicators or, with "*", for the rest."""

    indicators: tuple[NonEmpty, ...]


class StatusTable(Part):
    """One table of coded statuses; fields as explained in ``statuses.toml``."""

    id: str
    number: int | None = None
    dataset: str
    name: FullText
    definition: FullText
    codes: dict[str, FullText]
    sum: str | None = None
    sum_name: FullText | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def by_region(self) -> bool:
        """Whether every region has a row: the report's tables do, one region's plan does not."""
        return self.number is not None

    def caveats_for(self, code: str) -> list[Caveat]:
        """Return the caveats that concern a region."""
        return [c for c in self.caveats if applies(c.regions, code)]


class MissingSeries(Part):
    """A figure of the report without published values."""

    name: FullText
    definition: FullText
    known: FullText
    where: FullText
