"""A WebSocket is listened to within bounds: what is sent by drips does not hold a reading."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from agency.http import Door
from clients.listening.collectors import websocket
from clients.listening.collectors.protocol import PassingFailure
from tests.conftest import NOW


@contextmanager
def dripping(every_s: float) -> Iterator[int]:
    """A server that answers a header of a handshake byte after byte; its port."""
    listener, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip() -> None:
        with suppress(OSError):
            peer, _address = listener.accept()
            with peer:
                peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nX-Slow: ")
                while not over.wait(every_s):
                    peer.sendall(b"a")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()
        thread.join(5)


def test_a_handshake_by_drips_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "HANDSHAKE_S", 0.6)
    began = time.monotonic()
    door = Door(timeout_s=5, allow_private=True)
    with dripping(0.1) as port, pytest.raises(PassingFailure) as failure, ExitStack() as closing:
        closing.enter_context(websocket.open_line(door, f"ws://127.0.0.1:{port}/", now=NOW))
    assert failure.value.code == "too_slow" and time.monotonic() - began < 3
