"""What the build recorded of the processed data, read without the data themselves."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from naravard import paths
from naravard.errors import NaravardError
from naravard.paths import EXPECTED, PACKAGE, TABLE


def require() -> None:
    """Raise a NaravardError unless the data have been built."""
    for name in (TABLE, PACKAGE):
        path = paths.processed_dir() / name
        if not path.is_file():
            raise NaravardError(f"{path} does not exist: run `naravard data build` first")


def recorded() -> dict | None:
    """Return ``data/processed/datapackage.json``, or None if there is none."""
    path = paths.processed_dir() / PACKAGE
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=1)
def _read(path: Path, modified: int) -> dict:
    return json.loads(path.read_text("utf-8"))


def recorded_fingerprint() -> str | None:
    """Return the fingerprint of the whole table that the last build recorded."""
    package = recorded()
    return package["resources"][0]["fingerprint"] if package else None


def fingerprints() -> dict[str, str] | None:
    """Return the recorded fingerprint of each indicator's rows, or None if nothing is built.

    A NaravardError says that an older version built the data, which did not record them.
    """
    package = recorded()
    if package is None:
        return None
    try:
        return package["resources"][0]["indicators"]
    except KeyError:
        raise NaravardError(
            "data/processed was built by an older version, which recorded no fingerprint for each "
            "indicator: run `naravard data build`"
        ) from None


def awaiting(id: str) -> bool:
    """Say whether none of an indicator has been built while other figures have."""
    known = fingerprints()
    return known is not None and id not in known


def expected_fingerprint() -> str | None:
    """Return the committed fingerprint of the whole table, or None if there is none."""
    path = paths.processed_dir() / EXPECTED
    return path.read_text("utf-8").strip() if path.is_file() else None
