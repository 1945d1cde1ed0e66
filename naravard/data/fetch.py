"""Ask publishers for what the catalogue needs, or take in a file, as new vintages.

Answers are kept under ``data/raw/.incoming`` as they come: a fetch that was interrupted goes on
from there for a day. Nothing of it counts before `naravard.data.vintages.put` has checked it.
"""

from __future__ import annotations

import datetime
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from pydantic import TypeAdapter

from naravard.catalogue import Indicator, indicator, parts
from naravard.data import vintages
from naravard.data.raw import write_atomically
from naravard.errors import NaravardError, did_you_mean
from naravard.sources import PUBLISHERS
from naravard.sources.answer import Answer, SourceError
from naravard.sources.client import PATIENCE, Client, Patience
from naravard.sources.exports import read_export

_ANSWERS = TypeAdapter(Answer)
#: Seconds after which answers of an interrupted fetch are asked for again.
_KEPT = 24 * 3600


@dataclass
class Fetched:
    """What came of a fetch, by data set, and what was written of it."""

    put: vintages.Put = field(default_factory=vintages.Put)
    failed: dict[str, str] = field(default_factory=dict)  # why nothing came
    remarks: dict[str, list[str]] = field(default_factory=dict)
    resumed: int = 0  # data sets that an interrupted fetch had brought already
    not_changed: int = 0  # those that the publisher has not changed since a given date

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for is in."""
        return not (self.failed or self.put.refused)


def module(source: str):
    """Return the module of a publisher; a NaravardError names the closest if there is none."""
    if source not in PUBLISHERS:
        raise NaravardError(f"unknown source '{source}'{did_you_mean(source, PUBLISHERS, limit=0)}")
    return import_module(f"naravard.sources.{source}")


def address(source: str) -> str:
    """Return where a publisher is asked: ``NARAVARD_<SOURCE>`` names a mirror or a test server."""
    return os.environ.get(f"NARAVARD_{source.upper()}") or module(source).BASE


def _not_asked(entry: Indicator) -> str:
    """Say that no publisher has an indicator's figures, and how newer ones come in."""
    instead = f"a newer file comes in with `naravard data add FILE --indicator {entry.id}`"
    if entry.live:
        instead = f"a series that can be fetched is `--indicator {entry.live}`"
    return (
        f"{entry.id} lies in {entry.source.dataset}, which no publisher can be asked for: its "
        f"figures were read from documents; {instead}"
    )


def plan(sources: Iterable[str] = (), ids: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return which data sets are asked for, by publisher: of all sources, or those of indicators.

    A NaravardError names an unknown source or indicator, or one that these sources do not have.
    """
    chosen = list(dict.fromkeys(sources)) or list(PUBLISHERS)
    everything = {source: module(source).datasets() for source in PUBLISHERS}
    known = {source: everything[source] for source in chosen if module(source)}
    wanted = {d for datasets in known.values() for d in datasets}
    if ids := list(ids):
        entries = [part for id in ids for part in parts(indicator(id)) or [indicator(id)]]
        wanted = {entry.source.dataset for entry in entries}
        for entry in entries:
            if not any(entry.source.dataset in datasets for datasets in everything.values()):
                raise NaravardError(_not_asked(entry))
    found = {s: [d for d in datasets if d in wanted] for s, datasets in known.items()}
    if lost := wanted - {d for datasets in found.values() for d in datasets}:
        raise NaravardError(f"{', '.join(sorted(lost))}: not of the source {', '.join(chosen)}")
    return {source: datasets for source, datasets in found.items() if datasets}


def _folder() -> Path:
    return vintages.folder() / vintages.ANSWERS


def _keep(dataset: str, answer: Answer) -> None:
    """Keep an answer that has come, in case the fetch is interrupted."""
    path = _folder() / f"{dataset}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, _ANSWERS.dump_json(answer))


def _kept(dataset: str) -> Answer | None:
    """Return the answer that an interrupted fetch brought; None if there is none, or an old one."""
    path = _folder() / f"{dataset}.json"
    if not path.is_file() or time.time() - path.stat().st_mtime > _KEPT:
        return None
    return _ANSWERS.validate_json(path.read_bytes())


def run(
    work: dict[str, list[str]],
    since: datetime.date | None = None,
    patience: Patience = PATIENCE,
    on_answer: Callable[[str], None] = lambda dataset: None,
) -> Fetched:
    """Ask for data sets, check what comes, add it as new vintages and build the processed data.

    ``work`` comes from `plan`. With ``since`` only what a publisher has changed since is asked for,
    where it can say. ``on_answer`` is called with each data set whose answer, or failure, is in.
    A NaravardError says that another fetch is under way; nothing has changed then.
    """
    with vintages.lock():
        result = Fetched()
        kept = {dataset: _kept(dataset) for datasets in work.values() for dataset in datasets}
        answers = {dataset: answer for dataset, answer in kept.items() if answer}
        result.resumed = len(answers)
        for dataset in answers:
            on_answer(dataset)
        for source, datasets in work.items():
            if waiting := [dataset for dataset in datasets if not kept[dataset]]:
                _ask(source, waiting, since, patience, answers, result, on_answer)
        result.remarks = {d: a.remarks for d, a in answers.items() if a.remarks}
        result.put = vintages.put(answers, "Fetched by `naravard data fetch`")
        shutil.rmtree(_folder(), ignore_errors=True)
    return result


def _ask(source, datasets, since, patience, answers, result, on_answer) -> None:
    """Ask one publisher for data sets."""
    publisher = module(source)
    with Client(publisher.NAME, address(source), publisher.PAUSE, patience) as client:
        try:
            if since is not None and hasattr(publisher, "changed"):
                changed = publisher.changed(datasets, client, since)
                result.not_changed += len(datasets) - len(changed)
                for dataset in datasets:
                    if dataset not in changed:
                        on_answer(dataset)
                datasets = [dataset for dataset in datasets if dataset in changed]
            with closing(publisher.ask(datasets, client)) as replies:
                for dataset, answer in replies:
                    if isinstance(answer, SourceError):
                        result.failed[dataset] = str(answer)
                    else:
                        _keep(dataset, answer)
                        answers[dataset] = answer
                    on_answer(dataset)
        except SourceError as error:
            for dataset in datasets:
                if dataset not in answers:
                    result.failed[dataset] = str(error)
                    on_answer(dataset)


def add(file: Path, id: str, fewer: bool = False) -> str:
    """Take in a file that a user has as a new vintage, build from it and say what came of it.

    ``file`` as `naravard.sources.exports.read_export` takes it. Only with ``fewer`` may it lack
    values that the vintage before has. After a NaravardError nothing has changed.
    """
    entry = indicator(id)
    if not entry.source:
        names = ", ".join(part.id for part in parts(entry))
        raise NaravardError(f"{id} is computed from {names}: add files of these")
    answer = read_export(file, entry)
    dataset = entry.source.dataset
    with vintages.lock():
        result = vintages.put({dataset: answer}, f"Exported by a user ({file.name})", fewer=fewer)
    if dataset in result.refused:
        raise NaravardError(f"{file.name}: {result.refused[dataset]}")
    if dataset in result.unchanged:
        said = f"{dataset}: unchanged since {result.unchanged[dataset]}"
    else:
        path = result.new[dataset].path
        said = f"data/raw/{path}: new, {len(answer.rows)} rows; data/processed is built"
    return "\n".join([*answer.remarks, said])
