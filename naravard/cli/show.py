"""The command ``naravard show``: one indicator on one screen.

What is on it is in `naravard.cli.screen`, apart, so that help and completion start quickly.
"""

from __future__ import annotations

import click

from naravard.cli import terminal
from naravard.cli.options import INDICATOR, LANGUAGE_OPTION, REGION, chosen_language


@click.command("show")
@click.argument("words", metavar="INDICATOR", nargs=-1, required=True, type=INDICATOR)
@click.option("--region", "-r", multiple=True, type=REGION,
              help="Code or name, as often as you like; Riket if not given.")  # fmt: skip
@LANGUAGE_OPTION
@click.option("--sex", type=click.Choice(["T", "K", "M"], case_sensitive=False), default="T",
              metavar="T|K|M", show_default=True, help="Total, women, men.")  # fmt: skip
@click.option("--price-year", type=int, metavar="YEAR", help="Costs in the prices of this year.")
@click.option("--json", "as_json", is_flag=True,
              help="Values, verdict, slope, interval, sources, for programs.")  # fmt: skip
@click.option("--csv", "as_csv", is_flag=True, help="The values alone, a row a year and region.")
def show_command(words, region, language, sex, price_year, as_json, as_csv):
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
    from naravard.cli import screen, search
    from naravard.data import load
    from naravard.regions import resolve

    if as_json and as_csv:
        raise click.UsageError("give either --json or --csv")
    language = chosen_language(language)
    asked = " ".join(words)
    id, others = search.find(asked)
    codes = [resolve(one).code for one in region]
    if load.awaiting(id):
        _await(id, language, as_json, as_csv)
        return
    found = screen.compose(id, codes, sex.upper(), price_year)
    if as_json:
        terminal.echo_json(screen.content(found, language))
    elif as_csv:
        click.echo(screen.csv(found), nl=False)
    else:
        terminal.echo(*screen.lines(found, language))
    if others:
        count = f"{len(others)} more indicator{'s' * (len(others) > 1)}"
        more = f"`naravard list indicators {' '.join(words)}`"
        click.echo(f"{count} with '{asked}': {more}", err=True)


def _await(id: str, language: str, as_json: bool, as_csv: bool) -> None:
    """Say that an indicator awaits its figures: a true answer, not a failure."""
    from naravard.catalogue import indicator
    from naravard.cli.screen import COLUMNS
    from naravard.data.availability import sentence
    from naravard.language import opening

    name, reason = indicator(id).name[language], sentence(id, language)
    if as_json:
        terminal.echo_json({"indicator": id, "name": name, "language": language, "awaiting": True,
                            "message": reason, "regions": []})  # fmt: skip
    elif as_csv:
        click.echo(",".join(COLUMNS))
        click.echo(f"{opening(reason)}.", err=True)
    else:
        terminal.echo(*terminal.wrap(f"**{opening(name)}**"), "", *terminal.wrap(f"{reason}."))
