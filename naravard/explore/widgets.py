"""The widgets: they change an explorer's view, and show it in one piece."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from html import escape
from pathlib import Path

import ipywidgets as w

from naravard.catalogue import catalogue, indicator
from naravard.data import processed
from naravard.errors import NaravardError
from naravard.explore.page import failure, page
from naravard.explore.view import View, price_years, published, word
from naravard.figures.series import MOST
from naravard.language import opening
from naravard.regions import REGIONS, fold

#: Seconds without a further choice before a view is worked out: holding an arrow key is one choice.
CALM = 0.12

_STYLE = f"<style>\n{Path(__file__).with_name('widgets.css').read_text('utf-8')}</style>"
# JupyterLab takes keys for itself wherever no text is written: an arrow moves to the next cell, dd
# deletes one. In here they belong to the control that has the focus. Widgets take no attributes of
# the page, so a dot that is loaded with them sees to it.
_KEYS = """<img alt=""
src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
onload="this.closest('.naravard-explore').addEventListener('focusin',
event => event.target.dataset.lmSuppressShortcuts = 'true')">"""


class Interface:
    """Controls on the left, what they choose on the right; ``box`` is all of it, to display.

    ``regions`` has the checkboxes by code. ``shown`` has finding, figure, table and code as one
    message, so that they can never be out of step.
    """

    def __init__(self, explorer):
        self._explorer, view = explorer, explorer.view
        self.language = view.language
        self._waiting: asyncio.TimerHandle | None = None
        self._quiet = False
        self._chosen = list(view.regions)
        self._indicators = _indicators()
        self.direction = self._above(
            w.Dropdown, "direction", options=_directions(self._indicators, self.language)
        )
        self.search = self._above(w.Text, "search", placeholder=word("example", self.language))
        self.indicator = self._above(w.Select, "indicator", options=self._matching(), rows=9)
        self.none = w.HTML()
        self.regions = {
            r.code: w.Checkbox(r.code in view.regions, description=r.label(self.language),
                               indent=False)
            for r in REGIONS
        }  # fmt: skip
        self.first, self.last = self._above(w.Dropdown, "from"), self._above(w.Dropdown, "to")
        self.sex, self.prices = self._above(w.Dropdown, "sex"), self._above(w.Dropdown, "prices")
        self.trend = w.Checkbox(view.trend, description=word("trend", self.language), indent=False)
        self.shown = w.HTML()
        self.indicator.value = view.indicator
        self._fit(view)
        self.box = self._laid_out()
        self._listen()
        self.update()

    def _above(self, kind, key: str, **options):
        """Make a control whose label stands above it."""
        control = kind(description=word(key, self.language), **options)
        control.add_class("nv-above")
        return control

    def _laid_out(self) -> w.Box:
        grid = w.Box([*self.regions.values()])
        grid.add_class("nv-regions")
        head = f'<b class="nv-head">{word("regions", self.language, most=MOST)}</b>'
        self.first.layout.flex = self.last.layout.flex = "1 1 0"
        controls = w.VBox([
            w.HTML(_STYLE + _KEYS, layout={"display": "none"}), self.direction, self.search,
            self.indicator, self.none, w.HTML(head), grid, w.HBox([self.first, self.last]),
            self.sex, self.prices, self.trend, w.HTML(_awaiting(self.language)),
        ])  # fmt: skip
        controls.add_class("nv-controls")
        shown = w.Box([self.shown])
        shown.add_class("nv-shown")
        box = w.Box([controls, shown])
        box.add_class("naravard-explore")
        return box

    def _listen(self) -> None:
        for control in (self.direction, self.search):
            control.observe(lambda _: self._narrow(), "value")
        self.indicator.observe(lambda _: self._other_indicator(), "value")
        for code, box in self.regions.items():
            box.observe(lambda change, code=code: self._other_region(code, change.new), "value")
        for control in (self.first, self.last, self.sex, self.prices, self.trend):
            control.observe(lambda _: self._changed(), "value")

    @contextmanager
    def _silence(self):
        """Change controls without their asking for a new view."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _matching(self) -> list[tuple[str, str]]:
        """Return the indicators of the direction whose name or id holds every word searched for."""
        words, found = fold(self.search.value).split(), []
        for entry in self._indicators:
            short, name = entry.short_name[self.language], entry.name[self.language]
            here = self.direction.value in ("", entry.strategic_direction or "background")
            if here and all(word in fold(f"{entry.id} {short} {name}") for word in words):
                found.append((opening(short), entry.id))
        return found

    def _narrow(self) -> None:
        """Offer what matches; the view stays as it is until an indicator is chosen."""
        options, now = self._matching(), self._explorer.view.indicator
        with self._silence():
            self.indicator.options = options
            self.indicator.value = now if now in [id for _, id in options] else None
        none = "" if options else word("found_none", self.language)
        self.none.value = f'<span class="nv-note" role="status">{none}</span>' if none else ""

    def _other_indicator(self) -> None:
        if self._quiet or self.indicator.value is None:
            return
        with self._silence():
            self._fit(self._explorer.view)
        self._changed()

    def _fit(self, before: View) -> None:
        """Offer the years, sexes and prices of the indicator; keep what was chosen and is there."""
        id = self.indicator.value
        there, entry = published(id), indicator(id)
        first, last = before.years or (there.years[0], there.years[-1])
        within = [year for year in there.years if first <= year <= last] or there.years
        self.first.options = self.last.options = there.years
        self.first.value, self.last.value = within[0], within[-1]
        self.sex.options = [(word(sex, self.language), sex) for sex in there.sexes]
        self.sex.value = before.sex if before.sex in there.sexes else there.sexes[0]
        self.sex.disabled = len(there.sexes) == 1
        years = price_years(entry)
        fixed = [(word("fixed", self.language, year=year), year) for year in years]
        self.prices.options = [(word("current", self.language), None), *fixed]
        self.prices.value = before.price_year if before.price_year in years else None
        self.prices.layout.display = None if years else "none"

    def _other_region(self, code: str, chosen: bool) -> None:
        """Keep the order in which regions are chosen: each keeps its colour when one is added."""
        self._chosen = [one for one in self._chosen if one != code]
        if chosen:
            self._chosen.append(code)
        self._changed()

    def _changed(self) -> None:
        """Work the new view out once no further choice follows at once."""
        if self._quiet:
            return
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            self._waiting = asyncio.get_running_loop().call_later(CALM, self.update)
        except RuntimeError:  # no kernel: nothing else can be on its way
            self.update()

    def update(self) -> None:
        """Show what the controls say, or the sentence that says why nothing can be shown."""
        self._waiting = None
        try:
            self._explorer.view = view = self._view()
            self.shown.value = page(view.result(), live=True)
        except NaravardError as error:
            self.shown.value = failure(str(error), self.language, live=True)
        except Exception as error:
            message = word("failed", self.language, error=f"{type(error).__name__}: {error}")
            self.shown.value = failure(message, self.language, live=True)
            raise

    def _view(self) -> View:
        years = (self.first.value, self.last.value)
        return View(
            indicator=self.indicator.value or self._explorer.view.indicator,
            regions=tuple(self._chosen),
            years=None if years == (self.first.options[0], self.last.options[-1]) else years,
            sex=self.sex.value,
            price_year=self.prices.value,
            trend=self.trend.value,
            language=self.language,
        )


def _indicators() -> list:
    """Return the indicators with figures, by strategic direction; those without one come last."""
    order = [*catalogue().strategic_directions, None]
    found = [entry for entry in catalogue().indicators.values() if not processed.awaiting(entry.id)]
    return sorted(found, key=lambda entry: order.index(entry.strategic_direction))


def _directions(entries: list, language: str) -> list[tuple[str, str]]:
    used = {entry.strategic_direction for entry in entries}
    every = catalogue().strategic_directions.items()
    named = [(name[language], key) for key, name in every if key in used]
    last = [(word("background", language), "background")] if None in used else []
    return [(word("all", language), ""), *named, *last]


def _awaiting(language: str) -> str:
    """Name the indicators that have no figures yet, and the command that brings them."""
    entries = (e for e in catalogue().indicators.values() if processed.awaiting(e.id))
    found = sorted(opening(entry.short_name[language]) for entry in entries)
    if not found:
        return ""
    text = word("awaiting", language, count=len(found), command="<code>naravard data fetch</code>")
    items = "".join(f"<li>{escape(name)}</li>" for name in found)
    return f'<details class="nv-note"><summary>{text}</summary><ul>{items}</ul></details>'
