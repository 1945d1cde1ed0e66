"""A region's report: its pages in the site, printed as one PDF by the machine's Chromium.

The document that is printed takes what the pages show (their ``<main>``) and the site's style
sheet with its rules for print, so that a report cannot say anything that the pages do not. It is
printed twice: Chromium knows no ``target-counter``, so the first time says on which page each part
begins, which the contents of the second name.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path

from babel.dates import format_date
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from naravard.batch.jobs import Job
from naravard.data import citation
from naravard.errors import NaravardError
from naravard.language import LOCALE
from naravard.regions import BY_CODE
from naravard.site import layout, pages, questions, record
from naravard.site.words import WORDS

#: Environment variable that names the browser to use.
VARIABLE = "NARAVARD_BROWSER"
_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge",
             "microsoft-edge", "chrome")  # fmt: skip
_ELSEWHERE = {
    "win32": ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"),
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
}
#: No first-run pages, no updates, no calls home. Chromium has no sandbox for root, and containers
#: have little shared memory.
QUIET = (
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--disable-gpu", "--disable-dev-shm-usage",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
)  # fmt: skip
#: Tagged for screen readers, with an outline; the style sheet says what the margins hold.
_PRINT = ("--headless", "--no-pdf-header-footer", "--generate-pdf-document-outline",
          "--export-tagged-pdf", "--disable-breakpad", "--disable-extensions",
          "--host-resolver-rules=MAP * ~NOTFOUND")  # fmt: skip

#: Reports under way at once: a browser takes some hundred megabytes and a processor.
AT_ONCE = 2
#: Seconds that printing may take.
TIMEOUT = 180.0
#: A longer table stays on the page, and the report says so.
MOST_ROWS = 20
#: Beside the report: what it was made from.
STATE = "report.json"
_WORK = ".report-"
#: What leads elsewhere or is for the screen only; the sources are listed once, at the end.
_LEFT_OUT = ("nav, script, figcaption, .where, #downloads, #downloads + ul, "
             "h2:has(+ .provenance), .provenance")  # fmt: skip


def find_browser() -> str:
    """Return the path of a browser: what `VARIABLE` names, or the first Chromium, Chrome or Edge.

    Raises if there is none, or the variable names none.
    """
    if named := os.environ.get(VARIABLE):
        if found := shutil.which(named):
            return found
        raise NaravardError(f"{VARIABLE} is '{named}', which is not a program on this machine")
    folders = [Path()]
    if sys.platform == "win32":
        names = ("PROGRAMFILES", "PROGRAMFILES(X86)")
        folders = [Path(os.environ[name]) for name in names if name in os.environ]
    elsewhere = [str(f / name) for f in folders for name in _ELSEWHERE.get(sys.platform, ())]
    for name in (*_COMMANDS, *elsewhere):
        if found := shutil.which(name):
            return found
    raise NaravardError(
        "no Chromium, Chrome or Edge found: install one (Debian: apt install chromium), or let "
        f"{VARIABLE} name it"
    )


def _end(process: subprocess.Popen) -> None:
    """End a browser and all its processes."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True)
    else:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Printer:
    """Threads that print, each document with a browser of its own; leaving it ends all of them."""

    def __init__(self, program: str, timeout: float, at_once: int):
        self.pool = ThreadPoolExecutor(max(1, min(AT_ONCE, at_once)))
        self._program, self._timeout = program, timeout
        self._running: set[subprocess.Popen] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Printer:
        return self

    def __exit__(self, *exception) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            for process in self._running:
                _end(process)
        self.pool.shutdown()

    def _start(self, command: list[str], log) -> subprocess.Popen:
        with self._lock:
            if self._closed:
                raise NaravardError("no more pages are printed")
            try:
                # A session of its own: Ctrl-C is ours to act on, and it ends with all it started.
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
                    start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                reason = f"the browser {self._program} does not start: {error}"
                raise NaravardError(reason) from None
            self._running.add(process)
            return process

    def print(self, text: str, work: Path) -> Path:
        """Print HTML as PDF, in a folder of its own where the browser keeps its profile too.

        Raises if the browser fails, takes too long or leaves no whole file.
        """
        page, pdf, log = work / "report.html", work / "report.pdf", work / "browser.log"
        page.write_text(text, "utf-8")
        pdf.unlink(missing_ok=True)
        command = [self._program, *QUIET, *_PRINT, f"--user-data-dir={work / 'profile'}",
                   f"--print-to-pdf={pdf}", page.resolve().as_uri()]  # fmt: skip
        with log.open("wb") as said:
            process = self._start(command, said)
            try:
                code = process.wait(self._timeout)
            except subprocess.TimeoutExpired:
                reason = f"the browser took longer than {self._timeout:g} seconds"
                raise NaravardError(reason) from None
            finally:
                _end(process)
                with self._lock:
                    self._running.discard(process)
        content = pdf.read_bytes() if pdf.is_file() else b""
        if code != 0 or not content.startswith(b"%PDF-") or b"%%EOF" not in content[-64:]:
            told = log.read_text("utf-8", errors="replace").strip() or "it said nothing"
            last = told.split("\n")[-1].strip()
            raise NaravardError(f"the browser made no PDF (exit code {code}): {last[:200]}")
        return pdf


@dataclass(frozen=True)
class Report:
    """A region's report in one language."""

    language: str
    region: str

    @property
    def key(self) -> str:
        """The folder in the site."""
        return f"{self.language}/{self.region}"

    @property
    def name(self) -> str:
        """The file's name, of codes only."""
        return f"report-{self.region}-{self.language}.pdf"

    @property
    def title(self) -> str:
        """The report's title with the region's name."""
        region = BY_CODE[self.region].name(self.language)
        return f"{WORDS[self.language]['site']}: {region}"


def _shorten(table: Tag, label: str, words: dict[str, str]) -> None:
    """Leave a long table on the web page, but for the region's own rows; say so in its place."""
    rows = table.select("tbody tr")
    if len(rows) <= MOST_ROWS:
        return
    note = Tag(name="p", attrs={"class": "quiet"})
    others = [row for row in rows if row.find(["th", "td"]).get_text() != label]
    if len(others) < len(rows):
        note.string = words["own_rows"]
        table.insert_after(note)
        for row in others:
            row.decompose()
    else:
        caption = table.caption.get_text().strip() if table.caption else ""
        note.string = words["too_long"].format(rows=len(rows), caption=caption)
        table.replace_with(note)


def _lay_down(table: Tag) -> None:
    """Turn a table of years with few columns, so that it takes three lines instead of ten."""
    rows = table.find_all("tr")
    cells = [row.find_all(["th", "td"]) for row in rows]
    if len({len(line) for line in cells}) != 1 or not 1 < len(cells[0]) < 4 or len(rows) < 5:
        return
    if not all(re.fullmatch(r"\d{4}", line[0].get_text()) for line in cells[1:]):
        return
    for row, line in zip(rows, list(zip(*cells, strict=True)), strict=False):
        row.extend(line)  # moves them
        for place, cell in enumerate(line):
            if cell.name == "th":
                cell["scope"] = "col" if place else "row"
    for row in rows[len(cells[0]) :]:
        row.decompose()


def _say_once(main: Tag, seen: dict[str, set[str]], words: dict[str, str]) -> None:
    """Leave out what a reader must know of an indicator where earlier questions said all of it.

    A page gives it as a name in bold and a list.
    """
    for listed in main.select("p:has(> strong:only-child) + ul"):
        name = listed.find_previous_sibling("p")
        before = seen.setdefault(name.get_text(), set())
        lines = {line.get_text() for line in listed.find_all("li")}
        if lines <= before:
            name.append(f" {words['said_before']}")
            listed.decompose()
        before |= lines


def _main(html: str, report: Report, site: Path) -> Tag:
    """Take what a page shows, as a part of a document in a folder below the page's own."""
    main = BeautifulSoup(html, "html.parser").main
    for tag in main.select(_LEFT_OUT):
        tag.decompose()
    label = BY_CODE[report.region].label(report.language)
    for table in main.select("table:not(.files)"):
        _lay_down(table)
        _shorten(table, label, WORDS[report.language])
    for heading in main.find_all(["h1", "h2", "h3"]):  # below the report's own headings
        heading.name = f"h{int(heading.name[1]) + 1}"
    for tag in main.find_all(id=True):
        del tag["id"]  # an id of one page may be that of another
    for link in main.find_all("a"):
        if not link.get("href", "").startswith(("https://", "http://")):
            link.unwrap()  # a file of the site is not beside the PDF
    for figure in main.find_all("figure"):
        figure.name, figure["class"] = "div", "figure"  # one figure for screen readers: the image
    for image in main.find_all("img"):
        # Drawings are sharp on paper. What is not a file of the page's own is not asked for.
        name = Path(image.get("src", "")).stem
        files = [site / report.key / f"{name}.{kind}" for kind in ("svg", "png")]
        there = next((file for file in files if file.is_file()), None)
        image["src"] = f"../{there.name}" if there else ""
    return main


def _css_text(text: str) -> str:
    """Return text as a string of CSS, in which no character has a meaning."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


def document(
    report: Report, site: Path, state: dict, numbers: dict[str, int] | None = None
) -> tuple[str, tuple[str, ...]]:
    """Put the document together that is printed; also return the notebooks that it lacks.

    ``numbers`` says on which page each part begins, by its anchor. Raises if the site has no
    finished page of the region.
    """
    language, words = report.language, WORDS[report.language]
    parts, missing, said = questions.answers(state, language, report.region), [], ""
    caveats: dict[str, set[str]] = {}
    for part in parts:
        path = site / report.key / f"{part['name']}.html"
        if part["status"] == "done" and path.is_file():
            html = path.read_text("utf-8")
            main = _main(html, report, site)
            _say_once(main, caveats, words)
            part["main"] = Markup(main)
            if main.h2:
                part["title"] = main.h2.get_text()
            said += html
        else:
            missing.append(part["name"])
            part["why"] = words["report_failed" if part["status"] == "failed" else "report_not_run"]
    if not said:
        raise NaravardError(f"the site has no finished page of {report.key}")
    key = citation.key()
    content = pages.Content(language, (language,), {}, state, site, key)
    methods = _main(pages.methods_page(content), report, site)
    for row in methods.select(".files tbody tr"):  # of the collection's files those behind it
        if row.code.get_text() not in said:
            row.decompose()
    page, pages_of = words["report_page"].split("{page}")
    text = layout.template("report.html.j2").render(
        report=report, language=language, words=words, parts=parts, methods=Markup(methods),
        region=BY_CODE[report.region].name(language), numbers=numbers or {}, key=key,
        newest=format_date(date(*citation.day(key)), "long", LOCALE[language]),
        cite=citation.citation(report.title, language, key).removesuffix(key),
        style="".join((layout.TEMPLATES / f"{name}.css").read_text("utf-8")
                      for name in ("style", "report")),
        header=_css_text(report.title),
        footer=f"{_css_text(page)} counter(page) {_css_text(pages_of)} counter(pages)",
    )  # fmt: skip
    return text, tuple(missing)


def _page_numbers(pdf: Path) -> dict[str, int]:
    """Return on which page of a PDF each anchor is."""
    # Takes long to import, and most runs print nothing.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(pdf)
        page, places = reader.get_destination_page_number, reader.named_destinations
        return {name.lstrip("/"): page(place) + 1 for name, place in places.items()}
    except PyPdfError as error:
        raise NaravardError(f"the browser's PDF cannot be read: {error}") from None


def _make(
    report: Report, site: Path, state: dict, printer: Printer, force: bool
) -> tuple[bool, tuple[str, ...]]:
    """Make a report if what it says has changed; return whether, and what it lacks."""
    text, missing = document(report, site, state)
    folder = site / report.key
    digest = hashlib.sha256(text.encode())
    for name in re.findall(r'src="\.\./([^"/]+)"', text):  # the figures
        digest.update((folder / unescape(name)).read_bytes())
    now = {"made_from": digest.hexdigest()}
    if record.read(folder / STATE) == now and (folder / report.name).is_file() and not force:
        return False, missing
    (folder / STATE).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=_WORK, ignore_cleanup_errors=True) as work:
        numbers = _page_numbers(printer.print(text, Path(work)))
        pdf = printer.print(document(report, site, state, numbers)[0], Path(work))
        pdf.chmod(0o644)
        pdf.replace(folder / report.name)  # nothing half done is left
    record.put(folder / STATE, json.dumps(now) + "\n")
    return True, missing


@dataclass
class Made:
    """How the reports went: made now, up to date, failed and why, and which notebooks they lack."""

    made: list[Path] = field(default_factory=list)
    up_to_date: list[Path] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    missing: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def as_text(self) -> str:
        """Return in one line how many reports were made and are up to date."""
        parts = [f"{len(self.made)} reports"]
        parts += [f"{len(self.up_to_date)} up to date"] * bool(self.up_to_date)
        parts += [f"{len(self.failed)} failed"] * bool(self.failed)
        where = [*self.made, *self.up_to_date][:1]
        return ", ".join(parts) + "".join(f" → {path}" for path in where)

    def complaints(self) -> list[str]:
        """Return a line for each report that failed or lacks a question."""
        lines = [f"failed: report {report}: {error}" for report, error in self.failed]
        return lines + [f"report {report} lacks {', '.join(n)}" for report, n in self.missing]

    def as_dict(self) -> dict:
        """Return all of it for machines."""
        return {
            "made": [str(path) for path in self.made],
            "standing": [str(path) for path in self.up_to_date],
            "failed": [{"report": report, "error": error} for report, error in self.failed],
            "missing": dict(self.missing),
        }


def write(
    site: Path, jobs: Iterable[Job], at_once: int = AT_ONCE, *, force: bool = False,
    timeout: float | None = None,
) -> Made:  # fmt: skip
    """Make the reports of the regions and languages of some jobs, from the pages in a site.

    ``force`` makes also those that would say what they say already; ``timeout`` is in seconds.
    Raises if there is no browser, or another render writes to the site. On Ctrl-C the browsers
    have been ended when it raises.
    """
    program, site = find_browser(), Path(site).resolve()
    wanted = {Report(job.language, job.region) for job in jobs}
    ended = Made()
    with record.lock(site):
        state = record.read_state(site)
        for left in site.glob(f"*/*/{_WORK}*"):  # by a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        with Printer(program, timeout or TIMEOUT, at_once) as printer:
            order = sorted(wanted, key=lambda report: (report.region, report.language != "sv"))
            submit = printer.pool.submit
            under_way = [(r, submit(_make, r, site, state, printer, force)) for r in order]
            for report, future in under_way:
                try:
                    made, missing = future.result()
                except (NaravardError, OSError) as error:
                    ended.failed.append((report.key, str(error)))
                    continue
                (ended.made if made else ended.up_to_date).append(site / report.key / report.name)
                if missing:
                    ended.missing.append((report.key, missing))
    return ended
