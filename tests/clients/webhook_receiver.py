"""A client's tool on loopback: it checks what it gets with svix, as any receiver would, and answers what it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from svix.webhooks import Webhook

Said = tuple[int, dict[str, str], bytes]  # status, headers, body


@dataclass
class Got:
    """One message that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)

    def checked(self, secret: str) -> dict[str, Any]:
        """What it says, once its signature holds; raises svix's error otherwise."""
        Webhook(secret).verify(self.body, self.headers)
        return self.told


@dataclass
class Receiver:
    """`answer` is asked for each message, with how many came before; `hang` holds every answer back until it is set."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answer: Callable[[int, Got], Said] = lambda _count, _got: (204, {}, b"")
    released: threading.Event | None = None

    @property
    def kinds(self) -> list[str]:
        return [one.told["type"] for one in self.got]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that listens; what still hangs is let go at the end."""
    told = Receiver()

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one = Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            told.got.append(one)
            if told.released is not None:
                told.released.wait(20)
            status, headers, text = told.answer(len(told.got) - 1, one)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, TimeoutError):
                """Whoever waited for the answer has gone."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/crochet"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        if told.released is not None:
            told.released.set()
        server.shutdown()
        server.server_close()
