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


@dataclass(frozen=True)
class Claim:
    """One fact that a document states.

    Attributes
    ----------
    id : str
        "R066".
    document : str
        A key of the rule book's documents.
    line : int
        Where it stands in the document's plain text.
    subject : str
        What is counted, in our words (English; `naravard.claims.rules` holds the Swedish).
    regions : tuple of str
        Codes; "00" is the nation.
    period : str
        As stated: "2021", "2018-2020", "2021H1"; empty if not stated.
    sex : str
        T, K or M.
    text : str
        The value as stated: a number, a direction, a status code; empty if only words are given.
    value, value_max : float or None
        The value, or the two ends of a range, as numbers.
    unit, qualifier, note : str
        "percent"; "about", "target", "exact"; a remark on the fact.
    """

    id: str
    document: str
    line: int
    subject: str
    regions: tuple[str, ...]
    period: str
    sex: str
    text: str
    value: float | None
    value_max: float | None
    unit: str
    qualifier: str
    note: str

    @property
    def decimals(self) -> int:
        """Decimals as printed."""
        return len(self.text.partition(".")[2])

    @property
    def rounding(self) -> float:
        """Half the last printed unit: how far the printed value may lie from the true one."""
        return 0.5 * 10.0**-self.decimals

    @property
    def topic(self) -> str:
        """The subject without the name of the table that it stands in."""
        return self.subject.partition(": ")[2] if self.subject[:5] == "Table" else self.subject


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def claims() -> tuple[Claim, ...]:
    """Read all claims, in the order of the documents.

    Raises
    ------
    NaravardError
        If the file has other columns, an unknown region, a line that is no number, or an id twice.
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
            codes = tuple(row["region"].split())
            if not codes or not set(codes) <= set(CODES):
                raise NaravardError(f"{where}: unknown region '{row['region']}'")
            if not row["line"].isdecimal():
                raise NaravardError(f"{where}: line '{row['line']}' is not a number")
            if row["claim_id"] in found:
                raise NaravardError(f"{where}: {row['claim_id']} stands twice")
            found[row["claim_id"]] = Claim(
                id=row["claim_id"],
                document=row["document"],
                line=int(row["line"]),
                subject=row["subject"],
                regions=codes,
                period=row["period"],
                sex=row["sex"],
                text=row["value"],
                value=_number(row["value"]),
                value_max=_number(row["value_max"]),
                unit=row["unit"],
                qualifier=row["qualifier"],
                note=row["note"],
            )
    return tuple(found.values())
