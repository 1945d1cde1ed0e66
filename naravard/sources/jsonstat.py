"""JSON-stat 2: a data set's shape, checked, and its cells."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field, StrictFloat, StrictInt, ValidationError

from naravard.sources.answers import SourceError

#: Codes by variable: what is asked for.
Selection = dict[str, list[str]]
Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]


class _Category(BaseModel):
    index: dict[str, int] | list[str] | None = None
    label: dict[str, str] = {}

    def codes(self) -> list[str]:
        if isinstance(self.index, list):
            return self.index
        if self.index is None:  # allowed where there is a single category
            return list(self.label)
        return sorted(self.index, key=self.index.__getitem__)


class _Extension(BaseModel):
    elimination: bool | None = None


class _Dimension(BaseModel):
    label: str = ""
    category: _Category
    extension: _Extension = _Extension()


class Dataset(BaseModel):
    """The parts of a JSON-stat 2 data set that are read; others are let be."""

    id: list[str]
    size: list[int]
    dimension: dict[str, _Dimension]
    role: dict[str, list[str]] = {}
    value: list[Number | None] | dict[int, Number | None] = []
    status: dict[int, str] | list[str | None] | str | None = None


def read(payload: object, name: str) -> Dataset:
    """Read a data set's shape.

    Raises
    ------
    SourceError
        If it is not JSON-stat 2; ``name`` begins the message.
    """
    try:
        data = Dataset.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(f"{name}: not JSON-stat 2: {where}: {first['msg']}") from None
    if len(data.id) != len(data.size) or set(data.id) - set(data.dimension):
        raise SourceError(f"{name}: not JSON-stat 2: id, size and dimension do not fit together")
    for variable, size in zip(data.id, data.size, strict=True):
        category = data.dimension[variable].category
        places = category.index.values() if isinstance(category.index, dict) else range(size)
        if len(set(category.codes())) != size or sorted(places) != list(range(size)):
            raise SourceError(f"{name}: the codes of '{variable}' do not fit its size {size}")
    return data


@dataclass(frozen=True)
class Cell:
    """One value of an answer.

    Attributes
    ----------
    value : int, float or None
        None where the publisher has no value.
    status : str
        The publisher's symbol, empty if there is none.
    """

    value: int | float | None
    status: str = ""


def read_cells(payload: object, selection: Selection, name: str) -> dict[tuple[str, ...], Cell]:
    """Read an answer.

    Parameters
    ----------
    payload : object
        The JSON.
    selection : dict of str to list of str
        What was asked for.
    name : str
        For messages.

    Returns
    -------
    dict of tuple of str to Cell
        By the codes of the selection's variables, in its order.

    Raises
    ------
    SourceError
        If it is not JSON-stat 2, or holds other cells than were asked for.
    """
    data = read(payload, name)
    for variable, size in zip(data.id, data.size, strict=True):
        if variable not in selection and size != 1:
            raise SourceError(f"{name}: the answer is split by '{variable}', not asked for")
    for variable, asked in selection.items():
        if variable not in data.id:
            raise SourceError(f"{name}: the answer lacks the variable '{variable}'")
        came = set(data.dimension[variable].category.codes())
        if strange := sorted(came - set(asked)):
            raise SourceError(f"{name}: unknown {variable} {quoted(strange)} in the answer")
        if missing := sorted(set(asked) - came):
            raise SourceError(f"{name}: the answer lacks {variable} {quoted(missing)}")
    count = math.prod(data.size)
    values = data.value
    if isinstance(values, dict):
        if any(not 0 <= position < count for position in values):
            raise SourceError(f"{name}: a value stands outside the {count} cells of the answer")
        values = [values.get(position) for position in range(count)]
    if len(values) != count:
        raise SourceError(f"{name}: the answer has {len(values)} values for {count} cells")
    codes = [data.dimension[variable].category.codes() for variable in data.id]
    found = {}
    # Row-major: the last variable runs fastest, as it does in product.
    for position, key in enumerate(itertools.product(*codes)):
        at = dict(zip(data.id, key, strict=True))
        status = _status(data.status, position)
        found[tuple(at[v] for v in selection)] = Cell(values[position], status)
    return found


def _status(status: dict[int, str] | list[str | None] | str | None, position: int) -> str:
    if isinstance(status, dict):
        return status.get(position, "")
    if isinstance(status, list):
        return (status[position] or "") if position < len(status) else ""
    return status or ""


def quoted(words: Iterable[str]) -> str:
    """Write words for a message."""
    return ", ".join(f"'{word}'" for word in words)
