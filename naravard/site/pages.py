"""The site's own pages: start, indicators, regions, claims, methods; a function makes each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from naravard import claims
from naravard.analysis.profile import INDICATORS, similar_regions
from naravard.catalogue import EVERYWHERE, Indicator, catalogue, indicator, unit
from naravard.catalogue.quantities import brief
from naravard.claims.checks import claimed
from naravard.claims.rules import rules
from naravard.claims.verdicts import Verdict, summary
from naravard.data import availability, citation, processed, raw
from naravard.data.load import PRICE_YEAR, load_indicator
from naravard.language import opening, span
from naravard.notebooks import notebooks
from naravard.regions import BY_CODE, NATION
from naravard.sentences.caveats import know
from naravard.sentences.claims import explanation, outcome_words, subject
from naravard.sentences.say import sentence
from naravard.site import layout, map, measures, questions, record
from naravard.site.record import REGIONS
from naravard.site.words import POLARITY, TEXTS, WORDS

#: The indicator that the map begins with: the first of these that has figures.
FIRST = ("primary_care_cost_share", "readmission_30d_65plus")


@dataclass(frozen=True)
class Content:
    """What the pages of one language are made from.

    ``languages`` are those of the site; ``measured`` is by indicator, from
    `naravard.site.measures.measured`; ``state`` is how each notebook's page went, from
    `naravard.site.record.read_state`. In ``site`` lie reports and the page of changes, to which
    ``changed`` are the words of a link; ``key`` is the collection's permanent key.
    """

    language: str
    languages: tuple[str, ...]
    measured: dict[str, dict]
    state: dict[str, dict]
    site: Path
    key: str = ""
    changed: str = ""
    _cells: dict[str, dict[str, measures.Cell]] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> dict[str, str]:
        """The words of the pages."""
        return WORDS[self.language]

    def measurement(self, id: str) -> dict:
        """Return what was measured of an indicator; nothing while it awaits its figures."""
        return self.measured.get(id, {"cells": {}, "figures": {}})

    def cells(self, id: str) -> dict[str, measures.Cell]:
        """Return an indicator's cells by region code."""
        if id not in self._cells:  # the start page, each region's and its own ask for them
            self._cells[id] = measures.cells(indicator(id), self.measurement(id), self.language)
        return self._cells[id]

    def answers(self, code: str) -> list[dict]:
        """Return what each question's page says of a region, and where the page is."""
        return questions.answers(self.state, self.language, code)

    def page(self, template: str, path: str, title: str, at: str = "", **parts) -> str:
        """Make a page of a template, which asks for ``parts``; the others are `layout.frame`'s."""
        frame = {"languages": self.languages, "changed": self.changed, "key": self.key}
        own = layout.frame(self.language, path, title, at=at, **frame)
        return layout.template(template).render(**own, **parts)


def directions(language: str) -> list[tuple[str, str, list[Indicator]]]:
    """Return key and name of each strategic direction with its indicators; background comes last.

    Targets and the price index are not indicators of their own.
    """
    known, groups = catalogue(), defaultdict(list)
    for entry in known.indicators.values():
        if entry.kind not in ("target", "price_index"):
            groups[entry.strategic_direction or ""].append(entry)
    names = {key: name[language] for key, name in known.strategic_directions.items()}
    names[""] = WORDS[language]["other_direction"]
    return [(key, name, groups[key]) for key, name in names.items() if key in groups]


def claim_row(one: Verdict, language: str) -> dict[str, str]:
    """Return what the pages say of a claim and its verdict, by column."""
    return {
        "id": one.claim.id,
        "subject": subject(one.claim, language),
        "says": claimed(one.claim, language) or "–",
        "outcome": outcome_words(one, language),
        "explanation": explanation(one, language),
        "document": rules().documents[one.claim.document].name[language],
        "line": f"{WORDS[language]['line']} {one.claim.line}",
    }


def claims_page(content: Content, verdicts: tuple[Verdict, ...]) -> str:
    """Make the page of claims, from `naravard.claims.verdicts`."""
    said = sentence(summary(verdicts), content.language)
    rows = [claim_row(one, content.language) for one in verdicts]
    title = content.words["claims"]
    return content.page("claims.html.j2", "claims.html", title, said=said, rows=rows)


def methods_page(content: Content) -> str:
    """Make the page on methods, data and their terms."""
    files = sorted(raw.manifest().values(), key=lambda file: file.path)
    text = (TEXTS / f"methods.{content.language}.md").read_text("utf-8")
    text, title = text.replace("{price_year}", str(PRICE_YEAR)), content.words["methods"]
    return content.page("methods.html.j2", "methods.html", title, files=files, text=text)


@cache
def _source(path) -> str:
    return path.read_text("utf-8")


def _used(content: Content, id: str) -> list[tuple[str, str]]:
    """Return the questions whose notebooks name an indicator, with their page for Riket."""
    quoted, paths = f'\\"{id}\\"', notebooks()  # as JSON writes it
    return [
        (one["href"] if one["status"] == "done" else questions.PATH, one["title"])
        for one in content.answers(NATION)
        if quoted in _source(paths[one["name"]])
    ]


def _facts(entry: Indicator, content: Content) -> list[tuple[str, str]]:
    words, lang = content.words, content.language
    facts = [
        (words["meaning"], entry.definition[lang]),
        (words["numerator"], opening(entry.numerator[lang])),
        (words["denominator"], opening(entry.denominator[lang])),
        (words["unit"], opening(unit(entry).name[lang])),
        (words["good"], opening(POLARITY[entry.polarity][lang])),
        (words["published_as"], entry.source_line(lang)),
        (words["reviewed"], entry.reviewed.isoformat()),
    ]
    return [fact for fact in facts if fact[1].strip("– ")]


def _where(codes: Iterable[str], language: str) -> str:
    if EVERYWHERE in codes:
        return WORDS[language]["all_regions"]
    return ", ".join(BY_CODE[code].label(language) for code in codes)


def _awaiting(id: str, language: str) -> str:
    """Say how to get an indicator's figures; nothing if they are there."""
    return availability.sentence(id, language) if processed.awaiting(id) else ""


def caveats(entry: Indicator, language: str, where: Callable = _where) -> list[str]:
    """Return an indicator's caveats, each once; ``where`` names the regions that one concerns."""
    found = (
        note.text if note.concerns() else f"{where(note.regions, language)}: {note.text}"
        for note in know(entry, language)
        if note.kind == "caveat"
    )
    return list(dict.fromkeys(found))


def indicator_page(content: Content, id: str) -> str:
    """Make the page of an indicator; of one that awaits its figures, how to get them."""
    entry, lang = indicator(id), content.language
    measured, found = content.measurement(id), content.cells(id)
    colours = map.colouring(measured, entry, lang) if entry.level == "region" else None
    nation = measured["cells"].get(NATION, {"said": {}, "values": {}})
    values = {} if colours else measures.numbers(nation["values"])
    notes = [note for note in know(entry, lang) if note.kind == "break" and note.of is entry]
    breaks = [(note.year, opening(note.text), _where(note.regions, lang)) for note in notes]
    return content.page(
        "indicator.html.j2", f"indicators/{id}.html", opening(entry.name[lang]), entry=entry,
        said=nation["said"].get(lang), figure=measured["figures"].get(lang),
        rows=[(code, BY_CODE[code].label(lang), found[code]) for code in REGIONS if code in found],
        national=[(year, brief(value, entry, lang)) for year, value in values.items()],
        colours=colours, map=map.shapes(colours, lang), awaiting=_awaiting(id, lang),
        facts=_facts(entry, content), breaks=breaks, caveats=caveats(entry, lang),
        used=_used(content, id), price_year=PRICE_YEAR,
    )  # fmt: skip


def start(content: Content, at: str = "") -> str:
    """Make the start page: findings for Riket, the map, all indicators in all regions.

    ``at`` is where it lies in the site, if not in the folder of its language.
    """
    lang, colours, rows = content.language, [], []
    shown = [(direction, entry) for key, direction, entries in directions(lang) if key
             for entry in entries if entry.level == "region"]  # fmt: skip
    for direction, entry in shown:
        if one := map.colouring(content.measurement(entry.id), entry, lang):
            colours.append(one)
        if cells := content.cells(entry.id):
            name = measures.name(entry, lang)
            rows.append((direction, entry.id, name, [cells.get(code) for code in REGIONS]))
    first = next((c for id in FIRST for c in colours if c["id"] == id), next(iter(colours), None))
    return content.page(
        "start.html.j2", "index.html", content.words["site"], at=at, rows=rows,
        answers=content.answers(NATION), first=first, colours=colours, map=map.shapes(first, lang),
        awaiting=[id for id in catalogue().indicators if processed.awaiting(id)],
        regions=[(code, BY_CODE[code].label(lang)) for code in REGIONS],
    )  # fmt: skip


def _listed(entry: Indicator, content: Content) -> dict:
    """Return an indicator's row in the list of all."""
    lang, cells = content.language, content.measurement(entry.id)["cells"]
    regions = sum(bool(one["values"]) for code, one in cells.items() if code != NATION)
    years = [int(year) for one in cells.values() for year in one["values"]]
    return {
        "id": entry.id,
        "name": measures.name(entry, lang),
        "unit": unit(entry).name[lang],
        "source": entry.source_line(lang),
        "years": span(years) if years else "",
        "regions": content.words["nation"] if entry.level == "nation" else regions,
        "awaiting": _awaiting(entry.id, lang),
    }


def measures_page(content: Content) -> str:
    """Make the list of all indicators of the catalogue."""
    listed = directions(content.language)
    groups = [(name, [_listed(one, content) for one in entries]) for _, name, entries in listed]
    title = content.words["indicators"]
    return content.page("measures.html.j2", "indicators/index.html", title, groups=groups)


def region_page(content: Content, code: str, alike: list[str]) -> str:
    """Make a region's page; ``alike`` are the most similar regions, the most similar first."""
    lang, groups = content.language, []
    for _, direction, entries in directions(lang):
        rows, missing = [], []
        for entry in entries:
            cells, name = content.cells(entry.id), measures.name(entry, lang)
            own = cells.get(code)
            if own and own.value is not None:
                rows.append((entry.id, name, own, cells.get(NATION)))
            elif own or entry.level != "nation":
                missing.append((entry.id, name))
        if rows or missing:
            groups.append((direction, rows, missing))
    report = f"report-{code}-{lang}.pdf"
    return content.page(
        "region.html.j2", f"{code}/index.html", BY_CODE[code].name(lang), code=code,
        groups=groups, nation=code == NATION, price_year=PRICE_YEAR, answers=content.answers(code),
        similar=[(one, BY_CODE[one].label(lang)) for one in alike],
        report=report if (content.site / lang / code / report).is_file() else "",
    )  # fmt: skip


def make(site: Path, languages: tuple[str, ...], measured: dict[str, dict]) -> dict[str, str]:
    """Make all of the site's own pages in some languages, by path in the site."""
    state, key, found = record.read_state(site), citation.key(), {}
    background, verdicts = load_indicator(INDICATORS), claims.verdicts()
    alike = {code: list(similar_regions(background, code).similar) for code in REGIONS[1:]}
    for language in languages:
        changed = layout.compared(site, language)
        content = Content(language, languages, measured, state, site, key, changed)
        frame = {"languages": languages, "changed": changed, "key": key}
        own = {
            "index.html": start(content),
            questions.PATH: questions.page(state, language, **frame),
            "indicators/index.html": measures_page(content),
            "claims.html": claims_page(content, verdicts),
            "methods.html": methods_page(content),
        }
        for code in REGIONS:
            own[f"{code}/index.html"] = region_page(content, code, alike.get(code, []))
        for id in catalogue().indicators:
            own[f"indicators/{id}.html"] = indicator_page(content, id)
        found |= {f"{language}/{path}": text for path, text in own.items()}
        if language == languages[0]:
            found["index.html"] = start(content, at="index.html")
    return found
