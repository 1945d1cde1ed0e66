"""What the parent of a batch imports leaves no thread and nothing that a notebook could see."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.place import ROOT

from naravard.batch.workers import QUIET

SEEN = """
import os, json, random, sys, warnings
import matplotlib, matplotlib.pyplot, numpy, seaborn
import nbconvert, nbclient, ipykernel.ipkernel, statsmodels.api, papermill
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
def seen():
    return {
        "rcParams": {k: repr(v) for k, v in dict.items(matplotlib.rcParams)},
        "figures": matplotlib.pyplot.get_fignums(),
        "filters": [repr(f) for f in warnings.filters],
        "random": [repr(random.getstate()), repr(numpy.random.get_state())],
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "locale": __import__("locale").setlocale(0),
    }
before = seen()
from naravard.site import preload
after = seen()
print(json.dumps({"before": before, "after": after, "opened": opened}))
"""
FRESH = """
import json, os, sys
from naravard.site import preload
print(json.dumps({
    "safe": preload.FORK_IS_SAFE,
    "threads": len(os.listdir("/proc/self/task")),
    "skipped": "rfc3987_syntax" not in sys.modules,
}))
"""
REBUILT = """
import json, os, tempfile
from pathlib import Path
import pandas as pd
os.environ["NARAVARD_ROOT"] = folder = tempfile.mkdtemp()
built = Path(folder) / "data" / "processed"
built.mkdir(parents=True)
(Path(folder) / "data" / "raw").mkdir()
for place in ("raw", "processed"):
    (Path(folder) / "data" / place / "datapackage.json").touch()
def build(rows):
    table = pd.DataFrame({"indicator": ["population"] * rows})
    table.to_parquet(built / "new")
    (built / "new").rename(built / "observations.parquet")
build(1)
from naravard.site import preload
from naravard.data import load
before = len(load.table())
build(2)
print(json.dumps({"before": before, "after": len(load.table())}))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")


def told(program: str) -> dict:
    environment = {k: v for k, v in os.environ.items() if k not in QUIET}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True,
                          capture_output=True, text=True)  # fmt: skip
    return json.loads(done.stdout)


def test_no_thread_is_alive_and_forking_is_safe():
    assert told(FRESH) == {"safe": True, "threads": 1, "skipped": True}


def test_nothing_that_a_notebook_could_see_changes_and_only_the_table_is_read():
    found = told(SEEN)
    before, after = found["before"], found["after"]
    before["environment"] |= QUIET
    assert after == before
    data = ROOT / "data"
    opened = [Path(path).absolute() for path in found["opened"]]
    read = {path for path in opened if path.is_relative_to(data)}
    assert read <= {data / "processed" / "observations.parquet"}


def test_a_table_that_is_built_later_is_read_again():
    assert told(REBUILT) == {"before": 1, "after": 2}
