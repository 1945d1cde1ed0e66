"""The collection as of a day: which vintage of each data set there was, and the table of them.

A vintage that the catalogue pins for an indicator is used in every state: what a reviewer chose
does not change with the day.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import pandas as pd

from naravard import rawdata
from naravard.assemble import observations
from naravard.catalogue import Catalogue, catalogue
from naravard.errors import NaravardError
from naravard.rawdata import RawFile

_FORMATS = {r"\d{4}-\d{2}-\d{2}": "%Y-%m-%d", r"\d{4}-\d{2}-\d{2}T\d{6}": "%Y-%m-%dT%H%M%S"}
NEWEST, PREVIOUS = "newest", "previous"


@dataclass(frozen=True)
class State:
    """One vintage of each data set.

    Attributes
    ----------
    name : str
        The day (and time) as asked for, `NEWEST` or `PREVIOUS`.
    files : dict of str to RawFile or None
        By data set of the catalogue's indicators; None where there was no vintage by then.
    """

    name: str
    files: dict[str, RawFile | None]

    @property
    def latest(self) -> str:
        """The newest vintage among the files."""
        return max(file.vintage for file in self.files.values() if file)

    def table(self, known: Catalogue | None = None) -> pd.DataFrame:
        """Return the table of observations of these files, as the build would make it.

        Raises
        ------
        NaravardError
            If the files do not pass the checks of today; the message names the state.
        """
        try:
            return observations(known, self.files)
        except NaravardError as error:
            said = f"the collection as of {self.name} does not pass the checks of today: {error}"
            raise NaravardError(said) from error


def _vintages(known: Catalogue | None = None) -> dict[str, list[RawFile]]:
    """Return the vintages of the indicators' data sets, the oldest first."""
    entries = (known or catalogue()).indicators.values()
    datasets = sorted({entry.source.dataset for entry in entries if entry.source})
    return {dataset: rawdata.vintages(dataset) for dataset in datasets}


def _checked(day: str) -> str:
    """Return a day, or day and time, as given.

    Raises
    ------
    NaravardError
        If it is neither.
    """
    for shape, form in _FORMATS.items():
        if re.fullmatch(shape, day, re.ASCII):
            try:
                datetime.datetime.strptime(day, form)
            except ValueError:
                break
            return day
    raise NaravardError(
        f"'{day}' is not a day: write YYYY-MM-DD, or YYYY-MM-DDTHHMMSS as in the name of a vintage"
    )


def _end(day: str) -> str:
    """Return what no vintage until then sorts after: a day lasts until its end."""
    return day if "T" in day else f"{day}T999999"


def as_of(day: str, known: Catalogue | None = None) -> State:
    """Return the newest vintage of each data set that is not after a day.

    Parameters
    ----------
    day : str
        ``YYYY-MM-DD``, until the end of the day, or ``YYYY-MM-DDTHHMMSS``.
    known : Catalogue, optional
        The collection's own if not given.

    Raises
    ------
    NaravardError
        If it is no day, or lies before the first vintage.
    """
    end, files = _end(_checked(day)), {}
    there = _vintages(known)
    for dataset, vintages in there.items():
        until = [file for file in vintages if file.vintage <= end]
        files[dataset] = until[-1] if until else None
    if not any(files.values()):
        first = min(file.vintage for vintages in there.values() for file in vintages)
        raise NaravardError(f"there are no figures of {day} or before: the first are of {first}")
    return State(day, files)


def newest(known: Catalogue | None = None) -> State:
    """Return the newest vintage of each data set."""
    return State(NEWEST, {d: v[-1] if v else None for d, v in _vintages(known).items()})


def previous(known: Catalogue | None = None) -> State:
    """Return the vintage before the newest of each data set; the only one where there is one."""
    return State(PREVIOUS, {d: v[-2:][0] if v else None for d, v in _vintages(known).items()})


def pair(before: str | None, after: str | None) -> tuple[State, State]:
    """Return the two states to compare.

    Parameters
    ----------
    before : str or None
        A day, see `as_of`; the vintage before the newest of each data set if None.
    after : str or None
        A day; the newest vintages if None.

    Raises
    ------
    NaravardError
        As `as_of`, or if ``after`` lies before ``before``.
    """
    states = (
        previous() if before is None else as_of(before),
        newest() if after is None else as_of(after),
    )
    if before and after and _end(after) < _end(before):
        raise NaravardError(f"{after} lies before {before}: give the earlier day first")
    return states


def tables(before: State, after: State) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of two states; the same one twice if they have the same files."""
    then = before.table()
    return then, then if before.files == after.files else after.table()
