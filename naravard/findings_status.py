"""Sentences and words on coded statuses, registered in `naravard.findings`."""

from __future__ import annotations

from naravard.language import check, number, within
from naravard.regions import BY_CODE, NATION
from naravard.statuses import DETAIL, MissingSeries, Status, table

_QUALIFIERS = {"ca": {"sv": "ca ", "en": "about "}}


def amount(row, language: str) -> str:
    """Write a fact's number as printed, "ca 50" or "1–5"; empty if it has none."""
    if row.value != row.value:
        return ""
    if "–" in row.qualifier:
        return row.qualifier
    text = number(row.value, 0, language)
    if row.qualifier.startswith("of "):
        return f"{text} {'av' if language == 'sv' else 'of'} {row.qualifier[3:]}"
    return _QUALIFIERS.get(row.qualifier, {}).get(language, "") + text


def fact(row, language: str) -> str:
    """Write a fact: its number, if it has one, and its words."""
    return f"{amount(row, language)} {getattr(row, language)}".strip()


def _spread(result: Status, language: str) -> str:
    entry, whole = table(result.table), sum(result.counts.values())
    at, of, what = {
        ("sv", True): ("i", "av", "regioner"), ("en", True): ("in", "of", "regions"),
        ("sv", False): ("för", "av", "aktiviteter"), ("en", False): ("for", "of", "activities"),
    }[language, entry.by_region]  # fmt: skip
    parts = [f"{entry.codes[c][language]} {at} {n}" for c, n in result.counts.items() if n]
    return "; ".join([f"{parts[0]} {of} {whole} {what}", *parts[1:]])


def _own(result: Status, language: str) -> str:
    rows = list(result.own.itertuples())
    main = next(row for row in rows if row.code != DETAIL)
    label = table(result.table).codes[main.code][language]
    return f"{label} ({'; '.join(fact(row, language) for row in rows)})"


def status(result: Status, language: str = "sv") -> str:
    """Say what a table says of a region, and how the whole table is spread."""
    check(language)
    entry, region = table(result.table), BY_CODE[result.region].name(language)
    name, spread = within(entry.name[language]), _spread(result, language)
    if not entry.by_region:
        where = BY_CODE[result.rows["region"].iloc[0]]
        if result.region == where.code:
            return f"**{entry.name[language]}: {spread}.**"
        return {
            "sv": f"**{region}: ingen handlingsplan finns i det insamlade materialet.** "
            f"{entry.name.sv}: {spread}.",
            "en": f"**{region}: the collected material has no action plan.** "
            f"{entry.name.en}: {spread}.",
        }[language]
    if result.region == NATION:
        text = f"**{region}, {name}: {spread}.**"
    else:
        country = {"sv": "Hela landet", "en": "The whole country"}[language]
        text = f"**{region}, {name}: {_own(result, language)}.** {country}: {spread}."
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


def missing(entry: MissingSeries, language: str = "sv") -> str:
    """Name a figure of the report without published values: measure, what is known, where it is."""
    check(language)
    name, where = entry.name[language], within(entry.where[language])
    if language == "en":
        return (
            f"**{name} – no values are published in the report's text, so nothing is drawn.** "
            f"{entry.definition.en} {entry.known.en}. It is in {where}."
        )
    return (
        f"**{name} – inga värden är publicerade i rapportens text, så ingenting ritas.** "
        f"{entry.definition.sv} {entry.known.sv}. Serien finns i {where}."
    )
