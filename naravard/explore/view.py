"""A view of the collection: what is chosen, and all that follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from naravard.analysis.comparison import Comparison, compare
from naravard.analysis.trends import Trend, trend
from naravard.catalogue import Indicator, indicator
from naravard.data import load
from naravard.data.availability import sentence
from naravard.errors import NaravardError
from naravard.figures import plot
from naravard.figures.figure import Figure
from naravard.figures.series import MOST
from naravard.language import check, opening, span
from naravard.regions import BY_CODE, NATION, Region, resolve
from naravard.sentences.say import Prose, say
from naravard.sentences.words import names, subject
from naravard.tables import table
from naravard.tables.table import Table

SEXES = ("T", "K", "M")  # total, women, men


@dataclass(frozen=True)
class View:
    """What to look at.

    Attributes
    ----------
    indicator : str
        Id, as in the catalogue.
    regions : str or iterable of str
        Anything `naravard.regions.resolve` takes, Riket and at most six regions; a tuple of codes
        afterwards.
    years : (int, int), optional
        First and last year; all years if not given.
    sex : {"T", "K", "M"}
        Total, women, men.
    price_year : int, optional
        The year whose prices costs are in; current prices if not given.
    trend : bool
        Whether trends are computed, said and drawn.
    language : {"sv", "en"}
        Also of the sentences that say what cannot be shown.

    Raises
    ------
    NaravardError
        On anything that is unknown or does not fit the indicator.
    """

    indicator: str
    regions: str | Iterable[str] = NATION
    years: tuple[int, int] | None = None
    sex: str = "T"
    price_year: int | None = None
    trend: bool = True
    language: str = "sv"

    def __post_init__(self):
        check(self.language)
        entry = indicator(self.indicator)
        if load.awaiting(entry.id):
            raise NaravardError(f"{sentence(entry.id, self.language)}.")
        given = self.regions
        given = [given] if isinstance(given, str | int | Region) else given
        codes = tuple(dict.fromkeys(resolve(one).code for one in given))
        object.__setattr__(self, "regions", codes)
        if not codes:
            raise self._refused("no_region")
        if len([code for code in codes if code != NATION]) > MOST:
            raise self._refused("too_many", most=MOST)
        if self.years is not None and self.years[0] > self.years[1]:
            raise self._refused("backwards", first=self.years[0], last=self.years[1])
        name = opening(entry.short_name[self.language])
        if self.price_year is not None and not entry.in_money:
            raise self._refused("no_prices", name=name)
        if self.price_year is not None and self.price_year not in price_years(entry):
            raise self._refused("no_index", years=span(price_years(entry)), year=self.price_year)
        if self.sex not in SEXES:
            raise NaravardError(f"unknown sex '{self.sex}': T is total, K women, M men")
        if self.sex not in published(entry.id).sexes:
            sex = word(self.sex, self.language).lower()
            raise self._refused("no_sex", name=name, sex=sex)

    def _refused(self, why: str, **parts) -> NaravardError:
        return NaravardError(word(why, self.language, **parts))

    def result(self) -> Result:
        """Work the view out; a NaravardError if no region has a value in these years."""
        years = None if self.years is None else slice(*self.years)
        try:
            if self.price_year is not None:
                rows = load.load_costs(self.indicator, None, years, self.price_year)
            else:
                rows = load.load_indicator(self.indicator, None, years, self.sex)
            comparison = compare(rows, self.regions)
        except NaravardError as error:
            entry, language = indicator(self.indicator), self.language
            name = opening(subject(entry, self.sex, language))
            if entry.level == "nation" and NATION not in self.regions:
                raise self._refused("nation_only", name=name) from error
            regions = names([BY_CODE[code].name(language) for code in self.regions], language)
            years = span(self.years or published(self.indicator).years)
            raise self._refused("nothing", name=name, regions=regions, years=years) from error
        known = [code for code in self.regions if not comparison.series(code).empty]
        trends = [trend(rows, code, self.sex) for code in known] if self.trend else []
        return Result(self, replace(comparison, trends=tuple(trends)))


@dataclass(frozen=True)
class Result:
    """All that a view shows, worked out of the same rows.

    ``comparison`` has the trends of the regions with values; without any if the view asks for none.
    """

    view: View
    comparison: Comparison

    @property
    def trends(self) -> tuple[Trend, ...]:
        """The trends that are said and drawn."""
        return self.comparison.trends

    @cached_property
    def finding(self) -> Prose:
        """What the figure shows, in words."""
        return say(self.comparison, *self.trends, language=self.view.language)

    @cached_property
    def figure(self) -> Figure:
        """The series, with their trends."""
        return plot(self.comparison, self.view.language)

    @cached_property
    def table(self) -> Table:
        """The values."""
        return table(self.comparison, self.view.language)

    @cached_property
    def code(self) -> str:
        """A cell that gives finding, figure and table again, in calls of the public face only."""
        view, trended = self.view, tuple(change.region for change in self.trends)
        sex = f', sex="{view.sex}"' if view.sex != "T" else ""
        chosen = f'"{view.indicator}"'
        if view.years is not None:
            chosen += f", years=slice({view.years[0]}, {view.years[1]})"
        if view.price_year is not None:
            loaded = f"nv.load_costs({chosen}, price_year={view.price_year})"
        else:
            loaded = f"nv.load_indicator({chosen}{sex})"
        shown = ", ".join(BY_CODE[code].label(view.language) for code in view.regions)
        lines = ["import naravard as nv", "", f"rows = {loaded}"]
        lines.append(f"regions = {json.dumps(view.regions)}  # {shown}")
        if trended:
            among = "regions" if trended == view.regions else json.dumps(trended)
            lines.append(f"trends = [nv.trend(rows, region{sex}) for region in {among}]")
        language = f'language="{view.language}"'
        lines += [
            f"beside = nv.compare(rows, regions{', trends' if trended else ''})",
            f"finding = nv.say(beside, {'*trends, ' if trended else ''}{language})",
            f"figure = nv.plot(beside, {language})",
            f"table = nv.table(beside, {language})",
            "display(finding, figure, table)",
        ]
        return "\n".join(lines)


class Published(NamedTuple):
    """The years and sexes (both in order) for which any region has a value."""

    years: tuple[int, ...]
    sexes: tuple[str, ...]


def published(id: str) -> Published:
    """Return what there is of an indicator to choose from."""
    rows = load.table([id]).dropna(subset="value")
    here = set(rows["sex"])
    years = sorted(map(int, rows["year"].unique()))
    return Published(tuple(years), tuple(sex for sex in SEXES if sex in here))


def price_years(entry: Indicator) -> tuple[int, ...]:
    """Return the years whose prices an indicator can be expressed in, the latest first."""
    return published("consumer_price_index").years[::-1] if entry.in_money else ()


#: The words of the interface, in Swedish and English.
_WORDS = {
    "direction": {"sv": "Område", "en": "Area"},
    "all": {"sv": "Alla områden", "en": "All areas"},
    "background": {"sv": "Bakgrund", "en": "Background"},
    "search": {"sv": "Sök mått", "en": "Search indicators"},
    "example": {"sv": "t.ex. läkare, kostnad", "en": "e.g. doctors, cost"},
    "indicator": {"sv": "Mått", "en": "Indicator"},
    "found_none": {"sv": "Inget mått heter så.", "en": "No indicator has that name."},
    "awaiting": {
        "sv": "{count} mått till väntar på siffror: {command}",
        "en": "{count} more indicators await their figures: {command}",
    },
    "regions": {"sv": "Regioner, högst {most} utom riket",
                "en": "Regions, at most {most} beside Sweden"},
    "from": {"sv": "Från år", "en": "From year"},
    "to": {"sv": "Till år", "en": "To year"},
    "sex": {"sv": "Kön", "en": "Sex"},
    "T": {"sv": "Totalt", "en": "Total"},
    "K": {"sv": "Kvinnor", "en": "Women"},
    "M": {"sv": "Män", "en": "Men"},
    "prices": {"sv": "Priser", "en": "Prices"},
    "current": {"sv": "Löpande priser", "en": "Current prices"},
    "fixed": {"sv": "{year} års priser (KPI)", "en": "Prices of {year} (CPI)"},
    "trend": {"sv": "Visa trend", "en": "Show the trend"},
    "table": {"sv": "Tabell", "en": "Table"},
    "code": {"sv": "Koden som ger detta", "en": "The code that gives this"},
    "copy": {"sv": "Kopiera koden", "en": "Copy the code"},
    "copied": {"sv": "Kopierad", "en": "Copied"},
    "selected": {"sv": "Markerad: tryck Ctrl+C", "en": "Selected: press Ctrl+C"},
    "picture": {"sv": "Figuren (PNG)", "en": "The figure (PNG)"},
    "values": {"sv": "Tabellen (CSV)", "en": "The table (CSV)"},
    "limits": {"sv": "Vad detta inte visar", "en": "What this does not show"},
    "no_region": {"sv": "Välj minst en region.", "en": "Choose at least one region."},
    "too_many": {
        "sv": "Högst {most} regioner utom riket går att skilja åt i en figur: välj bort någon.",
        "en": "At most {most} regions beside Sweden can be told apart in a figure: leave some out.",
    },
    "backwards": {
        "sv": "Första året, {first}, ligger efter det sista, {last}.",
        "en": "The first year, {first}, lies after the last, {last}.",
    },
    "no_sex": {"sv": "{name} finns inte för {sex}.", "en": "{name} is not published for {sex}."},
    "no_prices": {
        "sv": "{name} är ingen kostnad i kronor: fasta priser går inte att räkna.",
        "en": "{name} is not a cost in kronor: fixed prices cannot be computed.",
    },
    "no_index": {
        "sv": "Prisindex finns för {years}, inte för {year}.",
        "en": "There is a price index for {years}, not for {year}.",
    },
    "nation_only": {
        "sv": "{name} finns bara för riket: välj Riket.",
        "en": "{name} exists for the nation only: choose Sweden.",
    },
    "nothing": {
        "sv": "{name} har inga värden för {regions} {years}.",
        "en": "{name} has no values for {regions} {years}.",
    },
    "how": {
        "sv": "Detta är utgångsläget. Öppna anteckningsboken med `naravard lab` och kör cellen för "
        "att byta mått, regioner och år.",
        "en": "This is the starting view. Open the notebook with `naravard lab` and run the cell "
        "to change indicator, regions and years.",
    },
    "failed": {"sv": "Något gick fel: {error}", "en": "Something went wrong: {error}"},
}  # fmt: skip


def word(key: str, language: str, **parts) -> str:
    """Return a word or sentence of the interface in the language."""
    return _WORDS[key][language].format(**parts)
