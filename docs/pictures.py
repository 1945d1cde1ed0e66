"""The pictures of README.md, from a rendered site: `python docs/pictures.py [SITE]`.

The site needs the pages of Region Uppsala in English: `naravard render -r uppsala -l en`.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from naravard.site import report

HERE = Path(__file__).resolve().parent
ANSWER = "en/03/02_readmissions.html"
COLOURS = 64


def shot(page, address: str, clip: dict, first: str | None = None) -> Image.Image:
    """Open a page and return a part of it; `first` is what stands at its top."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    top = page.locator(first).bounding_box()["y"] - 12 if first else 0
    taken = page.screenshot(full_page=True, clip={**clip, "y": clip["y"] + top})
    return Image.open(io.BytesIO(taken)).convert("RGB")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture with few colours, which pages of text and lines do not miss."""
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(HERE / name, optimize=True)


def beside(left: Image.Image, right: Image.Image, gap: int = 40) -> Image.Image:
    """Put two pictures on one sheet, a grey line around each."""
    height = max(left.height, right.height) + 2
    sheet = Image.new("RGB", (left.width + right.width + gap + 4, height), "white")
    for x, picture in ((0, left), (left.width + gap + 2, right)):
        sheet.paste("#b8bfbe", (x, 0, x + picture.width + 2, picture.height + 2))
        sheet.paste(picture, (x + 1, 1))
    return sheet


def main(site: Path) -> None:
    """Take the pictures and write them beside this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=report.find_browser(), args=list(report.QUIET)
        )
        wide = browser.new_page(viewport={"width": 760, "height": 2000})
        narrow = browser.new_page(viewport={"width": 390, "height": 2000})
        start, answer = ((site / name).as_uri() for name in ("en/index.html", ANSWER))
        save(shot(wide, start, {"x": 0, "y": 0, "width": 720, "height": 1072}, "#regions"),
             "start.png")  # fmt: skip
        part = {"y": 0, "height": 1062}
        save(
            beside(shot(wide, answer, {**part, "x": 0, "width": 760}, "main"),
                   shot(narrow, answer, {**part, "x": 0, "width": 390}, "text=The bottom line")),
            "page.png",
        )  # fmt: skip
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "site").resolve())
