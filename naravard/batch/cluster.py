"""Send a batch's jobs to dask: to a cluster that runs already, or to a local one.

Each worker needs the same naravard installed. Notebooks and data are sent to it once; a job runs
there in a fresh process forked from the worker's own warm parent, so one worker a machine with
several threads is the right shape. Results come back to the driver, which writes them.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from naravard import __version__, paths
from naravard.batch import cache, workers
from naravard.errors import NaravardError

_unpacking = threading.Lock()


def pack(root: Path) -> bytes:
    """Return a zip file of what jobs need of a collection: its notebooks and data."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("notebooks", "data"):
            for path in sorted((root / part).rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    archive.write(path, path.relative_to(root))
    return packed.getvalue()


def _unpack(packed: bytes) -> Path:
    """Unpack a collection on a worker, once for all its jobs."""
    name = f"naravard-{os.getpid()}-{hashlib.sha256(packed).hexdigest()[:16]}"
    folder = Path(tempfile.gettempdir()) / name
    with _unpacking:
        if not folder.exists():
            partial = Path(tempfile.mkdtemp(prefix="naravard-"))
            zipfile.ZipFile(io.BytesIO(packed)).extractall(partial)
            partial.rename(folder)
    return folder


def remote(task: workers.Task, packed: bytes, timeout, memory) -> workers.Ended:
    """On a worker: run a task in a fresh process, with the collection that was sent."""
    # The root folder is another one here.
    local = replace(task, arguments=(str(_unpack(packed)), *task.arguments[1:]))
    ended: list[workers.Ended] = []
    workers.run([local], 1, lambda _, how: ended.append(how), timeout, memory)
    return ended[0]


def _package() -> tuple[str, str]:
    return __version__, cache.package()


@contextlib.contextmanager
def _client(scheduler: str | None, threads: int):
    """Connect to a scheduler, or start a local cluster; its workers have this very naravard."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise NaravardError(
            "dask is not installed: `pip install naravard[cluster]` brings it"
        ) from None
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            local = LocalCluster(n_workers=1, threads_per_worker=threads, dashboard_address=None)
            where = {"address": stack.enter_context(local)}
        elif "://" in scheduler:
            where = {"address": scheduler}
        elif Path(scheduler).is_file():
            where = {"scheduler_file": scheduler}
        else:
            raise NaravardError(
                f"'{scheduler}' is neither an address (tcp://host:8786) nor a scheduler file"
            )
        try:
            client = stack.enter_context(Client(**where, timeout=10))
        except (OSError, TimeoutError, ValueError) as error:
            raise NaravardError(f"no dask scheduler answers at {scheduler}: {error}") from None
        client.wait_for_workers(1, timeout=60)
        own = _package()
        for address, theirs in client.run(_package).items():
            if tuple(theirs) != own:
                raise NaravardError(
                    f"the worker {address} has another naravard ({theirs[0]}) than this one "
                    f"({own[0]}, or another state of its files): install the same one there"
                )
        yield client


def run(
    tasks: list[workers.Task],
    threads: int,
    on_end: Callable[[workers.Task, workers.Ended], None],
    timeout: float | None = None,
    memory: float | None = None,
    scheduler: str | None = None,
) -> None:
    """Run tasks on a dask cluster; parameters as of `naravard.batch.workers.run`.

    ``scheduler`` is the address or scheduler file of a cluster that runs already; without it a
    local one is started, of one worker with so many ``threads``. Raises `NaravardError` if dask is
    not installed, no scheduler answers, or a worker has another naravard.
    """
    with _client(scheduler, threads) as client:
        from distributed import as_completed

        packed = client.scatter(pack(paths.root()), broadcast=True)
        futures = {
            client.submit(remote, task, packed, timeout, memory, pure=False): task for task in tasks
        }
        try:
            for future in as_completed(list(futures)):
                task = futures.pop(future)
                try:
                    ended = future.result()
                except Exception as error:
                    ended = workers.Ended(error=f"{type(error).__name__}: {error}")
                on_end(task, ended)
        finally:
            client.cancel(list(futures))
