"""A group of commands that names the closest one when it does not know a word."""

from __future__ import annotations

import click

from naravard.errors import did_you_mean


class Suggesting(click.Group):
    """A group whose unknown commands name the closest one."""

    def resolve_command(self, ctx, args):
        name = args[0]
        if self.get_command(ctx, name) is None:
            ctx.fail(f"unknown command '{name}'{did_you_mean(name, self.commands)}")
        return super().resolve_command(ctx, args)
