"""Indicators of the catalogue that have no figures yet: what a user sees of them."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

import naravard as nv
from naravard import regions
from naravard.batch.cache import Snapshot
from naravard.batch.jobs import Job
from naravard.catalogue import catalogue, parts
from naravard.cli import cli
from naravard.data import availability, build, load, processed, raw, tracking
from naravard.data.curation import fetchable
from naravard.sources import answer

#: These tests speak of an indicator that no committed raw file holds.
AWAITED, OTHER = "sick_leave_kolada", "sick_leave_total"
FETCH = f"'{AWAITED}' has not been fetched: run `naravard data fetch --indicator {AWAITED}`"


def fetch(collection):
    """Give the collection the figures of `AWAITED`: 5.0 to 5.9 in every region."""
    file = collection / "data/raw/kolada/N60030/2026-12-01.csv"
    file.parent.mkdir()
    rows = [
        f"kolada:N60030,{region},{year},T,{5 + (year - 2014) / 10},percent,as printed,Kolada,,"
        for region in regions.CODES
        for year in range(2014, 2024)
    ]
    file.write_text("\n".join([",".join(answer.COLUMNS), *rows]), "utf-8")
    terms = {"title": "x", "licence": "x", "obtained": "invented for a test"}
    raw.register("kolada/N60030/2026-12-01.csv", **terms, accessed="2026-12-01")


def test_an_awaiting_indicator_has_no_rows_and_says_how_to_fetch_it():
    assert processed.awaiting(AWAITED) and not processed.awaiting(OTHER)
    for ask in (nv.load_indicator, load.table, availability.fingerprint_of):
        with pytest.raises(nv.NaravardError) as error:
            ask([AWAITED])
        assert str(error.value) == FETCH
    assert AWAITED not in set(load.table()["indicator"])


def test_a_derived_indicator_names_the_part_that_is_to_be_fetched():
    with pytest.raises(nv.NaravardError) as error:
        nv.load_indicator("primary_care_share_incl_home_care")
    part = "primary_care_net_cost_incl_home_care"
    assert str(error.value) == (
        f"'primary_care_share_incl_home_care' is computed from '{part}', which has not been "
        f"fetched: run `naravard data fetch --indicator {part}`"
    )


def test_every_awaiting_indicator_lacks_a_raw_file_and_every_other_has_one():
    for entry in catalogue().indicators.values():
        assert processed.awaiting(entry.id) != availability.stored(entry), entry.id


def test_nothing_awaits_if_nothing_is_built(collection):
    (collection / "data/processed/datapackage.json").unlink()
    assert not processed.awaiting(AWAITED)
    with pytest.raises(nv.NaravardError, match="data build"):
        nv.first_with_data(AWAITED)


def test_costs_and_profile_leave_awaiting_indicators_out_and_note_them(monkeypatch):
    monkeypatch.setattr(tracking, "_noted", set())
    costs = set(nv.load_costs()["indicator"])
    assert "primary_care_net_cost" in costs
    assert "primary_care_net_cost_incl_home_care" not in costs
    assert "indicator:primary_care_net_cost_incl_home_care" in tracking.found()
    ids = nv.profile_indicators("00")
    assert AWAITED not in ids and OTHER in ids
    assert f"indicator:{AWAITED}" in tracking.found()
    with pytest.raises(nv.NaravardError, match="has not been fetched"):
        nv.load_costs("primary_care_net_cost_incl_home_care")


def test_the_first_with_data_notes_what_it_looked_at(monkeypatch):
    monkeypatch.setattr(tracking, "_noted", set())
    assert nv.first_with_data(AWAITED, OTHER, "population") == OTHER
    noted = {name for name in tracking.found() if name.startswith("indicator:")}
    assert noted == {f"indicator:{AWAITED}", f"indicator:{OTHER}"}
    with pytest.raises(nv.NaravardError) as error:
        nv.first_with_data(AWAITED)
    assert str(error.value) == FETCH
    with pytest.raises(nv.NaravardError, match="did you mean 'sick_leave_kolada'"):
        nv.first_with_data("sick_leave_kolda", OTHER)
    with pytest.raises(nv.NaravardError, match="at least one"):
        nv.first_with_data()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "has not been fetched"), ("sv", "är inte hämtad")]
)
def test_a_page_says_so_in_its_small_print(language, words):
    line = f"'{AWAITED}' {words}"
    assert line in nv.limits(AWAITED, "14", language).text
    text = nv.provenance([AWAITED, OTHER], "14", language).text
    assert line in text and "skr/sick_leave" in text
    assert availability.fingerprint_of([OTHER])[:12] in text
    assert line in nv.provenance(AWAITED, "14", language).text


def test_the_command_marks_them():
    listed = CliRunner().invoke(cli, ["list", "indicators", "-l", "en"]).output.splitlines()[1:]
    assert len(listed) == len(catalogue().indicators)
    marked = {line.split()[0] for line in listed if line.endswith("(awaiting data)")}
    ids = catalogue().indicators
    assert marked == {id for id in ids if processed.awaiting(id)} and AWAITED in marked
    status = CliRunner().invoke(cli, ["data", "status"]).output.splitlines()
    assert [AWAITED, "not", "fetched"] in [line.split() for line in status]


def test_a_page_is_made_again_when_its_figures_come(collection):
    job = Job("03_sick_leave", "03", "en")
    site = collection / "site"
    (site / job.key).parent.mkdir(parents=True)
    for end in (".html", ".ipynb"):
        (site / f"{job.key}{end}").touch()
    read = [f"indicator:{AWAITED}", f"indicator:{OTHER}"]
    state = {"status": "done", "inputs": Snapshot().inputs(job, read)}
    assert Snapshot().why(job, state, site) == []
    fetch(collection)
    said = f"data/processed has no '{AWAITED}': run `naravard data build`"
    assert availability.sentence(AWAITED) == said
    build.build()
    assert Snapshot().why(job, state, site) == [f"data changed: {AWAITED}"]
    assert nv.first_with_data(AWAITED, OTHER) == AWAITED
    assert nv.load_indicator(AWAITED, "09", 2023)["value"].item() == 5.9
    assert AWAITED in nv.profile_indicators("09")


def test_publishers_that_cannot_be_fetched_are_not_offered(monkeypatch):
    monkeypatch.setattr(availability, "PUBLISHERS", ())
    assert availability.sentence(AWAITED) == (
        f"'{AWAITED}' has no figures: data/raw has no file of 'kolada/N60030'; "
        "`naravard data add` takes one in"
    )


def test_every_region_indicator_counts():
    regional = [e for e in catalogue().indicators.values() if e.level == "region"]
    assert sum(e.kind in ("indicator", "cost") for e in regional) >= 60
    for entry in regional:
        for part in parts(entry) or [entry]:
            publisher, _, name = part.source.dataset.partition("/")
            if publisher == "kolada":
                assert part.source.id == name and part.source.series == f"kolada:{name}"
            # SKR has no API: a workbook that someone has comes in with `naravard data add`.
            if processed.awaiting(part.id) and publisher != "skr":
                assert part.source.dataset in fetchable(), part.id


def test_command_line_stays_light():
    code = "import sys, naravard.cli; sys.exit('pydantic' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
