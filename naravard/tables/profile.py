"""Tables of a region's profile: similar regions, and indicators by strategic direction."""

from __future__ import annotations

import pandas as pd

from naravard.analysis.profile import INDICATORS, Profile, SimilarRegions, Standing
from naravard.catalogue import Indicator, catalogue, indicator, unit
from naravard.catalogue.quantities import brief, measure, slope
from naravard.errors import NaravardError, did_you_mean
from naravard.language import number, opening, prices_of, span
from naravard.regions import BY_CODE, NATION
from naravard.sentences.say import Prose
from naravard.sentences.trends import VERDICTS
from naravard.sentences.words import TOWARD, desired
from naravard.tables.table import Table


def tabulate_similar(result: SimilarRegions, language: str) -> Table | Prose:
    """Show what regions are compared by and how far each lies from a region, itself first.

    The similar ones are marked. Nothing is shown for Riket.
    """
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
        "sv": "Hur nära regionerna ligger {} i förutsättningar ({}). Avståndet räknas i "
        "standardavvikelser mellan regionerna.",
        "en": "How near regions lie to {} in conditions ({}). The distance is counted in standard "
        "deviations between regions.",
    }[language].format(BY_CODE[result.region].label(language), result.year)
    return Table(pd.DataFrame(rows, columns=[*columns, distance], index=index), caption)


def _trend(one: Standing, language: str) -> str:
    """Write what the trend says: verdict, years, direction, slope with interval."""
    entry, change = indicator(one.indicator), one.trend
    text = VERDICTS[change.verdict][language]
    if change.full is None:
        count = len(change.years)
        return f"{text} ({count})" if count else text
    text = f"{span(change.years)}: {text}"
    if (toward := desired(change)) is not None:
        text += TOWARD[toward][language]
    fit = change.full
    middle, low, high = (slope(x, entry, language) for x in (fit.slope, fit.lower, fit.upper))
    per, to, within = {"sv": ("per år", "till", "i"), "en": ("a year", "to", "in")}[language]
    text += f"; {middle} {per} ({low} {to} {high})"
    return f"{text}, {within} {prices_of(one.price_year, language)}" if one.price_year else text


def _range(values: pd.Series, entry: Indicator, language: str) -> str:
    """Write from the lowest to the highest value, and of how many regions."""
    if values.empty:
        return "–"
    low, text = number(values.min(), entry.decimals, language), brief(values.max(), entry, language)
    if values.min() < values.max():
        text = f"{low} – {text}"
    return f"{text} ({len(values)})"


def tabulate_profile(result: Profile, language: str, direction: str) -> Table | Prose:
    """Show a region's indicators under one strategic direction of the catalogue.

    One row an indicator with a value for the region: the latest with its year, Riket and the
    similar regions in that year (all regions on Riket's page), and what the trend says. The caption
    names the indicators without a value, and stands alone when none has one.
    """
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
        value = "–" if one.nation is None else brief(one.nation, entry, language)
        own = f"{brief(one.value, entry, language)} ({one.year})"
        beside = _range(others, entry, language)
        rows.append([own, *([] if nation else [value]), beside, _trend(one, language)])
        index.append(name)
    columns = {
        "sv": ["senaste värde (år)", "{}, lägst – högst (antal)", "utveckling"],
        "en": ["latest value (year)", "{}, lowest – highest (number)", "trend"],
    }[language]
    among = {"sv": ("liknande regioner", "regionerna"), "en": ("similar regions", "the regions")}
    columns[1] = columns[1].format(among[language][nation])
    if not nation:
        columns.insert(1, BY_CODE[NATION].label(language))
    caption = f"{catalogue().strategic_directions[direction][language]}."
    if without:
        missing = {"sv": "Utan värde", "en": "Without a value"}[language]
        caption += f" {missing}: {'; '.join(without)}."
    if not rows:
        return Prose(caption)
    frame = pd.DataFrame(rows, columns=columns, index=index)
    return Table(frame, caption, prose=True)
