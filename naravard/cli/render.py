"""What a batch says on the terminal: a bar while it runs, a summary after, reasons before."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from naravard.batch.jobs import Job
from naravard.site.render import Outcome, Plan
from naravard.site.render import render as render_jobs

if TYPE_CHECKING:
    from naravard.site.report import Made


@dataclass(frozen=True)
class Summary:
    """How a batch went.

    Attributes
    ----------
    site : Path
    pages : int
        Jobs that were asked for.
    made : int
        Pages that were made now.
    standing : int
        Pages that rest on nothing that changed.
    failed : tuple of Outcome
    seconds : float
    peak : float
        Most memory that a job's process held, in megabytes.
    changed : tuple of Path
        The pages that say what changed since an older vintage.
    reports : Made, optional
        How the reports went, if they were asked for.
    """

    site: Path
    pages: int
    made: int
    standing: int
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
        stand = f"{self.standing} stand unchanged"
        if not self.made and not self.failed:
            return f"nothing to do: {self.standing} pages stand unchanged → {where}{more}"
        each = self.seconds / max(1, self.made + len(self.failed))
        parts = [f"{self.made} pages in {self.seconds:.0f} s ({each:.2f} s each)"]
        parts += [stand] * bool(self.standing)
        parts += [f"{self.peak:.0f} MB a process at most"] * bool(self.peak)
        return f"{', '.join(parts)} → {where}{more}"

    def complaints(self) -> list[str]:
        """Return where to look for what failed, and what reports lack."""
        found = self.reports.complaints() if self.reports else []
        if self.failed:
            logs = f"{len(self.failed)} failed; notebooks and logs are in {self.site}/failed"
            found.insert(0, logs)
        return found

    def as_json(self) -> str:
        """Return the summary for machines."""
        return json.dumps(
            {
                "site": str(self.site),
                "pages": self.pages,
                "made": self.made,
                "standing": self.standing,
                "failed": [{"page": o.key, "error": o.error} for o in self.failed],
                "seconds": round(self.seconds, 2),
                "peak_megabytes": round(self.peak, 1),
                "changed": [str(path) for path in self.changed],
                **({"reports": self.reports.as_dict()} if self.reports else {}),
            },
            ensure_ascii=False,
            indent=1,
        )


def explain(plan: Plan, as_json: bool = False) -> str:
    """Say for each job why it would run or not, and how many would."""
    if as_json:
        reasons = {job.key: why for job, why in plan.reasons.items()}
        return json.dumps(reasons, ensure_ascii=False, indent=1)
    lines = [
        f"{job.key}: {'; '.join(why) if why else 'stands, nothing it rests on changed'}"
        for job, why in plan.reasons.items()
    ]
    return "\n".join([*lines, f"{len(plan.to_run)} of {len(plan.reasons)} pages would be made"])


def run(jobs: list[Job], site, at_once: int, quiet: bool = False, **options) -> Summary:
    """Run a batch with a bar on a terminal; failures are named as they come.

    Parameters
    ----------
    jobs, site, at_once, **options
        See `naravard.site.render.render`.
    quiet : bool
        No bar and no line for failures.

    Returns
    -------
    Summary
    """
    from tqdm import tqdm

    began = time.perf_counter()
    ended: list[Outcome] = []
    failed: list[Outcome] = []
    with tqdm(total=len(jobs), unit="page", disable=True if quiet else None) as bar:

        def standing(count: int) -> None:
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

        render_jobs(jobs, site, at_once, show, on_plan=standing, **options)
    return Summary(
        site=Path(site),
        pages=len(jobs),
        made=len(ended) - len(failed),
        standing=len(jobs) - len(ended),
        failed=tuple(failed),
        seconds=time.perf_counter() - began,
        peak=max((outcome.peak for outcome in ended), default=0.0),
    )
