"""The site's own pages: start, measures, regions, claims, methods; a function makes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from naravard.catalogue import EVERYWHERE, Indicator, catalogue, unit
from naravard.catalogue.quantities import brief
from naravard.claims.checks import claimed
from naravard.claims.rules import rules
from naravard.claims.verdicts import summary
from naravard.data import availability, processed, raw
from naravard.data.load import PRICE_YEAR
from naravard.language import opening, span
from naravard.notebooks import notebooks
from naravard.regions import BY_CODE, NATION
from naravard.sentences.caveats import Note, know
from naravard.sentences.claims import explanation, outcome_words, subject
from naravard.sentences.say import sentence
from naravard.site import layout, map, measures, questions
from naravard.site.record import REGIONS
from naravard.site.words import POLARITY, TEXTS, WORDS

#: The measure that the map begins with: the first of these that has figures.
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

    def cells(self, id: str) -> dict[str, measures.Cell]:
        """Return an indicator's cells by region code; none while it awaits its figures."""
        if id not in self._cells:
            measured = self.measured.get(id)
            self._cells[id] = measures.cells(id, measured, self.language) if measured else {}
        return self._cells[id]

    def answers(self, code: str) -> list[dict]:
        """Return what each question's page says of a region, and where the page is."""
        return questions.answers(self.state, self.language, code)

    def page(self, template: str, path: str, title: str, at: str = "", **parts) -> str:
        """Make a page of a template, which asks for ``parts``.

        ``path`` is where it lies in the folder of the language: it links to the same page in
        others. ``at`` is where it lies in the site, if not there. ``title`` is plain text.
        """
        own = layout.frame(
            self.language, path, title, at=at, languages=self.languages, changed=self.changed,
            key=self.key,
        )  # fmt: skip
        return layout.template(template).render(**own, **parts)


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


def claims_page(content: Content, verdicts) -> str:
    """Make the page of claims, from `naravard.claims.verdicts`."""
    lang, words = content.language, content.words
    documents = rules().documents
    rows = [
        {
            "id": one.claim.id,
            "subject": subject(one.claim, lang),
            "says": claimed(one.claim, lang) or "–",
            "outcome": outcome_words(one, lang),
            "explanation": explanation(one, lang),
            "document": documents[one.claim.document].name[lang],
            "line": f"{words['line']} {one.claim.line}",
        }
        for one in verdicts
    ]
    return content.page(
        "claims.html.j2", "claims.html", words["claims"], rows=rows,
        said=sentence(summary(tuple(verdicts)), lang),
        outcomes=list(dict.fromkeys(row["outcome"] for row in rows)),
        documents=list(dict.fromkeys(row["document"] for row in rows)),
    )  # fmt: skip


def methods_page(content: Content) -> str:
    """Make the page on methods, data and their terms."""
    files = sorted(raw.manifest().values(), key=lambda file: file.path)
    text = (TEXTS / f"methods.{content.language}.md").read_text("utf-8")
    text = text.replace("{price_year}", str(PRICE_YEAR))
    return content.page(
        "methods.html.j2", "methods.html", content.words["methods"], files=files, text=text
    )


@cache
def _source(path) -> str:
    return path.read_text("utf-8")


def _used(content: Content, id: str) -> list[tuple[str, str]]:
    """Return the questions whose notebooks name an indicator, with their page for Riket."""
    quoted = f'\\"{id}\\"'  # as JSON writes it
    paths = notebooks()
    there = {one["name"]: one["href"] for one in content.answers(NATION) if one["status"] == "done"}
    return [(there.get(name, "questions.html"), title)
            for name, title in questions.questions(content.language)
            if quoted in _source(paths[name])]  # fmt: skip


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


def _where(regions: tuple[str, ...], content: Content) -> str:
    if EVERYWHERE in regions:
        return content.words["all_regions"]
    return ", ".join(region_name(code, content.language) for code in regions)


def _caveats(notes: list[Note], content: Content) -> list[str]:
    found = [
        note.text if note.concerns() else f"{_where(note.regions, content)}: {note.text}"
        for note in notes
        if note.kind == "caveat"
    ]
    return list(dict.fromkeys(found))


def indicator_page(content: Content, id: str) -> str:
    """Make the page of an indicator; of one that awaits its figures, how to get them."""
    entry, lang = catalogue().indicators[id], content.language
    measured, found = content.measured.get(id), content.cells(id)
    colours = map.colouring(measured or {}, entry, lang) if entry.level == "region" else None
    said = measured["cells"].get(NATION, {}).get("said", {}) if measured else {}
    notes = know(entry, lang)
    breaks = [(note.year, opening(note.text), _where(note.regions, content))
              for note in notes if note.kind == "break" and note.of is entry]  # fmt: skip
    national = {}
    if measured and not colours and NATION in measured["cells"]:
        national = measures.numbers(measured["cells"][NATION]["values"])
    return content.page(
        "indicator.html.j2", f"indicators/{id}.html", opening(entry.name[lang]), id=id,
        short=measures.name(entry, lang), question=entry.question[lang],
        said=said.get(lang, ""), figure=measured["figures"].get(lang) if measured else None,
        rows=[(code, region_name(code, lang), found[code]) for code in REGIONS if code in found],
        national=[(year, brief(value, entry, lang)) for year, value in national.items()],
        colours=colours, map=map.shapes(colours, content.language) if colours else None,
        awaiting=availability.sentence(id, lang) if processed.awaiting(id) else "",
        by_region=entry.level == "region", facts=_facts(entry, content), breaks=breaks,
        caveats=_caveats(notes, content), used=_used(content, id),
        fixed=entry.in_money, price_year=PRICE_YEAR,
    )  # fmt: skip


def start(content: Content, at: str = "") -> str:
    """Make the start page: findings for Riket, the map, all measures in all regions.

    ``at`` is where it lies in the site, if not in the folder of its language.
    """
    lang = content.language
    shown = [entry for key, _, entries in directions(lang) if key
             for entry in entries if entry.level == "region"]  # fmt: skip
    coloured = (map.colouring(content.measured.get(e.id, {}), e, lang) for e in shown)
    colours = [one for one in coloured if one]
    known = {one["id"]: one for one in colours}
    first = next((known[id] for id in FIRST if id in known), colours[0] if colours else None)
    return content.page(
        "start.html.j2", "index.html", content.words["site"], at=at,
        answers=content.answers(NATION), first=first, colours=colours, rows=_rows(content),
        map=map.shapes(first, lang),
        awaiting=[id for id in catalogue().indicators if processed.awaiting(id)],
        regions=[(code, region_name(code, lang)) for code in REGIONS],
    )  # fmt: skip


def _rows(content: Content) -> list[dict]:
    """Make a row for each measure that has values of a region, with a cell for each region."""
    rows = []
    for key, name, entries in directions(content.language):
        for entry in entries:
            found = content.cells(entry.id)
            if key and entry.level == "region" and found:
                rows.append(
                    {
                        "id": entry.id,
                        "name": measures.name(entry, content.language),
                        "direction": name,
                        "cells": [found.get(code) for code in REGIONS],
                    }
                )
    return rows


def measures_page(content: Content) -> str:
    """Make the list of all measures of the catalogue."""
    groups = []
    for _, name, entries in directions(content.language):
        rows = []
        for entry in entries:
            found = content.measured.get(entry.id, {"cells": {}})["cells"]
            years = [int(year) for one in found.values() for year in one["values"]]
            regions = sum(bool(one["values"]) for code, one in found.items() if code != NATION)
            rows.append(
                {
                    "id": entry.id,
                    "name": measures.name(entry, content.language),
                    "unit": unit(entry).name[content.language],
                    "source": entry.source_line(content.language),
                    "years": span(years) if years else "",
                    "regions": "" if entry.level == "nation" else regions,
                    "national": entry.level == "nation",
                    "awaiting": availability.sentence(entry.id, content.language)
                    if processed.awaiting(entry.id) else "",
                }
            )  # fmt: skip
        groups.append((name, rows))
    title = content.words["indicators"]
    return content.page("measures.html.j2", "indicators/index.html", title, groups=groups)


def region_page(content: Content, code: str, alike: list[str]) -> str:
    """Make a region's page; ``alike`` are the most similar regions, the most similar first."""
    nation = code == NATION
    groups = []
    for _, name, entries in directions(content.language):
        rows, missing = [], []
        for entry in entries:
            found = content.cells(entry.id)
            named = (entry.id, measures.name(entry, content.language))
            own = found.get(code)
            if own is None and entry.level == "nation":
                continue
            if own is None or own.value is None:
                missing.append(named)
                continue
            rows.append({"id": named[0], "name": named[1], "own": own,
                         "nation": None if nation else found.get(NATION)})  # fmt: skip
        if rows or missing:
            groups.append({"name": name, "rows": rows, "missing": missing})
    report = f"report-{code}-{content.language}.pdf"
    there = (content.site / content.language / code / report).is_file()
    return content.page(
        "region.html.j2", f"{code}/index.html", BY_CODE[code].name(content.language), code=code,
        groups=groups, nation=nation, price_year=PRICE_YEAR, answers=content.answers(code),
        similar=[(one, region_name(one, content.language)) for one in alike],
        report=report if there else "",
    )  # fmt: skip
