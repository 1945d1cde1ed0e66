"""An indicator's page: what it is, what it says of Riket, and of each region."""

from __future__ import annotations

from functools import cache

from naravard import processed, unfetched
from naravard.analysis.prices import PRICE_YEAR
from naravard.catalogue import EVERYWHERE, Indicator, catalogue, parts, unit
from naravard.language import opening
from naravard.regions import NATION
from naravard.render.jobs import notebooks
from naravard.site import cells, counties
from naravard.site.content import Content, region_name
from naravard.site.questions import UNITS
from naravard.site.words import GOOD


@cache
def _source(path) -> str:
    return path.read_text("utf-8")


def _used(content: Content, id: str) -> list[tuple[str, str]]:
    """Return the questions whose notebooks name an indicator, with their page for Riket."""
    quoted = f'\\"{id}\\"'  # as JSON writes it
    paths = notebooks()
    there = {one["name"]: one["href"] for one in content.answers(NATION) if one["status"] == "done"}
    return [(there.get(name, "questions.html"), title)
            for name, title in content.questions if quoted in _source(paths[name])]  # fmt: skip


def _facts(entry: Indicator, content: Content) -> list[tuple[str, str]]:
    words, lang = content.words, content.language
    facts = [
        (words["meaning"], entry.definition[lang]),
        (words["numerator"], opening(entry.numerator[lang])),
        (words["denominator"], opening(entry.denominator[lang])),
        (words["unit"], opening(unit(entry).name[lang])),
        (words["good"], opening(GOOD[entry.good][lang])),
        (words["published_as"], entry.source_line(lang)),
        (words["reviewed"], entry.reviewed.isoformat()),
    ]
    return [fact for fact in facts if fact[1].strip("– ")]


def _where(regions: tuple[str, ...], content: Content) -> str:
    if EVERYWHERE in regions:
        return content.words["all_regions"]
    return ", ".join(region_name(code, content.language) for code in regions)


def _caveats(entry: Indicator, content: Content) -> list[str]:
    found = []
    for one in (entry, *parts(entry)):
        for caveat in one.caveats:
            text = caveat[content.language]
            if EVERYWHERE not in caveat.regions:
                text = f"{_where(caveat.regions, content)}: {text}"
            found.append(text)
    return list(dict.fromkeys(found))


def indicator_page(content: Content, id: str) -> str:
    """Make the page of an indicator; of one that awaits its figures, how to get them.

    Parameters
    ----------
    content : Content
    id : str
        As in the catalogue.
    """
    entry, lang = catalogue().indicators[id], content.language
    measured, found = content.measured.get(id), content.cells(id)
    colours = counties.colouring(content, entry) if entry.level == "region" else None
    said = measured["cells"].get(NATION, {}).get("said", {}) if measured else {}
    breaks = [(one.year, opening(one.reason[lang]), _where(one.regions, content))
              for one in sorted(entry.breaks, key=lambda one: one.year)]  # fmt: skip
    national = {}
    if measured and not colours and NATION in measured["cells"]:
        national = cells.numbers(measured["cells"][NATION]["values"])
    return content.page(
        "indicator.html.j2", f"indicators/{id}.html", opening(entry.name[lang]), id=id,
        short=cells.name(entry, lang), question=entry.question[lang],
        said=said.get(lang, ""), figure=measured["figures"].get(lang) if measured else None,
        rows=[(code, region_name(code, lang), found[code]) for code in UNITS if code in found],
        national=[(year, cells.brief(value, entry, lang)) for year, value in national.items()],
        colours=colours, map=counties.shapes(content, colours) if colours else None,
        awaiting=unfetched.sentence(id, lang) if processed.awaiting(id) else "",
        by_region=entry.level == "region", facts=_facts(entry, content), breaks=breaks,
        caveats=_caveats(entry, content), used=_used(content, id),
        fixed=entry.in_money, price_year=PRICE_YEAR,
    )  # fmt: skip
