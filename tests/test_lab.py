"""`naravard lab`: the server that starts, its kernel, and what it opens."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from naravard import lab
from naravard.errors import NaravardError


@pytest.fixture
def elsewhere(tmp_path_factory):
    """A user's Jupyter folders, in which the kernel "python3" is another Python."""
    home = tmp_path_factory.mktemp("jupyter")
    folder = home / "data" / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {"argv": ["/elsewhere/python", "-f", "{connection_file}"], "display_name": "Elsewhere",
            "language": "python"}  # fmt: skip
    (folder / "kernel.json").write_text(json.dumps(spec))
    return {
        "JUPYTER_DATA_DIR": str(home / "data"), "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_PREFER_ENV_PATH": "0",  # as outside of virtual environments: the user's come first
    }  # fmt: skip


@pytest.fixture
def served(collection, elsewhere):
    """Start the lab with arguments; return a function that asks the server, and its process."""
    pytest.importorskip("jupyterlab")
    started = []

    def start(*args):
        log = collection / "lab.log"
        quiet = ["--no-browser", "--port=0", "--ServerApp.token=secret", "--allow-root"]
        process = subprocess.Popen(
            [sys.executable, "-m", "naravard.cli", "lab", *args, "--", *quiet],
            env={**os.environ, **elsewhere}, cwd="/",
            stdout=log.open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        started.append(process)
        runtime = Path(elsewhere["JUPYTER_DATA_DIR"]) / "runtime"
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            found = list(runtime.glob("jpserver-*.json"))
            if found and found[0].read_text().rstrip().endswith("}"):  # written to its end
                break
            time.sleep(0.1)
        server = json.loads(found[0].read_text())
        assert server["pid"] == process.pid  # so Ctrl-C and signals reach it

        def ask(path):
            url = f"{server['url']}{path}?token=secret"
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)

        return ask, process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(30)


def test_the_lab_lists_the_notebooks_and_its_kernel_is_this_python(served, elsewhere):
    from jupyter_client.kernelspec import KernelSpecManager

    ask, process = served("02")
    spec = ask("api/kernelspecs")["kernelspecs"]["python3"]["spec"]
    assert spec["argv"][0] == sys.executable and spec["display_name"] != "Elsewhere"
    names = {entry["name"] for entry in ask("api/contents")["content"]}
    assert "02_readmissions.ipynb" in names and "12_claims.ipynb" in names
    process.send_signal(signal.SIGINT)  # without a terminal there is nobody to confirm
    assert process.wait(60) == 0
    # Without naravard the user's own kernel would have been taken.
    own = KernelSpecManager(kernel_dirs=[f"{elsewhere['JUPYTER_DATA_DIR']}/kernels"])
    assert own.get_kernel_spec("python3").argv[0] == "/elsewhere/python"


def test_a_kernel_of_the_lab_finds_the_collection(collection, elsewhere, monkeypatch):
    """Started as the server would: from another folder, with the lab's environment."""
    from jupyter_client.manager import start_new_kernel

    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    start = lab.prepare(lab.notebook("02"))
    assert start.command[:3] == (sys.executable, "-m", "jupyterlab")
    for name, value in start.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=120)
    try:
        said = []
        client.execute_interactive(
            "import sys, naravard.project as p; print(sys.executable, p.root())", timeout=120,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )  # fmt: skip
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "".join(said).split() == [sys.executable, str(collection)]


@pytest.mark.parametrize(("region", "language"), [("03", "en"), ("14", "sv")])
def test_a_region_or_language_opens_a_copy_of_ones_own(collection, region, language):
    source = lab.notebook("readmissions")
    before = source.read_bytes()
    copy = lab.own_copy(source, region=region, language=language)
    assert copy == collection / "own" / f"02_readmissions_{region}_{language}.ipynb"
    made = nbformat.read(copy, as_version=4)
    nbformat.validate(made)
    [parameters] = [c for c in made.cells if "parameters" in c.metadata.get("tags", [])]
    assert parameters.source == f'region: str = "{region}"\nlanguage: str = "{language}"'
    assert not any(cell.get("outputs") for cell in made.cells)
    assert source.read_bytes() == before
    copy.write_text("mine")
    assert lab.own_copy(source, region=region, language=language).read_text() == "mine"


def test_only_what_is_given_changes_and_a_notebook_must_have_it(collection):
    copy = lab.own_copy(lab.notebook("11"), region="09")
    made = nbformat.read(copy, as_version=4)
    [parameters] = [c for c in made.cells if "parameters" in c.metadata.get("tags", [])]
    assert parameters.source.splitlines() == [
        'region: str = "09"', 'language: str = "sv"', "price_year: int = 2023",
    ]  # fmt: skip
    with pytest.raises(NaravardError, match="11_region_profile has no parameter 'year'"):
        lab.own_copy(lab.notebook("11"), year="2020")


def test_the_explorer_is_opened_if_it_is_there(collection):
    folder = collection / "notebooks"
    (folder / "00_explore.ipynb").unlink(missing_ok=True)
    assert lab.notebook(None).name == "01_primary_care_cost_share.ipynb"
    (folder / "00_explore.ipynb").write_bytes((folder / "02_readmissions.ipynb").read_bytes())
    assert lab.notebook(None).name == lab.notebook("explore").name == "00_explore.ipynb"
    assert lab.notebook("0").name == "00_explore.ipynb"
    for name in ("2", "02", "readmissions", "02_readmissions", "02_readmissions.ipynb"):
        assert lab.notebook(name).name == "02_readmissions.ipynb"
    with pytest.raises(NaravardError, match="did you mean 'readmissions'"):
        lab.notebook("readmision")


def test_without_jupyterlab_one_sentence_says_how_to_get_it(monkeypatch):
    from click.testing import CliRunner

    from naravard.cli import cli

    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NaravardError) as error:
        CliRunner().invoke(cli, ["lab"], catch_exceptions=False)
    assert "pip install naravard[lab]" in str(error.value) and "make lab" in str(error.value)


def test_options_after_two_dashes_are_jupyters(monkeypatch):
    from click.testing import CliRunner

    from naravard.cli import cli

    started = []
    monkeypatch.setattr(lab.Lab, "run", lambda self: started.append(self.command[3:]) or 0)
    for args in (["lab", "02", "--", "--port", "8890"], ["lab", "--", "--no-browser"]):
        assert CliRunner().invoke(cli, args, catch_exceptions=False).exit_code == 0
    (one, *rest), (_, *more) = started
    assert one.endswith("02_readmissions.ipynb") and rest == ["--port", "8890"]
    assert more == ["--no-browser"]
    assert "a second one" in CliRunner().invoke(cli, ["lab", "02", "03"]).output
