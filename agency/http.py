"""The single door to the outer network.

Every request that leaves the house passes here, so that an address typed by a client or sent back by a hostile
server can never reach our own machines, hang a worker or fill its memory. Knows no Django: the edge builds a
`Door` from the settings and hands it to whoever needs the network.
"""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpcore
import httpx

from agency.addresses import Resolve, is_public, resolve_by_system

MAX_REDIRECTS = 5
MAX_ADDRESSES_TRIED = 4
ERROR_BODY_BYTES = 65_536  # enough of an error page to read its reason; the rest is not worth a failure
DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})
FOLLOWED_METHODS = frozenset({"GET", "HEAD"})
# What goes along when a redirect leads to another server: any other header may be a key under a name of the network's.
TOLD_TO_ANYBODY = frozenset({"accept", "accept-language", "user-agent", "if-none-match", "if-modified-since"})


class DoorError(Exception):
    """A request that brought no answer. `code` is stable and meant for a table of words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Refused(DoorError):
    """We would not go there: scheme, host, private address, too many redirects."""


class TooLarge(DoorError):
    """The answer is longer than `limit` bytes, compressed or not."""

    def __init__(self, limit: int) -> None:
        super().__init__("too_large", f"the answer is longer than {limit} bytes")
        self.limit = limit


class TooSlow(DoorError):
    """No complete answer within `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too_slow", f"no complete answer within {seconds:g} s")
        self.seconds = seconds


class Busy(DoorError):
    """The host's pace has no room for this request yet: it was not sent, and may be in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("busy", f"the host's next free moment is in {seconds:g} s")
        self.seconds = seconds


class Unreachable(DoorError):
    """No such host, nobody listening, a certificate that does not hold, an answer that is not HTTP."""


@dataclass(frozen=True)
class Response:
    """What came back. `url` answered in the end; `permanent_url` is where the asked one has moved for good
    (the asked one itself when it has not moved)."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    permanent_url: str


class Door:
    """Goes out over HTTP and HTTPS: no cookies, no proxies from the environment, public addresses only.

    `timeout_s` is the whole time of a request, redirects included. `max_bytes` caps the body, compressed and not.
    `allow_private` opens loopback and private networks: tests and the demo only. `resolve` and `tls` replace the
    system's name resolution and trusted certificates.
    """

    def __init__(
        self,
        timeout_s: float = 20.0,
        max_bytes: int = 5_000_000,
        allow_private: bool = False,
        *,
        version: str = "0",
        resolve: Resolve = resolve_by_system,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.timeout_s = timeout_s
        self.max_bytes = max_bytes
        self.allow_private = allow_private
        self.agent = f"Rempart/{version}"
        self._resolve = resolve
        self._tls = tls

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        auth: tuple[str, str] | None = None,
        listen_s: float | None = None,
    ) -> Response:
        """GET a URL, following at most five redirects. Raises DoorError; any HTTP status is an answer.

        With `listen_s` the body is a stream without end: what came in so many seconds (or `max_bytes`) is the answer.
        """
        given = dict(headers or {})
        if auth is not None:
            given["Authorization"] = _basic(auth)
        return self.request("GET", url, headers=given, listen_s=listen_s)

    def connect(self, host: str, port: int) -> socket.socket:
        """A TCP connection to a host whose addresses were checked, for what is not HTTP. Raises DoorError."""
        trip = _Trip(self, time.monotonic() + self.timeout_s)
        trip.put_off(self.wait_for_turn(f"{host}:{port}", ""))
        try:
            return trip.open_socket(host, port)
        except httpcore.TimeoutException as error:
            raise TooSlow(self.timeout_s) from error
        except httpcore.ConnectError as error:
            raise Unreachable("connection", f"cannot connect: {error}") from error

    def trusted(self) -> ssl.SSLContext:
        """The certificates that we trust: for what is not HTTP and speaks TLS over `connect`."""
        if self._tls is None:
            self._tls = httpcore.default_ssl_context()
        return self._tls

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        listen_s: float | None = None,
    ) -> Response:
        """Send a request; only GET and HEAD follow redirects. Raises DoorError; any HTTP status is an answer."""
        trip = _Trip(self, time.monotonic() + (self.timeout_s if listen_s is None else listen_s), listen_s is not None)
        pool = httpcore.ConnectionPool(ssl_context=self.trusted(), network_backend=trip, max_connections=1)
        try:
            with pool:
                return self._follow(pool, trip, method, url, httpx.Headers(headers), content)
        except httpcore.TimeoutException as error:
            raise TooSlow(self.timeout_s) from error
        except httpcore.ConnectError as error:
            raise Unreachable("tls" if _is_tls(error) else "connection", f"cannot connect: {error}") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Unreachable("protocol", f"the answer broke off or is not HTTP: {error}") from error

    def wait_for_turn(self, place: str, account: str) -> float:
        """Called before each request, each redirect and each connection; returns the seconds it waited.

        `place` is "host:port", `account` the credentials sent along. A door that keeps a pace waits, or raises Busy.
        """
        return 0.0

    def heed(self, place: str, account: str, status: int, headers: httpx.Headers) -> None:
        """Called with each answer's head: a door that keeps a pace learns here that a host asks for a pause."""

    def _follow(
        self,
        pool: httpcore.ConnectionPool,
        trip: _Trip,
        method: str,
        asked: str,
        headers: httpx.Headers,
        content: bytes | None,
    ) -> Response:
        url = _target(asked)
        permanent, moved_for_good = asked, True
        for _ in range(MAX_REDIRECTS + 1):
            status, answered, body = self._exchange(pool, trip, method, url, headers, content)
            if status not in REDIRECTS or "location" not in answered or method not in FOLLOWED_METHODS:
                return Response(status, answered, body, str(url), permanent)
            onward = _target(answered["location"], base=url)
            moved_for_good = moved_for_good and status in PERMANENT_REDIRECTS
            permanent = str(onward) if moved_for_good else permanent
            if _origin(onward) != _origin(url):
                headers = httpx.Headers([(k, v) for k, v in headers.multi_items() if k.lower() in TOLD_TO_ANYBODY])
            url = onward
        raise Refused("redirects", f"more than {MAX_REDIRECTS} redirects")

    def _exchange(
        self,
        pool: httpcore.ConnectionPool,
        trip: _Trip,
        method: str,
        url: httpx.URL,
        headers: httpx.Headers,
        content: bytes | None,
    ) -> tuple[int, httpx.Headers, bytes]:
        sent = httpx.Headers({"User-Agent": self.agent, "Accept-Encoding": "gzip", "Accept": "*/*"})
        sent.update(headers)
        if url.userinfo:
            sent.setdefault("Authorization", _basic((url.username, url.password)))
        sent["Host"] = url.netloc.decode("ascii")
        place = f"{url.host}:{url.port or DEFAULT_PORTS[url.scheme]}"
        account = sent.get("authorization", "")
        trip.put_off(self.wait_for_turn(place, account))
        # Handed over in parts: a second parser that reads the address otherwise would be a way round the checks.
        parts = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), trip.seconds_left())
        with pool.stream(method, parts, headers=sent.raw, content=content, extensions={"timeout": timeout}) as answer:
            answered = httpx.Headers(answer.headers)
            self.heed(place, account, answer.status, answered)
            if answer.status in REDIRECTS or method == "HEAD":
                return answer.status, answered, b""
            chunks = _until_deadline(answer.iter_stream()) if trip.is_listening else answer.iter_stream()
            return answer.status, answered, self._read(answer.status, answered, chunks, trip.is_listening)

    def _read(self, status: int, headers: httpx.Headers, chunks: Iterable[bytes], is_stream: bool) -> bytes:
        """The body, decoded. An error page is cut short instead of hiding its status behind `TooLarge`."""
        forgiving = status >= 400 or is_stream
        limit = min(self.max_bytes, ERROR_BODY_BYTES) if status >= 400 else self.max_bytes
        try:
            return _decoded(headers.get("content-encoding", ""), chunks, limit, may_be_cut=is_stream)
        except _Overflow as error:
            if forgiving:
                return error.so_far
            raise TooLarge(self.max_bytes) from None


class _Trip(httpcore.NetworkBackend):
    """One request's network: resolves, refuses, connects to the very address it checked, and keeps the deadline.

    Checking and connecting in one place leaves no moment for a name to change its address in between."""

    def __init__(self, door: Door, deadline: float, is_listening: bool = False) -> None:
        self._door = door
        self._deadline = deadline
        self.is_listening = is_listening
        self._inner = httpcore.SyncBackend()

    def put_off(self, seconds: float) -> None:
        """Our own waiting for a host's turn is not the host's slowness."""
        self._deadline += seconds

    def seconds_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("deadline")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._addresses(host, port)
        options = list(socket_options or ())
        for address in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                stream = self._inner.connect_tcp(address, port, self.seconds_left(), local_address, options)
            except httpcore.ConnectError as error:
                failure = error
            else:
                return _TimedStream(stream, self)
        raise failure

    def open_socket(self, host: str, port: int) -> socket.socket:
        """A plain connection to the very address that was checked; its waits end at the deadline, then `timeout_s`."""
        stream = self.connect_tcp(host, port)
        found: socket.socket = stream.get_extra_info("socket")  # type: ignore[assignment]
        found.settimeout(self._door.timeout_s)
        return found

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Resolve in a thread of its own: the system's resolver has no time-out, and a dead one must not hold us."""
        answer: list[Sequence[str]] = []
        failure: list[OSError | UnicodeError] = []

        def ask() -> None:
            try:
                answer.append(self._door._resolve(host, port))
            except (OSError, UnicodeError) as error:
                failure.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(self.seconds_left())
        if failure or (answer and not answer[0]):
            raise Unreachable("dns", f"no address is known for {host}")
        if not answer:
            raise httpcore.ConnectTimeout("name resolution")
        if not self._door.allow_private and not all(is_public(address) for address in answer[0]):
            raise Refused("private_address", f"{host} is not on the public internet")
        return answer[0]


class _TimedStream(httpcore.NetworkStream):
    """A connection on which each wait ends at the request's deadline: a drip of bytes does not prolong it."""

    def __init__(self, inner: httpcore.NetworkStream, trip: _Trip) -> None:
        self._inner = inner
        self._trip = trip

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._trip.seconds_left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._trip.seconds_left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._trip.seconds_left())
        return _TimedStream(secured, self._trip)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Overflow(Exception):
    def __init__(self, so_far: bytes) -> None:
        super().__init__()
        self.so_far = so_far


def _until_deadline(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What comes before the time is up: a stream that is still going on is not a failure."""
    try:
        yield from chunks
    except httpcore.ReadTimeout:
        return


def _decoded(encoding: str, chunks: Iterable[bytes], limit: int, *, may_be_cut: bool = False) -> bytes:
    """Join and unzip `chunks`, never holding much more than `limit` bytes. Raises _Overflow, Unreachable."""
    name = encoding.strip().lower()
    if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Unreachable("encoding", f"the answer is encoded as {name}, which we did not ask for")
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 32) if name not in ("", "identity") else None
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        try:
            body += unzip.decompress(chunk, limit + 1 - len(body)) if unzip else chunk
        except zlib.error as error:
            raise Unreachable("encoding", "the compressed answer is damaged") from error
        if received > limit or len(body) > limit:
            raise _Overflow(bytes(body[:limit]))
    if unzip and received and not unzip.eof and not may_be_cut:
        raise Unreachable("encoding", "the compressed answer is cut")
    return bytes(body)


def _target(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """The URL to visit. Raises Refused for anything but http(s) with a host."""
    try:
        target = base.join(url.strip()) if base else httpx.URL(url.strip())
        _ = target.raw_path, target.host, target.port
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Refused("url", f"not a web address: {error}") from error
    if target.scheme not in ("http", "https"):
        raise Refused("scheme", f"only http and https are visited, not {target.scheme or 'an address without scheme'}")
    if not target.host or not 0 < (target.port or 80) < 65_536:
        raise Refused("url", "not a web address: it names no host or no possible port")
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _basic(auth: tuple[str, str]) -> str:
    return "Basic " + base64.b64encode(":".join(auth).encode()).decode()


def _is_tls(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
