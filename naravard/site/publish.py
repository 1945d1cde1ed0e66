"""Write the site's own pages: start, regions, indicators, claims, methods and data."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from naravard import paths
from naravard.batch import cache, workers
from naravard.catalogue import catalogue
from naravard.data import citation, processed, raw
from naravard.errors import NaravardError
from naravard.language import LANGUAGES
from naravard.site import layout, record

#: What is kept of `naravard.site.measures` between runs.
MEASURES = "measures.json"
#: Which pages there are and what they depend on.
PUBLISHED = "published.json"


def _keys() -> dict[str, str]:
    """Return what each indicator with figures depends on, as one hash."""
    fingerprints = processed.fingerprints() or {}
    common = [cache.package(), sorted(cache.own_libraries().items())]
    prices = fingerprints.get("consumer_price_index", "")
    return {
        id: hashlib.sha256(json.dumps([common, prices, fingerprint]).encode()).hexdigest()
        for id, fingerprint in fingerprints.items()
        if id in catalogue().indicators
    }


def _task(key: object, function: Callable, *arguments) -> workers.Task:
    call = (str(paths.root()), function, *arguments)
    return workers.Task(key, workers.in_collection, call)


def _measure(site: Path, at_once: int, force: bool) -> None:
    """Compute what is missing or depends on something that changed; keep the rest."""
    wanted, kept = _keys(), {} if force else record.read(site / MEASURES)
    found = {
        id: one
        for id, one in kept.items()
        if one["key"] == wanted.get(id) and all((site / name).is_file() for name in one["files"])
    }
    missing = [id for id in wanted if id not in found]
    if not missing:
        return
    from naravard.site.measures import measured  # imports pandas

    errors: list[str] = []

    def keep(task: workers.Task, ended: workers.Ended) -> None:
        if ended.value is None:
            errors.append(f"{task.key}: {ended.error}")
            return
        for name, content in ended.value["files"].items():
            record.put_changed(site / name, content)
        files = sorted(ended.value["files"])
        found[task.key] = {"key": wanted[task.key], **ended.value, "files": files}

    try:
        workers.run([_task(id, measured, id) for id in missing], at_once, keep)
    finally:
        record.put(site / MEASURES, json.dumps(found, ensure_ascii=False) + "\n")
    if errors:
        raise NaravardError(f"a measure could not be computed: {errors[0]}")


def _downloads(site: Path) -> list[str]:
    """Write the collection's files for downloading; return their paths in the site."""
    from naravard.site import downloads

    return [path.relative_to(site).as_posix() for path in downloads.collection(site)]


def _one(key: str, function: Callable, *arguments):
    """Return what a function returns, from a process that has the libraries."""
    found = []

    def keep(task: workers.Task, ended: workers.Ended) -> None:
        if ended.error:
            raise NaravardError(f"the site's {key} could not be made: {ended.error}")
        found.append(ended.value)

    workers.run([_task(key, function, *arguments)], 1, keep)
    return found[0]


def _depends_on(site: Path, languages: tuple[str, ...]) -> str:
    """Return one hash of all that the pages are made from."""
    digest = hashlib.sha256(repr((languages, citation.key(), cache.package())).encode())
    digest.update(raw.manifest_path().read_bytes())  # claims and terms are in no fingerprint
    for name in (MEASURES, record.STATE):
        if (site / name).is_file():
            digest.update((site / name).read_bytes())
    for language in languages:
        reports = sorted(path.name for path in (site / language).glob("*/report-*.pdf"))
        digest.update(repr((layout.compared(site, language), reports)).encode())
    return digest.hexdigest()


def _pages(site: Path, languages: tuple[str, ...]) -> dict[str, str]:
    from naravard.site import pages

    return pages.make(site, languages, record.read(site / MEASURES))


def publish(
    site: Path, languages: Iterable[str] = LANGUAGES, at_once: int = 2, force: bool = False
) -> int:
    """Write the site's own pages, and the files for downloading.

    What depends on figures is computed again only where these or the package changed; ``force``
    makes everything again. The languages of notebooks' pages that are there are added to
    ``languages``. Returns how many pages were made, 0 if all are up to date; raises if the data
    have not been built, something could not be computed, or another render writes to the site.
    """
    processed.require()
    site = record.folder(site)
    with record.lock(site):
        before = record.read(site / PUBLISHED)
        old = before.get("pages", [])
        known = {*languages, *record.index_languages(record.read_state(site))}
        known |= {path.partition("/")[0] for path in old}
        chosen = tuple(language for language in LANGUAGES if language in known)
        layout.write_assets(site)
        _measure(site, at_once, force)
        depends_on = _depends_on(site, chosen)
        there = all((site / path).is_file() for path in (*old, *before.get("downloads", [])))
        if not force and there and before.get("depends_on") == depends_on:
            return 0
        files = _one("downloads", _downloads, site)
        made = _one("pages", _pages, site, chosen)
        for path, text in made.items():
            record.put_changed(site / path, text.encode())
        made_of = {"depends_on": depends_on, "pages": sorted(made), "downloads": files}
        record.put(site / PUBLISHED, json.dumps(made_of, indent=1) + "\n")
    return len(made)


@contextlib.contextmanager
def published(site: Path, languages: Iterable[str], at_once: int = 2) -> Iterator[None]:
    """Write the site's own pages after what is done in a block, also where that ends early.

    Where there is no site yet they are written before it too, so that reading can begin.
    """
    if not (Path(site) / "index.html").is_file():
        publish(site, languages, at_once)
    try:
        yield
    finally:
        publish(site, languages, at_once)
