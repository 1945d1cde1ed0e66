"""Sparklines: a series as the data of a small SVG path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: Of the drawing, in its own units.
WIDTH, HEIGHT = 64, 22
_EDGE = 2


def path(
    series: Mapping[int, float],
    years: tuple[int, int],
    values: tuple[float, float],
    breaks: Iterable[int] = (),
) -> str:
    """Draw a series as the data of an SVG path; a point that stands alone becomes a dot.

    Parameters
    ----------
    series : mapping of int to float
        Values by year.
    years, values : tuple
        First and last of the axes: the same for all regions, so that they can be compared.
    breaks : iterable of int
        The line does not run across a break, nor across a year without a value.

    Returns
    -------
    str
        Whole numbers, y downwards; empty without values.
    """
    (first, last), (low, high) = years, values
    across, upwards = max(last - first, 1), (high - low) or 1.0
    breaks, drawn, before = set(breaks), [], None
    for year in sorted(series):
        x = round(_EDGE + (year - first) / across * (WIDTH - 2 * _EDGE))
        y = round(HEIGHT - _EDGE - (series[year] - low) / upwards * (HEIGHT - 2 * _EDGE))
        joined = before == year - 1 and year not in breaks
        if joined:
            drawn.append(f"L{x} {y}")
        else:
            drawn.append(f"M{x} {y}h0")  # a line of no length: round ends make it a dot
        before = year
    return "".join(drawn)
