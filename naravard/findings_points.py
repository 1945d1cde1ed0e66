"""Sentences on single published points, registered in `naravard.findings`."""

from __future__ import annotations

from naravard.analysis.points import AgainstTarget, Between, Points
from naravard.catalogue import Indicator, indicator, unit
from naravard.findings_words import missing_reason
from naravard.language import check, number, opening, quantity, span, within
from naravard.regions import BY_CODE, NATION


def printed(value: float, entry: Indicator, language: str) -> str:
    """Write a value with its unit; a whole percentage without decimals, as it was printed."""
    if entry.unit == "percent" and value == round(value):
        entry = entry.model_copy(update={"decimals": 0})
    return quantity(value, entry, language)


def _percent(value: float, language: str, sign: bool = False) -> str:
    return number(value, 0, language, sign=sign) + ("%" if language == "en" else "\u00a0%")


def _nothing(entry: Indicator, code: str, language: str) -> str:
    name, region = within(entry.short_name[language]), BY_CODE[code].name(language)
    reason = missing_reason(entry, code, language)
    text = {
        "sv": f"**{region}: inget publicerat värde för {name}.**",
        "en": f"**{region}: no published value for {name}.**",
    }[language]
    return f"{text} {opening(reason)}." if reason else text


def _others(result: AgainstTarget, entry: Indicator, language: str) -> str:
    values = result.regions
    if values.empty:
        return ""
    count, reach = len(values), int((values >= result.target).sum())
    low, high = (printed(values.iloc[i], entry, language) for i in (0, -1))
    if count == 1:
        where = BY_CODE[values.index[0]].name(language)
        return {
            "sv": f" Bara {where} har ett värde: {high} ({span(result.years)}).",
            "en": f" Only {where} has a value: {high} ({span(result.years)}).",
        }[language]
    return {
        "sv": f" Av de {count} regioner som har ett värde ({span(result.years)}) når {reach} "
        f"målet; värdena går från {low} till {high}.",
        "en": f" Of the {count} regions with a value ({span(result.years)}), {reach} reach the "
        f"target; the values run from {low} to {high}.",
    }[language]


def _level(result: AgainstTarget, entry: Indicator, language: str) -> str:
    year, value = result.last
    region, name = BY_CODE[result.region].name(language), within(entry.short_name[language])
    goal, now = _percent(result.target, language), printed(value, entry, language)
    gap = number(abs(value - result.target), 0 if value == round(value) else 1, language)
    per, deadline = unit(entry).change[language], result.target_year
    if result.reached is None:
        where = {
            "sv": f"i nivå med målet {goal}; avrundningen avgör om det är nått",
            "en": f"level with the target of {goal}; rounding decides whether it is reached",
        }[language]
    else:
        side = {True: {"sv": "över", "en": "above"}, False: {"sv": "under", "en": "below"}}
        word = side[result.reached][language]
        where = {
            "sv": f"{gap} {per} {word} målet {goal}",
            "en": f"{gap} {per} {word} the target of {goal}",
        }[language]
    return {
        "sv": f"**{region}: {name} {now} ({year}), {where}.** Målet gäller utgången av {deadline}.",
        "en": f"**{region}: {name} {now} ({year}), {where}.** The target is for the end of "
        f"{deadline}.",
    }[language]


def _growth(result: AgainstTarget, entry: Indicator, language: str) -> str:
    (start, before), (end, now) = result.first, result.last
    region, name = BY_CODE[result.region].name(language), within(entry.short_name[language])
    a, b = (quantity(x, entry, language) for x in (before, now))
    goal = _percent(result.target, language)
    rise, low, high = (
        _percent(x, language, sign=True) for x in (result.growth, result.lower, result.upper)
    )
    end_of = {
        True: {"sv": "målet är nått", "en": "the target is reached"},
        False: {"sv": "målet var då inte nått", "en": "the target was not reached then"},
        None: {"sv": "avrundningen avgör om målet är nått",
               "en": "rounding decides whether the target is reached"},
    }[result.reached][language]  # fmt: skip
    return {
        "sv": f"**{region}: {name} gick från {a} ({start}) till {b} ({end}), {rise}; målet är en "
        f"ökning med {goal}.** Med avrundningen i källan är ändringen {low} till {high}; {end_of}.",
        "en": f"**{region}: {name} went from {a} ({start}) to {b} ({end}), {rise}; the target is "
        f"a rise of {goal}.** With the source's rounding the change is {low} to {high}; {end_of}.",
    }[language]


def against_target(result: AgainstTarget, language: str = "sv") -> str:
    """Say how a value stands against its target."""
    check(language)
    entry = indicator(result.indicator)
    if result.last is None or (result.kind == "growth" and result.growth is None):
        return _nothing(entry, result.region, language) + _others(result, entry, language)
    if result.kind == "growth":
        return _growth(result, entry, language)
    return _level(result, entry, language) + _others(result, entry, language)


def between(result: Between, language: str = "sv") -> str:
    """Say how far apart two published values are, and what rounding leaves of it."""
    check(language)
    entry = indicator(result.indicator)
    region, name = BY_CODE[result.region].name(language), within(entry.short_name[language])
    if result.lower is None:
        return {
            "sv": f"**{region}: {name} saknar värden för en jämförelse mellan två år.**",
            "en": f"**{region}: {name} lacks values for a comparison of two years.**",
        }[language]
    (y0, v0), (y1, v1) = result.first, result.last
    a, b = (printed(x, entry, language) for x in (v0, v1))
    step, per = entry.decimals, unit(entry).change[language]
    change, low, high = (
        number(x, step, language, sign=True) for x in (v1 - v0, result.lower, result.upper)
    )
    hides = result.lower <= 0 <= result.upper
    if language == "en":
        end = "rounding hides whether it changed" if hides else "it stands whatever the rounding"
        return (
            f"**{region}: {name} {a} ({y0}) and {b} ({y1}), {change} {per}.** With rounding the "
            f"difference is {low} to {high}; {end}. Chance is not counted in, because the number "
            "of respondents is not published with the values."
        )
    end = "avrundningen döljer om något ändrats" if hides else "den består hur än värdena avrundats"
    return (
        f"**{region}: {name} {a} ({y0}) och {b} ({y1}), {change} {per}.** Med avrundning är "
        f"skillnaden {low} till {high}; {end}. Slumpen är inte medräknad, eftersom antalet "
        "svarande inte är publicerat med värdena."
    )


def _list(result: Points, code: str, language: str) -> list[str]:
    found = []
    for id in result.indicators:
        if point := result.latest(id, code):
            entry = indicator(id)
            value = printed(point[1], entry, language)
            found.append(f"{within(entry.short_name[language])} {value} ({point[0]})")
    return found


def points(result: Points, language: str = "sv") -> str:
    """Say what has been published for a region and for the nation."""
    check(language)
    region, count = BY_CODE[result.region], len(result.indicators)
    name = region.name(language)
    own = _list(result, region.code, language)
    if own:
        text = {
            "sv": f"**{name} har publicerade värden för {len(own)} av {count} mått: "
            f"{'; '.join(own)}.**",
            "en": f"**{name} has published values for {len(own)} of {count} measures: "
            f"{'; '.join(own)}.**",
        }[language]
    else:
        text = {
            "sv": f"**{name} har inget publicerat värde för något av de {count} måtten i det "
            "insamlade materialet.**",
            "en": f"**{name} has no published value for any of the {count} measures in the "
            "collected material.**",
        }[language]
    nation = _list(result, NATION, language) if region.code != NATION else []
    if nation:
        text += {"sv": " Riket: ", "en": " Sweden: "}[language] + "; ".join(nation) + "."
    return (
        text
        + {
            "sv": " Måtten mäter olika saker och läses inte som en serie.",
            "en": " The measures are different things and are not read as a series.",
        }[language]
    )
