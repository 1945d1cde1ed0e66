"""A server that answers as Kolada's API v3 is said to, with faults on demand."""

from __future__ import annotations

import copy
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

UNITS = ("0000", "0001", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0012",
         "0013", "0014", "0017", "0018", "0019", "0020", "0021", "0022", "0023", "0024",
         "0025")  # fmt: skip


def entry(gender: str, value, status: str = "", deleted: bool = False) -> dict:
    return {
        "gender": gender, "count": 1, "status": status, "value": value, "isdeleted": deleted,
    }  # fmt: skip


class FakeKolada:
    """Key figures by id: ``series[kpi][(unit, year)]`` is a list of entries.

    ``faults`` are functions that get the request's handler; each answers one request in the
    server's place, in order. A fault that returns True lets the server answer after all.
    """

    def __init__(self, series: dict[str, dict[tuple[str, int], list[dict]]], per_page: int = 5000):
        self.series, self.per_page = series, per_page
        self.faults: list[Callable] = []
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.alter: Callable[[dict], object] = lambda content: content
        self.changed: set[str] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.base = f"http://{self.host}/v3"

    def __enter__(self) -> FakeKolada:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()

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

    def _handler(fake):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                fake.asked.append(self.path)
                fake.agents.add(self.headers["User-Agent"])
                if fake.faults and not fake.faults.pop(0)(self):
                    return
                self.answer(json.dumps(fake.alter(copy.deepcopy(fake.content(self.path)))).encode())

            def answer(self, body: bytes, status=200, kind="application/json", **headers):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", '"made-up"')
                for name, value in {"Content-Length": len(body), **headers}.items():
                    self.send_header(name.replace("_", "-"), str(value))
                self.end_headers()
                self.wfile.write(body)

        return Handler


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
