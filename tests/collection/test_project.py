"""The project keeps its own promises: pins in step, notebooks in shape, commands as documented."""

import json
import re
import tomllib

import pytest
import yaml
from support.place import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def plain(requirement):
    name = re.match(r"[A-Za-z0-9_.-]+", requirement)[0]
    return name.lower().replace("_", "-")


def lock():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    pins = {}
    for name, version, marker in re.findall(
        r"^([a-z0-9-]+)==([^ \\;]+)(?: ; ([^\\\n]+))?", text, re.MULTILINE
    ):
        pins.setdefault(name, set()).add((version, marker.strip()))
    return text, pins


def test_environment_yml_installs_the_lock_and_the_lock_pins_every_dependency():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    python, _, pip = environment["dependencies"]
    assert PROJECT["requires-python"] == ">=3.11" and python.startswith("python >=3.11")
    # Every package comes from the lock, none beside it at another version.
    assert pip == {"pip": ["-r requirements.lock"]}
    direct = [*PROJECT["dependencies"]]
    for extra in PROJECT["optional-dependencies"].values():
        direct += extra
    missing = {plain(d) for d in direct} - set(lock()[1])
    assert not missing, f"run `make lock`: {missing}"


def test_lock_satisfies_what_pyproject_asks_for():
    from packaging.requirements import Requirement

    _, pins = lock()
    for text in PROJECT["dependencies"]:
        asked = Requirement(text)
        for version, _ in pins[plain(text)]:
            assert asked.specifier.contains(version), text


def test_the_packages_that_the_user_named_are_there():
    _, pins = lock()
    for name in ("jupyterlab", "pandas", "matplotlib", "seaborn", "statsmodels", "papermill",
                 "nbval"):  # fmt: skip
        assert name in pins


def test_lock_has_a_hash_for_everything_and_no_address():
    text, pins = lock()
    assert len(pins) > 100
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text and "index" not in text


def test_versions_agree():
    import naravard

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert naravard.__version__ == PROJECT["version"] == citation["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_have_the_shape_that_readers_expect(path):
    notebook = json.loads(path.read_text("utf-8"))
    cells = notebook["cells"]
    code = [c for c in cells if c["cell_type"] == "code"]
    prose = [c for c in cells if c["cell_type"] == "markdown"]
    lines = [line for c in code for line in "".join(c["source"]).splitlines() if line.strip()]
    assert len(lines) <= 60
    assert not [line for line in lines if re.match(r"\s*(def|class|for|while|if) ", line)]
    assert code[0]["metadata"]["tags"] == ["parameters"]
    assert 'region: str = "00"' in "".join(code[0]["source"])
    assert "".join(code[1]["source"]) == "import naravard as nv"
    assert code[2]["metadata"]["tags"] == ["bottom-line"]
    assert "nv.limits" in "".join(code[-2]["source"])
    assert "nv.provenance" in "".join(code[-1]["source"])
    languages = [c["metadata"]["tags"] for c in prose]
    assert languages == [["sv"], ["en"]] * (len(prose) // 2)
    for cell in prose:
        text = "".join(cell["source"])
        # Digits only in the report's name, figure and table numbers, and the year of the
        # interruption: findings are computed.
        numbered = r"(?i:figur|tabell|figure|table)(?:erna|s)? \d(?:(?:–| och | and )\d)?"
        text = re.sub(rf"vård\s+2021|year\s+2021|(?:efter|after) 2020|{numbered}", "", text)
        assert not re.search(r"\d", text), text
    for cell in code:
        assert cell["outputs"] or cell in code[:2], "outputs are committed for Riket"
        assert not any(o["output_type"] in ("stream", "error") for o in cell["outputs"])


def test_readme_is_short_and_names_the_two_commands():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) < 200
    assert "make render" in readme and "make test" in readme
    for link in re.findall(r"\]\(((?!http)[^)#]+)", readme):
        assert (ROOT / link).exists(), link


def test_raw_manifest_is_complete():
    package = json.loads((ROOT / "data" / "raw" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        for field in ("path", "hash", "bytes", "title", "licenses", "sources", "accessed",
                      "obtained"):  # fmt: skip
            assert resource[field], resource["path"]
        assert (ROOT / "data" / "raw" / resource["path"]).stat().st_size == resource["bytes"]


def test_readme_says_of_sweden_what_the_notebooks_say():
    import naravard as nv
    from naravard.sentences.trends import headline

    readme = (ROOT / "README.md").read_text("utf-8")
    for id in ("primary_care_cost_share", "readmission_30d_65plus", "sick_leave_total"):
        assert f"> - {headline(nv.trend(nv.load_indicator(id), '00'), 'en')}" in readme
