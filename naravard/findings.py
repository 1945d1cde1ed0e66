"""Results → sentences, in Swedish and English.

A sentence takes its numbers from the result object that its figure is drawn from, so the two can
never contradict each other.
"""

from __future__ import annotations

from functools import singledispatch

from naravard import (
    findings_comparison,
    findings_contribution,
    findings_explore,
    findings_interrupted,
    findings_points,
    findings_profile,
    findings_status,
)
from naravard.analysis.comparison import Comparison
from naravard.analysis.contribution import Contributions, LeaveOneOut
from naravard.analysis.funnel import Funnel
from naravard.analysis.interrupted import Interrupted
from naravard.analysis.lines import FEWEST_YEARS, Fit
from naravard.analysis.mixed import RegionSlopes
from naravard.analysis.points import AgainstTarget, Between, Points
from naravard.analysis.prices import PriceChange
from naravard.analysis.profile import Profile
from naravard.analysis.similar import SimilarRegions
from naravard.analysis.trends import PANDEMIC, Trend
from naravard.analysis.variation import Latest
from naravard.catalogue import Indicator, indicator, unit
from naravard.findings_words import TOWARD, desired, left_out, missing_reason, subject
from naravard.language import check, number, opening, quantity, slope, span, within
from naravard.outcomes import Outcomes
from naravard.regions import BY_CODE
from naravard.statuses import MissingSeries, Status

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


@singledispatch
def sentence(result, language: str = "sv") -> str:
    """Say a result in words.

    Parameters
    ----------
    result : Trend, Interrupted, LeaveOneOut, Contributions, PriceChange, Latest, Funnel,
        RegionSlopes, AgainstTarget, Between, Points, Status, MissingSeries, SimilarRegions,
        Profile, Outcomes or Comparison
    language : {"sv", "en"}

    Returns
    -------
    str
        A few sentences of Markdown, the main message in bold, with number, interval, years
        and reservation.

    Raises
    ------
    TypeError
        For a result that has no words.
    """
    raise TypeError(f"no sentence for {type(result).__name__}")


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


sentence.register(LeaveOneOut, findings_contribution.leave_one_out)
sentence.register(Contributions, findings_contribution.contributions)
sentence.register(Interrupted, findings_interrupted.interrupted)
sentence.register(Latest, findings_comparison.latest)
sentence.register(Funnel, findings_comparison.funnel)
sentence.register(RegionSlopes, findings_comparison.region_slopes)
sentence.register(AgainstTarget, findings_points.against_target)
sentence.register(Between, findings_points.between)
sentence.register(Points, findings_points.points)
sentence.register(Status, findings_status.status)
sentence.register(MissingSeries, findings_status.missing)
sentence.register(SimilarRegions, findings_profile.similar_regions)
sentence.register(Profile, findings_profile.profile)
sentence.register(Outcomes, findings_profile.outcomes)
sentence.register(Comparison, findings_explore.comparison)
