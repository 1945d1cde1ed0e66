"""What differs between two tables of observations: values added, gone and revised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from naravard.checks import KEY

#: What stands beside a value; it may change while the value stays.
BESIDE = ("lower", "upper", "numerator", "denominator", "status", "note")
#: Values are equal when they agree in so many significant digits, as in the fingerprint.
_SAME = 1e-12


@dataclass(frozen=True)
class Cell:
    """One value before and after.

    Attributes
    ----------
    region : str
    year : int
    sex : str
    before, after : float or None
        None where there was, or is, no value.
    """

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
    """What differs in one indicator.

    Attributes
    ----------
    indicator : str
    added, gone : tuple of Cell
        Values that are new, and values that are missing now, by region, year and sex. A missing
        value that got one is added, a value that became missing is gone.
    revised : tuple of Cell
        Values that are others now, the largest relative change first.
    beside : int
        Rows whose value stayed while its interval, numerator, denominator, status or note changed.
    """

    indicator: str
    added: tuple[Cell, ...]
    gone: tuple[Cell, ...]
    revised: tuple[Cell, ...]
    beside: int

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.gone or self.revised or self.beside)


def _cells(rows: pd.DataFrame) -> tuple[Cell, ...]:
    def known(value) -> float | None:
        return None if pd.isna(value) else float(value)

    return tuple(
        Cell(r.region, int(r.year), r.sex, known(r.value_before), known(r.value_after))
        for r in rows.itertuples()
    )


def _size(cell: Cell) -> tuple:
    """Sort the largest first: what was 0 before is more than any share, then the share."""
    share = np.inf if cell.relative is None else abs(cell.relative)
    return (-share, -abs(cell.change), cell.region, cell.year, cell.sex)


def _others(rows: pd.DataFrame) -> pd.Series:
    """Return which rows differ in what stands beside the value."""
    found = pd.Series(False, index=rows.index)
    for name in BESIDE:
        old, new = rows[f"{name}_before"], rows[f"{name}_after"]
        if name in ("status", "note"):
            found |= old.fillna("") != new.fillna("")
        else:
            found |= ~np.isclose(
                old.astype(float), new.astype(float), rtol=_SAME, atol=0, equal_nan=True
            )
    return found


def compare(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Difference]:
    """Compare two tables of observations.

    Parameters
    ----------
    before, after : DataFrame
        Columns `naravard.assemble.COLUMNS`, one row a key.

    Returns
    -------
    dict of str to Difference
        By indicator, in the order of ids; those that do not differ are left out.
    """
    columns = [*KEY, "value", *BESIDE]
    rows = before[columns].merge(
        after[columns], on=KEY, how="outer", suffixes=("_before", "_after"), indicator=True
    )
    rows = rows.sort_values(KEY, ignore_index=True)
    old, new = rows["value_before"], rows["value_after"]
    equal = np.isclose(old, new, rtol=_SAME, atol=0, equal_nan=True)
    kinds = {
        "added": old.isna() & new.notna(),
        "gone": old.notna() & new.isna(),
        "revised": old.notna() & new.notna() & ~equal,
    }
    beside = _others(rows) & equal & (rows["_merge"] == "both")
    found = {}
    for id, group in rows.groupby("indicator"):
        parts = {name: _cells(group[hit[group.index]]) for name, hit in kinds.items()}
        parts["revised"] = tuple(sorted(parts["revised"], key=_size))
        one = Difference(indicator=id, **parts, beside=int(beside[group.index].sum()))
        if one.any:
            found[id] = one
    return found
