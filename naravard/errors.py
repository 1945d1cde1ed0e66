"""Errors for people: one clear sentence, with the closest match where there is one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class NaravardError(ValueError):
    """Something the user gave is wrong: the message says what, where and what would be right."""


def did_you_mean(word: str, known: Iterable[str], limit: int = 12) -> str:
    """End a sentence about an unknown word with what would be right.

    Parameters
    ----------
    word : str
        What was given.
    known : iterable of str
        What there is.
    limit : int
        The longest list that is shown whole.

    Returns
    -------
    str
        ``": did you mean 'x'?"``, or the known words if there are few, or an empty string.
    """
    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f": did you mean '{close[0]}'?"
    if len(known) <= limit:
        return f": there is {', '.join(repr(k) for k in known)}"
    return ""
