"""The command ``naravard lab``."""

from __future__ import annotations

import sys

import click

from naravard import terminal
from naravard.completing import LANGUAGE, NOTEBOOK, REGION


@click.command()
@click.argument("words", metavar="[NOTEBOOK] [-- OPTION...]", nargs=-1, type=NOTEBOOK)
@click.option("--region", "-r", type=REGION, help="Open a copy of your own for this region.")
@click.option("--language", "-l", type=LANGUAGE, help="sv or en: the same for the language.")
def lab(words, region, language):
    """Open the notebooks in JupyterLab, with the Python that runs naravard.

    NOTEBOOK is a name or a number; 00_explore if not given. With a region or a language the lab
    opens a copy in the folder own/, which stays as you leave it. What follows -- goes to
    jupyter lab.

    \b
    naravard lab
    naravard lab --region uppsala --language en
    naravard lab readmissions
    naravard lab 02 -- --no-browser --port 8890
    """
    from naravard import lab as jupyter
    from naravard.language import check
    from naravard.regions import resolve

    named = words[0] if words and not words[0].startswith("-") else None
    options = words[1:] if named else words
    if options and not options[0].startswith("-"):
        raise click.UsageError(f"one notebook at a time: '{options[0]}' is a second one")
    parameters = {"region": resolve(region).code} if region else {}
    if language:
        parameters["language"] = check(language)
    jupyter.require()
    path = jupyter.notebook(named)
    if parameters:
        path = jupyter.own_copy(path, **parameters)
        terminal.echo(f"{jupyter.OWN}/{path.name}: a copy of your own", err=True)
    sys.exit(jupyter.prepare(path, options).run())
