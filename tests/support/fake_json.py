"""A server of JSON on the loopback, for the imitations of publishers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

#: Riket and the counties: codes that SCB does not use are left out.
CODES = [f"{code:02d}" for code in range(26) if code not in (2, 11, 15, 16)]


class FakeJson:
    """Answers what ``reply(method, path, query, body)`` returns, (status, content), in a `with`.

    Text is sent as a web page, None as nothing. ``asked`` keeps (method, path, query, body);
    ``edit`` may be set to a function of (path, content) that spoils an answer. ``faults`` are
    functions that get the request's handler; each answers one request in the server's place, in
    order. A fault that returns True lets the server answer after all.
    """

    root = ""

    def __init__(self):
        self.asked, self.agents, self.faults, self.edit = [], set(), [], None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.base = f"http://{self.host}{self.root}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _handler(fake):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length)) if length else None
                path = unquote(path).removeprefix(fake.root)
                fake.asked.append(fake.kept(self.command, path, query, body))
                fake.agents.add(self.headers["User-Agent"])
                if fake.faults and not fake.faults.pop(0)(self):
                    return
                status, content = fake.reply(self.command, path, query, body)
                if fake.edit and status == 200:
                    content = fake.edit(path, json.loads(json.dumps(content)))
                page = isinstance(content, str)
                sent = (content if page else json.dumps(content, ensure_ascii=False)).encode()
                kind = "text/html" if page else "application/json"
                self.answer(b"" if content is None else sent, status, f"{kind}; charset=utf-8")

            do_POST = do_GET

            def answer(self, body, status=200, kind="application/json", **headers):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", '"made-up"')
                for name, value in {"Content-Length": len(body), **headers}.items():
                    self.send_header(name.replace("_", "-"), str(value))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler

    def kept(self, method, path, query, body):
        return method, path, query, body

    def reply(self, method, path, query, body):
        raise NotImplementedError
