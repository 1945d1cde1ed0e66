"""One job in a process of the pool: run the notebook, export the page, say how it went."""

from __future__ import annotations

import os
import re
import signal
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from naravard.regions import BY_CODE
from naravard.render.jobs import Job


@dataclass(frozen=True)
class Outcome:
    """How a job went.

    Attributes
    ----------
    key : str
        The job's.
    status : {"done", "failed"}
    seconds : float
    headline : str
        The page's bottom line in short, without the region's name; empty if it failed.
    error : str
        One line: cell and error; empty if it is done.
    """

    key: str
    status: str
    seconds: float
    headline: str = ""
    error: str = ""


def start(root: str) -> None:
    """Prepare a worker process: Ctrl-C is the parent's to handle, one thread a job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["NARAVARD_ROOT"] = root
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _engine_options(folder: str) -> dict:
    """Options for papermill's standard engine: private sockets, no wait for the kernel's end."""
    from traitlets.config import Config

    options: dict = {"shutdown_kernel": "immediate", "coalesce_streams": True}
    if os.name != "nt":
        # TCP ports collide now and then, and one IPC name serves all kernels of a folder.
        kernel = {"transport": "ipc", "ip": str(Path(folder) / "kernel")}
        options["config"] = Config({"KernelManager": kernel})
    return options


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


def fail(job: Job, site: Path, error: str, log: str, notebook: str | None = None) -> Outcome:
    """Leave a log, the partial notebook, and a page that says that the job failed."""
    from naravard.render import pages

    failed = site / "failed" / job.key.replace("/", "-")
    if notebook is not None:
        pages.put(failed.with_suffix(".ipynb"), notebook)
    pages.put(failed.with_suffix(".txt"), log)
    page = site / f"{job.key}.html"
    pages.put(page, pages.failure_page(job, error))
    page.with_suffix(".ipynb").unlink(missing_ok=True)
    return Outcome(job.key, "failed", 0.0, error=error)


def run(job: Job, source: Path, site: Path, root: str, links: dict) -> Outcome:
    """Run one job; nothing of it is seen in ``site`` until it is whole.

    Parameters
    ----------
    job : Job
    source : Path
        The notebook.
    site : Path
        Where pages go. A failed job leaves ``failed/<key>.ipynb`` and ``.txt`` there, and a page
        that says so in the place of its old one.
    root : str
        The collection's root folder, the kernel's working directory.
    links : dict
        For the page's navigation, see `naravard.render.pages.page`.

    Returns
    -------
    Outcome
    """
    import nbformat
    import papermill

    from naravard.render import pages

    began = time.perf_counter()
    page = site / f"{job.key}.html"
    parameters = {"region": job.region, "language": job.language, **dict(job.parameters)}
    with tempfile.TemporaryDirectory(prefix="naravard-") as folder:
        output = Path(folder) / source.name
        try:
            papermill.execute_notebook(
                source, output, parameters=parameters, kernel_name="python3", cwd=root,
                progress_bar=False, **_engine_options(folder),
            )  # fmt: skip
            notebook = nbformat.read(output, as_version=4)
            html = pages.page(notebook, job, links)
            bottom = headline(notebook, job)
            pages.put(page.with_suffix(".ipynb"), nbformat.writes(pages.tidy(notebook)) + "\n")
            pages.put(page, html)
        except Exception as error:
            partial = output.read_text("utf-8") if output.exists() else None
            return fail(job, site, _blame(error), traceback.format_exc(), partial)
    for leftover in (".ipynb", ".txt"):
        (site / "failed" / (job.key.replace("/", "-") + leftover)).unlink(missing_ok=True)
    return Outcome(job.key, "done", time.perf_counter() - began, headline=bottom)
