"""Sentences on results, and text that shows itself.

A sentence takes its numbers from the result object that its figure is drawn from, so the two can
never contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import singledispatch

from naravard.language import check


@singledispatch
def worded(result, language: str) -> str:
    """Say a result in a checked language; each module of this room registers its results."""
    raise TypeError(f"no sentence for {type(result).__name__}")


def sentence(result, language: str = "sv") -> str:
    """Return a few sentences of Markdown on a result, the main message in bold.

    They have the number, the interval, the years and the reservation. TypeError for a result that
    has no words, NaravardError on an unknown language.
    """
    return worded(result, check(language))


@dataclass(frozen=True)
class Prose:
    """Markdown that displays itself; ``metadata`` goes with it into a notebook's output."""

    text: str
    metadata: dict = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        shown = {"text/markdown": self.text, "text/plain": self.text}
        return (shown, self.metadata) if self.metadata else shown


def say(*results, language: str = "sv") -> Prose:
    """Show results in words, a paragraph each.

    Parameters
    ----------
    *results
        Any results of the public face, also a `naravard.claims.summary`.
    language : {"sv", "en"}

    Returns
    -------
    Prose
        Markdown that displays itself: the main message in bold, with number, unit, interval, years
        and reservation. A sentence that comes twice (a region's that is also the nation's) is said
        once.

    Raises
    ------
    NaravardError
        On an unknown language.
    TypeError
        For a result that has no words.
    """
    return Prose("\n\n".join(dict.fromkeys(sentence(result, language) for result in results)))
