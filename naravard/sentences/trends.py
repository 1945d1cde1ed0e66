"""Sentences on how one region's series changed over the years."""

from __future__ import annotations

from naravard.analysis.comparison import PriceChange
from naravard.analysis.interrupted import FEWEST_EACH_SIDE, START, Interrupted
from naravard.analysis.regression import FEWEST_YEARS, Fit
from naravard.analysis.trends import PANDEMIC, Trend
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.quantities import quantity, slope
from naravard.language import check, number, opening, percent, prices_of, span, within
from naravard.regions import BY_CODE
from naravard.sentences.say import worded
from naravard.sentences.words import (
    TOWARD,
    desired,
    from_to,
    head,
    interval,
    left_out,
    subject,
    why_none,
    without_index,
)

VERDICTS = {
    "rising": {"sv": "stigande", "en": "rising"},
    "falling": {"sv": "sjunkande", "en": "falling"},
    "no clear change": {"sv": "ingen tydlig förändring", "en": "no clear change"},
    "depends on the pandemic years": {
        "sv": "beror på pandemiåren",
        "en": "depends on the pandemic years",
    },
    "too few years": {"sv": "för få år", "en": "too few years"},
    "no data": {"sv": "inga värden", "en": "no data"},
}
_HEADLINES = {
    "rising": {"sv": "{name} steg {years}{toward}", "en": "{name} rose {years}{toward}"},
    "falling": {"sv": "{name} sjönk {years}{toward}", "en": "{name} fell {years}{toward}"},
    "no clear change": {
        "sv": "{name} visar ingen tydlig förändring {years}",
        "en": "no clear change in {name} {years}",
    },
    "depends on the pandemic years": {
        "sv": "om {name} ändrats {years} går inte att skilja från pandemin",
        "en": "whether {name} changed {years} cannot be told from the pandemic",
    },
    "too few years": {
        "sv": "för få år för att säga om {name} ändrats",
        "en": "too few years to tell whether {name} changed",
    },
    "no data": {"sv": "det finns inga värden för {name}", "en": "there are no values for {name}"},
}
_PANDEMIC = span(PANDEMIC)
_INTERRUPTED = {
    "level changed": {"sv": "{name} {step} 2020", "en": "{name} {step} in 2020"},
    "slope changed": {
        "sv": "lutningen för {name} {turn} från 2020",
        "en": "the slope of {name} {turn} from 2020",
    },
    "level and slope changed": {
        "sv": "{name} {step} 2020 och lutningen {turn}",
        "en": "{name} {step} in 2020 and the slope {turn}",
    },
    "no clear change": {
        "sv": "{name} visar varken tydligt hopp 2020 eller tydligt ändrad lutning",
        "en": "neither a clear step in 2020 nor a clear change of slope in {name}",
    },
    "too few years": {
        "sv": "för få år för att jämföra {name} före och efter 2020",
        "en": "too few years to compare {name} before and after 2020",
    },
    "no data": {"sv": "det finns inga värden för {name}", "en": "there are no values for {name}"},
}
_STEPS = {True: {"sv": "hoppade uppåt", "en": "stepped up"},
          False: {"sv": "hoppade nedåt", "en": "stepped down"}}  # fmt: skip
_TURNS = {True: {"sv": "ökade", "en": "increased"},
          False: {"sv": "minskade", "en": "decreased"}}  # fmt: skip


def headline(result: Trend, language: str = "sv") -> str:
    """Say a trend's verdict in one short sentence: region, indicator, verdict, years."""
    check(language)
    way = desired(result)
    text = _HEADLINES[result.verdict][language].format(
        name=subject(indicator(result.indicator), result.sex, language),
        years=span(result.years) if result.years else "",
        toward="" if way is None else TOWARD[way][language],
    )
    return f"{BY_CODE[result.region].name(language)}: {text}."


def _slope(fit: Fit, entry: Indicator, language: str) -> str:
    change, *around = (slope(x, entry, language) for x in (fit.slope, fit.lower, fit.upper))
    per, count = unit(entry).change[language], len(fit.years)
    a_year, years = {"sv": ("per år", "år"), "en": ("a year", "years")}[language]
    return f"{change} {per} {a_year} ({interval(*around, language)}; {count} {years})"


def _without_pandemic(result: Trend, entry: Indicator, language: str) -> str:
    if result.remaining == len(result.years):
        return ""
    other = result.without_pandemic
    if other is None:
        return {
            "sv": f" Utan pandemiåren {_PANDEMIC} återstår {result.remaining} år, för få för att "
            "skilja en förändring från pandemin.",
            "en": f" Without the pandemic years {_PANDEMIC}, {result.remaining} years remain, too "
            "few to tell a change from the pandemic.",
        }[language]
    change, verdict = _slope(other, entry, language), VERDICTS[other.verdict][language]
    without = {"sv": "Utan pandemiåren", "en": "Without the pandemic years"}[language]
    return f" {without} {_PANDEMIC}: {verdict}, {change}."


def _too_few(result: Trend, last: str, language: str) -> str:
    count, total = len(result.years), len(result.years) + len(result.left_out)
    if language == "en":
        has = f"{count} of {total} years with values can be used" if result.cut else (
            f"There {'is 1 year' if count == 1 else f'are {count} years'} with a value"
        )  # fmt: skip
        return (
            f"{has} ({span(result.years)}), at least {FEWEST_YEARS} are needed. The latest value "
            f"is {last} ({max(result.years)})."
        )
    has = f"{count} av {total} år med värden går att använda" if result.cut else (
        f"Det finns värden för {count} år"
    )  # fmt: skip
    return (
        f"{has} ({span(result.years)}), minst {FEWEST_YEARS} behövs. Det senaste värdet är {last} "
        f"({max(result.years)})."
    )


@worded.register(Trend)
def _(result: Trend, language: str) -> str:
    bold, entry = f"**{headline(result, language)}**", indicator(result.indicator)
    if result.verdict == "no data":
        return bold + why_none(entry, result.region, language)
    first, last = (quantity(x, entry, language) for x in (result.first, result.last))
    cut = left_out(result, language)
    if result.full is None:
        return f"{bold} {_too_few(result, last, language)}{cut}"
    change = _slope(result.full, entry, language)
    if result.full.verdict != result.verdict and result.full.verdict in ("rising", "falling"):
        change = f"{VERDICTS[result.full.verdict][language]}, {change}"
    moved = from_to(first, min(result.years), last, max(result.years), language)
    body = f"{opening(moved)}; {change}."
    if result.full.verdict == "no clear change":
        body += {"sv": " Intervallet rymmer noll.", "en": " The interval includes zero."}[language]
    return f"{bold} {body}{_without_pandemic(result, entry, language)}{cut}"


def _numbers(result: Interrupted, entry: Indicator, language: str) -> str:
    step, turn = result.level, result.slope_change
    per = unit(entry).change[language]
    level, before, change = (
        slope(x, entry, language) for x in (step.value, result.slope, turn.value)
    )
    around_level, around_change = (
        interval(*(slope(x, entry, language) for x in (one.lower, one.upper)), language)
        for one in (step, turn)
    )
    first, last = min(result.years), max(result.years)
    text = {
        "sv": f" Nivån {START} var {level} {per} mot den fortsatta linjen från {first}–{START - 1} "
        f"({around_level}); lutningen var {before} {per} per år dessförinnan och ändrades med "
        f"{change} ({around_change}) till och med {last}. {result.before} år före {START}, "
        f"{result.after} från och med {START}.",
        "en": f" In {START} the level was {level} {per} against the continued line of {first}–"
        f"{START - 1} ({around_level}); the slope was {before} {per} a year before and changed by "
        f"{change} ({around_change}) to {last}. {result.before} years before {START}, "
        f"{result.after} from {START} on.",
    }[language]
    apart = any(one.lower > 0 or one.upper < 0 for one in (step, turn))
    if result.verdict == "no clear change" and apart:
        text += {
            "sv": " När två saker prövas samtidigt räcker det inte att ett intervall saknar noll.",
            "en": " With two things tested at once, one interval without zero is not enough.",
        }[language]
    pandemic = {
        "sv": " En förändring 2020 går inte att skilja från pandemin.",
        "en": " A change in 2020 cannot be told from the pandemic.",
    }
    return text + pandemic[language]


@worded.register(Interrupted)
def interrupted(result: Interrupted, language: str) -> str:
    """Say whether level or slope changed in 2020, which the pandemic alone may have done."""
    entry = indicator(result.indicator)
    words = {"name": subject(entry, result.sex, language)}
    if result.level is not None:
        words["step"] = _STEPS[result.level.value > 0][language]
        words["turn"] = _TURNS[result.slope_change.value > 0][language]
    bold = head(result.region, _INTERRUPTED[result.verdict][language].format(**words), language)
    if result.verdict == "no data":
        return bold + why_none(entry, result.region, language)
    if result.level is None:
        body = {
            "sv": f" År med värden: {result.before} före {START} och {result.after} från och med "
            f"{START}; minst {FEWEST_EACH_SIDE} behövs på vardera sidan.",
            "en": f" Years with values: {result.before} before {START} and {result.after} from "
            f"{START} on; at least {FEWEST_EACH_SIDE} are needed on each side.",
        }[language]
    else:
        body = _numbers(result, entry, language)
    return bold + body + left_out(result, language)


@worded.register(PriceChange)
def price_change(result: PriceChange, language: str) -> str:
    """Say how a cost changed in current and in fixed prices, and across which breaks."""
    entry = indicator(result.indicator)
    if len(result.current) < 2:
        none = {"sv": "inga kostnader att jämföra", "en": "no costs to compare"}[language]
        return head(result.region, none, language)

    def went(ends, suffix: str = "") -> str:
        """Write "went from x in y to z in w (+p %)"."""
        (y0, v0), (y1, v1) = ends
        first, last = (number(x, entry.decimals, language) for x in (v0, v1))
        by = percent(100 * (v1 / v0 - 1), 1, language, sign=True)
        return f"{from_to(first + suffix, y0, last, y1, language)} ({by})"

    per, what = unit(entry).name[language], within(entry.short_name[language])
    moved, prices = went(result.current, f" {per}"), prices_of(None, language)
    text = {"sv": f"{what} gick {moved} i {prices}", "en": f"{what} went {moved} in {prices}"}
    text = head(result.region, text[language], language)
    if len(result.fixed) == 2:
        moved, prices = went(result.fixed), prices_of(result.price_year, language, index=True)
        fixed = {"sv": f" I {prices} gick den {moved}.", "en": f" In {prices} it went {moved}."}
        text += fixed[language]
    across = {"sv": "Ändringen går över ett brott", "en": "The change runs across a break in"}
    for found in result.breaks:
        text += f" {across[language]} {found.year}: {found.reason[language]}."
    return text + without_index(result.without_index, language)
