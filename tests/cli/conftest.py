"""The command in this process: most promises do not need an interpreter of their own."""

import sys
from types import SimpleNamespace

import pytest
from support.place import ROOT

from naravard.cli import main


@pytest.fixture
def naravard(monkeypatch, capsys):
    """Run the command as `support.place.naravard` does; the collection is the one of the test."""

    def run(*args, root=None):
        with monkeypatch.context() as patched:
            if root is not None:
                patched.setenv("NARAVARD_ROOT", str(root))
            patched.setattr(sys, "argv", ["naravard", *args])
            capsys.readouterr()
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code
        said = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=said.out, stderr=said.err)

    monkeypatch.setenv("NARAVARD_ROOT", str(ROOT))
    return run
