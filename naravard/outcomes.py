"""Region Stockholm's outcome boxes of November 2022 beside what the collection holds today.

The codes and the indicators beside each box are described in ``outcomes.toml``; the boxes lie in
the raw store.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from naravard import project, rawdata
from naravard.catalogue import catalogue, indicator
from naravard.catalogue_parts import FullText, Part
from naravard.errors import NaravardError
from naravard.regions import CODES, NATION, resolve

COLUMNS = (
    "grid_row", "grid_col", "region", "box", "source", "period", "year", "value", "unit",
    "certainty", "document", "line", "sv", "en",
)  # fmt: skip


class Beside(Part):
    """The indicators of the collection that stand beside a box."""

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
    """A region's boxes beside the collection's values.

    Attributes
    ----------
    region : str
    boxes : DataFrame
        One row a box, in the sheet's order: columns `COLUMNS`, ``value`` a number or NaN, then
        ``indicator``, ``relation``, ``then`` (the collection's value in the box's year), ``latest``
        and ``latest_year`` for the region, and ``nation``, ``nation_value`` and ``nation_year``
        (SKR's value for Riket); missing where there is none. Empty for a region without a sheet.
    """

    region: str
    boxes: pd.DataFrame


@cache
def sheet() -> Sheet:
    """Return the sheet's codes and the indicators beside its boxes."""
    text = Path(__file__).with_name("outcomes.toml").read_text("utf-8")
    found = Sheet(**tomllib.loads(text))
    for beside in found.boxes.values():
        for id in filter(None, (beside.indicator, beside.nation)):
            indicator(id)
    return found


def read() -> pd.DataFrame:
    """Read and check the boxes.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, as text but for ``value``, a number or NaN.

    Raises
    ------
    NaravardError
        Naming file, row and value.
    """
    codes = sheet()
    file = rawdata.newest(codes.dataset)
    where = f"data/raw/{file.path}"
    rows = pd.read_csv(project.raw_dir() / file.path, dtype=str, keep_default_na=False)
    if tuple(rows.columns) != COLUMNS:
        raise NaravardError(f"{where}: the columns are {list(rows.columns)}, not {list(COLUMNS)}")
    value = pd.to_numeric(rows["value"], errors="coerce")
    wrong = {
        "region": ~rows["region"].isin(set(CODES) - {NATION}),
        "box": ~rows["box"].isin(codes.box),
        "certainty": ~rows["certainty"].isin(codes.certainty),
        "unit": ~rows["unit"].isin({"", *catalogue().units}),
        "value": value.isna() & (rows["value"] != ""),
        "year": (rows["year"] == "") & (rows["value"] != ""),
    }
    for column, bad in wrong.items():
        if bad.any():
            row = bad.idxmax()
            raise NaravardError(f"{where}, row {row + 2}: {column} '{rows.at[row, column]}' is not "
                                "one that the sheet can have")  # fmt: skip
    return rows.assign(value=value)


def _value(observations: pd.DataFrame, id: str | None, region: str, year: int | None = None):
    """Return year and value of an indicator, the latest or a given year's, or None twice."""
    rows = observations[
        (observations["indicator"] == id)
        & (observations["region"] == region)
        & (observations["sex"] == "T")
        & observations["value"].notna()
    ]
    if year is not None:
        rows = rows[rows["year"] == year]
    if rows.empty:
        return None, None
    last = rows.loc[rows["year"].idxmax()]
    return int(last["year"]), float(last["value"])


def outcome_boxes(observations: pd.DataFrame, region) -> Outcomes:
    """Put a region's boxes beside the collection's values.

    Parameters
    ----------
    observations : DataFrame
        Rows of the indicators in ``outcomes.toml``, as `naravard.load.load_indicator` returns them.
    region : str, int or Region

    Returns
    -------
    Outcomes
    """
    code = resolve(region).code
    boxes = read()
    boxes = boxes[boxes["region"] == code].reset_index(drop=True)
    beside = []
    for row in boxes.itertuples():
        links = sheet().boxes.get(f"{row.grid_row}.{row.grid_col}", Beside())
        year = int(row.year) if row.year else None
        now = _value(observations, links.indicator, code)
        nation = _value(observations, links.nation, NATION)
        beside.append(
            {
                "indicator": links.indicator,
                "relation": links.relation,
                "then": _value(observations, links.indicator, code, year)[1],
                "latest_year": now[0],
                "latest": now[1],
                "nation": links.nation,
                "nation_year": nation[0],
                "nation_value": nation[1],
            }
        )
    columns = ["indicator", "relation", "then", "latest_year", "latest", "nation", "nation_year",
               "nation_value"]  # fmt: skip
    return Outcomes(code, boxes.join(pd.DataFrame(beside, columns=columns, index=boxes.index)))


def sheet_indicators() -> list[str]:
    """Return the ids of all indicators that stand beside a box."""
    links = sheet().boxes.values()
    return list(dict.fromkeys(id for b in links for id in (b.indicator, b.nation) if id))
