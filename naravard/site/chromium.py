"""Find a browser of the Chromium family on this machine: it prints reports and runs tests."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from naravard.errors import NaravardError

#: Environment variable that names the program to use.
VARIABLE = "NARAVARD_BROWSER"
_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge",
             "microsoft-edge", "chrome")  # fmt: skip
_ELSEWHERE = {
    "win32": ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"),
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
}
#: No first-run pages, no updates, no calls home; a sandbox is not to be had as root.
QUIET = (
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--disable-gpu",
    "--disable-dev-shm-usage",  # small in containers
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
)  # fmt: skip


def _places() -> list[Path]:
    names = _ELSEWHERE.get(sys.platform, ())
    if sys.platform != "win32":
        return [Path(name) for name in names]
    folders = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
    return [Path(folder) / name for folder in folders if folder for name in names]


def find() -> str:
    """Return the path of a browser of the Chromium family.

    Returns
    -------
    str
        What the environment variable `VARIABLE` names, or the first of Chromium, Chrome and Edge.

    Raises
    ------
    NaravardError
        If there is none, or the variable names none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise NaravardError(f"{VARIABLE} is '{named}', which is no program on this machine")
        return found
    for name in _COMMANDS:
        if found := shutil.which(name):
            return found
    for place in _places():
        if place.is_file():
            return str(place)
    raise NaravardError(
        "no Chromium, Chrome or Edge found: install one (Debian: apt install chromium), or let "
        f"{VARIABLE} name it"
    )


#: Tagged for screen readers, with an outline; the page itself says what stands in its margins.
_PRINT = ("--headless", "--no-pdf-header-footer", "--generate-pdf-document-outline",
          "--export-tagged-pdf", "--disable-breakpad", "--disable-extensions",
          "--host-resolver-rules=MAP * ~NOTFOUND")  # fmt: skip


def _end(process: subprocess.Popen) -> None:
    """End a browser and all its processes."""
    if process.poll() is not None and os.name == "nt":
        return
    with contextlib.suppress(OSError):
        if os.name == "nt":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True)
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Printer:
    """Prints pages as PDF, each with a browser of its own; leaving it ends those that still run.

    Parameters
    ----------
    program : str
        The browser, from `find`.
    timeout : float
        Seconds that a page may take.
    """

    def __init__(self, program: str, timeout: float):
        self._program, self._timeout = program, timeout
        self._running: set[subprocess.Popen] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Printer:
        return self

    def __exit__(self, *exception) -> None:
        with self._lock:
            self._closed = True
            for process in self._running:
                _end(process)

    def _start(self, command: list[str], log) -> subprocess.Popen:
        with self._lock:
            if self._closed:
                raise NaravardError("no more pages are printed")
            try:
                # A session of its own: Ctrl-C is ours to act on, and it ends with all it started.
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
                    start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                raise NaravardError(
                    f"the browser {self._program} does not start: {error}"
                ) from None
            self._running.add(process)
            return process

    def print(self, page: Path, pdf: Path) -> None:
        """Print an HTML file as PDF.

        Parameters
        ----------
        page, pdf : Path
            In a folder of their own: the browser keeps its profile there too.

        Raises
        ------
        NaravardError
            If the browser fails, takes too long or leaves no whole file.
        """
        command = [self._program, *QUIET, *_PRINT, f"--user-data-dir={page.parent / 'profile'}",
                   f"--print-to-pdf={pdf}", page.resolve().as_uri()]  # fmt: skip
        said = page.parent / "browser.log"
        with said.open("wb") as log:
            process = self._start(command, log)
            try:
                code = process.wait(self._timeout)
            except subprocess.TimeoutExpired:
                raise NaravardError(
                    f"the browser took longer than {self._timeout:g} seconds"
                ) from None
            finally:
                _end(process)
                with self._lock:
                    self._running.discard(process)
        if code != 0 or not _whole(pdf):
            lines = said.read_text("utf-8", errors="replace").split("\n")
            last = next(
                (line.strip() for line in reversed(lines) if line.strip()), "it said nothing"
            )
            raise NaravardError(f"the browser made no PDF (exit code {code}): {last[:200]}")


def _whole(pdf: Path) -> bool:
    if not pdf.is_file():
        return False
    content = pdf.read_bytes()
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-64:]
