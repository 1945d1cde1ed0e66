"""Raw → one tidy table of observations, checked before and after."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from naravard import checks, outcomes, project, rawdata, statuses
from naravard.catalogue import Catalogue, Choice, Indicator, catalogue
from naravard.errors import NaravardError
from naravard.rawdata import SUPPRESSED
from naravard.regions import CODES, NATION

COLUMNS = [
    "indicator", "region", "year", "sex", "value", "lower", "upper", "numerator",
    "denominator", "unit", "status", "source", "note",
]  # fmt: skip
#: Precisions that need no mention with every value.
_PLAIN = ("as printed", "as published", "as exported", "whole SEK as published")
#: By data set: its file, or None if it has none.
Files = Mapping[str, rawdata.RawFile | None]
#: Note of a value that nobody has published here; the catalogue holds the reason for readers.
NOT_COLLECTED = "not in the collected figures"


def file_of(indicator: Indicator, files: Files | None = None) -> rawdata.RawFile | None:
    """Return the raw file that an indicator's rows lie in; None if it has not been fetched.

    Parameters
    ----------
    indicator : Indicator
        With a source.
    files : dict of str to RawFile or None, optional
        Files to use for some data sets instead of the newest recorded ones; None for a data set
        that is to have none. A vintage that the catalogue pins goes before them.
    """
    source = indicator.source
    if files and source.dataset in files and source.vintage is None:
        return files[source.dataset]
    if not rawdata.vintages(source.dataset):
        return None
    return rawdata.newest(source.dataset, source.vintage)


def _series(indicator: Indicator, entry: rawdata.RawFile) -> tuple[str, pd.DataFrame]:
    """Read the rows of one indicator as text, indexed by line number in the file."""
    path = project.raw_dir() / entry.path
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    own = rawdata.COLUMNS
    if tuple(rows.columns) not in (own, own + rawdata.MORE_COLUMNS):
        raise NaravardError(
            f"data/raw/{entry.path}: the columns are {list(rows.columns)}, "
            f"not {list(rawdata.COLUMNS)}"
        )
    rows.index = pd.RangeIndex(2, len(rows) + 2)
    rows = rows[rows["series"] == indicator.source.series].copy()
    for period, year in indicator.source.periods.items():
        named = rows["year"] == period
        rows.loc[named, "note"] = ("period " + period + "; " + rows["note"]).str.strip("; ")
        rows.loc[named, "year"] = str(year)
    return f"data/raw/{entry.path}", rows


def _chosen(rows: pd.DataFrame, choice: Choice) -> pd.Series:
    hit = pd.Series(True, index=rows.index)
    for column, value in choice.where.items():
        hit &= rows[column] == value
    return hit


def _one_per_key(rows: pd.DataFrame, indicator: Indicator, file: str) -> pd.DataFrame:
    """Keep one row a key: equal values once, different values as the catalogue chooses."""
    plain = rows["precision"].isin(
        ["as printed", "as published", "as exported", "whole SEK as published"]
    )
    notes = rows["note"].str.cat(rows["precision"].mask(plain, ""), sep="; ").str.strip("; ")
    rows = rows.assign(note=notes, source=rows["source_title"])
    key = ["region", "year", "sex"]
    several = rows.duplicated(key, keep=False)
    kept = [rows[~several]]
    for (code, year, sex), group in rows[several].groupby(key, sort=False):
        used = group
        for choice in indicator.choices:
            named = choice.year in (None, int(year)) and (
                "*" in choice.regions or code in choice.regions
            )
            hit = _chosen(group, choice)
            if named and group["value"].nunique() > 1 and hit.any():
                used = group[hit]
                break
        if used["value"].nunique() > 1 or group.duplicated().any():
            where = ", ".join(f"row {row}: {v or 'empty'}" for row, v in group["value"].items())
            raise NaravardError(
                f"{file}: {indicator.id}, region {code}, {year}, {sex} stands twice ({where}): "
                "delete the copy, or, if two sources disagree, add a choice to the catalogue"
            )
        rejected = group.drop(used.index)
        others = rejected["value"].str.cat(rejected["source"], sep=" (").add(")").unique()
        first = used.iloc[[0]].copy()
        if len(others):
            other = "another published value: " + ", ".join(others)
            first["note"] = "; ".join(filter(None, [first["note"].iloc[0], other]))
        first["source"] = "; ".join(used["source"].unique())
        kept.append(first)
    return pd.concat(kept)


def direct(indicator: Indicator, known: Catalogue, entry: rawdata.RawFile) -> pd.DataFrame:
    """Build one indicator from its raw series, checked.

    Returns
    -------
    DataFrame
        Columns ``region, year, sex, value, source, note`` and, where the file has them,
        ``numerator, denominator, lower, upper``.

    Raises
    ------
    NaravardError
        If a row is not what the catalogue expects; the message names file, row and value.
    """
    file, rows = _series(indicator, entry)
    checks.raw_rows(rows, indicator, file)
    checks.bounds(rows.assign(value=pd.to_numeric(rows["value"])), indicator, known, file)
    rows = _one_per_key(rows, indicator, file)
    more = [name for name in rawdata.MORE_COLUMNS if name in rows]
    numbers = {name: pd.to_numeric(rows[name]).astype(float) for name in ("value", *more)}
    return rows[["region", "sex", "source", "note"]].assign(
        year=rows["year"].astype("int64"), **numbers
    )


def _derived(indicator: Indicator, parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Compute one indicator from others: factor × numerator / sum of denominators.

    It has a row where all of its parts have one.
    """
    rule = indicator.derived
    key = ["region", "year", "sex"]
    table = parts[rule.numerator].set_index(key)[["value"]].rename(columns={"value": "numerator"})
    total = sum(parts[id].set_index(key)["value"] for id in rule.denominator)
    table = table.join(total.rename("denominator"), how="inner").reset_index()
    table["value"] = rule.factor * table["numerator"] / table["denominator"]
    table["source"] = indicator.publisher.en
    table["note"] = ""
    return table


def _complete(table: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Give every region and year of the series a row, and every missing value its reason."""
    codes = list(CODES) if indicator.level == "region" else [NATION]
    years = range(table["year"].min(), table["year"].max() + 1)
    grid = pd.MultiIndex.from_product([codes, years, ["T"]], names=["region", "year", "sex"])
    grid = grid.union(pd.MultiIndex.from_frame(table[["region", "year", "sex"]]))
    table = table.set_index(["region", "year", "sex"]).reindex(grid).reset_index()
    missing = table[table["value"].isna()]
    reasons = [
        reason.en if (reason := indicator.gap(row.region, row.year)) else row.note or NOT_COLLECTED
        for row in missing.fillna({"note": ""}).itertuples()
    ]
    table["note"] = table["note"].fillna("")
    table.loc[missing.index, "note"] = reasons
    table["source"] = table["source"].fillna(indicator.publisher.en)
    return table


def _finished(table: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Give an indicator's rows all columns of the table of observations."""
    part = _complete(table, indicator)
    part["indicator"] = indicator.id
    part["unit"] = indicator.unit
    absent = part["value"].isna()
    part["status"] = absent.map({True: "missing", False: "final"})
    part.loc[absent & part["note"].str.startswith(SUPPRESSED), "status"] = SUPPRESSED
    return part.reindex(columns=COLUMNS)


def one(indicator: Indicator, known: Catalogue, entry: rawdata.RawFile) -> pd.DataFrame:
    """Return one indicator's observations from a raw file, columns `COLUMNS`.

    Raises
    ------
    NaravardError
        If a row is not what the catalogue expects.
    """
    return _finished(direct(indicator, known, entry), indicator)


def tables(known: Catalogue, files: Files | None = None) -> dict[str, pd.DataFrame]:
    """Return each indicator's observations, columns `COLUMNS`, each checked by its raw rows.

    An indicator whose data set has no file, or that is computed from such a one, is left out.

    Parameters
    ----------
    known : Catalogue
    files : dict of str to RawFile or None, optional
        As in `file_of`.

    Raises
    ------
    NaravardError
        If a raw file is missing or changed, or a row is not what the catalogue expects.
    """
    problems = rawdata.problems()
    if problems:
        raise NaravardError("; ".join(problems))
    statuses.check()
    outcomes.read()
    found: dict[str, pd.DataFrame] = {}
    for indicator in known.indicators.values():
        if indicator.source and (entry := file_of(indicator, files)):
            found[indicator.id] = direct(indicator, known, entry)
    for indicator in known.indicators.values():
        rule = indicator.derived
        if rule and found.keys() >= {rule.numerator, *rule.denominator}:
            found[indicator.id] = _derived(indicator, found)
    return {id: _finished(found[id], i) for id, i in known.indicators.items() if id in found}


def joined(parts: Mapping[str, pd.DataFrame], known: Catalogue) -> pd.DataFrame:
    """Return one table of all indicators' observations, checked.

    Raises
    ------
    NaravardError
        If a check fails.
    """
    table = pd.concat(parts.values(), ignore_index=True).sort_values(checks.KEY, ignore_index=True)
    checks.observations(table, known)
    return table


def observations(known: Catalogue | None = None, files: Files | None = None) -> pd.DataFrame:
    """Read the raw store and return the table of observations, checked; see `tables`, `joined`.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; one row an indicator, region, year and sex. ``value`` is in ``unit``
        (a key of the catalogue's units); a missing value is a row with status "missing" and a
        reason in ``note``.
    """
    known = known or catalogue()
    return joined(tables(known, files), known)
