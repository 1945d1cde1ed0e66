"""Find a browser of the Chromium family on this machine: it prints reports and runs tests."""

from __future__ import annotations

import os
import shutil
import sys
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
