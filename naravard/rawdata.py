"""The raw store: files as published, and the manifest that says where each came from.

``data/raw/<publisher>/<dataset>/<date>.csv`` holds the figures as published; a newer vintage is
a new file beside the old one. ``data/raw/datapackage.json`` is a Frictionless Data Package: for
each file its path, sha256, bytes, title, sources, licence, date and how it was obtained.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from naravard import project, reads
from naravard.errors import NaravardError, did_you_mean

#: The columns of a raw file of observations, in this order.
COLUMNS = (
    "series", "region", "year", "sex", "value", "unit",
    "precision", "source_title", "source_url", "note",
)  # fmt: skip
#: How the note of a row begins whose value the publisher withholds; also its status when built.
SUPPRESSED = "suppressed"
#: Further columns that a file may have after these.
MORE_COLUMNS = ("numerator", "denominator", "lower", "upper")


@dataclass(frozen=True)
class RawFile:
    """One entry of the manifest.

    Attributes
    ----------
    path : str
        Relative to ``data/raw``, ``publisher/dataset/date.csv``.
    sha256 : str
        Of the file's bytes.
    bytes : int
        The file's size.
    title, licence, obtained : str
        What it is, under which terms, and how it came here.
    accessed : str
        The date on which it came here, ISO 8601.
    sources : tuple of dict
        ``{"title": ..., "path": url}`` for each page or table it rests on.
    requests : tuple of dict
        Of a fetched file: each request's address, time, ETag and the sha256 of its answer.
    """

    path: str
    sha256: str
    bytes: int
    title: str
    licence: str
    obtained: str
    accessed: str
    sources: tuple[dict, ...]
    requests: tuple[dict, ...] = ()

    @property
    def dataset(self) -> str:
        """``publisher/dataset``."""
        return self.path.rsplit("/", 1)[0]

    @property
    def vintage(self) -> str:
        """The date in the file's name."""
        return Path(self.path).stem


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write text or bytes to a temporary name beside ``path``, then rename it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def manifest_path() -> Path:
    """Return where the manifest lies."""
    return project.raw_dir() / "datapackage.json"


def read_package() -> dict:
    """Return the manifest as it is written."""
    path = manifest_path()
    try:
        return json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise NaravardError(f"{path}: not valid JSON (line {error.lineno}: {error.msg})") from error


def manifest() -> dict[str, RawFile]:
    """Return the manifest's entries by path.

    Raises
    ------
    NaravardError
        If the manifest cannot be read or an entry lacks a field.
    """
    path = manifest_path()
    return dict(_entries(path, path.stat().st_mtime_ns))


def entry_of(resource: dict) -> RawFile:
    """Return an entry of the manifest as a `RawFile`; a missing field raises KeyError."""
    return RawFile(
        path=resource["path"],
        sha256=resource["hash"].removeprefix("sha256:"),
        bytes=resource["bytes"],
        title=resource["title"],
        licence=resource["licenses"][0]["title"],
        obtained=resource["obtained"],
        accessed=resource["accessed"],
        sources=tuple(resource["sources"]),
        requests=tuple(resource.get("requests", ())),
    )


@lru_cache(maxsize=1)
def _entries(path: Path, modified: int) -> dict[str, RawFile]:
    entries = {}
    for number, resource in enumerate(read_package().get("resources", [])):
        try:
            entry = entry_of(resource)
        except (KeyError, IndexError) as error:
            name = resource.get("path", f"resource {number}")
            raise NaravardError(f"{path}: {name} lacks {error}") from error
        entries[entry.path] = entry
    return entries


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def problems() -> list[str]:
    """Compare the files with the manifest.

    Returns
    -------
    list of str
        One sentence for each file that is missing, changed or not in the manifest; empty if all
        is well.
    """
    entries = manifest()
    folder = project.raw_dir()
    found = []
    for path, entry in entries.items():
        file = folder / path
        if not file.is_file():
            found.append(f"data/raw/{path}: missing, although the manifest lists it")
        elif sha256(file) != entry.sha256:
            found.append(
                f"data/raw/{path}: changed since it was recorded (sha256 differs from the "
                "manifest): restore it, or give new figures a new file"
            )
    for file in sorted(folder.glob("[!.]*/*/*.csv")):
        path = file.relative_to(folder).as_posix()
        if path not in entries:
            found.append(
                f"data/raw/{path}: not in the manifest: record it with `naravard data register`"
            )
    return found


def vintages(dataset: str) -> list[RawFile]:
    """Return the vintages of ``publisher/dataset``, the oldest first; none if there is none."""
    found = (entry for entry in manifest().values() if entry.dataset == dataset)
    return sorted(found, key=lambda entry: entry.vintage)


def newest(dataset: str, vintage: str | None = None) -> RawFile:
    """Return the newest vintage of ``publisher/dataset``, or the one that is asked for.

    Raises
    ------
    NaravardError
        If the manifest has no such file.
    """
    reads.note("dataset", dataset)
    entries = vintages(dataset)
    if not entries:
        datasets = {entry.dataset for entry in manifest().values()}
        raise NaravardError(f"no raw data set '{dataset}'{did_you_mean(dataset, datasets)}")
    if vintage is None:
        return entries[-1]
    for entry in entries:
        if entry.vintage == vintage:
            return entry
    there = ", ".join(entry.vintage for entry in entries)
    raise NaravardError(f"{dataset} has no vintage {vintage}: there are {there}")
