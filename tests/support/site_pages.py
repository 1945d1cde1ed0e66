"""The kinds of pages that a site has, for the tests that open each in a browser."""

import base64
import dataclasses
import io

import nbformat
import pandas as pd
from PIL import Image

import naravard as nv
from naravard.batch.jobs import Job
from naravard.claims import verdicts
from naravard.data import revisions
from naravard.site import changes, layout, notebook, record
from naravard.tables.table import Table

PAGES = {
    "start": "sv/index.html",
    "start-en": "en/index.html",
    "questions": "sv/questions.html",
    "measures": "sv/indicators/index.html",
    "measure": "sv/indicators/readmission_30d_65plus.html",
    "measure-en": "en/indicators/primary_care_net_cost.html",
    "national": "sv/indicators/primary_care_cost_share_scb.html",
    "awaiting": "en/indicators/sick_leave_kolada.html",
    "region": "sv/03/index.html",
    "region-en": "en/14/index.html",
    "nation": "sv/00/index.html",
    "notebook": "sv/03/01_primary_care_cost_share.html",
    "notebook-without-data": "en/14/02_readmissions.html",
    "profile": "sv/09/11_region_profile.html",
    "notebook-claims": "sv/03/12_claims.html",
    "status": "sv/14/10_status_of_the_transition.html",
    "claims": "en/claims.html",
    "methods": "sv/methods.html",
    "methods-en": "en/methods.html",
    "failed": "sv/03/failed.html",
    "stale": "sv/03/stale.html",
    "changed": "sv/changed.html",
    "nasty": "sv/03/nasty.html",
}
#: What somebody's text may hold: marks of HTML, quotes, a word without end.
NASTY = (
    "</script><script>window.ran = alert(1)</script>\"'><img src=x onerror=alert(2)>" + "lå" * 400
)
_READMISSION = "readmission_30d_65plus"


def example_of_changes() -> changes.Changes:
    """Return what two states might differ in: values, a verdict, a claim."""
    now = revisions.newest()
    cells = [revisions.Cell("03", 2025, "T", before, 15.0) for before in (None, 14.0)]
    values = {_READMISSION: revisions.Difference(_READMISSION, cells[:1], (), cells[1:], 2)}
    trend = nv.trend(nv.load_indicator(_READMISSION), "18")
    claim = next(one for one in verdicts() if one.outcome == "reproduced")
    gained = changes.ClaimTurned(dataclasses.replace(claim, outcome="not testable"), claim)
    trends = (changes.TrendTurned(_READMISSION, "18", None, trend),)
    return changes.Changes(revisions.State("2026-10-01", now.files), now, values, trends, (gained,))


def nasty_page(job: Job) -> str:
    """Make a question's page whose figure, table and sentence hold what nobody should write."""
    picture = io.BytesIO()
    Image.new("RGB", (900, 300)).save(picture, "PNG")
    encoded = base64.b64encode(picture.getvalue()).decode()
    table = Table(pd.DataFrame({NASTY: [NASTY]}, index=pd.Index([NASTY], name=NASTY)), NASTY, True)
    outputs = [
        nbformat.v4.new_output("display_data", {"image/png": encoded},
                               metadata={"image/png": {"alt": NASTY}}),
        nbformat.v4.new_output("display_data", table._repr_mimebundle_()),
        nbformat.v4.new_output("display_data", {"text/markdown": NASTY}),
    ]  # fmt: skip
    cells = [nbformat.v4.new_markdown_cell("# Vem skriver så?"), nbformat.v4.new_code_cell("1")]
    cells[1].outputs = outputs
    links = {"languages": ["sv"], "notebooks": [["01_x", NASTY]]}
    return notebook.page(nbformat.v4.new_notebook(cells=cells), job, links)


def add_rare_pages(site) -> None:
    """Add the pages that a site has only when something went wrong, or changed."""
    job = Job("02_readmissions", "03", "sv")
    record.put(site / PAGES["failed"], layout.failure_page(job, f"ValueError: {NASTY}"))
    whole = (site / "sv/03/02_readmissions.html").read_text("utf-8")
    record.put(site / PAGES["stale"], layout.mark_stale(whole, job, "ValueError: dry"))
    record.put(site / PAGES["changed"], changes.page(example_of_changes(), "sv", ["sv"]))
    record.put(site / PAGES["nasty"], nasty_page(job))
