"""Sentences on claims and verdicts."""

from __future__ import annotations

import re

from naravard.catalogue.model import FullText
from naravard.claims.checks import claimed
from naravard.claims.claim import Claim
from naravard.claims.rules import rules, translate
from naravard.claims.verdicts import Summary, Verdict
from naravard.language import check, number, opening
from naravard.regions import BY_CODE
from naravard.sentences.say import worded

OUTCOME = {
    "reproduced": FullText(sv="stämmer", en="reproduced"),
    "differs": FullText(sv="avviker", en="differs"),
    "not testable": FullText(sv="kan inte prövas", en="not testable"),
}
CONSISTENT = FullText(sv="stämmer inbördes", en="consistent within the documents")
REASON = {
    "other_edition": FullText(sv="annan utgåva av siffrorna", en="another edition of the figures"),
    "other_definition": FullText(sv="annan definition", en="another definition"),
    "rounding": FullText(sv="avrundning", en="rounding"),
    "internal_contradiction": FullText(
        sv="dokumentet motsäger sig självt", en="the document contradicts itself"
    ),
    "documents_disagree": FullText(
        sv="dokumenten säger olika", en="the documents do not say the same"
    ),
}


def outcome_words(verdict: Verdict, language: str) -> str:
    """Name an outcome; what only agrees with other printed numbers is named as such."""
    if verdict.outcome == "reproduced" and verdict.basis == "documents":
        return CONSISTENT[language]
    return OUTCOME[verdict.outcome][language]


def period(claim: Claim, language: str) -> str:
    """Write the period of a claim."""
    span = re.fullmatch(r"(\d{4})?-(\d{4})?", claim.period)
    return claim.period.replace("-", "–") if span else translate(claim.period, language)


def explanation(verdict: Verdict, language: str) -> str:
    """Say what decided, by how much a claim differs and the likely reason, or what is missing."""
    check(language)
    if verdict.outcome == "not testable":
        missing, source = verdict.missing[language], verdict.source[language]
        would = {"sv": "Det som skulle ge svar", "en": "What would tell"}[language]
        return f"{opening(missing).rstrip('.')}. {would}: {source}."
    said = []
    for one in verdict.checks:
        text = one.words[language].rstrip(".")
        if one.outcome == "differs":
            gap = one.difference
            if gap:
                by = {"sv": "Skillnad", "en": "Difference"}[language]
                text += f". {by}: {number(gap, 1, language, sign=True)}"
            likely = {"sv": "Trolig orsak", "en": "Likely reason"}[language]
            text += f". {likely}: {REASON[one.reason][language]}"
        said.append(f"{text}.")
    return " ".join(dict.fromkeys(said))


def where(claim: Claim, language: str) -> str:
    """Name the regions that a claim is about."""
    return ", ".join(BY_CODE[code].label(language) for code in claim.regions)


def subject(claim: Claim, language: str) -> str:
    """Say what a claim is about: what is counted, where and when."""
    about = ", ".join(filter(None, [where(claim, language), period(claim, language)]))
    return f"{opening(translate(claim.subject, language))} ({about})"


def place(claim: Claim, language: str, with_document: bool = True) -> str:
    """Name the line of the text on which a document states a claim."""
    line = {"sv": "rad", "en": "line"}[language]
    before = f"{rules().documents[claim.document].name[language]}, " if with_document else ""
    return f"{before}{line} {claim.line}"


@worded.register
def _(result: Verdict, language: str) -> str:
    claim = result.claim
    head = f"{subject(claim, language)}: {claimed(claim, language)}"
    verdict = outcome_words(result, language)
    source = f"({claim.id}; {place(claim, language)}.)"
    return f"**{head} – {verdict}.** {explanation(result, language)} {source}"


@worded.register
def _(result: Summary, language: str) -> str:
    about = BY_CODE[result.region].name(language) + ": " if result.region else ""
    total, counts, figures = result.total, result.counts, result.by_figures
    plural = {"sv": "er", "en": "s"}[language] * (total != 1)
    what = {"sv": "uppgift", "en": "claim"}[language] + plural
    documents = f"{result.documents} " + {
        "sv": "dokument", "en": "document" if result.documents == 1 else "documents"
    }[language]  # fmt: skip
    differing = ""
    if counts["differs"]:
        n, own = figures["differs"], result.by_documents["differs"]
        differing = {
            "sv": f" ({n} från publicerade siffror, {own} från dokumentens egna tal)",
            "en": f" ({n} from published figures, {own} from the documents' own numbers)",
        }[language]
    if not total:
        text = {"sv": "inga uppgifter att räkna", "en": "no claims to count"}[language]
    elif counts["not testable"] == total == 1:
        text = {
            "sv": "den enda uppgiften i dokumenten kan inte prövas med samlingens siffror",
            "en": "the only claim in the documents cannot be tested with the figures here",
        }[language]
    elif counts["not testable"] == total:
        text = {
            "sv": f"ingen av {total} uppgifter i {documents} kan prövas",
            "en": f"none of {total} claims in {documents} can be tested",
        }[language]
    else:
        among = result.by_documents["reproduced"]
        text = {
            "sv": f"av {total} {what} i {documents} stämmer {figures['reproduced']} med "
            f"publicerade siffror och {among} inbördes, {counts['differs']} avviker{differing} och "
            f"{counts['not testable']} kan inte prövas",
            "en": f"of {total} {what} in {documents}, {figures['reproduced']} reproduced by "
            f"published figures, {among} consistent within the documents, {counts['differs']} "
            f"differing{differing} and {counts['not testable']} not testable",
        }[language]
    return f"**{opening(about + text)}.**"
