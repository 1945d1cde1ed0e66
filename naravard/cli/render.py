"""The command ``naravard render``: a bar while it runs, a summary after, reasons before.

What it needs is imported where it is used: help, completion and ``--explain`` are to start quickly.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from naravard.cli import terminal
from naravard.cli.options import LANGUAGE, NOTEBOOK, REGION

if TYPE_CHECKING:
    from naravard.batch.jobs import Job
    from naravard.site.render import Outcome, Plan
    from naravard.site.report import Made


@click.command("render")
@click.option("--region", "-r", multiple=True, type=REGION,
              help="Code or name; all 22 regions if not given.")  # fmt: skip
@click.option("--notebook", "-n", multiple=True, type=NOTEBOOK,
              help="Name or number; all if not given.")  # fmt: skip
@click.option("--language", "-l", multiple=True, type=LANGUAGE,
              help="sv or en; both if not given.")  # fmt: skip
@click.option("--parameter", "-p", nargs=2, multiple=True, metavar="NAME VALUE",
              help="A further parameter of the notebooks.")  # fmt: skip
@click.option("--jobs", "-j", type=click.IntRange(1), default=os.cpu_count(), show_default=True,
              help="Notebooks under way at once.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path),
              help="Where pages go; site/ if not given.")  # fmt: skip
@click.option("--force", is_flag=True, help="Also pages that depend on nothing that changed.")
@click.option("--explain", is_flag=True, help="Say why each page would be made or not; make none.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS",
              help="Give up a page that takes longer.")  # fmt: skip
@click.option("--memory", type=click.FloatRange(0, min_open=True), metavar="MB",
              help="Give up a page that takes more (Linux).")  # fmt: skip
@click.option("--engine", default="naravard", show_default=True,
              help="standard: papermill's own engine, a new kernel a page.")  # fmt: skip
@click.option("--executor", default="local", show_default=True,
              help="dask: on a dask cluster (pip install naravard[cluster]).")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS",
              help="Of a dask cluster: tcp://host:8786, or its scheduler file.")  # fmt: skip
@click.option("--compare", metavar="VINTAGE",
              help="Also a page of what changed since this day, YYYY-MM-DD.")  # fmt: skip
@click.option("--pdf", is_flag=True, help="Also a report of each region, printed by Chromium.")
@click.option("--notebooks-only", is_flag=True,
              help="Leave start page, regions and indicators as they are.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a summary for machines.")
def render_command(
    region, notebook, language, parameter, jobs, out, as_json, explain, compare, pdf,
    notebooks_only, **options,
):  # fmt: skip
    """Run notebooks for regions and write the site.

    Pages that depend on nothing that changed stay as they are.

    \b
    naravard render                                everything
    naravard render -r vgr -r gotland -n 02 -l en  two regions, one notebook, English
    naravard render -p price_year 2020             another parameter
    naravard render --explain                      why each page would be made again or not
    naravard render --compare 2026-11-21           and what changed since, linked from the index
    naravard render --executor dask --scheduler tcp://host:8786   on a cluster
    naravard render -r uppsala -l sv --pdf         and a report, site/sv/03/report-03-sv.pdf
    """
    from naravard import paths
    from naravard.batch.jobs import make_jobs
    from naravard.site.publish import published
    from naravard.site.render import plan

    work = make_jobs(region, notebook, language, dict(parameter))
    site = paths.root() / "site" if out is None else out
    if explain:
        _explain(plan(work, site, options["force"]), as_json)
        return
    if pdf:
        from naravard.site import report as reports

        reports.find_browser()  # before anything runs
    if compare is not None:
        from naravard.site import changes

        compared = changes.since(compare)
    around = contextlib.nullcontext() if notebooks_only else published(
        site, {job.language for job in work}, jobs
    )  # fmt: skip
    printed = None
    with around:
        summary = run(work, site, jobs, quiet=as_json, **options)
        if compare is not None:
            summary["changed"] = [str(path) for path in changes.write(site, compared)]
        if pdf:
            printed = reports.write(
                site, work, jobs, force=options["force"], timeout=options["timeout"]
            )
            summary["reports"] = printed.as_dict()
    if as_json:
        terminal.echo_json(summary)
    else:
        _say(summary, printed)
    if summary["failed"] or (printed and printed.failed):
        sys.exit(1)


def _explain(plan: Plan, as_json: bool) -> None:
    """Say for each page why it would be made or not, and how many would."""
    if as_json:
        terminal.echo_json({job.key: why for job, why in plan.reasons.items()})
        return
    for job, why in plan.reasons.items():
        click.echo(
            f"{job.key}: {'; '.join(why) or 'up to date: nothing that it depends on changed'}"
        )
    click.echo(f"{len(plan.to_run)} of {len(plan.reasons)} pages would be made")


def run(jobs: list[Job], site, at_once: int, quiet: bool = False, **options) -> dict:
    """Run a batch with a bar on a terminal and return its summary, for machines.

    Failures are named as they come unless it is quiet. ``options`` are those of
    `naravard.site.render.render`.
    """
    from tqdm import tqdm

    from naravard.site.render import render

    began, failed, peaks = time.perf_counter(), [], []
    with tqdm(total=len(jobs), unit="page", disable=True if quiet else None) as bar:

        def up_to_date(count: int) -> None:
            bar.total -= count
            bar.refresh()

        def show(outcome: Outcome) -> None:
            peaks.append(outcome.peak)
            if outcome.status == "failed":
                failed.append({"page": outcome.key, "error": outcome.error})
                if not quiet:
                    tqdm.write(f"failed: {outcome.key}: {outcome.error}", file=sys.stderr)
            bar.set_postfix_str(f"{len(failed)} failed" if failed else outcome.key)
            bar.update()

        render(jobs, site, at_once, show, on_plan=up_to_date, **options)
    return {
        "site": str(site),
        "pages": len(jobs),
        "made": len(peaks) - len(failed),
        "standing": len(jobs) - len(peaks),
        "failed": failed,
        "seconds": round(time.perf_counter() - began, 2),
        "peak_megabytes": round(max(peaks, default=0.0), 1),
        "changed": [],
    }


def _say(summary: dict, reports: Made | None) -> None:
    """Say in one line how a batch went, then where a page says what changed and what to look at."""
    made, kept, failed = summary["made"], summary["standing"], len(summary["failed"])
    if made or failed:
        seconds, peak = summary["seconds"], summary["peak_megabytes"]
        text = f"{made} pages in {seconds:.0f} s ({seconds / (made + failed):.2f} s each)"
        text += f", {kept} up to date" if kept else ""
        text += f", {peak:.0f} MB a process at most" if peak else ""
    else:
        text = f"nothing to do: {kept} pages are up to date"
    lines = [f"{text} → {summary['site']}/index.html"]
    lines += [f"what changed: {path}" for path in summary["changed"]]
    click.echo("\n".join([*lines, *([reports.as_text()] if reports else [])]))
    if failed:
        click.echo(f"{failed} failed; notebooks and logs are in {summary['site']}/failed", err=True)
    for line in reports.complaints() if reports else ():
        click.echo(line, err=True)
