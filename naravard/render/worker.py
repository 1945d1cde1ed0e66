"""One job: run the notebook, export the page. Nothing is written to the site here."""

from __future__ import annotations

import os
import re
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from naravard.regions import BY_CODE
from naravard.render.jobs import Job, notebooks

#: papermill's engines that a batch may use.
ENGINES = ("naravard", "standard")


@dataclass(frozen=True)
class Rendered:
    """What came of a job.

    Attributes
    ----------
    html : str
        The page; empty if the notebook failed.
    notebook : str
        The run notebook as JSON; the partial one if it failed, empty if there is none.
    headline : str
        The page's bottom line in short, without the region's name.
    reads : tuple of str
        What the notebook read, see `naravard.reads`.
    files : dict of str to bytes
        Name and content of the files of its figures, see `naravard.render.export.files`; empty
        when they stay as they are.
    error : str
        One line: cell and error; empty if all went well.
    log : str
        The traceback of a failure.
    """

    html: str = ""
    notebook: str = ""
    headline: str = ""
    reads: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    error: str = ""
    log: str = ""


def _options(engine: str, folder: str) -> dict:
    """Return papermill's options for an engine."""
    if engine == "naravard":
        return {"engine_name": "naravard"}
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


def run(job: Job, root: str, links: dict, engine: str) -> Rendered:
    """Run a job's notebook and export its page, in a process that is there for it alone.

    Parameters
    ----------
    job : Job
    root : str
        The collection's root folder, the notebook's working directory.
    links : dict
        For the page's navigation, see `naravard.render.export.page`.
    engine : {"naravard", "standard"}
        Run the cells in this process, or in a kernel that starts anew.

    Returns
    -------
    Rendered
    """
    import nbformat
    import papermill

    from naravard import picture, reads
    from naravard.render import export
    from naravard.render.engine import ThisProcess

    os.environ["NARAVARD_ROOT"] = root
    os.environ[picture.DOWNLOADS] = "1"
    source = notebooks()[job.notebook]
    ThisProcess.own = True
    reads.start()
    parameters = {"region": job.region, "language": job.language, **dict(job.parameters)}
    with tempfile.TemporaryDirectory(prefix="naravard-") as folder:
        output = Path(folder) / source.name
        try:
            notebook = papermill.execute_notebook(
                source, output, parameters=parameters, kernel_name="python3", cwd=root,
                progress_bar=False, request_save_on_cell_execute=False, **_options(engine, folder),
            )  # fmt: skip
            files, plain = export.files(notebook, job), export.tidy(notebook)
            return Rendered(
                html=export.page(plain, job, links, files),
                notebook=nbformat.writes(plain) + "\n",
                headline=headline(notebook, job),
                reads=tuple(reads.found()) if ThisProcess.used else ("data:everything",),
                files=files,
            )
        except Exception as error:
            partial = ""
            if output.exists():
                read = export.lean(nbformat.read(output, as_version=4))
                partial = nbformat.writes(read) + "\n"
            return Rendered(error=_blame(error), log=traceback.format_exc(), notebook=partial)
        finally:
            os.environ.pop(picture.DOWNLOADS, None)


def link(job: Job, notebook: str, links: dict, files: list[str]) -> Rendered:
    """Export the page of a notebook that was run before, when only what it links to has changed.

    Its figures stay in ``files``, the names that the run gave them.
    """
    import nbformat

    from naravard.render import export

    read = nbformat.read(notebook, as_version=4)
    return Rendered(html=export.page(read, job, links, files), headline=headline(read, job))
