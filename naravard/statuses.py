"""Coded statuses: what documents say of each region in words, as short facts with a line reference.

The tables are described in ``statuses.toml``; their rows lie in the raw store.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from naravard import project, rawdata
from naravard.catalogue import catalogue
from naravard.catalogue_parts import Caveat, FullText, Part
from naravard.errors import NaravardError, did_you_mean
from naravard.regions import CODES, NATION, resolve

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "table", "group", "region", "code", "value", "qualifier", "unit", "document", "line",
    "sv", "en",
)  # fmt: skip
#: A further fact on a region's row; not counted.
DETAIL = "detail"
#: What concerns no single strategic direction.
OVERALL = "overall"


class StatusTable(Part):
    """One table of coded statuses; fields as explained in ``statuses.toml``."""

    id: str
    number: int | None = None
    dataset: str
    name: FullText
    definition: FullText
    codes: dict[str, FullText]
    sum: str | None = None
    sum_name: FullText | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def by_region(self) -> bool:
        """Whether every region has a row: the report's tables do, one region's plan does not."""
        return self.number is not None

    def caveats_for(self, code: str) -> list[Caveat]:
        """Return the caveats that concern a region."""
        return [c for c in self.caveats if "*" in c.regions or code in c.regions]


class MissingSeries(Part):
    """A figure of the report without published values."""

    name: FullText
    definition: FullText
    known: FullText
    where: FullText


@dataclass(frozen=True)
class Status:
    """How a table's rows are spread over its codes, and what it says of one region.

    Attributes
    ----------
    table, region : str
    counts : dict of str to int
        Rows by code, in the table's order, details not counted.
    rows : DataFrame
        All rows, columns `COLUMNS`; ``value`` is a number or NaN.
    total : tuple of (int, float) or None
        Rows and sum of the code whose numbers measure the same thing.
    """

    table: str
    region: str
    counts: dict[str, int]
    rows: pd.DataFrame
    total: tuple[int, float] | None

    @property
    def own(self) -> pd.DataFrame:
        """The region's rows."""
        return self.rows[self.rows["region"] == self.region]


@cache
def _content() -> dict:
    return tomllib.loads(Path(__file__).with_name("statuses.toml").read_text("utf-8"))


@cache
def tables() -> dict[str, StatusTable]:
    """Return all tables by id."""
    return {id: StatusTable(id=id, **entry) for id, entry in _content()["tables"].items()}


def table(id: str) -> StatusTable:
    """Return one table.

    Raises
    ------
    NaravardError
        If there is none of that id; the message names the closest.
    """
    if id not in tables():
        raise NaravardError(f"unknown status table '{id}'{did_you_mean(str(id), tables())}")
    return tables()[id]


def missing(id: str) -> MissingSeries:
    """Return a figure of the report without published values, e.g. "figure_4"."""
    known = _content()["missing"]
    if id not in known:
        raise NaravardError(f"unknown missing series '{id}'{did_you_mean(str(id), known)}")
    return MissingSeries(**known[id])


def _problem(entry: StatusTable, row) -> str | None:
    """Say what is wrong with a row, if anything."""
    groups = {"", OVERALL, *catalogue().strategic_directions}
    if row.region not in CODES or row.region == NATION:
        return f"region '{row.region}' is not one of the 21 codes"
    if row.code != DETAIL and row.code not in entry.codes:
        return f"code '{row.code}' is not one of {', '.join(entry.codes)}"
    if row.group not in groups:
        return f"group '{row.group}' is not a strategic direction"
    if row.value and not row.value.replace(".", "", 1).isdecimal():
        return f"value '{row.value}' is not a number"
    if not (row.sv and row.en and row.document and row.line.isdecimal()):
        return "text in both languages, document and line are needed"
    return None


def read(id: str) -> pd.DataFrame:
    """Read and check a table's rows.

    Raises
    ------
    NaravardError
        Naming file, row and value, or the regions that do not have exactly one counted row.
    """
    file = rawdata.newest(table(id).dataset)
    path = project.raw_dir() / file.path
    return _read(id, path, path.stat().st_mtime_ns).copy()


@lru_cache(maxsize=32)
def _read(id: str, path: Path, modified: int) -> pd.DataFrame:
    import pandas as pd

    entry = table(id)
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    where = f"data/raw/{path.relative_to(project.raw_dir()).as_posix()}"
    if tuple(rows.columns) != COLUMNS:
        raise NaravardError(f"{where}: the columns are {list(rows.columns)}, not {list(COLUMNS)}")
    rows.index = pd.RangeIndex(2, len(rows) + 2)
    rows = rows[rows["table"] == id]
    for row in rows.itertuples():
        if problem := _problem(entry, row):
            raise NaravardError(f"{where}, row {row.Index}: {problem}")
    counted = rows.loc[rows["code"] != DETAIL, "region"].value_counts()
    odd = [c for c in CODES if c != NATION and counted.get(c, 0) != 1]
    if entry.by_region and odd:
        raise NaravardError(f"{where}: {id} needs one counted row a region, not so {odd}")
    return rows.assign(value=pd.to_numeric(rows["value"])).reset_index(drop=True)


def check() -> None:
    """Check every table, as the build does.

    Raises
    ------
    NaravardError
        See `read`.
    """
    for id in tables():
        read(id)


def status(id: str, region) -> Status:
    """Count a table's codes and find what it says of a region.

    Parameters
    ----------
    id : str
        "joint_vision", "nurse_training_regions", "nurse_training_municipalities", "st_posts",
        "at_posts" or "action_plan".
    region : str, int or Region

    Returns
    -------
    Status
    """
    entry, rows = table(id), read(id)
    counts = {code: int((rows["code"] == code).sum()) for code in entry.codes}
    total = None
    if entry.sum:
        same = rows.loc[rows["code"] == entry.sum, "value"]
        total = (len(same), float(same.sum()))
    return Status(id, resolve(region).code, counts, rows, total)
