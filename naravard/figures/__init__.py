"""Any result as a figure; no function knows an indicator by name.

Each function returns a `figure.Figure`: a picture, its message as alt text, and the
data it shows as text, so that notebooks can be compared by what figures say and not by pixels.
"""

from naravard.figures.points import points, statuses
from naravard.figures.profile import profile
from naravard.figures.regions import all_regions, funnel, slopes
from naravard.figures.series import against_nation, compare, leave_one_out, prices

__all__ = [
    "against_nation",
    "all_regions",
    "compare",
    "funnel",
    "leave_one_out",
    "points",
    "prices",
    "profile",
    "slopes",
    "statuses",
]
