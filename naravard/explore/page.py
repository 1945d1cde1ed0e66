"""A view as HTML: in the interface, and where no interface runs."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

from nbconvert.filters import markdown2html

from naravard.explore.view import Result, View, word
from naravard.regions import BY_CODE
from naravard.sentences.caveats import limits

STYLE = f"<style>\n{Path(__file__).with_name('page.css').read_text('utf-8')}</style>"

# The code is selected too, so that Ctrl+C is left where a page may not write to the clipboard.
_COPY = (
    "const b=this,p=b.closest('.nv-code').querySelector('pre');"
    "getSelection().selectAllChildren(p);"
    "const w=navigator.clipboard?navigator.clipboard.writeText(p.textContent)"
    ":Promise[document.execCommand('copy')?'resolve':'reject']();"
    "w.then(()=>b.textContent=b.dataset.done,()=>b.textContent=b.dataset.else)"
)


def page(result: Result, live: bool) -> str:
    """Write a result as HTML.

    ``live`` is with buttons that copy the code and save figure and table; without them it ends with
    the sentence that says how to get the interface.
    """
    language = result.view.language
    first, *rest = result.finding.text.split("\n\n")
    trends = markdown2html("\n\n".join(rest))
    picture = base64.b64encode(result.figure.png).decode("ascii")
    alt = escape(result.figure.alt)
    return _whole(
        language,
        f'<div class="nv-finding">{markdown2html(first)}</div>',
        f'<figure><img alt="{alt}" src="data:image/png;base64,{picture}"></figure>',
        f'<div class="nv-trends">{trends}</div>' if rest else "",
        f"<h3>{word('table', language)}</h3>",
        f'<div class="nv-wide" tabindex="0" role="group" aria-label="{word("table", language)}">',
        result.table._repr_mimebundle_()["text/html"],
        "</div>",
        _saving(result, picture, language) if live else "",
        f"<h3>{word('code', language)}</h3>",
        f'<div class="nv-code"><pre tabindex="0" role="group" aria-label="'
        f'{word("code", language)}">{escape(result.code)}</pre>',
        f'<button type="button" data-done="{word("copied", language)}" '
        f'data-else="{word("selected", language)}" onclick="{_COPY}">'
        f"{word('copy', language)}</button>" if live else "",
        "</div>",
        f"<details><summary>{word('limits', language)}</summary>",
        markdown2html(_limits(result.view)),
        "</details>",
        "" if live else markdown2html(word("how", language)),
    )  # fmt: skip


def failure(message: str, language: str, live: bool) -> str:
    """Write the sentence that says why nothing can be shown."""
    return _whole(
        language,
        f'<p class="nv-error" role="alert">{escape(message)}</p>',
        "" if live else markdown2html(word("how", language)),
    )


def _whole(language: str, *parts: str) -> str:
    inside = "\n".join(part for part in parts if part)
    return f'{STYLE}\n<div class="naravard-view" lang="{language}">\n{inside}\n</div>'


def _saving(result: Result, picture: str, language: str) -> str:
    """Links that save the figure and the values, named by codes only."""
    name = "_".join((result.view.indicator, *result.view.regions))
    table = base64.b64encode(result.figure.csv().encode("utf-8-sig")).decode("ascii")
    return (
        f'<div><a class="nv-save" download="{name}.png" href="data:image/png;base64,{picture}">'
        f'{word("picture", language)}</a><a class="nv-save" download="{name}.csv" '
        f'href="data:text/csv;base64,{table}">{word("values", language)}</a></div>'
    )


def _limits(view: View) -> str:
    """Say what holds for all regions once, and for each the rest under its name."""
    texts = {code: limits(view.indicator, code, view.language).text for code in view.regions}
    lines = {code: text.split("\n") for code, text in texts.items()}
    first, *others = lines.values()
    shared = [line for line in first if all(line in other for other in others)]
    parts = ["\n".join(shared)]
    for code, own in lines.items():
        if rest := [line for line in own if line not in shared]:
            parts.append(f"{BY_CODE[code].name(view.language)}:\n\n" + "\n".join(rest))
    return "\n\n".join(parts)
