"""Age codes of SCB's tables: parts that may be added up, and totals that may not.

How the codes of a table look is read from its labels ("65 år", "65-69 år", "100+ år"), and from
the codes where the labels say nothing: no list of codes could be checked against SCB.
"""

from __future__ import annotations

import math
import re

from naravard.sources.answers import SourceError

_SPAN = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3})|(\+))?(?:\s*år)?")


def span(code: str, label: str) -> tuple[float, float] | None:
    """Return the first and last year of an age or age group; None for a total or anything else.

    Examples
    --------
    >>> span("65", "65 år"), span("100+", "100+ år"), span("tot", "totalt ålder")
    ((65, 65), (100, inf), None)
    """
    found = _SPAN.fullmatch(label.strip()) or _SPAN.fullmatch(code.strip())
    if not found:
        return None
    first, last, open_end = found.groups()
    if open_end:
        return int(first), math.inf
    return int(first), int(last or first)


def check_parts(values: dict[str, str], codes: list[str], where: str) -> None:
    """Check that ages can be added up.

    Parameters
    ----------
    values : dict of str to str
        Labels by code.
    codes : list of str
        Those that are to be added up; one alone is no sum and always right.
    where : str
        For the message.

    Raises
    ------
    SourceError
        If a total is among them, or two overlap.
    """
    if len(codes) < 2:
        return
    spans = []
    for code in codes:
        known = span(code, values[code])
        if known is None:
            raise SourceError(
                f"{where}: age '{code}' ({values[code]}) is no age or age group: a total must not "
                "be summed with its parts"
            )
        spans.append((known, code))
    spans.sort()
    for i, ((_, last), code) in enumerate(spans[:-1]):
        (first, _), following = spans[i + 1]
        if first <= last:
            raise SourceError(
                f"{where}: ages '{code}' and '{following}' overlap: people would count twice"
            )


def from_age(values: dict[str, str], lowest: int, where: str) -> list[str]:
    """Return the single years of age from a lowest one up, and the open group after the last.

    Groups of several years beside them are left out, and so are totals.

    Raises
    ------
    SourceError
        If they do not follow each other without a gap up to an open group.
    """
    singles, opened = {}, {}
    for code, label in values.items():
        first, last = span(code, label) or (-1, -2)
        if first == last >= lowest:
            singles.setdefault(first, code)
        elif last == math.inf and first >= lowest:
            opened.setdefault(first, code)
    chosen, age = [], lowest
    while age in singles:
        chosen.append(singles[age])
        age += 1
    if age not in opened or max(singles, default=-1) > age:
        raise SourceError(
            f"{where}: no single years of age from {lowest} up to an open group: "
            f"neither '{age}' nor '{age}+' is among the table's ages"
        )
    return [*chosen, opened[age]]
