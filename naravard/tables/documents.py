"""Tables of single published points, and of what documents say and claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from naravard.analysis.points import Points
from naravard.catalogue import catalogue, indicator
from naravard.catalogue.quantities import brief
from naravard.claims.checks import claimed
from naravard.claims.rules import document as document_key
from naravard.claims.rules import rules
from naravard.claims.verdicts import OUTCOMES, Verdict
from naravard.data import documents, raw
from naravard.data.documents import DETAIL, OVERALL, Outcomes, Status, sheet
from naravard.language import number, opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences.claims import explanation, outcome_words, place, subject
from naravard.sentences.points import amount, printed
from naravard.sentences.say import Prose
from naravard.tables.table import Table


def tabulate_points(result: Points, language: str) -> Table:
    """Show single published points: a row an indicator and year, also of one without any value.

    The region's and Riket's value, how many regions have one and between which values they lie.
    """
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
            extent = " – ".join(printed(x, entry, language) for x in ends) or "–"
            names.append(opening(entry.short_name[language]))
            rows.append(["–" if year is None else str(year), *shown, len(regions), extent])
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


def tabulate_status(result: Status, language: str) -> Table:
    """Show a table of coded statuses with the line of the document that each depends on.

    One row a fact: a region's in the tables by region (the shown region first), an activity's under
    its strategic direction in a plan.
    """
    entry = documents.table(result.table)
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
        count = [amount(row, language) or "–"] if entry.by_region else []
        cells.append([code, *count, getattr(row, language), row.line])
    columns = {"sv": ["status", "antal", "i korthet", "rad"],
               "en": ["status", "number", "in short", "line"]}[language]  # fmt: skip
    if not entry.by_region:
        columns.pop(1)
    sources = "; ".join(source["title"] for source in raw.newest(entry.dataset).sources)
    caption = {
        "sv": f"{entry.name.sv}. Rad i textversionen av {sources}.",
        "en": f"{entry.name.en}. Line in the text version of {sources}.",
    }[language]
    return Table(pd.DataFrame(cells, columns=columns, index=names), caption, prose=True)


def _details_last(column: pd.Series) -> pd.Series:
    return column == DETAIL if column.name == "code" else column


def tabulate_outcomes(result: Outcomes, language: str) -> Table | Prose:
    """Show a region's outcome boxes beside the collection's values, a row a box.

    Nothing for a region without a sheet.
    """
    if result.boxes.empty:
        return Prose("")
    codes, rows = sheet(), []
    for row in result.boxes.itertuples():
        known = isinstance(row.indicator, str)

        def of(value, year, id):
            if pd.isna(value):
                return "–"
            return f"{brief(value, indicator(id), language)} ({int(year)})"

        line = {"sv": "rad", "en": "line"}[language]
        source = [row.source or codes.box[row.box][language]]
        if not pd.isna(row.value):
            value = number(row.value, 0, language)
            if row.unit == "percent":
                value += catalogue().units["percent"].suffix[language].replace(" ", "\u00a0")
            source.insert(0, f"{value} ({row.period.replace('-20', '–20')})")
        if row.line:
            source.append(f"{line} {row.line}")
        rows.append(
            [
                "; ".join(source),
                codes.certainty[row.certainty][language],
                of(row.then, row.year, row.indicator),
                codes.relation[row.relation][language] if known else "–",
                of(row.latest, row.latest_year, row.indicator),
                of(row.nation_value, row.nation_year, row.nation),
            ]
        )
    columns = {
        "sv": ["bladet", "hur säkert måttet är", "samlingen, samma år",
               "samlingens mått är", "samlingen, senast",
               "riket enligt SKR"],
        "en": ["the sheet", "how certain the measure is", "the collection, same year",
               "the collection's measure is", "the collection, latest", "the nation by SKR"],
    }[language]  # fmt: skip
    index = [opening(text) for text in result.boxes[language]]
    caption = {
        "sv": "Rutorna från november 2022. Bilden har rutorna utan rubriker i textversionen, så "
        "vilket mått en ruta gäller är slutet av plats, enhet och publicerade värden.",
        "en": "The boxes of November 2022. In the text version the boxes stand without headings, "
        "so which measure a box belongs to is inferred from place, unit and published values.",
    }[language]
    return Table(pd.DataFrame(rows, columns=columns, index=index), caption, prose=True)


def tabulate_verdicts(
    found: Iterable[Verdict],
    language: str,
    document: str | None = None,
    outcome: str | None = None,
    basis: str | None = None,
) -> Table | Prose:
    """Show verdicts, a row a claim; a sentence if there is nothing to show."""
    key = None if document is None else document_key(document)
    rows = [
        v for v in found
        if key in (None, v.claim.document)
        and outcome in (None, v.outcome)
        and (basis is None or any(c.basis == basis for c in v.checks))
    ]  # fmt: skip
    name = (
        rules().documents[key].name[language]
        if key
        else {"sv": "Dokumenten", "en": "The documents"}[language]
    )
    if not rows:
        none = {"sv": "inga uppgifter att visa här", "en": "no claims to show here"}[language]
        return Prose(f"{name}: {none}.")
    columns = {
        "sv": ["uppgift", "dokumentet säger", "utfall", "förklaring", "var"],
        "en": ["claim", "the document says", "verdict", "explanation", "where"],
    }[language]
    cells = [
        [
            subject(v.claim, language),
            claimed(v.claim, language) or "–",
            outcome_words(v, language),
            explanation(v, language),
            place(v.claim, language, with_document=key is None),
        ]
        for v in rows
    ]
    frame = pd.DataFrame(cells, columns=columns, index=[v.claim.id for v in rows])
    ordered = sorted(rows, key=lambda v: (OUTCOMES.index(v.outcome), v.basis != "figures"))
    counts = Counter(outcome_words(v, language) for v in ordered)
    said = ", ".join(f"{count} {words}" for words, count in counts.items())
    return Table(frame, f"{name}: {said}", prose=True)
