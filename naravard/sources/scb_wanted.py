"""What to ask SCB for: the tables of ``scb.toml``, read and checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from naravard.catalogue_parts import NonEmpty, Part
from naravard.regions import CODES
from naravard.sources.asking import read_requests


class Series(Part):
    """What sets a series apart; fields as explained in ``scb.toml``."""

    age_from: int | None = Field(None, ge=0)
    ages: list[NonEmpty] = Field([])
    where: dict[NonEmpty, NonEmpty] = Field({})

    @property
    def by_age(self) -> bool:
        """Whether ages are chosen."""
        return self.age_from is not None or bool(self.ages)


class Wanted(Part):
    """A data set to ask for; fields as explained in ``scb.toml``."""

    title: NonEmpty
    table: NonEmpty | None = None
    search: NonEmpty | None = None
    measure: str = ""
    unit: NonEmpty
    regions: list[Literal[CODES]] = Field(list(CODES), min_length=1)
    sexes: list[Literal["T", "K", "M"]] = Field(["T"], min_length=1)
    adds_up: bool = False
    where: dict[NonEmpty, NonEmpty] = Field({})
    series: dict[NonEmpty, Series]

    @model_validator(mode="after")
    def _complete(self) -> Wanted:
        if not (self.table or self.search):
            raise ValueError("give the table, or words to search for it")
        if self.table and not self.series:
            raise ValueError("a table needs at least one series")
        for name, series in self.series.items():
            if series.ages and series.age_from is not None:
                raise ValueError(f"{name}: give either ages or age_from")
            if series.by_age and not self.adds_up and len(series.ages) != 1:
                raise ValueError(f"{name}: ages are added up only with adds_up = true")
            for other, same in self.series.items():
                if self.table and other < name and same == series:
                    raise ValueError(f"'{other}' and '{name}' ask for the same: say what differs")
        return self


def read(path: Path) -> dict[str, Wanted]:
    """Read the requests by data set.

    Raises
    ------
    NaravardError
        Naming the data set and field that are wrong.
    """
    return read_requests(path, Wanted)


@cache
def wanted() -> dict[str, Wanted]:
    """Return the requests of the package."""
    return read(Path(__file__).with_name("scb.toml"))
