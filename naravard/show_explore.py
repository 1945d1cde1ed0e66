"""The table of some regions' values beside each other."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from naravard.analysis.comparison import compare
from naravard.catalogue import indicator, unit
from naravard.findings_explore import prices
from naravard.findings_words import subject
from naravard.language import check, number, opening
from naravard.regions import BY_CODE
from naravard.show import Table


def compare_table(
    observations: pd.DataFrame, regions: str | Iterable[str], language: str = "sv"
) -> Table:
    """Show the values of some regions year by year.

    Parameters
    ----------
    observations, regions
        As in `naravard.analysis.comparison.compare`.
    language : {"sv", "en"}

    Returns
    -------
    Table
        One row a year in which any of them has a value, one column a region in the order given;
        a dash where a value is missing.
    """
    check(language)
    result = compare(observations, regions)
    entry = indicator(result.indicator)
    text = result.table.map(
        lambda value: "–" if pd.isna(value) else number(value, entry.decimals, language)
    )
    text = text.rename(columns=lambda code: BY_CODE[code].label(language))
    text = text.rename_axis(index=None, columns={"sv": "år", "en": "year"}[language])
    what = ", ".join(filter(None, [unit(entry).name[language], prices(result, language)]))
    return Table(text, f"{opening(subject(entry, result.sex, language))} ({what})")
