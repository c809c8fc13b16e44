"""Small pages on the loopback address, in the house's look and under its content security policy."""

import logging
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

log = logging.getLogger("rempart.demo")

LOOPBACK = "127.0.0.1"
_OUR_NAMES = frozenset({LOOPBACK, "localhost"})
_LANGUAGES = ("fr", "en")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@dataclass(frozen=True)
class Asked:
    """What a browser or a collector asks: `path` is decoded and without its query, header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Site = Callable[[Asked], Answer]


def page(template: str, context: Mapping[str, Any], status: int = 200) -> Answer:
    """One of the demo's templates, everything in it escaped."""
    return Answer(status, render_to_string(f"reports/demo/{template}", dict(context)).encode())


def serve(site: Site, port: int) -> ThreadingHTTPServer:
    """A server on the loopback address (port 0: any free one), not yet running: call serve_forever."""
    server = _Server((LOOPBACK, port), _Handler)
    server.site = site
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Rempart-demo"
    timeout = 30

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 10_000))
        self._answer("POST")

    def _answer(self, method: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(method, unquote(urlsplit(self.path).path), headers)
        with translation.override(_language(headers.get("accept-language", ""))):
            try:
                answer = self._look_up(asked)
            except Exception:
                log.exception("The demo's page %s broke.", asked.path)
                answer = Answer(500, b"500", "text/plain")
        self._write(answer)

    def _look_up(self, asked: Asked) -> Answer:
        # Another site may point its own name at the loopback address: only our names are answered.
        if asked.headers.get("host", "").rpartition(":")[0] not in _OUR_NAMES:
            return Answer(421, b"421", "text/plain")
        if asked.method == "POST" and not _is_from_here(asked):
            return Answer(403, b"403", "text/plain")
        if asked.path.startswith("/static/"):
            return _static(asked.path.removeprefix("/static/"))
        server: Any = self.server
        answer: Answer = server.site(asked)
        return answer

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        # 304 has no body, and says nothing of its length.
        sized = {} if answer.status == 304 else {"Content-Length": str(len(answer.body))}
        for name, value in {**_HEADERS, "Content-Type": answer.content_type, **sized, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Nothing: a collector asks every few seconds."""


def _is_from_here(asked: Asked) -> bool:
    """A browser says where a form was; somebody else's page may not press our buttons, nor name a webhook's header."""
    origin = urlsplit(asked.headers.get("origin", "")).netloc
    return "webhook-id" in asked.headers or origin == asked.headers.get("host")


def _static(path: str) -> Answer:
    is_ours = path.startswith("rempart/") and ".." not in path
    found = finders.find(path) if is_ours else None
    if not isinstance(found, str) or not Path(found).is_file():
        return Answer(404, b"404", "text/plain")
    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
    return Answer(200, Path(found).read_bytes(), kind, {"Cache-Control": "max-age=60"})


def _language(accepted: str) -> str:
    wanted = [code.partition("-")[0] for code, _weight in parse_accept_lang_header(accepted.lower())]
    return next((code for code in wanted if code in _LANGUAGES), _LANGUAGES[0])
