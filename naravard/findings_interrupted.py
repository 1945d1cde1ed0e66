"""The sentence on a series before and from 2020 on, registered in `naravard.findings`."""

from __future__ import annotations

from naravard.analysis.interrupted import FEWEST_EACH_SIDE, START, Estimate, Interrupted
from naravard.catalogue import Indicator, indicator, unit
from naravard.findings_words import left_out, missing_reason, subject
from naravard.language import check, opening, slope
from naravard.regions import BY_CODE

_HEADLINES = {
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


def _too_few(result: Interrupted, language: str) -> str:
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


def interrupted(result: Interrupted, language: str = "sv") -> str:
    """Say whether level or slope changed in 2020, which the pandemic alone may have done."""
    check(language)
    entry = indicator(result.indicator)
    words = {"name": subject(entry, result.sex, language)}
    if result.level is not None:
        words["step"] = _STEPS[result.level.value > 0][language]
        words["turn"] = _TURNS[result.slope_change.value > 0][language]
    headline = _HEADLINES[result.verdict][language].format(**words)
    bold = f"**{BY_CODE[result.region].name(language)}: {headline}.**"
    if result.verdict == "no data":
        reason = missing_reason(entry, result.region, language)
        return f"{bold} {opening(reason)}." if reason else bold
    if result.level is None:
        return bold + _too_few(result, language) + left_out(result, language)
    return bold + _numbers(result, entry, language) + left_out(result, language)
