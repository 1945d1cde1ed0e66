"""Where the numbers of a page come from."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import version

from naravard import __version__
from naravard.catalogue import indicator, parts
from naravard.data import citation, processed, raw, tracking
from naravard.data.availability import fingerprint_of, sentence
from naravard.data.documents import table, tables
from naravard.language import check, opening
from naravard.regions import resolve
from naravard.sentences.say import Prose
from naravard.sentences.words import bullets


def provenance(
    ids: str | list[str],
    region,
    language: str = "sv",
    datasets: Iterable[str] = (),
    **parameters,
) -> Prose:
    """Show where the numbers of a page come from.

    Parameters
    ----------
    ids : str or list of str
        The indicators that the page uses; the parts of derived ones are added.
    region : str, int or Region
    language : {"sv", "en"}
    datasets : iterable of str
        Raw data sets that the page uses beside those of its indicators, "publisher/dataset".
    **parameters
        The page's further parameters, shown as they are.

    Returns
    -------
    Prose
        One line a raw file (source, vintage, first digits of its sha256), then the fingerprint of
        the indicators' processed data, the versions, the parameters and the permanent key, which
        also is its metadata. An indicator that awaits its figures has a line that says so.

    Raises
    ------
    NaravardError
        On an unknown indicator, region or language, or if the data have not been built.
    """
    check(language)
    code, datasets = resolve(region).code, list(datasets)
    waiting, files, used, coded = [], [], [], []
    for id in [ids] if isinstance(ids, str) else ids:
        if id in tables():
            coded.append(id)
            files.append(_file(raw.newest(table(id).dataset)))
        elif processed.awaiting(id):
            tracking.note("indicator", id)
            waiting.append(f"{opening(sentence(id, language))}.")
        else:
            used.append(id)
            for entry in parts(indicator(id)) or [indicator(id)]:
                file = raw.newest(entry.source.dataset, entry.source.vintage)
                files.append(_file(file, entry.source_line(language)))
    lines = [*waiting, *files, *(_file(raw.newest(dataset)) for dataset in datasets)]
    shown = {"region": code, "language": language, **parameters}
    versions = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    words = {
        "sv": ("Bearbetade data, fingeravtryck av sidans indikatorer", "Versioner", "Parametrar",
               "Villkor för varje källa står i `data/raw/datapackage.json`", "Permanent nyckel"),
        "en": ("Processed data, fingerprint of the page's indicators", "Versions", "Parameters",
               "The terms of each source are in `data/raw/datapackage.json`", "Permanent key"),
    }[language]  # fmt: skip
    if used:
        tracking.note("indicator", *used)
        lines.append(f"{words[0]}: `{(fingerprint_of(used) or '')[:12]}`")
    lines += [
        f"{words[1]}: Python {platform.python_version()}, naravard {__version__}, {versions}",
        f"{words[2]}: {', '.join(f'{name} = {value}' for name, value in shown.items())}",
        f"{words[3]}.",
    ]
    used += coded
    if not (used or datasets) or processed.recorded() is None:
        return Prose(bullets(lines))
    key = citation.key(used, datasets)
    return Prose(bullets([*lines, f"{words[4]}: `{key}`"]), {"naravard": {"key": key}})


def _file(file: raw.RawFile, source: str = "") -> str:
    """Write a raw file with its source, or with the titles of its sources."""
    source = source or "; ".join(one["title"] for one in file.sources)
    return f"{source}: `data/raw/{file.path}`, sha256 `{file.sha256[:12]}`"


#: Libraries whose versions a page names, beside Python's and naravard's own.
_PACKAGES = ("pandas", "numpy", "scipy", "matplotlib", "seaborn")
