"""Measure what benchmarks/README.md reports: run `python benchmarks/speed.py` in the environment.

The same notebooks for the same regions, with notebooks and HTML written by every side, one round
after the other (A B C D A B C D …), medians. ``--units`` and ``--rounds`` set how much.

- naravard: the command `naravard render`, two at a time, from its start to its end
- limit: the cells alone as plain Python in two warm processes, outputs written (no HTML)
- execute: `papermill.execute_notebook` and nbconvert in two processes
- loop: the `papermill` command for one notebook after the other, then nbconvert for all
- dask (if asked for): `naravard render --executor dask` with two workers that run already
"""

import argparse
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from naravard.notebooks import notebooks

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[1]
PROCESSES = 2
SIDES = ("naravard", "limit", "execute", "loop")
#: Not among the sides that run by default.
MORE = ("dask",)


def call(*command) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run([*map(str, command)], check=True, stdout=quiet, stderr=quiet, cwd=ROOT)


def seconds(function, *arguments) -> float:
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


def naravard(units, folder, *more) -> None:
    regions = [word for code in units for word in ("-r", code)]
    call(BIN / "naravard", "render", *regions, "-l", "sv", "-j", PROCESSES, "--out", folder, *more)


def dask(units, folder) -> float:
    """Return the seconds of a batch on two workers; their start is not counted."""
    from distributed import LocalCluster

    os.chdir(ROOT)
    with LocalCluster(n_workers=PROCESSES, threads_per_worker=1, dashboard_address=None) as cluster:
        more = ("--executor", "dask", "--scheduler", cluster.scheduler_address)
        return seconds(naravard, units, folder, *more)


def limit_share(share: int, units, folder) -> None:
    """Run every second notebook in this process, warm, as plain Python."""
    from cells import run

    jobs = itertools.product(notebooks().items(), units)
    for (name, path), code in itertools.islice(jobs, share, None, PROCESSES):
        run(path, code, "sv", Path(folder) / f"{code}-{name}.json")


def limit(units, folder) -> float:
    """Return the seconds of the cells alone; what is imported before is not counted."""
    from naravard.site import preload

    assert preload.FORK_IS_SAFE
    fork = get_context("fork")
    began = time.perf_counter()
    shares = [fork.Process(target=limit_share, args=(n, units, folder)) for n in range(PROCESSES)]
    for process in shares:
        process.start()
    for process in shares:
        process.join()
        assert process.exitcode == 0
    return time.perf_counter() - began


def execute_one(name: str, code: str, folder: str) -> None:
    import nbconvert
    import papermill

    out = Path(folder) / f"{code}-{name}.ipynb"
    parameters = {"region": code, "language": "sv"}
    notebook = papermill.execute_notebook(
        notebooks()[name], out, parameters=parameters, progress_bar=False, cwd=str(ROOT)
    )
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    out.with_suffix(".html").write_text(html, "utf-8")


def execute(units, folder) -> None:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        jobs = [
            pool.submit(execute_one, name, code, folder)
            for name, code in itertools.product(notebooks(), units)
        ]
        for job in jobs:
            job.result()


def loop(units, folder) -> None:
    outputs = []
    for (name, path), code in itertools.product(notebooks().items(), units):
        outputs.append(Path(folder) / f"{code}-{name}.ipynb")
        call(BIN / "papermill", "-r", "region", code, "--no-progress-bar", path, outputs[-1])
    call(BIN / "jupyter", "nbconvert", "--to", "html", *outputs)


def measure(side: str, units) -> float:
    with tempfile.TemporaryDirectory() as folder:
        if side in ("limit", "dask"):  # in a process of its own, ready before the clock starts
            script = f"import speed; print(speed.{side}({list(units)!r}, {folder!r}))"
            found = subprocess.run(
                [sys.executable, "-c", script], check=True, capture_output=True, text=True,
                cwd=ROOT / "benchmarks", env={**os.environ, "NARAVARD_ROOT": str(ROOT)},
            )  # fmt: skip
            return float(found.stdout.split()[-1])
        return seconds(globals()[side], units, folder)


def start_up() -> None:
    command = BIN / "naravard"
    print("\n| what | best of five |\n|---|---|")
    for name, words in {
        "`python -c pass`": (sys.executable, "-c", "pass"),
        "`import naravard`": (sys.executable, "-c", "import naravard"),
        "`naravard --help`": (command, "--help"),
        "`naravard list indicators`": (command, "list", "indicators"),
        "`naravard list notebooks`": (command, "list", "notebooks"),
        "`naravard data build`": (command, "data", "build"),
    }.items():
        print(f"| {name} | {min(seconds(call, *words) for _ in range(5)):.2f} s |", flush=True)


def incremental(units) -> None:
    print("\n| a second run | seconds |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        naravard(units, folder)
        pages = len(notebooks()) * len(units)
        print(f"| nothing changed, {pages} pages | {seconds(naravard, units, folder):.2f} |")
        for page in Path(folder).glob("sv/*/03_sick_leave.html"):
            page.unlink()
        print(f"| {len(units)} pages missing | {seconds(naravard, units, folder):.2f} |")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", nargs="+", default=["00", "14"], metavar="CODE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sides", nargs="+", default=SIDES, choices=SIDES + MORE)
    given = parser.parse_args()
    pages = len(notebooks()) * len(given.units)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors; {pages} pages\n")
    found = {side: [] for side in given.sides}
    for _ in range(given.rounds):
        for side in given.sides:
            found[side].append(measure(side, given.units))
            print(f"{side}: {found[side][-1]:.1f} s", file=sys.stderr, flush=True)
    base = statistics.median(found[given.sides[0]])
    print(f"| side | median, s | each, s | against {given.sides[0]} |\n|---|---|---|---|")
    for side, times in found.items():
        middle = statistics.median(times)
        print(f"| {side} | {middle:.1f} | {middle / pages:.2f} | {middle / base:.2f} |")
    incremental(given.units)
    start_up()


if __name__ == "__main__":
    main()
