"""Load what was built: tidy data frames with their source and caveats attached.

Every frame has the columns of `naravard.data.build.COLUMNS`. ``frame.attrs`` holds ``indicators``
(ids), ``sources`` (one sentence each), ``caveats`` (English and Swedish) and ``fingerprint`` (of
these indicators' processed data): what a user who holds nothing but the frame must be able to see.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from numbers import Integral
from pathlib import Path

import pandas as pd
import pyarrow.parquet

from naravard import paths
from naravard.catalogue import catalogue, indicator, parts
from naravard.catalogue.model import NO_INDEX
from naravard.data import checks, processed, tracking
from naravard.data.availability import fingerprint_of, sentence
from naravard.data.processed import awaiting
from naravard.errors import NaravardError, did_you_mean
from naravard.paths import TABLE
from naravard.regions import NATION, Region, resolve

_Regions = str | int | Region | Iterable[str | int | Region] | None
_INDEX = "consumer_price_index"
#: The year whose prices costs are judged in, as on the notebooks' pages.
PRICE_YEAR = 2023


@cache
def _table(path: str, modified: int) -> pd.DataFrame:
    """Read the table, without pyarrow's threads: a process with threads cannot be forked."""
    file = pyarrow.BufferReader(Path(path).read_bytes())
    read = pyarrow.parquet.ParquetFile(file, pre_buffer=False).read(use_threads=False)
    return read.to_pandas(use_threads=False)


def table(ids: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the observations that were built, of all indicators or of some.

    A page that reads only those it needs is made again only when these change. Errors as of
    `load_indicator`.
    """
    ids = None if ids is None else list(ids)
    if ids is None:
        tracking.note("data", "everything")
    for entry in map(indicator, ids or ()):
        tracking.note("indicator", entry.id, *(part.id for part in parts(entry)))
    processed.require()
    if absent := [id for id in ids or () if awaiting(id)]:
        raise NaravardError(sentence(absent[0]))
    path = paths.processed_dir() / TABLE
    try:
        everything = _table(str(path), path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:  # pyarrow's own errors are of these kinds
        raise NaravardError(f"{path} cannot be read: run `naravard data build` again") from error
    return everything.copy() if ids is None else everything[everything["indicator"].isin(ids)]


def _year(year) -> int:
    if isinstance(year, Integral) and not isinstance(year, bool):
        return int(year)
    raise NaravardError(f"years are whole numbers, not {year!r}")


def _years(years) -> set[int]:
    if isinstance(years, slice):
        ends = (years.start, checks.FIRST_YEAR), (years.stop, checks.LAST_YEAR)
        first, last = (usual if end is None else _year(end) for end, usual in ends)
        return set(range(first, last + 1))
    if isinstance(years, Iterable) and not isinstance(years, str):
        return {_year(year) for year in years}
    return {_year(years)}


def select(
    observations: pd.DataFrame,
    ids: Iterable[str],
    region: _Regions = None,
    years=None,
    sex: str | None = "T",
) -> pd.DataFrame:
    """Return rows of some indicators of any table of observations, e.g. of older vintages.

    Parameters as in `load_indicator`, which also tells the errors.
    """
    ids = list(ids)
    entries = [indicator(id) for id in ids]
    if sex not in (None, "T", "K", "M"):
        raise NaravardError(f"unknown sex '{sex}': T is total, K women, M men")
    one = isinstance(region, str | Integral | Region)
    codes = None if region is None else [resolve(r).code for r in ([region] if one else region)]
    wanted = None if years is None else _years(years)
    rows = whole = observations[observations["indicator"].isin(ids)]
    for column, values in {"region": codes, "year": wanted, "sex": sex and [sex]}.items():
        if values is not None:
            rows = rows[rows[column].isin(values)]
    if rows.empty:
        asked = f"region {codes or 'all'}, sex {sex or 'all'}"
        if wanted:
            asked += f", years {min(wanted)}–{max(wanted)}"
        regional = any(entry.level == "region" for entry in entries)
        there = "21 regions and Riket" if regional else "Riket only"
        raise NaravardError(
            f"no rows of {', '.join(ids)} for {asked}: there are {there}, "
            f"{whole['year'].min()}–{whole['year'].max()}, sex {', '.join(whole['sex'].unique())}"
        )
    return rows.reset_index(drop=True)


def load_indicator(
    id: str | Iterable[str], region: _Regions = None, years=None, sex: str | None = "T"
) -> pd.DataFrame:
    """Load one indicator, or several beside each other.

    Parameters
    ----------
    id : str or list of str
        As in the catalogue, e.g. "readmission_30d_65plus"; `naravard list indicators` shows them.
    region : str, int, Region or list of these, optional
        Anything `naravard.regions.resolve` takes; all 21 regions and Riket if not given.
    years : int, iterable of int or slice, optional
        ``slice(2016, 2020)`` includes both ends; all years if not given.
    sex : {"T", "K", "M"} or None
        Total, women, men, or all three.

    Returns
    -------
    DataFrame
        One row an indicator, region, year and sex, columns ``indicator, region, year, sex, value,
        lower, upper, numerator, denominator, unit, status, source, note``; values in the unit of
        the catalogue. A missing value is a row with ``status`` "missing" and the reason in
        ``note``.

    Raises
    ------
    NaravardError
        On an unknown id, region or sex, if nothing fits what was asked, if the indicator awaits
        its figures (the message says how to fetch them), or if the data have not been built.
    """
    ids = [id] if isinstance(id, str) else list(id)
    rows = select(table(ids), ids, region, years, sex)
    entries = [indicator(id) for id in ids]
    behind = [part for entry in entries for part in (entry, *parts(entry))]
    caveats = list(dict.fromkeys(caveat for entry in behind for caveat in entry.caveats))
    rows.attrs = {
        "indicators": ids,
        "sources": [entry.source_line("en") for entry in entries],
        "caveats": {lang: [caveat[lang] for caveat in caveats] for lang in ("sv", "en")},
        "fingerprint": fingerprint_of(ids),
    }
    return rows


def load_costs(
    id: str | Iterable[str] | None = None,
    region: _Regions = None,
    years=None,
    price_year: int | None = None,
) -> pd.DataFrame:
    """Load costs, in current or in fixed prices.

    Parameters
    ----------
    id : str or list of str, optional
        Ids of kind "cost"; all of them that have figures if not given.
    region, years
        As in `load_indicator`.
    price_year : int, optional
        The year whose prices are used (CPI, annual mean). Current prices if not given. Shares
        stay as they are.

    Returns
    -------
    DataFrame
        As `load_indicator`; with ``price_year`` also a column ``price_year``. A year that the
        price index does not cover becomes a missing row with the reason.

    Raises
    ------
    NaravardError
        On an unknown id or one that is not a cost, or a price year that the index does not cover.
    """
    costs = {i.id for i in catalogue().indicators.values() if i.kind == "cost"}
    ids = with_data(sorted(costs)) if id is None else [id] if isinstance(id, str) else list(id)
    for one in ids:
        if indicator(one).kind != "cost":
            raise NaravardError(f"'{one}' is not a cost{did_you_mean(one, costs, limit=0)}")
    rows = load_indicator(ids, region, years)
    if price_year is None:
        return rows
    return fixed_prices(rows, load_indicator(_INDEX, NATION), price_year)


def load_population(region: _Regions = None, years=None, sex: str | None = "T") -> pd.DataFrame:
    """Load the population on 31 December.

    Parameters
    ----------
    region, years, sex
        As in `load_indicator`.

    Returns
    -------
    DataFrame
        As `load_indicator`, in persons.

    Raises
    ------
    NaravardError
        As `load_indicator`.
    """
    return load_indicator("population", region, years, sex)


def with_data(ids: Iterable[str]) -> list[str]:
    """Return those of several indicators that have figures; a page depends on all of them."""
    ids = [indicator(id).id for id in ids]
    tracking.note("indicator", *ids)
    return [id for id in ids if not awaiting(id)]


def first_with_data(*ids: str) -> str:
    """Return the first of several indicators that has figures.

    Parameters
    ----------
    *ids : str
        As in the catalogue, the fullest series first. Those that are looked at are noted: a page
        is made again when one that awaits its figures gets them.

    Returns
    -------
    str

    Raises
    ------
    NaravardError
        On an unknown id, if nothing is built, or if none has figures.
    """
    entries = [indicator(id) for id in ids]
    processed.require()
    for entry in entries:
        if with_data([entry.id]):
            return entry.id
    raise NaravardError("; ".join(map(sentence, ids)) or "give at least one indicator")


def fixed_prices(costs: pd.DataFrame, index: pd.DataFrame, price_year: int) -> pd.DataFrame:
    """Express costs in the prices of one year: ``value × index[price_year] / index[year]``.

    Deflating by the annual mean of the CPI as Statistics Sweden's price converter does. Shares
    stay as they are. The result has a column ``price_year``; a year without an index becomes a
    missing row that says so. A NaravardError says that the index does not cover ``price_year``.
    """
    level = _level(index)
    if price_year not in level:
        raise NaravardError(
            f"no price index for {price_year}: it covers {level.index.min()}–{level.index.max()}"
        )
    fixed = costs.assign(price_year=price_year)
    money = fixed["unit"].isin([id for id, unit in catalogue().units.items() if unit.money])
    factor = level[price_year] / fixed["year"].map(level)
    uncovered = money & factor.isna() & fixed["value"].notna()
    fixed["value"] = fixed["value"].where(~money, fixed["value"] * factor)
    fixed.loc[uncovered, "status"] = "missing"
    fixed.loc[uncovered, "note"] = f"{NO_INDEX} {level.index.max()}"
    return fixed


def _level(index: pd.DataFrame) -> pd.Series:
    """Return the values of a price index by year."""
    return index.dropna(subset=["value"]).set_index("year")["value"]


def judged(id: str, observations: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return an indicator's rows as its change is judged: money in fixed prices, by the total.

    The prices are of `PRICE_YEAR`, or of the last year that the index covers if it lacks that one.
    ``observations`` are used instead of what was built.
    """
    money = indicator(id).in_money
    given = table([id, _INDEX] if money else [id]) if observations is None else observations
    rows = select(given, [id])
    if not money:
        return rows
    index = select(given, [_INDEX], NATION)
    covered = _level(index).index
    return fixed_prices(rows, index, PRICE_YEAR if PRICE_YEAR in covered else int(covered.max()))


def profile_indicators(region) -> list[str]:
    """Return the ids that belong to a region's profile: all that have a strategic direction.

    Parameters
    ----------
    region : str, int or Region

    Returns
    -------
    list of str
        Indicators that exist for the nation only belong to Riket's profile; those that await their
        figures to none, nor does one of which a series that can be fetched is here.

    Raises
    ------
    NaravardError
        On an unknown region.
    """
    nation = resolve(region).code == NATION
    return with_data(
        entry.id
        for entry in catalogue().indicators.values()
        if entry.strategic_direction
        and entry.kind in ("indicator", "cost")
        and (nation or entry.level == "region")
        and not (entry.live and with_data([entry.live]))
    )
