"""Load what was built: tidy data frames with their source and caveats attached.

Every frame has the columns of `naravard.data.build.COLUMNS`: ``indicator, region, year, sex, value,
lower, upper, numerator, denominator, unit, status, source, note``. ``frame.attrs`` holds
``indicators`` (ids), ``sources`` (one sentence each), ``caveats`` (English and Swedish) and
``fingerprint`` (of these indicators' processed data).
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from numbers import Integral
from pathlib import Path

import pandas as pd
import pyarrow.parquet

from naravard import paths
from naravard.catalogue import catalogue, indicator, parts
from naravard.data import checks, processed, tracking
from naravard.data.availability import fingerprint_of, sentence
from naravard.errors import NaravardError, did_you_mean
from naravard.paths import TABLE
from naravard.regions import NATION, Region, resolve

_Regions = str | int | Region | Iterable[str | int | Region] | None
_SEXES = {"T": "total", "K": "women", "M": "men"}
_given: ContextVar[pd.DataFrame | None] = ContextVar("given", default=None)


@contextmanager
def using(observations: pd.DataFrame) -> Iterator[None]:
    """Load from a table of observations instead of the processed data while the block runs.

    Frames that are loaded then have no fingerprint: it is recorded of what was built only.

    Parameters
    ----------
    observations : DataFrame
        From `naravard.data.build.observations`, for instance of older vintages.
    """
    token = _given.set(observations)
    try:
        yield
    finally:
        _given.reset(token)


@cache
def _table(path: str, modified: int) -> pd.DataFrame:
    """Read the table, without pyarrow's threads: a process with threads cannot be forked."""
    file = pyarrow.BufferReader(Path(path).read_bytes())
    read = pyarrow.parquet.ParquetFile(file, pre_buffer=False).read(use_threads=False)
    return read.to_pandas(use_threads=False)


def table(ids: Iterable[str] | None = None) -> pd.DataFrame:
    """Return observations (columns `naravard.data.build.COLUMNS`).

    Parameters
    ----------
    ids : iterable of str, optional
        All indicators if not given. A page that reads only those it needs is made again only when
        these change.

    Raises
    ------
    NaravardError
        On an unknown id, or if an indicator awaits its figures, or the processed data have not
        been built or cannot be read.
    """
    if ids is None:
        tracking.note("data", "everything")
    else:
        ids = list(ids)
        for entry in map(indicator, ids):
            tracking.note("indicator", entry.id, *(part.id for part in parts(entry)))
    everything = _given.get()
    if everything is None:
        processed.require()
    for id in ids or ():
        if awaiting(id):
            raise NaravardError(sentence(id))
    if everything is None:
        everything = _built()
    return everything.copy() if ids is None else everything[everything["indicator"].isin(ids)]


def awaiting(id: str) -> bool:
    """Say whether an indicator has no figures in what is loaded from, see `using`."""
    given = _given.get()
    return processed.awaiting(id) if given is None else id not in set(given["indicator"])


def _built() -> pd.DataFrame:
    path = paths.processed_dir() / TABLE
    try:
        return _table(str(path), path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:  # pyarrow's own errors are of these kinds
        raise NaravardError(f"{path} cannot be read: run `naravard data build` again") from error


def _codes(region: _Regions) -> list[str] | None:
    if region is None:
        return None
    if isinstance(region, str | Integral | Region):
        region = [region]
    return [resolve(r).code for r in region]


def _year(year) -> int:
    try:
        if isinstance(year, bool):
            raise TypeError
        return operator.index(year)
    except TypeError:
        raise NaravardError(f"years are whole numbers, not {year!r}") from None


def _years(years) -> set[int] | None:
    if years is None:
        return None
    if isinstance(years, slice):
        first = checks.FIRST_YEAR if years.start is None else _year(years.start)
        last = checks.LAST_YEAR if years.stop is None else _year(years.stop)
        return set(range(first, last + 1))
    if isinstance(years, Iterable) and not isinstance(years, str):
        return {_year(year) for year in years}
    return {_year(years)}


def _load(ids: list[str], region: _Regions, years, sex: str | None) -> pd.DataFrame:
    entries = [indicator(id) for id in ids]
    if sex is not None and sex not in _SEXES:
        raise NaravardError(f"unknown sex '{sex}': T is total, K women, M men")
    rows = whole = table(ids)
    codes, wanted = _codes(region), _years(years)
    if codes is not None:
        rows = rows[rows["region"].isin(codes)]
    if wanted is not None:
        rows = rows[rows["year"].isin(wanted)]
    if sex is not None:
        rows = rows[rows["sex"] == sex]
    if rows.empty:
        asked = f"region {codes or 'all'}, sex {sex or 'all'}"
        if wanted:
            asked += f", years {min(wanted)}–{max(wanted)}"
        units = "22 units" if any(e.level == "region" for e in entries) else "Riket only"
        raise NaravardError(
            f"no rows of {', '.join(ids)} for {asked}: there are {units}, "
            f"{whole['year'].min()}–{whole['year'].max()}, sex {', '.join(whole['sex'].unique())}"
        )
    rows = rows.reset_index(drop=True)
    behind = [part for entry in entries for part in (entry, *parts(entry))]
    caveats = list(dict.fromkeys(caveat for entry in behind for caveat in entry.caveats))
    rows.attrs = {
        "indicators": list(ids),
        "sources": [entry.source_line("en") for entry in entries],
        "caveats": {lang: [caveat[lang] for caveat in caveats] for lang in ("sv", "en")},
        "fingerprint": fingerprint_of(ids) if _given.get() is None else None,
    }
    return rows


def load_indicator(
    id: str | Iterable[str], region: _Regions = None, years=None, sex: str | None = "T"
) -> pd.DataFrame:
    """Load one indicator, or several beside each other.

    Parameters
    ----------
    id : str or list of str
        As in the catalogue, e.g. "readmission_30d_65plus"; `naravard list indicators` shows them.
    region : str, int, Region or list of these, optional
        Anything `naravard.regions.resolve` takes; all 22 units if not given.
    years : int, iterable of int or slice, optional
        ``slice(2016, 2020)`` includes both ends; all years if not given.
    sex : {"T", "K", "M"} or None
        Total, women, men, or all three.

    Returns
    -------
    DataFrame
        One row an indicator, region, year and sex, in the unit of the catalogue. A missing value
        is a row with ``status`` "missing" and the reason in ``note``.

    Raises
    ------
    NaravardError
        On an unknown id, region or sex, if nothing fits what was asked, if the indicator awaits
        its figures (the message says how to fetch them), or if the data have not been built.
    """
    return _load([id] if isinstance(id, str) else list(id), region, years, sex)


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
        On an unknown id or one that is no cost, or a price year that the index does not cover.
    """
    costs = {i.id for i in catalogue().indicators.values() if i.kind == "cost"}
    ids = with_data(sorted(costs)) if id is None else [id] if isinstance(id, str) else list(id)
    for one in ids:
        if indicator(one).kind != "cost":
            raise NaravardError(f"'{one}' is not a cost{did_you_mean(one, costs, limit=0)}")
    rows = _load(ids, region, years, "T")
    if price_year is None:
        return rows
    return fixed_prices(rows, _load(["consumer_price_index"], "00", None, "T"), price_year)


def with_data(ids: Iterable[str]) -> list[str]:
    """Return those of several indicators that have figures; all of them are noted as read.

    A page that uses the result is made again when one that awaits its figures gets them.
    """
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
        One of the ids.

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


def load_population(region: _Regions = None, years=None, sex: str | None = "T") -> pd.DataFrame:
    """Load the population on 31 December, in persons; parameters as in `load_indicator`."""
    return _load(["population"], region, years, sex)


def fixed_prices(costs: pd.DataFrame, index: pd.DataFrame, price_year: int) -> pd.DataFrame:
    """Express costs in the prices of one year.

    Parameters
    ----------
    costs : DataFrame
        Observations in current prices; rows that are not money (shares) stay as they are.
    index : DataFrame
        Observations of a price index, one row a year.
    price_year : int
        The year whose prices are used.

    Returns
    -------
    DataFrame
        As ``costs``, with ``value × index[price_year] / index[year]`` and a column
        ``price_year``. A year without an index becomes a missing row that says so.

    Raises
    ------
    NaravardError
        If the index does not cover ``price_year``.

    Notes
    -----
    Deflating by the annual mean of the CPI as Statistics Sweden's price converter does.
    """
    level = index.dropna(subset=["value"]).set_index("year")["value"]
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
    fixed.attrs = {**costs.attrs, "price_index": index.attrs.get("sources", [])}
    return fixed


#: The year whose prices costs are judged in, as on the notebooks' pages.
PRICE_YEAR = 2023


#: How the note of a year begins that the price index does not cover.
NO_INDEX = "the price index ends in"


def profile_indicators(region) -> list[str]:
    """Return the ids that belong to a region's profile: all that stand under a strategic direction.

    Indicators that exist for the nation only belong to Riket's profile; those that await their
    figures to none, nor does one of which a series that can be fetched is here.
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
