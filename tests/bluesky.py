"""Bluesky on loopback for tests: a server of accounts and searches, and a stream that pages, forgets and hangs up."""

from __future__ import annotations

import hashlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import libipld
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

POSTS = "app.bsky.feed.post"


@dataclass
class AppView:
    """Posts to be searched, newest first, and one account that may sign in. `faults` are answered first, one a call
    of the named method; `asked` lists the calls."""

    base: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    profiles: list[dict[str, Any]] = field(default_factory=list)
    password: str = "abcd-efgh"
    faults: dict[str, list[tuple[int, dict[str, Any] | bytes, dict[str, str]]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    is_repeating: bool = False
    tokens: int = 0
    expired: set[str] = field(default_factory=set)

    def calls(self, method: str) -> list[dict[str, list[str]]]:
        """What the method was asked, call by call."""
        return [params for name, params in self.asked if name == method]

    def search(self, params: dict[str, list[str]]) -> dict[str, Any]:
        """Pages by offset, as the real one: what is posted or deleted between two pages moves them."""
        query, limit = params["q"][0].strip('"').lower(), int(params.get("limit", ["25"])[0])
        since, until = params.get("since", [""])[0], params.get("until", ["9"])[0]
        found = [p for p in self.posts if query in p["record"]["text"].lower() and since <= _sorted_at(p) < until]
        found.sort(key=_sorted_at, reverse=True)
        start = 0 if self.is_repeating else int(params.get("cursor", ["0"])[0])
        more = {"cursor": str(start + limit)} if start + limit < len(found) or self.is_repeating else {}
        return {"posts": found[start : start + limit], "hitsTotal": len(found), **more}

    def signed_in(self) -> dict[str, Any]:
        """A new session: numbered tokens."""
        self.tokens += 1
        return {"accessJwt": f"access-{self.tokens}", "refreshJwt": f"refresh-{self.tokens}", "did": "did:plc:us"}


def _sorted_at(post: Mapping[str, Any]) -> str:
    return min(str(post["record"]["createdAt"]), str(post["indexedAt"]))


class _Handler(BaseHTTPRequestHandler):
    view: AppView

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        self._answer(where.path.rpartition("/")[2], parse_qs(where.query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(self.path.rpartition("/")[2], {"body": [body.decode()]})

    def _answer(self, method: str, params: dict[str, list[str]]) -> None:
        self.view.asked.append((method, params))
        if self.view.faults.get(method):
            self._send(*self.view.faults[method].pop(0))
        else:
            self._send(*self._result(method, params))

    def _result(self, method: str, params: dict[str, list[str]]) -> tuple[int, Any]:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        view = self.view
        if method.endswith("createSession"):
            right = json.loads(params["body"][0])["password"] == view.password
            return (
                (200, view.signed_in()) if right else (401, {"error": "AuthenticationRequired", "message": "Invalid"})
            )
        if token in view.expired:
            return 400, {"error": "ExpiredToken", "message": "Token has expired"}
        if method.endswith("refreshSession"):
            return 200, view.signed_in()
        if method.endswith("getProfiles"):
            return 200, {"profiles": [p for p in view.profiles if p["did"] in params["actors"]]}
        if method.endswith("getPosts"):
            return 200, {"posts": [p for p in view.posts if p["uri"] in params["uris"]]}
        return (200, view.search(params)) if token else (403, b"<html>Forbidden</html>")

    def _send(self, status: int, body: dict[str, Any] | bytes, headers: Mapping[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        """Say nothing: a test's output is its assertions."""


@contextmanager
def app_view() -> Iterator[AppView]:
    """An `AppView` on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    view = AppView(base=f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"view": view})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield view
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Wire:
    """A stream: (position, message) in order. It sends what comes after (or at) the cursor asked for; `cut_after`
    so many messages the line is torn without a goodbye, once; `first` goes before all else."""

    address: str = ""
    messages: list[tuple[int, bytes | str]] = field(default_factory=list)
    first: list[bytes | str] = field(default_factory=list)
    cut_after: int | None = None
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    refuse: Callable[[int | None], bytes | None] = lambda cursor: None
    status: tuple[int, dict[str, str]] | None = None

    def before(self, line: ServerConnection, request: Request) -> Response | None:
        """Refuses the handshake when `status` says so."""
        if self.status is None:
            return None
        answer = line.respond(self.status[0], "no")
        answer.headers.update(self.status[1])
        return answer

    def run(self, line: ServerConnection) -> None:
        """Serves one connection."""
        assert line.request is not None
        params = parse_qs(urlsplit(line.request.path).query)
        self.asked.append(params)
        cursor = int(params["cursor"][0]) if "cursor" in params else None
        if refusal := self.refuse(cursor):
            line.send(refusal)
            return
        for message in self.first:
            line.send(message)
        due = [m for position, m in self.messages if cursor is not None and position > cursor]
        for number, message in enumerate(due):
            if number == self.cut_after:
                self.cut_after = None
                line.socket.shutdown(2)
                return
            line.send(message)
        for _ in line:  # until the other side says goodbye
            time.sleep(0.01)


@contextmanager
def wire(tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """A `Wire` on a free port of loopback."""
    stream = Wire()
    with serve(stream.run, "127.0.0.1", 0, ssl=tls, process_request=stream.before) as server:
        stream.address = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield stream
        server.shutdown()


def commit_frame(
    seq: int, did: str, operations: Sequence[tuple[str, str, dict[str, Any] | None]], **body: Any
) -> bytes:
    """A firehose frame: operations are (action, rkey, record)."""
    blocks = {_content_id(libipld.encode_dag_cbor(record)): record for _a, _r, record in operations if record}
    ops = [
        {
            "action": action,
            "path": f"{POSTS}/{rkey}",
            "cid": _content_id(libipld.encode_dag_cbor(record)) if record else None,
        }
        for action, rkey, record in operations
    ]
    root = libipld.encode_dag_cbor({"did": did, "version": 3})
    archive = _car(_content_id(root), [root, *map(libipld.encode_dag_cbor, blocks.values())])
    told = {"repo": did, "rev": "3l3qo2vutsw2b", "since": None, "commit": _content_id(root), "tooBig": False}
    return frame("#commit", {"seq": seq, **told, "blocks": archive, "ops": ops, "blobs": [], **body})


def frame(kind: str, body: dict[str, Any]) -> bytes:
    """A frame of the event stream; "error" is one that ends it."""
    head = {"op": -1} if kind == "error" else {"op": 1, "t": kind}
    return bytes(libipld.encode_dag_cbor(head) + libipld.encode_dag_cbor(body))


def _content_id(block: bytes) -> bytes:
    """CID version 1, dag-cbor, SHA-256."""
    return b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()


def _car(root: bytes, blocks: Sequence[bytes]) -> bytes:
    head: bytes = libipld.encode_dag_cbor({"version": 1, "roots": [root]})
    parts = [_varint(len(head)) + head]
    parts += [_varint(36 + len(block)) + _content_id(block) + block for block in blocks]
    return b"".join(parts)


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])
