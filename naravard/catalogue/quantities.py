"""A value of an indicator with its unit and decimals."""

from __future__ import annotations

from naravard.catalogue import Indicator, unit
from naravard.language import NO_BREAK, number, opening


def quantity(value: float, entry: Indicator, language: str) -> str:
    """Write a value of an indicator with its unit, to the decimals of the catalogue."""
    suffix = unit(entry).suffix[language].replace(" ", NO_BREAK)
    return number(value, entry.decimals, language) + suffix


def brief(value: float, entry: Indicator, language: str) -> str:
    """Write a value with its unit, unless that is long ("per 100,000") and written elsewhere."""
    if unit(entry).suffix[language].strip().startswith("per "):
        return number(value, entry.decimals, language)
    return quantity(value, entry, language)


def measure(entry: Indicator, language: str, full: bool = False) -> str:
    """Name an indicator, in full or briefly, with its unit where `brief` leaves that out."""
    name = opening((entry.name if full else entry.short_name)[language])
    suffix = unit(entry).suffix[language].strip()
    return f"{name}, {suffix}" if suffix.startswith("per ") and suffix not in name else name


def slope(value: float, entry: Indicator, language: str) -> str:
    """Write a change a year of an indicator, signed, without its unit.

    One decimal more than the values have, at least two for percent, none for money.
    """
    decimals = entry.decimals + 1
    if entry.unit == "percent":
        decimals = max(decimals, 2)
    elif unit(entry).money:
        decimals = 0
    return number(value, decimals, language, sign=True)
