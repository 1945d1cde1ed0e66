"""Tables of single published points and of coded statuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from naravard.analysis.points import Points
from naravard.catalogue import catalogue, indicator
from naravard.claims.checks import claimed
from naravard.claims.rules import document, rules
from naravard.claims.verdicts import OUTCOMES, Verdict
from naravard.data import documents, raw
from naravard.data.documents import DETAIL, OVERALL, Status
from naravard.language import check, opening
from naravard.regions import BY_CODE, NATION
from naravard.sentences.claims import _place, explanation, outcome_words, subject
from naravard.sentences.points import amount, printed
from naravard.sentences.say import Prose
from naravard.tables.table import Table


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
        number = [amount(row, language) or "–"] if entry.by_region else []
        cells.append([code, *number, getattr(row, language), row.line])
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


def claims_table(
    found: Iterable[Verdict],
    language: str = "sv",
    document_name: str | None = None,
    outcome: str | None = None,
    basis: str | None = None,
) -> Table | Prose:
    """Show verdicts, a row a claim.

    Parameters
    ----------
    found : iterable of Verdict
    language : {"sv", "en"}
    document_name : str, optional
        Only claims of this document: its key, name or title. All documents if not given.
    outcome : {"reproduced", "differs", "not testable"}, optional
        Only claims that came out so.
    basis : {"figures", "documents"}, optional
        Only claims that were tested against this.

    Returns
    -------
    Table
        Or a sentence, if there is nothing to show.
    """
    check(language)
    key = None if document_name is None else document(document_name)
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
            _place(v.claim, language, with_document=key is None),
        ]
        for v in rows
    ]
    frame = pd.DataFrame(cells, columns=columns, index=[v.claim.id for v in rows])
    ordered = sorted(rows, key=lambda v: (OUTCOMES.index(v.outcome), v.basis != "figures"))
    counts = Counter(outcome_words(v, language) for v in ordered)
    said = ", ".join(f"{count} {words}" for words, count in counts.items())
    return Table(frame, f"{name}: {said}", prose=True)
