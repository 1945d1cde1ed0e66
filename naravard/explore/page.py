"""A view as HTML: in the interface, and where no interface runs."""

from __future__ import annotations

import base64
from html import escape

from nbconvert.filters import markdown2html

from naravard.explore.view import Result, View, word
from naravard.regions import BY_CODE
from naravard.sentences.caveats import limits

STYLE = """<style>
.naravard-view{max-width:860px;font-size:14px;line-height:1.5;color:var(--jp-ui-font-color1,#222);
font-family:var(--jp-ui-font-family,system-ui,sans-serif)}
.naravard-view p{margin:0 0 .6em}
.naravard-view h3{font-size:15px;font-weight:600;margin:1.3em 0 .4em}
.naravard-view figure{margin:.4em 0}
.naravard-view img{display:block;width:100%;max-width:820px;height:auto;background:#fff}
.naravard-view .nv-trends{font-size:13px;margin-top:.8em}
.naravard-view .nv-wide{overflow-x:auto}
.naravard-view table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px}
.naravard-view caption{text-align:left;padding:0 0 .3em;caption-side:top;color:inherit;
white-space:nowrap}
.naravard-view th,.naravard-view td{text-align:right;padding:.15em .9em .15em 0;border:0}
.naravard-view thead th{border-bottom:1px solid currentColor}
.naravard-view tr>th:first-child{text-align:left}
.naravard-view tbody th{font-weight:400}
.naravard-view pre{font-family:var(--jp-code-font-family,monospace);font-size:12.5px;
line-height:1.45;padding:.7em .9em;margin:0;overflow-x:auto;
white-space:pre;background:var(--jp-layout-color2,#f3f3f3);color:inherit;border-radius:3px}
.naravard-view button,.naravard-view a.nv-save{font:inherit;font-size:13px;padding:.25em .8em;
margin:.5em .5em 0 0;display:inline-block;border:1px solid var(--jp-border-color1,#999);
border-radius:3px;cursor:pointer;color:inherit;text-decoration:none;
background:var(--jp-layout-color1,#fff)}
.naravard-view .nv-error{padding:.7em 1em;border-left:4px solid #d55e00;
background:var(--jp-layout-color2,#f6f1ea)}
.naravard-view summary{cursor:pointer;font-size:15px;font-weight:600;margin-top:1.3em}
.naravard-view details{font-size:13px}
</style>"""

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
    table = result.figure.csv().encode("utf-8-sig")
    table = base64.b64encode(table).decode("ascii")
    return (
        f'<div><a class="nv-save" download="{name}.png" href="data:image/png;base64,{picture}">'
        f'{word("picture", language)}</a><a class="nv-save" download="{name}.csv" '
        f'href="data:text/csv;base64,{table}">{word("values", language)}</a></div>'
    )


def _limits(view: View) -> str:
    """Say what holds for all regions once, and for each the rest under its name."""
    texts = {code: limits(view.indicator, code, view.language).text for code in view.regions}
    lines = {code: text.split("\n") for code, text in texts.items()}
    first = lines[view.regions[0]]
    shared = [line for line in first if all(line in other for other in lines.values())]
    parts = ["\n".join(shared)]
    for code, own in lines.items():
        rest = [line for line in own if line not in shared]
        if rest:
            parts.append(f"{BY_CODE[code].name(view.language)}:\n\n" + "\n".join(rest))
    return "\n\n".join(parts)
