"""The command ``naravard``."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import click

from naravard import __version__
from naravard.cli_catalogue import catalogue_commands
from naravard.cli_data import data
from naravard.cli_group import Suggesting
from naravard.errors import NaravardError


@click.group(cls=Suggesting, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="naravard")
def cli():
    """Sweden's shift to primary care in figures that anyone can reproduce.

    \b
    naravard data build                  build the processed data from data/raw
    naravard data fetch                  ask the publishers for newer figures
    naravard data diff                   what the newest vintages changed
    naravard render                      every notebook for Riket and all 21 regions → site/
    naravard render --region uppsala     one region
    naravard claims                      what documents claim, held against the figures
    naravard list indicators             what there is
    """


cli.add_command(data)
cli.add_command(catalogue_commands)


@cli.command()
@click.option("--document", default=None, metavar="NAME", help="Only the claims of one document.")
@click.option("--json", "as_json", is_flag=True, help="Everything that is known, as JSON.")
@click.option("--strict", is_flag=True,
              help="End with 1 if a claim that used to be reproduced no longer is.")  # fmt: skip
@click.option("--accept", is_flag=True, help="Record the outcomes as those to expect.")
def claims(document, as_json, strict, accept):
    """What the documents claim, held against the figures and against themselves.

    \b
    naravard claims                              every claim and its verdict
    naravard claims --document skr_account_2023  one document
    """
    from naravard import claims as collection
    from naravard.claims.report import as_text, to_json

    everything = collection.verdicts()
    shown = collection.verdicts(document_name=document) if document else everything
    if accept:
        collection.accept(everything)
        click.echo(f"recorded the outcomes of {len(everything)} claims", err=True)
    click.echo(to_json(shown) if as_json else as_text(shown))
    lost = collection.lost(everything) if strict else []
    for id in lost:
        click.echo(f"{id} used to be reproduced and no longer is", err=True)
    if lost:
        sys.exit(1)


@cli.group("list", cls=Suggesting)
def list_():
    """List regions, indicators or notebooks."""


@list_.command("regions")
def list_regions():
    """Codes and names of the 22 units."""
    from naravard.regions import REGIONS

    for region in REGIONS:
        click.echo(f"{region.code}  {region.name_sv:28} {region.nuts3}")


@list_.command("indicators")
def list_indicators():
    """Ids and names of the indicators; those without figures yet are marked."""
    from naravard import processed
    from naravard.catalogue import catalogue

    try:
        built = processed.fingerprints()
    except NaravardError:  # no collection here, or built by an older version
        built = None
    for id, entry in catalogue().indicators.items():
        mark = "" if built is None or id in built else " (awaiting data)"
        click.echo(f"{id:36} {entry.name.en}{mark}")


@list_.command("notebooks")
def list_notebooks():
    """Names and titles of the notebooks."""
    from naravard.render.jobs import all_notebooks, titles

    for name, path in all_notebooks().items():
        click.echo(f"{name:32} {titles(path).get('en', '')}")


@cli.command()
@click.option("--region", "-r", multiple=True, help="Code or name; all 22 units if not given.")
@click.option("--notebook", "-n", multiple=True, help="Name or number; all if not given.")
@click.option("--language", "-l", multiple=True, help="sv or en; both if not given.")
@click.option("--parameter", "-p", nargs=2, multiple=True, metavar="NAME VALUE",
              help="A further parameter of the notebooks.")  # fmt: skip
@click.option("--jobs", "-j", type=click.IntRange(1), default=os.cpu_count(), show_default=True,
              help="Notebooks under way at once.")  # fmt: skip
@click.option("--out", type=click.Path(), default=None, help="Where pages go; site/ if not given.")
@click.option("--force", is_flag=True, help="Also pages that rest on nothing that changed.")
@click.option("--explain", is_flag=True, help="Say why each page would be made or not; make none.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS",
              help="Give up a page that takes longer.")  # fmt: skip
@click.option("--memory", type=click.FloatRange(0, min_open=True), metavar="MB",
              help="Give up a page that takes more (Linux).")  # fmt: skip
@click.option("--engine", default="naravard", show_default=True,
              help="standard: papermill's own engine, a new kernel a page.")  # fmt: skip
@click.option("--executor", default="local", show_default=True,
              help="dask: on a dask cluster (pip install naravard[cluster]).")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS",
              help="Of a dask cluster: tcp://host:8786, or its scheduler file.")  # fmt: skip
@click.option("--compare", metavar="VINTAGE",
              help="Also a page of what changed since this day, YYYY-MM-DD.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a summary for machines.")
def render(region, notebook, language, parameter, jobs, out, as_json, explain, compare, **options):
    """Run notebooks for regions and write pages and an index.

    Pages that rest on nothing that changed stay as they are.

    \b
    naravard render                                everything
    naravard render -r vgr -r gotland -n 02 -l en  two regions, one notebook, English
    naravard render -p price_year 2020             another parameter
    naravard render --explain                      why each page would be made again or not
    naravard render --compare 2026-11-21           and what changed since, linked from the index
    naravard render --executor dask --scheduler tcp://host:8786   on a cluster
    """
    from naravard import project
    from naravard.render import report
    from naravard.render.batch import plan
    from naravard.render.jobs import make_jobs

    work = make_jobs(region, notebook, language, dict(parameter))
    site = project.root() / "site" if out is None else out
    if explain:
        click.echo(report.explain(plan(work, site, options["force"]), as_json))
        return
    changed = None
    if compare is not None:
        from naravard.render import changes

        changed = changes.since(compare)
    summary = report.run(work, site, jobs, quiet=as_json, **options)
    if changed:
        summary = replace(summary, changed=tuple(changes.write(site, changed)))
    click.echo(summary.as_json() if as_json else summary.as_text())
    if summary.failed:
        if not as_json:
            click.echo(summary.failures(), err=True)
        sys.exit(1)


def main() -> None:
    """Run the command: exit code 2 for bad input, 1 for failed work, 130 for Ctrl-C."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NaravardError as error:
        click.echo(f"naravard: {error}", err=True)
        sys.exit(2)
    except OSError as error:  # the disk is full, a folder may not be written
        click.echo(f"naravard: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
