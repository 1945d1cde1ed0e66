"""From raw files to one tidy table of observations, written with what it was built from.

The rows are plain dictionaries until every indicator has its own: there are few of them, and a data
frame for each indicator costs more than all the rows. What the build records beside the table is
read without pandas by `naravard.data.processed`.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby, product

import pandas as pd

from naravard import paths
from naravard.catalogue import Catalogue, Indicator, catalogue
from naravard.data import checks, documents, raw
from naravard.data.processed import expected_fingerprint
from naravard.errors import NaravardError
from naravard.paths import EXPECTED, PACKAGE, TABLE
from naravard.regions import CODES, NATION
from naravard.sources import answer
from naravard.sources.answer import SUPPRESSED

_NUMBERS = ("value", "lower", "upper", "numerator", "denominator")
COLUMNS = [
    "indicator", "region", "year", "sex", *_NUMBERS, "unit", "status", "source", "note",
]  # fmt: skip
#: Precisions that need no mention with every value.
_PLAIN = ("as printed", "as published", "as exported", "whole SEK as published")
#: By data set: its file, or None if it has none.
Files = Mapping[str, raw.RawFile | None]
#: Observations by indicator and then by region, year and sex, each with the keys `COLUMNS`.
Rows = dict[str, dict[tuple[str, int, str], dict]]
#: Note of a value that nobody has published here; the catalogue holds the reason for readers.
NOT_COLLECTED = "not in the collected figures"


def files_of(known: Catalogue, files: Files | None = None) -> dict[str, raw.RawFile | None]:
    """Return the raw file that each indicator's rows lie in; None if it has not been fetched.

    ``files`` replace the newest recorded ones (None: the data set has none then); a vintage that
    the catalogue pins goes before them. Computed indicators are left out.
    """
    there = raw.datasets()
    newest = {dataset: vintages[-1] for dataset, vintages in there.items()} | dict(files or {})
    found = {}
    for id, entry in known.indicators.items():
        if (source := entry.source) and source.vintage:
            pinned = source.dataset in there
            found[id] = raw.newest(source.dataset, source.vintage) if pinned else None
        elif source:
            found[id] = newest.get(source.dataset)
    return found


def _by_series(path: str) -> dict[str, list[dict]]:
    """Read a raw file as text: its rows by series, each with its "line" in the file."""
    found: dict[str, list[dict]] = {}
    with (paths.raw_dir() / path).open(encoding="utf-8", newline="") as handle:
        lines = csv.reader(handle)
        header = next(lines, [])
        where, wide = f"data/raw/{path}", len(header)
        if tuple(header) not in (answer.COLUMNS, answer.COLUMNS + answer.MORE_COLUMNS):
            raise NaravardError(f"{where}: the columns are {header}, not {list(answer.COLUMNS)}")
        for fields in filter(None, lines):
            if len(fields) != wide:
                where += f", row {lines.line_num}"
                raise NaravardError(f"{where}: {len(fields)} fields, not {wide}")
            row = dict(zip(header, fields, strict=True), line=lines.line_num)
            found.setdefault(row["series"], []).append(row)
    return found


def _one(group: list[dict], indicator: Indicator, file: str) -> dict:
    """Return one row of those of a key: equal values once, different ones as the catalogue says."""
    if len(group) == 1:
        return group[0]
    code, year, sex = (group[0][name] for name in ("region", "year", "sex"))
    used = group
    if len({row["value"] for row in group}) > 1:
        choices = (c.where for c in indicator.choices_for(code) if c.year in (None, int(year)))
        hits = ([r for r in group if r.items() >= where.items()] for where in choices)
        used = next(filter(None, hits), group)
    copied = len({tuple(v for k, v in row.items() if k != "line") for row in group}) < len(group)
    if copied or len({row["value"] for row in used}) > 1:
        where = ", ".join(f"row {row['line']}: {row['value'] or 'empty'}" for row in group)
        raise NaravardError(
            f"{file}: {indicator.id}, region {code}, {year}, {sex} appears twice ({where}): "
            "delete the copy, or, if two sources disagree, add a choice to the catalogue"
        )
    others = [f"{row['value']} ({row['source_title']})" for row in group if row not in used]
    note = f"another published value: {', '.join(dict.fromkeys(others))}" if others else ""
    titles = "; ".join(dict.fromkeys(row["source_title"] for row in used))
    note = "; ".join(filter(None, [used[0]["note"], note]))
    return {**used[0], "note": note, "source_title": titles}


def _published(indicator: Indicator, series: dict[str, list[dict]], file: str, known: Catalogue):
    """Return one indicator's rows as they lie in a raw file, checked, by key."""
    rows = [dict(row) for row in series.get(indicator.source.series, ())]
    for row in rows:  # a period that is not a whole year is put at the catalogue's year, and noted
        year = indicator.source.periods.get(row["year"])
        precision = "" if row["precision"] in _PLAIN else row["precision"]
        notes = [f"period {row['year']}" if year else "", row["note"], precision]
        row |= {"year": str(year or row["year"]), "note": "; ".join(filter(None, notes))}
    checks.raw_rows(rows, indicator, known.units[indicator.unit], file)
    groups: dict[tuple[str, int, str], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["region"], int(row["year"]), row["sex"]), []).append(row)
    found = {}
    for key, group in groups.items():
        row = _one(group, indicator, file)
        numbers = {name: float(row[name]) for name in _NUMBERS if row.get(name)}
        found[key] = {"source": row["source_title"], "note": row["note"], **numbers}
    return found


def _derived(indicator: Indicator, found: Rows) -> dict:
    """Compute factor × numerator / sum of denominators where all of the parts have a row."""
    rule = indicator.derived
    parts = [found[id] for id in rule.denominator]
    result = {}
    for key, row in found[rule.numerator].items():
        if all(key in part for part in parts):
            above = row.get("value", math.nan)
            below = sum(part[key].get("value", math.nan) for part in parts)
            # a count of nobody is infinite, which the checks refuse, and not merely missing
            nothing = math.inf if abs(above) > 0 else math.nan
            value = rule.factor * above / below if below else nothing
            numbers = {"value": value, "numerator": above, "denominator": below}
            result[key] = {"source": indicator.publisher.en, "note": "", **numbers}
    return result


def _complete(rows: dict, indicator: Indicator) -> dict:
    """Give every region and year of the series a row, and every missing value its reason."""
    codes = CODES if indicator.level == "region" else (NATION,)
    years = [year for _, year, _ in rows]
    nothing = {"source": indicator.publisher.en, "note": ""}
    grid = product(codes, range(min(years), max(years) + 1), ["T"])
    result = {}
    for key in sorted({*rows, *grid}):
        row = {**rows.get(key, nothing), "indicator": indicator.id, "unit": indicator.unit}
        row["region"], row["year"], row["sex"] = key
        value = row.get("value")
        row["status"] = "final"
        if value is None or value != value:
            reason = indicator.gap(*key[:2])
            row["note"] = reason.en if reason else row["note"] or NOT_COLLECTED
            row["status"] = SUPPRESSED if row["note"].startswith(SUPPRESSED) else "missing"
        result[key] = row
    return result


def of_files(chosen: Iterable[tuple[Indicator, raw.RawFile]], known: Catalogue) -> Rows:
    """Return the observations of indicators that lie in raw files, and of those computed from them.

    A NaravardError names file, row and value if a row is not what the catalogue expects.
    """
    series, found = cache(_by_series), {}  # several indicators lie in one file
    for indicator, file in chosen:
        path = f"data/raw/{file.path}"
        found[indicator.id] = _published(indicator, series(file.path), path, known)
    for indicator in known.indicators.values():
        rule = indicator.derived
        if rule and found.keys() >= {rule.numerator, *rule.denominator}:
            found[indicator.id] = _derived(indicator, found)
    return {id: _complete(rows, known.indicators[id]) for id, rows in found.items()}


def rows(known: Catalogue, files: Files | None = None) -> Rows:
    """Return each indicator's observations; one whose data set has no file is left out.

    ``files`` as in `files_of`. A NaravardError says which raw file is missing or has changed.
    """
    if problems := raw.problems():
        raise NaravardError("; ".join(problems))
    documents.check()
    chosen = files_of(known, files).items()
    return of_files([(known.indicators[id], file) for id, file in chosen if file], known)


def table(found: Rows, known: Catalogue) -> pd.DataFrame:
    """Return one table of observations, columns `COLUMNS`, sorted by key and checked."""
    every = [row for id in sorted(found) for row in found[id].values()]
    columns = {name: [row.get(name) for row in every] for name in COLUMNS}
    made = pd.DataFrame(columns).astype(dict.fromkeys(_NUMBERS, float))
    checks.observations(made, known)
    return made


def observations(known: Catalogue | None = None, files: Files | None = None) -> pd.DataFrame:
    """Read the raw store and return the table of observations; see `rows`, `table`."""
    known = known or catalogue()
    return table(rows(known, files), known)


@dataclass(frozen=True)
class Built:
    """What a build did: the table's rows, the sha256 of its content, and the committed one."""

    rows: int
    fingerprint: str
    expected: str | None


def _lines(observations: pd.DataFrame) -> list[bytes]:
    """Write each row as text that no file format or library version changes."""
    columns = []
    for name in COLUMNS:
        values = observations[name].tolist()
        if name in _NUMBERS:  # twelve significant digits; NaN is not equal to itself
            columns.append(["" if x != x else format(x, ".12g") for x in values])
        else:
            columns.append(map(str, values))
    return [("\x1f".join(fields) + "\n").encode() for fields in zip(*columns, strict=True)]


def _sha256(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(lines)).hexdigest()


def fingerprint(observations: pd.DataFrame) -> str:
    """Return a sha256 of a table's content, whatever the order of its rows."""
    return _sha256(_lines(observations.sort_values(checks.KEY)))


def built_from(files: Files | None = None) -> dict[str, str]:
    """Return the checksums of the raw files that a table is built from, by path."""
    used = files_of(catalogue(), files).values()
    return dict(sorted((file.path, f"sha256:{file.sha256}") for file in used if file))


def _package(table: pd.DataFrame, files: Files | None) -> dict:
    """Return what is recorded of a table: its content, and what it was built from."""
    lines = _lines(table)
    groups = groupby(zip(table["indicator"], lines, strict=True), key=lambda pair: pair[0])
    own = {id: _sha256(line for _, line in pairs) for id, pairs in groups}
    recorded = {"name": "observations", "path": TABLE, "format": "parquet", "rows": len(table)}
    recorded |= {"fingerprint": _sha256(lines), "indicators": own, "built_from": built_from(files)}
    return {
        "profile": "data-package",
        "name": "naravard-processed",
        "title": "naravard: all observations in one tidy table",
        "resources": [recorded],
    }


@contextlib.contextmanager
def prepared(table: pd.DataFrame, files: Files | None = None):
    """Write a table under temporary names, which get their own unless the block fails.

    ``files`` are what it was built from beside the newest recorded ones. Yields the package that
    is recorded of the table.
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

    ``accept`` writes the fingerprint as the expected one, after a change that is meant.
    """
    made = observations()
    with prepared(made) as package:
        now = package["resources"][0]["fingerprint"]
    if accept:
        raw.write_atomically(paths.processed_dir() / EXPECTED, now + "\n")
    return Built(len(made), now, expected_fingerprint())
