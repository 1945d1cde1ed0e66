"""What a figure is: a picture, its message and its data, as PNG, SVG and CSV."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure as MatplotlibFigure
from PIL import Image, UnidentifiedImageError

from naravard import downloads
from naravard.svg import svg

#: Pixels an inch of a picture, and of a page at its natural size.
DPI, PAGE_DPI = 144, 96
#: Set while a batch renders: figures then also show themselves as SVG and CSV, which it keeps as
#: files beside the page.
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


def page_size(png: bytes, own: bool = True) -> list[int]:
    """Return a picture's width and height on a page; nothing if it does not say them.

    Parameters
    ----------
    png : bytes
    own : bool
        It is a figure of ours; any other picture is as large as its pixels.
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
    """A picture that says its message and shows its data.

    Attributes
    ----------
    png : bytes
        The picture.
    alt : str
        Its message in words.
    data : DataFrame
        What it shows.
    title, unit : str
        What stands above it.
    indicators : tuple of str
        Whose data it shows: indicators, or a table of coded statuses.
    regions : tuple of str
        Codes of the regions that it names.
    sources : tuple of str
        A line each.
    language : {"sv", "en"}
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
        return svg(self._canvas, self.title, self.alt, STYLE)

    def csv(self) -> str:
        """Return the data as CSV below comments: what they are, their limits, how to cite them."""
        said = downloads.header(
            self.title, self.alt, self.unit, self.sources, self.indicators, self.regions,
            self.language,
        )  # fmt: skip
        return downloads.table_text(said, self.data)

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
    """Make the picture: the same data give the same bytes.

    Parameters
    ----------
    canvas : Canvas
        From `start`, drawn on.
    alt, data
        See `Figure`.
    indicators, regions : iterable of str
        See `Figure`.
    """
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
