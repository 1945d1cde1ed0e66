"""The catalogue: the indicators as data, read from ``catalogue.toml`` and validated."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from naravard.catalogue.model import (  # fmt: skip
    EVERYWHERE,
    Break,
    Caveat,
    Choice,
    Derived,
    FullText,
    Gap,
    NoLimits,
    NonEmpty,
    Part,
    SharedBreak,
    SharedCaveat,
    Source,
    Target,
    Text,
    Unit,
    validated,
)
from naravard.errors import NaravardError, did_you_mean
from naravard.paths import CATALOGUE, read_toml


def _applies(regions: tuple[str, ...], code: str) -> bool:
    return EVERYWHERE in regions or code in regions


class Indicator(Part):
    """One indicator. The fields are explained in ``catalogue.toml`` and docs/data.md."""

    id: NonEmpty
    kind: Literal["indicator", "cost", "population", "background", "price_index", "target"]
    name: FullText
    short: FullText | None = None
    question: FullText
    definition: FullText
    numerator: FullText
    denominator: FullText
    unit: NonEmpty
    decimals: Annotated[int, Field(ge=0, le=4)]
    polarity: Literal["up", "down", "neither"]
    level: Literal["region", "nation"]
    figure: str | None = None
    strategic_direction: str | None = None
    publisher: FullText
    source: Source | None = None
    derived: Derived | None = None
    live: str | None = None
    target: Target | None = None
    at_risk: tuple[NonEmpty, ...] = ()
    no_limits: FullText | None = None
    reviewed: datetime.date
    caveats: tuple[Caveat, ...] = ()
    breaks: tuple[Break, ...] = ()
    gaps: tuple[Gap, ...] = ()
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _one_origin(self):
        if (self.source is None) == (self.derived is None):
            raise ValueError("give either source or derived")
        if self.at_risk and self.no_limits:
            raise ValueError("give either at_risk or a reason for no limits")
        return self

    @property
    def short_name(self) -> FullText:
        """A name that fits a headline or a figure's title; the full name if it is short."""
        return self.short or self.name

    @property
    def in_money(self) -> bool:
        """Whether it is a cost in kronor, whose change is judged in fixed prices."""
        return self.kind == "cost" and unit(self).money

    @property
    def rounding(self) -> float:
        """Half the last printed unit of published values; 0 for what is computed."""
        return 0.5 * 10.0**-self.decimals if self.source else 0.0

    def source_line(self, language: str) -> str:
        """Return the source in one line, as publishers ask for it."""
        id = self.source.id if self.source else None
        return f"{self.publisher[language]}, {id}" if id else self.publisher[language]

    def breaks_for(self, code: str) -> tuple[Break, ...]:
        """Return the breaks that concern a region, by year."""
        found = (b for b in self.breaks if _applies(b.regions, code))
        return tuple(sorted(found, key=lambda b: b.year))

    def caveats_for(self, code: str) -> tuple[Caveat, ...]:
        """Return the caveats that concern a region."""
        return tuple(c for c in self.caveats if _applies(c.regions, code))

    def choices_for(self, code: str) -> tuple[Choice, ...]:
        """Return the choices between disagreeing sources that concern a region."""
        return tuple(c for c in self.choices if _applies(c.regions, code))

    def gap(self, code: str, year: int) -> Text | None:
        """Return the known reason why a value is missing; the first gap that fits counts."""
        for gap in self.gaps:
            if _applies(gap.regions, code) and gap.years[0] <= year <= gap.years[1]:
                return gap.reason
        return None


class Catalogue(Part):
    """All units, strategic directions and indicators."""

    units: dict[str, Unit]
    strategic_directions: dict[str, FullText]
    indicators: dict[str, Indicator]
    shared_caveats: tuple[SharedCaveat, ...] = ()
    shared_breaks: tuple[SharedBreak, ...] = ()
    no_limits: tuple[NoLimits, ...] = ()

    @model_validator(mode="after")
    def _people(self):
        for indicator in self.indicators.values():
            ids = indicator.at_risk
            if unknown := [id for id in ids if id not in self.indicators]:
                raise ValueError(f"{indicator.id}: people at risk from unknown '{unknown[0]}'")
            units = [self.indicators[id].unit for id in ids]
            if ids and (units[0] != "persons" or set(units[1:]) - {"percent"}):
                raise ValueError(f"{indicator.id}: people at risk are persons and shares of them")
            if ids and indicator.unit in self.units and not self.units[indicator.unit].base:
                raise ValueError(f"{indicator.id}: people at risk, but the unit is not a rate")
        return self

    @model_validator(mode="after")
    def _references(self):
        for indicator in self.indicators.values():
            if indicator.unit not in self.units:
                raise ValueError(f"{indicator.id}: unknown unit '{indicator.unit}'")
            direction = indicator.strategic_direction
            if direction is not None and direction not in self.strategic_directions:
                raise ValueError(f"{indicator.id}: unknown strategic direction '{direction}'")
            if indicator.live is not None and indicator.live not in self.indicators:
                raise ValueError(f"{indicator.id}: live is unknown '{indicator.live}'")
            if indicator.target and indicator.target.indicator not in self.indicators:
                raise ValueError(f"{indicator.id}: unknown target '{indicator.target.indicator}'")
            if indicator.derived:
                for part in (indicator.derived.numerator, *indicator.derived.denominator):
                    if part not in self.indicators:
                        raise ValueError(f"{indicator.id}: derived from unknown '{part}'")
                    if self.indicators[part].derived:
                        raise ValueError(f"{indicator.id}: '{part}' is itself derived")
        for shared in (*self.shared_caveats, *self.shared_breaks, *self.no_limits):
            for id in shared.indicators:
                if id not in (*self.indicators, EVERYWHERE):
                    raise ValueError(f"a shared caveat, break or reason names unknown '{id}'")
        return self


def _share(content: dict) -> None:
    """Give each indicator what it shares with others: caveats and breaks after its own, reasons."""
    entries = content.get("indicators", {})

    def own(shared: dict) -> dict:
        return {key: value for key, value in shared.items() if key != "indicators"}

    for field in ("caveats", "breaks"):
        for shared in content.get(f"shared_{field}", []):
            for id in entries.keys() & set(shared.get("indicators", [])):
                entries[id].setdefault(field, []).append(own(shared))
    for shared in content.get("no_limits", []):
        for id, entry in entries.items():
            rest = EVERYWHERE in shared["indicators"] and "at_risk" not in entry
            if id in shared["indicators"] or (rest and "no_limits" not in entry):
                entry["no_limits"] = own(shared)


def read(path: Path = CATALOGUE) -> Catalogue:
    """Read and validate a catalogue file.

    A NaravardError says that it is not TOML, or names the indicator and field that is missing,
    unknown or wrong.
    """
    content = read_toml(path)
    for key, entry in content.get("indicators", {}).items():
        entry["id"] = key
    _share(content)
    return validated(Catalogue, content, path.name)


@cache
def catalogue() -> Catalogue:
    """Return the collection's catalogue."""
    return read()


def indicator(id: str) -> Indicator:
    """Return one indicator of the catalogue.

    Parameters
    ----------
    id : str

    Returns
    -------
    Indicator
        Its names, definition, unit, source, breaks and caveats.

    Raises
    ------
    NaravardError
        If there is none of that id; the message names the closest.
    """
    known = catalogue().indicators
    if id not in known:
        raise NaravardError(f"unknown indicator '{id}'{did_you_mean(str(id), known)}")
    return known[id]


def parts(entry: Indicator) -> list[Indicator]:
    """Return the indicators that a derived one is computed from; none for a direct one."""
    rule = entry.derived
    ids = dict.fromkeys([rule.numerator, *rule.denominator]) if rule else ()
    return [indicator(id) for id in ids]


def unit(entry: Indicator) -> Unit:
    """Return the unit of an indicator."""
    return catalogue().units[entry.unit]
