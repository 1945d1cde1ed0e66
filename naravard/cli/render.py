"""The command ``naravard render``: a bar while it runs, a summary after, reasons before.

What it needs is imported where it is used: help, completion and ``--explain`` are to start quickly.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import dataclass, replace
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
@click.option("--out", type=click.Path(), default=None, help="Where pages go; site/ if not given.")
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
        planned = plan(work, site, options["force"])
        if as_json:
            terminal.echo_json({job.key: why for job, why in planned.reasons.items()})
        else:
            click.echo(explanation(planned))
        return
    if pdf:
        from naravard.site import report as reports

        reports.find_browser()  # before anything runs
    changed = None
    if compare is not None:
        from naravard.site import changes

        changed = changes.since(compare)
    around = contextlib.nullcontext() if notebooks_only else published(
        site, {job.language for job in work}, jobs
    )  # fmt: skip
    with around:
        summary = run(work, site, jobs, quiet=as_json, **options)
        if changed:
            summary = replace(summary, changed=tuple(changes.write(site, changed)))
        if pdf:
            printed = reports.write(
                site, work, jobs, force=options["force"], timeout=options["timeout"]
            )
            summary = replace(summary, reports=printed)
    if as_json:
        terminal.echo_json(summary.as_dict())
    else:
        click.echo(summary.as_text())
        for line in summary.complaints():
            click.echo(line, err=True)
    if summary.failed or (pdf and printed.failed):
        sys.exit(1)


@dataclass(frozen=True)
class Summary:
    """How a batch went.

    Of the pages that were asked for, those made now, those that depend on nothing that changed, and
    those that failed; the most memory that a job's process held (MB); the pages on what changed
    since an older vintage, and how the reports went if they were asked for.
    """

    site: Path
    pages: int
    made: int
    up_to_date: int
    failed: tuple[Outcome, ...]
    seconds: float
    peak: float
    changed: tuple[Path, ...] = ()
    reports: Made | None = None

    def as_text(self) -> str:
        """Return the summary in one line, and where a page says what changed."""
        more = "".join(f"\nwhat changed: {path}" for path in self.changed)
        more += f"\n{self.reports.as_text()}" if self.reports else ""
        where = f"{self.site}/index.html"
        kept = f"{self.up_to_date} up to date"
        if not self.made and not self.failed:
            return f"nothing to do: {self.up_to_date} pages are up to date → {where}{more}"
        each = self.seconds / max(1, self.made + len(self.failed))
        parts = [f"{self.made} pages in {self.seconds:.0f} s ({each:.2f} s each)"]
        parts += [kept] * bool(self.up_to_date)
        parts += [f"{self.peak:.0f} MB a process at most"] * bool(self.peak)
        return f"{', '.join(parts)} → {where}{more}"

    def complaints(self) -> list[str]:
        """Return where to look for what failed, and what reports lack."""
        found = self.reports.complaints() if self.reports else []
        if self.failed:
            logs = f"{len(self.failed)} failed; notebooks and logs are in {self.site}/failed"
            found.insert(0, logs)
        return found

    def as_dict(self) -> dict:
        """Return the summary for machines."""
        return {
            "site": str(self.site),
            "pages": self.pages,
            "made": self.made,
            "standing": self.up_to_date,
            "failed": [{"page": o.key, "error": o.error} for o in self.failed],
            "seconds": round(self.seconds, 2),
            "peak_megabytes": round(self.peak, 1),
            "changed": [str(path) for path in self.changed],
            **({"reports": self.reports.as_dict()} if self.reports else {}),
        }


def explanation(plan: Plan) -> str:
    """Say for each job why it would run or not, and how many would."""
    lines = [
        f"{job.key}: {'; '.join(why) if why else 'up to date: nothing that it depends on changed'}"
        for job, why in plan.reasons.items()
    ]
    return "\n".join([*lines, f"{len(plan.to_run)} of {len(plan.reasons)} pages would be made"])


def run(jobs: list[Job], site, at_once: int, quiet: bool = False, **options) -> Summary:
    """Run a batch with a bar on a terminal; failures are named as they come unless it is quiet.

    ``options`` are those of `naravard.site.render.render`.
    """
    from tqdm import tqdm

    from naravard.site.render import render

    began = time.perf_counter()
    ended: list[Outcome] = []
    failed: list[Outcome] = []
    with tqdm(total=len(jobs), unit="page", disable=True if quiet else None) as bar:

        def up_to_date(count: int) -> None:
            bar.total -= count
            bar.refresh()

        def show(outcome: Outcome) -> None:
            ended.append(outcome)
            if outcome.status == "failed":
                failed.append(outcome)
                if not quiet:
                    tqdm.write(f"failed: {outcome.key}: {outcome.error}", file=sys.stderr)
            bar.set_postfix_str(f"{len(failed)} failed" if failed else outcome.key)
            bar.update()

        render(jobs, site, at_once, show, on_plan=up_to_date, **options)
    return Summary(
        site=Path(site),
        pages=len(jobs),
        made=len(ended) - len(failed),
        up_to_date=len(jobs) - len(ended),
        failed=tuple(failed),
        seconds=time.perf_counter() - began,
        peak=max((outcome.peak for outcome in ended), default=0.0),
    )
