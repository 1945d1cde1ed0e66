"""A new vintage: checked beside everything else, then written all at once or not at all.

New files are staged under ``data/raw/.incoming``. They get their place, the manifest its entries
and the processed data their new table only when every check has passed. If the process is killed
in between, ``.incoming/journal.json`` says which files had got their place already; the next
`lock` takes those back.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import filelock
import pandas as pd

from naravard import paths
from naravard.catalogue import Catalogue, catalogue, parts
from naravard.data import build, raw
from naravard.errors import NaravardError
from naravard.sources.answer import Answer

INCOMING = ".incoming"
#: Where answers wait in there.
ANSWERS = "answers"
_JOURNAL = "journal.json"


@dataclass
class Put:
    """What became of answers, by data set."""

    new: dict[str, raw.RawFile] = field(default_factory=dict)
    unchanged: dict[str, str] = field(default_factory=dict)  # the vintage that says the same
    refused: dict[str, str] = field(default_factory=dict)  # why nothing of it was written
    gone: dict[str, list[str]] = field(default_factory=dict)  # values of the vintage before


def folder() -> Path:
    """Return where answers wait until they are complete and checked."""
    return paths.raw_dir() / INCOMING


@contextlib.contextmanager
def lock() -> Iterator[None]:
    """Keep others from adding vintages, after putting right what a killed process left.

    A NaravardError says that another process is adding vintages.
    """
    folder().mkdir(exist_ok=True)
    own = filelock.FileLock(folder() / "lock")
    try:
        own.acquire(timeout=0)
    except filelock.Timeout:
        raise NaravardError(
            f"another process is adding figures to {paths.raw_dir()}: wait until it is done"
        ) from None
    try:
        journal = folder() / _JOURNAL
        if journal.exists():  # a process was killed before the manifest named its files
            for path in set(json.loads(journal.read_text("utf-8"))) - raw.manifest().keys():
                (paths.raw_dir() / path).unlink(missing_ok=True)
            journal.unlink()
        _tidy()
        yield
        _tidy()
    finally:
        own.release()


def _tidy() -> None:
    """Remove staged files that got no place; answers of an interrupted fetch stay."""
    for path in folder().iterdir():
        if path.is_dir() and path.name != ANSWERS:
            shutil.rmtree(path, ignore_errors=True)


def _values(text: str) -> set[str]:
    """Return which values a raw file has, in words."""
    rows = csv.DictReader(io.StringIO(text))
    return {f"{r['series']} {r['region']} {r['year']} {r['sex']}" for r in rows if r["value"]}


def _stage(dataset: str, answer: Answer, obtained: str) -> dict:
    """Write an answer's file into the staging folder and return its manifest entry."""
    now = datetime.datetime.now(datetime.UTC)
    today = now.date().isoformat()
    taken = {file.vintage for file in raw.datasets().get(dataset, ())}
    path = f"{dataset}/{now.strftime('%Y-%m-%dT%H%M%S') if today in taken else today}.csv"
    file = folder() / path
    file.parent.mkdir(parents=True, exist_ok=True)
    raw.write_atomically(file, answer.text())
    terms = {"title": answer.title, "licence": answer.licence, "obtained": obtained}
    requests = [request.record() for request in answer.requests]
    return raw.resource(path, file, answer.sources, *requests, accessed=today, **terms)


def _staged(entry: dict) -> raw.RawFile:
    """Return a staged file as the build takes it."""
    return raw.entry_of({**entry, "path": f"{INCOMING}/{entry['path']}"})


def put(answers: Mapping[str, Answer], obtained: str, fewer: bool = True) -> Put:
    """Add answers by data set as new vintages and build the processed data; with `lock` held.

    An answer that fails its checks is refused, the others are added; an answer that says what the
    newest vintage says already changes nothing. ``obtained`` tells the manifest how they came here;
    without ``fewer`` an answer that lacks values which the vintage before has is refused. After a
    NaravardError, figures that do not fit together or spoilt data here, nothing has changed.
    """
    known, result, entries = catalogue(), Put(), {}
    for dataset, answer in answers.items():
        try:
            text, newest = answer.text(), raw.datasets().get(dataset, [None])[-1]
            before = (paths.raw_dir() / newest.path).read_text("utf-8") if newest else ""
            if newest and sorted(before.splitlines()) == sorted(text.splitlines()):
                result.unchanged[dataset] = newest.vintage
                continue
            if gone := sorted(_values(before) - _values(text)):
                if not fewer:
                    raise NaravardError(
                        f"{len(gone)} values that are here already are not in it, for instance "
                        f"{gone[0]}: export the whole series, or say --fewer if they shall go"
                    )
                result.gone[dataset] = gone
            entry = _stage(dataset, answer, obtained)
            users = (i for i in known.indicators.values() if i.source)
            own = [(i, _staged(entry)) for i in users if i.source.dataset == dataset]
            build.table(build.of_files(own, known), known)  # by themselves first
            entries[dataset] = entry
        except NaravardError as error:
            result.refused[dataset] = str(error).replace(f"data/raw/{INCOMING}/", "")
    files, rows = _fitting(entries, known, result)
    if files:
        try:
            table = build.table(rows, known)
        except NaravardError as error:
            raise NaravardError(
                f"the new figures do not fit together, nothing was changed: {error}"
            ) from None
        result.new = _commit({dataset: entries[dataset] for dataset in files}, table)
    return result


def _fitting(entries: dict[str, dict], known: Catalogue, result: Put) -> tuple[dict, build.Rows]:
    """Refuse what gives impossible values together with the figures that are here.

    Returns the files that fit, by data set, and each indicator's observations with them.
    """
    files = {dataset: _staged(entry) for dataset, entry in entries.items()}
    while files:
        rows, misfits = build.rows(known, files), {}
        for id, entry in known.indicators.items():
            new = {part.source.dataset for part in parts(entry)} & files.keys()
            try:
                if new and id in rows:
                    build.table({id: rows[id]}, known)
            except NaravardError as error:
                reason = (
                    f"together with the figures that are here it gives impossible values: {error}"
                )
                misfits |= dict.fromkeys(new, reason)
        if not misfits:
            return files, rows
        result.refused |= misfits
        files = {dataset: file for dataset, file in files.items() if dataset not in misfits}
    return {}, {}


def _commit(entries: dict[str, dict], table: pd.DataFrame) -> dict[str, raw.RawFile]:
    """Move staged files to their place, then name them in the manifest, then the new table."""
    places = [entry["path"] for entry in entries.values()]
    files = {dataset: raw.entry_of(entry) for dataset, entry in entries.items()}
    with build.prepared(table, files):
        journal = folder() / _JOURNAL
        raw.write_atomically(journal, json.dumps(places))
        moved = []
        try:
            for path in places:
                target = paths.raw_dir() / path
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(folder() / path, target)
                moved.append(path)
            raw.add(entries.values())
        except BaseException:
            for path in moved:
                os.replace(paths.raw_dir() / path, folder() / path)
            journal.unlink()  # not if that failed: the next one puts it right then
            raise
        journal.unlink()
    return files
