"""Where the collection lies: its root folder and the files in it."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from naravard.errors import NaravardError

#: What every indicator is, beside the code.
CATALOGUE = Path(__file__).with_name("catalogue") / "catalogue.toml"
#: What the build writes into ``data/processed``, and the fingerprint that is expected of it.
TABLE, PACKAGE, EXPECTED = "observations.parquet", "datapackage.json", "expected_fingerprint.txt"
_MARK = Path("data") / "raw" / "datapackage.json"


def root() -> Path:
    """Return the root folder of the collection, or raise a NaravardError if there is none.

    The environment variable ``NARAVARD_ROOT`` decides; otherwise the current folder and its
    parents are searched, then the folder that the package was installed from.
    """
    if named := os.environ.get("NARAVARD_ROOT"):
        if not (Path(named) / _MARK).is_file():
            raise NaravardError(f"NARAVARD_ROOT is '{named}', but there is no {_MARK} in it")
        return Path(named).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if (folder / _MARK).is_file():
            return folder
    raise NaravardError(
        f"no {_MARK} in {here} or above it: "
        "run naravard in a clone of the collection, or set NARAVARD_ROOT to one"
    )


def raw_dir() -> Path:
    """Return ``data/raw``: what the publishers published, and its manifest."""
    return root() / "data" / "raw"


def processed_dir() -> Path:
    """Return ``data/processed``: what ``naravard data build`` writes."""
    return root() / "data" / "processed"


def notebooks_dir() -> Path:
    """Return ``notebooks``: the collection itself."""
    return root() / "notebooks"


def read_toml(path: Path) -> dict:
    """Return what a TOML file holds; a NaravardError names file and line if it is not TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise NaravardError(f"{path.name}: {error}") from error
