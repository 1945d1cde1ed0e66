"""Sentences on single published values and on coded statuses."""

from __future__ import annotations

from naravard.analysis.points import AgainstTarget, Between, Points
from naravard.catalogue import Indicator, indicator, unit
from naravard.catalogue.model import MissingSeries
from naravard.catalogue.quantities import quantity
from naravard.data.documents import DETAIL, Status, table
from naravard.language import number, percent, span, within
from naravard.regions import BY_CODE, NATION
from naravard.sentences.say import worded
from naravard.sentences.words import head, why_none


def printed(value: float, entry: Indicator, language: str) -> str:
    """Write a value with its unit; a whole percentage without decimals, as it was printed."""
    if entry.unit == "percent" and value == round(value):
        entry = entry.model_copy(update={"decimals": 0})
    return quantity(value, entry, language)


def _others(result: AgainstTarget, entry: Indicator, language: str) -> str:
    values = result.regions
    if values.empty:
        return ""
    count, reach = len(values), int((values >= result.target).sum())
    low, high = (printed(values.iloc[i], entry, language) for i in (0, -1))
    years = span(result.years)
    if count == 1:
        where = BY_CODE[values.index[0]].name(language)
        only = {"sv": f"Bara {where} har ett värde", "en": f"Only {where} has a value"}[language]
        return f" {only}: {high} ({years})."
    return {
        "sv": f" Av de {count} regioner som har ett värde ({years}) når {reach} målet; värdena går "
        f"från {low} till {high}.",
        "en": f" Of the {count} regions with a value ({years}), {reach} reach the target; the "
        f"values run from {low} to {high}.",
    }[language]


def _level(result: AgainstTarget, entry: Indicator, language: str) -> str:
    year, value = result.last
    now, goal = printed(value, entry, language), percent(result.target, 0, language)
    gap = number(abs(value - result.target), 0 if value == round(value) else 1, language)
    per, name = unit(entry).change[language], within(entry.short_name[language])
    goal = {"sv": f"målet {goal}", "en": f"the target of {goal}"}[language]
    if result.reached is None:
        where = {
            "sv": f"i nivå med {goal}; avrundningen avgör om det är nått",
            "en": f"level with {goal}; rounding decides whether it is reached",
        }[language]
    else:
        sides = {"sv": ("under", "över"), "en": ("below", "above")}[language]
        where = f"{gap} {per} {sides[result.reached]} {goal}"
    until = {
        "sv": f" Målet gäller utgången av {result.target_year}.",
        "en": f" The target is for the end of {result.target_year}.",
    }[language]
    return head(result.region, f"{name} {now} ({year}), {where}", language) + until


def _growth(result: AgainstTarget, entry: Indicator, language: str) -> str:
    (start, before), (end, now) = result.first, result.last
    name = within(entry.short_name[language])
    a, b = (quantity(x, entry, language) for x in (before, now))
    goal = percent(result.target, 0, language)
    rise, low, high = (
        percent(x, 0, language, sign=True) for x in (result.growth, result.lower, result.upper)
    )
    end_of = {
        True: {"sv": "målet är nått", "en": "the target is reached"},
        False: {"sv": "målet var då inte nått", "en": "the target was not reached then"},
        None: {"sv": "avrundningen avgör om målet är nått",
               "en": "rounding decides whether the target is reached"},
    }[result.reached][language]  # fmt: skip
    text = {
        "sv": f"{name} gick från {a} ({start}) till {b} ({end}), {rise}; målet är en ökning med "
        f"{goal}",
        "en": f"{name} went from {a} ({start}) to {b} ({end}), {rise}; the target is a rise of "
        f"{goal}",
    }[language]
    rounded = {
        "sv": f" Med avrundningen i källan är ändringen {low} till {high}; {end_of}.",
        "en": f" With the source's rounding the change is {low} to {high}; {end_of}.",
    }[language]
    return head(result.region, text, language) + rounded


@worded.register(AgainstTarget)
def against_target(result: AgainstTarget, language: str) -> str:
    """Say how far a value is from its target, and how many regions reach it."""
    entry = indicator(result.indicator)
    if result.last is None or (result.kind == "growth" and result.growth is None):
        name = within(entry.short_name[language])
        none = {"sv": "inget publicerat värde för", "en": "no published value for"}[language]
        text = head(result.region, f"{none} {name}", language)
        why = why_none(entry, result.region, language)
        return text + why + _others(result, entry, language)
    if result.kind == "growth":
        return _growth(result, entry, language)
    return _level(result, entry, language) + _others(result, entry, language)


@worded.register(Between)
def between(result: Between, language: str) -> str:
    """Say how far apart two published values are, and what rounding leaves of it."""
    entry = indicator(result.indicator)
    name = within(entry.short_name[language])
    if result.lower is None:
        none = {
            "sv": f"{name} saknar värden för en jämförelse mellan två år",
            "en": f"{name} lacks values for a comparison of two years",
        }[language]
        return head(result.region, none, language)
    (y0, v0), (y1, v1) = result.first, result.last
    a, b = (printed(x, entry, language) for x in (v0, v1))
    per, joined = unit(entry).change[language], {"sv": "och", "en": "and"}[language]
    change, low, high = (
        number(x, entry.decimals, language, sign=True)
        for x in (v1 - v0, result.lower, result.upper)
    )
    if result.lower <= 0 <= result.upper:
        end = {"sv": "avrundningen döljer om något ändrats",
               "en": "rounding hides whether it changed"}[language]  # fmt: skip
    else:
        end = {"sv": "den består hur än värdena avrundats",
               "en": "it holds whatever the rounding"}[language]  # fmt: skip
    text = f"{name} {a} ({y0}) {joined} {b} ({y1}), {change} {per}"
    rounded = {
        "sv": f" Med avrundning är skillnaden {low} till {high}; {end}. Slumpen är inte medräknad, "
        "eftersom antalet svarande inte är publicerat med värdena.",
        "en": f" With rounding the difference is {low} to {high}; {end}. Chance is not counted in, "
        "because the number of respondents is not published with the values.",
    }
    return head(result.region, text, language) + rounded[language]


def _list(result: Points, code: str, language: str) -> list[str]:
    found = []
    for entry in map(indicator, result.indicators):
        if point := result.latest(entry.id, code):
            value = printed(point[1], entry, language)
            found.append(f"{within(entry.short_name[language])} {value} ({point[0]})")
    return found


@worded.register(Points)
def points(result: Points, language: str) -> str:
    """Say what has been published for a region and for the nation."""
    name, count = BY_CODE[result.region].name(language), len(result.indicators)
    own = _list(result, result.region, language)
    if own:
        text = {
            "sv": f"**{name} har publicerade värden för {len(own)} av {count} mått: "
            f"{'; '.join(own)}.**",
            "en": f"**{name} has published values for {len(own)} of {count} indicators: "
            f"{'; '.join(own)}.**",
        }[language]
    else:
        text = {
            "sv": f"**{name} har inget publicerat värde för något av de {count} måtten i det "
            "insamlade materialet.**",
            "en": f"**{name} has no published value for any of the {count} indicators in the "
            "collected material.**",
        }[language]
    nation = _list(result, NATION, language) if result.region != NATION else []
    if nation:
        text += {"sv": " Riket: ", "en": " Sweden: "}[language] + "; ".join(nation) + "."
    apart = {
        "sv": " Måtten mäter olika saker och läses inte som en serie.",
        "en": " The indicators are different things and are not read as a series.",
    }
    return text + apart[language]


def amount(row, language: str) -> str:
    """Write a fact's number as printed, "ca 50" or "1–5"; empty if it has none."""
    if row.value != row.value:
        return ""
    if "–" in row.qualifier:
        return row.qualifier
    text = number(row.value, 0, language)
    if row.qualifier.startswith("of "):
        return f"{text} {'av' if language == 'sv' else 'of'} {row.qualifier[3:]}"
    return {"sv": "ca ", "en": "about "}[language] * (row.qualifier == "ca") + text


def _spread(result: Status, language: str) -> str:
    entry, whole = table(result.table), sum(result.counts.values())
    at, of, what = {
        ("sv", True): ("i", "av", "regioner"), ("en", True): ("in", "of", "regions"),
        ("sv", False): ("för", "av", "aktiviteter"), ("en", False): ("for", "of", "activities"),
    }[language, entry.by_region]  # fmt: skip
    parts = [f"{entry.codes[c][language]} {at} {n}" for c, n in result.counts.items() if n]
    return "; ".join([f"{parts[0]} {of} {whole} {what}", *parts[1:]])


@worded.register(Status)
def status(result: Status, language: str) -> str:
    """Say what a table says of a region, and how the whole table is spread."""
    entry, region = table(result.table), BY_CODE[result.region].name(language)
    name, spread = within(entry.name[language]), _spread(result, language)
    if not entry.by_region:
        where = BY_CODE[result.rows["region"].iloc[0]]
        if result.region == where.code:
            return f"**{entry.name[language]}: {spread}.**"
        none = {
            "sv": "ingen handlingsplan finns i det insamlade materialet",
            "en": "the collected material has no action plan",
        }[language]
        return f"{head(result.region, none, language)} {entry.name[language]}: {spread}."
    if result.region == NATION:
        text = f"**{region}, {name}: {spread}.**"
    else:
        rows = list(result.own.itertuples())
        main = next(row for row in rows if row.code != DETAIL)
        facts = (f"{amount(row, language)} {getattr(row, language)}".strip() for row in rows)
        own = f"{entry.codes[main.code][language]} ({'; '.join(facts)})"
        country = {"sv": "Hela landet", "en": "The whole country"}[language]
        text = f"**{region}, {name}: {own}.** {country}: {spread}."
    if result.total:
        count, total = result.total[0], number(result.total[1], 0, language)
        what = entry.sum_name[language]
        text += {
            "sv": f" De {count} regioner vars tal mäter samma sak har tillsammans cirka {total} "
            f"{what}.",
            "en": f" The {count} regions whose numbers measure the same thing have about {total} "
            f"{what} together.",
        }[language]
    return text


@worded.register(MissingSeries)
def missing(entry: MissingSeries, language: str) -> str:
    """Name a figure of the report without published values: what it is, what is known, where."""
    name, where = entry.name[language], within(entry.where[language])
    said = f"{entry.definition[language]} {entry.known[language]}."
    return {
        "sv": f"**{name} – inga värden är publicerade i rapportens text, så ingenting ritas.** "
        f"{said} Serien finns i {where}.",
        "en": f"**{name} – no values are published in the report's text, so nothing is drawn.** "
        f"{said} It is in {where}.",
    }[language]
