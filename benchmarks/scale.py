"""Measure how a batch grows: run `python benchmarks/scale.py` in the environment.

311 units (Riket, the regions and the 290 municipalities, for whom there are no figures: the 22
units are repeated) × three notebooks, in three batches of growing size. Prints seconds a page and
the most memory that the command and a job's process held.
"""

import argparse
import itertools
import os
import resource
import tempfile
import time
from pathlib import Path

from naravard import paths
from naravard.batch import workers
from naravard.batch.jobs import Job
from naravard.regions import CODES
from naravard.site import render

CHOSEN = ("02_readmissions", "03_sick_leave", "06_avoidable_inpatient_care")


def batch(units: int, at_once: int, folder: Path) -> tuple[int, float, float]:
    """Render so many units' pages; return pages, seconds and the largest job in megabytes."""
    codes = itertools.islice(itertools.cycle(CODES), units)
    tasks = [
        workers.Task(number, render.run, (Job(name, code, "sv"), str(paths.root()),
                                            {"languages": [], "notebooks": []}, "naravard"))
        for number, (code, name) in enumerate(itertools.product(codes, CHOSEN))
    ]  # fmt: skip
    peaks = []

    def keep(task, ended):
        assert not ended.error and not ended.value.error, ended.error or ended.value.error
        (folder / f"{task.key}.html").write_text(ended.value.html, "utf-8")
        peaks.append(ended.peak)

    began = time.perf_counter()
    workers.run(tasks, at_once, keep)
    return len(tasks), time.perf_counter() - began, max(peaks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="+", default=[22, 100, 311])
    given = parser.parse_args()
    print("| units | pages | seconds | each, s | job at most, MB | command at most, MB |")
    print("|---|---|---|---|---|---|")
    for units in given.units:
        with tempfile.TemporaryDirectory() as folder:
            pages, seconds, peak = batch(units, os.cpu_count(), Path(folder))
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        row = (
            units,
            pages,
            f"{seconds:.0f}",
            f"{seconds / pages:.2f}",
            f"{peak:.0f}",
            f"{own:.0f}",
        )
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
