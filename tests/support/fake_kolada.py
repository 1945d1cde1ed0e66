"""A server that answers as Kolada's API v3 is said to, with faults on demand."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from support.fake_json import CODES, FakeJson

UNITS = [f"00{code}" for code in CODES]


def entry(gender: str, value, status: str = "", deleted: bool = False) -> dict:
    return {
        "gender": gender, "count": 1, "status": status, "value": value, "isdeleted": deleted,
    }  # fmt: skip


class FakeKolada(FakeJson):
    """Key figures by id: ``series[kpi][(unit, year)]`` is a list of entries.

    ``asked`` are addresses; ``alter`` may be set to a function of an answer's content.
    """

    def __init__(self, series: dict[str, dict[tuple[str, int], list[dict]]], per_page: int = 5000):
        super().__init__()
        self.series, self.per_page = series, per_page
        self.alter: Callable[[dict], object] = lambda content: content
        self.changed: set[str] | None = None
        self.edit = lambda path, content: self.alter(content)
        self.base = f"http://{self.host}/v3"

    def kept(self, method, path, query, body):
        return f"{path}?{query}" if query else path

    def reply(self, method, path, query, body):
        return 200, self.content(self.kept(method, path, query, body))

    def _rows(self, kpis: list[str], units: list[str]) -> list[dict]:
        return [
            {"kpi": kpi, "municipality": unit, "period": year, "values": values}
            for kpi in kpis
            for (unit, year), values in self.series.get(kpi, {}).items()
            if unit in units or unit.startswith("G")  # groups come mixed in
        ]

    def content(self, path: str) -> dict:
        parts, query = urlsplit(path).path.strip("/").split("/"), parse_qs(urlsplit(path).query)
        _, _, _, kpis, _, units = parts
        kpis = kpis.split(",")
        assert len(kpis) <= 25
        if "from_date" in query and self.changed is not None:
            kpis = [kpi for kpi in kpis if kpi in self.changed]
        rows = self._rows(kpis, units.split(","))
        page = int(query.get("page", ["1"])[0])
        start = (page - 1) * self.per_page
        more = start + self.per_page < len(rows)
        address = f"http://{self.host}{urlsplit(path).path}?page={page + 1}"
        values = rows[start : start + self.per_page]
        return {
            "values": values, "count": len(values), "previous_url": None,
            "next_url": address if more else None,
        }  # fmt: skip


def status(number: int, body: bytes = b"", **headers):
    """Answer with a status."""
    return lambda handler: handler.answer(body, number, **headers)


def html(handler) -> None:
    """Answer with a web page and status 200."""
    handler.answer(b"<!DOCTYPE html><title>Underhall</title>", kind="text/html")


def cut_short(handler) -> None:
    """Answer with the first half of a JSON."""
    handler.answer(b'{"values": [{"kpi": "N79173", "munici')


def broken_off(handler) -> None:
    """Promise more than is sent."""
    handler.answer(b'{"values": []', Content_Length=5000)
    handler.close_connection = True


def slow(seconds: float):
    """Answer late."""

    def fault(handler):
        time.sleep(seconds)
        return True

    return fault


def huge(handler) -> None:
    """Send more and more."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    try:
        for _ in range(300):
            handler.wfile.write(b" " * 2**20)
    except OSError:
        pass
    handler.close_connection = True
