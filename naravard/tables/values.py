"""What notebooks show besides figures: sentences and tables.

Each call returns an object that displays itself, as Markdown or an HTML table on a page and as
text in a terminal and in stored outputs.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from naravard.analysis.comparison import compare
from naravard.analysis.regression import Fit
from naravard.analysis.trends import PANDEMIC, Trend
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.quantities import slope
from naravard.language import check, number, opening, prices_of, span
from naravard.regions import BY_CODE, NATION, resolve
from naravard.sentences.regions import prices
from naravard.sentences.say import Prose
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import subject
from naravard.tables.table import Table


def values(
    observations: pd.DataFrame, region, language: str = "sv", price_year: int | None = None
) -> Table:
    """Show the published values of a region and of Riket, year by year.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator, sex T.
    region : str, int or Region
    language : {"sv", "en"}
    price_year : int, optional
        Named in the caption for costs in fixed prices.

    Returns
    -------
    Table
        One row a year with a value in either unit; a dash where one is missing.
    """
    check(language)
    code = resolve(region).code
    entry = indicator(observations["indicator"].iloc[0])
    codes = list(dict.fromkeys([code, NATION]))
    rows = observations[observations["region"].isin(codes) & (observations["sex"] == "T")]
    wide = rows.pivot(index="year", columns="region", values="value").reindex(columns=codes)
    wide = wide.dropna(how="all")
    text = _written(wide, entry, language).rename(columns=lambda c: BY_CODE[c].label(language))
    text = text.rename_axis(index=None, columns={"sv": "år", "en": "year"}[language])
    prices = f", {prices_of(price_year, language)}" if price_year else ""
    return Table(text, _caption(entry, language, prices))


def by_sex(observations: pd.DataFrame, region, language: str = "sv") -> Table:
    """Show the values that are published for women and men, of Riket and a region.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator, loaded with ``sex=None``.
    region : str, int or Region
    language : {"sv", "en"}

    Returns
    -------
    Table
        One row a unit and year in which women or men have a value, a dash where one is missing.
    """
    check(language)
    entry = indicator(observations["indicator"].iloc[0])
    codes = [NATION, resolve(region).code]
    rows = observations[observations["region"].isin(codes)]
    wide = rows.pivot(index=["region", "year"], columns="sex", values="value")
    wide = wide.reindex(columns=["K", "M", "T"]).dropna(how="all", subset=["K", "M"])
    names = {
        "sv": {"K": "kvinnor", "M": "män", "T": "totalt"},
        "en": {"K": "women", "M": "men", "T": "total"},
    }[language]
    text = _written(wide, entry, language).rename(columns=names)
    text.index = [f"{BY_CODE[code].label(language)} {year}" for code, year in text.index]
    return Table(text.rename_axis(columns=""), _caption(entry, language))


def _written(wide: pd.DataFrame, entry: Indicator, language: str) -> pd.DataFrame:
    return wide.map(lambda v: "–" if pd.isna(v) else number(v, entry.decimals, language))


def _caption(entry: Indicator, language: str, more: str = "") -> str:
    return f"{opening(entry.name[language])} ({unit(entry).name[language]}{more})"


def trend_table(change: Trend, language: str = "sv") -> Table | Prose:
    """Show the numbers behind a trend: each method beside the others.

    Parameters
    ----------
    change : Trend
    language : {"sv", "en"}

    Returns
    -------
    Table
        Slope a year with interval by least squares with all years and without 2020–2021, and by
        Theil–Sen, with the two-sided p of Mann–Kendall. A sentence when there is no trend to show.
    """
    check(language)
    entry, fit, without = indicator(change.indicator), change.full, change.without_pandemic
    if fit is None:
        reason = VERDICTS[change.verdict][language]
        return Prose({"sv": "Ingen trend är beräknad", "en": "No trend is computed"}[language] +
                     f": {reason}.")  # fmt: skip

    def row(fit: Fit, numbers, p: str, verdict: str):
        return [span(fit.years), len(fit.years), *numbers, p, verdict]

    def least_squares(fit: Fit):
        numbers = [slope(x, entry, language) for x in (fit.slope, fit.lower, fit.upper)]
        return row(fit, numbers, "–", VERDICTS[fit.verdict][language])

    rows = {{"sv": "Minsta kvadrat", "en": "Least squares"}[language]: least_squares(fit)}
    if without and without is not fit:
        name = {"sv": "… utan", "en": "… without"}[language] + f" {span(PANDEMIC)}"
        rows[name] = least_squares(without)
    # So many equal values that the interval has no width say nothing of uncertainty.
    tied = fit.theil_sen_lower == fit.theil_sen_upper
    ends = ["–", "–"] if tied else [
        slope(x, entry, language) for x in (fit.theil_sen_lower, fit.theil_sen_upper)
    ]  # fmt: skip
    p = ("< " if fit.kendall_p < 0.001 else "") + number(max(fit.kendall_p, 0.001), 3, language)
    rows["Theil–Sen, Mann–Kendall*"] = row(fit, [slope(fit.theil_sen, entry, language), *ends], p,
                                           "")  # fmt: skip
    columns = {
        "sv": ["år", "antal år", "lutning per år", "nedre 95 %", "övre 95 %", "p", "slutsats"],
        "en": ["years", "number", "slope a year", "lower 95%", "upper 95%", "p", "conclusion"],
    }[language]
    strength = number(fit.autocorrelation, 2, language)
    how = {
        "sv": f"lärd av {change.estimated_from} regioner" if change.estimated_from else "antagen",
        "en": f"estimated from {change.estimated_from} regions"
        if change.estimated_from
        else "assumed",
    }[language]
    caption = {
        "sv": "Trenden i siffror ({}). Autokorrelation {} ({}). *Förutsätter att åren är oberoende "
        "av varandra, vilket gör intervallet för smalt och p för litet.",
        "en": "The trend in numbers ({}). Autocorrelation {} ({}). *Assumes that years are "
        "independent of each other, which makes the interval too narrow and p too small.",
    }[language]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return Table(frame, caption.format(unit(entry).change[language], strength, how))


# The table of some regions' values beside each other.
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
