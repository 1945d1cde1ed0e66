"""What the documents claim: the coded facts, read from the raw store."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from naravard import paths
from naravard.data import raw
from naravard.errors import NaravardError
from naravard.regions import CODES

DATASET = "documents/claims"
COLUMNS = (
    "claim_id", "document", "line", "subject", "region", "period", "sex", "value", "value_max",
    "unit", "qualifier", "note",
)  # fmt: skip
_AS_WRITTEN = ("document", "subject", "period", "sex", "unit", "qualifier", "note")
#: Computed and printed numbers are compared with this much room for binary fractions: 0.1 + 0.2
#: is not 0.3.
EXACT = 1e-9


def equal(printed: float, found: float, within: float = 0.0) -> bool:
    """Say whether two numbers are the same but for ``within``, for instance half a printed unit."""
    return abs(found - printed) <= within + EXACT


@dataclass(frozen=True)
class Claim:
    """One fact that a document states, at a line of its plain text."""

    id: str
    document: str  # key of the rule book's documents
    line: int
    subject: str  # what is counted, in our words; ``swedish.toml`` has the Swedish
    regions: tuple[str, ...]  # codes, "00" the nation
    period: str  # as stated: "2021", "2018-2020", "2021H1" or empty
    sex: str
    text: str  # as stated: a number, a direction, a status code or empty
    value: float | None
    value_max: float | None  # the other end of a range
    unit: str  # "percent", for instance
    qualifier: str  # "about", "target" or "exact", for instance
    note: str

    @property
    def rounding(self) -> float:
        """Half the last printed unit: how far the printed value may lie from the true one."""
        return 0.5 * 10.0 ** -len(self.text.partition(".")[2])

    @property
    def topic(self) -> str:
        """The subject without the name of the table that it is in."""
        return self.subject.partition(": ")[2] if self.subject[:5] == "Table" else self.subject


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def claims() -> tuple[Claim, ...]:
    """Read all claims, in the order of the documents.

    Raises NaravardError if the file has other columns, an unknown region, a line that is not a
    number, or an id twice.
    """
    path = raw.newest(DATASET).path
    found: dict[str, Claim] = {}
    with (paths.raw_dir() / path).open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise NaravardError(
                f"data/raw/{path}: the columns are {rows.fieldnames}, not {list(COLUMNS)}"
            )
        for number, row in enumerate(rows, start=2):
            where = f"data/raw/{path}, row {number}"
            id, codes = row["claim_id"], tuple(row["region"].split())
            if not codes or not set(codes) <= set(CODES):
                raise NaravardError(f"{where}: unknown region '{row['region']}'")
            if not row["line"].isdecimal():
                raise NaravardError(f"{where}: line '{row['line']}' is not a number")
            if id in found:
                raise NaravardError(f"{where}: {id} appears twice")
            found[id] = Claim(
                id=id, line=int(row["line"]), regions=codes, text=row["value"],
                value=_number(row["value"]), value_max=_number(row["value_max"]),
                **{name: row[name] for name in _AS_WRITTEN},
            )  # fmt: skip
    return tuple(found.values())
