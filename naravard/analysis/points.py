"""Single published points: against an agreed target, between two years, beside each other.

For what has been published for a few years or regions only, so that no trend can be computed.
A published value stands for every value that is rounded to it; that width is carried along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from naravard.catalogue import Indicator, indicator
from naravard.errors import NaravardError
from naravard.regions import NATION, resolve

Point = tuple[int, float]


@dataclass(frozen=True)
class AgainstTarget:
    """A region's latest published value held against a target.

    Attributes
    ----------
    region : str
        Riket for an indicator that exists for the nation only.
    target, target_year : float, int
        What is to be reached, and the year at whose end.
    kind : {"level", "growth"}
        A value to reach, or a rise in percent since the first value.
    first, last : tuple of (year, value), or None
        The first and the latest published value; None when there is none.
    reached : bool or None
        None when there is no value, or rounding hides the answer.
    lower, upper : float or None
        What rounding leaves open: the ends of the value, or of the rise in percent.
    regions : Series
        Latest value by region code, from low to high, without Riket.
    years : tuple of int
        The years of ``regions``.
    """

    indicator: str
    region: str
    target: float
    target_year: int
    kind: Literal["level", "growth"]
    first: Point | None
    last: Point | None
    reached: bool | None
    lower: float | None
    upper: float | None
    regions: pd.Series
    years: tuple[int, ...]

    @property
    def growth(self) -> float | None:
        """The rise in percent from the first to the latest value."""
        if not self.last or self.first == self.last:
            return None
        return 100 * (self.last[1] / self.first[1] - 1)


@dataclass(frozen=True)
class Between:
    """The difference between a region's values of two years; None for a value that it lacks.

    ``lower`` and ``upper`` are the least and the largest difference that round to what was
    published.
    """

    indicator: str
    region: str
    first: Point | None
    last: Point | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Points:
    """What has been published of several indicators, for a region and the others.

    ``indicators`` are all that were asked for, in order; ``table`` has the columns ``indicator``,
    ``region``, ``year``, ``value`` of the published values only; ``targets`` are by indicator, for
    those that have a level to reach.
    """

    region: str
    indicators: tuple[str, ...]
    table: pd.DataFrame
    targets: dict[str, float]

    def latest(self, id: str, code: str) -> Point | None:
        """Return a region's latest published year and value of an indicator."""
        rows = self.table[(self.table["indicator"] == id) & (self.table["region"] == code)]
        return None if rows.empty else (int(rows["year"].iloc[-1]), float(rows["value"].iloc[-1]))


def _published(observations: pd.DataFrame) -> pd.DataFrame:
    rows = observations[observations["sex"] == "T"].dropna(subset=["value"])
    return rows.sort_values(["region", "year"])


def _target(entry: Indicator, targets: pd.DataFrame) -> pd.Series:
    if entry.target is None:
        raise NaravardError(f"{entry.id} has no target in the catalogue")
    rows = targets[targets["indicator"] == entry.target.indicator]
    if rows.empty:
        raise NaravardError(f"{entry.id} is held against {entry.target.indicator}: load that")
    return rows.iloc[0]


def against_target(observations: pd.DataFrame, targets: pd.DataFrame, region) -> AgainstTarget:
    """Hold a region's latest published value against the catalogue's target.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator.
    targets : DataFrame
        Rows of the indicator's target (kind "target").
    region : str, int or Region

    Returns
    -------
    AgainstTarget
        ``reached`` counts only what rounding cannot overturn.

    Raises
    ------
    NaravardError
        If the indicator has no target, or ``targets`` does not hold it.
    """
    entry = indicator(observations["indicator"].iloc[0])
    aim = _target(entry, targets)
    code = NATION if entry.level == "nation" else resolve(region).code
    rows = _published(observations)
    newest = rows[rows["region"] != NATION].groupby("region").tail(1)
    own = [(int(r.year), float(r.value)) for r in rows[rows["region"] == code].itertuples()]
    lower = upper = reached = None
    step, goal = entry.rounding, float(aim["value"])
    if own and entry.target.kind == "level":
        lower, upper = own[-1][1] - step, own[-1][1] + step
    elif len(own) > 1:
        before, now = own[0][1], own[-1][1]
        lower = 100 * ((now - step) / (before + step) - 1)
        upper = 100 * ((now + step) / (before - step) - 1)
    if lower is not None and (lower >= goal or upper < goal):
        reached = lower >= goal
    return AgainstTarget(
        indicator=entry.id,
        region=code,
        target=goal,
        target_year=int(aim["year"]),
        kind=entry.target.kind,
        first=own[0] if own else None,
        last=own[-1] if own else None,
        reached=reached,
        lower=lower,
        upper=upper,
        regions=newest.set_index("region")["value"].sort_values(),
        years=tuple(sorted({int(year) for year in newest["year"]})),
    )


def between(observations: pd.DataFrame, region, first: int, last: int) -> Between:
    """Compare a region's values of two years.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator.
    region : str, int or Region
    first, last : int
        The years.

    Returns
    -------
    Between
        Values and the difference's bounds in the indicator's unit.

    Raises
    ------
    NaravardError
        If the series breaks between the two years.
    """
    entry, code = indicator(observations["indicator"].iloc[0]), resolve(region).code
    for found in entry.breaks_for(code):
        if first < found.year <= last:
            raise NaravardError(f"{entry.id} breaks in {found.year}: {found.reason.en}")
    rows = _published(observations)
    own = rows[rows["region"] == code].set_index("year")["value"]
    ends = [(year, float(own[year])) if year in own else None for year in (first, last)]
    lower = upper = None
    if all(ends):
        change, width = ends[1][1] - ends[0][1], 2 * entry.rounding
        lower, upper = change - width, change + width
    return Between(entry.id, code, *ends, lower, upper)


def points(observations: pd.DataFrame, region, targets: pd.DataFrame | None = None) -> Points:
    """Gather what has been published of several indicators that share a unit.

    Parameters
    ----------
    observations : DataFrame
        Rows of the indicators, for all regions.
    region : str, int or Region
        The one to show among the others.
    targets : DataFrame, optional
        Rows of kind "target"; those with a level are shown.

    Returns
    -------
    Points
        ``table`` has the columns indicator, region, year and value, in the indicators' unit.

    Raises
    ------
    NaravardError
        On an unknown region, or if ``targets`` lacks the target of one of the indicators.
    """
    ids = tuple(observations.attrs["indicators"])
    goals = {}
    for id in ids if targets is not None else ():
        if (aim := indicator(id).target) and aim.kind == "level":
            goals[id] = float(_target(indicator(id), targets)["value"])
    rows = _published(observations)[["indicator", "region", "year", "value"]]
    return Points(resolve(region).code, ids, rows.reset_index(drop=True), goals)
