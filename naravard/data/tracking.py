"""What a process reads of the collection: a page is made again when something of it changes.

`naravard.data.load` and `naravard.data.raw` note what they hand out. Beside them, an audit hook
sees every file under ``data/`` that Python opens for reading, and modules of the collection's own
folder that are imported. What a library opens in C code of its own (a Parquet file) is not seen.
"""

from __future__ import annotations

import contextlib
import os
import sys
from functools import cache
from pathlib import Path

from naravard import paths

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_BUILT = (paths.PACKAGE, paths.TABLE)  # what is noted of them is more precise
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


def found() -> list[str]:
    """Return what was read since `start`, sorted.

    That is "indicator:population", "dataset:documents/claims", "file:data/raw/…/2026-11-21.csv"
    (relative to the collection's root), "data:everything" for the whole table of observations.
    """
    root = str(paths.root()) + os.sep
    others = (_PACKAGE + os.sep, sys.prefix + os.sep, sys.base_prefix + os.sep)
    result = set(_noted or ())
    for file in {os.path.realpath(path) for path in list(_opened)}:
        if not file.startswith(root) or file.startswith(others):
            continue
        path = Path(file.removeprefix(root))
        if path.suffix == ".pyc":  # the module's source counts
            path = path.parents[1] / f"{path.name.partition('.')[0]}.py"
        data = path.parts[0] == "data" and path.name[0] != "."
        if (data and path.name not in _BUILT) or path.suffix == ".py":
            result.add(f"file:{path.as_posix()}")
    return sorted(result)
