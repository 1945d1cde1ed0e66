"""What documents say of regions: coded statuses as short facts, and one region's outcome boxes.

The codes are described in ``statuses.toml`` and ``outcomes.toml``; the rows lie in the raw store,
each with the document and the line that it was read from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from naravard import paths
from naravard.catalogue import catalogue, indicator
from naravard.catalogue.model import FullText, MissingSeries, Part, StatusTable, validated
from naravard.data import raw
from naravard.errors import NaravardError, did_you_mean
from naravard.paths import read_toml
from naravard.regions import CODES, NATION, resolve

if TYPE_CHECKING:  # a render with nothing to do reads titles here, and needs no pandas
    import pandas as pd

COLUMNS = (
    "table", "group", "region", "code", "value", "qualifier", "unit", "document", "line",
    "sv", "en",
)  # fmt: skip
COLUMNS_OUTCOMES = (
    "grid_row", "grid_col", "region", "box", "source", "period", "year", "value", "unit",
    "certainty", "document", "line", "sv", "en",
)  # fmt: skip
#: A further fact on a region's row; not counted.
DETAIL = "detail"
#: What concerns no single strategic direction.
OVERALL = "overall"


def _rows(dataset: str, columns: tuple[str, ...]) -> tuple[pd.DataFrame, str]:
    """Read the newest file of a data set as text, indexed by line number; name it for messages."""
    import pandas as pd

    path = raw.newest(dataset).path
    where, file = f"data/raw/{path}", paths.raw_dir() / path
    rows = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    if tuple(rows.columns) != columns:
        raise NaravardError(f"{where}: the columns are {list(rows.columns)}, not {list(columns)}")
    rows.index = pd.RangeIndex(2, len(rows) + 2)
    return rows, where


# Coded statuses.
@dataclass(frozen=True)
class Status:
    """How a table's rows are spread over its codes, and what it says of one region."""

    table: str
    region: str
    counts: dict[str, int]  # rows by code, in the table's order, details not counted
    rows: pd.DataFrame  # all rows, columns `COLUMNS`; "value" is a number or NaN
    total: tuple[int, float] | None  # rows and sum of the code whose numbers measure one thing

    @property
    def own(self) -> pd.DataFrame:
        """The region's rows."""
        return self.rows[self.rows["region"] == self.region]


@cache
def _content() -> dict:
    return read_toml(Path(__file__).with_name("statuses.toml"))


@cache
def tables() -> dict[str, StatusTable]:
    """Return all tables by id."""
    return {id: StatusTable(id=id, **entry) for id, entry in _content()["tables"].items()}


def table(id: str) -> StatusTable:
    """Return one table; a NaravardError names the closest if there is none of that id."""
    if id not in tables():
        raise NaravardError(f"unknown status table '{id}'{did_you_mean(str(id), tables())}")
    return tables()[id]


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
    """Read and check a table's rows; a NaravardError names file, row and value, or the regions."""
    path = paths.raw_dir() / raw.newest(table(id).dataset).path
    return _read(id, path, path.stat().st_mtime_ns).copy()


@lru_cache(maxsize=32)  # every page of a region asks for each table; path and time are the key
def _read(id: str, path: Path, modified: int) -> pd.DataFrame:
    import pandas as pd

    entry = table(id)
    rows, where = _rows(entry.dataset, COLUMNS)
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
    """Check every table and the outcome boxes, as the build does; errors as of `read`."""
    for id in tables():
        read(id)
    read_outcomes()


def status(id: str, region=NATION) -> Status | Outcomes | MissingSeries:
    """Look up what the documents say of something in words, for a region.

    Parameters
    ----------
    id : str
        A table of coded statuses ("joint_vision", "nurse_training_regions",
        "nurse_training_municipalities", "st_posts", "at_posts" or "action_plan");
        "outcome_boxes", Region Stockholm's boxes of November 2022; or a figure of the report
        without published values, "figure_4" or "figure_5".
    region : str, int or Region

    Returns
    -------
    Status, Outcomes or MissingSeries
        Rows by code with each fact's line in its document; or the boxes beside the collection's
        values; or what is missing and why.

    Raises
    ------
    NaravardError
        On an unknown id or region, or rows that the table cannot have.
    """
    if id == "outcome_boxes":
        from naravard.data.load import load_indicator  # imports pandas

        links = sheet().boxes.values()
        ids = dict.fromkeys(id for b in links for id in (b.indicator, b.nation) if id)
        return _beside(load_indicator(ids), region)
    if id.startswith("figure_"):
        known = _content()["missing"]
        if id not in known:
            raise NaravardError(f"unknown missing series '{id}'{did_you_mean(id, known)}")
        return MissingSeries(**known[id])
    entry, rows = table(id), read(id)
    counts = {code: int((rows["code"] == code).sum()) for code in entry.codes}
    same = rows.loc[rows["code"] == entry.sum, "value"]
    total = (len(same), float(same.sum())) if entry.sum else None
    return Status(id, resolve(region).code, counts, rows, total)


# Region Stockholm's outcome boxes of November 2022 beside what the collection holds today.
class Beside(Part):
    """The indicators of the collection beside a box."""

    indicator: str | None = None
    relation: str | None = None
    nation: str | None = None


class Sheet(Part):
    """The sheet's codes; fields as explained in ``outcomes.toml``."""

    dataset: str
    certainty: dict[str, FullText]
    box: dict[str, FullText]
    relation: dict[str, FullText]
    boxes: dict[str, Beside]


@dataclass(frozen=True)
class Outcomes:
    """A region's boxes beside the collection's values; empty for a region without a sheet.

    ``boxes`` has one row a box, in the sheet's order: columns `COLUMNS_OUTCOMES`, ``value`` a
    number or NaN, then ``indicator``, ``relation``, ``then`` (the collection's value in the box's
    year), ``latest`` and ``latest_year`` for the region, and ``nation``, ``nation_value`` and
    ``nation_year`` (SKR's value for Riket); missing where there is none.
    """

    region: str
    boxes: pd.DataFrame


@cache
def sheet() -> Sheet:
    """Return the sheet's codes and the indicators beside its boxes."""
    path = Path(__file__).with_name("outcomes.toml")
    found = validated(Sheet, read_toml(path), path.name)
    for beside in found.boxes.values():
        for id in filter(None, (beside.indicator, beside.nation)):
            indicator(id)
    return found


def read_outcomes() -> pd.DataFrame:
    """Read and check the boxes, as text but for ``value``; a NaravardError names row and value."""
    import pandas as pd

    codes = sheet()
    rows, where = _rows(codes.dataset, COLUMNS_OUTCOMES)
    numbers = pd.to_numeric(rows["value"], errors="coerce")
    wrong = {
        "region": ~rows["region"].isin(set(CODES) - {NATION}),
        "box": ~rows["box"].isin(codes.box),
        "certainty": ~rows["certainty"].isin(codes.certainty),
        "unit": ~rows["unit"].isin({"", *catalogue().units}),
        "value": numbers.isna() & (rows["value"] != ""),
        "year": (rows["year"] == "") & (rows["value"] != ""),
    }
    for column, bad in wrong.items():
        if bad.any():
            row = bad.idxmax()
            value = f"{column} '{rows.at[row, column]}'"
            raise NaravardError(f"{where}, row {row}: {value} is not one that the sheet can have")
    return rows.assign(value=numbers).reset_index(drop=True)


def _value(observations: pd.DataFrame, id: str | None, region: str, year: int | None = None):
    """Return year and value of an indicator, the latest or a given year's, or None twice."""
    own = {"indicator": id, "region": region, "sex": "T"} | ({"year": year} if year else {})
    hit = (observations[list(own)] == list(own.values())).all(axis=1)
    rows = observations[hit & observations["value"].notna()]
    if rows.empty:
        return None, None
    last = rows.loc[rows["year"].idxmax()]
    return int(last["year"]), float(last["value"])


def _beside(observations: pd.DataFrame, region) -> Outcomes:
    """Put a region's boxes beside observations of the indicators in ``outcomes.toml``."""
    import pandas as pd

    code = resolve(region).code
    boxes = read_outcomes()
    boxes = boxes[boxes["region"] == code].reset_index(drop=True)
    beside = []
    for row in boxes.itertuples():
        links = sheet().boxes.get(f"{row.grid_row}.{row.grid_col}", Beside())
        own, nation = links.indicator, links.nation
        _, then = _value(observations, own, code, int(row.year) if row.year else None)
        latest, riket = _value(observations, own, code), _value(observations, nation, NATION)
        beside.append((own, links.relation, then, *latest, nation, *riket))
    columns = ["indicator", "relation", "then", "latest_year", "latest", "nation", "nation_year",
               "nation_value"]  # fmt: skip
    return Outcomes(code, boxes.join(pd.DataFrame(beside, columns=columns, index=boxes.index)))
