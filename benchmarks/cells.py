"""Measure what the notebooks' own work costs: run `python benchmarks/cells.py [REGION [LANGUAGE]]`.

The physical limit that a batch is compared with: plain Python in warm processes. All libraries
are imported once; each notebook then runs in a fork, its code cells executed by `exec`, its outputs
made as IPython makes them and written to a file. No kernel, no papermill, no HTML. Prints CPU
seconds, the median of five forks a notebook; with `--cells` also those of each cell.
"""

import argparse
import ast
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from naravard.notebooks import notebooks
from naravard.site import preload

ROUNDS = 5


def outputs(source: str, space: dict):
    """Run a cell in a namespace; return how the value of its last expression shows itself."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), space)
    if last is None:
        return None
    value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)
    return value._repr_mimebundle_()


def run(notebook: Path, region: str, language: str, out: Path) -> list[float]:
    """Run a notebook, write its outputs and return the CPU seconds of each code cell."""
    space: dict = {}
    seconds, shown = [], []
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        began = time.process_time()
        shown.append(outputs("".join(cell["source"]), space))
        if "parameters" in cell["metadata"].get("tags", []):
            space.update(region=region, language=language)
        seconds.append(time.process_time() - began)
    began = time.process_time()
    out.write_text(json.dumps(shown, ensure_ascii=False), "utf-8")
    return [*seconds, time.process_time() - began]


def forked(notebook: Path, region: str, language: str, out: Path) -> list[float]:
    """Run a notebook in a fork of this process."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            found = run(notebook, region, language, out)
            os.write(writer, json.dumps(found).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        found = json.loads(pipe.read())
    os.waitpid(child, 0)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("region", nargs="?", default="14")
    parser.add_argument("language", nargs="?", default="sv")
    parser.add_argument("--cells", action="store_true", help="also the seconds of each cell")
    given = parser.parse_args()
    assert preload.FORK_IS_SAFE
    total = 0.0
    print("| notebook | CPU seconds |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, path in notebooks().items():
            out = Path(folder) / f"{name}.json"
            rounds = [forked(path, given.region, given.language, out) for _ in range(ROUNDS)]
            seconds = statistics.median(map(sum, rounds))
            total += seconds
            print(f"| {name} | {seconds:.2f} |", flush=True)
            if given.cells:
                parts = [statistics.median(one) for one in zip(*rounds, strict=True)]
                print(f"| | {' '.join(f'{part:.3f}' for part in parts)} |")
    print(f"| together | {total:.2f} |")


if __name__ == "__main__":
    main()
