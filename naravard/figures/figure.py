"""What a figure is: a picture, its message and its data, as PNG, SVG and CSV."""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.text import Text
from PIL import Image, UnidentifiedImageError

from naravard.tables import csv

#: Pixels an inch of a picture, and of a page at its natural size.
DPI, PAGE_DPI = 144, 96
#: Set while a batch renders: figures then also show themselves as SVG and CSV, which it keeps as
#: files beside the page. A figure is displayed by a notebook's cell that knows of no batch, in the
#: batch's own process, a worker's or a kernel's: the environment is what reaches all of them.
DOWNLOADS = "NARAVARD_DOWNLOADS"
STYLE = {
    **sns.axes_style("white"),
    "font.size": 10,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#ebebeb",
    "axes.axisbelow": True,
    "font.family": "DejaVu Sans",
}
# From seaborn's palette for the colour-blind; the dash tells lines apart in grey print.
BLUE, ORANGE = sns.color_palette("colorblind")[0], sns.color_palette("colorblind")[3]
NATION_COLOR, OTHERS, QUIET = "#222222", "#cfcfcf", "#5c5c5c"


def page_size(png: bytes, own: bool = True) -> list[int]:
    """Return a picture's width and height on a page; nothing if it does not say them.

    A figure of our own has `DPI` pixels an inch; any other picture is as large as its pixels.
    """
    try:
        pixels = Image.open(io.BytesIO(png)).size
    except UnidentifiedImageError:
        return []
    return [round(length * (PAGE_DPI / DPI if own else 1)) for length in pixels]


class Canvas(MatplotlibFigure):
    """A canvas that knows what `start` wrote on it."""

    title: str
    unit: str
    sources: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Figure:
    """A picture (``png``) that says its message in words (``alt``) and shows its ``data``.

    ``indicators`` may also name a table of coded statuses; ``regions`` are the codes of those that
    it names, ``sources`` a line each.
    """

    png: bytes
    alt: str
    data: pd.DataFrame
    title: str
    unit: str
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    sources: tuple[str, ...]
    language: str
    _canvas: Canvas = field(repr=False, compare=False)

    @cached_property
    def svg(self) -> bytes:
        """The picture as SVG, drawn when it is asked for; the same data give the same bytes."""
        return _svg(self._canvas, self.title, self.alt)

    def csv(self) -> str:
        """Return the data as CSV below comments: what they are, their limits, how to cite them."""
        said = csv.header(
            self.title, self.alt, self.unit, self.sources, self.indicators, self.regions,
            self.language,
        )  # fmt: skip
        return csv.table_text(said, self.data)

    def __repr__(self) -> str:
        return f"{self.alt}\n\n{self.data.to_string(na_rep='–')}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        picture = base64.b64encode(self.png).decode("ascii")
        shown = {"image/png": picture, "text/plain": repr(self)}
        if os.environ.get(DOWNLOADS):
            shown |= {"image/svg+xml": self.svg.decode("utf-8"), "text/csv": self.csv()}
        return shown, {"image/png": {"alt": self.alt}}


def finish(
    canvas: Canvas,
    alt: str,
    data: pd.DataFrame,
    indicators: Iterable[str] = (),
    regions: Iterable[str] = (),
) -> Figure:
    """Make the figure of a canvas from `start` that is drawn on: same data, same bytes."""
    file = io.BytesIO()
    _picture(canvas).save(file, "PNG")
    ids, codes = tuple(dict.fromkeys(indicators)), tuple(dict.fromkeys(regions))
    return Figure(
        file.getvalue(), alt.replace("*", ""), data, canvas.title, canvas.unit, ids, codes,
        canvas.sources, canvas.language, canvas,
    )  # fmt: skip


def _picture(canvas: Canvas) -> Image.Image:
    """Draw a canvas with a palette: flat colours and their shades need a third of the bytes."""
    canvas.set_dpi(DPI)
    canvas.canvas.draw()
    pixels = np.asarray(canvas.canvas.buffer_rgba())
    # The palette is made from the few hundred colours there are, not from every pixel.
    places, colors = pd.factorize(pixels.view(np.uint32).ravel())
    few = Image.frombuffer("RGBA", (len(colors), 1), colors).convert("RGB")
    few = few.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    picture = Image.fromarray(np.asarray(few).ravel()[places].reshape(pixels.shape[:2]))
    picture.putpalette(few.getpalette())
    return picture


# A figure as SVG: the same drawing as the PNG, with its text as text.
#: Ids are hashed with a fixed salt and text stays text: the same drawing gives the same bytes.
_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "naravard"}
_METADATA = {"Date": None, "Creator": "naravard"}
#: Verdana is as wide as DejaVu Sans, so that labels keep their places on machines without it.
_FONTS = "font-family: 'DejaVu Sans', Verdana, sans-serif"
_HALO = "halo-"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _svg(canvas: Canvas, title: str, alt: str) -> bytes:
    """Return a canvas as SVG with its ``<title>`` and ``<desc>``."""
    file = io.BytesIO()
    with matplotlib.rc_context({**STYLE, **_SETTINGS}), _halos(canvas):
        canvas.savefig(file, format="svg", metadata=_METADATA)
    text = file.getvalue().decode("utf-8").replace("font-family: 'DejaVu Sans'", _FONTS)
    title, alt = (escape(_NOT_XML.sub("", words), quote=False) for words in (title, alt))
    said = f" <title>{title}</title>\n <desc>{alt}</desc>\n"
    text = text.replace("<svg ", '<svg role="img" ', 1)
    text = text.replace(" <metadata>", f"{said} <metadata>", 1)
    return _outlined(text).encode("utf-8")


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
