"""A region's page: what each question's page says of it, and all its measures."""

from __future__ import annotations

from naravard.analysis.prices import PRICE_YEAR
from naravard.regions import BY_CODE, NATION
from naravard.site import cells
from naravard.site.content import Content, directions, region_name


def unit_page(content: Content, code: str, alike: list[str]) -> str:
    """Make a region's page.

    Parameters
    ----------
    content : Content
    code : str
        Region code.
    alike : list of str
        Codes of the most similar regions, the most similar first.
    """
    nation = code == NATION
    groups = []
    for _, name, entries in directions(content.language):
        rows, missing = [], []
        for entry in entries:
            found = content.cells(entry.id)
            named = (entry.id, cells.name(entry, content.language))
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
        "unit.html.j2", f"{code}/index.html", BY_CODE[code].name(content.language), code=code,
        groups=groups, nation=nation, price_year=PRICE_YEAR, answers=content.answers(code),
        similar=[(one, region_name(one, content.language)) for one in alike],
        report=report if there else "",
    )  # fmt: skip
