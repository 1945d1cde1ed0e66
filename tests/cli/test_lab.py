"""`naravard lab`: the server that starts, its kernel, and what it opens."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from naravard.cli import cli, lab
from naravard.errors import NaravardError

fcntl = pytest.importorskip("fcntl")
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")


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


def until(true, process, log):
    """Wait until something is true while a process runs."""
    for _ in range(1200):
        if true():
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def with_keyboard():
    """In the child: make standard input the terminal that it is controlled by."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_the_lab_lists_the_notebooks_its_kernel_is_this_python_and_ctrl_c_ends_it(
    collection, elsewhere
):
    from jupyter_client.kernelspec import KernelSpecManager

    pytest.importorskip("jupyterlab")
    log, runtime = collection / "lab.log", Path(elsewhere["JUPYTER_DATA_DIR"]) / "runtime"
    keyboard, terminal = pty.openpty()
    quiet = ["--no-browser", "--port=0", "--ServerApp.token=secret", "--allow-root"]
    process = subprocess.Popen(
        [sys.executable, "-m", "naravard", "lab", "02", "--", *quiet], cwd="/",
        env={**os.environ, **elsewhere}, preexec_fn=with_keyboard, stdin=terminal,
        stdout=log.open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip

    def server():
        return next((f.read_text() for f in runtime.glob("jpserver-*.json")), "").rstrip()

    def ask(path):
        url = f"{json.loads(server())['url']}{path}?token=secret"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)

    try:
        until(lambda: server().endswith("}"), process, log)
        assert json.loads(server())["pid"] == process.pid
        spec = ask("api/kernelspecs")["kernelspecs"]["python3"]["spec"]
        assert spec["argv"][0] == sys.executable and spec["display_name"] != "Elsewhere"
        names = {entry["name"] for entry in ask("api/contents")["content"]}
        assert "02_readmissions.ipynb" in names and "12_claims.ipynb" in names
        os.write(keyboard, b"\x03")
        until(lambda: "Shut down this Jupyter server" in log.read_text(), process, log)
        os.write(keyboard, b"y\n")
        assert process.wait(60) == 0
        assert "Traceback" not in log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(30)
        os.close(keyboard)
        os.close(terminal)
    # Without naravard the user's own kernel would have been taken.
    own = KernelSpecManager(kernel_dirs=[f"{elsewhere['JUPYTER_DATA_DIR']}/kernels"])
    assert own.get_kernel_spec("python3").argv[0] == "/elsewhere/python"


def test_a_kernel_of_the_lab_finds_the_collection(collection, elsewhere, monkeypatch):
    """Started as the server would: from another folder, with the lab's environment."""
    from jupyter_client.manager import start_new_kernel

    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    command, environment = lab.prepare(lab.notebook("02"))
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=120)
    try:
        said = []
        client.execute_interactive(
            "import sys, naravard.paths as p; print(sys.executable, p.root())", timeout=120,
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
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NaravardError) as error:
        CliRunner().invoke(cli, ["lab"], catch_exceptions=False)
    assert "pip install naravard[lab]" in str(error.value) and "make lab" in str(error.value)


def test_options_after_two_dashes_are_jupyters(monkeypatch):
    started = []
    monkeypatch.setattr(lab, "run", lambda command, _: started.append(command[3:]) or 0)
    for args in (["lab", "02", "--", "--port", "8890"], ["lab", "--", "--no-browser"]):
        assert CliRunner().invoke(cli, args, catch_exceptions=False).exit_code == 0
    (one, *rest), (_, *more) = started
    assert one.endswith("02_readmissions.ipynb") and rest == ["--port", "8890"]
    assert more == ["--no-browser"]
    assert "a second one" in CliRunner().invoke(cli, ["lab", "02", "03"]).output
