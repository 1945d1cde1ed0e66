"""Results → sentences, in Swedish and English.

A sentence takes its numbers from the result object that its figure is drawn from, so the two can
never contradict each other.
"""

from __future__ import annotations

from naravard.analysis.comparison import PriceChange
from naravard.analysis.interrupted import FEWEST_EACH_SIDE, START, Estimate, Interrupted
from naravard.analysis.regression import FEWEST_YEARS, Fit
from naravard.analysis.trends import PANDEMIC, Trend
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.quantities import quantity, slope
from naravard.language import check, number, opening, span, within
from naravard.regions import BY_CODE
from naravard.sentences.say import sentence
from naravard.sentences.words import TOWARD, desired, left_out, missing_reason, subject

# The sentence on a series before and from 2020 on.
_findings_interrupted_HEADLINES = {
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


def _interval(estimate: Estimate, entry: Indicator, language: str) -> str:
    low, high = (slope(x, entry, language) for x in (estimate.lower, estimate.upper))
    if language == "en":
        return f"95% interval {low} to {high}"
    return f"95-procentsintervall {low} till {high}"


def _zero_outside(estimate: Estimate) -> bool:
    return estimate.lower > 0 or estimate.upper < 0


def _findings_interrupted_too_few(result: Interrupted, language: str) -> str:
    before, after = result.before, result.after
    return {
        "sv": f" År med värden: {before} före {START} och {after} från och med {START}; minst "
        f"{FEWEST_EACH_SIDE} behövs på vardera sidan.",
        "en": f" Years with values: {before} before {START} and {after} from {START} on; at least "
        f"{FEWEST_EACH_SIDE} are needed on each side.",
    }[language]


def _numbers(result: Interrupted, entry: Indicator, language: str) -> str:
    step, turn = result.level, result.slope_change
    per = unit(entry).change[language]
    level, before, change = (
        slope(x, entry, language) for x in (step.value, result.slope, turn.value)
    )
    first, last = min(result.years), max(result.years)
    outside = result.verdict == "no clear change" and (_zero_outside(step) or _zero_outside(turn))
    if language == "en":
        text = (
            f" In {START} the level was {level} {per} against the continued line of {first}–"
            f"{START - 1} ({_interval(step, entry, language)}); the slope was {before} {per} a "
            f"year before and changed by {change} ({_interval(turn, entry, language)}) to {last}. "
            f"{result.before} years before {START}, {result.after} from {START} on."
        )
        if outside:
            text += " With two things tested at once, one interval without zero is not enough."
        return text + " A change in 2020 cannot be told from the pandemic."
    text = (
        f" Nivån {START} var {level} {per} mot den fortsatta linjen från {first}–{START - 1} "
        f"({_interval(step, entry, language)}); lutningen var {before} {per} per år dessförinnan "
        f"och ändrades med {change} ({_interval(turn, entry, language)}) till och med {last}. "
        f"{result.before} år före {START}, {result.after} från och med {START}."
    )
    if outside:
        text += " När två saker prövas samtidigt räcker det inte att ett intervall saknar noll."
    return text + " En förändring 2020 går inte att skilja från pandemin."


@sentence.register(Interrupted)
def interrupted(result: Interrupted, language: str = "sv") -> str:
    """Say whether level or slope changed in 2020, which the pandemic alone may have done."""
    check(language)
    entry = indicator(result.indicator)
    words = {"name": subject(entry, result.sex, language)}
    if result.level is not None:
        words["step"] = _STEPS[result.level.value > 0][language]
        words["turn"] = _TURNS[result.slope_change.value > 0][language]
    headline = _findings_interrupted_HEADLINES[result.verdict][language].format(**words)
    bold = f"**{BY_CODE[result.region].name(language)}: {headline}.**"
    if result.verdict == "no data":
        reason = missing_reason(entry, result.region, language)
        return f"{bold} {opening(reason)}." if reason else bold
    if result.level is None:
        return bold + _findings_interrupted_too_few(result, language) + left_out(result, language)
    return bold + _numbers(result, entry, language) + left_out(result, language)


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


def headline(result: Trend, language: str = "sv") -> str:
    """Say a trend's verdict in one short sentence: region, indicator, verdict, years."""
    check(language)
    entry = indicator(result.indicator)
    name = subject(entry, result.sex, language)
    toward = ""
    if (good := desired(result)) is not None:
        toward = TOWARD[good][language]
    text = _HEADLINES[result.verdict][language].format(
        name=name, years=span(result.years) if result.years else "", toward=toward
    )
    return f"{BY_CODE[result.region].name(language)}: {text}."


def _slope(fit: Fit, entry: Indicator, language: str) -> str:
    change, lower, upper = (slope(x, entry, language) for x in (fit.slope, fit.lower, fit.upper))
    per, count = unit(entry).change[language], len(fit.years)
    if language == "en":
        return f"{change} {per} a year (95% interval {lower} to {upper}; {count} years)"
    return f"{change} {per} per år (95-procentsintervall {lower} till {upper}; {count} år)"


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
    return {
        "sv": f" Utan pandemiåren {_PANDEMIC}: {verdict}, {change}.",
        "en": f" Without the pandemic years {_PANDEMIC}: {verdict}, {change}.",
    }[language]


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


@sentence.register
def _(result: Trend, language: str = "sv") -> str:
    bold = f"**{headline(result, language)}**"
    entry = indicator(result.indicator)
    if result.verdict == "no data":
        reason = missing_reason(entry, result.region, language)
        return f"{bold} {opening(reason)}." if reason else bold
    first, last = (quantity(x, entry, language) for x in (result.first, result.last))
    cut = left_out(result, language)
    if result.full is None:
        return f"{bold} {_too_few(result, last, language)}{cut}"
    change = _slope(result.full, entry, language)
    if result.full.verdict != result.verdict and result.full.verdict in ("rising", "falling"):
        change = f"{VERDICTS[result.full.verdict][language]}, {change}"
    start, end = min(result.years), max(result.years)
    if language == "en":
        body = f"From {first} in {start} to {last} in {end}; {change}."
        if result.full.verdict == "no clear change":
            body += " The interval includes zero."
    else:
        body = f"Från {first} år {start} till {last} år {end}; {change}."
        if result.full.verdict == "no clear change":
            body += " Intervallet rymmer noll."
    return f"{bold} {body}{_without_pandemic(result, entry, language)}{cut}"


@sentence.register
def _(result: PriceChange, language: str = "sv") -> str:
    check(language)
    entry, region = indicator(result.indicator), BY_CODE[result.region]
    name = region.name(language)
    if len(result.current) < 2:
        return {
            "sv": f"**{name}: inga kostnader att jämföra.**",
            "en": f"**{name}: no costs to compare.**",
        }[language]
    (y0, v0), (y1, v1) = result.current

    def percent(before, after):
        text = number(100 * (after / before - 1), 1, language, sign=True)
        return text + ("%" if language == "en" else "\u00a0%")

    def pair(before, after):
        return (*(number(x, entry.decimals, language) for x in (before, after)),
                percent(before, after))  # fmt: skip

    per, what, now = unit(entry).name[language], within(entry.short_name[language]), pair(v0, v1)
    fixed = ""
    if len(result.fixed) == 2:
        (f0, w0), (f1, w1) = result.fixed
        then = pair(w0, w1)
        fixed = {
            "sv": f" I {result.price_year} års priser (KPI) gick den från {then[0]} år {f0} till "
            f"{then[1]} år {f1} ({then[2]}).",
            "en": f" In prices of {result.price_year} (CPI) it went from {then[0]} in {f0} to "
            f"{then[1]} in {f1} ({then[2]}).",
        }[language]
    reservations = ""
    for b in result.breaks:
        reservations += {
            "sv": f" Ändringen går över ett brott {b.year}: {b.reason.sv}.",
            "en": f" The change runs across a break in {b.year}: {b.reason.en}.",
        }[language]
    if result.without_index:
        years = span(result.without_index)
        reservations += {
            "sv": f" För {years} finns inget prisindex i samlingen.",
            "en": f" For {years} there is no price index in the collection.",
        }[language]
    if language == "en":
        return (
            f"**{name}: {what} went from {now[0]} {per} in {y0} to {now[1]} in {y1} ({now[2]}) in "
            f"current prices.**{fixed}{reservations}"
        )
    return (
        f"**{name}: {what} gick från {now[0]} {per} år {y0} till {now[1]} år {y1} ({now[2]}) i "
        f"löpande priser.**{fixed}{reservations}"
    )
