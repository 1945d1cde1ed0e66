"""The command ``naravard``: the group of all commands, completion, and its exit codes."""

from __future__ import annotations

import sys

import click

from naravard import __version__
from naravard.cli import catalogue, claims, data, lab, list, render, show, terminal
from naravard.cli.options import Suggesting
from naravard.errors import NaravardError


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell):
    """Print the script that completes commands, regions, indicators and notebooks in a shell.

    To install it, run the line of your shell and open a new one:

    \b
    naravard completion bash >> ~/.bashrc
    naravard completion zsh >> ~/.zshrc
    naravard completion fish > ~/.config/fish/completions/naravard.fish
    """
    from click.shell_completion import get_completion_class

    shells = get_completion_class(shell)
    click.echo(shells(cli, {}, "naravard", "_NARAVARD_COMPLETE").source(), nl=False)


@click.group(
    cls=Suggesting,
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=[
        catalogue.catalogue_commands,
        claims.claims_command,
        completion,
        data.data_commands,
        lab.lab_command,
        list.list_commands,
        render.render_command,
        show.show_command,
    ],
)
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


def main() -> None:
    """Run the command: exit code 2 for bad input, 1 for failed work, 130 for Ctrl-C."""
    terminal.prepare()
    try:
        cli.main(prog_name="naravard", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (NaravardError, OSError) as error:  # OSError: the disk is full, a folder is read-only
        click.echo(f"naravard: {error}", err=True)
        sys.exit(2 if isinstance(error, NaravardError) else 1)
