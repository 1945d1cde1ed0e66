"""The pages on what the documents claim, and on methods and data."""

from __future__ import annotations

from pathlib import Path

from naravard import rawdata
from naravard.analysis.prices import PRICE_YEAR
from naravard.site.content import Content

_TEXTS = Path(__file__).with_name("texts")


def claims_page(content: Content, verdicts) -> str:
    """Make the page of claims.

    Parameters
    ----------
    content : Content
    verdicts : iterable of Verdict
        From `naravard.claims.verdicts`.
    """
    from naravard.claims.check import claimed
    from naravard.claims.rulebook import rules
    from naravard.claims.verdicts import summary
    from naravard.claims.words import explanation, outcome_words, subject
    from naravard.findings import sentence

    lang, words = content.language, content.words
    documents = rules().documents
    rows = [
        {
            "id": one.claim.id,
            "subject": subject(one.claim, lang),
            "says": claimed(one.claim, lang) or "–",
            "outcome": outcome_words(one, lang),
            "explanation": explanation(one, lang),
            "document": documents[one.claim.document].name[lang],
            "line": f"{words['line']} {one.claim.line}",
        }
        for one in verdicts
    ]
    return content.page(
        "claims.html.j2", "claims.html", words["claims"], rows=rows,
        said=sentence(summary(tuple(verdicts)), lang),
        outcomes=list(dict.fromkeys(row["outcome"] for row in rows)),
        documents=list(dict.fromkeys(row["document"] for row in rows)),
    )  # fmt: skip


def methods_page(content: Content) -> str:
    """Make the page on methods, data and their terms."""
    files = [
        {
            "title": file.title,
            "sources": [(one["title"], one.get("path", "")) for one in file.sources],
            "licence": file.licence,
            "vintage": file.vintage,
            "path": file.path,
            "sha256": file.sha256[:12],
        }
        for file in sorted(rawdata.manifest().values(), key=lambda file: file.path)
    ]
    text = (_TEXTS / f"methods.{content.language}.md").read_text("utf-8")
    text = text.replace("{price_year}", str(PRICE_YEAR))
    return content.page(
        "methods.html.j2", "methods.html", content.words["methods"], files=files, text=text
    )
