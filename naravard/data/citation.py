"""How a page, a figure or the whole collection is cited: one line, and a key that stays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from naravard import __version__
from naravard.catalogue import indicator, parts
from naravard.data import availability, processed, raw, tracking
from naravard.data.documents import table, tables
from naravard.data.raw import RawFile
from naravard.errors import NaravardError


def raw_files(ids: str | Iterable[str], datasets: Iterable[str] = ()) -> list[RawFile]:
    """Return the raw files that indicators and tables of coded statuses come from, each once.

    ``datasets`` are raw data sets beside them, "publisher/dataset". A computed indicator comes from
    the files of its parts. A NaravardError names an unknown id, or a data set without a file.
    """
    found = []
    for id in [ids] if isinstance(ids, str) else ids:
        if id in tables():
            found.append(raw.newest(table(id).dataset))
        else:
            sources = [entry.source for entry in parts(indicator(id)) or [indicator(id)]]
            found += [raw.newest(source.dataset, source.vintage) for source in sources]
    found += [raw.newest(dataset) for dataset in datasets]
    return list({file.path: file for file in found}.values())


def key(ids: str | Iterable[str] | None = None, datasets: Iterable[str] = ()) -> str:
    """Return the permanent key of figures: ``version/vintage/fingerprint``.

    That is naravard's version, the newest vintage among the raw files, and the first digits of the
    fingerprint of the indicators' processed data (the whole table's if ``ids`` is None); tables of
    coded statuses and data sets count with their files. Errors as of `raw_files`; a NaravardError
    also says that an indicator awaits its figures, or that there is nothing to give a key to.
    """
    several = [ids] if isinstance(ids, str) else list(ids or ())
    coded = [id for id in several if id in tables()]
    others = raw_files(coded, datasets)
    if ids is None:
        tracking.note("data", "everything")
        files, fingerprint = list(raw.manifest().values()), processed.recorded_fingerprint()
    else:
        built = [id for id in several if id not in tables()]
        tracking.note("indicator", *built)
        files = raw_files(built) + others
        fingerprint = availability.fingerprint_of(built) if built or not others else ""
    if not files:
        raise NaravardError("a key needs at least one indicator or data set")
    if fingerprint is None:
        raise NaravardError("nothing has been built: run `naravard data build` first")
    if others:
        lines = sorted(f"{file.dataset} {file.sha256}\n" for file in others)
        fingerprint = hashlib.sha256((fingerprint + "".join(lines)).encode()).hexdigest()
    newest = max(file.vintage for file in files)
    return f"{__version__}/{newest}/{fingerprint[:12]}"


def citation(title: str, language: str, key: str) -> str:
    """Return the line that cites a page or figure; it ends with the key, whose vintage dates it."""
    release, vintage, _ = key.split("/")
    title = " ".join(title.split())
    stop = "" if title.endswith((".", "?", "!")) else "."
    figures = {"sv": "siffror av", "en": "figures of"}[language]
    return (
        f"naravard contributors ({vintage[:4]}): {title}{stop} "
        f"Version {release}, {figures} {vintage[:10]}. {key}"
    )


def day(key: str) -> tuple[int, int, int]:
    """Return year, month and day of a key's vintage."""
    year, month, date = key.split("/")[1][:10].split("-")
    return int(year), int(month), int(date)
