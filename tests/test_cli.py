"""The command: what it prints and with which exit code it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def naravard(*args, root=ROOT, cwd=None):
    environment = {**os.environ, "NARAVARD_ROOT": str(root)}
    return subprocess.run(
        [sys.executable, "-m", "naravard.cli", *args],
        env=environment, cwd=cwd, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_build_verify_and_status(collection):
    built = naravard("data", "build", root=collection)
    assert built.returncode == 0 and "as expected" in built.stdout
    verified = naravard("data", "verify", root=collection)
    assert verified.returncode == 0 and "are as recorded" in verified.stdout
    status = naravard("data", "status", root=collection).stdout
    line = next(row for row in status.splitlines() if row.startswith("readmission_30d_65plus"))
    # Kolada U79092: 198 values from 20 regions and Riket, 2016–2025.
    assert line.split()[1:] == ["2026-11-21", "2016–2025", "20", "198", "22"]


def test_verify_names_an_edited_file_and_ends_with_1(collection):
    path = collection / "data" / "raw" / "scb" / "population" / "2026-11-21.csv"
    path.write_bytes(path.read_bytes().replace(b"10587710", b"10587711"))
    result = naravard("data", "verify", root=collection)
    assert result.returncode == 1
    assert "data/raw/scb/population/2026-11-21.csv: changed since" in result.stderr
    result = naravard("data", "build", root=collection)
    assert result.returncode == 2
    assert "data/raw/scb/population/2026-11-21.csv: changed since" in result.stderr


def test_verify_sees_processed_data_that_are_not_the_recorded(collection):
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
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_exit_code_2_and_nothing_runs(args, message, tmp_path):
    out = ["--out", str(tmp_path / "site")] if args[0] == "render" else []
    result = naravard(*args, *out)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "site").exists()


def test_render_without_data_says_what_to_run(collection):
    (collection / "data" / "processed" / "observations.parquet").unlink()
    result = naravard("render", "-r", "03", root=collection)
    assert result.returncode == 2 and "run `naravard data build` first" in result.stderr
    assert not (collection / "site").exists()


def test_outside_a_collection_the_message_says_where_to_go(tmp_path):
    result = naravard("data", "status", root=tmp_path)
    assert result.returncode == 2 and "NARAVARD_ROOT is" in result.stderr


def test_lists_show_regions_indicators_and_notebooks():
    assert "14  Västra Götalandsregionen" in naravard("list", "regions").stdout
    assert "readmission_30d_65plus" in naravard("list", "indicators").stdout
    assert "02_readmissions" in naravard("list", "notebooks").stdout


def test_help_and_lists_do_not_import_heavy_libraries():
    code = (
        "import sys, naravard.cli as c; c.cli.main(['list', 'regions'], standalone_mode=False);"
        "print(sorted({'pandas', 'matplotlib', 'papermill', 'scipy'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]"
