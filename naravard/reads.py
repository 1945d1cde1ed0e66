"""What a process reads of the collection: a page is made again when something of it changes.

`naravard.load` and `naravard.rawdata` note what they hand out. Beside them, an audit hook sees
every file under ``data/`` that Python opens for reading, and modules of the collection's own folder
are found among those imported. What a library opens in C code of its own (a Parquet file) is not
seen.
"""

from __future__ import annotations

import contextlib
import os
import sys
from functools import cache
from pathlib import Path

from naravard import processed, project

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_noted: set[str] | None = None
_opened: set[str] = set()


def start() -> None:
    """Begin to record, with nothing noted yet."""
    global _noted
    _noted = set()
    _opened.clear()
    _listen()


def note(kind: str, *names: str) -> None:
    """Note what is read, for instance the indicator "population"; nothing if not recording."""
    if _noted is not None:
        _noted.update(f"{kind}:{name}" for name in names)


@cache
def _listen() -> None:
    sys.addaudithook(_hear)


def _hear(event: str, args: tuple) -> None:
    """Remember a file that is opened for reading; a hook cannot be removed, so it is quick."""
    if event != "open" or _noted is None:
        return
    path, _, flags = args
    if isinstance(path, str | bytes | os.PathLike) and not flags & os.O_WRONLY:
        with contextlib.suppress(OSError, ValueError):  # no working folder; not a path
            _opened.add(os.path.abspath(os.fsdecode(path)))


def _own_modules(root: str) -> list[str]:
    """Return the files of imported modules that lie in the collection but are not naravard's."""
    modules = list(sys.modules.values())
    files = [getattr(module, "__dict__", {}).get("__file__") for module in modules]
    others = (_PACKAGE + os.sep, sys.prefix + os.sep, sys.base_prefix + os.sep)
    return [
        file
        for file in files
        if isinstance(file, str) and file.startswith(root) and not file.startswith(others)
    ]


def found() -> list[str]:
    """Return what was read since `start`, sorted.

    Returns
    -------
    list of str
        "indicator:population", "dataset:documents/claims", "file:data/raw/…/2026-11-21.csv"
        (relative to the collection's root), "data:everything" for the whole table of observations.
    """
    root = str(project.root()) + os.sep
    result = set(_noted or ())
    for file in {os.path.realpath(path) for path in list(_opened)}:
        path = Path(file.removeprefix(root))
        if not file.startswith(root) or path.parts[0] != "data" or path.name[0] == ".":
            continue
        if path.name not in (processed.PACKAGE, processed.TABLE):
            result.add(f"file:{path.as_posix()}")
    if _noted is not None:
        result |= {f"file:{Path(f.removeprefix(root)).as_posix()}" for f in _own_modules(root)}
    return sorted(result)
