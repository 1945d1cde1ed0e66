"""Completion: what the shell offers, and how little is imported for it."""

import os
import shutil
import subprocess
import sys

import pytest
from support.place import ROOT

from naravard.catalogue import catalogue
from naravard.cli import cli
from naravard.regions import CODES, resolve


def complete(line, shell="bash", options=()):
    """Return what is offered for the last word of a line."""
    environment = {
        **os.environ, "NARAVARD_ROOT": str(ROOT), "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1), "_NARAVARD_COMPLETE": f"{shell}_complete",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *options, "-m", "naravard"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def offered(line):
    return [row.removeprefix("plain,") for row in complete(line).stdout.split()]


def test_regions_by_code_and_by_name_in_the_spelling_begun():
    assert offered("naravard show readmissions --region upp") == ["uppsala"]
    assert offered("naravard show readmissions -r Upp") == ["Uppsala"]
    assert offered("naravard render -r ös") == ["östergötland"]
    assert offered("naravard lab -r Ös") == ["Östergötland"]
    assert offered("naravard render --region 0") == [code for code in CODES if code[0] == "0"]
    everything = offered("naravard show readmissions --region ")
    assert len(everything) == 44 and [resolve(one).code for one in everything] == [*CODES, *CODES]


def test_indicators_notebooks_languages_and_commands():
    assert offered("naravard show readm") == [
        "readmissions", "readmission_30d_65plus", "readmission_30d_65plus_vis",
    ]  # fmt: skip
    assert set(offered("naravard data fetch -i ")) == set(catalogue().indicators)
    assert offered("naravard render -n 02") == ["02_readmissions"]
    assert offered("naravard lab emerg") == ["emergency_visits_80plus"]
    assert offered("naravard render --language ") == ["sv", "en"]
    assert offered("naravard list ") == ["indicators", "notebooks", "regions"]


@pytest.mark.parametrize("line", ["naravard show re", "naravard render -r u", "naravard lab "])
def test_completing_is_quick_because_nothing_heavy_is_imported(line):
    done = complete(line, options=["-X", "importtime"])
    assert done.stdout.startswith("plain,")
    imported = {row.rpartition("|")[2].strip() for row in done.stderr.splitlines()}
    assert "naravard.cli.options" in imported  # the list is what was imported
    heavy = {"pandas", "numpy", "matplotlib", "scipy", "pydantic", "babel", "httpx", "nbformat"}
    assert not heavy & {name.partition(".")[0] for name in imported}


def test_names_are_those_of_the_regions_and_the_catalogue():
    """zsh shows an explanation beside each value."""
    rows = complete("naravard show 02 -r 1", "zsh").stdout.splitlines()
    at = rows.index("14")
    assert rows[at - 1 : at + 2] == ["plain", "14", "Västra Götalandsregionen"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_naravard(shell):
    done = subprocess.run(
        [sys.executable, "-m", "naravard", "completion", shell],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert f"_NARAVARD_COMPLETE={shell}_complete" in done.stdout
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=done.stdout, text=True, check=False)
        assert checked.returncode == 0


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_completes_with_the_script(tmp_path):
    program = tmp_path / "naravard"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m naravard "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(naravard completion bash)"; COMP_WORDS=(naravard show readmissions -r got); '
        'COMP_CWORD=4; _naravard_completion naravard; echo "${COMPREPLY[@]}"; complete -p naravard'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    first, second = done.stdout.splitlines()
    assert first == "gotland" and "-F _naravard_completion naravard" in second


def test_a_value_that_is_not_known_goes_through_to_what_says_it_better():
    context = cli.commands["show"].make_context("show", ["xyzzy", "-r", "Gotlnd", "-l", "se"])
    assert context.params["words"] == ("xyzzy",) and context.params["region"] == ("Gotlnd",)
