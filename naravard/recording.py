"""Write into the raw store's manifest: what a file is, where it came from, how it came here."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

from naravard import project, rawdata
from naravard.errors import NaravardError
from naravard.rawdata import COLUMNS, RawFile, manifest, sha256, write_atomically

_PATH = re.compile(r"^[a-z0-9_-]+/[A-Za-z0-9_-]+/\d{4}-\d{2}-\d{2}(T\d{6})?\.csv$")


def _own_sources(path: str, file: Path) -> list[tuple[str, str]]:
    """Read the sources of a file of observations from its rows."""
    with file.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise NaravardError(
                f"data/raw/{path}: the columns are {rows.fieldnames}, not {list(COLUMNS)}: "
                "give the sources with --source if it holds something else than observations"
            )
        return list({(row["source_title"], row["source_url"]): None for row in rows})


def _check_shape(path: str, file: Path) -> None:
    """Check that a file of another shape is a table: a header, and rows as wide as it."""
    with file.open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle)
        header = next(rows, [])
        if not all(header) or len(set(header)) != len(header) or not header:
            raise NaravardError(f"data/raw/{path}: the first row must name each column once")
        for row in rows:
            if len(row) != len(header):
                raise NaravardError(
                    f"data/raw/{path}, row {rows.line_num}: {len(row)} fields, not {len(header)}"
                )


def resource(
    path: str,
    file: Path,
    *,
    title: str,
    licence: str,
    obtained: str,
    accessed: str,
    sources: Iterable[tuple[str, str]],
    requests: Iterable[dict] = (),
) -> dict:
    """Return the manifest's entry of a file that is to lie at ``path``; fields as in `RawFile`."""
    requests = list(requests)
    return {
        "name": re.sub(r"[^a-z0-9]+", "-", path.removesuffix(".csv").lower()),
        "path": path,
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
        "licenses": [{"title": licence}],
        "sources": [{"title": t, **({"path": u} if u else {})} for t, u in sources],
        "accessed": accessed,
        "obtained": obtained,
        **({"requests": requests} if requests else {}),
    }


def add(resources: Iterable[dict]) -> None:
    """Add entries to the manifest, all at once."""
    resources = {entry["path"]: entry for entry in resources}
    package = rawdata.read_package()
    others = [r for r in package["resources"] if r["path"] not in resources]
    package["resources"] = sorted([*others, *resources.values()], key=lambda r: r["path"])
    write_atomically(
        rawdata.manifest_path(), json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    )


def register(
    path: str,
    *,
    title: str,
    licence: str,
    obtained: str,
    accessed: str,
    sources: Iterable[tuple[str, str]] = (),
) -> RawFile:
    """Record a new raw file in the manifest.

    Parameters
    ----------
    path : str
        Relative to ``data/raw``, ``publisher/dataset/YYYY-MM-DD.csv``.
    title, licence, obtained, accessed : str
        As in `RawFile`.
    sources : iterable of (str, str)
        Title and address (may be empty) of each source, for a file that does not hold
        observations. Without them the file must have `COLUMNS`, and its own source columns count.

    Raises
    ------
    NaravardError
        If the name has another shape, the file is missing, already recorded with other bytes,
        or it has not the shape that is asked for.
    """
    if not _PATH.match(path):
        raise NaravardError(
            f"'{path}' is not a raw path: give it relative to data/raw as "
            "publisher/dataset/YYYY-MM-DD.csv"
        )
    file = project.raw_dir() / path
    if not file.is_file():
        raise NaravardError(f"data/raw/{path}: no such file")
    known = manifest().get(path)
    if known and known.sha256 != sha256(file):
        raise NaravardError(
            f"data/raw/{path}: already recorded with other content; raw files are never "
            "overwritten: give the new vintage a new date"
        )
    sources = list(sources)
    if sources:
        _check_shape(path, file)
    else:
        sources = _own_sources(path, file)
    terms = {"title": title, "licence": licence, "obtained": obtained, "accessed": accessed}
    add([resource(path, file, sources=sources, **terms)])
    return manifest()[path]
