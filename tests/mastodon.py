"""A real Mastodon-shaped server for tests: mastodon_mock in a process of its own, with its injectable faults."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.ports import free_port

CONFIG = """
[seed]
[[seed.accounts]]
username = "aldane"
display_name = "Maison Aldane"
access_token = "aldane"
[[seed.accounts]]
username = "zoe"
display_name = "Zoé"
access_token = "zoe"
[[seed.accounts]]
username = "lea"
domain = "ailleurs.example"
access_token = "lea"
"""


class Instance:
    """A running instance: its people post and edit, and its faults are laid by rule."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.process = process
        self._client = httpx.Client(base_url=self.base, timeout=20)

    def call(self, method: str, path: str, *, as_: str = "zoe", **json: Any) -> Any:
        """What the instance answers to one of its people ("aldane", "zoe", "lea")."""
        answer = self._client.request(method, path, headers={"Authorization": f"Bearer {as_}"}, json=json or None)
        answer.raise_for_status()
        return answer.json()

    def post(self, text: str, *, as_: str = "zoe", **fields: Any) -> dict[str, Any]:
        return dict(self.call("POST", "/api/v1/statuses", as_=as_, status=text, **fields))

    def fault(self, effect: str, path: str = "/api/v1/timelines/*", count: int | None = None, **given: Any) -> None:
        """Lays a fault: status, ratelimit, latency, malformed or timeout, on the next `count` calls of `path`."""
        rule: Mapping[str, Any] = {"match": {"path": path}, "effect": {"type": effect, **given}, "count": count}
        self.call("POST", "/api/v1/_mock/faults", **rule)

    def heal(self) -> None:
        """Takes all faults away."""
        self.call("DELETE", "/api/v1/_mock/faults")

    def close(self) -> None:
        self._client.close()
        self.process.kill()  # it may be holding a connection on purpose
        self.process.wait(timeout=10)


@contextmanager
def instance(folder: Path) -> Iterator[Instance]:
    """An instance on a free port of loopback, its database in memory, with three people; stopped at the end."""
    config, port = folder / "mastodon.toml", free_port()
    config.write_text(CONFIG)
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--config", str(config), "--in-memory"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--log-level", "critical"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    running = Instance(port, process)
    try:
        _await(running)
        yield running
    finally:
        running.close()


def _await(running: Instance) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            running.call("GET", "/api/v2/instance")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("mastodon_mock did not start within 120 s")
