"""The commands ``naravard list …``."""

from __future__ import annotations

import click

from naravard.cli import terminal
from naravard.cli.options import LANGUAGE_OPTION, Suggesting, chosen_language
from naravard.errors import NaravardError

_json = click.option("--json", "as_json", is_flag=True, help="As JSON, names in both languages.")


@click.group("list", cls=Suggesting)
def list_commands():
    """List regions, indicators or notebooks.

    \b
    naravard list indicators
    naravard list regions --json
    """


@list_commands.command("regions")
@LANGUAGE_OPTION
@_json
def list_regions(language, as_json):
    """Codes and names of the 21 regions and Riket.

    \b
    naravard list regions
    naravard list regions --language sv
    """
    from naravard.regions import REGIONS

    if as_json:
        terminal.echo_json([
            {"code": r.code, "name": {"sv": r.name_sv, "en": r.name_en}, "short": r.short,
             "nuts3": r.nuts3} for r in REGIONS
        ])  # fmt: skip
        return
    english = chosen_language(language) == "en"
    rows = [[r.code, r.name_sv, r.nuts3] + [r.name_en] * english for r in REGIONS]
    terminal.echo(*terminal.table(rows, head=False))


@list_commands.command("indicators")
@click.argument("words", metavar="[WORD]...", nargs=-1)
@LANGUAGE_OPTION
@_json
def list_indicators(words, language, as_json):
    """Ids and names of the indicators; all, or those whose id or names hold each WORD.

    With the latest year that has a value and the number of regions that have one; those without
    figures yet are marked.

    \b
    naravard list indicators
    naravard list indicators sick leave
    naravard list indicators läkare -l sv
    """
    from naravard.catalogue import catalogue
    from naravard.cli import search
    from naravard.data import availability

    language = chosen_language(language)
    ids = search.holding(" ".join(words))
    if words and not ids and not as_json:
        raise NaravardError(
            f"no indicator holds '{' '.join(words)}': `naravard list indicators` shows them all"
        )
    extent = availability.extents()
    if as_json:
        terminal.echo_json([availability.described(id, extent) for id in ids])
        return
    mark = {"sv": " (väntar på siffror)", "en": " (awaiting data)"}[language]
    heading = {
        "sv": ["indikator", "senaste år", "regioner", "namn"],
        "en": ["indicator", "latest", "regions", "name"],
    }
    rows = [heading[language]]
    for id in ids:
        known, name = extent.get(id), catalogue().indicators[id].name[language]
        year, regions = (str(known.last or "–"), str(known.regions)) if known else ("–", "–")
        rows.append([id, year, regions, name + (mark if extent and not known else "")])
    terminal.echo(*terminal.table(rows, right=(1, 2)))


@list_commands.command("notebooks")
@LANGUAGE_OPTION
@_json
def list_notebooks(language, as_json):
    """Names and titles of the notebooks.

    \b
    naravard list notebooks
    naravard list notebooks --language sv
    """
    from naravard.cli.search import leading
    from naravard.notebooks import all_notebooks, titles

    language = chosen_language(language)
    found = {name: titles(path) for name, path in all_notebooks().items()}
    if as_json:
        terminal.echo_json([
            {"name": name, "title": title, "indicator": leading(name)}
            for name, title in found.items()
        ])  # fmt: skip
        return
    rows = [[name, title.get(language, "")] for name, title in found.items()]
    terminal.echo(*terminal.table(rows, head=False))
