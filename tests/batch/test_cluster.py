"""The same jobs on a dask cluster: a real scheduler and workers on this machine's loopback."""

import os
import signal
import subprocess
import sys
import time

import pytest
from support.place import ROOT

from naravard.batch import cache, cluster
from naravard.batch import workers as processes
from naravard.batch.jobs import make_jobs
from naravard.errors import NaravardError
from naravard.site import record
from naravard.site.render import render

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
pytestmark = pytest.mark.skipif(not processes.WARM, reason="no safe fork on this system")


@pytest.fixture
def loopback(tmp_path):
    """A scheduler and two workers of one thread, each a process; yields file and workers."""
    file, started = tmp_path / "scheduler.json", []

    def start(*args):
        command = [sys.executable, "-m", "distributed.cli." + args[0], *args[1:]]
        # Workers must not know where the collection lies: it is sent to them.
        environment = {k: v for k, v in os.environ.items() if k != "NARAVARD_ROOT"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, start_new_session=True, **quiet
        )
        started.append(process)
        return process

    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
          "--scheduler-file", str(file))  # fmt: skip
    deadline = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    workers = [
        start("dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny",
              "--no-dashboard", "--name", name)
        for name in ("one", "two")
    ]  # fmt: skip
    try:
        with distributed.Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(2, timeout=60)
        yield file, workers
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def test_the_pages_are_the_same_and_a_lost_workers_jobs_run_again(loopback, tmp_path):
    file, workers = loopback
    jobs = make_jobs(["00", "09", "14"], ["02", "03", "07"], ["sv"])
    here, there = tmp_path / "here", tmp_path / "there"
    lost = []

    def lose_one(outcome):
        if not lost:
            os.killpg(workers[0].pid, signal.SIGKILL)
            lost.append(outcome.key)

    outcomes = render(jobs, there, on_done=lose_one, executor="dask", scheduler=str(file))
    assert lost and workers[0].wait(10) == -signal.SIGKILL
    assert {o.status for o in outcomes} == {"done"} and len(outcomes) == 9
    render(jobs, here)
    for job in jobs:
        for path in (f"{job.key}.html", f"{job.key}.ipynb"):
            assert (here / path).read_bytes() == (there / path).read_bytes(), path
    states = [record.read_state(site) for site in (here, there)]
    assert all(states[0][j.key]["inputs"] == states[1][j.key]["inputs"] for j in jobs)
    # What ran there stands here: nothing to do.
    again = []
    render(jobs, there, on_done=again.append, executor="dask", scheduler=str(file))
    assert again == []


def test_failures_come_back_from_a_local_cluster(collection, tmp_path):
    path = collection / "notebooks" / "03_sick_leave.ipynb"
    path.write_text(path.read_text("utf-8").replace("nv.limits(", "1 / 0; nv.limits("), "utf-8")
    jobs = make_jobs(["09"], ["02", "03"], ["sv"])
    done, failed = render(jobs, tmp_path / "site", executor="dask")
    assert done.status == "done" and failed.status == "failed"
    assert "ZeroDivisionError" in failed.error and (tmp_path / "site/failed").is_dir()


def test_a_worker_with_another_naravard_is_refused(loopback, monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "package", lambda: "another state")
    with pytest.raises(NaravardError, match="has another naravard"):
        render(make_jobs(["09"], ["03"], ["sv"]), tmp_path / "site", executor="dask",
               scheduler=str(loopback[0]))  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"executor": "dusk"}, "unknown executor 'dusk': did you mean 'dask'"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "give --executor dask with it"),
        ({"executor": "dask", "scheduler": "nowhere.json"}, "neither an address"),
        ({"executor": "dask", "scheduler": "tcp://127.0.0.1:1"}, "no dask scheduler answers"),
    ],
)
def test_a_cluster_that_is_not_there_is_an_error_in_one_sentence(tmp_path, options, message):
    with pytest.raises(NaravardError, match=message):
        render(make_jobs(["09"], ["03"], ["sv"]), tmp_path, **options)


def test_what_is_sent_is_the_collection_without_pages():
    import io
    import zipfile

    names = zipfile.ZipFile(io.BytesIO(cluster.pack(ROOT))).namelist()
    assert "notebooks/02_readmissions.ipynb" in names
    assert "data/processed/observations.parquet" in names
    assert not [name for name in names if name.startswith(("site", "."))]
