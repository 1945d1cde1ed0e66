"""What source modules share: their request files, required fields, and choosing by name."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from naravard.catalogue_parts import Part
from naravard.errors import NaravardError, did_you_mean
from naravard.sources.answers import Answer, SourceError


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
