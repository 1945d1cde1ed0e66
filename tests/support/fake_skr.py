"""A server on this machine that stands in for SKR's site: one page and the files it links to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeSkr:
    """Serve ``files`` by path; each request's path is kept in ``asked``."""

    def __init__(self, files: dict[str, bytes]):
        self.files, self.asked = files, []

    def start(self) -> "FakeSkr":
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                body = outer.files.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"
