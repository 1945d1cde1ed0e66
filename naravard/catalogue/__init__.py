"""The catalogue: the indicators as data, read from ``catalogue.toml`` and validated."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from naravard.catalogue import model
from naravard.catalogue.model import EVERYWHERE, FullText, NonEmpty, Part, Text, Unit, applies
from naravard.errors import NaravardError, did_you_mean
from naravard.paths import CATALOGUE, read_toml


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
    source: model.Source | None = None
    derived: model.Derived | None = None
    live: str | None = None
    target: model.Target | None = None
    at_risk: tuple[NonEmpty, ...] = ()
    no_limits: FullText | None = None
    reviewed: datetime.date
    caveats: tuple[model.Caveat, ...] = ()
    breaks: tuple[model.Break, ...] = ()
    gaps: tuple[model.Gap, ...] = ()
    choices: tuple[model.Choice, ...] = ()

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

    def breaks_for(self, code: str) -> tuple[model.Break, ...]:
        """Return the breaks that concern a region, by year."""
        found = (b for b in self.breaks if applies(b.regions, code))
        return tuple(sorted(found, key=lambda b: b.year))

    def caveats_for(self, code: str) -> tuple[model.Caveat, ...]:
        """Return the caveats that concern a region."""
        return tuple(c for c in self.caveats if applies(c.regions, code))

    def choices_for(self, code: str) -> tuple[model.Choice, ...]:
        """Return the choices between disagreeing sources that concern a region."""
        return tuple(c for c in self.choices if applies(c.regions, code))

    def gap(self, code: str, year: int) -> Text | None:
        """Return the known reason why a value is missing; the first gap that fits counts."""
        fitting = (g for g in self.gaps if g.years[0] <= year <= g.years[1])
        return next((g.reason for g in fitting if applies(g.regions, code)), None)


class Catalogue(Part):
    """All units, strategic directions and indicators."""

    units: dict[str, Unit]
    strategic_directions: dict[str, FullText]
    indicators: dict[str, Indicator]
    shared_caveats: tuple[model.SharedCaveat, ...] = ()
    shared_breaks: tuple[model.SharedBreak, ...] = ()
    no_limits: tuple[model.NoLimits, ...] = ()

    @model_validator(mode="after")
    def _references(self):
        for entry in self.indicators.values():
            if problem := self._problem(entry):
                raise ValueError(f"{entry.id}: {problem}")
        for shared in (*self.shared_caveats, *self.shared_breaks, *self.no_limits):
            for id in shared.indicators:
                if id not in (*self.indicators, EVERYWHERE):
                    raise ValueError(f"a shared caveat, break or reason names unknown '{id}'")
        return self

    def _problem(self, entry: Indicator) -> str | None:
        """Say which of an entry's references leads nowhere, or to what it cannot refer to."""
        known, rule = self.indicators, entry.derived
        computed_from = (rule.numerator, *rule.denominator) if rule else ()
        references = [
            ("unknown unit", entry.unit, self.units),
            ("unknown strategic direction", entry.strategic_direction, self.strategic_directions),
            ("live is unknown", entry.live, known),
            ("unknown target", entry.target and entry.target.indicator, known),
            *(("derived from unknown", id, known) for id in computed_from),
            *(("people at risk from unknown", id, known) for id in entry.at_risk),
        ]
        for what, id, there in references:
            if id is not None and id not in there:
                return f"{what} '{id}'"
        for id in computed_from:
            if known[id].derived:
                return f"'{id}' is itself derived"
        units = [known[id].unit for id in entry.at_risk]
        if units and (units[0] != "persons" or set(units[1:]) - {"percent"}):
            return "people at risk are persons and shares of them"
        if units and not self.units[entry.unit].base:
            return "people at risk, but the unit is not a rate"
        return None


def _share(content: dict) -> None:
    """Give each indicator what it shares with others: caveats and breaks after its own, reasons."""
    entries = content.get("indicators", {})
    for field in ("caveats", "breaks"):
        for shared in content.get(f"shared_{field}", []):
            own = {key: value for key, value in shared.items() if key != "indicators"}
            for id in entries.keys() & set(shared.get("indicators", [])):
                entries[id].setdefault(field, []).append(own)
    for shared in content.get("no_limits", []):
        own = {key: value for key, value in shared.items() if key != "indicators"}
        for id, entry in entries.items():
            rest = EVERYWHERE in shared["indicators"] and "at_risk" not in entry
            if id in shared["indicators"] or (rest and "no_limits" not in entry):
                entry["no_limits"] = own


def read(path: Path = CATALOGUE) -> Catalogue:
    """Read and validate a catalogue file; a NaravardError names the indicator and wrong field."""
    content = read_toml(path)
    for key, entry in content.get("indicators", {}).items():
        entry["id"] = key
    _share(content)
    return model.validated(Catalogue, content, path.name)


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
