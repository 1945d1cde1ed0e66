"""What two states of the figures say differently: trends whose verdict turned, and claims.

Only what the figures changed is compared: the method, the catalogue, the claims and their rules
are those of today in both states.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from naravard import load
from naravard.analysis.prices import PRICE_YEAR
from naravard.analysis.profile import profile_indicators
from naravard.analysis.trends import Trend, trend
from naravard.catalogue import indicator
from naravard.claims import verdicts
from naravard.claims.verdicts import Verdict
from naravard.claims.words import outcome_words
from naravard.differences import Difference
from naravard.regions import CODES, NATION

_INDEX = "consumer_price_index"


@dataclass(frozen=True)
class TrendTurned:
    """A region's trend whose verdict is another.

    Attributes
    ----------
    indicator, region : str
    before, after : Trend or None
        None where the indicator had no figures.
    """

    indicator: str
    region: str
    before: Trend | None
    after: Trend | None


@dataclass(frozen=True)
class ClaimTurned:
    """A claim whose outcome is another.

    Attributes
    ----------
    before, after : Verdict
    """

    before: Verdict
    after: Verdict

    @property
    def kind(self) -> str:
        """Whether the claim is "gained", "lost" or "other".

        A claim is borne out when it is reproduced by figures or consistent within the documents.
        """
        held, holds = (one.outcome == "reproduced" for one in (self.before, self.after))
        if held == holds:
            return "other"
        return "gained" if holds else "lost"


def affected(changed: Iterable[str]) -> list[str]:
    """Return the indicators of the profiles whose trends can turn when some indicators change."""
    changed = set(changed)
    prices = _INDEX in changed
    return [
        id
        for id in profile_indicators(NATION)
        if id in changed or (prices and indicator(id).in_money)
    ]


def _trends(table: pd.DataFrame, ids: list[str]) -> dict[tuple[str, str], Trend]:
    """Return the trend of every region, by indicator and region."""
    there = set(table["indicator"])
    found = {}
    with load.using(table):
        for id in ids:
            if id not in there or (indicator(id).in_money and _INDEX not in there):
                continue
            if indicator(id).in_money:
                covered = load.load_indicator(_INDEX, NATION).dropna(subset=["value"])["year"]
                year = PRICE_YEAR if PRICE_YEAR in set(covered) else int(covered.max())
                rows = load.load_costs(id, price_year=year)
            else:
                rows = load.load_indicator(id)
            rows.attrs = {}  # they hold long texts, and every step would copy them
            for code in rows["region"].unique():
                found[id, code] = trend(rows, code)
    return found


def trends(
    before: pd.DataFrame, after: pd.DataFrame, found: dict[str, Difference]
) -> list[TrendTurned]:
    """Return the trends whose verdict is another, by indicator of the profiles and region.

    Parameters
    ----------
    before, after : DataFrame
        Tables of observations.
    found : dict of str to Difference
        What differs between them.
    """
    ids = affected(found)
    then, now = _trends(before, ids), _trends(after, ids)

    def verdict(one: Trend | None) -> str:
        return one.verdict if one else "no data"

    turned = []
    for id in ids:
        for code in sorted(CODES):
            old, new = then.get((id, code)), now.get((id, code))
            if verdict(old) != verdict(new):
                turned.append(TrendTurned(id, code, old, new))
    return turned


def claims(before: pd.DataFrame, after: pd.DataFrame) -> list[ClaimTurned]:
    """Return the claims whose outcome is another, in the order of the documents.

    Parameters
    ----------
    before, after : DataFrame
        Tables of observations.
    """
    with load.using(before):
        then = verdicts()
    with load.using(after):
        now = verdicts()
    return [
        ClaimTurned(old, new)
        for old, new in zip(then, now, strict=True)
        if outcome_words(old, "en") != outcome_words(new, "en")
    ]
