"""What of a run notebook goes into a region's report: everything but the code, and in order."""

from __future__ import annotations

import ast
import base64
import re
from dataclasses import dataclass, field
from pathlib import Path

from naravard.batch.jobs import Job
from naravard.regions import BY_CODE
from naravard.site import notebook as export
from naravard.site import reports_tables
from naravard.site.reports_words import WORDS

#: What stays on the pages: how a trend was computed, how alike regions are, every region's slope.
LEFT_OUT = ("trend_table", "similar_table", "figures.slopes")
#: A longer table stays on the page, and the report says so.
MOST_ROWS = 30
_SOURCE = re.compile(r"- (?P<name>.+): `data/raw/(?P<file>[^`]+)`, sha256 `(?P<sha256>\w+)`$")
_MIMES = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Block:
    """A piece of a section: ``kind`` is lead, text, figure, table, plain or note.

    Attributes
    ----------
    html : str
        Of a lead or text (the author's words, a computed sentence): HTML made from Markdown;
        markup in it is escaped.
    table : Table or None
    words : str
        Of plain text and notes; the alternative text of a figure.
    image, caption : str
        A figure's data address and what stands under it besides its number.
    tall : bool
        The figure is higher than wide.
    """

    kind: str
    html: str = ""
    table: reports_tables.Table | None = None
    words: str = ""
    image: str = ""
    caption: str = ""
    tall: bool = False


@dataclass
class Part:
    """A heading and what stands under it."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Section:
    """One question of a report.

    Attributes
    ----------
    name, title : str
        The notebook's name, and its question.
    lead : str
        HTML of the background.
    headlines : list of str
        What is bold in the bottom line, a sentence each.
    finding : list of Block
        The bottom line.
    parts : list of Part
    limits : list of (str, str)
        Reservations: the name of a measure (or nothing) and Markdown.
    sources : list of (str, str, str)
        Name, file and checksum.
    others : list of str
        The other lines of the provenance.
    """

    name: str
    title: str = ""
    lead: str = ""
    headlines: list[str] = field(default_factory=list)
    finding: list[Block] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    limits: list[tuple[str, str]] = field(default_factory=list)
    sources: list[tuple[str, str, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def markdown(text: str) -> str:
    """Return Markdown as HTML; HTML in it is shown as text."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(text)


def plain(text: str) -> str:
    """Return Markdown's words, to compare them with others."""
    return " ".join(text.replace("*", "").split())


def _call(source: str) -> ast.Call | None:
    """Return the call whose result a cell shows."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):
        return None
    return last.value if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) else None


def _name(source: str) -> str:
    """Return what a cell calls, ``figures.points``; "" if its last line calls nothing."""
    call = _call(source)
    return ast.unparse(call.func).removeprefix("nv.") if call else ""


def _stays_on_page(source: str) -> bool:
    name = _name(source)
    if name == "claims_table":  # one document after the other: too long to read on paper
        return not any(keyword.arg == "outcome" for keyword in _call(source).keywords)
    return name in LEFT_OUT


def _groups(cells) -> list[tuple[str, list]]:
    """Group cells under their headings: (heading, cells)."""
    groups: list[tuple[str, list]] = [("", [])]
    for cell in cells:
        first, _, rest = cell.source.partition("\n")
        if cell.cell_type == "markdown" and re.match(r"##? ", first):
            groups.append((first, []))
            if rest.strip():
                groups[-1][1].append(_text_cell(rest))
        elif cell.cell_type != "raw":
            groups[-1][1].append(cell)
    return groups


def _text_cell(text: str):
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(text)


class _Reader:
    """Reads one notebook; the parts of a section come out in order."""

    def __init__(self, job: Job, folder: Path):
        self._job, self._folder = job, folder
        self._words = WORDS[job.language]
        self._figures = 0
        self._said = ""  # what the section has said so far, to say nothing twice under a figure
        self.section = Section(job.notebook)

    def group(self, heading: str, cells: list) -> None:
        title = heading.lstrip("# ").strip()
        calls = {_name(cell.source) for cell in cells if cell.cell_type == "code"}
        if heading.startswith("# ") and not self.section.title:
            self.section.title = title
            self.section.lead = "".join(
                markdown(cell.source) for cell in cells if cell.cell_type == "markdown"
            )
        elif "provenance" in calls:
            self._provenance(cells)
        elif "limits" in calls:
            self._limits(cells)
        elif any("bottom-line" in cell.metadata.get("tags", []) for cell in cells):
            self._bottom_line(cells)
        else:
            self._part(title, cells)

    def _markdown(self, cell) -> str:
        if cell.cell_type == "markdown":
            return cell.source
        texts = (output.get("data", {}).get("text/markdown", "") for output in cell.outputs)
        return "\n\n".join(text for text in texts if text)

    def _limits(self, cells) -> None:
        for cell in cells:
            for text in re.split(r"\n+(?=\*\*)", self._markdown(cell).strip()):
                first, _, rest = text.partition("\n")
                if first.startswith("**") and first.endswith("**"):
                    self.section.limits.append((first.strip("*"), rest.strip()))
                elif text:
                    self.section.limits.append(("", text))

    def _provenance(self, cells) -> None:
        for line in "\n".join(map(self._markdown, cells)).splitlines():
            found = _SOURCE.match(line)
            if found:
                self.section.sources.append(found.group("name", "file", "sha256"))
            elif line.startswith("- "):
                self.section.others.append(line.removeprefix("- "))

    def _bottom_line(self, cells) -> None:
        for cell in cells:
            if "bottom-line" in cell.metadata.get("tags", []):
                self.section.headlines += re.findall(r"\*\*(.+?)\*\*", self._markdown(cell))
            self.section.finding += self._blocks(cell, self._words["finding"])

    def _part(self, title: str, cells) -> None:
        part = Part(title)
        for cell in cells:
            part.blocks += self._blocks(cell, title)
        computed = any(cell.cell_type == "code" for cell in cells)
        # A heading whose tables all stay on the page would stand alone.
        if part.blocks and (not computed or any(block.kind != "lead" for block in part.blocks)):
            self.section.parts.append(part)

    def _blocks(self, cell, title: str) -> list[Block]:
        if cell.cell_type == "markdown":
            return [Block("lead", html=markdown(cell.source))]
        blocks: list[Block] = []
        for output in cell.outputs:
            blocks += self._output(output, title, cell.source)
        return blocks

    def _output(self, output, title: str, source: str) -> list[Block]:
        data, stays = output.get("data", {}), _stays_on_page(source)
        if "image/png" in data:
            self._figures += 1  # also those that stay: the number is part of the SVG's name
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            return [] if stays else [self._figure(data["image/png"], alt, title)]
        if stays:
            return []
        if "text/html" in data:
            tables = reports_tables.read(data["text/html"])
            return [block for table in tables for block in self._table(table, source)]
        if "text/markdown" in data:
            text = data["text/markdown"].strip()
            self._said += " " + plain(text)
            return [Block("text", html=markdown(text))] if text else []
        words = output.get("text", data.get("text/plain", "")).strip()
        return [Block("plain", words=words)] if words else []

    def _table(self, table: reports_tables.Table, source: str) -> list[Block]:
        language, rows = self._job.language, len(table.rows)
        own = BY_CODE[self._job.region].label(language)
        regions = {region.label(language) for region in BY_CODE.values()}
        if rows > 1 and {row[0] for row in table.rows} <= regions:
            table = reports_tables.of_region(table, own)
            cut = len(table.rows) < rows
            note = [Block("note", words=self._words["own_rows"])] * cut
            return [Block("table", table=table), *note] if table.rows else []
        if rows > MOST_ROWS or _name(source) == "status_table":
            words = self._words["too_long"].format(rows=rows, caption=table.caption)
            return [Block("note", words=words)]
        return [Block("table", table=reports_tables.lying(table))] if rows else []

    def _figure(self, png: str, alt: str, title: str) -> Block:
        vector = self._folder / f"{self._job.notebook}-{self._figures}.svg"
        raw = base64.b64decode(png)
        wide, high = (int.from_bytes(raw[at : at + 4], "big") for at in (16, 20))
        kind, content = ("svg", vector.read_bytes()) if vector.is_file() else ("png", raw)
        said = plain(alt) in self._said
        return Block(
            "figure",
            image=f"data:{_MIMES[kind]};base64,{base64.b64encode(content).decode()}",
            words=alt,
            caption=f"{title.rstrip('.?!')}." + ("" if said else f" {alt}"),
            tall=high > wide,
        )


def read(notebook, job: Job, folder: Path) -> Section:
    """Take from a run notebook what goes into a report.

    Parameters
    ----------
    notebook : NotebookNode
        As the batch left it in the site.
    job : Job
        Which notebook, region and language it is.
    folder : Path
        Where figures as SVG lie, ``<notebook>-<n>.svg``.

    Returns
    -------
    Section
    """
    reader = _Reader(job, folder)
    for heading, cells in _groups(export.shown(notebook, job.language).cells):
        reader.group(heading, cells)
    return reader.section
