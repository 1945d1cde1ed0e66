"""What a check returns, and what every check is made with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from naravard.catalogue_parts import FullText
from naravard.claims.collection import Claim
from naravard.claims.rulebook import rules, translate
from naravard.errors import NaravardError, did_you_mean
from naravard.language import NO_BREAK, number

#: Numbers that are printed as they are differ by less than this.
EXACT = 1e-9


#: Qualifiers that say no more than the value does.
_PLAIN = ("", "exact", "direction")
#: Qualifiers that stand before the value.
_BEFORE = (
    "about", "at least", "at least (definition)", "at least (target)", "at most", "ca",
    "just over", "more than", "nearly", "only", "up to",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """What one rule says of one claim.

    Attributes
    ----------
    kind : str
        The rule's kind.
    basis : {"figures", "documents"}
        Whether published figures or the documents' own numbers were the yardstick.
    outcome : {"reproduced", "differs", "not testable"}
    words : FullText
        The computation in words, Swedish and English.
    claimed, found : float or None
        The claimed number and the one that was found.
    reason : str or None
        Why it is likely to differ, see `naravard.claims.rulebook.Reason`.
    needs : FullText or None
        What would decide, if the figures cannot.
    indicator : str or None
        What the claim was held against.
    proves : bool
        False for a mere bound: it can contradict a claim but not reproduce it.
    """

    kind: str
    basis: str
    outcome: str
    words: FullText
    claimed: float | None = None
    found: float | None = None
    reason: str | None = None
    needs: FullText | None = None
    indicator: str | None = None
    proves: bool = True

    @property
    def difference(self) -> float | None:
        """Found less claimed."""
        known = self.claimed is not None and self.found is not None
        return self.found - self.claimed if known else None


Found = Iterator[tuple[str, Check]]


def get(claims: dict[str, Claim], id: str) -> Claim:
    """Return a claim that a rule names.

    Raises
    ------
    NaravardError
        If there is none of that id.
    """
    if id not in claims:
        raise NaravardError(f"rules.toml: unknown claim '{id}'{did_you_mean(id, claims, 0)}")
    return claims[id]


def amount(claim: Claim) -> float:
    """Return the number that a rule computes with.

    Raises
    ------
    NaravardError
        If the claim has none.
    """
    if claim.value is None:
        raise NaravardError(f"rules.toml: {claim.id} has no number, but a rule computes with it")
    return claim.value


def write(value: float, language: str, decimals: int = 1) -> str:
    """Write a number, without decimals if it is whole."""
    return number(value, 0 if abs(value - round(value)) < EXACT else decimals, language)


def percent(value: float, language: str) -> str:
    """Write a percentage."""
    return write(value, language) + {"sv": f"{NO_BREAK}%", "en": "%"}[language]


def claimed(claim: Claim, language: str) -> str:
    """Write what a claim states: value and unit with the qualifier, or the qualifier alone."""
    qualifier = "" if claim.qualifier in _PLAIN or claim.value_max is not None else claim.qualifier
    words = translate(qualifier, language)
    if claim.unit == "year":
        said = claim.text
    elif claim.unit == "status code":
        said = rules().codes[claim.text][language]
    elif claim.value is not None:
        ends = [x for x in (claim.value, claim.value_max) if x is not None]
        unit = translate(claim.unit, language)
        if claim.unit == "not printed":
            unit = {"sv": "(ingen enhet)", "en": "(no unit)"}[language]
        said = f"{'–'.join(write(x, language) for x in ends)} {unit}"
    else:
        said = "" if claim.text == "ordering" else translate(claim.text, language)
    if not (words and said):
        return words or said
    return f"{words} {said}" if qualifier in _BEFORE else f"{said} ({words})"


def both(text: Callable[[str], str]) -> FullText:
    """Make words in both languages with a function of the language."""
    return FullText(sv=text("sv"), en=text("en"))
