"""Measure what benchmarks/README.md reports: run `python benchmarks/speed.py` in the environment.

All 22 units × notebooks 01–03, Swedish: `naravard render` against the `papermill` command in a loop
and two at a time. Then `import naravard`, the command's start and `naravard data build`.
"""

import itertools
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from naravard.regions import CODES
from naravard.render.jobs import notebooks

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[1]
CHOSEN = ("01_primary_care_cost_share", "02_readmissions", "03_sick_leave")


def timed(*command: str, **options) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   cwd=ROOT, **options)  # fmt: skip
    return time.perf_counter() - began


def papermill(folder: str, processes: int) -> float:
    jobs = list(itertools.product(CHOSEN, CODES))

    def run(job):
        name, code = job
        path = notebooks()[name]
        out = str(Path(folder) / f"{code}-{name}.ipynb")
        timed(str(BIN / "papermill"), "-r", "region", code, "--no-progress-bar", str(path), out)

    began = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(run, jobs))
    return time.perf_counter() - began


def main() -> None:
    python, naravard = str(BIN / "python"), str(BIN / "naravard")
    jobs = len(CODES) * len(CHOSEN)
    chosen = [word for name in CHOSEN for word in ("-n", name)]
    rows = []
    for name, command in {
        "`import naravard`": (python, "-c", "import naravard"),
        "`python -c pass`": (python, "-c", "pass"),
        "`naravard --help`": (naravard, "--help"),
        "`naravard list regions`": (naravard, "list", "regions"),
        "`naravard data build`": (naravard, "data", "build"),
    }.items():
        timed(*command)
        rows.append((name, f"{min(timed(*command) for _ in range(3)):.2f} s"))
    with tempfile.TemporaryDirectory() as folder:
        seconds = timed(naravard, "render", "-l", "sv", "-j", "2", *chosen, "--out", folder)
        rows.append((f"`naravard render -l sv -j 2`, {jobs} pages with HTML and index",
                     f"{seconds:.0f} s, {seconds / jobs:.2f} s each"))  # fmt: skip
    for processes, words in ((2, "two at a time"), (1, "in a loop")):
        with tempfile.TemporaryDirectory() as folder:
            seconds = papermill(folder, processes)
            rows.append((f"`papermill` command {words}, {jobs} notebooks, no HTML",
                         f"{seconds:.0f} s, {seconds / jobs:.2f} s each"))  # fmt: skip
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors\n")
    print("| what | time |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
