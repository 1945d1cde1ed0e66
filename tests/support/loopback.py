"""All publishers on this machine: `PYTHONPATH=tests python -m support.loopback
naravard data fetch …` asks them.

The figures that they serve are those of data/raw where there are some and made up otherwise: this
is for tests and for trying the commands, in a copy of the collection.
"""

from __future__ import annotations

import contextlib
import csv
import os
import subprocess
import sys

from support.fake_json import CODES
from support.fake_kolada import UNITS, FakeKolada, entry
from support.fake_scb import AGES, FakeScb
from support.fake_socialstyrelsen import FakeSocialstyrelsen
from support.fake_vardenisiffror import FakeVardenISiffror
from support.place import ROOT


def as_committed(kpi: str) -> dict[tuple[str, int], list[dict]]:
    """The figures of data/raw as Kolada would give them; empty if there are none."""
    series: dict[tuple[str, int], list[dict]] = {}
    files = sorted((ROOT / "data/raw/kolada" / kpi).glob("*.csv"))
    if not files:
        return series
    with files[0].open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            value = float(row["value"]) if row["value"] else None
            given = entry(row["sex"], value, "" if row["value"] else "Missing")
            values = series.setdefault(("00" + row["region"], int(row["year"])), [])
            if all(other["gender"] != row["sex"] for other in values):
                values.append(given)
    return series


def made_up(kpi: str) -> dict[tuple[str, int], list[dict]]:
    """Figures of nothing: higher by the unit's place and the year; costs in thousands."""
    base = 8000 if kpi == "N71019" else 50
    return {
        (unit, year): [entry("T", round(base + abs(place - 10.5) / 10 + (year - 2018) / 10, 1))]
        for place, unit in enumerate(UNITS)
        for year in range(2018, 2026)
    }


def inhabitants() -> dict[tuple[str, str], int]:
    """The counties' published population by county and year."""
    (file,) = (ROOT / "data/raw/scb/population").glob("*.csv")
    with file.open(encoding="utf-8", newline="") as handle:
        rows = [
            row for row in csv.DictReader(handle) if row["sex"] == "T" and row["region"] != "00"
        ]
    return {(row["region"], row["year"]): int(row["value"]) for row in rows}


def scb() -> FakeScb:
    """SCB with the published population, spread evenly over ages, sexes and civil status."""
    fake, counted = FakeScb(), inhabitants()
    table = fake.tables["TAB638"]
    ages = [age for age in AGES if age != "tot"]
    cells = [(age, sex, civil) for age in ages for sex in "12" for civil in ("OG", "G")]
    places = {cell: place for place, cell in enumerate(cells)}
    years = sorted({year for _, year in counted})

    def people(region, civil, age, sex, content, year):
        if region == "00":
            return sum(people(r, civil, age, sex, content, year) for r in CODES[1:])
        if age == "tot":
            return sum(people(region, civil, a, sex, content, year) for a in ages)
        whole, rest = divmod(counted[region, year], len(cells))
        return whole + (places[age, sex, civil] < rest)

    table.value = people
    table.variables[-1] = ("Tid", "år", {year: year for year in years}, False)
    return fake


def socialstyrelsen() -> FakeSocialstyrelsen:
    """Socialstyrelsen with a Riket that lies among its regions."""
    fake = FakeSocialstyrelsen()

    def edit(path, content):
        for row in content["data"] if "/resultat/" in path else ():
            if int(row["regionId"]) == 0 and row["varde"] != "X":
                row["varde"] = f"{float(row['varde'].replace(',', '.')) + 8:.1f}".replace(".", ",")
            row["varde"] = row["varde"].replace("1\u00a02", "2")  # the fake's oddity
        return content

    fake.edit = edit
    return fake


@contextlib.contextmanager
def publishers(kpis):
    """Start a server for each publisher and let naravard ask these; yields the one of Kolada."""
    series = {kpi: as_committed(kpi) or made_up(kpi) for kpi in kpis}
    with contextlib.ExitStack() as stack:
        kolada = stack.enter_context(FakeKolada(series))
        servers = {
            "SCB": scb(),
            "SOCIALSTYRELSEN": socialstyrelsen(),
            "VARDENISIFFROR": FakeVardenISiffror(),
        }
        before = dict(os.environ)
        stack.callback(lambda: (os.environ.clear(), os.environ.update(before)))
        os.environ["NARAVARD_KOLADA"] = kolada.base
        for name, server in servers.items():
            os.environ[f"NARAVARD_{name}"] = stack.enter_context(server).base
        yield kolada


def all_kpis() -> list[str]:
    """Every key figure that the catalogue names."""
    from naravard.sources import kolada

    return [dataset.removeprefix("kolada/") for dataset in kolada.datasets()]


if __name__ == "__main__":
    with publishers(all_kpis()):
        sys.exit(subprocess.run(sys.argv[1:]).returncode)
