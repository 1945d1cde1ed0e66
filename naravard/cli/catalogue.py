"""The commands ``naravard catalogue``."""

from __future__ import annotations

import sys

import click

from naravard.cli.options import Suggesting


@click.group("catalogue", cls=Suggesting)
def catalogue_commands():
    """Add indicators, and see what the catalogue lacks.

    \b
    naravard catalogue add kolada:N78110
    naravard catalogue check
    """


@catalogue_commands.command("add")
@click.argument("what", metavar="kolada:ID")
def catalogue_add(what):
    """Ask Kolada what a key figure is, and begin its entry in the catalogue.

    \b
    naravard catalogue add kolada:N78110

    The entry is a draft: the publisher's words are there, what a human must decide is empty.
    """
    from naravard.data.curation import add

    draft = add(what)
    click.echo("\n".join([f"{draft.title} ({draft.id})", *draft.remarks]))
    click.echo(
        f"wrote [indicators.{draft.key}] to {draft.path}: fill in what is empty, then "
        "`naravard catalogue check` says how to go on"
    )


@catalogue_commands.command("check")
def catalogue_check():
    """Say what each entry lacks or what is odd; ends with 1 if something must be completed.

    \b
    naravard catalogue check
    """
    from naravard.data.curation import check

    findings = check()
    for finding in findings:
        kind = "complete" if finding.must else "remark"
        click.echo(f"{finding.indicator}: {kind}: {finding.text}")
    musts = sum(finding.must for finding in findings)
    click.echo(f"{musts} to complete, {len(findings) - musts} remarks", err=True)
    if musts:
        sys.exit(1)
