"""What a publisher answered: rows as they go to data/raw, and the requests that brought them."""

from __future__ import annotations

import csv
import difflib
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from pydantic import ValidationError

from naravard.catalogue.model import Part
from naravard.errors import NaravardError, did_you_mean
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
    """One value as published; the columns of `naravard.sources.answer.COLUMNS` and `MORE_COLUMNS`.

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


# What source modules share: their request files, required fields, and choosing by name.
def read_requests(path: Path, model: type[Part]) -> dict[str, Part]:
    """Read a request file: one table for each data set.

    Parameters
    ----------
    path : Path
        ``<publisher>.toml``.
    model : type
        What a table may hold.

    Returns
    -------
    dict
        The tables by ``publisher/dataset``.

    Raises
    ------
    NaravardError
        If it is not TOML, or a table has a field too many or too few.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise NaravardError(f"{path.name}: {error}") from error
    found = {}
    for name, table in tables.items():
        try:
            found[f"{path.stem}/{name}"] = model.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in (name, *first["loc"]))
            raise NaravardError(f"{path.name}: {where}: {first['msg']}") from error
    return found


def each(
    datasets: Iterable[str], known: Iterable[str], answer: Callable[[str], Answer]
) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for one data set after the other; the fault of one does not end the others."""
    for dataset in datasets:
        try:
            if dataset not in known:
                raise SourceError(f"no request for '{dataset}'{did_you_mean(dataset, known)}")
            result: Answer | SourceError = answer(dataset)
        except SourceError as error:
            result = error
        yield dataset, result


def required(thing: object, name: str, where: str):
    """Return a field of a JSON object.

    Raises
    ------
    SourceError
        If it is no object, or has no such field: the message names those that it has.
    """
    if not isinstance(thing, dict):
        raise SourceError(f"{where}: {str(thing)[:60]!r} stands where an object should")
    if name not in thing:
        there = ", ".join(f"'{key}'" for key in list(thing)[:12]) or "none"
        raise SourceError(f"{where}: the field '{name}' is missing; the fields are {there}")
    return thing[name]


def a_list(thing: object, where: str) -> list:
    """Return what should be a list.

    Raises
    ------
    SourceError
        If it is none.
    """
    if not isinstance(thing, list):
        raise SourceError(f"{where}: {str(thing)[:60]!r} stands where a list should")
    return thing


def fold(text: str) -> str:
    """Fold case, dashes and spaces, so that "0–85+" and "0-85+" meet.

    Signs and accents stay, unlike in `naravard.regions.fold`: "85+" is another answer than "85".
    """
    return " ".join(text.casefold().replace("–", "-").split())


def one(phrase: str, names: dict[str, str], where: str) -> str:
    """Find the one name that equals a phrase or, failing that, holds all its words.

    Parameters
    ----------
    phrase : str
        From the request file.
    names : dict of str to str
        The publisher's names by id.
    where : str
        For messages.

    Returns
    -------
    str
        The id.

    Raises
    ------
    SourceError
        If no name or more than one fits; the message lists up to five.
    """
    wanted, folded = fold(phrase), {id: fold(name) for id, name in names.items()}
    found = [id for id, name in folded.items() if name == wanted]
    found = found or [
        id for id, name in folded.items() if all(word in name for word in wanted.split())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"'{names[id]}' ({id})" for id in found[:5])
        raise SourceError(
            f"{where}: '{phrase}' fits {len(found)} names, {listed}: "
            "the request file must hold more of the name that is meant"
        )
    close = difflib.get_close_matches(wanted, folded.values(), n=5, cutoff=0)
    listed = ", ".join(f"'{names[id]}'" for id in sorted(folded, key=_order(close, folded))[:5])
    raise SourceError(f"{where}: no name holds '{phrase}'; the closest are {listed or 'none'}")


def _order(close: list[str], folded: dict[str, str]) -> Callable[[str], int]:
    """Sort ids by how close their names are; those that are not among the closest come last."""
    return lambda id: close.index(folded[id]) if folded[id] in close else len(close)


#: The columns of a raw file of observations, in this order.
COLUMNS = (
    "series", "region", "year", "sex", "value", "unit",
    "precision", "source_title", "source_url", "note",
)  # fmt: skip


#: How the note of a row begins whose value the publisher withholds; also its status when built.
SUPPRESSED = "suppressed"


#: Further columns that a file may have after these.
MORE_COLUMNS = ("numerator", "denominator", "lower", "upper")
