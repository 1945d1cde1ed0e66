"""What the site shows of an indicator: each region's series and verdict, and a figure.

Computed once an indicator, in a process of its own, and kept in the site's folder until the
indicator's figures or the package change.
"""

from __future__ import annotations

import os

import pandas as pd

from naravard.analysis.prices import PRICE_YEAR
from naravard.catalogue import Indicator, indicator
from naravard.language import LANGUAGES
from naravard.regions import NATION


def _series(rows: pd.DataFrame, code: str) -> dict[int, float]:
    own = rows[(rows["region"] == code) & rows["value"].notna()].sort_values("year")
    return {int(y): float(v) for y, v in zip(own["year"], own["value"], strict=True)}


def _cell(current: pd.DataFrame, judged: pd.DataFrame, entry: Indicator, code: str) -> dict:
    """Return one region's part: published values, those that are judged, verdict and sentence."""
    from naravard.analysis.trends import trend
    from naravard.findings import sentence
    from naravard.findings_words import desired

    published, shown = _series(current, code), _series(judged, code)
    change = trend(judged, code)
    return {
        "values": {str(year): round(value, 6) for year, value in published.items()},
        "judged": {str(year): round(value, 6) for year, value in shown.items()},
        "verdict": change.verdict,
        "desired": desired(change),
        "years": [min(change.years), max(change.years)] if change.years else [],
        "breaks": [b.year for b in entry.breaks_for(code)],
        "said": {language: sentence(change, language) for language in LANGUAGES},
    }


def measure(id: str, root: str) -> dict:
    """Compute what the site shows of an indicator that has figures.

    Parameters
    ----------
    id : str
        As in the catalogue.
    root : str
        The collection's root folder.

    Returns
    -------
    dict
        ``cells``: by region code, see `_cell`; ``figures``: by language the alt text and size of
        the nation's figure on a page, if it has several years; ``files``: its files, by path in
        the site.
    """
    os.environ["NARAVARD_ROOT"] = root
    from naravard import figures
    from naravard.analysis.trends import trend
    from naravard.load import load_costs, load_indicator
    from naravard.picture import page_size

    entry = indicator(id)
    current = judged = load_indicator(id)
    if entry.in_money:
        judged = load_costs(id, price_year=PRICE_YEAR)
    codes = sorted(set(current["region"]))
    cells = {code: _cell(current, judged, entry, code) for code in codes}
    shown, files = {}, {}
    if len(cells.get(NATION, {}).get("values", ())) > 1:  # one point is no figure
        change = trend(judged, NATION)
        for language in LANGUAGES:
            figure = figures.against_nation(judged, change, language)
            width, height = page_size(figure.png)
            shown[language] = {"alt": figure.alt, "width": width, "height": height}
            at = f"{language}/indicators/{id}"
            files |= {f"{at}.png": figure.png, f"{at}.svg": figure.svg,
                      f"{at}-figure.csv": figure.csv().encode("utf-8-sig")}  # fmt: skip
    return {"cells": cells, "figures": shown, "files": files}
