"""PxWebApi 2: a table's variables, and queries below the publisher's limits.

What other clients have noted, and what could not be checked against SCB itself: `role.geo` is not
set, `dimension.<variable>.extension.elimination` means "may be left out" in metadata only, and an
address of more than about 2,100 characters is answered with 404.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StrictFloat, StrictInt

from naravard.errors import did_you_mean
from naravard.sources.answer import Shape, SourceError

#: Codes by variable: what is asked for.
Selection = dict[str, list[str]]
Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]


class _Category(Shape):
    index: dict[str, int] | list[str] | None = None
    label: dict[str, str] = Field({})

    def codes(self) -> list[str]:
        if isinstance(self.index, list):
            return self.index
        if self.index is None:  # allowed where there is a single category
            return list(self.label)
        return sorted(self.index, key=self.index.__getitem__)


class _Extension(Shape):
    elimination: bool | None = None


class _Dimension(Shape):
    label: str = ""
    category: _Category
    extension: _Extension = _Extension()


class Dataset(Shape):
    """The parts of a JSON-stat 2 data set that are read; others are let be."""

    id: list[str]
    size: list[int]
    dimension: dict[str, _Dimension]
    role: dict[str, list[str]] = Field({})
    value: list[Number | None] | dict[int, Number | None] = Field([])
    status: dict[int, str] | list[str | None] | str | None = None

    @classmethod
    def of(cls, payload: object, name: str) -> Dataset:
        """Read a data set whose parts fit together; ``name`` begins the message if they do not."""
        data = cls.read(payload, f"{name}: not JSON-stat 2")
        if len(data.id) != len(data.size) or set(data.id) - set(data.dimension):
            raise SourceError(
                f"{name}: not JSON-stat 2: id, size and dimension do not fit together"
            )
        for variable, size in zip(data.id, data.size, strict=True):
            category = data.dimension[variable].category
            places = category.index.values() if isinstance(category.index, dict) else range(size)
            if len(set(category.codes())) != size or sorted(places) != list(range(size)):
                raise SourceError(f"{name}: the codes of '{variable}' do not fit its size {size}")
        return data

    def values(self, name: str) -> list[int | float | None]:
        """Return the value of each cell, also where the answer leaves out those without one."""
        count, values = math.prod(self.size), self.value
        if isinstance(values, dict):
            if any(not 0 <= position < count for position in values):
                raise SourceError(f"{name}: a value lies outside the {count} cells of the answer")
            return [values.get(position) for position in range(count)]
        if len(values) != count:
            raise SourceError(f"{name}: the answer has {len(values)} values for {count} cells")
        return values

    def symbol(self, position: int) -> str:
        """Return the publisher's symbol for a cell, empty if there is none."""
        if isinstance(self.status, dict):
            return self.status.get(position, "")
        if isinstance(self.status, list):
            return (self.status[position] or "") if position < len(self.status) else ""
        return self.status or ""


@dataclass(frozen=True)
class Cell:
    """One value of an answer, None where there is none, and the publisher's symbol for it."""

    value: int | float | None
    status: str = ""


def read_cells(payload: object, selection: Selection, name: str) -> dict[tuple[str, ...], Cell]:
    """Read an answer: cells by the codes of the selection's variables, in its order.

    Raises SourceError if it is not JSON-stat 2, or holds other cells than were asked for.
    """
    data = Dataset.of(payload, name)
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
    values = data.values(name)
    codes = [data.dimension[variable].category.codes() for variable in data.id]
    found = {}
    # Row-major: the last variable runs fastest, as it does in product.
    for position, key in enumerate(itertools.product(*codes)):
        at = dict(zip(data.id, key, strict=True))
        found[tuple(at[v] for v in selection)] = Cell(values[position], data.symbol(position))
    return found


@dataclass(frozen=True)
class Variable:
    """A variable of a table; ``values`` are labels by code, in the table's order.

    One that is ``eliminable`` may be left out: SCB then gives its total or the sum over it.
    """

    code: str
    label: str
    values: dict[str, str]
    eliminable: bool

    def choose(self, wanted: list[str], table: str) -> list[str]:
        """Return the codes that are meant by codes or labels, each once.

        SCB answers a code that is asked for twice with status 500.
        """
        found, unknown = [], []
        for word in wanted:
            labelled = [c for c, text in self.values.items() if text.casefold() == word.casefold()]
            if word in self.values or len(labelled) == 1:
                found.append(word if word in self.values else labelled[0])
            elif labelled:
                raise SourceError(
                    f"{table}: '{word}' names {quoted(labelled)} of variable '{self.code}': "
                    "give the code"
                )
            else:
                unknown.append(word)
        if unknown:
            hint = did_you_mean(unknown[0], {*self.values, *self.values.values()})
            raise SourceError(f"{table}: variable '{self.code}' has no {quoted(unknown)}{hint}")
        return list(dict.fromkeys(found))

    def described(self, most: int = 5) -> str:
        """Return its code and first values, for a message."""
        shown = [f"'{code}' ({label})" for code, label in list(self.values.items())[:most]]
        more = f" and {len(self.values) - most} more" if len(self.values) > most else ""
        return f"'{self.code}' ({self.label}) with {', '.join(shown)}{more}"


@dataclass(frozen=True)
class Table:
    """What the metadata say of a table."""

    id: str
    variables: dict[str, Variable]
    roles: dict[str, list[str]]

    def variable(self, code: str, label: str = "", role: str = "") -> Variable | None:
        """Find a variable by its code, else by its role, else by its label; None if there is none.

        Raises SourceError if two variables have the role or label.
        """
        by_role = [self.variables[v] for v in self.roles.get(role, []) if v in self.variables]
        labels = {code.casefold(), label.casefold()}
        by_label = [v for v in self.variables.values() if v.label.casefold() in labels]
        found = [self.variables[code]] if code in self.variables else by_role or by_label
        if len(found) > 1:
            raise SourceError(
                f"{self.id}: {quoted(v.code for v in found)} could each be '{code}': "
                "name the variable by its code"
            )
        return found[0] if found else None


def read_metadata(payload: object, id: str) -> Table:
    """Read a table's metadata."""
    data = Dataset.of(payload, f"metadata of {id}")
    variables = {}
    for code in data.id:
        dimension = data.dimension[code]
        labels = {c: dimension.category.label.get(c, c) for c in dimension.category.codes()}
        eliminable = bool(dimension.extension.elimination)
        variables[code] = Variable(code, dimension.label or code, labels, eliminable)
    return Table(id, variables, data.role)


def cells(selection: Selection) -> int:
    """Return how many cells a selection has."""
    return math.prod(len(codes) for codes in selection.values())


def split(
    selection: Selection, fits: Callable[[Selection], bool], along: list[str]
) -> list[Selection]:
    """Halve a selection along some variables until every part fits; each cell is in one part.

    Raises SourceError if a part cannot be made small enough.
    """
    if fits(selection):
        return [selection]
    for variable in along:
        codes = selection[variable]
        if len(codes) > 1:
            halves = codes[: len(codes) // 2], codes[len(codes) // 2 :]
            return [
                part
                for half in halves
                for part in split({**selection, variable: half}, fits, along)
            ]
    raise SourceError(
        f"a query of {cells(selection)} cells is too large for the publisher and cannot be divided"
    )


def quoted(words: Iterable[str]) -> str:
    """Write words for a message."""
    return ", ".join(f"'{word}'" for word in words)
