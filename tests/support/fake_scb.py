"""A small SCB on this machine: PxWebApi 2 as far as it is documented, with tables of its own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from support.fake_json import CODES, FakeJson


@dataclass
class FakeTable:
    """A table: variables as (code, label, {code: label}, may be left out), and the value of a cell.

    ``value`` takes one code of each variable and gives a number, or a symbol for a missing value.
    A variable that is left out stands at the code in ``totals``, or is added up.
    """

    label: str
    variables: list[tuple[str, str, dict[str, str], bool]]
    value: Callable[..., float | str]
    totals: dict[str, str] = field(default_factory=dict)
    updated: str | None = "2025-02-21T07:00:00Z"
    role: dict[str, list[str]] = field(default_factory=lambda: {"time": ["Tid"]})

    def dataset(self, codes: dict[str, list[str]]) -> dict:
        """Write the chosen codes as JSON-stat 2, without values."""
        dimensions = {}
        for code, label, values, eliminable in self.variables:
            if code in codes:
                dimensions[code] = {
                    "label": label,
                    "category": {
                        "index": {c: i for i, c in enumerate(codes[code])},
                        "label": {c: values[c] for c in codes[code]},
                    },
                    "extension": {"elimination": eliminable},
                }
        return {
            "version": "2.0", "class": "dataset", "label": self.label, "updated": self.updated,
            "role": self.role, "id": list(dimensions), "size": [len(codes[c]) for c in dimensions],
            "dimension": dimensions,
        }  # fmt: skip

    def cell(self, at: dict[str, str]) -> float | str:
        """Give one cell's value; variables that are not in ``at`` are left out."""
        places = []
        for code, _, values, _ in self.variables:
            left_out = [self.totals[code]] if code in self.totals else list(values)
            places.append([at[code]] if code in at else left_out)
        parts = [self.value(*place) for place in itertools.product(*places)]
        return parts[0] if len(parts) == 1 else sum(parts)

    def data(self, codes: dict[str, list[str]]) -> dict:
        """Write the chosen codes and their values."""
        answer = self.dataset(codes)
        order = answer["id"]
        found = [self.cell(dict(zip(order, at, strict=True)))
                 for at in itertools.product(*(codes[v] for v in order))]  # fmt: skip
        answer["value"] = [None if isinstance(v, str) else v for v in found]
        if symbols := {str(i): v for i, v in enumerate(found) if isinstance(v, str)}:
            answer["status"] = symbols
        return answer


def people(region: str, civil: str, age: str, sex: str, content: str, year: str) -> int:
    """Make up how many live somewhere; different for each cell."""
    if age == "tot":
        return sum(people(region, civil, a, sex, content, year) for a in AGES if a != "tot")
    return 10 + int(region) + 3 * int(age.strip("+")) + 5 * int(sex) + int(year) % 100 + len(civil)


AGES = {**{str(a): f"{a} år" for a in range(100)}, "100+": "100+ år", "tot": "totalt ålder"}
YEARS = {"2022": "2022", "2023": "2023", "2024": "2024"}
REGIONS = {**{c: f"län {c}" for c in CODES}, "0114": "Upplands Väsby", "0980": "Gotland"}


def population() -> FakeTable:
    """Make a table with the variables that TAB638 is said to have."""
    return FakeTable(
        "Folkmängden efter region, civilstånd, ålder och kön. År 2022 - 2024",
        [
            ("Region", "region", REGIONS, True),
            ("Civilstand", "civilstånd", {"OG": "ogifta", "G": "gifta"}, True),
            ("Alder", "ålder", AGES, True),
            ("Kon", "kön", {"1": "män", "2": "kvinnor"}, True),
            ("ContentsCode", "tabellinnehåll", {"A1": "Folkmängd", "A2": "Folkökning"}, False),
            ("Tid", "år", dict(YEARS), False),
        ],
        people,
        totals={"Alder": "tot"},
    )


class FakeScb(FakeJson):
    """Tables by id, and the answer to ``/config``; ``spoil`` changes an answer with data."""

    root = "/api/v2"

    def __init__(self, most_cells: int = 150_000):
        super().__init__()
        self.tables = {"TAB638": population()}
        self.config = {"maxDataCells": most_cells, "maxCallsPerTimeWindow": 0, "timeWindow": 0}
        self.spoil: Callable[[dict], None] | None = None

    @property
    def queries(self) -> list[dict[str, str]]:
        """The parameters of each request for data."""
        return [params_of(query) for _, path, query, _ in self.asked if path.endswith("/data")]

    def reply(self, method, path, query, body) -> tuple[int, object]:
        """Return status and JSON; None is an empty body."""
        path, params = path.strip("/").split("/"), params_of(query)
        if len(query) > 2050:
            return 404, None
        if path == ["config"]:
            return 200, self.config
        if path == ["tables"]:
            words = params["query"].casefold().split()
            hits = [self.hit(id) for id, table in self.tables.items()
                    if any(word in table.label.casefold() for word in words)]  # fmt: skip
            return 200, {"language": "sv", "tables": hits[: int(params.get("pageSize", 20))]}
        if path[0] != "tables" or path[1] not in self.tables:
            return refused(404, "Non-existent table")
        if len(path) == 2:
            return 200, self.hit(path[1])
        table = self.tables[path[1]]
        if path[2] == "metadata":
            return 200, {**table.dataset({v[0]: list(v[2]) for v in table.variables}), "value": []}
        return self.data(table, params)

    def hit(self, id: str) -> dict:
        table = self.tables[id]
        years = list(table.variables[-1][2])
        return {"id": id, "label": table.label, "updated": table.updated,
                "firstPeriod": years[0], "lastPeriod": years[-1]}  # fmt: skip

    def data(self, table: FakeTable, params: dict[str, str]) -> tuple[int, object]:
        if params.get("outputFormat") != "json-stat2":
            return refused(400, "Unknown output format")
        codes = {}
        for code, _, values, eliminable in table.variables:
            chosen = params.get(f"valueCodes[{code}]")
            if chosen is None and not eliminable:
                return refused(400, "Missing selection for mandantory variable")
            if chosen is not None:
                codes[code] = chosen.split(",")
                if len(set(codes[code])) != len(codes[code]):
                    return 500, None
                if set(codes[code]) - set(values):
                    return refused(400, "Non-existent value")
        if math.prod(map(len, codes.values())) > self.config["maxDataCells"]:
            return refused(403, "Too many cells selected")
        answer = table.data(codes)
        if self.spoil:
            self.spoil(answer)
        return 200, answer


def refused(status: int, title: str) -> tuple[int, dict]:
    return status, {"type": "Parameter error", "title": title, "status": status}


def params_of(query: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(query).items()}
