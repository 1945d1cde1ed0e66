"""The processed data: the table of observations, written with what it was built from.

The table's content has a fingerprint that is the same on every machine, and so has each
indicator's. The build writes them, with the raw files that the table was built from, into
``data/processed/datapackage.json``; the one that is expected of the whole table is committed in
``data/processed/expected_fingerprint.txt``. `naravard.processed` reads them without pandas.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass

import pandas as pd

from naravard import checks, project, rawdata
from naravard.assemble import COLUMNS, Files, file_of, observations
from naravard.catalogue import catalogue
from naravard.processed import EXPECTED, PACKAGE, TABLE, expected_fingerprint


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
        See `naravard.assemble.file_of`.
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
    folder = project.processed_dir()
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
        rawdata.write_atomically(project.processed_dir() / EXPECTED, now + "\n")
    return Built(len(table), now, expected_fingerprint())
