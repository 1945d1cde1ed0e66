"""naravard: Sweden's shift to primary care in figures that anyone can reproduce.

The public face. Everything is imported when it is first used, so that ``import naravard`` and the
command line start quickly.
"""

from importlib import import_module

__version__ = "0.2.0"

_HOME = {
    "load_indicator": "naravard.data.load",
    "load_costs": "naravard.data.load",
    "load_population": "naravard.data.load",
    "first_with_data": "naravard.data.load",
    "resolve": "naravard.regions",
    "indicator": "naravard.catalogue",
    "trend": "naravard.analysis.trends",
    "interrupted": "naravard.analysis.interrupted",
    "leave_one_out": "naravard.analysis.contribution",
    "contributions": "naravard.analysis.contribution",
    "latest": "naravard.analysis.comparison",
    "funnel": "naravard.analysis.funnel",
    "region_slopes": "naravard.analysis.slopes",
    "price_change": "naravard.analysis.comparison",
    "points": "naravard.analysis.points",
    "between": "naravard.analysis.points",
    "compare": "naravard.analysis.comparison",
    "against_target": "naravard.analysis.points",
    "similar_regions": "naravard.analysis.profile",
    "profile": "naravard.analysis.profile",
    "profile_indicators": "naravard.data.load",
    "outcome_boxes": "naravard.data.documents",
    "sheet_indicators": "naravard.data.documents",
    "status": "naravard.data.documents",
    "missing": "naravard.data.documents",
    "sentence": "naravard.sentences.say",
    "say": "naravard.sentences.say",
    "values": "naravard.tables.values",
    "by_sex": "naravard.tables.values",
    "trend_table": "naravard.tables.values",
    "points_table": "naravard.tables.documents",
    "status_table": "naravard.tables.documents",
    "similar_table": "naravard.tables.profile",
    "profile_table": "naravard.tables.profile",
    "outcomes_table": "naravard.tables.profile",
    "claims_table": "naravard.tables.documents",
    "compare_table": "naravard.tables.values",
    "explore": "naravard.explore",
    "View": "naravard.explore.view",
    "limits": "naravard.sentences.caveats",
    "provenance": "naravard.sentences.provenance",
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
