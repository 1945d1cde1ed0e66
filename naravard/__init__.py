"""naravard: Sweden's shift to primary care in figures that anyone can reproduce.

The public face. Everything is imported when it is first used, so that ``import naravard`` and the
command line start quickly.
"""

from importlib import import_module

__version__ = "0.2.0"

_HOME = {
    "load_indicator": "naravard.load",
    "load_costs": "naravard.load",
    "load_population": "naravard.load",
    "load_background": "naravard.load",
    "first_with_data": "naravard.load",
    "resolve": "naravard.regions",
    "indicator": "naravard.catalogue",
    "trend": "naravard.analysis.trends",
    "interrupted": "naravard.analysis.interrupted",
    "leave_one_out": "naravard.analysis.contribution",
    "contributions": "naravard.analysis.contribution",
    "latest": "naravard.analysis.variation",
    "funnel": "naravard.analysis.funnel",
    "region_slopes": "naravard.analysis.mixed",
    "price_change": "naravard.analysis.prices",
    "points": "naravard.analysis.points",
    "between": "naravard.analysis.points",
    "compare": "naravard.analysis.comparison",
    "against_target": "naravard.analysis.points",
    "similar_regions": "naravard.analysis.similar",
    "profile": "naravard.analysis.profile",
    "profile_indicators": "naravard.analysis.profile",
    "outcome_boxes": "naravard.outcomes",
    "sheet_indicators": "naravard.outcomes",
    "status": "naravard.statuses",
    "missing": "naravard.statuses",
    "sentence": "naravard.findings",
    "say": "naravard.show",
    "values": "naravard.show",
    "by_sex": "naravard.show",
    "trend_table": "naravard.show",
    "points_table": "naravard.show_status",
    "status_table": "naravard.show_status",
    "similar_table": "naravard.show_profile",
    "profile_table": "naravard.show_profile",
    "outcomes_table": "naravard.show_profile",
    "compare_table": "naravard.show_explore",
    "explore": "naravard.explorer",
    "View": "naravard.explore_view",
    "limits": "naravard.notes",
    "provenance": "naravard.notes",
    "NaravardError": "naravard.errors",
}
_MODULES = ("figures", "regions", "catalogue", "claims")

__all__ = sorted([*_HOME, *_MODULES])


def __getattr__(name: str):
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return import_module(f"naravard.{name}")
    raise AttributeError(f"module 'naravard' has no attribute '{name}'")


def __dir__():
    return __all__
