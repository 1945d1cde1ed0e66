"""Verdicts as text for a terminal and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby

from naravard.claims.checks import claimed
from naravard.claims.rules import rules
from naravard.claims.verdicts import Verdict, summary
from naravard.sentences.claims import explanation, outcome_words
from naravard.sentences.say import sentence

#: What programs get of a verdict beside its claim, and of each of its checks.
_VERDICT = ("outcome", "basis", "reason", "missing", "source")
_CHECK = (
    "kind", "basis", "outcome", "indicator", "claimed", "found", "difference", "reason", "words",
)  # fmt: skip


def as_text(found: Iterable[Verdict]) -> str:
    """Write a table a document, the explanation of what was tested, and a summary, in English."""
    found = tuple(found)
    lines = []
    row = "  {:5} {:>5}  {:11}  {:58}  {:34}  {}"
    for key, group in groupby(found, lambda verdict: verdict.claim.document):
        lines += [f"{rules().documents[key].name.en} ({key})", ""]
        lines.append(row.format("id", "line", "region", "claim", "the document says", "verdict"))
        group = tuple(group)
        for verdict in group:
            claim = verdict.claim
            subject = claim.subject if len(claim.subject) <= 58 else f"{claim.subject[:57]}…"
            codes = " ".join(claim.regions)
            said, out = claimed(claim, "en"), outcome_words(verdict, "en")
            lines.append(row.format(claim.id, claim.line, codes, subject, said, out))
            if verdict.checks:
                lines.append(f"{'':15}{explanation(verdict, 'en')}")
        lines += ["", *_untested(group), ""]
    return "\n".join([*lines, sentence(summary(found), "en").replace("**", "")])


def _untested(group: Iterable[Verdict]) -> list[str]:
    """Say why claims cannot be tested and what would change that, a line a reason."""
    ids: dict[str, list[str]] = {}
    for verdict in group:
        if verdict.outcome == "not testable" and not verdict.checks:
            ids.setdefault(explanation(verdict, "en"), []).append(verdict.claim.id)
    return [f"  Not testable ({', '.join(claims)}): {why}" for why, claims in ids.items()]


def to_json(found: Iterable[Verdict]) -> str:
    """Write the summary and every verdict with its claim and checks as JSON."""
    found = tuple(found)
    rows = [
        {
            **asdict(verdict.claim),
            **{key: getattr(verdict, key) for key in _VERDICT},
            "checks": [{key: getattr(one, key) for key in _CHECK} for one in verdict.checks],
        }
        for verdict in found
    ]
    counted = {key: value for key, value in asdict(summary(found)).items() if key != "region"}
    content = {"summary": counted, "claims": rows}
    # What is left are texts in two languages, which are pydantic's.
    return json.dumps(content, ensure_ascii=False, indent=2, default=lambda text: text.model_dump())
