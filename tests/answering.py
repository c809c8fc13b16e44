"""A web server on loopback whose answers a test makes itself: for networks that page, count and refuse."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: `params` of its query, `form` of a form or JSON body."""

    method: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def form(self) -> Any:
        """The body taken apart."""
        if "json" in self.headers.get("content-type", ""):
            return json.loads(self.body)
        return dict(parse_qsl(self.body.decode()))


@dataclass
class Said:
    """An answer. A body that is an iterable of lines is a stream: it is sent as it comes, in chunks."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[Asked], Said]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answering: Answering

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        said = type(self).answering(asked)
        try:
            self._say(said)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _say(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        whole = said.body if isinstance(said.body, bytes) else None
        if isinstance(said.body, dict | list):
            whole = json.dumps(said.body).encode()
            self.send_header("Content-Type", "application/json")
        if whole is not None:
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._stream(said.body)

    def _stream(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@contextmanager
def answering(answer: Answering) -> Iterator[str]:
    """The base URL of a running server, stopped at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"answering": staticmethod(answer)}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def pause(seconds: float) -> bytes:
    """Waits, then nothing but a sign of life: for streams."""
    time.sleep(seconds)
    return b"\r\n"
