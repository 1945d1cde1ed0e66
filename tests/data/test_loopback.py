"""One fetch from all publishers at once, as in docs/fetch.md."""

import subprocess
import sys

from support.loopback import all_kpis, publishers

from naravard.data import fetch, load, raw


def test_one_command_asks_all_publishers_and_every_one_brings_something(collection):
    with publishers(all_kpis()):
        command = [sys.executable, "-m", "naravard", "data", "fetch", "--attempts", "1"]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    failed = [line for line in done.stderr.splitlines() if " has no table yet" in line]
    assert len(failed) == 3 and len(done.stderr.splitlines()) == 4, done.stderr
    assert f"{len(all_kpis()) + 7} new, 0 unchanged, 3 failed" in done.stdout
    fetched = {e.dataset for e in raw.manifest().values() if e.requests}
    assert {name.partition("/")[0] for name in fetched} == set(fetch.PUBLISHERS)
    assert raw.problems() == []
    # Published values come back as they are here already; what awaited its figures has some now.
    assert load.load_indicator("emergency_visits_80plus", "uppsala", 2021)["value"].item() > 500
    aged = load.load_indicator("share_65plus", "gotland", 2023)["value"].item()
    assert 0 < aged < 100
