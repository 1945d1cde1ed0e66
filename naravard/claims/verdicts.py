"""Verdicts: what all checks together say of each claim, and what used to be reproduced."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from naravard import paths
from naravard.catalogue.model import FullText
from naravard.claims.checks import KINDS, Check, Material
from naravard.claims.claim import Claim
from naravard.claims.claim import claims as all_claims
from naravard.claims.rules import Category, RuleBook, document, rules
from naravard.data.load import table
from naravard.data.raw import write_atomically
from naravard.errors import NaravardError
from naravard.regions import resolve

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("reproduced", "differs", "not testable")
EXPECTED = "expected_claims.json"
_UNSORTED = Category(
    claims=(),
    reason=FullText(
        sv="ingen regel och ingen kategori i regelboken nämner uppgiften",
        en="no rule and no category of the rule book names the claim",
    ),
    source=FullText(
        sv="lägg uppgiften i naravard/claims/rules.toml",
        en="put the claim into naravard/claims/rules.toml",
    ),
)


@dataclass(frozen=True)
class Verdict:
    """What can be said of a claim: its outcome and the checks that decide it.

    If it cannot be tested, ``missing`` says what is missing, and ``source`` what would give it.
    """

    claim: Claim
    outcome: str
    checks: tuple[Check, ...] = ()
    missing: FullText | None = None
    source: FullText | None = None

    @property
    def basis(self) -> str | None:
        """What the claim was tested against, "figures" before "documents"; None if not tested."""
        if self.outcome == "not testable":
            return None
        return "figures" if any(c.basis == "figures" for c in self.checks) else "documents"

    @property
    def reason(self) -> str | None:
        """Why it is likely to differ."""
        return next((c.reason for c in self.checks if c.reason), None)


@dataclass(frozen=True)
class Summary:
    """Counts of claims by outcome: of all, and of those tested on figures and on documents."""

    region: str | None
    documents: int
    counts: dict[str, int]
    by_figures: dict[str, int]
    by_documents: dict[str, int]

    @property
    def total(self) -> int:
        """All claims that were counted."""
        return sum(self.counts.values())


def _verdict(claim: Claim, checks: list[Check], category: Category) -> Verdict:
    """Let what differs weigh more than what agrees, and a bound that holds prove nothing."""
    differs = tuple(c for c in checks if c.outcome == "differs")
    agrees = tuple(c for c in checks if c.outcome == "reproduced" and c.proves)
    if differs or agrees:
        return Verdict(claim, "differs" if differs else "reproduced", differs or agrees)
    if undecided := tuple(c for c in checks if c.outcome == "not testable"):
        first = undecided[0]
        return Verdict(claim, "not testable", undecided, first.words, first.needs)
    return Verdict(claim, "not testable", (), category.reason, category.source)


def verdicts(
    region=None,
    document_name: str | None = None,
    observations: pd.DataFrame | None = None,
    book: RuleBook | None = None,
) -> tuple[Verdict, ...]:
    """Test all claims, or those on a region ("00": the nation), or of a document (key or title).

    ``observations`` are the figures to hold them against, for instance of older vintages; those of
    the collection if not given. A claim on an indicator that they lack is not testable. Raises
    NaravardError on an unknown region or document, or a rule that names an unknown claim.
    """
    book = book or rules()
    code = None if region is None else resolve(region).code
    key = None if document_name is None else document(document_name)
    claims = {claim.id: claim for claim in all_claims()}
    for claim in claims.values():
        if claim.document not in book.documents:
            raise NaravardError(f"rules.toml: {claim.id} is of unknown '{claim.document}'")
    if observations is None:
        observations = table(book.indicators)
    material = Material(claims, book, observations)
    checks: dict[str, list[Check]] = {id: [] for id in claims}
    for rule in book.rules:
        for id, check in KINDS[rule.kind](rule, material):
            checks[id].append(check)
    categories = {id: book.missing[key] for id, key in book.categories().items()}
    return tuple(
        _verdict(claim, checks[id], categories.get(id, _UNSORTED))
        for id, claim in claims.items()
        if (code is None or code in claim.regions) and key in (None, claim.document)
    )


def summary(found: Iterable[Verdict], region=None) -> Summary:
    """Count verdicts, all of them or those on ``region``."""
    found = tuple(found)

    def counts(basis=None) -> dict[str, int]:
        counted = Counter(v.outcome for v in found if basis in (None, v.basis))
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    return Summary(
        region=None if region is None else resolve(region).code,
        documents=len({verdict.claim.document for verdict in found}),
        counts=counts(),
        by_figures=counts("figures"),
        by_documents=counts("documents"),
    )


def accept(found: Iterable[Verdict]) -> None:
    """Record the outcomes as those that are expected from now on."""
    record = {verdict.claim.id: verdict.outcome for verdict in found}
    path = paths.processed_dir() / EXPECTED
    write_atomically(path, json.dumps(record, indent=2, sort_keys=True) + "\n")


def lost(found: Iterable[Verdict]) -> list[str]:
    """Return the ids that are recorded as reproduced and no longer are.

    Raises NaravardError if there is no record, or it cannot be read.
    """
    path = paths.processed_dir() / EXPECTED
    try:
        record = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NaravardError(f"{path} does not exist: run `naravard claims --accept`") from None
    except json.JSONDecodeError as error:
        raise NaravardError(f"{path}: not valid JSON (line {error.lineno})") from error
    now = {verdict.claim.id: verdict.outcome for verdict in found}
    return [id for id, outcome in record.items()
            if outcome == "reproduced" and now.get(id) != "reproduced"]  # fmt: skip
