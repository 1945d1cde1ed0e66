"""naravard: Sweden's shift to primary care in figures that anyone can reproduce.

The public face. Everything is imported when it is first used, so that ``import naravard`` and the
command line start quickly.
"""

import sys
from importlib import import_module
from types import ModuleType

__version__ = "0.2.0"

_HOME = {
    # Load.
    "load_indicator": "naravard.data.load",
    "load_costs": "naravard.data.load",
    "load_population": "naravard.data.load",
    "first_with_data": "naravard.data.load",
    "profile_indicators": "naravard.data.load",
    # Analyse.
    "trend": "naravard.analysis.trends",
    "interrupted": "naravard.analysis.interrupted",
    "latest": "naravard.analysis.comparison",
    "compare": "naravard.analysis.comparison",
    "price_change": "naravard.analysis.comparison",
    "funnel": "naravard.analysis.funnel",
    "region_slopes": "naravard.analysis.slopes",
    "contributions": "naravard.analysis.contribution",
    "points": "naravard.analysis.points",
    "between": "naravard.analysis.points",
    "against_target": "naravard.analysis.points",
    "similar_regions": "naravard.analysis.profile",
    "profile": "naravard.analysis.profile",
    # What documents say and claim.
    "status": "naravard.data.documents",
    # Show.
    "say": "naravard.sentences.say",
    "plot": "naravard.figures",
    "table": "naravard.tables",
    "values": "naravard.tables.values",
    "limits": "naravard.sentences.caveats",
    "provenance": "naravard.sentences.provenance",
    # Explore.
    "explore": "naravard.explore",
    "View": "naravard.explore.view",
    # Look up.
    "indicator": "naravard.catalogue",
    "resolve": "naravard.regions",
    "NaravardError": "naravard.errors",
}
_MODULES = ("claims",)
#: What notebooks written before 0.3 call, and what to call now.
_RENAMED = {
    "sentence": "nv.say(result)",
    "by_sex": "nv.values(observations, region, by_sex=True)",
    "trend_table": "nv.table(change)",
    "compare_table": "nv.table(nv.compare(observations, regions))",
    "points_table": "nv.table(points)",
    "status_table": "nv.table(status)",
    "similar_table": "nv.table(alike)",
    "profile_table": "nv.table(profile, direction=...)",
    "outcomes_table": "nv.table(boxes)",
    "claims_table": "nv.table(verdicts, outcome=...)",
    "leave_one_out": "nv.contributions(share, population, region).leave_out(region)",
    "missing": "nv.status(id)",
    "outcome_boxes": 'nv.status("outcome_boxes", region)',
    "sheet_indicators": 'part of nv.status("outcome_boxes", region)',
    "regions": "nv.resolve(region), or the module: from naravard import regions",
    "catalogue": "nv.indicator(id), or the module: from naravard import catalogue",
    "figures.against_nation": "nv.plot(change)",
    "figures.all_regions": "nv.plot(nv.latest(observations, region))",
    "figures.compare": "nv.plot(nv.compare(observations, regions, trends))",
    "figures.funnel": "nv.plot(funnel)",
    "figures.leave_one_out": "nv.plot(contributions.leave_out(region))",
    "figures.points": "nv.plot(points)",
    "figures.prices": "nv.plot(nv.price_change(current, fixed, region))",
    "figures.profile": "nv.plot(profile)",
    "figures.slopes": "nv.plot(slopes)",
    "figures.statuses": "nv.plot(status)",
}

__all__ = sorted([*_HOME, *_MODULES])


def renamed(name: str) -> str:
    """Return the sentence that says what has become of a name that the package does not have."""
    if name in _RENAMED:
        return f"nv.{name} is now {_RENAMED[name]}"
    return f"module 'naravard' has no attribute '{name}'"


def __getattr__(name: str):
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    if name in (*_MODULES, "figures"):  # figures: its old functions are named there
        return import_module(f"naravard.{name}")
    raise AttributeError(renamed(name))


def __dir__():
    return __all__


class _Face(ModuleType):
    """The package; `explore` stays the function, though its room has the same name.

    Python binds a subpackage to its name in the package whenever it is first imported.
    """

    @property
    def explore(self):
        return import_module("naravard.explore").explore

    @explore.setter
    def explore(self, room: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Face
