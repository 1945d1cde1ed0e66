"""What lies in a site: where files are, its lock, and the record of how each job went."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from naravard.batch.jobs import Job
from naravard.data.raw import write_atomically
from naravard.errors import NaravardError
from naravard.language import LANGUAGES
from naravard.regions import CODES, NATION

#: Riket first, then the regions by code.
REGIONS = (NATION, *(code for code in CODES if code != NATION))
STATE = "render.json"
#: In the folder of a language: what changed since an older vintage; and what it compares.
CHANGED, COMPARED = "changed.html", "changed.json"


def put(path: Path, content: str | bytes) -> None:
    """Write a page or a file of it under a temporary name, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)


def put_changed(path: Path, content: bytes) -> None:
    """Write a file that differs from what is there."""
    if not path.is_file() or path.read_bytes() != content:
        put(path, content)


def folder(site: str | Path) -> Path:
    """Return a site's folder, made if it is not there; raises if it is a file."""
    found = Path(site).resolve()
    if found.exists() and not found.is_dir():
        raise NaravardError(f"{found} is a file: give --out a folder")
    found.mkdir(parents=True, exist_ok=True)
    return found


@contextmanager
def lock(site: Path) -> Iterator[None]:
    """Keep others from writing to a site; raises if another render writes to it."""
    try:
        own = FileLock(site / ".lock").acquire(timeout=0)
    except Timeout:
        raise NaravardError(
            f"another render is writing to {site}: wait for it, or give --out another folder"
        ) from None
    with own:
        yield


def paths(job: Job) -> dict[str, str]:
    """Return where a job's files lie in the site: its page and notebook, and what a failure leaves.

    Made of codes and the notebook's name only.
    """
    failed = "failed/" + job.key.replace("/", "-")
    return {
        "page": f"{job.key}.html",
        "notebook": f"{job.key}.ipynb",
        "log": f"{failed}.txt",
        "partial": f"{failed}.ipynb",
    }


def read(path: Path) -> dict:
    """Read what an earlier run left; nothing if there is none yet, or it was cut off."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def figure_files(site: Path, job: Job) -> list[Path]:
    """Return the files of a page's figures that lie in the site: ``<notebook>-<n>.<kind>``."""
    name = re.compile(re.escape(job.notebook) + r"-\d+\.(png|svg|csv)")
    folder = (site / job.key).parent
    return [path for path in folder.glob("*-*.*") if name.fullmatch(path.name)]


def read_state(site: Path) -> dict[str, dict]:
    """Return how each job in ``site`` went when it last ran, by key."""
    path = site / STATE
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def index_languages(state: dict[str, dict]) -> list[str]:
    """Return the languages that a site has an index in."""
    return [lang for lang in LANGUAGES if any(key.startswith(lang + "/") for key in state)]


def write_state(site: Path, state: dict[str, dict]) -> None:
    """Write how each job went."""
    put(site / STATE, json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
