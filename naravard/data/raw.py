"""The raw store: files as published, and the manifest that says where each came from.

``data/raw/<publisher>/<dataset>/<date>.csv`` holds the figures as published; a newer vintage is
a new file beside the old one. ``data/raw/datapackage.json`` is a Frictionless Data Package: for
each file its path, sha256, bytes, title, sources, licence, date and how it was obtained.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from naravard import paths
from naravard.data import tracking
from naravard.errors import NaravardError, did_you_mean
from naravard.sources.answer import COLUMNS


@dataclass(frozen=True)
class RawFile:
    """One entry of the manifest.

    ``path`` is relative to ``data/raw``, ``publisher/dataset/date.csv``; ``accessed`` is the ISO
    date on which it came here. ``sources`` are ``{"title": ..., "path": url}`` for each page or
    table it is taken from, ``requests`` each request's address, time, ETag and the sha256 of its
    answer if it was fetched.
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
    return paths.raw_dir() / "datapackage.json"


def read_package() -> dict:
    """Return the manifest as it is written."""
    path = manifest_path()
    try:
        return json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise NaravardError(f"{path}: not valid JSON (line {error.lineno}: {error.msg})") from error


def manifest() -> dict[str, RawFile]:
    """Return the manifest's entries by path; a NaravardError names an entry that lacks a field."""
    path = manifest_path()
    return dict(_entries(path, path.stat().st_mtime_ns))


def entry_of(resource: dict) -> RawFile:
    """Return an entry of the manifest as a `RawFile`; a missing field raises KeyError."""
    same = {name: resource[name] for name in ("path", "bytes", "title", "obtained", "accessed")}
    return RawFile(
        **same,
        sha256=resource["hash"].removeprefix("sha256:"),
        licence=resource["licenses"][0]["title"],
        sources=tuple(resource["sources"]),
        requests=tuple(resource.get("requests", ())),
    )


@lru_cache(maxsize=1)  # every look-up asks; the time is that of the last change
def _entries(path: Path, modified: int) -> dict[str, RawFile]:
    entries = {}
    for number, resource in enumerate(read_package().get("resources", [])):
        try:
            entries[resource["path"]] = entry_of(resource)
        except (KeyError, IndexError) as error:
            name = resource.get("path", f"resource {number}")
            raise NaravardError(f"{path}: {name} lacks {error}") from error
    return entries


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def problems() -> list[str]:
    """Say of each file that it is missing, changed or not in the manifest; empty if all is well."""
    entries, folder, found = manifest(), paths.raw_dir(), []
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


def datasets() -> dict[str, list[RawFile]]:
    """Return the vintages of every ``publisher/dataset``, the oldest first."""
    found: dict[str, list[RawFile]] = {}
    for entry in sorted(manifest().values(), key=lambda entry: entry.vintage):
        found.setdefault(entry.dataset, []).append(entry)
    return found


def newest(dataset: str, vintage: str | None = None) -> RawFile:
    """Return the newest vintage of ``publisher/dataset``, or the one that is asked for.

    A NaravardError says what there is if the manifest has no such file.
    """
    tracking.note("dataset", dataset)
    if not (entries := datasets().get(dataset)):
        raise NaravardError(f"no raw data set '{dataset}'{did_you_mean(dataset, datasets())}")
    if vintage is None:
        return entries[-1]
    there = {entry.vintage: entry for entry in entries}
    if vintage not in there:
        raise NaravardError(f"{dataset} has no vintage {vintage}: there are {', '.join(there)}")
    return there[vintage]


# Writing into the manifest.
_PATH = re.compile(r"^[a-z0-9_-]+/[A-Za-z0-9_-]+/\d{4}-\d{2}-\d{2}(T\d{6})?\.csv$")


def _sources(path: str, file: Path, given: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Check a new file's shape, and return its sources: those given, or those that its rows name.

    A file with sources given is any table: a header, and rows as wide as it.
    """
    where, found = f"data/raw/{path}", {}
    with file.open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle)
        header = next(rows, [])
        if given and (not all(header) or len(set(header)) != len(header) or not header):
            raise NaravardError(f"{where}: the first row must name each column once")
        if not given and tuple(header) != COLUMNS:
            raise NaravardError(
                f"{where}: the columns are {header}, not {list(COLUMNS)}: "
                "give the sources with --source if it holds something else than observations"
            )
        for row in rows if given else filter(None, rows):
            if len(row) != len(header):
                where += f", row {rows.line_num}"
                raise NaravardError(f"{where}: {len(row)} fields, not {len(header)}")
            columns = dict(zip(header, row, strict=True))
            found[columns.get("source_title"), columns.get("source_url")] = None
    return given or list(found)


def resource(
    path: str, file: Path, sources: Iterable[tuple[str, str]], *requests: dict, **terms: str
) -> dict:
    """Return the manifest's entry of a file that is to lie at ``path``; fields as in `RawFile`.

    ``terms`` are title, licence, obtained and accessed.
    """
    return {
        "name": re.sub(r"[^a-z0-9]+", "-", path.removesuffix(".csv").lower()),
        "path": path,
        "title": terms["title"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
        "licenses": [{"title": terms["licence"]}],
        "sources": [{"title": t, **({"path": u} if u else {})} for t, u in sources],
        "accessed": terms["accessed"],
        "obtained": terms["obtained"],
        **({"requests": list(requests)} if requests else {}),
    }


def add(resources: Iterable[dict]) -> None:
    """Add entries to the manifest, all at once."""
    resources = {entry["path"]: entry for entry in resources}
    package = read_package()
    others = [r for r in package["resources"] if r["path"] not in resources]
    package["resources"] = sorted([*others, *resources.values()], key=lambda r: r["path"])
    write_atomically(manifest_path(), json.dumps(package, ensure_ascii=False, indent=2) + "\n")


def register(path: str, *, sources: Iterable[tuple[str, str]] = (), **terms: str) -> RawFile:
    """Record a new raw file in the manifest; terms as of `resource`.

    ``sources`` are title and address (may be empty) of each source, for a file that does not hold
    observations. Without them the file must have `COLUMNS`, and its own source columns count.
    """
    if not _PATH.match(path):
        raise NaravardError(
            f"'{path}' is not a raw path: give it relative to data/raw as "
            "publisher/dataset/YYYY-MM-DD.csv"
        )
    file = paths.raw_dir() / path
    if not file.is_file():
        raise NaravardError(f"data/raw/{path}: no such file")
    known = manifest().get(path)
    if known and known.sha256 != sha256(file):
        raise NaravardError(
            f"data/raw/{path}: already recorded with other content; raw files are never "
            "overwritten: give the new vintage a new date"
        )
    add([resource(path, file, _sources(path, file, list(sources)), **terms)])
    return manifest()[path]
