"""What the documents claim, held against the collection's figures and against themselves.

`verdicts` tests the claims, `summary` counts the verdicts, and
`naravard.sentences.say.sentence` says them. The rules are data, in ``rules.toml``.
"""

from naravard.claims import rules
from naravard.claims.claim import DATASET, Claim, claims
from naravard.claims.verdicts import Summary, Verdict, accept, lost, summary, verdicts
from naravard.data.documents import table as status_table

__all__ = [
    "DATASET", "Claim", "Summary", "Verdict", "accept", "claims", "datasets", "indicators", "lost",
    "summary", "verdicts",
]  # fmt: skip


def indicators() -> list[str]:
    """Return the ids of the indicators that claims are held against."""
    return list(rules.rules().indicators)


def datasets() -> list[str]:
    """Return the data sets beside the indicators': the claims, and the coded tables they meet."""
    coded = (status_table(id).dataset for id in rules.rules().tables)
    return list(dict.fromkeys([DATASET, *coded]))
