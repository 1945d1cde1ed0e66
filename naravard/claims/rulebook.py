"""The rule book: how claims are tested, as data, read from ``rules.toml`` and validated."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from naravard.catalogue_parts import FullText, NonEmpty, Part
from naravard.claims.rule_kinds import AboutFigures, AboutStatuses, Rule
from naravard.errors import NaravardError, did_you_mean

PATH = Path(__file__).with_name("rules.toml")
SWEDISH = Path(__file__).with_name("swedish.toml")


class Document(Part):
    """A document that claims something; ``file`` names its plain text, whose lines are counted."""

    name: FullText
    title: NonEmpty
    file: NonEmpty


class Total(Part):
    """A known number of units, with the source that counts them."""

    value: int
    source: FullText


class Category(Part):
    """Why claims cannot be tested, and what would make them testable."""

    claims: tuple[NonEmpty, ...]
    reason: FullText
    source: FullText


def _ids(patterns: tuple[str, ...]) -> list[str]:
    """Write out "R010-R030" as the ids between, both ends included."""
    ids = []
    for pattern in patterns:
        first, _, last = pattern.partition("-")
        numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
        ids += [f"{first[0]}{number:03d}" for number in numbers]
    return ids


class RuleBook(Part):
    """Documents, known totals, codes, rules, and why the other claims cannot be tested."""

    documents: dict[str, Document]
    totals: dict[str, Total]
    codes: dict[str, FullText]
    rules: tuple[Rule, ...]
    missing: dict[str, Category]

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that claims are held against."""
        used = (rule.indicator for rule in self.rules if isinstance(rule, AboutFigures))
        return tuple(dict.fromkeys(used))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of coded statuses that claims are held against."""
        used = (rule.table for rule in self.rules if isinstance(rule, AboutStatuses))
        return tuple(dict.fromkeys(used))

    def categories(self) -> dict[str, str]:
        """Return the category of each claim that no rule tests, by claim id."""
        found: dict[str, str] = {}
        for key, category in self.missing.items():
            for id in _ids(category.claims):
                if id in found:
                    raise NaravardError(f"{id} is in two categories: {found[id]} and {key}")
                found[id] = key
        return found


def read(path: Path = PATH) -> RuleBook:
    """Read and validate a rule book.

    Raises
    ------
    NaravardError
        If it is not TOML, or a field is missing, unknown or wrong; the message names it.
    """
    try:
        return RuleBook.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise NaravardError(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NaravardError(f"{path.name}: {where}: {first['msg']}") from error


@cache
def rules() -> RuleBook:
    """Return the collection's rule book."""
    return read()


@cache
def _swedish() -> dict[str, str]:
    content = tomllib.loads(SWEDISH.read_text("utf-8"))
    return {english: swedish for table in content.values() for english, swedish in table.items()}


def translate(words: str, language: str) -> str:
    """Return the Swedish for a subject, unit, qualifier or value; English stays as it is."""
    if language == "en":
        return words
    table = re.match(r"Table (\d)( \(municipalities\))?: (.*)", words)
    if table:
        of = " (kommuner)" if table[2] else ""
        return f"Tabell {table[1]}{of}: {_swedish().get(table[3], table[3])}"
    return _swedish().get(words, words)


def document(name: str) -> str:
    """Return the key of a document that is named by key, name or title.

    Raises
    ------
    NaravardError
        If there is none; the message names the closest.
    """
    keys = {}
    for key, entry in rules().documents.items():
        for word in (key, entry.name.sv, entry.name.en, entry.title):
            keys[word.casefold()] = key
    if str(name).casefold() not in keys:
        raise NaravardError(
            f"unknown document '{name}'{did_you_mean(str(name), rules().documents)}"
        )
    return keys[str(name).casefold()]
