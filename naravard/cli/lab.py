"""The command ``naravard lab``: JupyterLab, with the Python that runs naravard as its kernel."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from naravard import paths
from naravard.cli.options import LANGUAGE, NOTEBOOK, REGION
from naravard.errors import NaravardError
from naravard.notebooks import all_notebooks, find_notebook

#: What the lab opens when nothing is named, if it is there.
START = "00_explore"
#: In the collection's root folder: copies of notebooks for a region or language, the reader's own.
OWN = "own"


@click.command("lab")
@click.argument("words", metavar="[NOTEBOOK] [-- OPTION...]", nargs=-1, type=NOTEBOOK)
@click.option("--region", "-r", type=REGION, help="Open a copy of your own for this region.")
@click.option("--language", "-l", type=LANGUAGE, help="sv or en: the same for the language.")
def lab_command(words, region, language):
    """Open the notebooks in JupyterLab, with the Python that runs naravard.

    NOTEBOOK is a name or a number; 00_explore if not given. With a region or a language the lab
    opens a copy in the folder own/, which stays as you leave it. What follows -- goes to
    jupyter lab.

    \b
    naravard lab
    naravard lab --region uppsala --language en
    naravard lab readmissions
    naravard lab 02 -- --no-browser --port 8890
    """
    from naravard.language import check
    from naravard.regions import resolve

    named = words[0] if words and not words[0].startswith("-") else None
    options = words[1:] if named else words
    if options and not options[0].startswith("-"):
        raise click.UsageError(f"one notebook at a time: '{options[0]}' is a second one")
    parameters = {"region": resolve(region).code} if region else {}
    if language:
        parameters["language"] = check(language)
    if importlib.util.find_spec("jupyterlab") is None:
        raise NaravardError(
            "JupyterLab is not installed here: `pip install naravard[lab]` brings it, and so does "
            "`make lab` in a clone of the collection"
        )
    path = notebook(named)
    if parameters:
        path = own_copy(path, **parameters)
        click.echo(f"{OWN}/{path.name}: a copy of your own", err=True)
    sys.exit(run(*prepare(path, options)))


def run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Become JupyterLab: its signals, Ctrl-C too, and its exit code are the user's own.

    Only on Windows does it return, with the exit code.
    """
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(command[0], command, environment)
    child = subprocess.Popen(command, env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child has got it as well, and asks what it means
            continue


def notebook(name: str | None) -> Path:
    """Return the notebook of a name or number to open; `START`, or else the first, if none is."""
    known = all_notebooks()
    if not known:
        raise NaravardError(f"there are no notebooks in {paths.notebooks_dir()}")
    if name is None:
        return known.get(START) or next(iter(known.values()))
    return known[find_notebook(name, to_use=True)]


def own_copy(source: Path, **parameters: str) -> Path:
    """Return a copy, in `OWN`, of a notebook with another region or language (codes).

    It has no outputs: those of the source are of other parameters. A copy that is there stays as
    it is. A notebook without such a parameter is a NaravardError.
    """
    from naravard.data.raw import write_atomically  # lab's help needs none of the data

    content = json.loads(source.read_text("utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    declared = next((c for c in content["cells"] if "parameters" in c["metadata"].get("tags", [])),
                    {"source": ""})  # fmt: skip
    text = "".join(declared["source"])
    for name, value in parameters.items():
        text, count = re.subn(rf'(?m)^({name}\b[^=\n]*=\s*)"[^"]*"', rf'\g<1>"{value}"', text)
        if count != 1:
            raise NaravardError(f"{source.stem} has no parameter '{name}'")
    declared["source"] = text.splitlines(keepends=True)
    copy = paths.root() / OWN / f"{'_'.join([source.stem, *parameters.values()])}.ipynb"
    copy.parent.mkdir(exist_ok=True)
    if not copy.exists():
        write_atomically(copy, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return copy


def kernels() -> Path:
    """Write a kernelspec "python3" of this Python and return the folder to search for it first.

    Jupyter prefers a "python3" that a user has installed to the one that belongs to the Python
    that it runs on; the notebooks would then not find naravard.
    """
    from ipykernel import __version__
    from ipykernel.kernelspec import KERNEL_NAME, write_kernel_spec
    from jupyter_core.paths import jupyter_runtime_dir

    known = hashlib.sha256(json.dumps([sys.executable, __version__]).encode()).hexdigest()[:12]
    folder = Path(jupyter_runtime_dir()) / "naravard" / known
    if (folder / "kernels" / KERNEL_NAME / "kernel.json").is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as written:
        new = Path(written) / "new"
        write_kernel_spec(new / "kernels" / KERNEL_NAME)
        try:
            new.rename(folder)
        except OSError:  # another one was quicker
            if not folder.is_dir():
                raise
    return folder


def prepare(path: Path, options: Sequence[str] = ()) -> tuple[list[str], dict[str, str]]:
    """Return the command and environment that open a notebook, with options of ``jupyter lab``."""
    folders = [str(kernels()), os.environ.get("JUPYTER_PATH")]
    environment = {
        **os.environ,
        "NARAVARD_ROOT": str(paths.root()),
        "JUPYTER_PATH": os.pathsep.join(filter(None, folders)),
    }
    return [sys.executable, "-m", "jupyterlab", str(path), *options], environment
