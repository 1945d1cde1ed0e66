"""Jobs: which notebook runs with which parameters; everything is checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from naravard import paths
from naravard.errors import NaravardError, did_you_mean
from naravard.language import LANGUAGES, check
from naravard.notebooks import find_notebook, notebooks
from naravard.regions import CODES, resolve


@dataclass(frozen=True)
class Job:
    """One notebook ("02_readmissions") run for one region (its code) in one language.

    ``parameters`` are those given beside the two, as pairs of name and value.
    """

    notebook: str
    region: str
    language: str
    parameters: tuple[tuple[str, object], ...] = ()

    @property
    def key(self) -> str:
        """``language/region/notebook``: also where the page lies, without ending."""
        return f"{self.language}/{self.region}/{self.notebook}"


def _parameters(notebook: str, path: Path, given: dict[str, str]) -> tuple[tuple, set[str]]:
    """Return those of the given parameters that a notebook declares, typed, and all it declares."""
    import papermill  # takes half a second, and most batches are given no parameter

    declared = papermill.inspect_notebook(path)
    taken = {name: value for name, value in given.items() if name in declared}
    for name, value in taken.items():
        kind = declared[name]["inferred_type_name"]
        try:
            taken[name] = {"int": int, "float": float}.get(kind, str)(value)
        except ValueError:
            raise NaravardError(
                f"parameter '{name}' of {notebook} is of type {kind}, which '{value}' is not"
            ) from None
    return tuple(taken.items()), set(declared)


def make_jobs(
    regions: Iterable[str] = (),
    names: Iterable[str] = (),
    languages: Iterable[str] = (),
    parameters: dict[str, str] | None = None,
) -> list[Job]:
    """Make the jobs of a batch, in the order of notebook, region, language.

    What is empty means all. Each of ``parameters`` must be declared by at least one of the
    notebooks, in its cell tagged ``parameters``, and have its type. Anything unknown or of the
    wrong type raises `NaravardError`.
    """
    codes = sorted({resolve(r).code for r in regions}) or list(CODES)
    languages = sorted({check(lang) for lang in languages}, reverse=True) or list(LANGUAGES)
    known = notebooks()
    if not known:
        raise NaravardError(f"there are no notebooks in {paths.notebooks_dir()}")
    chosen = sorted({find_notebook(n) for n in names}) or list(known)
    given = parameters or {}
    for own in ("region", "language"):
        if own in given:
            raise NaravardError(f"give '{own}' as --{own}, not as a parameter")
    taken = {
        name: _parameters(name, known[name], given) if given else ((), set()) for name in chosen
    }
    declared = set().union(*(names for _, names in taken.values()))
    for name in given:
        if name not in declared:
            hint = did_you_mean(name, declared - {"region", "language"})
            raise NaravardError(f"unknown parameter '{name}'{hint}")
    return [
        Job(name, code, language, taken[name][0])
        for name, code, language in product(chosen, codes, languages)
    ]
