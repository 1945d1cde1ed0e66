"""Raw → one tidy table of observations, checked before and after."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from naravard import paths
from naravard.catalogue import Catalogue, Choice, Indicator, catalogue
from naravard.data import checks, documents, raw
from naravard.data.processed import expected_fingerprint
from naravard.errors import NaravardError
from naravard.paths import EXPECTED, PACKAGE, TABLE
from naravard.regions import CODES, NATION
from naravard.sources import answer
from naravard.sources.answer import SUPPRESSED

COLUMNS = [
    "indicator", "region", "year", "sex", "value", "lower", "upper", "numerator",
    "denominator", "unit", "status", "source", "note",
]  # fmt: skip
#: Precisions that need no mention with every value.
_PLAIN = ("as printed", "as published", "as exported", "whole SEK as published")
#: By data set: its file, or None if it has none.
Files = Mapping[str, raw.RawFile | None]
#: Note of a value that nobody has published here; the catalogue holds the reason for readers.
NOT_COLLECTED = "not in the collected figures"


def file_of(indicator: Indicator, files: Files | None = None) -> raw.RawFile | None:
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
    if not raw.vintages(source.dataset):
        return None
    return raw.newest(source.dataset, source.vintage)


def _series(indicator: Indicator, entry: raw.RawFile) -> tuple[str, pd.DataFrame]:
    """Read the rows of one indicator as text, indexed by line number in the file."""
    path = paths.raw_dir() / entry.path
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    own = answer.COLUMNS
    if tuple(rows.columns) not in (own, own + answer.MORE_COLUMNS):
        raise NaravardError(
            f"data/raw/{entry.path}: the columns are {list(rows.columns)}, "
            f"not {list(answer.COLUMNS)}"
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


def direct(indicator: Indicator, known: Catalogue, entry: raw.RawFile) -> pd.DataFrame:
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
    more = [name for name in answer.MORE_COLUMNS if name in rows]
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


def one(indicator: Indicator, known: Catalogue, entry: raw.RawFile) -> pd.DataFrame:
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
    problems = raw.problems()
    if problems:
        raise NaravardError("; ".join(problems))
    documents.check()
    documents.read_outcomes()
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


# The processed data: the table of observations, written with what it was built from.
#
# The table's content has a fingerprint that is the same on every machine, and so has each
# indicator's. The build writes them, with the raw files that the table was built from, into
# ``data/processed/datapackage.json``; the one that is expected of the whole table is committed in
# ``data/processed/expected_fingerprint.txt``. `naravard.data.processed` reads them without pandas.
@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes
    ----------
    rows : int
        Rows of the table.
    fingerprint : str
        sha256 of the table's content.
    expected : str or None
        The fingerprint that is committed.
    """

    rows: int
    fingerprint: str
    expected: str | None


def fingerprint(table: pd.DataFrame) -> str:
    """Return a sha256 of the table's content, whatever the file format or library versions.

    Rows are sorted by key; numbers are written with twelve significant digits.
    """
    digest = hashlib.sha256()
    for row in table.sort_values(checks.KEY)[COLUMNS].itertuples(index=False):
        fields = [
            "" if pd.isna(x) else format(x, ".12g") if isinstance(x, float) else str(x) for x in row
        ]
        digest.update("\x1f".join(fields).encode() + b"\n")
    return digest.hexdigest()


def built_from(files: Files | None = None) -> dict[str, str]:
    """Return the checksums of the raw files that a table is built from, by path.

    Parameters
    ----------
    files : dict of str to RawFile or None, optional
        See `naravard.data.build.file_of`.
    """
    used = {
        entry.path: f"sha256:{entry.sha256}"
        for indicator in catalogue().indicators.values()
        if indicator.source and (entry := file_of(indicator, files))
    }
    return dict(sorted(used.items()))


def _package(table: pd.DataFrame, files: Files | None) -> dict:
    """Return what is recorded of a table: its content, and what it was built from."""
    return {
        "profile": "data-package",
        "name": "naravard-processed",
        "title": "naravard: all observations in one tidy table",
        "resources": [
            {
                "name": "observations",
                "path": TABLE,
                "format": "parquet",
                "rows": len(table),
                "fingerprint": fingerprint(table),
                "indicators": {
                    id: fingerprint(rows) for id, rows in table.groupby("indicator", sort=True)
                },
                "built_from": built_from(files),
            }
        ],
    }


@contextlib.contextmanager
def prepared(table: pd.DataFrame, files: Files | None = None):
    """Write a table of observations under temporary names; they get their own at the end.

    Nothing changes if the block in between fails.

    Parameters
    ----------
    table : DataFrame
        From `observations`.
    files : dict of str to RawFile, optional
        What it was built from beside the newest recorded files.

    Yields
    ------
    dict
        The package that is recorded of the table.
    """
    folder = paths.processed_dir()
    folder.mkdir(parents=True, exist_ok=True)
    package = _package(table, files)
    temporary = {name: folder / f".{name}.{os.getpid()}" for name in (TABLE, PACKAGE)}
    try:
        table.to_parquet(temporary[TABLE], index=False)
        text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
        temporary[PACKAGE].write_text(text, "utf-8")
        yield package
        for name, path in temporary.items():
            os.replace(path, folder / name)
    finally:
        for path in temporary.values():
            path.unlink(missing_ok=True)


def build(accept: bool = False) -> Built:
    """Build the processed data; nothing is written unless every check passes.

    Parameters
    ----------
    accept : bool
        Write the fingerprint as the expected one, after a change of figures or catalogue that is
        meant.

    Raises
    ------
    NaravardError
        See `observations`.
    """
    table = observations()
    with prepared(table) as package:
        now = package["resources"][0]["fingerprint"]
    if accept:
        raw.write_atomically(paths.processed_dir() / EXPECTED, now + "\n")
    return Built(len(table), now, expected_fingerprint())
