"""How soon a reader sees a page of the site: first contentful paint in headless Chromium.

``python benchmarks/first_view.py site`` opens each kind of page from disk, five times each in a
context of its own with nothing cached, and prints the median and the slowest.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from naravard.site import report

PAGES = ("sv/index.html", "sv/03/index.html", "sv/indicators/readmission_30d_65plus.html",
         "sv/03/01_primary_care_cost_share.html", "sv/03/11_region_profile.html",
         "sv/claims.html")  # fmt: skip
TIMES = 5
PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (entry.name === 'first-contentful-paint') done(entry.startTime);
}).observe({type: 'paint', buffered: true}))"""


def main(site: str) -> None:
    """Print milliseconds to the first contentful paint and to the end of loading, and kilobytes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=report.find_browser(), args=list(report.QUIET)
        )
        print(f"{'page':48} {'kB':>5} {'paint':>7} {'slowest':>8} {'loaded':>7}")
        for path in PAGES:
            file = Path(site).resolve() / path
            paints, loads = [], []
            for _ in range(TIMES):
                context = browser.new_context(viewport={"width": 1300, "height": 900})
                page = context.new_page()
                page.goto(file.as_uri(), wait_until="load")
                paints.append(page.evaluate(PAINT))
                loads.append(page.evaluate("performance.timing.loadEventEnd - "
                                           "performance.timing.navigationStart"))  # fmt: skip
                context.close()
            size = file.stat().st_size / 1000
            print(f"{path:48} {size:5.0f} {statistics.median(paints):7.0f} {max(paints):8.0f} "
                  f"{statistics.median(loads):7.0f}")  # fmt: skip
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
