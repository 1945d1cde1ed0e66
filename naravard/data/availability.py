"""Indicators that await their figures: what to do about it, in one sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from naravard import paths
from naravard.catalogue import Indicator, catalogue, parts, unit
from naravard.data import processed, raw
from naravard.errors import NaravardError
from naravard.regions import NATION
from naravard.sources import PUBLISHERS


def stored(entry: Indicator) -> bool:
    """Say whether the raw store has all that an indicator is built from."""
    here = raw.datasets()
    return all(part.source.dataset in here for part in parts(entry) or [entry])


def sentence(id: str, language: str = "en") -> str:
    """Say why an indicator has no figures and which command brings them, without a full stop."""
    entry = catalogue().indicators.get(id)
    if entry is None or stored(entry):
        verb, run = {"sv": ("saknar", "kör"), "en": ("has no", "run")}[language]
        return f"data/processed {verb} '{id}': {run} `naravard data build`"
    absent = next(part for part in parts(entry) or [entry] if not stored(part))
    dataset = absent.source.dataset
    command = f"`naravard data fetch --indicator {absent.id}`"
    computed = absent is not entry
    why = {
        "sv": f"{'inte är' if computed else 'är inte'} hämtad: kör {command}",
        "en": f"has not been fetched: run {command}",
    }
    if dataset.partition("/")[0] not in PUBLISHERS:
        why = {
            "sv": f"saknar siffror: data/raw har ingen fil av '{dataset}'; en fil tas in med "
            "`naravard data add`",
            "en": f"has no figures: data/raw has no file of '{dataset}'; `naravard data add` takes "
            "one in",
        }
    origin = {"sv": f" räknas ut ur '{absent.id}', som", "en": f" is computed from '{absent.id}', "
              "which"}  # fmt: skip
    return f"'{id}'{origin[language] if computed else ''} {why[language]}"


def fingerprint_of(ids: Iterable[str]) -> str | None:
    """Return one sha256 over indicators' recorded fingerprints; None if nothing is built.

    A NaravardError says that an indicator awaits its figures.
    """
    if (known := processed.fingerprints()) is None:
        return None
    ids = sorted(set(ids))
    if absent := [id for id in ids if id not in known]:
        raise NaravardError(sentence(absent[0]))
    return hashlib.sha256("".join(f"{id} {known[id]}\n" for id in ids).encode()).hexdigest()


@dataclass(frozen=True)
class Extent:
    """First and latest year with a value and the regions that have one, without Riket."""

    first: int | None
    last: int | None
    regions: int


def extents() -> dict[str, Extent]:
    """Return the extent of each indicator that has been built, both sexes together.

    Empty if nothing is known of it. Read with pyarrow alone: pandas takes long to import.
    """
    try:
        built = processed.fingerprints()
    except NaravardError:  # no collection here, or built by an older version
        built = None
    if built is None:
        return {}
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    processed.require()
    path = paths.processed_dir() / paths.TABLE
    columns = ["indicator", "region", "year", "sex", "value"]
    try:
        table = pq.ParquetFile(path).read(columns=columns, use_threads=False)
    except (OSError, ValueError) as error:  # pyarrow's own errors are of these kinds
        raise NaravardError(f"{path} cannot be read: run `naravard data build` again") from error
    table = table.filter(pc.and_(pc.equal(table["sex"], "T"), pc.is_valid(table["value"])))
    groups = table.group_by("indicator", use_threads=False).aggregate(
        [("year", "min"), ("year", "max"), ("region", "distinct")]
    )
    found = {}
    for row in groups.to_pylist():
        regions = len(set(row["region_distinct"]) - {NATION})
        found[row["indicator"]] = Extent(row["year_min"], row["year_max"], regions)
    return {id: found.get(id, Extent(None, None, 0)) for id in built}


def described(id: str, extent: dict[str, Extent]) -> dict:
    """Return what `naravard list indicators --json` says of an indicator."""
    entry, known = catalogue().indicators[id], extent.get(id)
    return {
        "id": id, "name": {"sv": entry.name.sv, "en": entry.name.en}, "kind": entry.kind,
        "unit": unit(entry).name.en, "level": entry.level,
        "awaiting": bool(extent) and known is None,
        "first_year": known.first if known else None, "latest_year": known.last if known else None,
        "regions": known.regions if known else 0,
    }  # fmt: skip
