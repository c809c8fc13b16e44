"""A small web server on loopback for tests of what goes out: each path answers what the test laid there."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What one path answers. `drip_s` is the wait before each byte; `promise` overrides Content-Length."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    drip_s: float = 0.0
    promise: int | None = None


class Site:
    """A running server: lay answers in `pages`, read what was asked in `asked` (path, headers)."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.port = server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def lay(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """Lay an answer at `path` and return its URL; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Answer(status, named, body.encode() if isinstance(body, str) else body)
        return self.base + path

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.asked.append((self.path, headers))
        answer = self.site.pages.get(self.path, Answer(404, body=b"not found"))
        tag = answer.headers.get("ETag", "")
        if tag and headers.get("if-none-match") == tag:
            answer = Answer(304, {"ETag": tag})
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body) if answer.promise is None else answer.promise))
        self.end_headers()
        try:
            self._write(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _write(self, answer: Answer) -> None:
        if not answer.drip_s:
            self.wfile.write(answer.body)
            self.close_connection = answer.promise is not None
            return
        for byte in answer.body:
            time.sleep(answer.drip_s)
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def log_message(self, *said: object) -> None:
        """Say nothing: a test's output is its assertions."""


@contextmanager
def serving() -> Iterator[Site]:
    """A `Site` on a free port of loopback, stopped at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    site = Site(server)
    server.RequestHandlerClass = type("Handler", (_Handler,), {"site": site})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
