"""A region's report as one HTML page to print: cover, contents, conclusions, questions, sources.

What each question says comes from `naravard.site.reports_content`. The page holds its figures
and asks for nothing from anywhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from naravard.batch.jobs import Job
from naravard.data import citation, raw
from naravard.errors import NaravardError
from naravard.language import LOCALE
from naravard.notebooks import notebooks, titles
from naravard.regions import BY_CODE
from naravard.site import layout, record
from naravard.site.reports_content import Section, markdown, read
from naravard.site.reports_words import LICENCES_SV, METHODS, READING, WORDS

#: A reservation that so many measures of a question share is said once.
SHARED = 3


@dataclass(frozen=True)
class Report:
    """A region's report in one language."""

    language: str
    region: str

    @property
    def key(self) -> str:
        """``language/region``: the folder in the site."""
        return f"{self.language}/{self.region}"

    @property
    def name(self) -> str:
        """The file's name, of codes only."""
        return f"report-{self.region}-{self.language}.pdf"

    @property
    def title(self) -> str:
        """The report's title with the region's name."""
        region = BY_CODE[self.region].name(self.language)
        return f"{layout.WORDS[self.language]['site']}: {region}"


def _citation(report: Report) -> dict[str, str]:
    """Return the line that cites a report, and its permanent key."""
    key = citation.key(None)
    return {"key": key, "line": citation.citation(report.title, report.language, key)}


def _newest(language: str) -> str:
    """Return the date of the collection's newest figures in words."""
    from babel.dates import format_date

    newest = max(entry.vintage for entry in raw.manifest().values())
    try:
        return format_date(date.fromisoformat(newest[:10]), "long", LOCALE[language])
    except ValueError:
        return newest


def _sections(report: Report, site: Path, state: dict) -> tuple[list[Section], dict[str, str]]:
    """Return the questions that the site answers, and why others are missing by name."""
    import nbformat

    sections, missing = [], {}
    words = WORDS[report.language]
    for name in notebooks():
        job = Job(name, report.region, report.language)
        status = state.get(job.key, {}).get("status")
        path = site / record.paths(job)["notebook"]
        if status != "done" or not path.is_file():
            missing[name] = words["failed" if status == "failed" else "not_run"]
            continue
        notebook = nbformat.read(path, as_version=4)
        sections.append(read(notebook, job, path.parent))
    return sections, missing


def _limits(sections: list[Section], several: str) -> list[tuple[Section, list]]:
    """Return each question's reservations as (measure, HTML).

    A measure is there once, and so is a line that many measures of a question share.
    """
    seen: set[tuple[str, str]] = set()
    found = []
    for section in sections:
        new = [
            (name, [line for line in text.splitlines() if (name, line) not in seen])
            for name, text in section.limits
        ]
        seen.update((name, line) for name, lines in new for line in lines)
        times = Counter(line for name, lines in new if name for line in lines)
        common = [line for line in times if line and times[line] >= SHARED]
        rest = [(name, "\n".join(li for li in lines if li not in common)) for name, lines in new]
        shown = [(several, "\n".join(common))] * bool(common)
        shown += [(name, text) for name, text in rest if text.strip()]
        if shown:
            found.append((section, [(name, markdown(text)) for name, text in shown]))
    return found


def _sources(sections: list[Section], language: str) -> tuple[list[dict], list[tuple]]:
    """Return the files behind a report, and their licences as (letter, words, language)."""
    files: dict[str, dict] = {}
    letters: dict[str, str] = {}
    known = raw.manifest()
    for section in sections:
        for name, path, checksum in section.sources:
            licence = known[path].licence if path in known else ""
            if licence and licence not in letters:
                letters[licence] = chr(ord("a") + len(letters))
            entry = files.setdefault(path, {"names": [], "file": path, "checksum": checksum,
                                            "terms": letters.get(licence, "")})  # fmt: skip
            if name not in entry["names"]:
                entry["names"].append(name)
    licences = []
    for licence, letter in letters.items():
        own = LICENCES_SV.get(licence) if language == "sv" else licence
        licences.append((letter, own or licence, language if own else "en"))
    return list(files.values()), licences


def _css_text(text: str) -> str:
    """Return text as a string of CSS, in which no character has a meaning."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


def html(report: Report, site: Path, state: dict, numbers: dict[str, int] | None = None) -> tuple:
    """Put a report together.

    Parameters
    ----------
    report : Report
    site : Path
    state : dict
        How each job in the site went, see `naravard.site.record.read_state`.
    numbers : dict of str to int, optional
        The page on which each part begins, by its anchor.

    Returns
    -------
    (str, tuple of str)
        The page to print, and the notebooks that are missing.

    Raises
    ------
    NaravardError
        If the site has no page of the region.
    """
    sections, missing = _sections(report, site, state)
    if not sections:
        raise NaravardError(f"the site has no finished page of {report.key}")
    language, words = report.language, WORDS[report.language]
    page, of = words["page"].format(page="\0", pages="\1").split("\0")
    between, after = of.split("\1")
    footer = (f"{_css_text(page)} counter(page) {_css_text(between)} counter(pages) "
              f"{_css_text(after)}")  # fmt: skip
    files, licences = _sources(sections, language)
    known = notebooks()
    text = layout.template("report.html.j2").render(
        report=report, language=language, words=words, site=layout.WORDS[language],
        region=BY_CODE[report.region].name(language), newest=_newest(language),
        citation=_citation(report), reading=READING[language], methods=METHODS[language],
        sections=sections, limits=_limits(sections, words["several"]), files=files,
        licences=licences,
        made_with=list(dict.fromkeys(line for s in sections for line in s.others
                                     if line.startswith(("Versioner:", "Versions:")))),
        missing=[(titles(known[name]).get(language, name), why) for name, why in missing.items()],
        style=(layout.TEMPLATES / "report.css").read_text("utf-8"),
        header=_css_text(report.title), footer=footer, numbers=numbers or {},
    )  # fmt: skip
    return text, tuple(missing)
