"""What a publisher answered: rows as they go to data/raw, and the requests that brought them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, fields

from naravard.errors import NaravardError
from naravard.rawdata import COLUMNS, MORE_COLUMNS, SUPPRESSED
from naravard.regions import CODES

__all__ = ["SUPPRESSED", "Answer", "Request", "Row", "SourceError", "Unanswered", "check", "number"]

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


class SourceError(NaravardError):
    """What a publisher answered, or that it did not, in one sentence; nothing was written."""


class Unanswered(SourceError):
    """There was no answer at all: the network, or the publisher's server."""


@dataclass(frozen=True)
class Request:
    """One request that was answered.

    Attributes
    ----------
    url : str
        With everything that was asked for.
    time : str
        When it was answered, ISO 8601, UTC.
    sha256 : str
        Of the answer's body.
    body : str
        What was sent along, if anything.
    etag : str
        As the publisher gave it; empty if not.
    """

    url: str
    time: str
    sha256: str
    body: str = ""
    etag: str = ""

    def record(self) -> dict:
        """Return what the manifest keeps."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}


@dataclass(frozen=True, order=True)
class Row:
    """One value as published; the columns of `naravard.rawdata.COLUMNS` and `MORE_COLUMNS`.

    Attributes
    ----------
    series, region, sex, unit : str
    year : str
    value : str
        As the publisher wrote it but with a decimal point; empty if missing or suppressed, with
        the reason in ``note``.
    numerator, denominator, lower, upper : str
        As published, empty if not.
    """

    series: str
    region: str
    year: str
    sex: str
    value: str
    unit: str
    precision: str = "as published"
    source_title: str = ""
    source_url: str = ""
    note: str = ""
    numerator: str = ""
    denominator: str = ""
    lower: str = ""
    upper: str = ""


@dataclass
class Answer:
    """Everything that a publisher answered about one data set.

    Attributes
    ----------
    title, licence : str
        For the manifest.
    sources : list of (str, str)
        Title and address of what it rests on.
    rows : list of Row
    requests : list of Request
    remarks : list of str
        What a user should know: ids that came back empty, rows left out and why.
    """

    title: str
    licence: str
    sources: list[tuple[str, str]]
    rows: list[Row] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the raw file's text, sorted by series, region, year and sex.

        Raises
        ------
        SourceError
            If there is no row, a row stands twice, or a region, year, sex or number is none.
        """
        check(self.rows, self.title)
        more = any(getattr(row, name) for row in self.rows for name in MORE_COLUMNS)
        columns = (*COLUMNS, *MORE_COLUMNS) if more else COLUMNS
        file = io.StringIO()
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(columns)
        for row in sorted(self.rows):
            lines.writerow([getattr(row, name) for name in columns])
        return file.getvalue()


def check(rows: list[Row], name: str) -> None:
    """Check that rows can stand in a raw file; the catalogue's own checks come after."""
    if not rows:
        raise SourceError(f"{name}: the answer holds no rows for the 22 units")
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = (row.series, row.region, row.year, row.sex)
        where = f"{name}: region {row.region}, {row.year}, {row.sex}"
        if row.region not in CODES:
            raise SourceError(f"{name}: unknown region '{row.region}' in the answer")
        if not (row.year.isdecimal() and len(row.year) == 4):
            raise SourceError(f"{where}: '{row.year}' is no year")
        if row.sex not in ("T", "K", "M"):
            raise SourceError(f"{where}: '{row.sex}' is not T, K or M")
        for column in ("value", *MORE_COLUMNS):
            text = getattr(row, column)
            if text and not _NUMBER.fullmatch(text):
                raise SourceError(f"{where}: the {column} '{text}' is not a number")
        if not row.value and not row.note:
            raise SourceError(f"{where}: a missing value without a reason")
        if key in seen:
            raise SourceError(f"{where}: the answer holds the row twice")
        seen.add(key)


def number(value: object) -> str:
    """Write a number as the publisher gave it, without an exponent or a needless ".0".

    Raises
    ------
    SourceError
        If it is no number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SourceError(f"the value {value!r} is not a number")
    return str(int(value)) if value == int(value) else repr(value)
