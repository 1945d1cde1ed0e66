"""What the build recorded of the processed data, read without the data themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from naravard import project
from naravard.errors import NaravardError

TABLE = "observations.parquet"
PACKAGE = "datapackage.json"
EXPECTED = "expected_fingerprint.txt"


def require() -> None:
    """Check that the data have been built.

    Raises
    ------
    NaravardError
        If they have not.
    """
    for name in (TABLE, PACKAGE):
        path = project.processed_dir() / name
        if not path.is_file():
            raise NaravardError(f"{path} does not exist: run `naravard data build` first")


def recorded() -> dict | None:
    """Return ``data/processed/datapackage.json``, or None if there is none."""
    path = project.processed_dir() / PACKAGE
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def recorded_fingerprint() -> str | None:
    """Return the fingerprint of the whole table that the last build recorded."""
    package = recorded()
    return package["resources"][0]["fingerprint"] if package else None


def fingerprints() -> dict[str, str] | None:
    """Return the recorded fingerprint of each indicator's rows, or None if nothing is built.

    Raises
    ------
    NaravardError
        If an older version built the data, which did not record them.
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


def fingerprint_of(ids: Iterable[str]) -> str | None:
    """Return one sha256 over the recorded fingerprints of indicators, in whatever order.

    Returns
    -------
    str or None
        None if nothing is built.

    Raises
    ------
    NaravardError
        If the built data lack an indicator, or were built by an older version.
    """
    known = fingerprints()
    if known is None:
        return None
    ids = sorted(set(ids))
    for id in ids:
        if id not in known:
            raise NaravardError(f"data/processed has no '{id}': run `naravard data build`")
    return hashlib.sha256("".join(f"{id} {known[id]}\n" for id in ids).encode()).hexdigest()


def expected_fingerprint() -> str | None:
    """Return the committed fingerprint of the whole table, or None if there is none."""
    path = project.processed_dir() / EXPECTED
    return path.read_text("utf-8").strip() if path.is_file() else None
