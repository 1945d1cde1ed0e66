"""Run the jobs that need it, write their pages, and keep the record of how each went."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from naravard import paths
from naravard.batch import cache, cluster, workers
from naravard.batch.jobs import Job
from naravard.errors import NaravardError, did_you_mean
from naravard.notebooks import notebooks
from naravard.regions import BY_CODE
from naravard.site import layout, questions, record

#: papermill's engines that a batch may use: this process, or a kernel that starts anew.
ENGINES = ("naravard", "standard")
EXECUTORS = ("local", "dask")
#: Seconds between two records of how jobs went while a batch runs.
RECORD_EVERY = 20.0


@dataclass(frozen=True)
class Outcome:
    """How a job went, ``status`` "done" or "failed".

    ``headline`` is the page's bottom line in short, without the region's name; ``error`` one line:
    cell and error; ``peak`` the most memory that its process held, in megabytes (0 if unknown).
    ``stale``: it failed, and its old page is still there, marked as out of date. ``inputs`` is what
    the page depends on, see `naravard.batch.cache`; ``links`` a hash of what it links to; ``files``
    are the names of the files of its figures, beside the page.
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
    """What a batch has to do: why each job must run, nothing where its page is up to date."""

    reasons: dict[Job, list[str]]

    @property
    def to_run(self) -> list[Job]:
        """The jobs that must run."""
        return [job for job, why in self.reasons.items() if why]


@dataclass(frozen=True)
class Rendered:
    """What came of a job; nothing of it is in the site yet.

    ``html`` is the page, ``notebook`` the run notebook as JSON, the partial one if it failed;
    ``reads`` is what it read, see `naravard.data.tracking`; ``files`` are the files of its figures
    by name. ``error`` and ``log`` are one line and the traceback of a failure.
    """

    html: str = ""
    notebook: str = ""
    headline: str = ""
    reads: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    error: str = ""
    log: str = ""


def _hash(content) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def plan(
    jobs: list[Job], site: Path, force: bool = False, *, now: cache.Snapshot | None = None
) -> Plan:
    """Find out which jobs must run, and why; raises if the data have not been built."""
    site, now = Path(site), now or cache.Snapshot()
    state = record.read_state(site)
    return Plan(
        {job: ["--force"] if force else now.why(job, state.get(job.key), site) for job in jobs}
    )


def render(
    jobs: list[Job],
    site: Path,
    at_once: int = 2,
    on_done: Callable[[Outcome], None] = lambda outcome: None,
    *,
    on_plan: Callable[[int], None] = lambda count: None,
    force: bool = False,
    engine: str = "naravard",
    timeout: float | None = None,
    memory: float | None = None,
    executor: str = "local",
    scheduler: str | None = None,
) -> list[Outcome]:
    """Run the jobs that need it and write their pages; `naravard.site.publish` writes the others.

    Pages of other jobs in the site stay. ``on_plan`` is called once with the number of pages that
    are up to date, ``on_done`` with each other outcome as it comes. ``force`` runs all jobs. A job
    may take ``timeout`` seconds, and ``memory`` megabytes beside what the warm parent holds (Linux
    only). ``scheduler`` is the address or file of a dask cluster; without, a local one is started.

    A job that fails leaves the others alone; outcomes are in the order of ``jobs``. Raises if the
    data have not been built, or another render writes to the same folder; on Ctrl-C, after the
    processes have been ended and what was done is recorded.
    """
    for what, given, known in (("engine", engine, ENGINES),
                               ("executor", executor, EXECUTORS)):  # fmt: skip
        if given not in known:
            raise NaravardError(f"unknown {what} '{given}'{did_you_mean(given, known)}")
    if scheduler is not None and executor != "dask":
        raise NaravardError("a scheduler is dask's: give --executor dask with it")
    now = cache.Snapshot()
    site = record.folder(site)
    with record.lock(site):
        layout.write_assets(site)
        state = record.read_state(site)
        before = json.dumps(state, sort_keys=True)
        writer = _Writer(site, state, now, on_done)
        work = plan(jobs, site, force, now=now)
        try:
            to_run, to_link = _tasks(work, site, state, engine)
            on_plan(len(jobs) - len(to_run) - len(to_link))
            if executor == "dask" and to_run:
                cluster.run(to_run, at_once, writer.keep, timeout, memory, scheduler)
            else:
                workers.run(to_run, at_once, writer.keep, timeout, memory)
            workers.run(to_link, at_once, writer.keep)
        finally:
            if json.dumps(state, sort_keys=True) != before:
                questions.put_record(site, state)
        with contextlib.suppress(OSError):  # not empty: logs of failed jobs
            (site / "failed").rmdir()
    return [Outcome(key=job.key, **state[job.key]) for job in jobs]


def _tasks(work: Plan, site: Path, state: dict, engine: str) -> tuple[list, list]:
    """Make the tasks: run what must run, and export again what only links elsewhere now."""
    root = str(paths.root())
    links = layout.links(list(work.reasons), state)
    to_run, to_link = [], []
    for job, why in work.reasons.items():
        now, old = _hash(links[job]), state.get(job.key, {})
        if why:
            call = (root, run, job, links[job], engine)
            to_run.append(workers.Task(job, workers.in_collection, call, now))
        elif old.get("links") != now:
            notebook = str(site / record.paths(job)["notebook"])
            call = (root, link, job, notebook, links[job], old.get("files", []))
            to_link.append(workers.Task(job, workers.in_collection, call, now))
    return to_run, to_link


class _Writer:
    """Writes what comes of tasks into the site and its record."""

    def __init__(self, site: Path, state: dict, now: cache.Snapshot, on_done):
        self._site, self._state, self._now, self._on_done = site, state, now, on_done
        self._written = time.monotonic()

    def keep(self, task: workers.Task, ended: workers.Ended) -> None:
        """Write a task's files, each under a temporary name first, and record how it went."""
        job, old = task.key, self._state.get(task.key.key, {})
        rendered = ended.value or Rendered(error=ended.error, log=ended.details or ended.error)
        put = self._failed if rendered.error else self._done
        at = {name: self._site / path for name, path in record.paths(job).items()}
        try:
            outcome = put(job, at, old, rendered)
            for path in record.figure_files(self._site, job):
                if path.name not in outcome.files:  # of a figure that the page no longer has
                    path.unlink(missing_ok=True)
        except OSError as error:  # the disk is full, a folder is not ours
            outcome = Outcome(job.key, "failed", error=f"{type(error).__name__}: {error}")
        only_linked = rendered.html and not rendered.notebook
        seconds = old.get("seconds", 0.0) if only_linked else ended.seconds
        links = "" if outcome.error else task.note
        outcome = replace(outcome, seconds=seconds, peak=ended.peak, links=links)
        entry = asdict(outcome)
        self._state[entry.pop("key")] = entry
        self._on_done(outcome)
        if time.monotonic() - self._written > RECORD_EVERY:  # a killed batch goes on from there
            questions.put_record(self._site, self._state)
            self._written = time.monotonic()

    def _done(self, job: Job, at: dict, old: dict, rendered: Rendered) -> Outcome:
        for name, content in rendered.files.items():
            record.put(at["page"].with_name(name), content)
        inputs, files = old.get("inputs", {}), old.get("files", [])  # where it is only linked
        if rendered.notebook:
            record.put(at["notebook"], rendered.notebook)
            inputs, files = self._now.inputs(job, list(rendered.reads)), list(rendered.files)
        record.put(at["page"], rendered.html)
        for leftover in ("log", "partial"):
            at[leftover].unlink(missing_ok=True)
        return Outcome(job.key, "done", headline=rendered.headline, inputs=inputs, files=files)

    def _failed(self, job: Job, at: dict, old: dict, rendered: Rendered) -> Outcome:
        """Leave a log and the partial notebook; mark the old page, or put one that says so."""
        if rendered.notebook:
            record.put(at["partial"], rendered.notebook)
        record.put(at["log"], rendered.log or rendered.error)
        stale = at["notebook"].exists() and at["page"].exists()
        if stale:
            html = layout.mark_stale(at["page"].read_text("utf-8"), job, rendered.error)
        else:
            html, old = layout.failure_page(job, rendered.error), {}
        record.put(at["page"], html)
        return Outcome(
            job.key, "failed", headline=old.get("headline", ""), error=rendered.error,
            stale=stale, files=old.get("files", []),
        )  # fmt: skip


def _options(engine: str, folder: str) -> dict:
    """Return papermill's options for an engine."""
    if engine == "naravard":
        return {"engine_name": "naravard"}
    from traitlets.config import Config

    # TCP ports collide now and then, and one IPC name serves all kernels of a folder.
    kernel = {"transport": "ipc", "ip": str(Path(folder) / "kernel")} if os.name != "nt" else {}
    config = Config({"KernelManager": kernel})
    return {"shutdown_kernel": "immediate", "coalesce_streams": True, "config": config}


def headline(notebook, job: Job) -> str:
    """Take the bottom line from a run notebook: what is bold in the cell tagged so."""
    name = BY_CODE[job.region].name(job.language)
    for cell in notebook.cells:
        if "bottom-line" in cell.metadata.get("tags", []):
            text = "".join(o.get("data", {}).get("text/markdown", "") for o in cell.outputs)
            bold = re.findall(r"\*\*(.+?)\*\*", text)
            own = [b.removeprefix(f"{name}: ") for b in bold if b.startswith(f"{name}: ")]
            found = (own or bold or [""])[-1].rstrip(".")
            return found[:1].upper() + found[1:]
    return ""


def _blame(error: Exception) -> str:
    """Say in one line which cell failed and why."""
    cell = getattr(error, "exec_count", None)
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", error)
    first = (str(value).strip().splitlines() or [""])[0]
    return f"cell {cell}: {name}: {first}" if cell is not None else f"{name}: {first}"


def run(job: Job, links: dict, engine: str) -> Rendered:
    """Run a job's notebook and export its page, in a process that is there for it alone.

    ``links`` is for the page's navigation, see `naravard.site.notebook.page`.
    """
    import nbformat
    import papermill

    from naravard.batch.engine import ThisProcess
    from naravard.data import tracking
    from naravard.figures import figure
    from naravard.site import notebook

    # Cells draw in this process or in a kernel of their own, which inherits the environment.
    os.environ[figure.DOWNLOADS] = "1"
    source, root = notebooks()[job.notebook], str(paths.root())
    ThisProcess.own = True
    tracking.start()
    parameters = {"region": job.region, "language": job.language, **dict(job.parameters)}
    with tempfile.TemporaryDirectory(prefix="naravard-") as folder:
        output = Path(folder) / source.name
        try:
            ran = papermill.execute_notebook(
                source, output, parameters=parameters, kernel_name="python3", cwd=root,
                progress_bar=False, request_save_on_cell_execute=False, **_options(engine, folder),
            )  # fmt: skip
            files, plain = notebook.files(ran, job), notebook.tidy(ran)
            return Rendered(
                html=notebook.page(plain, job, links, files),
                notebook=nbformat.writes(plain) + "\n",
                headline=headline(ran, job),
                reads=tuple(tracking.found()) if ThisProcess.used else ("data:everything",),
                files=files,
            )
        except Exception as error:
            failed = Rendered(error=_blame(error), log=traceback.format_exc())
            if not output.exists():
                return failed
            partial = notebook.lean(nbformat.read(output, as_version=4))
            return replace(failed, notebook=nbformat.writes(partial) + "\n")
        finally:
            os.environ.pop(figure.DOWNLOADS, None)


def link(job: Job, path: str, links: dict, files: list[str]) -> Rendered:
    """Export the page of a notebook that was run before, when only what it links to has changed.

    Its figures stay in ``files``, the names that the run gave them.
    """
    import nbformat

    from naravard.site import notebook

    read = nbformat.read(path, as_version=4)
    return Rendered(html=notebook.page(read, job, links, files), headline=headline(read, job))
