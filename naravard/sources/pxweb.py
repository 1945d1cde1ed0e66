"""PxWebApi 2: a table's variables, and queries below the publisher's limits.

What other clients have noted, and what could not be checked against SCB itself: `role.geo` is not
set, `dimension.<variable>.extension.elimination` means "may be left out" in metadata only, and an
address of more than about 2,100 characters is answered with 404.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from naravard.errors import did_you_mean
from naravard.sources import jsonstat
from naravard.sources.answers import SourceError
from naravard.sources.jsonstat import Selection, quoted


@dataclass(frozen=True)
class Variable:
    """A variable of a table.

    Attributes
    ----------
    code, label : str
    values : dict of str to str
        Label by code, in the table's order.
    eliminable : bool
        Whether it may be left out: SCB then gives its total or the sum over it.
    """

    code: str
    label: str
    values: dict[str, str]
    eliminable: bool

    def choose(self, wanted: list[str], table: str) -> list[str]:
        """Return the codes that are meant, each once (a code asked for twice is answered with 500).

        Parameters
        ----------
        wanted : list of str
            Codes, or labels where no code is so.
        table : str
            For the message.

        Raises
        ------
        SourceError
            If neither a code nor a single label is so.
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

        Raises
        ------
        SourceError
            If two variables have the role or label.
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
    """Read a table's metadata.

    Raises
    ------
    SourceError
        If they are not JSON-stat 2.
    """
    data = jsonstat.read(payload, f"metadata of {id}")
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
    """Halve a selection until every part can be asked for.

    Parameters
    ----------
    selection : dict of str to list of str
    fits : callable
        Whether a selection can be asked for at once.
    along : list of str
        The variables that may be halved, the first first.

    Returns
    -------
    list of dict
        Every cell of the selection is in exactly one.

    Raises
    ------
    SourceError
        If a part cannot be made small enough.
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
