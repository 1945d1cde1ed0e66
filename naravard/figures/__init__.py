"""Any result as a figure; no function knows an indicator by name.

A figure is a picture, its message as alt text, and the data it shows as text, so that notebooks
can be compared by what figures say and not by pixels.
"""

import matplotlib

from naravard.analysis.comparison import Comparison, Latest, PriceChange
from naravard.analysis.contribution import LeaveOneOut
from naravard.analysis.funnel import Funnel
from naravard.analysis.points import Points
from naravard.analysis.profile import Profile
from naravard.analysis.slopes import RegionSlopes
from naravard.analysis.trends import Trend
from naravard.data.documents import Status
from naravard.figures import documents, regions, series
from naravard.figures.figure import STYLE, Figure
from naravard.language import check

_DRAW = {
    Comparison: series.draw_comparison,
    Funnel: regions.draw_funnel,
    Latest: regions.draw_latest,
    LeaveOneOut: series.draw_leave_one_out,
    Points: documents.draw_points,
    PriceChange: series.draw_price_change,
    Profile: regions.draw_profile,
    RegionSlopes: regions.draw_slopes,
    Status: documents.draw_status,
    Trend: series.draw_trend,
}


def plot(result, language: str = "sv") -> Figure:
    """Draw a result.

    Parameters
    ----------
    result : Trend, Comparison, Latest, Funnel, RegionSlopes, LeaveOneOut, PriceChange, Points, \
Profile or Status
        A trend is drawn against Riket with the other regions behind; points of several indicators
        share an axis, so they need one unit.
    language : {"sv", "en"}

    Returns
    -------
    Figure
        Displays itself. ``png`` and ``svg`` are the picture, ``alt`` its message in words (the
        sentence that `naravard.say` makes), ``data`` the numbers shown in the indicator's unit,
        ``csv()`` these with sources, reservations and a line to cite.

    Raises
    ------
    NaravardError
        On an unknown language, a funnel without control limits, points of different units, or more
        regions than a figure can tell apart.
    TypeError
        For a result that has no figure.
    """
    draw = _DRAW.get(type(result))
    if draw is None:
        raise TypeError(f"no figure for {type(result).__name__}")
    with matplotlib.rc_context(STYLE):
        return draw(result, check(language))


def __getattr__(name: str):
    """Name what replaces the functions that notebooks called here before there was `plot`."""
    from naravard import renamed  # only once a name is missing

    raise AttributeError(renamed(f"figures.{name}"))
