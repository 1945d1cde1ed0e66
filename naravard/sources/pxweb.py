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
from typing import Annotated, NamedTuple

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
        if isinstance(self.index, dict):
            return sorted(self.index, key=self.index.__getitem__)
        return self.index or list(self.label)  # a single category may come without an index


class _Extension(Shape):
    elimination: bool | None = None


class _Dimension(Shape):
    label: str = ""
    category: _Category
    extension: _Extension = _Extension()


class Cell(NamedTuple):
    """One value of an answer, None where there is none, and the publisher's symbol for it."""

    value: int | float | None
    status: str = ""


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

    def cells(self, name: str) -> list[Cell]:
        """Return each cell in order, also where the answer leaves out those without a value."""
        count, values, status = math.prod(self.size), self.value, self.status
        if isinstance(values, dict):
            if any(not 0 <= position < count for position in values):
                raise SourceError(f"{name}: a value lies outside the {count} cells of the answer")
            values = [values.get(position) for position in range(count)]
        if len(values) != count:
            raise SourceError(f"{name}: the answer has {len(values)} values for {count} cells")
        if not isinstance(status, dict):  # a symbol for each cell, or one for all
            status = dict(enumerate(status if isinstance(status, list) else [status] * count))
        return [Cell(value, status.get(position) or "") for position, value in enumerate(values)]


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
    codes = [data.dimension[variable].category.codes() for variable in data.id]
    order = [data.id.index(variable) for variable in selection]
    # Row-major: the last variable runs fastest, as it does in product.
    keys = (tuple(key[i] for i in order) for key in itertools.product(*codes))
    return dict(zip(keys, data.cells(name), strict=True))


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
        labels = self.values.items()
        meant = {
            word: [word]
            if word in self.values
            else [code for code, label in labels if label.casefold() == word.casefold()]
            for word in wanted
        }
        where = f"variable '{self.code}'"
        for word, codes in meant.items():
            if len(codes) > 1:
                raise SourceError(
                    f"{table}: '{word}' names {quoted(codes)} of {where}: give the code"
                )
        if unknown := [word for word, codes in meant.items() if not codes]:
            hint = did_you_mean(unknown[0], {*self.values, *self.values.values()})
            raise SourceError(f"{table}: {where} has no {quoted(unknown)}{hint}")
        return list(dict.fromkeys(code for codes in meant.values() for code in codes))

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
    variable = next((v for v in along if len(selection[v]) > 1), None)
    if variable is None:
        raise SourceError(
            f"a query of {cells(selection)} cells is too large for the publisher and cannot be "
            "divided"
        )
    codes, half = selection[variable], len(selection[variable]) // 2
    parts = [{**selection, variable: part} for part in (codes[:half], codes[half:])]
    return [fitting for part in parts for fitting in split(part, fits, along)]


def quoted(words: Iterable[str]) -> str:
    """Write words for a message."""
    return ", ".join(f"'{word}'" for word in words)
