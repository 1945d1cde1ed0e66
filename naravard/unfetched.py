"""Indicators that await their figures: what to do about it, in one sentence."""

from __future__ import annotations

from naravard import rawdata
from naravard.catalogue import Indicator, catalogue, parts

#: Publishers that `naravard data fetch` can ask.
PUBLISHERS = ("kolada", "scb", "skr", "socialstyrelsen", "vardenisiffror")


def stored(entry: Indicator) -> bool:
    """Say whether the raw store has all that an indicator is built from."""
    here = {file.dataset for file in rawdata.manifest().values()}
    return all(part.source.dataset in here for part in parts(entry) or [entry])


def sentence(id: str, language: str = "en") -> str:
    """Say why an indicator has no figures and which command brings them.

    Parameters
    ----------
    id : str
        Of an indicator that `naravard.processed.awaiting` says waits for its figures.
    language : {"sv", "en"}

    Returns
    -------
    str
        Without a full stop.
    """
    entry = catalogue().indicators.get(id)
    if entry is None or stored(entry):
        return {
            "sv": f"data/processed saknar '{id}': kör `naravard data build`",
            "en": f"data/processed has no '{id}': run `naravard data build`",
        }[language]
    absent = next(part for part in parts(entry) or [entry] if not stored(part))
    subject = {"sv": f"'{id}'", "en": f"'{id}'"}
    if absent is not entry:
        subject = {
            "sv": f"'{id}' räknas ut ur '{absent.id}', som",
            "en": f"'{id}' is computed from '{absent.id}', which",
        }
    dataset = absent.source.dataset
    command = f"`naravard data fetch --indicator {absent.id}`"
    words = {
        "sv": f"inte är hämtad: kör {command}" if absent is not entry
        else f"är inte hämtad: kör {command}",
        "en": f"has not been fetched: run {command}",
    }  # fmt: skip
    if dataset.partition("/")[0] not in PUBLISHERS:
        words = {
            "sv": f"saknar siffror: data/raw har ingen fil av '{dataset}'",
            "en": f"has no figures: data/raw has no file of '{dataset}'",
        }
    return f"{subject[language]} {words[language]}"
