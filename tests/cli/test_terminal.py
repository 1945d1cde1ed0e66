"""What a terminal gets: bold where it shows it, its width, its encoding, no tracebacks."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from contextlib import suppress

import pytest
from support.place import ROOT

from naravard.cli import terminal

SHOW = ("show", "readmissions", "-r", "uppsala", "-l", "en")


def environment(**changed):
    quiet = ("NO_COLOR", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG", "PYTHONIOENCODING")
    own = {name: value for name, value in os.environ.items() if name not in quiet}
    return {**own, "NARAVARD_ROOT": str(ROOT), "TERM": "xterm", "PYTHONUTF8": "1", **changed}


def naravard(*args, **changed):
    return subprocess.run(
        [sys.executable, "-m", "naravard", *args],
        env=environment(**changed), capture_output=True, timeout=120, check=False,
    )  # fmt: skip


def on_a_terminal(*args, columns=80, **changed) -> str:
    """Run the command with a pseudo-terminal as its standard output, and return what it wrote."""
    pty = pytest.importorskip("pty")
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "naravard", *args],
        env=environment(**changed), stdin=slave, stdout=slave, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(slave)
    written = b""
    with suppress(OSError):  # Linux: the other end is closed
        while part := os.read(master, 65536):
            written += part
    os.close(master)
    assert process.wait(60) == 0, process.stderr.read()
    return written.decode().replace("\r\n", "\n")


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_bold_is_for_terminals_that_show_it():
    seen = on_a_terminal(*SHOW)
    assert "\x1b[1mRegion Uppsala: no clear change in the share" in seen
    # Only the headline of the finding is bold, and nothing stays bold after it.
    assert seen.count("\x1b[1m") + seen.count("\x1b[2m") == seen.count("\x1b[0m")
    assert "\x1b[0m From 15%" in seen
    for changed in ({"NO_COLOR": "1"}, {"NO_COLOR": "anything"}, {"TERM": "dumb"}):
        without = on_a_terminal(*SHOW, **changed)
        assert "\x1b" not in without and without == plain(seen)
    assert "\x1b[1m" in on_a_terminal(*SHOW, NO_COLOR="")
    piped = naravard(*SHOW).stdout.decode()
    assert "\x1b" not in piped and "**" not in piped and piped == plain(seen)


@pytest.mark.parametrize("columns", [50, 80, 132])
@pytest.mark.parametrize(("region", "language"), [("vgr", "sv"), ("gotland", "en")])
def test_lines_are_as_wide_as_the_terminal_and_no_wider(columns, region, language):
    seen = on_a_terminal("show", "cost", "share", "-r", region, "-l", language, columns=columns)
    # What has no space to break at, the path of a raw file, may be longer.
    lines = [line for line in plain(seen).splitlines() if "data/raw" not in line]
    widest = max(len(unicodedata.normalize("NFC", line)) for line in lines)
    assert columns - 12 <= widest <= columns


def test_signs_are_as_wide_as_they_are_shown():
    assert terminal.cells("Västra Götaland – 5") == 19
    assert terminal.cells(unicodedata.normalize("NFD", "Västra Götaland – 5")) == 19
    assert terminal.cells("日本") == 4
    rows = [["å", "1"], [unicodedata.normalize("NFD", "åäö"), "22"]]
    one, two = terminal.table(rows, right=[1], head=False)
    assert one == "å     1" and unicodedata.normalize("NFC", two) == "åäö  22"


def test_no_break_spaces_hold_words_together(monkeypatch):
    monkeypatch.setenv("COLUMNS", "12")
    lines = terminal.wrap("från 21,4\u00a0% till 1\u202f234")
    assert lines == ["från 21,4\u00a0%", "till 1\u202f234"]
    assert terminal.wrap("**a b** c", first="- ") == ["- a b c"]


@pytest.mark.parametrize(
    ("encoding", "name", "last", "course"),
    [
        ("utf-8", "Västra Götaland", "20,0\u00a0%", "▄ ▅ ▇ █ ▇│▃"),
        ("latin-1", "Västra Götaland", "20,0\u00a0%", "= + % # %|-"),
        ("cp1252", "Västra Götaland", "20,0\u00a0%", "= + % # %|-"),
        ("ascii", "Vastra Gotaland", "20,0 %", "= + % # %|-"),
    ],
)
def test_what_an_encoding_lacks_is_written_in_ascii(encoding, name, last, course):
    done = naravard("show", "cost share", "-r", "14", "-l", "sv", PYTHONIOENCODING=encoding)
    assert done.returncode == 0 and b"Traceback" not in done.stderr
    text = done.stdout.decode(encoding)
    line = next(row for row in text.splitlines() if course in row)
    arrow = "→" if encoding == "utf-8" else "->"
    assert line.startswith(name) and line.endswith(f"(2019) {arrow} {last} (2024)")


@pytest.mark.parametrize("command", [["data", "status"], ["claims"], ["list", "indicators"]])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_no_command_stumbles_over_an_encoding(command, encoding):
    done = naravard(*command, PYTHONIOENCODING=encoding)
    assert done.returncode == 0 and b"Traceback" not in done.stderr and done.stdout


@pytest.mark.parametrize("command", [SHOW, ("list", "indicators"), ("data", "status")])
def test_a_closed_pipe_is_no_traceback(command):
    process = subprocess.Popen(
        [sys.executable, "-m", "naravard", *command],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()
    errors = process.stderr.read()
    process.wait(60)
    assert errors == b""


def test_json_is_json_in_every_encoding():
    wide = naravard("show", "02", "-r", "14", "--json", PYTHONIOENCODING="utf-8").stdout
    narrow = naravard("show", "02", "-r", "14", "--json", PYTHONIOENCODING="ascii").stdout
    assert "Västra Götaland" in wide.decode() and narrow.isascii()
    assert json.loads(wide) == json.loads(narrow)


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "", "LC_MESSAGES": "sv_FI"}, "sv"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_environments(monkeypatch, given, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert terminal.language() == language


def test_a_course_has_gaps_bars_and_eight_heights():
    values = {2016: 10.0, 2017: 17.0, 2019: 12.0, 2020: 11.0}
    assert terminal.sparkline(values, [2015, 2020], 10, 17, [2020]) == "  ▁ █   ▃│▂"
    assert terminal.sparkline({2015: 5.0, 2016: 5.0}, [2015, 2016], 5, 5, []) == "▅ ▅"
