"""What differs between two days of the collection: values added, removed and revised.

A `State` says which vintage of each data set there was on a day; `compare` takes the tables of two
states. A vintage that the catalogue pins for an indicator is used in every state: what a reviewer
chose does not change with the day.
"""

from __future__ import annotations

import contextlib
import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from naravard.catalogue import Catalogue, Indicator, catalogue
from naravard.data import raw
from naravard.data.build import files_of, observations
from naravard.data.checks import KEY
from naravard.data.raw import RawFile
from naravard.errors import NaravardError

#: The columns beside a value; it may change while the value stays.
BESIDE = ("lower", "upper", "numerator", "denominator", "status", "note")
NEWEST, PREVIOUS = "newest", "previous"
#: Values are equal when they agree in so many significant digits, as in the fingerprint.
_SAME = 1e-12


@dataclass(frozen=True)
class Cell:
    """One value before and after; None where there was, or is, no value."""

    region: str
    year: int
    sex: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """After less before."""
        return None if None in (self.before, self.after) else self.after - self.before

    @property
    def relative(self) -> float | None:
        """The change as a share of the value before; None if that was 0."""
        return self.change / abs(self.before) if self.change is not None and self.before else None


@dataclass(frozen=True)
class Difference:
    """What differs in one indicator, by region, year and sex.

    A missing value that got one is added, a value that became missing is removed. ``beside``
    counts rows whose value stayed while something in the columns `BESIDE` changed.
    """

    indicator: str
    added: tuple[Cell, ...]
    gone: tuple[Cell, ...]
    revised: tuple[Cell, ...]  # the largest relative change first
    beside: int

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.gone or self.revised or self.beside)


def _cells(rows: pd.DataFrame) -> tuple[Cell, ...]:
    values = rows[["value_before", "value_after"]].astype(object)
    values = values.where(values.notna(), None).itertuples(index=False)
    keys = zip(rows["region"], rows["year"].tolist(), rows["sex"], strict=True)
    return tuple(Cell(*key, *pair) for key, pair in zip(keys, values, strict=True))


def _size(cell: Cell) -> tuple:
    """Sort the largest first: what was 0 before is more than any share, then the share."""
    share = np.inf if cell.relative is None else abs(cell.relative)
    return (-share, -abs(cell.change), cell.region, cell.year, cell.sex)


def _same(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return in which rows a column is the same before and after."""
    old, new = rows[f"{name}_before"], rows[f"{name}_after"]
    if name in ("status", "note"):
        return old.fillna("") == new.fillna("")
    close = np.isclose(old.astype(float), new.astype(float), rtol=_SAME, atol=0, equal_nan=True)
    return pd.Series(close, index=rows.index)


def compare(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Difference]:
    """Compare two tables of observations, columns `naravard.data.build.COLUMNS`.

    Returns what differs by indicator, in the order of ids; those that do not differ are left out.
    """
    columns = [*KEY, "value", *BESIDE]
    rows = before[columns].merge(
        after[columns], on=KEY, how="outer", suffixes=("_before", "_after"), indicator=True
    )
    rows = rows.sort_values(KEY, ignore_index=True)
    old, new, equal = (
        rows["value_before"].notna(),
        rows["value_after"].notna(),
        _same(rows, "value"),
    )
    kinds = {"added": ~old & new, "gone": old & ~new, "revised": old & new & ~equal}
    others = pd.concat([_same(rows, name) for name in BESIDE], axis=1).all(axis=1)
    beside = equal & ~others & (rows["_merge"] == "both")
    found = {}
    for id, group in rows.groupby("indicator"):
        parts = {name: _cells(group[hit[group.index]]) for name, hit in kinds.items()}
        parts["revised"] = tuple(sorted(parts["revised"], key=_size))
        one = Difference(indicator=id, **parts, beside=int(beside[group.index].sum()))
        if one.any:
            found[id] = one
    return found


@dataclass(frozen=True)
class State:
    """One vintage of each data set; None where there was no vintage by then.

    The name is the day (and time) as asked for, `NEWEST` or `PREVIOUS`.
    """

    name: str
    files: dict[str, RawFile | None]

    @property
    def latest(self) -> str:
        """The newest vintage among the files."""
        return max(file.vintage for file in self.files.values() if file)

    def table(self, known: Catalogue | None = None) -> pd.DataFrame:
        """Return the table of observations of these files, as the build would make it.

        A NaravardError names the state if they do not pass the checks of today.
        """
        try:
            return observations(known, self.files)
        except NaravardError as error:
            said = f"the collection as of {self.name} does not pass the checks of today: {error}"
            raise NaravardError(said) from error


def _vintages(end: str = "9999") -> dict[str, list[RawFile]]:
    """Return the vintages of the indicators' data sets that are not after one, the oldest first."""
    entries, there = catalogue().indicators.values(), raw.datasets()
    datasets = sorted({entry.source.dataset for entry in entries if entry.source})
    return {d: [file for file in there.get(d, ()) if file.vintage <= end] for d in datasets}


def _end(day: str) -> str:
    """Return what no vintage until a day, or day and time, sorts after: a day lasts until its end.

    A NaravardError says how to write one.
    """
    for form, rest in {"%Y-%m-%d": "T999999", "%Y-%m-%dT%H%M%S": ""}.items():
        with contextlib.suppress(ValueError):
            # written back, so that nothing shorter passes, as "2026-1-1"
            if datetime.datetime.strptime(day, form).strftime(form) == day:
                return day + rest
    raise NaravardError(
        f"'{day}' is not a day: write YYYY-MM-DD, or YYYY-MM-DDTHHMMSS as in the name of a vintage"
    )


def as_of(day: str) -> State:
    """Return the newest vintage of each data set that is not after a day.

    ``day`` is ``YYYY-MM-DD``, until the end of the day, or ``YYYY-MM-DDTHHMMSS``. A NaravardError
    says that it is not a day, or lies before the first vintage.
    """
    files = {d: found[-1] if found else None for d, found in _vintages(_end(day)).items()}
    if not any(files.values()):
        first = min(file.vintage for found in _vintages().values() for file in found)
        raise NaravardError(f"there are no figures of {day} or before: the first are of {first}")
    return State(day, files)


def newest() -> State:
    """Return the newest vintage of each data set."""
    return State(NEWEST, {d: v[-1] if v else None for d, v in _vintages().items()})


def previous() -> State:
    """Return the vintage before the newest of each data set; the only one where there is one."""
    return State(PREVIOUS, {d: v[-2:][0] if v else None for d, v in _vintages().items()})


def pair(before: str | None, after: str | None) -> tuple[State, State]:
    """Return the two states to compare, errors as of `as_of`.

    Without a day: the vintage before the newest of each data set, and the newest.
    """
    then = previous() if before is None else as_of(before)
    now = newest() if after is None else as_of(after)
    if before and after and _end(after) < _end(before):
        raise NaravardError(f"{after} lies before {before}: give the earlier day first")
    return then, now


def tables(before: State, after: State) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of two states; the same one twice if they have the same files."""
    then = before.table()
    return then, then if before.files == after.files else after.table()


def vintages(entry: Indicator, before: State, after: State) -> tuple[str, str] | None:
    """Return an indicator's vintage in two states, "none" without one; None if it is computed."""
    if entry.source is None:
        return None
    files = [files_of(catalogue(), state.files)[entry.id] for state in (before, after)]
    return tuple(file.vintage if file else "none" for file in files)


def appeared(before: State, after: State) -> list[str]:
    """Return the data sets that had no figures in the state before and have in the one after."""
    return [d for d, file in after.files.items() if file and not before.files.get(d)]
