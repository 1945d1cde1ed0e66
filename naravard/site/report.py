"""One PDF a region and language, printed by a browser from the notebooks in the site.

A report is printed twice: the first time says on which page each part begins, which the contents
of the second name. It is printed again when the page that it is printed from has changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from naravard.batch.jobs import Job
from naravard.data import raw
from naravard.errors import NaravardError
from naravard.site import chromium, record
from naravard.site.reports_page import Report, html

#: A browser takes some hundred megabytes and a processor.
AT_ONCE = 2
#: Seconds that printing may take.
TIMEOUT = 180.0
#: Beside the report: what it was made from.
STATE = "report.json"
_WORK = ".report-"


@dataclass(frozen=True)
class Made:
    """How the reports went.

    Attributes
    ----------
    made, standing : tuple of Path
        Reports made now, and those whose grounds are unchanged.
    failed : tuple of (str, str)
        Report and error.
    missing : tuple of (str, tuple of str)
        Report and the notebooks that it lacks.
    """

    made: tuple[Path, ...] = ()
    standing: tuple[Path, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    missing: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def as_text(self) -> str:
        """Return in one line how many reports were made and stand."""
        parts = [f"{len(self.made)} reports"]
        parts += [f"{len(self.standing)} stand unchanged"] * bool(self.standing)
        parts += [f"{len(self.failed)} failed"] * bool(self.failed)
        where = [*self.made, *self.standing][:1]
        return ", ".join(parts) + "".join(f" → {path}" for path in where)

    def complaints(self) -> list[str]:
        """Return a line for each report that failed or lacks a question."""
        lines = [f"failed: report {report}: {error}" for report, error in self.failed]
        return lines + [f"report {report} lacks {', '.join(n)}" for report, n in self.missing]

    def as_dict(self) -> dict:
        """Return all of it for machines."""
        return {
            "made": [str(path) for path in self.made],
            "standing": [str(path) for path in self.standing],
            "failed": [{"report": report, "error": error} for report, error in self.failed],
            "missing": {report: list(names) for report, names in self.missing},
        }


def _page_numbers(pdf: Path) -> dict[str, int]:
    """Return on which page of a PDF each anchor is."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(pdf)
        return {
            name.lstrip("/"): reader.get_destination_page_number(place) + 1
            for name, place in reader.named_destinations.items()
        }
    except PyPdfError as error:
        raise NaravardError(f"the browser's PDF cannot be read: {error}") from None


def _put(report: Report, site: Path, state: dict, text: str, printer: chromium.Printer) -> None:
    """Print a report and rename it into place; nothing half done is left."""
    folder = site / report.key
    work = Path(tempfile.mkdtemp(dir=folder, prefix=_WORK))
    try:
        page, pdf = work / "report.html", work / "report.pdf"
        page.write_text(text, "utf-8")
        printer.print(page, pdf)
        numbered, _ = html(report, site, state, _page_numbers(pdf))
        page.write_text(numbered, "utf-8")
        pdf.unlink()
        printer.print(page, pdf)
        pdf.chmod(0o644)
        pdf.replace(folder / report.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _make(report: Report, site: Path, state: dict, printer, force: bool) -> tuple[bool, tuple]:
    """Make a report if what it says has changed; return whether, and what is missing."""
    text, missing = html(report, site, state)
    folder = site / report.key
    record = folder / STATE
    now = {"made_from": hashlib.sha256(text.encode("utf-8")).hexdigest()}
    try:
        before = json.loads(record.read_text("utf-8"))
    except (OSError, ValueError):
        before = None
    if before == now and (folder / report.name).is_file() and not force:
        return False, missing
    record.unlink(missing_ok=True)
    _put(report, site, state, text, printer)
    raw.write_atomically(record, json.dumps(now) + "\n")
    return True, missing


def write(
    site: Path, jobs: Iterable[Job], at_once: int = AT_ONCE, *, force: bool = False,
    timeout: float | None = None,
) -> Made:  # fmt: skip
    """Make the reports of the regions and languages of some jobs.

    Parameters
    ----------
    site : Path
        With the pages made before.
    jobs : iterable of Job
    at_once : int
        Reports under way at once; two at most.
    force : bool
        Also those that would say what they say already.
    timeout : float, optional
        Seconds that printing may take.

    Returns
    -------
    Made

    Raises
    ------
    NaravardError
        If there is no browser, or another render writes to the site.
    KeyboardInterrupt
        On Ctrl-C, after the browsers were ended.
    """
    program = chromium.find()
    site = Path(site).resolve()
    wanted = list(dict.fromkeys(Report(job.language, job.region) for job in jobs))
    wanted.sort(key=lambda report: (report.region, report.language != "sv"))
    ended: dict[Report, tuple] = {}
    with record.lock(site):
        state = record.read_state(site)
        for left in site.glob(f"*/*/{_WORK}*"):  # by a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        with (
            ThreadPoolExecutor(max(1, min(AT_ONCE, at_once))) as pool,
            chromium.Printer(program, timeout or TIMEOUT) as printer,
        ):
            waiting = {pool.submit(_make, r, site, state, printer, force): r for r in wanted}
            try:
                for done in as_completed(waiting):
                    try:
                        made, missing = done.result()
                        ended[waiting[done]] = ("made" if made else "standing", missing)
                    except (NaravardError, OSError) as error:
                        ended[waiting[done]] = ("failed", str(error))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return Made(
        **{
            how: tuple(site / r.key / r.name for r in wanted if ended[r][0] == how)
            for how in ("made", "standing")
        },
        failed=tuple((r.key, ended[r][1]) for r in wanted if ended[r][0] == "failed"),
        missing=tuple((r.key, ended[r][1]) for r in wanted
                      if ended[r][0] != "failed" and ended[r][1]),
    )  # fmt: skip
