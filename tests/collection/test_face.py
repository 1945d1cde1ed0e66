"""The public face: its names, signatures and docstrings, and what has become of old names."""

import inspect
import re
import subprocess
import sys

import pytest
from support.place import ROOT

import naravard as nv

SIGNATURES = {
    "NaravardError": None,
    "View": "(indicator, regions='00', years=None, sex='T', price_year=None, trend=True, "
    "language='sv')",
    "against_target": "(observations, targets, region)",
    "between": "(observations, region, first, last)",
    "claims": None,
    "compare": "(observations, regions, trends=())",
    "contributions": "(share, population, region, left_out_always=('09',))",
    "explore": "(indicator='readmission_30d_65plus', region='00', language='sv', interactive=None)",
    "first_with_data": "(*ids)",
    "funnel": "(observations, region, people=None)",
    "indicator": "(id)",
    "interrupted": "(observations, region, sex='T')",
    "latest": "(observations, region, sex='T')",
    "limits": "(ids, region, language='sv', own_only=False)",
    "load_costs": "(id=None, region=None, years=None, price_year=None)",
    "load_indicator": "(id, region=None, years=None, sex='T')",
    "load_population": "(region=None, years=None, sex='T')",
    "plot": "(result, language='sv')",
    "points": "(observations, region, targets=None)",
    "price_change": "(current, fixed, region)",
    "profile": "(observations, region, alike, fixed=None)",
    "profile_indicators": "(region)",
    "provenance": "(ids, region, language='sv', datasets=(), **parameters)",
    "region_slopes": "(observations, region, sex='T')",
    "resolve": "(region)",
    "say": "(*results, language='sv')",
    "similar_regions": "(background, region)",
    "status": "(id, region='00')",
    "table": "(result, language='sv', **options)",
    "trend": "(observations, region, sex='T')",
    "values": "(observations, region, language='sv', price_year=None, by_sex=False)",
}
FUNCTIONS = [name for name, signature in SIGNATURES.items() if signature and name != "View"]
METHODS = ["trend", "interrupted", "funnel", "region_slopes", "contributions", "similar_regions"]


def test_the_face_has_exactly_these_names():
    assert nv.__all__ == sorted(SIGNATURES) == dir(nv)


@pytest.mark.parametrize("name", [name for name, signature in SIGNATURES.items() if signature])
def test_signatures_hold(name):
    signature = inspect.signature(getattr(nv, name))
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    assert str(inspect.Signature(bare)) == SIGNATURES[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstrings_say_what_comes_in_and_out_and_what_is_refused(name):
    function = getattr(nv, name)
    said = inspect.getdoc(function)
    for section in ("Parameters", "Returns", "Raises"):
        assert f"\n{section}\n{'-' * len(section)}\n" in said, section
    for parameter in inspect.signature(function).parameters:
        assert parameter in said.partition("\nReturns\n")[0], parameter
    assert ("\nNotes\n-----\n" in said) or name not in METHODS


def test_the_explored_view_and_the_error_have_docstrings_too():
    said = inspect.getdoc(nv.View)
    assert "\nAttributes\n" in said and "\nRaises\n" in said
    assert inspect.getdoc(nv.NaravardError) and inspect.getdoc(nv.claims)


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("trend_table", "nv.trend_table is now nv.table(change)"),
        ("sentence", "nv.sentence is now nv.say(result)"),
        ("figures.against_nation", "nv.figures.against_nation is now nv.plot(change)"),
        ("figures.points", "nv.figures.points is now nv.plot(points)"),
        ("figures.profile", "nv.figures.profile is now nv.plot(profile)"),
        ("figurs", "module 'naravard' has no attribute 'figurs'"),
    ],
)
def test_an_old_name_says_what_to_call_now(name, now):
    owner = nv.figures if name.startswith("figures.") else nv
    with pytest.raises(AttributeError) as refused:
        getattr(owner, name.rpartition(".")[2])
    assert str(refused.value) == now


def test_every_name_of_the_old_face_is_there_or_named():
    old = """against_target between by_sex claims claims_table compare compare_table contributions
    first_with_data funnel explore indicator interrupted latest leave_one_out limits load_costs
    load_indicator load_population missing outcome_boxes outcomes_table points points_table
    price_change profile profile_indicators profile_table provenance region_slopes resolve say
    sentence sheet_indicators similar_regions similar_table status status_table trend trend_table
    values View NaravardError figures.against_nation figures.all_regions figures.compare
    figures.funnel figures.leave_one_out figures.points figures.prices figures.profile
    figures.slopes figures.statuses regions catalogue"""
    assert all(name in nv.__all__ or " is now " in nv.renamed(name) for name in old.split())


def test_explore_stays_the_function_whatever_is_imported():

    assert inspect.isfunction(nv.explore)


def test_results_without_a_figure_or_table_are_refused():
    rows = nv.load_indicator("avoidable_inpatient_care")
    change = nv.between(rows, "03", 2019, 2020)
    with pytest.raises(TypeError, match="no figure for Between"):
        nv.plot(change)
    with pytest.raises(TypeError, match="no table for Between"):
        nv.table(change)
    with pytest.raises(nv.NaravardError, match="unknown language"):
        nv.plot(nv.trend(rows, "03"), "de")


def test_notebooks_and_guides_call_the_face_only():
    files = [*ROOT.glob("notebooks/*.ipynb"), ROOT / "README.md", *ROOT.glob("docs/*.md")]
    for file in files:
        called = set(re.findall(r"\bnv\.([A-Za-z_]+)", file.read_text("utf-8")))
        assert called <= set(nv.__all__), file.name


def test_importing_the_face_loads_nothing_heavy():
    code = "import naravard, sys; print({'pandas', 'matplotlib', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
