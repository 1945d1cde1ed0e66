"""A server of JSON on the loopback, for the imitations of publishers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class FakeJson:
    """Answers what ``reply(method, path, query, body)`` returns: (status, content).

    Text is sent as a web page, None as nothing. ``asked`` keeps (method, path, query, body);
    ``edit`` may be set to a function of (path, content) that spoils an answer.
    """

    root = ""

    def __init__(self):
        self.asked, self.edit, self._server = [], None, None

    def start(self):
        """Listen on a free port; returns itself."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length)) if length else None
                path = unquote(path).removeprefix(fake.root)
                fake.asked.append((self.command, path, query, body))
                status, content = fake.reply(self.command, path, query, body)
                if fake.edit and status == 200:
                    content = fake.edit(path, json.loads(json.dumps(content)))
                page = isinstance(content, str)
                sent = (content if page else json.dumps(content, ensure_ascii=False)).encode()
                sent = b"" if content is None else sent
                self.send_response(status)
                kind = "text/html" if page else "application/json"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self):
        """The address to ask under."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.root}"

    def reply(self, method, path, query, body):
        raise NotImplementedError
