"""Fixtures: a copy of the collection to spoil, and the raw figures read without our own code."""

import csv
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def collection(tmp_path, monkeypatch):
    """A copy of the data and notebooks in a folder of its own, which naravard then works in."""
    for part in ("data", "notebooks"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("NARAVARD_ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def published():
    """Published values by (series, region, year, sex), read from the raw files as they stand."""
    values: dict[tuple, list[str]] = {}
    for file in sorted((ROOT / "data" / "raw").rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as handle:
            rows = csv.DictReader(handle)
            if "series" not in rows.fieldnames:
                continue  # no observations
            for row in rows:
                if not row["year"].isdecimal():
                    continue  # periods that are no whole year
                key = (row["series"], row["region"], int(row["year"]), row["sex"])
                values.setdefault(key, []).append(row["value"])
    return values
