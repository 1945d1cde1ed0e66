"""Run the jobs that need it, write their pages, and keep the record of how each went."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from naravard import project
from naravard.errors import NaravardError, did_you_mean
from naravard.render import cluster, keys, pages, processes, worker
from naravard.render.jobs import Job
from naravard.render.worker import Rendered
from naravard.site import questions

EXECUTORS = ("local", "dask")
#: Seconds between two records of how jobs went while a batch runs.
RECORD_EVERY = 20.0


@dataclass(frozen=True)
class Outcome:
    """How a job stands.

    Attributes
    ----------
    key : str
        The job's.
    status : {"done", "failed"}
    seconds : float
        From its start to its end.
    headline : str
        The page's bottom line in short, without the region's name; empty if it failed.
    error : str
        One line: cell and error; empty if it is done.
    peak : float
        Most memory that its process held, in megabytes; 0 if unknown.
    stale : bool
        It failed, and its old page stands, marked as out of date.
    inputs : dict
        What the page rests on, see `naravard.render.keys`.
    links : str
        Hash of what the page links to.
    files : list of str
        Names of the files of its figures, beside the page.
    """

    key: str
    status: str
    seconds: float = 0.0
    headline: str = ""
    error: str = ""
    peak: float = 0.0
    stale: bool = False
    inputs: dict = field(default_factory=dict)
    links: str = ""
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What a batch has to do.

    Attributes
    ----------
    reasons : dict of Job to list of str
        Why each job must run; an empty list when its page stands.
    """

    reasons: dict[Job, list[str]]

    @property
    def to_run(self) -> list[Job]:
        """The jobs that must run."""
        return [job for job, why in self.reasons.items() if why]

    @property
    def standing(self) -> list[Job]:
        """The jobs whose pages stand."""
        return [job for job, why in self.reasons.items() if not why]


def _hash(content) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def plan(jobs: list[Job], site: Path, force: bool = False) -> Plan:
    """Find out which jobs must run, and why.

    Parameters
    ----------
    jobs : list of Job
    site : Path
    force : bool
        Run all of them.

    Returns
    -------
    Plan

    Raises
    ------
    NaravardError
        If the data have not been built.
    """
    return _plan(jobs, Path(site), pages.read_state(Path(site)), keys.Snapshot(), force)


def _plan(jobs, site, state, now, force) -> Plan:
    if force:
        return Plan({job: ["--force"] for job in jobs})
    return Plan({job: now.why(job, state.get(job.key), site) for job in jobs})


def render(
    jobs: list[Job],
    site: Path,
    at_once: int = 2,
    on_done: Callable[[Outcome], None] = lambda outcome: None,
    *,
    on_plan: Callable[[int], None] = lambda standing: None,
    force: bool = False,
    engine: str = "naravard",
    timeout: float | None = None,
    memory: float | None = None,
    executor: str = "local",
    scheduler: str | None = None,
) -> list[Outcome]:
    """Run the jobs that need it and write their pages; `naravard.site.publish` writes the others.

    Parameters
    ----------
    jobs : list of Job
    site : Path
        Made if it does not exist. Pages of other jobs there stay.
    at_once : int
        Jobs under way at once.
    on_done : callable
        Called with each outcome as it comes; not for pages that stand as they are.
    on_plan : callable
        Called once with the number of pages that stand as they are.
    force : bool
        Run all jobs, also those whose page rests on nothing that changed.
    engine : {"naravard", "standard"}
        Fork a warm process for each job, or start papermill's kernels anew.
    timeout : float, optional
        Seconds that a job may take.
    memory : float, optional
        Megabytes that a job may take beside what the warm parent holds (Linux only).
    executor : {"local", "dask"}
        Where jobs run: on this machine, or on a dask cluster.
    scheduler : str, optional
        Address or scheduler file of a cluster that runs already; a local one is started without.

    Returns
    -------
    list of Outcome
        In the order of ``jobs``. A job that fails leaves the others alone.

    Raises
    ------
    NaravardError
        If the data have not been built, or another render writes to the same folder.
    KeyboardInterrupt
        On Ctrl-C, after the processes have been ended and what was done is recorded.
    """
    for what, given, known in (("engine", engine, worker.ENGINES),
                               ("executor", executor, EXECUTORS)):  # fmt: skip
        if given not in known:
            raise NaravardError(f"unknown {what} '{given}'{did_you_mean(given, known)}")
    if scheduler is not None and executor != "dask":
        raise NaravardError("a scheduler is dask's: give --executor dask with it")
    now = keys.Snapshot()
    site = pages.folder(site)
    with pages.lock(site):
        pages.write_assets(site)
        state = pages.read_state(site)
        before = json.dumps(state, sort_keys=True)
        writer = _Site(site, state, now, on_done)
        work = _plan(jobs, site, state, now, force)
        try:
            to_run, to_link = _tasks(work, site, state, engine)
            on_plan(len(jobs) - len(to_run) - len(to_link))
            if executor == "dask" and to_run:
                cluster.run(to_run, at_once, writer.keep, timeout, memory, scheduler)
            else:
                processes.run(to_run, at_once, writer.keep, timeout, memory)
            processes.run(to_link, at_once, writer.keep)
        finally:
            if json.dumps(state, sort_keys=True) != before:
                questions.record(site, state)
        with contextlib.suppress(OSError):  # not empty: logs of failed jobs
            (site / "failed").rmdir()
    return [Outcome(key=job.key, **state[job.key]) for job in jobs]


def _tasks(work: Plan, site: Path, state: dict, engine: str) -> tuple[list, list]:
    """Make the tasks: run what must run, and export again what only links elsewhere now."""
    root = str(project.root())
    links = pages.links(list(work.reasons), state)
    to_run, to_link = [], []
    for job in work.to_run:
        arguments = (job, root, links[job], engine)
        to_run.append(processes.Task(job, worker.run, arguments, _hash(links[job])))
    for job in work.standing:
        if state[job.key].get("links") != _hash(links[job]):
            notebook = str(site / pages.paths(job)["notebook"])
            arguments = (job, notebook, links[job], state[job.key].get("files", []))
            to_link.append(processes.Task(job, worker.link, arguments, _hash(links[job])))
    return to_run, to_link


class _Site:
    """Writes what comes of tasks into the site and its record."""

    def __init__(self, site: Path, state: dict, now: keys.Snapshot, on_done):
        self._site, self._state, self._now, self._on_done = site, state, now, on_done
        self._written = time.monotonic()

    def keep(self, task: processes.Task, ended: processes.Ended) -> None:
        """Write a task's files, each under a temporary name first, and record how it went."""
        job = task.key
        rendered = ended.value or Rendered(error=ended.error, log=ended.details or ended.error)
        try:
            outcome = self._outcome(task, ended, rendered)
        except OSError as error:  # the disk is full, a folder is not ours
            line = f"{type(error).__name__}: {error}"
            outcome = Outcome(job.key, "failed", ended.seconds, error=line)
        entry = asdict(outcome)
        self._state[entry.pop("key")] = entry
        self._on_done(outcome)
        if time.monotonic() - self._written > RECORD_EVERY:  # a killed batch goes on from there
            questions.record(self._site, self._state)
            self._written = time.monotonic()

    def _outcome(self, task, ended, rendered) -> Outcome:
        job, site = task.key, self._site
        paths = {name: site / path for name, path in pages.paths(job).items()}
        if rendered.error:
            return self._failed(job, paths, ended, rendered)
        old = self._state.get(job.key, {})
        only_linked = not rendered.notebook
        files = old.get("files", []) if only_linked else list(rendered.files)
        for name, content in rendered.files.items():
            pages.put(paths["page"].with_name(name), content)
        if rendered.notebook:
            pages.put(paths["notebook"], rendered.notebook)
        pages.put(paths["page"], rendered.html)
        for leftover in ("log", "partial"):
            paths[leftover].unlink(missing_ok=True)
        self._remove_figures(job, but=files)
        return Outcome(
            key=job.key,
            status="done",
            seconds=old.get("seconds", 0.0) if only_linked else ended.seconds,
            headline=rendered.headline,
            peak=ended.peak,
            inputs=old["inputs"] if only_linked else self._now.inputs(job, list(rendered.reads)),
            links=task.note,
            files=files,
        )

    def _remove_figures(self, job: Job, but: list[str]) -> None:
        """Remove the files of figures that a page no longer has."""
        for path in pages.figure_files(self._site, job):
            if path.name not in but:
                path.unlink(missing_ok=True)

    def _failed(self, job, paths, ended, rendered) -> Outcome:
        """Leave a log and the partial notebook; mark the old page, or put one that says so."""
        if rendered.notebook:
            pages.put(paths["partial"], rendered.notebook)
        pages.put(paths["log"], rendered.log or rendered.error)
        old = self._state.get(job.key, {})
        stale = paths["notebook"].exists() and paths["page"].exists()
        if stale:
            html = pages.mark_stale(paths["page"].read_text("utf-8"), job, rendered.error)
        else:
            html = pages.failure_page(job, rendered.error)
        pages.put(paths["page"], html)
        files = old.get("files", []) if stale else []
        self._remove_figures(job, but=files)
        return Outcome(
            key=job.key,
            status="failed",
            seconds=ended.seconds,
            headline=old.get("headline", "") if stale else "",
            error=rendered.error,
            peak=ended.peak,
            stale=stale,
            files=files,
        )
