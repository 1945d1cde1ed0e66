"""Run jobs side by side, each notebook in a kernel of its own, and keep the index true."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from naravard import load, project
from naravard.errors import NaravardError
from naravard.render import pages, worker
from naravard.render.jobs import Job, notebooks, titles
from naravard.render.worker import Outcome

#: Seconds between two indexes while a batch runs.
INDEX_EVERY = 20.0


def _links(jobs: list[Job], state: dict[str, dict]) -> dict[Job, dict]:
    """For each job, the other language and other notebooks that its page may link to."""
    done = {key for key, entry in state.items() if entry["status"] == "done"}
    keys = done | {job.key for job in jobs}
    known = {name: titles(path) for name, path in notebooks().items()}
    links = {}
    for job in jobs:
        links[job] = {
            "languages": {
                lang for lang in ("sv", "en") if f"{lang}/{job.region}/{job.notebook}" in keys
            },
            "notebooks": [
                (name, title.get(job.language, name))
                for name, title in known.items()
                if f"{job.language}/{job.region}/{name}" in keys
            ],
        }
    return links


def render(
    jobs: list[Job],
    site: Path,
    processes: int = 2,
    on_done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Run jobs and write their pages and the index.

    Parameters
    ----------
    jobs : list of Job
    site : Path
        Made if it does not exist. Pages of other jobs there stay.
    processes : int
        Jobs under way at once.
    on_done : callable
        Called with each outcome as it comes.

    Returns
    -------
    list of Outcome
        In the order of ``jobs``. A job that fails leaves the others alone.

    Raises
    ------
    NaravardError
        If the data have not been built, or another render writes to the same folder.
    KeyboardInterrupt
        On Ctrl-C, after the processes have been ended and the index holds what was done.
    """
    load.table()
    site = Path(site).resolve()
    if site.exists() and not site.is_dir():
        raise NaravardError(f"{site} is a file: give --out a folder")
    site.mkdir(parents=True, exist_ok=True)
    lock = FileLock(site / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise NaravardError(
            f"another render is writing to {site}: wait for it, or give --out another folder"
        ) from None
    with lock:
        state = pages.read_state(site)
        try:
            _run(jobs, site, processes, state, on_done)
        finally:
            pages.write_index(site, state)
    return [Outcome(key=job.key, **state[job.key]) for job in jobs]


def _run(jobs, site, processes, state, on_done) -> None:
    """Run all jobs; those that a killed process took along run again, each in a pool of its own."""

    written = time.monotonic()

    def keep(job: Job, outcome: Outcome) -> None:
        nonlocal written
        entry = asdict(outcome)
        state[entry.pop("key")] = entry
        on_done(outcome)
        if time.monotonic() - written > INDEX_EVERY:  # so that reading can begin
            pages.write_index(site, state)
            written = time.monotonic()

    interrupted = _pool(jobs, site, processes, state, keep)
    for job in interrupted:
        if _pool([job], site, 1, state, keep):
            error = "the process was killed (out of memory?)"
            keep(job, worker.fail(job, site, error, error + "\n"))
    with contextlib.suppress(OSError):  # not empty: logs of failed jobs
        (site / "failed").rmdir()


def _pool(jobs, site, processes, state, keep) -> list[Job]:
    """Run jobs in a pool and return those that came to no end because a process was killed."""
    root, links, sources = str(project.root()), _links(jobs, state), notebooks()
    interrupted = []
    pool = ProcessPoolExecutor(
        max_workers=max(1, min(processes, len(jobs))),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=worker.start,
        initargs=(root,),
    )
    try:
        futures = {
            pool.submit(worker.run, job, sources[job.notebook], site, root, links[job]): job
            for job in jobs
        }
        for future in as_completed(futures):
            job = futures[future]
            try:
                keep(job, future.result())
            except BrokenProcessPool:
                interrupted.append(job)
            except Exception as error:  # the worker could not even say how it failed (disk full?)
                keep(job, Outcome(job.key, "failed", 0.0, error=f"{type(error).__name__}: {error}"))
    except BaseException:
        # Kernels end by themselves when the worker that started them is gone.
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return interrupted
