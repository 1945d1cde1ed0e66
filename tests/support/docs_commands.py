"""What README and guides show: commands, Python, links, pictures; and a place to run it all in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mistune

from support.place import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_MARKDOWN = mistune.create_markdown(renderer="ast", plugins=["table"])


def tokens(path: Path) -> Iterator[dict]:
    """Yield all parts of a document, in its order."""

    def walk(parts: list[dict]) -> Iterator[dict]:
        for part in parts:
            yield part
            yield from walk(part.get("children") or [])

    yield from walk(_MARKDOWN(path.read_text("utf-8")))


def blocks(path: Path) -> list[tuple[str, str]]:
    """Return each block of code with its language, "" if it names none."""
    return [
        (part.get("attrs", {}).get("info", ""), part["raw"].rstrip())
        for part in tokens(path)
        if part["type"] == "block_code"
    ]


def prompts(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a session with what follows each, as the document prints it."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def commands(path: Path) -> list[str]:
    """Return every command line of a document: each line of its blocks that are not of a language.

    Of a session with prompts only what stands after "$ " is a command. A line that ends in a
    backslash goes on with the next; what stands after "  #" explains.
    """
    found = []
    for language, text in blocks(path):
        if language in ("python", "text"):
            continue
        if text.startswith("$ "):
            found += [command for command, _ in prompts(text)]
        else:
            found += re.sub(r" *\\\n *", " ", text).splitlines()
    return [re.split(r" +# ", line)[0].strip() for line in found if line.strip()]


def python(path: Path) -> list[str]:
    """Return the blocks of Python of a document."""
    return [text for language, text in blocks(path) if language == "python"]


def text_of(part: dict) -> str:
    """Return the text of a part, without marks."""
    return part.get("raw", "") + "".join(map(text_of, part.get("children") or []))


def anchors(path: Path) -> set[str]:
    """Return what a link into a document can lead to, as code hosts name headings."""
    heads = [text_of(part) for part in tokens(path) if part["type"] == "heading"]
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


class Place:
    """A copy of the project to run a document's commands in, as one would after cloning it."""

    def __init__(self, root: Path, site: Path):
        self.root, self.home = root, root / "home"
        #: Whether a command has changed data or catalogue.
        self.changed = False
        parts = ("naravard", "notebooks", "data", "tests", "Makefile", "pyproject.toml",
                 "requirements.lock", "README.md")  # fmt: skip
        skipped = shutil.ignore_patterns("artefacts", ".pytest_cache", ".incoming")
        for part in parts:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, root / part, ignore=skipped)
            else:
                shutil.copy2(ROOT / part, root / part)
        # Pages that one document has made stand for the next, as everywhere else.
        (root / "site").symlink_to(site, target_is_directory=True)
        scripts = root / ".venv" / "bin"
        scripts.mkdir(parents=True)
        for name in ("naravard", "papermill", "python"):
            module = {"naravard": "-m naravard", "papermill": "-m papermill"}.get(name, "")
            (scripts / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
            (scripts / name).chmod(0o755)
        (self.home / ".config" / "fish" / "completions").mkdir(parents=True)
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("NARAVARD_", "LANG"))},
            "PATH": os.pathsep.join([str(scripts), os.environ["PATH"]]),
            "PYTHONPATH": str(root), "HOME": str(self.home), "COLUMNS": "80",
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip

    def run(self, command: str, status: int = 0, **environment: str) -> str:
        """Run a line as it stands in a shell; return what it prints."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.root, env={**self.environment, **environment},
            capture_output=True, text=True, encoding="utf-8", timeout=300, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, f"{command}\n{done.stderr}"
        return done.stdout
