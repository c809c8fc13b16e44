"""A WebSocket listened to for one turn: no thread, every wait bounded, over a connection of the one door."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import httpx
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI, parse_uri

from agency.http import DoorError, Refused, Response, TooSlow, Unreachable
from clients.listening.collectors.failures import from_door, from_status
from clients.listening.collectors.protocol import CollectError, OutgoingNetwork

LARGEST_MESSAGE = 8_000_000  # bytes; a firehose's own limit is 5 MB
HANDSHAKE_S = 15.0
CHUNK = 65_536
_ALSO_WRITTEN = {"http": "ws", "https": "wss"}


class Line:
    """An open WebSocket. `bytes` came in so far; `ended` says why `messages` came to its end: time, quiet or closed."""

    def __init__(self, connection: socket.socket, protocol: ClientProtocol) -> None:
        self._connection = connection
        self._protocol = protocol
        self._pieces: list[bytes] = []
        self.bytes = 0
        self.ended = ""

    def messages(self, *, seconds: float, quiet_s: float) -> Iterator[bytes]:
        """Whole messages, texts as UTF-8: for so many seconds, or until none has come for `quiet_s`, or until the
        other side hangs up. A message cut by the end is not handed over."""
        deadline = time.monotonic() + seconds
        quiet_at = time.monotonic() + quiet_s
        while True:
            for message in self._whole():
                yield message
                quiet_at = time.monotonic() + quiet_s
            if self.ended:
                return
            self._wait(deadline, quiet_at)

    def shake_hands(self) -> None:
        """Asks for the WebSocket. Raises websockets' InvalidHandshake, TimeoutError, OSError."""
        request = self._protocol.connect()
        request.headers["User-Agent"] = "Rempart"
        self._protocol.send_request(request)
        self._send()
        deadline = time.monotonic() + HANDSHAKE_S  # of the whole: a drip of bytes does not prolong it
        while self._protocol.state is State.CONNECTING and self._protocol.handshake_exc is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            self._take_in(self._connection.recv(CHUNK))
        if self._protocol.handshake_exc is not None:
            raise self._protocol.handshake_exc

    def hang_up(self) -> None:
        """Says goodbye without waiting for the answer."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close()
            self._send()
        self._connection.close()

    def _whole(self) -> Iterator[bytes]:
        for event in self._protocol.events_received():
            if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                self._pieces.append(bytes(event.data))
                if event.fin:
                    message, self._pieces = b"".join(self._pieces), []
                    yield message

    def _wait(self, deadline: float, quiet_at: float) -> None:
        left = min(deadline, quiet_at) - time.monotonic()
        if left <= 0:
            self.ended = "time" if deadline <= quiet_at else "quiet"
            return
        self._connection.settimeout(left)
        try:
            chunk = self._connection.recv(CHUNK)
        except TimeoutError:
            return
        except OSError:
            chunk = b""
        self._take_in(chunk)

    def _take_in(self, chunk: bytes) -> None:
        self.bytes += len(chunk)
        if chunk:
            self._protocol.receive_data(chunk)
        else:
            self._protocol.receive_eof()
        self._send()
        if not chunk or self._protocol.close_expected():
            self.ended = "closed"

    def _send(self) -> None:
        """What the protocol owes the other side: pongs, the closing. A line that is cut shows when it is read."""
        try:
            for data in self._protocol.data_to_send():
                if data:
                    self._connection.sendall(data)
        except OSError:
            self.ended = "closed"


@contextmanager
def open_line(http: OutgoingNetwork, url: str, *, now: datetime, subprotocols: Sequence[str] = ()) -> Iterator[Line]:
    """A `Line` to a ws:, wss:, http: or https: address, hung up at the end. Raises CollectError."""
    try:
        where = _address(url)
        connection = _connection(http, where)
    except DoorError as error:
        raise from_door(error) from error
    wanted = [Subprotocol(name) for name in subprotocols] or None
    line = Line(connection, ClientProtocol(where, subprotocols=wanted, max_size=LARGEST_MESSAGE))
    try:
        _shake_hands(line, url, now)
        yield line
    finally:
        line.hang_up()


def _address(url: str) -> WebSocketURI:
    scheme, colon, rest = url.partition(":")
    try:
        return parse_uri(_ALSO_WRITTEN.get(scheme, scheme) + colon + rest)
    except (InvalidURI, ValueError) as error:
        raise Refused("url", "not the address of a WebSocket") from error


def _connection(http: OutgoingNetwork, where: WebSocketURI) -> socket.socket:
    """Raises DoorError."""
    plain = http.connect(where.host, where.port)
    plain.settimeout(HANDSHAKE_S)
    if not where.secure:
        return plain
    try:
        return http.trusted().wrap_socket(plain, server_hostname=where.host)
    except OSError as error:
        plain.close()
        raise Unreachable("tls", f"no secure connection: {error}") from error


def _shake_hands(line: Line, url: str, now: datetime) -> None:
    try:
        line.shake_hands()
    except InvalidStatus as error:
        raise _refusal(error, url, now) from error
    except TimeoutError as error:
        raise from_door(TooSlow(HANDSHAKE_S)) from error
    except (InvalidHandshake, OSError) as error:
        raise from_door(Unreachable("protocol", "no WebSocket answers there")) from error


def _refusal(error: InvalidStatus, url: str, now: datetime) -> CollectError:
    answer = error.response
    headers = httpx.Headers(list(answer.headers.raw_items()))
    return from_status(Response(answer.status_code, headers, bytes(answer.body or b""), url, url), now)
