"""The command: what it prints and with which exit code it ends."""

import json
import re
import shlex
import subprocess
import sys

import click
import pytest
from support.place import naravard as in_a_process

from naravard.catalogue import catalogue
from naravard.cli import cli
from naravard.regions import CODES


def test_build_verify_and_status(naravard, collection):
    built = naravard("data", "build", root=collection)
    assert built.returncode == 0 and "as expected" in built.stdout
    verified = naravard("data", "verify", root=collection)
    assert verified.returncode == 0 and "are as recorded" in verified.stdout
    status = naravard("data", "status", root=collection).stdout
    line = next(row for row in status.splitlines() if row.startswith("readmission_30d_65plus"))
    # Kolada U79092: 198 values from 20 regions and Riket, 2016–2025.
    assert line.split()[1:] == ["2026-11-21", "2016–2025", "20", "198", "22"]


def test_verify_names_an_edited_file_and_ends_with_1(naravard, collection):
    path = collection / "data" / "raw" / "scb" / "population" / "2026-11-21.csv"
    path.write_bytes(path.read_bytes().replace(b"10587710", b"10587711"))
    result = naravard("data", "verify", root=collection)
    assert result.returncode == 1
    assert "data/raw/scb/population/2026-11-21.csv: changed since" in result.stderr
    result = naravard("data", "build", root=collection)
    assert result.returncode == 2
    assert "data/raw/scb/population/2026-11-21.csv: changed since" in result.stderr


def test_verify_sees_processed_data_that_are_not_the_recorded(naravard, collection):
    import pandas as pd

    path = collection / "data" / "processed" / "observations.parquet"
    table = pd.read_parquet(path)
    table.loc[0, "note"] = "edited"
    table.to_parquet(path, index=False)
    result = naravard("data", "verify", root=collection)
    assert result.returncode == 1 and "its content is not the recorded one" in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["render", "-r", "Upsala"], "unknown region 'Upsala': did you mean 'Uppsala' (03)?"),
        (["render", "-n", "readmision"], "did you mean 'readmissions'?"),
        (["render", "-l", "se"], "unknown language 'se'"),
        (["render", "-p", "price_yr", "2020"], "did you mean 'price_year'?"),
        (["render", "--jobs", "0"], "--jobs"),
        (["rendr"], "unknown command 'rendr': did you mean 'render'?"),
        (["data", "biuld"], "unknown command 'biuld': did you mean 'build'?"),
        (["render", "--regoin", "03"], "--region"),
        (["data", "register", "nowhere.csv", "--title", "t", "--licence", "l", "--obtained", "o",
          "--accessed", "2026-01-01"], "is not a raw path"),
        (["show", "readmissions", "-r", "Gotlnd"], "did you mean 'Gotland' (09)?"),
        (["show", "readmissions", "-l", "se"], "unknown language 'se'"),
        (["show", "readmissions", "--json", "--csv"], "give either --json or --csv"),
        (["show", "readmissions", "--sex", "X"], "--sex"),
        (["show", "primary_care_net_cost", "--price-year", "1914"], "no price index for 1914"),
        (["show", "readmissions", "--sex", "K"], "sex T"),
        (["show"], "Missing argument"),
        (["completion", "tcsh"], "'tcsh'"),
        (["lab", "readmision"], "did you mean 'readmissions'?"),
        (["list", "indicators", "xyzzy"], "no indicator holds 'xyzzy'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_exit_code_2_and_nothing_runs(naravard, args, message, tmp_path):
    out = ["--out", str(tmp_path / "site")] if args[0] == "render" else []
    result = naravard(*args, *out)
    assert result.returncode == 2 and message in result.stderr
    assert "Traceback" not in result.stderr and result.stdout == ""
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["list", "regions"], 0, ""),
        (["data", "verify"], 1, "data/raw/scb/population/2026-11-21.csv: changed since"),
        (["rendr"], 2, "unknown command 'rendr': did you mean 'render'?"),
        (["show", "readmissions", "-r", "Gotlnd"], 2, "did you mean 'Gotland' (09)?"),
    ],
)
def test_a_process_ends_with_the_code_and_the_sentence(collection, args, code, message):
    path = collection / "data" / "raw" / "scb" / "population" / "2026-11-21.csv"
    path.write_bytes(path.read_bytes().replace(b"10587710", b"10587711"))
    result = in_a_process(*args, root=collection)
    assert result.returncode == code and message in result.stderr
    assert "Traceback" not in result.stderr


def test_render_without_data_says_what_to_run(naravard, collection):
    (collection / "data" / "processed" / "observations.parquet").unlink()
    result = naravard("render", "-r", "03", root=collection)
    assert result.returncode == 2 and "run `naravard data build` first" in result.stderr
    assert not (collection / "site").exists()


def test_outside_a_collection_the_message_says_where_to_go(naravard, tmp_path):
    result = naravard("data", "status", root=tmp_path)
    assert result.returncode == 2 and "NARAVARD_ROOT is" in result.stderr


def test_help_and_lists_do_not_import_heavy_libraries():
    code = (
        "import sys, naravard.cli as c; c.cli.main(['list', 'regions'], standalone_mode=False);"
        "print(sorted({'pandas', 'matplotlib', 'papermill', 'scipy'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]"


def leaves(command=None, path=("naravard",)):
    for name, inner in sorted((command or cli).commands.items()):
        if isinstance(inner, click.Group):
            yield from leaves(inner, (*path, name))
        else:
            yield " ".join((*path, name)), inner


def examples(path, command):
    """Return the arguments of each example in a command's help, as a shell would split them."""
    text = command.get_help(click.Context(command, info_name=path)).replace("\\\n", " ")
    for line in map(str.strip, text.splitlines()):
        if f"{line} ".startswith(f"{path} "):
            shown = re.split(r" {2,}(?![- ])", line)[0]  # what stands after two spaces explains
            words = shlex.split(shown.removeprefix(path))
            stops = [n for n, word in enumerate(words) if word.startswith(">")]
            yield words[: stops[0]] if stops else words


def test_every_command_is_walked():
    walked = {path for path, _ in leaves()}
    assert {"naravard show", "naravard render", "naravard data diff", "naravard list regions",
            "naravard catalogue add", "naravard completion", "naravard lab"} <= walked  # fmt: skip


@pytest.mark.parametrize(("path", "command"), list(leaves()), ids=[path for path, _ in leaves()])
def test_every_help_has_examples_and_they_parse(path, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Kolada.xlsx").touch()  # of `naravard data add`
    found = list(examples(path, command))
    assert found, f"`{path} --help` has no example"
    for words in found:
        command.make_context(path, list(words))  # a ClickException if it does not parse


def test_examples_are_checked_against_the_options_there_are():
    """A wrong example would be seen: the check above can fail."""
    for words in (["--regoin", "03", "x"], []):
        with pytest.raises(click.UsageError):
            dict(leaves())["naravard show"].make_context("naravard show", words)


def test_the_help_of_groups_names_commands_that_exist():
    groups = {f"naravard {n}": c for n, c in cli.commands.items() if isinstance(c, click.Group)}
    for path, group in {"naravard": cli, **groups}.items():
        text = group.get_help(click.Context(group, info_name=path))
        named = [line.split()[len(path.split())] for line in map(str.strip, text.splitlines())
                 if line.startswith(f"{path} ")]  # fmt: skip
        assert named and set(named) <= set(group.commands)


def test_lists_have_columns_and_filter(naravard):
    assert "14  Västra Götalandsregionen" in naravard("list", "regions").stdout
    assert "02_readmissions" in naravard("list", "notebooks").stdout
    listed = naravard("list", "indicators", "sick", "leave", "-l", "en").stdout.splitlines()
    assert listed[0].split() == ["indicator", "latest", "regions", "name"]
    rows = {line.split()[0]: line.split()[1:3] for line in listed[1:]}
    # As `naravard data status` counts: 2007–2023, 10 regions.
    assert rows["sick_leave_total"] == ["2023", "10"] and rows["sick_leave_kolada"] == ["–", "–"]
    assert set(rows) < set(catalogue().indicators) and "population" not in rows
    same = naravard("list", "indicators", "SJUKFRANVARO", "-l", "sv").stdout.splitlines()
    assert "sick_leave_total" in {line.split()[0] for line in same[1:]}
    assert "(väntar på siffror)" in "".join(same)


def test_lists_as_json(naravard):
    entries = json.loads(naravard("list", "indicators", "--json").stdout)
    assert [entry["id"] for entry in entries] == list(catalogue().indicators)
    by_id = {entry["id"]: entry for entry in entries}
    known = by_id["readmission_30d_65plus"]
    assert (known["first_year"], known["latest_year"], known["regions"]) == (2016, 2025, 20)
    assert by_id["sick_leave_kolada"]["awaiting"] and not known["awaiting"]
    regions = json.loads(naravard("list", "regions", "--json").stdout)
    assert [r["code"] for r in regions] == list(CODES) and regions[-1]["nuts3"] == "SE332"
    books = json.loads(naravard("list", "notebooks", "--json").stdout)
    book = next(book for book in books if book["name"] == "02_readmissions")
    assert book["indicator"] == "readmission_30d_65plus"
    assert book["title"]["sv"] == "Skrivs färre äldre in på sjukhus igen?"


def test_lists_work_before_anything_is_built(naravard, collection):
    (collection / "data" / "processed" / "datapackage.json").unlink()
    listed = naravard("list", "indicators", "-l", "en", root=collection)
    assert listed.returncode == 0 and "awaiting" not in listed.stdout
    assert len(listed.stdout.splitlines()) == 1 + len(catalogue().indicators)
