"""Take in a file that a user has, as a new vintage."""

from __future__ import annotations

from pathlib import Path

from naravard import catalogue, vintages
from naravard.errors import NaravardError
from naravard.sources.files.exports import read_export


def add(file: Path, id: str, fewer: bool = False) -> str:
    """Read a web export or workbook, check it, add it as a new vintage and build from it.

    Parameters
    ----------
    file : Path
        As `naravard.sources.files.exports.read_export` takes it.
    id : str
        The indicator whose values it holds.
    fewer : bool
        Whether it may lack values that the vintage before has.

    Returns
    -------
    str
        What came of it, for the user.

    Raises
    ------
    NaravardError
        If the file cannot be read, holds something else or fails a check; nothing has changed.
    """
    entry = catalogue.indicator(id)
    if not entry.source:
        names = ", ".join(part.id for part in catalogue.parts(entry))
        raise NaravardError(f"{id} is computed from {names}: add files of these")
    answer = read_export(file, entry)
    dataset = entry.source.dataset
    with vintages.lock():
        result = vintages.put({dataset: answer}, f"Exported by a user ({file.name})", fewer=fewer)
    if dataset in result.refused:
        raise NaravardError(f"{file.name}: {result.refused[dataset]}")
    lines = [*answer.remarks]
    if dataset in result.unchanged:
        lines.append(f"{dataset}: unchanged since {result.unchanged[dataset]}")
    else:
        new = result.new[dataset]
        lines.append(f"data/raw/{new.path}: new, {len(answer.rows)} rows; data/processed is built")
    return "\n".join(lines)
