"""Words and numbers in Swedish and English."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from naravard.errors import NaravardError, did_you_mean

LANGUAGES = ("sv", "en")
NO_BREAK, THIN = "\u00a0", "\u202f"  # no-break spaces: wide, narrow

LOCALE = {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")}


def check(language: str) -> str:
    """Return ``language`` if it is "sv" or "en"; raise NaravardError otherwise."""
    if language not in LANGUAGES:
        raise NaravardError(f"unknown language '{language}'{did_you_mean(language, LANGUAGES)}")
    return language


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


def number(value: float, decimals: int, language: str, sign: bool = False) -> str:
    """Write a number as the language does, with ``sign`` also a plus before positive ones.

    Halves are rounded away from zero, as a reader does. Swedish has a decimal comma and a narrow
    no-break space between thousands, English a decimal point and a comma. A minus is U+2212; a
    number that is rounded to zero has no sign.

    Examples
    --------
    >>> number(-1234.56, 1, "sv"), number(-1234.56, 1, "en")
    ('−1\\u202f234,6', '−1,234.6')
    """
    # A printed half may lie a little below itself in binary: 2.675 is 2.67499….
    rounded = round(value + (1e-9 if value > 0 else -1e-9), decimals)
    text = _pattern(decimals).apply(abs(rounded), LOCALE[language])
    text = text.replace(NO_BREAK, THIN)
    if rounded < 0:
        return "−" + text
    return "+" + text if sign and rounded > 0 else text


def prices_of(year: int | None, language: str, index: bool = False) -> str:
    """Name the prices of a year, with ``index`` also what they are adjusted by, or current ones."""
    if year is None:
        return {"sv": "löpande priser", "en": "current prices"}[language]
    text = {"sv": f"{year} års priser", "en": f"prices of {year}"}[language]
    return text + {"sv": " (KPI)", "en": " (CPI)"}[language] * index


def span(years) -> str:
    """Write the first and last year as a range, "2016–2025", or one year alone."""
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}–{last}"


def ranges(years: Iterable[int]) -> str:
    """Write years as ranges, "2016–2019, 2024"; nothing for none."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(map(span, runs))


def percent(value: float, decimals: int, language: str, sign: bool = False) -> str:
    """Write a percentage, in Swedish with a no-break space before the sign."""
    return number(value, decimals, language, sign) + {"sv": f"{NO_BREAK}%", "en": "%"}[language]


def opening(text: str) -> str:
    """Start a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def within(text: str) -> str:
    """Put a name inside a sentence: without its capital letter, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
