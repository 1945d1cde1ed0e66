"""A figure as SVG: the same drawing as the PNG, with its text as text."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from html import escape

import matplotlib
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

#: Ids are hashed with a fixed salt and text stays text: the same drawing gives the same bytes.
_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "naravard"}
_METADATA = {"Date": None, "Creator": "naravard"}
#: Verdana is as wide as DejaVu Sans, so that labels keep their places on machines without it.
_FONTS = "font-family: 'DejaVu Sans', Verdana, sans-serif"
_HALO = "halo-"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(canvas: Canvas, title: str, alt: str, style: dict) -> bytes:
    """Return a drawn canvas as SVG.

    Parameters
    ----------
    canvas : matplotlib.figure.Figure
    title, alt : str
        Its ``<title>`` and ``<desc>``.
    style : dict
        The settings that it was drawn with.
    """
    file = io.BytesIO()
    with matplotlib.rc_context({**style, **_SETTINGS}), _halos(canvas):
        canvas.savefig(file, format="svg", metadata=_METADATA)
    text = file.getvalue().decode("utf-8").replace("font-family: 'DejaVu Sans'", _FONTS)
    said = (f" <{name}>{_plain(words)}</{name}>\n" for name, words in
            (("title", title), ("desc", alt)))  # fmt: skip
    text = text.replace("<svg ", '<svg role="img" ', 1)
    text = text.replace(" <metadata>", f"{''.join(said)} <metadata>", 1)
    return _outlined(text).encode("utf-8")


def _plain(words: str) -> str:
    return escape(_NOT_XML.sub("", words), quote=False)


@contextmanager
def _halos(canvas: Canvas):
    """Take the white outline from texts that have one: it would turn their letters into shapes."""
    texts = [text for text in canvas.findobj(Text) if text.get_path_effects()]
    before = [(text, text.get_path_effects(), text.get_gid()) for text in texts]
    for number, text in enumerate(texts):
        text.set(path_effects=[], gid=f"{_HALO}{number}")
    try:
        yield
    finally:
        for text, effects, gid in before:
            text.set(path_effects=effects, gid=gid)


def _outlined(text: str) -> str:
    """Give such texts the outline back: the text itself in white and broader, behind it."""
    return re.sub(
        rf'(<g id="{_HALO}\d+">\s*)(<text style=")(.*?</text>)',
        r'\1\2stroke: #ffffff; stroke-width: 2.5; \3\2\3',
        text,
        flags=re.DOTALL,
    )  # fmt: skip
