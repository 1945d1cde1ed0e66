"""What notebooks show besides figures: sentences and tables.

Each call returns an object that displays itself, as Markdown or an HTML table on a page and as
text in a terminal and in stored outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import pandas as pd

from naravard.analysis.lines import Fit
from naravard.analysis.trends import PANDEMIC, Trend
from naravard.catalogue import Indicator, indicator, unit
from naravard.findings import VERDICTS, sentence
from naravard.language import check, number, opening, prices_of, slope, span
from naravard.regions import BY_CODE, NATION, resolve


@dataclass(frozen=True)
class Prose:
    """Markdown that displays itself; ``metadata`` goes with it into a notebook's output."""

    text: str
    metadata: dict = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        shown = {"text/markdown": self.text, "text/plain": self.text}
        return (shown, self.metadata) if self.metadata else shown


@dataclass(frozen=True)
class Table:
    """A table of text that displays itself; with ``prose`` its cells hold sentences that wrap."""

    frame: pd.DataFrame
    caption: str
    prose: bool = False

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.frame.to_string()}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        def cell(value, scope: str = "") -> str:
            text = escape(str(value), quote=False)
            # A heading without words is none: screen readers would announce it.
            return f'<th scope="{scope}">{text}</th>' if scope and text else f"<td>{text}</td>"

        def row(cells) -> str:
            return "<tr>" + "".join(cells) + "</tr>"

        named = [self.frame.columns.name or "", *self.frame.columns]
        head = row(cell(name, "col") for name in named)
        body = "\n".join(
            row([cell(first, "row"), *map(cell, rest)]) for first, *rest in self.frame.itertuples()
        )
        kind = ' class="prose"' if self.prose else ""
        return (
            f"<table{kind}>\n"
            f"<caption>{escape(self.caption, quote=False)}</caption>\n"
            f"<thead>\n{head}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
        )


def say(*results, language: str = "sv") -> Prose:
    """Show results in words, a paragraph each; see `naravard.findings.sentence`.

    A sentence that comes twice (a region's that is also the nation's) is said once.
    """
    return Prose("\n\n".join(dict.fromkeys(sentence(result, language) for result in results)))


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
    learnt = {
        "sv": f"lärd av {change.learnt_from} regioner" if change.learnt_from else "antagen",
        "en": f"learnt from {change.learnt_from} regions" if change.learnt_from else "supposed",
    }[language]
    caption = {
        "sv": "Trenden i siffror ({}). Autokorrelation {} ({}). *Förutsätter att åren är oberoende "
        "av varandra, vilket gör intervallet för smalt och p för litet.",
        "en": "The trend in numbers ({}). Autocorrelation {} ({}). *Supposes that years are "
        "independent of each other, which makes the interval too narrow and p too small.",
    }[language]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return Table(frame, caption.format(unit(entry).change[language], strength, learnt))
