"""What all of the site's pages are made from, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from naravard.catalogue import Indicator, catalogue
from naravard.regions import BY_CODE
from naravard.render import pages
from naravard.site import cells, questions
from naravard.site.questions import UNITS
from naravard.site.words import WORDS

REGION_CODES = UNITS[1:]


@dataclass(frozen=True)
class Content:
    """What the pages of one language are made from.

    Attributes
    ----------
    language : str
    languages : tuple of str
        Those that the site has.
    measured : dict of str to dict
        By indicator, from `naravard.site.measures.measure`.
    state : dict of str to dict
        How each notebook's page went, see `naravard.render.pages.read_state`.
    site : Path
        What lies there already: reports, the page of changes.
    key, changed : str
        The collection's permanent key; the words of the link to what changed, empty without.
    """

    language: str
    languages: tuple[str, ...]
    measured: dict[str, dict]
    state: dict[str, dict]
    site: Path
    key: str = ""
    changed: str = ""
    _cells: dict[str, dict[str, cells.Cell]] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> dict[str, str]:
        """The words of the pages."""
        return WORDS[self.language]

    def cells(self, id: str) -> dict[str, cells.Cell]:
        """Return an indicator's cells by region code; none while it awaits its figures."""
        if id not in self._cells:
            measured = self.measured.get(id)
            self._cells[id] = cells.cells(id, measured, self.language) if measured else {}
        return self._cells[id]

    @cached_property
    def questions(self) -> list[tuple[str, str]]:
        """The notebooks' names and titles."""
        return questions.questions(self.language)

    def answers(self, code: str) -> list[dict]:
        """Return what each question's page says of a region, and where the page is."""
        return questions.answers(self.state, self.language, code)

    def page(self, template: str, path: str, title: str, at: str = "", **parts) -> str:
        """Make a page.

        Parameters
        ----------
        template : str
        path : str
            Where it lies in the folder of the language: it links to the same page in others.
        title : str
            Plain text.
        at : str
            Where it lies in the site, if that is not ``path`` in the folder of the language.
        **parts
            What the template asks for.
        """
        own = pages.frame(
            self.language, path, title, at=at, languages=self.languages, changed=self.changed,
            key=self.key,
        )  # fmt: skip
        return pages.template(template).render(**own, **parts)


def directions(language: str) -> list[tuple[str, str, list[Indicator]]]:
    """Return key and name of each strategic direction with its indicators; background comes last.

    Targets and the price index are no measures of their own.
    """
    known = catalogue()
    groups: dict[str, list[Indicator]] = {key: [] for key in (*known.strategic_directions, "")}
    for entry in known.indicators.values():
        if entry.kind not in ("target", "price_index"):
            groups[entry.strategic_direction or ""].append(entry)
    names = {key: name[language] for key, name in known.strategic_directions.items()}
    names[""] = WORDS[language]["other_direction"]
    return [(key, names[key], entries) for key, entries in groups.items() if entries]


def region_name(code: str, language: str) -> str:
    """Return a region's short name."""
    return BY_CODE[code].label(language)
