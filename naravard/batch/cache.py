"""When a page is up to date: what a job depends on, and why it must run again."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import re
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from naravard import __version__, paths
from naravard.data import processed, raw

if TYPE_CHECKING:
    from naravard.batch.jobs import Job

_NAMED = 5  # so many indicators, data sets and files are named in a reason; the rest is counted
_PACKAGE = Path(__file__).resolve().parents[1]
_MISSING = "missing"
_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)
_IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)


def _sha(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def package() -> str:
    """Return one hash over everything in the package that can change a page.

    Style sheet and script are not: pages share them.
    """
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        suffixes = (".py", ".toml", ".j2", ".json", ".md")
        if path.suffix in suffixes and path.name != "catalogue_drafts.toml":
            name = path.relative_to(_PACKAGE).as_posix()
            digest.update(f"{name} {_sha(path.read_bytes())}\n".encode())
    return digest.hexdigest()


# A scan of all installed packages; no package comes or goes while a batch runs.
_distributions = cache(packages_distributions)


def _versions(name: str) -> dict[str, str]:
    """Return the versions of the distributions of a module; none for a loose file."""
    if name == "naravard":  # an editable install keeps the version that it was installed at
        return {name: __version__}
    try:
        return {name: version(name)}
    except PackageNotFoundError:
        return {known: version(known) for known in _distributions().get(name, ())}


def own_libraries() -> dict[str, str]:
    """Return the versions of Python and of what naravard depends on."""
    found = {"Python": platform.python_version()}
    for requirement in requires("naravard") or ():
        name = re.match(r"[\w.-]+", requirement)[0]
        if not re.search(r"extra\s*==", requirement):
            found |= _versions(name)
    return found


def _imports(code: str) -> set[str]:
    """Return the top-level modules that a cell imports, also a cell with magics."""
    try:
        nodes = list(ast.walk(ast.parse(_MAGIC.sub(r"\1pass", code))))
    except SyntaxError:
        return set(_IMPORT.findall(code))
    names = [a.name for node in nodes if isinstance(node, ast.Import) for a in node.names]
    names += [n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module]
    return {name.partition(".")[0] for name in names}


def _notebook(path: Path) -> tuple[str, set[str]]:
    """Return a hash of a notebook's cells without outputs and ids, and what it imports."""
    content = path.read_bytes()
    cells, imports = [], set()
    try:
        for cell in json.loads(content)["cells"]:
            source, tags = "".join(cell["source"]), cell["metadata"].get("tags", [])
            cells.append([cell["cell_type"], source, tags, cell.get("attachments", {})])
            if cell["cell_type"] == "code":
                imports |= _imports(source)
    except (ValueError, KeyError, TypeError):  # no notebook: its jobs say so when they run
        return _sha(content), set()
    return _sha(json.dumps(cells, sort_keys=True)), imports - sys.stdlib_module_names


def _changes(before: dict, now: dict, absent: str) -> Iterator[tuple[str, object, object]]:
    """Yield name, old and new value of what differs."""
    for name in dict.fromkeys([*before, *now]):
        old, new = before.get(name, absent), now.get(name, absent)
        if old != new:
            yield name, old, new


class Snapshot:
    """What all pages depend on, as it is when a batch starts.

    What changes while the batch runs is then seen as changed by the next one. Raises
    `NaravardError` if the data have not been built, or by an older version, or the raw manifest
    cannot be read.
    """

    def __init__(self):
        processed.require()
        self._taken = time.time_ns()
        self._package = package()
        self._root = paths.root()
        always = own_libraries()
        self._notebooks, self._libraries = {}, {}
        for path in paths.notebooks_dir().glob("*.ipynb"):
            self._notebooks[path.stem], imported = _notebook(path)
            found = self._libraries[path.stem] = dict(always)
            for name in sorted(imported):
                found |= _versions(name)
        #: By what `naravard.data.tracking` noted; files are added when a page has read them.
        self._fingerprints = {"data:everything": processed.recorded_fingerprint()}
        for id, value in (processed.fingerprints() or {}).items():
            self._fingerprints[f"indicator:{id}"] = value
        for entry in sorted(raw.manifest().values(), key=lambda entry: entry.vintage):
            self._fingerprints[f"dataset:{entry.dataset}"] = f"{entry.path} {entry.sha256}"

    def _fingerprint(self, read: str) -> str:
        kind, _, name = read.partition(":")
        if kind == "file" and read not in self._fingerprints:
            path = self._root / name
            if path.is_file() and path.stat().st_mtime_ns > self._taken:
                self._fingerprints[read] = "written while the batch ran"
            else:
                self._fingerprints[read] = _sha(path.read_bytes()) if path.is_file() else _MISSING
        return self._fingerprints.get(read) or _MISSING

    def inputs(self, job: Job, reads: Iterable[str]) -> dict:
        """Return what a page depends on, as JSON to be kept beside it.

        ``reads`` is what the run read, from `naravard.data.tracking.found`. ``notebook`` and
        ``package`` are sha256, ``libraries`` versions, ``data`` holds a fingerprint for each read.
        """
        return {
            "notebook": self._notebooks[job.notebook],
            "parameters": dict(job.parameters),
            "package": self._package,
            "libraries": self._libraries[job.notebook],
            "data": {read: self._fingerprint(read) for read in reads},
        }

    def why(self, job: Job, entry: dict | None, site: Path) -> list[str]:
        """Say in English why a job must run; nothing if its page is up to date.

        ``entry`` is what the state of ``site`` holds of the job: ``status``, ``inputs``, and
        ``files``, the names of what its figures are kept as.
        """
        if entry is None:
            return ["never rendered"]
        if entry["status"] != "done":
            return ["failed last time"]
        page = site / f"{job.key}.html"
        files = [page, page.with_suffix(".ipynb"), *map(page.with_name, entry.get("files", ()))]
        if not all(file.is_file() for file in files):
            return ["its page is missing"]
        if not entry.get("inputs"):
            return ["rendered by an older version"]
        before = entry["inputs"]
        now = self.inputs(job, before["data"])
        reasons = []
        if before["notebook"] != now["notebook"]:
            reasons.append("the notebook changed")
        for name, old, new in _changes(before["parameters"], now["parameters"], "default"):
            reasons.append(f"parameter {name} changed ({old} → {new})")
        changed = [read for read, _, _ in _changes(before["data"], now["data"], _MISSING)]
        if changed:
            changed.sort(key=lambda read: not read.startswith("indicator:"))
            names = list(dict.fromkeys(read.partition(":")[2] for read in changed))
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            reasons.append(f"data changed: {', '.join(names[:_NAMED])}{more}")
        if before["package"] != now["package"]:
            reasons.append("naravard's own code changed")
        for name, old, new in _changes(before["libraries"], now["libraries"], "none"):
            reasons.append(f"{name} changed ({old} → {new})")
        return reasons
