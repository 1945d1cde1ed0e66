"""Figures to take away: tables as CSV that say what they are, and the collection in one file.

What is written here is opened in spreadsheets: no text may become a formula there.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from naravard.batch import cache
from naravard.catalogue import Indicator, catalogue, indicator, parts, unit
from naravard.catalogue.model import EVERYWHERE
from naravard.data import citation, load, raw
from naravard.language import opening
from naravard.regions import CODES
from naravard.site import pages
from naravard.site.words import DOWNLOADS
from naravard.tables.csv import _WORDS, header, safe, table_text

#: The folder of a site that `collection` writes to, and what it says of what is there.
FOLDER, KEY = "downloads", "key.txt"
PARQUET, EXCEL = "naravard.parquet", "naravard.xlsx"
#: The title that the collection is cited by; what a reader of its table and its sheets must know.
TITLE, COLUMNS, _SHEETS = (DOWNLOADS[name] for name in ("title", "columns", "sheets"))
#: Characters that a cell of Excel can hold; the widths of columns of codes and of text.
_LONGEST = 32767
_NARROW, _WIDE = 12, 60


def _indicator_text(id: str, rows: pd.DataFrame) -> str:
    """Return all observations of an indicator as CSV, with what to know of them, in English."""
    entry = indicator(id)
    sources = [entry.source_line("en"), *(part.source_line("en") for part in parts(entry))]
    said = header(opening(entry.name.en), entry.definition.en, unit(entry).name.en, sources,
                  (id,), CODES, "en")  # fmt: skip
    return table_text([*said[:-1], f"{_WORDS['columns']['en']}: {COLUMNS['en']}", said[-1]], rows,
                      index=False)  # fmt: skip


def _parquet(observations: pd.DataFrame, key: str) -> bytes:
    import pyarrow
    import pyarrow.parquet

    arrow = pyarrow.Table.from_pandas(observations, preserve_index=False, nthreads=1)
    said = {
        "naravard_key": key,
        "naravard_citation": citation.citation(TITLE["en"], "en", key),
        "naravard_terms": "; ".join(dict.fromkeys(f.licence for f in raw.manifest().values())),
        "naravard_columns": COLUMNS["en"],
    }
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **said})
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(arrow, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def collection(site: Path) -> list[Path]:
    """Write the whole collection into a site: Parquet, Excel, and a CSV file an indicator.

    Nothing is written if all files are there and up to date; they are returned all the same.
    Raises if the data have not been built.
    """
    folder = Path(site) / FOLDER
    observations = load.table()
    ids = sorted(observations["indicator"].unique())
    files = [folder / name for name in (PARQUET, EXCEL, *(f"{id}.csv" for id in ids))]
    key, manifest = citation.key(), hashlib.sha256(raw.manifest_path().read_bytes()).hexdigest()
    stamp, kept = f"{key}\n{cache.package()}\n{manifest}\n", folder / KEY  # what files depend on
    if kept.is_file() and kept.read_text("utf-8") == stamp and all(f.is_file() for f in files):
        return files
    folder.mkdir(parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    raw.write_atomically(folder / PARQUET, _parquet(observations, key))
    raw.write_atomically(folder / EXCEL, workbook(observations, key))
    for id, rows in observations.groupby("indicator"):
        text = _indicator_text(id, rows)
        raw.write_atomically(folder / f"{id}.csv", text.encode("utf-8-sig"))
    for old in set(folder.glob("*.csv")) - set(files):
        old.unlink()
    raw.write_atomically(kept, stamp)
    return files


def workbook(observations: pd.DataFrame, key: str) -> bytes:
    """Return the collection as one Excel workbook: about, indicators, observations, breaks.

    The vintage in the collection's key is the workbook's date, so that the same collection gives
    the same bytes.
    """
    book = Workbook(write_only=True)
    entries = [catalogue().indicators[id] for id in sorted(observations["indicator"].unique())]
    _sheet(book, "about", ["", "svenska", "English"], _about(key), (34, _WIDE, _WIDE), False)
    _sheet(book, "indicators", _INDICATOR, map(_indicator, entries), wrap=True)
    rows = observations.astype(object).where(observations.notna(), None)
    widths = tuple(40 if name in ("indicator", "source", "note") else _NARROW for name in rows)
    _sheet(book, "observations", list(rows), rows.itertuples(index=False), widths)
    head = ["indicator", "region", "year", "reason_sv", "reason_en"]
    _sheet(book, "breaks", head, _breaks(entries), (40, _NARROW, _NARROW, _WIDE, _WIDE), wrap=True)
    file = io.BytesIO()
    book.save(file)
    return _dated(file.getvalue(), citation.day(key))


def _about(key: str) -> Iterable[list]:
    yield ["naravard", TITLE["sv"], TITLE["en"]]
    yield ["citation", *(citation.citation(TITLE[lang], lang, key) for lang in ("sv", "en"))]
    yield ["key", key, key]
    yield ["how to read", _SHEETS["sv"], _SHEETS["en"]]
    yield ["columns", COLUMNS["sv"], COLUMNS["en"]]
    yield []
    yield ["raw file", "title", "terms", "sources", "accessed", "sha256"]
    for file in sorted(raw.manifest().values(), key=lambda file: file.path):
        sources = "; ".join(source["title"] for source in file.sources)
        yield [file.path, file.title, file.licence, sources, file.accessed, file.sha256]


_INDICATOR = [
    "id", "name_sv", "name_en", "definition_sv", "definition_en", "unit_sv", "unit_en",
    "wanted_direction", "strategic_direction", "source", "source_id", "caveats_sv", "caveats_en",
]  # fmt: skip


def _indicator(entry: Indicator) -> list:
    said = ("\n".join(pages.caveats(entry, lang, _codes)) for lang in ("sv", "en"))
    return [
        entry.id, entry.name.sv, entry.name.en, entry.definition.sv, entry.definition.en,
        unit(entry).name.sv, unit(entry).name.en, entry.polarity, entry.strategic_direction,
        entry.publisher.en, entry.source.id if entry.source else None, *said,
    ]  # fmt: skip


def _codes(codes: Iterable[str], language: str) -> str:
    return ", ".join(codes)


def _breaks(entries: list[Indicator]) -> Iterable[list]:
    for entry in entries:
        for one in sorted(entry.breaks, key=lambda one: one.year):
            for code in one.regions:
                code = "all" if code == EVERYWHERE else code
                yield [entry.id, code, one.year, one.reason.sv, one.reason.en]


def _sheet(book, name, head, rows, widths=(), table=True, wrap=False) -> None:
    """Write a sheet with a bold first row that stays in sight, and a filter on it."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths or [30] * len(head), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    # A write-only sheet writes its head first: the filter's reach must be known by then.
    rows = list(rows)
    if table:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{len(rows) + 1}"
    folded = Alignment(wrap_text=True, vertical="top")
    style = {"alignment": folded} if wrap or not table else {}
    sheet.append([_cell(sheet, value, {**style, "font": Font(bold=True)}) for value in head])
    for row in rows:
        sheet.append([_cell(sheet, value, style) for value in row])


def _cell(sheet, value, style: dict):
    """Return what a sheet takes for a value: text stays text, and a number is the number it was."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", safe(value))[:_LONGEST] or None
    if isinstance(value, float):  # openpyxl would write 16 digits, of 79.4 too
        cell = WriteOnlyCell(sheet, repr(value))
        cell.data_type = "n"
    elif not style and value not in ERROR_CODES:
        return value
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            cell.data_type = "s"
    for name, given in style.items():
        setattr(cell, name, given)
    return cell


def _dated(packed: bytes, day: tuple[int, int, int]) -> bytes:
    """Put one date in place of the clock's, which openpyxl writes into the file's parts."""
    stamp = "{:04d}-{:02d}-{:02d}T00:00:00Z".format(*day)
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(result, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: name != "[Content_Types].xml"):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb">[^<]*(</dcterms:)", b">%s\\1" % stamp.encode(), content)
            part = zipfile.ZipInfo(name, (*day, 0, 0, 0))
            part.external_attr = 0o644 << 16
            new.writestr(part, content, zipfile.ZIP_DEFLATED, compresslevel=6)
    return result.getvalue()
