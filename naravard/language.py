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
    """Return ``language`` if it is "sv" or "en".

    Raises
    ------
    NaravardError
        Otherwise.
    """
    if language not in LANGUAGES:
        raise NaravardError(f"unknown language '{language}'{did_you_mean(language, LANGUAGES)}")
    return language


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


def number(value: float, decimals: int, language: str, sign: bool = False) -> str:
    """Write a number as the language does.

    Parameters
    ----------
    value : float
    decimals : int
        Decimals shown; halves are rounded away from zero, as a reader does.
    language : {"sv", "en"}
    sign : bool
        Write a plus before positive numbers.

    Returns
    -------
    str
        Swedish: decimal comma, narrow no-break space between thousands. English: decimal point,
        comma. A minus is U+2212; a number that is rounded to zero has no sign.

    Examples
    --------
    >>> number(-1234.56, 1, "sv"), number(-1234.56, 1, "en")
    ('−1\\u202f234,6', '−1,234.6')
    """
    rounded = round(value + (1e-9 if value > 0 else -1e-9), decimals)
    text = _pattern(decimals).apply(abs(rounded), LOCALE[language])
    text = text.replace(NO_BREAK, THIN)
    if rounded < 0:
        return "−" + text
    return "+" + text if sign and rounded > 0 else text


def prices_of(year: int, language: str) -> str:
    """Name the prices of a year."""
    return {"sv": f"{year} års priser", "en": f"prices of {year}"}[language]


def span(years) -> str:
    """Write the first and last year as a range, "2016–2025", or one year alone."""
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}–{last}"


def ranges(years: Iterable[int]) -> str:
    """Write years as runs, "2015, 2017–2019"."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(map(span, runs))


def opening(text: str) -> str:
    """Start a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def within(text: str) -> str:
    """Put a name inside a sentence: without its capital letter, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
