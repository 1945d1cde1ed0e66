"""The collection's notebooks: their names, titles, and which of them make pages."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from naravard import paths
from naravard.errors import NaravardError, did_you_mean


def all_notebooks() -> dict[str, Path]:
    """Return the collection's notebooks by name, in order."""
    return {path.stem: path for path in sorted(paths.notebooks_dir().glob("[0-9]*.ipynb"))}


def notebooks() -> dict[str, Path]:
    """Return the notebooks that make pages: all but the interactive ones."""
    return {name: path for name, path in all_notebooks().items() if not interactive(path)}


def interactive(path: Path) -> bool:
    """Say whether a notebook is to be used and not read: its metadata says so."""
    return _interactive(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)  # every page asks; the time keeps an edited notebook from being missed
def _interactive(path: Path, modified: int) -> bool:
    metadata = json.loads(path.read_text("utf-8"))["metadata"]
    return bool(metadata.get("naravard", {}).get("interactive"))


def find_notebook(name: str, to_use: bool = False) -> str:
    """Return the full name for "02_readmissions", "readmissions", "02" or "2".

    Raises
    ------
    NaravardError
        If none fits, the message names the closest; or if it is interactive and not ``to_use``.
    """
    every = all_notebooks()
    known = every if to_use else notebooks()
    given = str(name).removesuffix(".ipynb")
    short = {n: full for full in every for n in (full, full.partition("_")[2], full[:2])}
    full = short.get(given.zfill(2) if given.isdecimal() else given)
    if full is not None and full not in known:
        raise NaravardError(f"{full} is interactive and makes no page: open it in JupyterLab")
    if full is None:
        words = [n for n, whole in short.items() if whole in known and not n.isdecimal()]
        raise NaravardError(f"unknown notebook '{name}'{did_you_mean(given, words)}")
    return full


def titles(path: Path) -> dict[str, str]:
    """Return a notebook's title in each language: its first tagged heading."""
    found: dict[str, str] = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and text.startswith("# "):
            for tag in cell["metadata"].get("tags", []):
                found.setdefault(tag, text.splitlines()[0].removeprefix("# "))
    return found
