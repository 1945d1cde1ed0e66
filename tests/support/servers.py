"""Servers for tests in a browser: JupyterLab and Voilà, each with folders of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from support.place import ROOT

#: Seconds; the machines of a continuous integration are slow.
START, STEP = 120, 90


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(folder: Path) -> dict[str, str]:
    """Settings, data and workspaces in ``folder``: nothing of one's own is read or changed."""
    own = {
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_DATA_DIR": folder / "data",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
        "JUPYTERLAB_SETTINGS_DIR": folder / "settings",
        "IPYTHONDIR": folder / "ipython",
        "NARAVARD_ROOT": ROOT,
    }
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **{k: str(v) for k, v in own.items()}, "PYTHONPATH": path}


@contextmanager
def _server(folder: Path, port: int, *command: str):
    """Start a server, wait until it answers, and end it by its process id."""
    log, address = folder / "server.log", f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, env=_environment(folder), stdout=out,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + START
        while True:
            assert process.poll() is None, log.read_text("utf-8", "replace")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < deadline, log.read_text("utf-8", "replace")
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def copied_notebooks(folder: Path) -> Path:
    """Copy the collection's notebooks, as a server may write into their folder."""
    return Path(shutil.copytree(ROOT / "notebooks", folder / "notebooks"))


@contextmanager
def lab(folder: Path):
    """A JupyterLab on a copy of the notebooks; yields its address."""
    notebooks, port = copied_notebooks(folder), _free_port()
    quiet = folder / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False}), "utf-8"
    )
    with _server(
        folder, port, "jupyterlab", "--no-browser",
        "--allow-root", f"--ServerApp.root_dir={notebooks}", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
    ) as address:  # fmt: skip
        yield address


@contextmanager
def voila(folder: Path, notebook: Path, *options: str):
    """A Voilà that serves one notebook; yields its address."""
    port = _free_port()
    with _server(
        folder, port, "voila", str(notebook),
        "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1", *options,
    ) as address:  # fmt: skip
        yield address
