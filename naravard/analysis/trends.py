"""Trends of short yearly series, and what may be said of them.

The method stands behind one function, `naravard.analysis.regression.fit`; `trend` applies it to a
region's series with and without the pandemic years and never across a break.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from naravard.analysis.autocorrelation import ASSUMED, estimate
from naravard.analysis.regression import FEWEST_YEARS, Fit, fit
from naravard.catalogue import Indicator, indicator
from naravard.catalogue.model import Break
from naravard.errors import NaravardError
from naravard.regions import NATION, resolve

#: The years in which care was put off and restrictions held: a line must not hang on them alone.
PANDEMIC = (2020, 2021)

Verdict = Literal[
    "rising",
    "falling",
    "no clear change",
    "depends on the pandemic years",
    "too few years",
    "no data",
]


@dataclass(frozen=True)
class Trend:
    """What a region's series says of change, and how far it bears.

    Attributes
    ----------
    years : tuple of int
        The years with a value after the last break.
    first, last : float or None
        The values of the first and last of ``years``.
    full, without_pandemic : Fit or None
        The line with all years and without 2020–2021; None when fewer than `FEWEST_YEARS` remain.
    remaining : int
        Years that remain without 2020–2021.
    cut : Break or None
        The break before which years were left out.
    left_out : tuple of int
        The years with a value before ``cut``.
    estimated_from : int
        The regions that the autocorrelation was estimated from; 0 when it is assumed.
    verdict : str
        See `Verdict`.
    values : DataFrame
        The indicator's values for the sex, one row a year and one column a region, all regions.
    """

    indicator: str
    region: str
    sex: str
    years: tuple[int, ...]
    first: float | None
    last: float | None
    full: Fit | None
    without_pandemic: Fit | None
    remaining: int
    cut: Break | None
    left_out: tuple[int, ...]
    estimated_from: int
    verdict: Verdict
    values: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False, repr=False)


def usable(series: pd.Series, entry: Indicator, code: str) -> tuple[Break | None, pd.Series]:
    """Return the last break that cuts a region's series, and the values from it on."""
    series = series.dropna().sort_index()
    if series.empty:
        return None, series
    first, last = series.index[[0, -1]]
    cuts = [b for b in entry.breaks_for(code) if first < b.year <= last]
    cut = cuts[-1] if cuts else None
    return cut, series[series.index >= cut.year] if cut else series


def one_indicator(
    observations: pd.DataFrame, code: str, sex: str
) -> tuple[Indicator, pd.DataFrame]:
    """Return the indicator of some rows, and its values with one row a year, one column a region.

    Rows of several indicators, or without the region and sex, are refused.
    """
    ids = observations["indicator"].unique()
    if len(ids) != 1:
        raise NaravardError(f"one indicator is needed, but the rows hold {len(ids)}")
    wide = values_by_year(observations, sex)
    if code not in wide:
        raise NaravardError(f"the rows of {ids[0]} hold no region {code} with sex {sex}")
    return indicator(ids[0]), wide


def values_by_year(observations: pd.DataFrame, sex: str) -> pd.DataFrame:
    """Return one indicator's values with one row a year and one column a region."""
    rows = observations[["year", "region", "sex", "value"]]
    rows.attrs = {}  # they hold long texts, and every step would copy them
    return rows[rows["sex"] == sex].pivot(index="year", columns="region", values="value")


def regions_series(wide: pd.DataFrame, entry: Indicator) -> dict[str, pd.Series]:
    """Return each region's values by year from its last break on, without Riket."""
    regions = wide.columns.drop(NATION, errors="ignore")
    return {code: usable(wide[code], entry, code)[1] for code in regions}


def trend(observations: pd.DataFrame, region, sex: str = "T") -> Trend:
    """Say what a region's series bears.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator, as `naravard.load_indicator` returns them. Load all regions: the
        autocorrelation is then estimated from their series together (at least `FEWEST_REGIONS`);
        otherwise `ASSUMED` is assumed, and the interval is wider.
    region : str, int or Region
        Anything `naravard.resolve` takes. For Riket, whose series is of another kind than the
        regions', at least `ASSUMED` is assumed.
    sex : {"T", "K", "M"}

    Returns
    -------
    Trend
        Slopes in the indicator's unit a year. "rising" and "falling" need the same verdict with all
        years after the last break and without 2020–2021; when the two differ, or too few years
        remain to test it, the verdict is "depends on the pandemic years".

    Raises
    ------
    NaravardError
        If the rows hold several indicators, or none of the region and sex.

    Notes
    -----
    Least squares with Satterthwaite's degrees of freedom under a first-order autoregression (1946,
    Biometrics Bulletin 2:110), whose parameter is corrected for its bias in short series (Magnus
    1986, Annales d'Économie et de Statistique 4:95); see `naravard.analysis.regression.fit`.
    """
    code = resolve(region).code
    entry, wide = one_indicator(observations, code, sex)
    cut, series = usable(wide[code], entry, code)
    before = wide[code].dropna().index.difference(series.index)
    regions = regions_series(wide, entry) if len(series) >= FEWEST_YEARS else {}

    def fitted(calm: bool) -> tuple[Fit | None, int]:
        def part(one: pd.Series) -> pd.Series:
            return one[~one.index.isin(PANDEMIC)] if calm else one

        kept = part(series)
        if len(kept) < FEWEST_YEARS:
            return None, 0
        others = [one for one in map(part, regions.values()) if len(one) >= FEWEST_YEARS]
        found, count = estimate(others, least=ASSUMED if code == NATION else 0.0)
        return fit(kept.index, kept.to_numpy(), entry.rounding, found), count

    full, estimated_from = fitted(calm=False)
    remaining = int((~series.index.isin(PANDEMIC)).sum())
    without = full if remaining == len(series) else fitted(calm=True)[0]
    # A change is called one only if it does not hang on the pandemic years.
    if series.empty:
        verdict = "no data"
    elif full is None:
        verdict = "too few years"
    elif without is None:
        untested = full.verdict != "no clear change"
        verdict = "depends on the pandemic years" if untested else full.verdict
    else:
        agree = without.verdict == full.verdict
        verdict = full.verdict if agree else "depends on the pandemic years"
    return Trend(
        indicator=entry.id,
        region=code,
        sex=sex,
        years=tuple(int(y) for y in series.index),
        first=float(series.iloc[0]) if len(series) else None,
        last=float(series.iloc[-1]) if len(series) else None,
        full=full,
        without_pandemic=without,
        remaining=remaining,
        cut=cut,
        left_out=tuple(int(y) for y in before),
        estimated_from=estimated_from,
        verdict=verdict,
        values=wide,
    )
