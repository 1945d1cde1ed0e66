"""Raw → processed: one tidy table of observations, checked before and after.

The table's content has a fingerprint that is the same on every machine, and so has each
indicator's. The build writes them, with the raw files that the table was built from, into
``data/processed/datapackage.json``; the one that is expected of the whole table is committed in
``data/processed/expected_fingerprint.txt``. `naravard.processed` reads them without pandas.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass

import pandas as pd

from naravard import checks, outcomes, project, rawdata, statuses
from naravard.catalogue import Catalogue, Choice, Indicator, catalogue
from naravard.errors import NaravardError
from naravard.processed import (
    EXPECTED,
    PACKAGE,
    TABLE,
    expected_fingerprint,
    fingerprint_of,
    recorded,
    recorded_fingerprint,
)
from naravard.regions import CODES, NATION

__all__ = [
    "COLUMNS", "NOT_COLLECTED", "TABLE", "Built", "build", "expected_fingerprint", "fingerprint",
    "fingerprint_of", "observations", "recorded", "recorded_fingerprint",
]  # fmt: skip

COLUMNS = [
    "indicator", "region", "year", "sex", "value", "lower", "upper", "numerator",
    "denominator", "unit", "status", "source", "note",
]  # fmt: skip
#: Note of a value that nobody has published here; the catalogue holds the reason for readers.
NOT_COLLECTED = "not in the collected figures"


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


def _series(indicator: Indicator) -> tuple[str, pd.DataFrame]:
    """Read the rows of one indicator as text, indexed by line number in the file."""
    entry = rawdata.newest(indicator.source.dataset)
    path = project.raw_dir() / entry.path
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    if tuple(rows.columns) != rawdata.COLUMNS:
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
    plain = rows["precision"].isin(["as printed", "whole SEK as published"])
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


def _direct(indicator: Indicator, known: Catalogue) -> pd.DataFrame:
    """Build one indicator from its raw series."""
    file, rows = _series(indicator)
    checks.raw_rows(rows, indicator, file)
    checks.bounds(rows.assign(value=pd.to_numeric(rows["value"])), indicator, known, file)
    rows = _one_per_key(rows, indicator, file)
    return pd.DataFrame(
        {
            "region": rows["region"],
            "year": rows["year"].astype("int64"),
            "sex": rows["sex"],
            "value": pd.to_numeric(rows["value"]).astype(float),
            "source": rows["source"],
            "note": rows["note"],
        }
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


def observations(known: Catalogue | None = None) -> pd.DataFrame:
    """Read the raw store and return the table of observations, checked.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; one row an indicator, region, year and sex. ``value`` is in ``unit``
        (a key of the catalogue's units); a missing value is a row with status "missing" and a
        reason in ``note``.

    Raises
    ------
    NaravardError
        If a raw file is missing or changed, or a check fails.
    """
    known = known or catalogue()
    problems = rawdata.problems()
    if problems:
        raise NaravardError("; ".join(problems))
    statuses.check()
    outcomes.read()
    tables: dict[str, pd.DataFrame] = {}
    for indicator in known.indicators.values():
        if indicator.source:
            tables[indicator.id] = _direct(indicator, known)
    for indicator in known.indicators.values():
        if indicator.derived:
            tables[indicator.id] = _derived(indicator, tables)
    parts = []
    for id, indicator in known.indicators.items():
        part = _complete(tables[id], indicator)
        part["indicator"] = id
        part["unit"] = indicator.unit
        part["status"] = part["value"].isna().map({True: "missing", False: "final"})
        for column in ("lower", "upper", "numerator", "denominator"):
            if column not in part:
                part[column] = float("nan")
        parts.append(part[COLUMNS])
    table = pd.concat(parts, ignore_index=True).sort_values(checks.KEY, ignore_index=True)
    checks.observations(table, known)
    return table


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
    folder = project.processed_dir()
    folder.mkdir(parents=True, exist_ok=True)
    now = fingerprint(table)
    used = {i.source.dataset for i in catalogue().indicators.values() if i.source}
    package = {
        "profile": "data-package",
        "name": "naravard-processed",
        "title": "naravard: all observations in one tidy table",
        "resources": [
            {
                "name": "observations",
                "path": TABLE,
                "format": "parquet",
                "rows": len(table),
                "fingerprint": now,
                "indicators": {
                    id: fingerprint(rows) for id, rows in table.groupby("indicator", sort=True)
                },
                "built_from": {
                    entry.path: f"sha256:{entry.sha256}"
                    for entry in sorted(map(rawdata.newest, used), key=lambda e: e.path)
                },
            }
        ],
    }
    temporary = folder / f".{TABLE}.{os.getpid()}"
    try:
        table.to_parquet(temporary, index=False)
        os.replace(temporary, folder / TABLE)
    finally:
        temporary.unlink(missing_ok=True)
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    rawdata.write_atomically(folder / PACKAGE, text)
    if accept:
        rawdata.write_atomically(folder / EXPECTED, now + "\n")
    return Built(len(table), now, expected_fingerprint())
