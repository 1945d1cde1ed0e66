"""Options that commands share, and what the shell completes in them.

A completion is waited for, so nothing heavy is imported: the catalogue is read as plain TOML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

from naravard import paths
from naravard.cli import terminal
from naravard.errors import NaravardError, did_you_mean
from naravard.notebooks import all_notebooks
from naravard.regions import REGIONS, fold

_Known = Iterable[tuple[str, str]]


class Known(click.ParamType):
    """Text whose known values the shell completes; what is wrong is said by what uses it.

    ``known`` takes what is typed so far and returns (value, explanation) pairs.
    """

    def __init__(self, name: str, known: Callable[[str], _Known]):
        self.name, self._known = name, known

    def shell_complete(self, ctx, param, incomplete):
        """Offer what begins with what is typed."""
        found = self._known(incomplete)
        return [CompletionItem(v, help=text) for v, text in found if v.startswith(incomplete)]


def _regions(typed: str) -> _Known:
    """Return codes, and names in the spelling that was begun: plain, Swedish, with capitals."""
    for region in REGIONS:
        yield region.code, region.name_sv
    for region in REGIONS:
        written = region.short.replace(" ", "-")
        spellings = (fold(region.short).replace(" ", "-"), written.casefold(), written)
        yield next((s for s in spellings if s.startswith(typed)), spellings[0]), region.name_sv


def _indicators(typed: str = "") -> _Known:
    entries = paths.read_toml(paths.CATALOGUE)["indicators"]
    return [(id, entry["name"]["en"]) for id, entry in entries.items()]


def _notebooks(typed: str = "") -> _Known:
    try:
        files = all_notebooks().items()
    except NaravardError:  # no collection here
        return []
    short = [(name.partition("_")[2], path.name) for name, path in files]
    return short + [(name, path.name) for name, path in files]


REGION = Known("region", _regions)
INDICATOR_ID = Known("indicator", _indicators)
INDICATOR = Known("indicator", lambda typed: [*_notebooks(), *_indicators()])
NOTEBOOK = Known("notebook", _notebooks)
LANGUAGE = Known("language", lambda typed: [("sv", "svenska"), ("en", "English")])
LANGUAGE_OPTION = click.option("--language", "-l", type=LANGUAGE,
                               help="sv or en; the environment's if not given.")  # fmt: skip


def chosen_language(language: str | None) -> str:
    """Return a language that was asked for, checked, or that of the user's environment."""
    from naravard.language import check  # Babel takes its time, and completion needs none of it

    return check(language) if language else terminal.language()


class Suggesting(click.Group):
    """A group whose unknown commands name the closest one."""

    def resolve_command(self, ctx, args):
        """Find a command; an unknown one fails with the closest name."""
        name = args[0]
        if self.get_command(ctx, name) is None:
            ctx.fail(f"unknown command '{name}'{did_you_mean(name, self.commands)}")
        return super().resolve_command(ctx, args)
