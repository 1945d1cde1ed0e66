"""Where the collection and what tests leave lie, and what several tests do with them."""

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest.mock
from pathlib import Path

from naravard.cli import main
from naravard.data import raw

ROOT = Path(__file__).resolve().parents[2]
#: Screenshots and what else tests leave for people to look at; not in the repository.
ARTEFACTS = ROOT / "tests" / "artefacts"


def hear_ctrl_c() -> None:
    """Let a process that is started hear Ctrl-C.

    A shell's job in the background ignores it, and what it starts does too.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def copy_collection(folder):
    """Copy data and notebooks, to be spoiled."""
    for part in ("data", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


def copy_site(site, folder):
    """Copy a site by hard links: its files are replaced, never written over, so none is shared."""
    unlocked = shutil.ignore_patterns(".lock")
    return Path(shutil.copytree(site, folder, copy_function=os.link, ignore=unlocked))


def spoil(collection, dataset, old, new, count=1, register=True):
    """Edit a raw file; with ``register`` also its checksum, as if it had come so."""
    path = collection / "data" / "raw" / dataset / "2026-11-21.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")
    if register:
        manifest = collection / "data" / "raw" / "datapackage.json"
        package = json.loads(manifest.read_text("utf-8"))
        for resource in package["resources"]:
            if resource["path"] == f"{dataset}/2026-11-21.csv":
                resource["hash"] = f"sha256:{raw.sha256(path)}"
        manifest.write_text(json.dumps(package), "utf-8")
    return path


def everything(collection) -> dict[str, str]:
    """Every file of the data with a hash of its bytes; hidden files are no data yet."""
    files = [p.relative_to(collection) for p in (collection / "data").rglob("*") if p.is_file()]
    visible = [path for path in files if not any(part.startswith(".") for part in path.parts)]
    return {str(path): raw.sha256(collection / path) for path in visible}


def naravard_here(*args):
    """Run the command in this process, in the collection that is set: no start-up to wait for."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code = 0
    with (
        unittest.mock.patch.object(sys, "argv", ["naravard", *map(str, args)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return subprocess.CompletedProcess(args, code, *texts)


def naravard(*args, root=ROOT, cwd=None):
    """Run the command."""
    environment = {**os.environ, "NARAVARD_ROOT": str(root)}
    return subprocess.run(
        [sys.executable, "-m", "naravard", *args],
        env=environment, cwd=cwd, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
