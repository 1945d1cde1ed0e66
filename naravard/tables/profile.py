"""Tables of a region's profile: similar regions, indicators by strategic direction, the sheet."""

from __future__ import annotations

import pandas as pd

from naravard.analysis.profile import INDICATORS, Profile, SimilarRegions, Standing
from naravard.catalogue import Indicator, catalogue, indicator, unit
from naravard.catalogue.quantities import brief, measure, slope
from naravard.data.documents import Outcomes, sheet
from naravard.errors import NaravardError, did_you_mean
from naravard.language import check, number, opening, prices_of, span
from naravard.regions import BY_CODE, NATION
from naravard.sentences.say import Prose
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import TOWARD, desired
from naravard.tables.table import Table


def similar_table(result: SimilarRegions, language: str = "sv") -> Table | Prose:
    """Show what regions are compared by and how far each lies from a region.

    Parameters
    ----------
    result : SimilarRegions
    language : {"sv", "en"}

    Returns
    -------
    Table
        One row a region, from the region itself to the least similar: the indicators and the
        distance in standard deviations between regions; the similar ones are marked. Nothing is
        shown for Riket.
    """
    check(language)
    if result.region == NATION:
        return Prose("")
    mark = {"sv": " (liknande)", "en": " (similar)"}[language]
    rows, index = [], []
    for code, row in result.table.iterrows():
        values = [number(row[id], indicator(id).decimals, language) for id in INDICATORS]
        rows.append([*values, number(row["distance"], 2, language)])
        index.append(BY_CODE[code].label(language) + (mark if code in result.similar else ""))
    columns = [
        f"{opening(indicator(id).short_name[language])}, {unit(indicator(id)).name[language]}"
        for id in INDICATORS
    ]
    distance = {"sv": "avstånd", "en": "distance"}[language]
    caption = {
        "sv": f"Hur nära regionerna ligger {BY_CODE[result.region].label('sv')} i förutsättningar "
        f"({result.year}). Avståndet räknas i standardavvikelser mellan regionerna.",
        "en": f"How near regions lie to {BY_CODE[result.region].label('en')} in conditions "
        f"({result.year}). The distance is counted in standard deviations between regions.",
    }[language]
    return Table(pd.DataFrame(rows, columns=[*columns, distance], index=index), caption)


def _trend(one: Standing, language: str) -> str:
    """Write what the trend says: verdict, years, direction, slope with interval."""
    entry, change = indicator(one.indicator), one.trend
    text = VERDICTS[change.verdict][language]
    if change.full is None:
        count = len(change.years)
        return f"{text} ({count})" if count else text
    text = f"{span(change.years)}: {text}"
    if (good := desired(change)) is not None:
        text += TOWARD[good][language]
    fit = change.full
    middle, low, high = (slope(x, entry, language) for x in (fit.slope, fit.lower, fit.upper))
    text += {
        "sv": f"; {middle} per år ({low} till {high})",
        "en": f"; {middle} a year ({low} to {high})",
    }[language]
    if one.price_year:
        text += f", {'in' if language == 'en' else 'i'} {prices_of(one.price_year, language)}"
    return text


def _reach(values: pd.Series, entry: Indicator, language: str) -> str:
    """Write from the lowest to the highest value, and of how many regions."""
    if values.empty:
        return "–"
    low, high = number(values.min(), entry.decimals, language), values.max()
    text = brief(high, entry, language)
    if values.min() < high:
        text = f"{low} – {text}"
    return f"{text} ({len(values)})"


def profile_table(result: Profile, direction: str, language: str = "sv") -> Table | Prose:
    """Show a region's indicators under one strategic direction.

    Parameters
    ----------
    result : Profile
    direction : str
        A strategic direction of the catalogue, e.g. "quality".
    language : {"sv", "en"}

    Returns
    -------
    Table
        One row an indicator with a value for the region: the latest with its year, Riket and the
        similar regions in that year (all regions on Riket's page), and what the trend says. The
        caption names the indicators without a value, and stands alone when none has one.

    Raises
    ------
    NaravardError
        On an unknown direction.
    """
    check(language)
    if direction not in result.standings:
        known = catalogue().strategic_directions
        raise NaravardError(f"unknown direction '{direction}'{did_you_mean(direction, known)}")
    nation = result.region == NATION
    rows, index, without = [], [], []
    for one in result.standings[direction]:
        entry = indicator(one.indicator)
        name = measure(entry, language)
        if one.year is None:
            without.append(name)
            continue
        others = one.regions if nation else one.regions[one.regions.index.isin(result.similar)]
        reference = [] if nation else [
            "–" if one.nation is None else brief(one.nation, entry, language)
        ]  # fmt: skip
        rows.append(
            [
                f"{brief(one.value, entry, language)} ({one.year})",
                *reference,
                _reach(others, entry, language),
                _trend(one, language),
            ]
        )
        index.append(name)
    latest = {"sv": "senaste värde (år)", "en": "latest value (year)"}[language]
    others = {
        (True, "sv"): "regionerna, lägst – högst (antal)",
        (True, "en"): "the regions, lowest – highest (number)",
        (False, "sv"): "liknande regioner, lägst – högst (antal)",
        (False, "en"): "similar regions, lowest – highest (number)",
    }[nation, language]
    trend = {"sv": "utveckling", "en": "trend"}[language]
    reference = [] if nation else [BY_CODE[NATION].label(language)]
    caption = f"{catalogue().strategic_directions[direction][language]}."
    if without:
        missing = "; ".join(without)
        caption += {"sv": f" Utan värde: {missing}.", "en": f" Without a value: {missing}."}[
            language
        ]
    if not rows:
        return Prose(caption)
    frame = pd.DataFrame(rows, columns=[latest, *reference, others, trend], index=index)
    return Table(frame, caption, prose=True)


def outcomes_table(result: Outcomes, language: str = "sv") -> Table | Prose:
    """Show a region's outcome boxes beside the collection's values.

    Parameters
    ----------
    result : Outcomes
    language : {"sv", "en"}

    Returns
    -------
    Table
        One row a box: its value with period, source and line, how certain it is which measure the
        box belongs to, the collection's value in the same year, how near the two measures are,
        the collection's latest value, and the one that SKR printed for Riket. Nothing for a region
        without a sheet.
    """
    check(language)
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
        printed = [row.source or codes.box[row.box][language]]
        if not pd.isna(row.value):
            value = number(row.value, 0, language)
            if row.unit == "percent":
                value += catalogue().units["percent"].suffix[language].replace(" ", "\u00a0")
            printed.insert(0, f"{value} ({row.period.replace('-20', '–20')})")
        if row.line:
            printed.append(f"{line} {row.line}")
        rows.append(
            [
                "; ".join(printed),
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
