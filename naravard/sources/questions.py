"""What publishers are asked: files of requests, one after the other, and names looked up."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from naravard.catalogue.model import Part, validated
from naravard.errors import did_you_mean
from naravard.paths import read_toml
from naravard.sources.answer import Answer, SourceError, check


def read_requests(path: Path, model: type[Part]) -> dict[str, Part]:
    """Read a file of requests, ``<publisher>.toml``: one table a data set, by publisher/dataset."""
    return {
        f"{path.stem}/{name}": validated(model, table, f"{path.name}: {name}")
        for name, table in read_toml(path).items()
    }


def each(
    datasets: Iterable[str], known: Iterable[str], answer: Callable[[str], Answer]
) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for data sets one by one, and check; the fault of one does not end the others."""
    for dataset in datasets:
        try:
            if dataset not in known:
                raise SourceError(f"no request for '{dataset}'{did_you_mean(dataset, known)}")
            result: Answer | SourceError = answer(dataset)
            check(result.rows, dataset)
        except SourceError as error:
            result = error
        yield dataset, result


def one(phrase: str, names: dict[str, str], where: str) -> str:
    """Return the id of the one name that equals a phrase or, failing that, holds all its words."""
    wanted, folded = _fold(phrase), {id: _fold(name) for id, name in names.items()}
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
    original = {name: names[id] for id, name in folded.items()}
    close = difflib.get_close_matches(wanted, original, n=5, cutoff=0)
    listed = ", ".join(f"'{original[name]}'" for name in close)
    raise SourceError(f"{where}: no name holds '{phrase}'; the closest are {listed or 'none'}")


def _fold(text: str) -> str:
    """Fold case, dashes and spaces, so that "0–85+" and "0-85+" meet.

    Signs and accents stay, unlike in `naravard.regions.fold`: "85+" is another answer than "85".
    """
    return " ".join(text.casefold().replace("–", "-").split())
