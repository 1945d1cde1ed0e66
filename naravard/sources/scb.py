"""SCB's statistical database, PxWebApi 2; ``scb.toml`` says what to ask it for.

Nothing here could be tried against SCB itself: see `scb_query` for what is built for that.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from pydantic import BaseModel, Field, ValidationError

from naravard.errors import did_you_mean
from naravard.sources import pxweb
from naravard.sources.answers import Answer, SourceError
from naravard.sources.client import Client
from naravard.sources.scb_query import LANGUAGE, Query
from naravard.sources.scb_wanted import wanted

NAME = "SCB"
BASE = "https://statistikdatabasen.scb.se/api/v2"
#: 30 requests in 10 seconds; what ``/config`` says goes first.
PAUSE = 0.34
#: Cells in one query, if ``/config`` does not say.
MOST_CELLS = 150_000
#: As many tables as `find` returns.
MOST_FOUND = 100


class _Config(BaseModel):
    maxDataCells: int = Field(MOST_CELLS, ge=1)
    maxCallsPerTimeWindow: int = 0
    timeWindow: float = 0


class _Found(BaseModel):
    id: str
    label: str = ""
    firstPeriod: str | None = None
    lastPeriod: str | None = None
    updated: str | None = None


class _Finds(BaseModel):
    tables: list[_Found]


def datasets() -> list[str]:
    """Return the data sets of ``scb.toml``; one without a table yields an error that lists some."""
    return list(wanted())


def ask(datasets: Iterable[str], client: Client) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for data sets.

    Parameters
    ----------
    datasets : iterable of str
    client : Client
        Its pause grows to what ``/config`` asks for.

    Yields
    ------
    (str, Answer or SourceError)
        One for each data set.
    """
    try:
        most_cells = _limits(client)
    except SourceError as error:
        for name in datasets:
            yield name, error
        return
    for name in datasets:
        try:
            result = _ask(name, client, most_cells)
        except SourceError as error:
            result = error
        yield name, result


def _ask(name: str, client: Client, most_cells: int) -> Answer:
    want = wanted().get(name)
    if not want:
        raise SourceError(f"no data set '{name}' in scb.toml{did_you_mean(name, wanted())}")
    if not want.table:
        raise _candidates(name, want.search, client)
    return Query(want, client, most_cells, f"{BASE}/tables/{want.table}").answer()


def changed(datasets: Iterable[str], client: Client, since: datetime.date) -> set[str]:
    """Return the data sets whose table was updated since a day, or of which it is not known."""
    updated: dict[str, datetime.date | None] = {}
    found = set()
    for name in datasets:
        table = wanted()[name].table if name in wanted() else None
        if table and table not in updated:
            updated[table] = _updated(table, client)
        last = updated.get(table) if table else None
        if last is None or last >= since:
            found.add(name)
    return found


def find(query: str, client: Client) -> list[tuple[str, str, str, str, str]]:
    """Search for tables.

    Parameters
    ----------
    query : str
        Swedish words.
    client : Client

    Returns
    -------
    list of (str, str, str, str, str)
        Id, label, first and last period, and when it was updated (empty if SCB does not say), in
        SCB's order, at most `MOST_FOUND`.

    Raises
    ------
    SourceError
        If there is no answer, or it has another shape.
    """
    reply = client.get("tables", {"query": query, "pageSize": str(MOST_FOUND), **LANGUAGE})
    return [
        (t.id, t.label, t.firstPeriod or "", t.lastPeriod or "", t.updated or "")
        for t in _shaped(_Finds, reply.json(), "tables").tables[:MOST_FOUND]
    ]


def variables(table: str, client: Client) -> list[pxweb.Variable]:
    """Return a table's variables, with the codes to choose among in ``scb.toml``.

    Raises
    ------
    SourceError
        If there is no such table.
    """
    reply = client.get(f"tables/{table}/metadata", LANGUAGE)
    return list(pxweb.read_metadata(reply.json(), table).variables.values())


def _shaped(model, payload: object, name: str):
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(f"{NAME}, {name}: {where}: {first['msg']}") from None


def _limits(client: Client) -> int:
    """Take the pause from ``/config``, never a shorter one; return the cells of a query."""
    config = _shaped(_Config, client.get("config").json(), "config")
    if config.maxCallsPerTimeWindow > 0:
        client.pause = max(client.pause, config.timeWindow / config.maxCallsPerTimeWindow)
    return config.maxDataCells


def _updated(table: str, client: Client) -> datetime.date | None:
    try:
        reply = client.get(f"tables/{table}", LANGUAGE)
        text = _shaped(_Found, reply.json(), f"table {table}").updated or ""
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:  # also SourceError: it cannot be known
        return None


def _candidates(name: str, search: str, client: Client) -> SourceError:
    found = [f"{id} ({label})" for id, label, *_ in find(search, client)[:5]]
    if not found:
        return SourceError(
            f"{name} has no table yet, and SCB finds none for '{search}': give other words as "
            "search in naravard/sources/scb.toml"
        )
    return SourceError(
        f'{name} has no table yet: pin one with table = "…" in naravard/sources/scb.toml; for '
        f"'{search}' SCB finds {', '.join(found)}; `scb.variables` shows a table's codes"
    )
