"""The command ``naravard claims``: verdicts as text for a terminal and as JSON for programs.

What it needs is imported where it is used: help and completion are to start quickly.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import click

from naravard.cli import terminal

if TYPE_CHECKING:
    from naravard.claims.verdicts import Verdict


@click.command("claims")
@click.option("--document", metavar="NAME", help="Only the claims of one document.")
@click.option("--json", "as_json", is_flag=True, help="Everything that is known, as JSON.")
@click.option("--strict", is_flag=True,
              help="End with 1 if a claim that used to be reproduced no longer is.")  # fmt: skip
@click.option("--accept", is_flag=True, help="Record the outcomes as those to expect.")
def claims_command(document, as_json, strict, accept):
    """What the documents claim, held against the figures and against themselves.

    \b
    naravard claims                              every claim and its verdict
    naravard claims --document skr_account_2023  one document
    naravard claims --json                       everything that is known, for programs
    """
    from naravard import claims as collection

    everything = collection.verdicts()
    shown = collection.verdicts(document_name=document) if document else everything
    if accept:
        collection.accept(everything)
        click.echo(f"recorded the outcomes of {len(everything)} claims", err=True)
    if as_json:
        terminal.echo_json(content(shown))
    else:
        click.echo(as_text(shown))
    if strict and (lost := collection.lost(everything)):
        for id in lost:
            click.echo(f"{id} used to be reproduced and no longer is", err=True)
        sys.exit(1)


def as_text(found: tuple[Verdict, ...]) -> str:
    """Write a table a document, the explanation of what was tested, and a summary, in English."""
    from naravard.claims.checks import claimed
    from naravard.claims.rules import rules
    from naravard.claims.verdicts import summary
    from naravard.sentences.claims import explanation, outcome_words
    from naravard.sentences.say import sentence

    lines = []
    row = "  {:5} {:>5}  {:11}  {:58}  {:34}  {}"
    for key, group in groupby(found, lambda verdict: verdict.claim.document):
        lines += [f"{rules().documents[key].name.en} ({key})", ""]
        lines.append(row.format("id", "line", "region", "claim", "the document says", "verdict"))
        untested: dict[str, list[str]] = {}  # the claims that cannot be tested, by reason
        for verdict in group:
            claim = verdict.claim
            subject = claim.subject if len(claim.subject) <= 58 else f"{claim.subject[:57]}…"
            codes = " ".join(claim.regions)
            said, out = claimed(claim, "en"), outcome_words(verdict, "en")
            lines.append(row.format(claim.id, claim.line, codes, subject, said, out))
            why = explanation(verdict, "en")
            if verdict.checks:
                lines.append(f"{'':15}{why}")
            elif verdict.outcome == "not testable":
                untested.setdefault(why, []).append(claim.id)
        reasons = [f"  Not testable ({', '.join(ids)}): {why}" for why, ids in untested.items()]
        lines += ["", *reasons, ""]
    return "\n".join([*lines, sentence(summary(found), "en").replace("**", "")])


def content(found: tuple[Verdict, ...]) -> dict:
    """Return the summary and every verdict with its claim and checks, for programs."""
    from naravard.claims.verdicts import summary

    of_verdict = ("outcome", "basis", "reason", "missing", "source")
    of_check = ("kind", "basis", "outcome", "indicator", "claimed", "found", "difference",
                "reason", "words")  # fmt: skip
    rows = [
        {
            **asdict(verdict.claim),
            **{key: getattr(verdict, key) for key in of_verdict},
            "checks": [{key: getattr(one, key) for key in of_check} for one in verdict.checks],
        }
        for verdict in found
    ]
    counted = {key: value for key, value in asdict(summary(found)).items() if key != "region"}
    return {"summary": counted, "claims": rows}
