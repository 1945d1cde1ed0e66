"""Compare two ways to a warm kernel: run `python benchmarks/provisioner.py` in the environment.

Both fork the kernel from the same warm parent, and papermill runs the notebooks in two processes:

- engine: naravard's papermill engine, the kernel in a fork and no sockets
- provisioner: papermill's standard engine with an ordinary kernel and its sockets, which a kernel
  provisioner of jupyter_client starts in a fork
"""

import argparse
import itertools
import os
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import EntryPoint
from multiprocessing import get_context
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from naravard.batch.workers import Forked, Task
from naravard.notebooks import notebooks

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = 2
NAME = "forked"
SIDES = {"engine": "naravard", "provisioner": None}


def serve(connection_file: str, environment: dict) -> None:
    """Be a kernel, in a process forked for it."""
    from ipykernel import kernelapp

    os.environ.update(environment)
    kernelapp.launch_new_instance(argv=["-f", connection_file, "--log-level=50"])


class Kernel:
    """A forked kernel with the part of `subprocess.Popen` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, environment: dict):
        self._forked = Forked(Task(NAME, serve, (connection_file, environment))).start()
        self._process = self._forked._process
        self.pid = self._process.pid

    def poll(self):
        return self._process.exitcode

    def wait(self):
        self._process.join()
        return self._process.exitcode

    def kill(self):
        self._forked.kill()

    def send_signal(self, number):
        os.kill(self.pid, number)


class ForkedProvisioner(LocalProvisioner):
    """Start a kernel in a fork of a process that has imported what notebooks use."""

    async def launch_kernel(self, cmd, **options):
        file = cmd[cmd.index("-f") + 1]
        self.process = Kernel(file, {"MPLBACKEND": os.environ.get("MPLBACKEND", "")})
        self.pid = self.process.pid
        return self.connection_info


def begin() -> None:
    """Prepare one of the processes: its forks come from a warm parent of its own."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    factory = KernelProvisionerFactory.instance(default_provisioner_name=NAME)
    value = f"{__name__}:{ForkedProvisioner.__name__}"
    factory.provisioners[NAME] = EntryPoint(NAME, value, KernelProvisionerFactory.GROUP_NAME)


def one(engine: str | None, name: str, code: str, folder: str) -> None:
    import nbconvert
    import papermill

    out = Path(folder) / f"{code}-{name}.ipynb"
    options = {"engine_name": engine} if engine else {"shutdown_kernel": "immediate"}
    notebook = papermill.execute_notebook(
        notebooks()[name], out, parameters={"region": code, "language": "sv"}, progress_bar=False,
        cwd=str(ROOT), **options,
    )  # fmt: skip
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    out.with_suffix(".html").write_text(html, "utf-8")


def measure(pool, side: str, units) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        jobs = [
            pool.submit(one, SIDES[side], name, code, folder)
            for name, code in itertools.product(notebooks(), units)
        ]
        for job in jobs:
            job.result()
        return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", nargs="+", default=["00", "14"], metavar="CODE")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    pages = len(notebooks()) * len(given.units)
    found = {side: [] for side in SIDES}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=begin) as pool:
        for side in SIDES:
            measure(pool, side, given.units[:1])  # the warm parents start
        for _ in range(given.rounds):
            for side in SIDES:
                found[side].append(measure(pool, side, given.units))
    print(f"{pages} pages\n\n| side | median, s | each, s |\n|---|---|---|")
    for side, times in found.items():
        middle = statistics.median(times)
        print(f"| {side} | {middle:.1f} | {middle / pages:.2f} |")


if __name__ == "__main__":
    main()
