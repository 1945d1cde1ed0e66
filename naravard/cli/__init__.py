"""The command ``naravard``."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import replace

import click

from naravard import __version__
from naravard.cli import catalogue, data, lab, list, show, terminal
from naravard.cli.options import LANGUAGE, NOTEBOOK, REGION, Suggesting
from naravard.errors import NaravardError

# The command ``naravard completion``.
_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell):
    """Print the script that completes commands, regions, indicators and notebooks in a shell.

    To install it, run the line of your shell and open a new one:

    \b
    naravard completion bash >> ~/.bashrc
    naravard completion zsh >> ~/.zshrc
    naravard completion fish > ~/.config/fish/completions/naravard.fish
    """
    from click.shell_completion import get_completion_class

    program = click.get_current_context().find_root()
    script = get_completion_class(shell)(
        program.command, {}, "naravard", "_NARAVARD_COMPLETE"
    ).source()
    click.echo(script, nl=False)


@click.group(cls=Suggesting, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="naravard")
def cli():
    """Sweden's shift to primary care in figures that anyone can reproduce.

    \b
    naravard show readmissions -r uppsala  what one indicator shows, here
    naravard list indicators               what there is
    naravard lab                           the notebooks in JupyterLab
    naravard render                        every notebook for Riket and all 21 regions → site/
    naravard render --region uppsala       one region
    naravard claims                        what documents claim, held against the figures
    naravard data build                    build the processed data from data/raw
    naravard data fetch                    ask the publishers for newer figures
    naravard data diff                     what the newest vintages changed
    naravard completion bash               a script that completes all this in your shell
    """


for _command in (
    catalogue.catalogue_commands,
    completion,
    data.data,
    lab.lab,
    list.list_,
    show.show,
):
    cli.add_command(_command)


@cli.command("claims")
@click.option("--document", default=None, metavar="NAME", help="Only the claims of one document.")
@click.option("--json", "as_json", is_flag=True, help="Everything that is known, as JSON.")
@click.option("--strict", is_flag=True,
              help="End with 1 if a claim that used to be reproduced no longer is.")  # fmt: skip
@click.option("--accept", is_flag=True, help="Record the outcomes as those to expect.")
def claims_command(document, as_json, strict, accept):
    """What the documents claim, held against the figures and against themselves.

    \b
    naravard claims                              every claim and its verdict
    naravard claims --document skr_account_2023  one document
    naravard claims --json                       everything that is known, for programs
    """
    from naravard import claims as collection
    from naravard.cli.claims import as_text, to_json

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


@cli.command("render")
@click.option("--region", "-r", multiple=True, type=REGION,
              help="Code or name; all 22 units if not given.")  # fmt: skip
@click.option("--notebook", "-n", multiple=True, type=NOTEBOOK,
              help="Name or number; all if not given.")  # fmt: skip
@click.option("--language", "-l", multiple=True, type=LANGUAGE,
              help="sv or en; both if not given.")  # fmt: skip
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
@click.option("--pdf", is_flag=True, help="Also a report of each region, printed by Chromium.")
@click.option("--notebooks-only", is_flag=True,
              help="Leave start page, regions and measures as they are.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a summary for machines.")
def render_command(
    region, notebook, language, parameter, jobs, out, as_json, explain, compare, pdf,
    notebooks_only, **options,
):  # fmt: skip
    """Run notebooks for regions and write the site.

    Pages that rest on nothing that changed stay as they are.

    \b
    naravard render                                everything
    naravard render -r vgr -r gotland -n 02 -l en  two regions, one notebook, English
    naravard render -p price_year 2020             another parameter
    naravard render --explain                      why each page would be made again or not
    naravard render --compare 2026-11-21           and what changed since, linked from the index
    naravard render --executor dask --scheduler tcp://host:8786   on a cluster
    naravard render -r uppsala -l sv --pdf         and a report, site/sv/03/report-03-sv.pdf
    """
    from naravard import paths
    from naravard.batch.jobs import make_jobs
    from naravard.cli import render as report
    from naravard.site.publish import published
    from naravard.site.render import plan

    work = make_jobs(region, notebook, language, dict(parameter))
    site = paths.root() / "site" if out is None else out
    if explain:
        click.echo(report.explain(plan(work, site, options["force"]), as_json))
        return
    if pdf:
        from naravard.site import report as reports

        reports.find_browser()  # before anything runs
    changed = None
    if compare is not None:
        from naravard.site import changes

        changed = changes.since(compare)
    around = contextlib.nullcontext() if notebooks_only else published(
        site, {job.language for job in work}, jobs
    )  # fmt: skip
    with around:
        summary = report.run(work, site, jobs, quiet=as_json, **options)
        if changed:
            summary = replace(summary, changed=tuple(changes.write(site, changed)))
        if pdf:
            printed = reports.write(
                site, work, jobs, force=options["force"], timeout=options["timeout"]
            )
            summary = replace(summary, reports=printed)
    click.echo(summary.as_json() if as_json else summary.as_text())
    complaints = [] if as_json else summary.complaints()
    for line in complaints:
        click.echo(line, err=True)
    if summary.failed or (pdf and printed.failed):
        sys.exit(1)


def main() -> None:
    """Run the command: exit code 2 for bad input, 1 for failed work, 130 for Ctrl-C."""
    terminal.prepare()
    try:
        cli.main(prog_name="naravard", standalone_mode=False)
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
