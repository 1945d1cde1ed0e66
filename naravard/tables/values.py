"""Tables of values year by year, and of the numbers behind a trend."""

from __future__ import annotations

import pandas as pd

from naravard.analysis.comparison import Comparison
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

_SEXES = {
    "sv": {"K": "kvinnor", "M": "män", "T": "totalt"},
    "en": {"K": "women", "M": "men", "T": "total"},
}


def values(
    observations: pd.DataFrame,
    region,
    language: str = "sv",
    price_year: int | None = None,
    by_sex: bool = False,
) -> Table:
    """Show the published values of a region and of Riket, year by year.

    Parameters
    ----------
    observations : DataFrame
        Rows of one indicator, sex T; for ``by_sex`` loaded with ``sex=None``.
    region : str, int or Region
    language : {"sv", "en"}
    price_year : int, optional
        Named in the caption for costs in fixed prices.
    by_sex : bool
        Whether to show women, men and the total, for the years with a value of women or men.

    Returns
    -------
    Table
        One row a year with a value and one column a region, in the indicator's unit; by sex one
        row a region and year, columns women, men and total. A dash where a value is missing.

    Raises
    ------
    NaravardError
        On an unknown region or language.
    """
    check(language)
    entry = indicator(observations["indicator"].iloc[0])
    codes = list(dict.fromkeys([resolve(region).code, NATION]))
    rows = observations[observations["region"].isin(codes)]
    if by_sex:
        wide = rows.pivot(index=["region", "year"], columns="sex", values="value")
        wide = wide.reindex(columns=list(_SEXES[language])).dropna(how="all", subset=["K", "M"])
        text = _written(wide, entry, language).rename(columns=_SEXES[language])
        text.index = [f"{BY_CODE[code].label(language)} {year}" for code, year in text.index]
        text = text.rename_axis(columns="")
    else:
        rows = rows[rows["sex"] == "T"]
        wide = rows.pivot(index="year", columns="region", values="value").reindex(columns=codes)
        text = _by_region(wide.dropna(how="all"), entry, language)
    prices = prices_of(price_year, language) if price_year else ""
    return Table(text, _caption(entry.name[language], entry, prices, language))


def _written(wide: pd.DataFrame, entry: Indicator, language: str) -> pd.DataFrame:
    return wide.map(lambda v: "–" if pd.isna(v) else number(v, entry.decimals, language))


def _by_region(wide: pd.DataFrame, entry: Indicator, language: str) -> pd.DataFrame:
    """Write values with one row a year and one column a region."""
    text = _written(wide, entry, language).rename(columns=lambda c: BY_CODE[c].label(language))
    return text.rename_axis(index=None, columns={"sv": "år", "en": "year"}[language])


def _caption(name: str, entry: Indicator, prices: str, language: str) -> str:
    return f"{opening(name)} ({', '.join(filter(None, [unit(entry).name[language], prices]))})"


def tabulate_comparison(result: Comparison, language: str) -> Table:
    """Show the values of some regions, a row a year and a column a region in the order given."""
    entry = indicator(result.indicator)
    text = _by_region(result.table, entry, language)
    name = subject(entry, result.sex, language)
    return Table(text, _caption(name, entry, prices(result, language), language))


def tabulate_trend(change: Trend, language: str) -> Table | Prose:
    """Show the numbers behind a trend: each method beside the others.

    Least squares with all years and without 2020–2021, and Theil–Sen with the two-sided p of
    Mann–Kendall. A sentence when there is no trend to show.
    """
    entry, fit, without = indicator(change.indicator), change.full, change.without_pandemic
    if fit is None:
        none = {"sv": "Ingen trend är beräknad", "en": "No trend is computed"}[language]
        return Prose(f"{none}: {VERDICTS[change.verdict][language]}.")

    def row(fit: Fit, numbers, p: str = "–", verdict: str | None = None):
        verdict = VERDICTS[fit.verdict][language] if verdict is None else verdict
        slopes = ("–" if x is None else slope(x, entry, language) for x in numbers)
        return [span(fit.years), len(fit.years), *slopes, p, verdict]

    name = {"sv": "Minsta kvadrat", "en": "Least squares"}[language]
    rows = {name: row(fit, (fit.slope, fit.lower, fit.upper))}
    if without and without is not fit:
        name = {"sv": "… utan", "en": "… without"}[language] + f" {span(PANDEMIC)}"
        rows[name] = row(without, (without.slope, without.lower, without.upper))
    # So many equal values that the interval has no width say nothing of uncertainty.
    tied = fit.theil_sen_lower == fit.theil_sen_upper
    ends = (None, None) if tied else (fit.theil_sen_lower, fit.theil_sen_upper)
    p = ("< " if fit.kendall_p < 0.001 else "") + number(max(fit.kendall_p, 0.001), 3, language)
    rows["Theil–Sen, Mann–Kendall*"] = row(fit, (fit.theil_sen, *ends), p, "")
    columns = {
        "sv": ["år", "antal år", "lutning per år", "nedre 95 %", "övre 95 %", "p", "slutsats"],
        "en": ["years", "number", "slope a year", "lower 95%", "upper 95%", "p", "conclusion"],
    }[language]
    strength = number(fit.autocorrelation, 2, language)
    how = {"sv": "antagen", "en": "assumed"}[language]
    if count := change.estimated_from:
        how = {"sv": f"lärd av {count} regioner", "en": f"estimated from {count} regions"}[language]
    caption = {
        "sv": "Trenden i siffror ({}). Autokorrelation {} ({}). *Förutsätter att åren är oberoende "
        "av varandra, vilket gör intervallet för smalt och p för litet.",
        "en": "The trend in numbers ({}). Autocorrelation {} ({}). *Assumes that years are "
        "independent of each other, which makes the interval too narrow and p too small.",
    }[language]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return Table(frame, caption.format(unit(entry).change[language], strength, how))
