"""Where the numbers of a page come from."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import version

from naravard import __version__
from naravard.catalogue import indicator, parts
from naravard.catalogue.model import StatusTable
from naravard.data import citation, processed, raw, tracking
from naravard.data.availability import fingerprint_of, sentence
from naravard.data.documents import table, tables
from naravard.language import check, opening
from naravard.regions import resolve
from naravard.sentences.caveats import _bullets, _raw
from naravard.sentences.say import Prose


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
    """
    check(language)
    code, datasets = resolve(region).code, list(datasets)
    entries, used, lines = [], [], []
    for id in [ids] if isinstance(ids, str) else ids:
        if id in tables():
            entries.append(table(id))
        elif processed.awaiting(id):
            tracking.note("indicator", id)
            lines.append(f"{opening(sentence(id, language))}.")
        else:
            entries += parts(indicator(id)) or [indicator(id)]
            used.append(id)
    for entry in entries:
        if isinstance(entry, StatusTable):
            file = raw.newest(entry.dataset)
            source = "; ".join(s["title"] for s in file.sources)
        else:
            file, source = _raw(entry), entry.source_line(language)
        lines.append(f"{source}: `data/raw/{file.path}`, sha256 `{file.sha256[:12]}`")
    lines += [_dataset_line(dataset) for dataset in datasets]
    shown = {"region": code, "language": language, **parameters}
    libraries = [f"{package} {version(package)}" for package in _PACKAGES]
    versions = ", ".join([f"naravard {__version__}", *libraries])
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
        f"{words[1]}: Python {platform.python_version()}, {versions}",
        f"{words[2]}: {', '.join(f'{name} = {value}' for name, value in shown.items())}",
        f"{words[3]}.",
    ]
    used += [entry.id for entry in entries if isinstance(entry, StatusTable)]
    if not (used or datasets) or processed.recorded() is None:
        return Prose(_bullets(lines))
    key = citation.key(used, datasets)
    return Prose(_bullets([*lines, f"{words[4]}: `{key}`"]), {"naravard": {"key": key}})


def _dataset_line(dataset: str) -> str:
    file = raw.newest(dataset)
    titles = "; ".join(source["title"] for source in file.sources)
    return f"{titles}: `data/raw/{file.path}`, sha256 `{file.sha256[:12]}`"


#: Libraries whose versions a page names, beside Python's and naravard's own.
_PACKAGES = ("pandas", "numpy", "scipy", "matplotlib", "seaborn")
