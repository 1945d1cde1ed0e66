"""The command ``naravard show``: one indicator on one screen."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import click

from naravard import terminal
from naravard.completing import INDICATOR, LANGUAGE, REGION

if TYPE_CHECKING:
    from naravard.shown import Shown


@click.command()
@click.argument("words", metavar="INDICATOR", nargs=-1, required=True, type=INDICATOR)
@click.option("--region", "-r", multiple=True, type=REGION,
              help="Code or name, as often as you like; Riket if not given.")  # fmt: skip
@click.option("--language", "-l", type=LANGUAGE,
              help="sv or en; the environment's if not given.")  # fmt: skip
@click.option("--sex", type=click.Choice(["T", "K", "M"], case_sensitive=False), default="T",
              metavar="T|K|M",
              show_default=True, help="Total, women, men.")  # fmt: skip
@click.option("--price-year", type=int, metavar="YEAR", help="Costs in the prices of this year.")
@click.option("--json", "as_json", is_flag=True,
              help="Values, verdict, slope, interval, sources, for programs.")  # fmt: skip
@click.option("--csv", "as_csv", is_flag=True, help="The values alone, a row a year and unit.")
def show(words, region, language, sex, price_year, as_json, as_csv):
    """Say what the figures of one INDICATOR show, for Riket or some regions.

    INDICATOR is an id, a word or more of its id or names in Swedish or English, or the name or
    number of a notebook.

    \b
    naravard show readmissions --region uppsala
    naravard show "cost share" -r vgr -r gotland -l sv
    naravard show sjukfrånvaro -r halland --sex K
    naravard show primary_care_net_cost -r 03 --price-year 2020
    naravard show 07 --json
    """
    from naravard import load, matching
    from naravard.language import check
    from naravard.regions import resolve
    from naravard.unfetched import sentence

    if as_json and as_csv:
        raise click.UsageError("give either --json or --csv")
    language = check(language or terminal.language())
    asked = " ".join(words)
    id, others = matching.find(asked)
    for one in region:
        resolve(one)
    if load.awaiting(id):
        _await(id, sentence(id, language), language, as_json, as_csv)
        return
    from naravard import shown, shown_text

    found = shown.compose(id, region, sex.upper(), price_year)
    if as_json:
        terminal.echo_json(shown.content(found, language))
    elif as_csv:
        click.echo(_csv(found), nl=False)
    else:
        terminal.echo("\n".join(shown_text.lines(found, language)))
    if others:
        count = f"{len(others)} more indicator{'s' if len(others) > 1 else ''}"
        _note(f"{count} with '{asked}': `naravard list indicators {' '.join(words)}`")


def _note(text: str) -> None:
    terminal.echo(text, err=True)


def _await(id: str, reason: str, language: str, as_json: bool, as_csv: bool) -> None:
    """Say that an indicator awaits its figures: a true answer, not a failure."""
    from naravard.catalogue import indicator
    from naravard.language import opening

    name = indicator(id).name[language]
    if as_json:
        terminal.echo_json({"indicator": id, "name": name, "language": language, "awaiting": True,
                            "message": reason, "regions": []})  # fmt: skip
    elif as_csv:
        click.echo(",".join(_COLUMNS))
        _note(f"{opening(reason)}.")
    else:
        terminal.echo("\n".join([terminal.bold(opening(name)), "", *terminal.wrap(f"{reason}.")]))


_COLUMNS = ("indicator", "region", "name", "year", "sex", "value", "unit", "status", "note")


def _csv(found: Shown) -> str:
    from naravard.regions import BY_CODE

    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for code in found.wide.columns:
        own = found.rows[found.rows["region"] == code].sort_values("year")
        for row in own.itertuples():
            value = "" if row.value != row.value else f"{row.value:.15g}"
            rows.writerow([row.indicator, code, BY_CODE[code].short, row.year, row.sex, value,
                           row.unit, row.status, row.note])  # fmt: skip
    return text.getvalue()
