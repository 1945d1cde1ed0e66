"""The words of the site's own pages in Swedish and English, which ``texts/words.toml`` holds."""

from __future__ import annotations

import tomllib
from pathlib import Path

from naravard.language import LANGUAGES

TEXTS = Path(__file__).with_name("texts")
_SECTIONS = tomllib.loads((TEXTS / "words.toml").read_text("utf-8"))


def _by_language(section: str) -> dict[str, dict]:
    words = _SECTIONS[section].items()
    return {lang: {name: said[lang] for name, said in words} for lang in LANGUAGES}


#: By language and name: of all pages, of the page of changes, of links to a figure's files.
WORDS, CHANGES, FIGURES = (_by_language(name) for name in ("pages", "changes", "figures"))
#: By name and language: a verdict in a word, which direction is good, whose value it is, what
#: became of a claim, what a reader of the collection must know.
SHORT, POLARITY, SEXES = (_SECTIONS[name] for name in ("verdicts", "polarity", "sexes"))
CLAIMS, DOWNLOADS = (_SECTIONS[name] for name in ("claims", "downloads"))
