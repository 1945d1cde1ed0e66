"""The command ``naravard completion``."""

from __future__ import annotations

import click

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
