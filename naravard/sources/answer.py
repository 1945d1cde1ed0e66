"""What a publisher answered: rows as they go to data/raw, and the requests that brought them.

Also the shapes of answers as publishers send them (`Shape`).
"""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import asdict, astuple, dataclass, field, fields
from typing import Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from naravard.catalogue.model import wrong_field
from naravard.errors import NaravardError
from naravard.regions import CODES

#: The precision of a value that is not computed or exported.
PUBLISHED = "as published"
#: How the note of a row begins whose value the publisher withholds; also its status when built.
SUPPRESSED = "suppressed"
#: Columns that a raw file of observations may have after `COLUMNS`.
MORE_COLUMNS = ("numerator", "denominator", "lower", "upper")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


class SourceError(NaravardError):
    """What a publisher answered, or that it did not, in one sentence; nothing was written."""


class Unanswered(SourceError):
    """There was no answer at all: the network, or the publisher's server."""


@dataclass(frozen=True)
class Request:
    """One request that was answered: when (ISO 8601, UTC), and the sha256 of the answer's body.

    ``body`` is what was sent along; it and ``etag`` are empty if there was none.
    """

    url: str
    time: str
    sha256: str
    body: str = ""
    etag: str = ""

    def record(self) -> dict:
        """Return what the manifest keeps."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, order=True)
class Row:
    """One value as published: the columns of a raw file.

    Numbers are the publisher's digits with a decimal point; a ``value`` that is missing or
    suppressed is empty, with the reason in ``note``.
    """

    series: str
    region: str
    year: str
    sex: str
    value: str
    unit: str
    precision: str = PUBLISHED
    source_title: str = ""
    source_url: str = ""
    note: str = ""
    numerator: str = ""
    denominator: str = ""
    lower: str = ""
    upper: str = ""


#: The columns of a raw file of observations, in this order.
COLUMNS = tuple(f.name for f in fields(Row) if f.name not in MORE_COLUMNS)


@dataclass
class Answer:
    """Everything that a publisher answered about one data set.

    ``sources`` are title and address of what it depends on; ``remarks`` what a user should know:
    ids that came back empty, rows left out and why.
    """

    title: str
    licence: str
    sources: list[tuple[str, str]]
    rows: list[Row] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the checked raw file's text, sorted by series, region, year and sex."""
        check(self.rows, self.title)
        more = any(getattr(row, name) for row in self.rows for name in MORE_COLUMNS)
        columns = (*COLUMNS, *MORE_COLUMNS) if more else COLUMNS
        file = io.StringIO()
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(columns)
        lines.writerows(astuple(row)[: len(columns)] for row in sorted(self.rows))
        return file.getvalue()


def check(rows: list[Row], name: str) -> None:
    """Check that rows can go into a raw file; the catalogue's own checks come after."""
    if not rows:
        raise SourceError(f"{name}: the answer holds no rows for the 22 regions")
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = (row.series, row.region, row.year, row.sex)
        where = f"{name}: region {row.region}, {row.year}, {row.sex}"
        if row.region not in CODES:
            raise SourceError(f"{name}: unknown region '{row.region}' in the answer")
        if not (row.year.isdecimal() and len(row.year) == 4):
            raise SourceError(f"{where}: '{row.year}' is not a year")
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


def number(value: object, where: str = "", name: str = "value") -> str:
    """Write a number as the publisher gave it, without a needless ".0"; empty for None."""
    if value is None:
        return ""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if not known or not math.isfinite(value):
        raise SourceError(f"{where}{': ' if where else ''}the {name} {value!r} is not a number")
    return str(int(value)) if value == int(value) else repr(value)


class Shape(BaseModel):
    """A part of a publisher's answer; fields that are not known are let be.

    Ids that come as numbers are read as text: publishers write them both ways.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    @classmethod
    def read(cls, content: object, where: str) -> Self:
        """Read JSON; a SourceError that begins with ``where`` says what is missing or wrong."""
        return cls._checked(cls, content, where)

    @classmethod
    def read_all(cls, content: object, where: str) -> list[Self]:
        """Read a list of them."""
        return cls._checked(list[cls], content, where)

    @staticmethod
    def _checked(shape: type, content: object, where: str):
        try:
            return TypeAdapter(shape).validate_python(content)
        except ValidationError as error:
            raise SourceError(f"{where}: {first_fault(error)}") from None


def first_fault(error: ValidationError) -> str:
    """Say what pydantic finds wrong first: where, and what is there instead."""
    first = error.errors()[0]
    path, given = [str(part) for part in first["loc"]], first["input"]
    if first["type"] == "missing":
        there = ", ".join(f"'{key}'" for key in list(given)[:12]) or "none"
        told = f"the field '{path.pop()}' is missing; the fields are {there}"
    elif first["type"] in ("list_type", "model_type", "dict_type"):
        kind = "a list" if first["type"] == "list_type" else "an object"
        told = f"{str(given)[:60]!r} stands where {kind} should"
    else:
        return wrong_field(error)
    return ": ".join(filter(None, [".".join(path), told]))
