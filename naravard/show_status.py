"""Tables of single published points and of coded statuses."""

from __future__ import annotations

import pandas as pd

from naravard import rawdata
from naravard.analysis.points import Points
from naravard.catalogue import catalogue, indicator
from naravard.findings_points import printed
from naravard.findings_status import amount
from naravard.language import check, opening
from naravard.regions import BY_CODE, NATION
from naravard.show import Table
from naravard.statuses import DETAIL, OVERALL, Status, table


def points_table(result: Points, language: str = "sv") -> Table:
    """Show single published points: a row an indicator and year.

    Parameters
    ----------
    result : Points
    language : {"sv", "en"}

    Returns
    -------
    Table
        The region's and Riket's value, how many regions have one and between which values they
        lie; a dash where nothing is published. An indicator without any value has a row too.
    """
    check(language)
    codes = list(dict.fromkeys([result.region, NATION]))
    rows, names = [], []
    for id in result.indicators:
        entry = indicator(id)
        own = result.table[result.table["indicator"] == id]
        for year in sorted(own["year"].unique()) or [None]:
            values = own[own["year"] == year].set_index("region")["value"]
            regions = values.drop(NATION, errors="ignore")
            shown = [printed(values[c], entry, language) if c in values else "–" for c in codes]
            ends = dict.fromkeys(sorted({regions.min(), regions.max()})) if len(regions) else {}
            reach = " – ".join(printed(x, entry, language) for x in ends) or "–"
            names.append(opening(entry.short_name[language]))
            rows.append(["–" if year is None else str(year), *shown, len(regions), reach])
    columns = [
        {"sv": "år", "en": "year"}[language],
        *(BY_CODE[c].label(language) for c in codes),
        {"sv": "regioner med värde", "en": "regions with a value"}[language],
        {"sv": "lägst – högst", "en": "lowest – highest"}[language],
    ]
    caption = {
        "sv": "Publicerade punkter. Varje mått är en fråga för sig.",
        "en": "Published points. Each measure is a question of its own.",
    }[language]
    return Table(pd.DataFrame(rows, columns=columns, index=names), caption)


def _heading(group: str, language: str) -> str:
    if group == OVERALL:
        return {"sv": "Planen som helhet", "en": "The plan as a whole"}[language]
    return catalogue().strategic_directions[group][language]


def status_table(result: Status, language: str = "sv") -> Table:
    """Show a table of coded statuses with the line of the document that each rests on.

    Parameters
    ----------
    result : Status
    language : {"sv", "en"}

    Returns
    -------
    Table
        One row a fact: a region's in the tables by region (the shown region first), an activity's
        under its strategic direction in a plan.
    """
    check(language)
    entry = table(result.table)
    rows = result.rows
    if entry.by_region:
        order = rows["region"].where(rows["region"] != result.region, "")
        rows = rows.assign(order=order).sort_values(["order", "code"], kind="stable",
                                                    key=_details_last)  # fmt: skip
    also = {"sv": "därtill", "en": "in addition"}[language]
    cells, names = [], []
    for row in rows.itertuples():
        region = BY_CODE[row.region].label(language)
        names.append(region if entry.by_region else _heading(row.group, language))
        code = also if row.code == DETAIL else entry.codes[row.code][language]
        number = [amount(row, language) or "–"] if entry.by_region else []
        cells.append([code, *number, getattr(row, language), row.line])
    columns = {"sv": ["status", "antal", "i korthet", "rad"],
               "en": ["status", "number", "in short", "line"]}[language]  # fmt: skip
    if not entry.by_region:
        columns.pop(1)
    documents = "; ".join(source["title"] for source in rawdata.newest(entry.dataset).sources)
    caption = {
        "sv": f"{entry.name.sv}. Rad i textversionen av {documents}.",
        "en": f"{entry.name.en}. Line in the text version of {documents}.",
    }[language]
    return Table(pd.DataFrame(cells, columns=columns, index=names), caption, prose=True)


def _details_last(column: pd.Series) -> pd.Series:
    return column == DETAIL if column.name == "code" else column
