"""Which pages must be made again: those that rest on something that changed, and no others."""

import csv
import json
import shutil
import subprocess
import sys
from importlib.metadata import version

import pandas as pd
import pytest

import naravard as nv
from naravard import catalogue
from naravard.batch import cache
from naravard.batch.cache import Snapshot
from naravard.batch.jobs import Job, make_jobs
from naravard.data import availability, build, load, raw, tracking

READMISSIONS = Job("02_readmissions", "03", "en")
SICK_LEAVE = Job("03_sick_leave", "03", "en")


def read_by(job, collection):
    """Run the code of a job's notebook here and return what it read."""
    path = collection / "notebooks" / f"{job.notebook}.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    injected = f"region, language = {job.region!r}, {job.language!r}"
    tracking.start()
    exec("\n".join([code[0], injected, *code[1:]]), {})
    return tracking.found()


def rendered(site, job, inputs):
    """Put a job's page where a batch would, and return what it would keep of it."""
    for end in (".html", ".ipynb"):
        page = site / f"{job.key}{end}"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.touch()
    return json.loads(json.dumps({"status": "done", "inputs": inputs}))


@pytest.fixture
def edit(collection):
    """Change the cells of a notebook."""

    def edit(job, change):
        path = collection / "notebooks" / f"{job.notebook}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        change(next(c for c in notebook["cells"] if c["cell_type"] == "code"))
        path.write_text(json.dumps(notebook), "utf-8")

    return edit


def test_a_changed_figure_concerns_the_pages_that_read_it_and_no_others(collection):
    jobs = (READMISSIONS, SICK_LEAVE)
    read = {job: read_by(job, collection) for job in jobs}
    assert "indicator:readmission_30d_65plus" in read[READMISSIONS]
    assert "indicator:sick_leave_total" in read[SICK_LEAVE]
    assert not any("everything" in name for job in jobs for name in read[job])
    first = Snapshot()
    state = {j: rendered(collection / "site", j, first.inputs(j, read[j])) for j in jobs}
    small_print = {
        id: nv.provenance(id, "03", "en").text
        for id in ("readmission_30d_65plus", "sick_leave_total")
    }

    old = collection / "data" / "raw" / "kolada" / "U79092" / "2026-11-21.csv"
    new = old.with_name("2026-12-01.csv")
    new.write_text(old.read_text("utf-8").replace("03,2025,T,15,", "03,2025,T,16,"), "utf-8")
    terms = {"title": "t", "licence": "l", "obtained": "o", "accessed": "2026-12-01"}
    raw.register("kolada/U79092/2026-12-01.csv", **terms)
    build.build(accept=True)

    now = Snapshot()
    why = {job: now.why(job, state[job], collection / "site") for job in jobs}
    assert why[SICK_LEAVE] == []
    assert why[READMISSIONS] == ["data changed: readmission_30d_65plus, kolada/U79092"]
    assert now.inputs(SICK_LEAVE, read[SICK_LEAVE]) == state[SICK_LEAVE]["inputs"]
    assert nv.provenance("sick_leave_total", "03", "en").text == small_print["sick_leave_total"]
    changed = nv.provenance("readmission_30d_65plus", "03", "en").text
    assert changed != small_print["readmission_30d_65plus"] and "2026-12-01.csv" in changed


def test_an_output_changes_nothing_and_a_source_does(collection, edit):
    def inputs():
        return Snapshot().inputs(READMISSIONS, [])

    before = inputs()
    edit(READMISSIONS, lambda cell: cell.update(outputs=[], execution_count=9, id="another"))
    assert inputs() == before
    entry = rendered(collection, READMISSIONS, before)
    edit(READMISSIONS, lambda cell: cell["source"].append("\n# more"))
    assert Snapshot().why(READMISSIONS, entry, collection) == ["the notebook changed"]
    edit(READMISSIONS, lambda cell: cell["source"].pop())
    assert inputs() == before
    edit(READMISSIONS, lambda cell: cell["metadata"].setdefault("tags", []).append("sv"))
    assert Snapshot().why(READMISSIONS, entry, collection) == ["the notebook changed"]
    assert Snapshot().inputs(SICK_LEAVE, [])["notebook"] != before["notebook"]


def test_libraries_are_those_of_naravard_and_of_the_notebook(collection, edit, monkeypatch):
    def imports(cell):
        cell["source"] += ["\nimport os, bs4.element\nfrom hypothesis import given\n", "%time 1\n"]

    edit(READMISSIONS, imports)
    inputs = Snapshot().inputs(READMISSIONS, [])
    found = inputs["libraries"]
    assert found["pandas"] == version("pandas") and found["Python"] == sys.version.split()[0]
    assert found["beautifulsoup4"] == version("beautifulsoup4")
    assert found["hypothesis"] == version("hypothesis") and found["naravard"]
    assert not {"os", "bs4", "pytest", "ruff", "jupyterlab"} & set(found)
    assert "hypothesis" not in Snapshot().inputs(SICK_LEAVE, [])["libraries"]

    entry = rendered(collection, READMISSIONS, inputs)
    monkeypatch.setattr(cache, "version", lambda name: "9.9" if name == "pandas" else version(name))
    assert Snapshot().why(READMISSIONS, entry, collection) == [
        f"pandas changed ({found['pandas']} → 9.9)"
    ]


def test_why_a_job_must_run(collection):
    job = Job("01_primary_care_cost_share", "03", "en", (("price_year", 2023),))
    now = Snapshot()
    inputs = now.inputs(job, [f"indicator:gone{n}" for n in range(7)])
    assert now.why(job, None, collection) == ["never rendered"]
    done = {"status": "done", "inputs": inputs}
    assert now.why(job, {"status": "failed"}, collection) == ["failed last time"]
    assert now.why(job, done, collection) == ["its page is missing"]
    done = rendered(collection, job, inputs)
    assert now.why(job, done, collection) == []
    assert now.why(job, {"status": "done"}, collection) == ["rendered by an older version"]
    done["files"] = [f"{job.notebook}-1.png", f"{job.notebook}-1.csv"]
    for name in done["files"]:
        assert now.why(job, done, collection) == ["its page is missing"]
        (collection / job.key).with_name(name).touch()
    assert now.why(job, done, collection) == []
    (collection / f"{job.key}.ipynb").unlink()
    assert now.why(job, done, collection) == ["its page is missing"]

    done = rendered(collection, job, inputs)
    for name in done["inputs"]["data"]:
        done["inputs"]["data"][name] = "another"
    done["inputs"]["package"] = "another"
    other = Job(job.notebook, job.region, job.language, (("price_year", 2020),))
    assert now.why(other, done, collection) == [
        "parameter price_year changed (2023 → 2020)",
        "data changed: gone0, gone1, gone2, gone3, gone4 and 2 more",
        "naravard's own code changed",
    ]
    plain = Job(job.notebook, job.region, job.language)
    assert "parameter price_year changed (2023 → default)" in now.why(plain, done, collection)


def test_the_packages_own_files_count_and_what_python_makes_of_them_does_not(tmp_path, monkeypatch):
    copy = tmp_path / "naravard"
    shutil.copytree(cache._PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "_PACKAGE", copy)

    def package():
        return Snapshot().inputs(SICK_LEAVE, [])["package"]

    before = package()
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "load.cpython-313.pyc").write_bytes(b"")
    (copy / "site" / "templates" / "style.css").write_text("/* shared by all pages */")
    (copy / "catalogue" / "catalogue_drafts.toml").write_text("# not read by pages")
    assert package() == before
    for name in ("new.py", "catalogue/catalogue.toml", "site/templates/base.html.j2",
                 "site/counties.json", "site/texts/methods.sv.md"):  # fmt: skip
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        assert package() != before
        before = package()


def test_files_that_a_notebook_opens_itself_are_noted(collection, monkeypatch):
    monkeypatch.chdir(collection)
    folder = collection / "data" / "raw" / "kolada" / "U79092"
    (folder / "own.csv").write_text("a,b\n1,2\n", "utf-8")
    (collection / "elsewhere.csv").write_text("a\n1\n", "utf-8")
    tracking.start()
    assert tracking.found() == []
    with open("data/raw/kolada/U79092/own.csv", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 2
    pd.read_csv(folder / "2026-11-21.csv")
    pd.read_csv("elsewhere.csv")
    (folder / "written.csv").write_text("not read", "utf-8")
    (folder / ".temporary").write_text("x", "utf-8")
    (folder / ".temporary").read_text("utf-8")
    with pytest.raises(FileNotFoundError):
        pd.read_csv("data/raw/later.csv")
    raw.manifest()
    names = ["kolada/U79092/2026-11-21.csv", "kolada/U79092/own.csv", "later.csv"]
    assert tracking.found() == [f"file:data/raw/{name}" for name in names]

    entry = rendered(collection, SICK_LEAVE, Snapshot().inputs(SICK_LEAVE, tracking.found()))
    assert Snapshot().why(SICK_LEAVE, entry, collection) == []
    (collection / "data" / "raw" / "later.csv").write_text("now there", "utf-8")
    (folder / "own.csv").write_text("a,b\n1,3\n", "utf-8")
    assert Snapshot().why(SICK_LEAVE, entry, collection) == [
        "data changed: data/raw/kolada/U79092/own.csv, data/raw/later.csv"
    ]


def test_a_file_that_is_written_while_a_batch_runs_is_changed_for_the_next_one(collection):
    (collection / "data" / "own.csv").write_text("1", "utf-8")
    batch = Snapshot()
    (collection / "data" / "own.csv").write_text("2", "utf-8")
    entry = rendered(collection, SICK_LEAVE, batch.inputs(SICK_LEAVE, ["file:data/own.csv"]))
    assert Snapshot().why(SICK_LEAVE, entry, collection) == ["data changed: data/own.csv"]


def test_a_module_of_the_collection_is_noted(collection, monkeypatch):
    (collection / "helper_of_a_page.py").write_text("ONE = 1\n", "utf-8")
    monkeypatch.syspath_prepend(collection)
    tracking.start()
    import helper_of_a_page

    assert helper_of_a_page.ONE == 1
    assert tracking.found() == ["file:helper_of_a_page.py"]


def test_a_derived_indicator_is_noted_with_its_parts_and_the_whole_table_as_everything(collection):
    tracking.start()
    load.table(["primary_care_cost_share"])
    parts = ["health_care_net_cost", "primary_care_cost_share", "primary_care_net_cost"]
    assert tracking.found() == [f"indicator:{id}" for id in parts]
    load.table()
    assert "data:everything" in tracking.found()


def test_claims_rest_on_the_indicators_that_their_rules_name(collection):
    tracking.start()
    nv.claims.verdicts()
    found = tracking.found()
    ids = {name.removeprefix("indicator:") for name in found if name.startswith("indicator:")}
    derived = {p.id for id in ids for p in catalogue.parts(nv.indicator(id))}
    assert ids == set(nv.claims.indicators()) | derived
    assert {f"dataset:{name}" for name in nv.claims.datasets()} <= set(found)
    assert "data:everything" not in found


def test_data_of_an_older_version_must_be_built_again(collection):
    path = collection / "data" / "processed" / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    del package["resources"][0]["indicators"]
    path.write_text(json.dumps(package), "utf-8")
    for ask in (Snapshot, lambda: availability.fingerprint_of(["population"])):
        with pytest.raises(nv.NaravardError, match=r"older version.*run `naravard data build`"):
            ask()
    path.unlink()
    assert availability.fingerprint_of(["population"]) is None


def test_all_jobs_are_judged_without_heavy_libraries():
    code = (
        "import sys, naravard.cli as c; c.cli.main(['render', '--explain'], standalone_mode=False);"
        "print({'pandas', 'numpy', 'papermill', 'nbformat', 'seaborn'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "set()"
    now = Snapshot()
    assert len({now.inputs(job, [])["notebook"] for job in make_jobs()}) == 12
