"""Bluesky live: Jetstream in both its forms, against a real WebSocket server on loopback."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.bluesky import live as bluesky_live
from clients.listening.collectors.bluesky.jetstream import Jetstream
from clients.listening.collectors.bluesky.stream import REPOSTS, Unreadable
from clients.listening.collectors.protocol import CollectError, Fetched, PassingFailure, PermanentFailure
from clients.listening.matching import Wanted
from clients.listening.raw import check
from tests.bluesky import POSTS, AppView, Wire, app_view, wire
from tests.loopback import serving

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "bluesky"
AEROLIA = (Wanted(1, include=("Aérolia",)),)


def did(letter: str) -> str:
    return "did:plc:" + letter * 24


@pytest.fixture
def stream() -> Iterator[Wire]:
    with wire() as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bluesky_live, "QUIET_S", 0.3)


def listen(stream: Wire, cursor: dict[str, Any] | None = None, now: datetime = NOW, **settings: Any) -> Fetched:
    given = {"mode": "jetstream", "streams": [stream.address], "appview": "", "wanted": AEROLIA, **settings}
    door = Door(timeout_s=5, allow_private=True)
    return registry.fetch("bluesky", given, cursor or {}, http=door, now=now)


def micro(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def said(at: datetime, text: str, rkey: str = "3l", operation: str = "create") -> tuple[int, str]:
    record = {"text": text, "createdAt": at.isoformat(), "langs": ["fr"]}
    commit = {"rev": "r", "operation": operation, "collection": POSTS, "rkey": rkey, "record": record, "cid": "c"}
    return micro(at), json.dumps({"did": did("a"), "time_us": micro(at), "kind": "commit", "commit": commit})


def fill(stream: Wire, name: str) -> None:
    lines = (FIXTURES / name).read_text().splitlines()
    stream.messages = [(micro(NOW - timedelta(seconds=2)) + n, line) for n, line in enumerate(lines)]


@pytest.mark.parametrize("name", ["jetstream_v1.jsonl", "jetstream_v2.jsonl"])
def test_what_a_watch_wants_is_kept_with_its_edit_and_all_deletions_are_told(stream: Wire, name: str) -> None:
    fill(stream, name)
    fetched = listen(stream)
    first, edited = fetched.mentions
    assert first.external_id == edited.external_id == f"at://{did('a')}/{POSTS}/3l3qo2vuowo2b"
    assert (first.text, first.edited_at) == ("Vol Aérolia annulé, personne au comptoir", None)
    assert edited.text == "Vol annulé, personne au comptoir : réglé depuis"
    assert edited.edited_at == datetime(2026, 11, 20, 19, 59, 58, 500_000, tzinfo=UTC)
    assert fetched.deleted == (f"at://{did('e')}/{POSTS}/3l3qo2vuowo2e",)
    assert not check(first, now=NOW) + check(edited, now=NOW)


def test_an_account_that_is_deleted_takes_its_posts_along(stream: Wire) -> None:
    stream.messages = [said(NOW - timedelta(seconds=3), "Aérolia")]
    first = listen(stream)
    gone = {"did": did("a"), "time_us": micro(NOW), "kind": "account", "account": {"active": False}}
    gone["account"] = {"active": False, "status": "deleted", "did": did("a"), "seq": 1, "time": NOW.isoformat()}
    stream.messages.append((micro(NOW), json.dumps(gone)))
    assert listen(stream, first.cursor).deleted == (first.mentions[0].external_id,)


def shown_again(at: datetime, rkey: str, address: str, operation: str = "create") -> tuple[int, str]:
    record = {"subject": {"uri": address, "cid": "c"}, "createdAt": at.isoformat()}
    commit = {"rev": "r", "operation": operation, "collection": REPOSTS, "rkey": rkey, "cid": "c"}
    commit |= {"record": record} if operation == "create" else {}
    return micro(at), json.dumps({"did": did("b"), "time_us": micro(at), "kind": "commit", "commit": commit})


def test_the_reposts_of_what_was_kept_are_heard_in_the_same_turn_and_later(stream: Wire) -> None:
    address = f"at://{did('a')}/{POSTS}/3l"
    stream.messages = [
        said(NOW - timedelta(seconds=9), "Aérolia"),
        shown_again(NOW - timedelta(seconds=8), "3r1", address),
        shown_again(NOW - timedelta(seconds=7), "3r2", f"at://{did('x')}/{POSTS}/3other"),
    ]
    first = listen(stream)
    stream.messages = [shown_again(NOW - timedelta(seconds=2), "3r3", address)]
    with app_view() as view:
        view.posts = [{"uri": address, "record": {"text": "Aérolia", "createdAt": NOW.isoformat()}}]
        later = listen(stream, first.cursor, appview=view.base)
    reposts = [mention for mention in (*first.mentions, *later.mentions) if mention.kind == "repost"]
    assert [mention.external_id for mention in reposts] == [f"at://{did('b')}/{REPOSTS}/{n}" for n in ("3r1", "3r3")]
    assert {(mention.text, mention.refers_to, mention.author_handle) for mention in reposts} == {
        ("Aérolia", address, did("b"))
    }
    assert reposts[1].published_at == NOW - timedelta(seconds=2)
    assert not [problem for mention in reposts for problem in check(mention, now=NOW)]


def test_a_repost_that_is_taken_back_is_deleted(stream: Wire) -> None:
    stream.messages = [shown_again(NOW - timedelta(seconds=2), "3r1", "", "delete")]
    assert listen(stream).deleted == (f"at://{did('b')}/{REPOSTS}/3r1",)


def test_authors_are_named_by_the_public_service_and_by_their_did_without_it(stream: Wire) -> None:
    fill(stream, "jetstream_v1.jsonl")
    with app_view() as view:
        view.profiles = json.loads((FIXTURES / "profiles.json").read_text())["profiles"]
        named = listen(stream, appview=view.base).mentions[0]
    assert (named.author_handle, named.author_name, named.followers) == ("zoe.bsky.social", "Zoé Martin", 1234)
    assert listen(stream).mentions[0].author_handle == did("a")


def test_the_first_turn_goes_back_a_few_minutes_and_the_next_a_few_seconds(stream: Wire) -> None:
    last = NOW - timedelta(seconds=4)
    stream.messages = [said(last, "Aérolia")]
    first = listen(stream)
    listen(stream, first.cursor, now=NOW + timedelta(minutes=1))
    cursors = [int(params["cursor"][0]) for params in stream.asked]
    assert cursors == [micro(NOW - timedelta(minutes=5, seconds=5)), micro(last - timedelta(seconds=5))]
    assert stream.asked[0]["wantedCollections"] == [POSTS, REPOSTS]


def test_version_2_is_asked_in_its_own_words() -> None:
    url = Jetstream().url("wss://host/xrpc/network.bsky.jetstream.subscribeEvents", 1_795_204_800_000_000)
    assert url.endswith(
        f"?collections={POSTS}&collections={REPOSTS}&kinds=commit&kinds=account&cursor=1795204800000000"
    )


def test_a_line_torn_in_the_middle_loses_nothing_and_doubles_nothing(stream: Wire) -> None:
    stream.messages = [
        said(NOW - timedelta(seconds=40) + timedelta(milliseconds=100 * n), f"Aérolia {n}", f"3l{n}") for n in range(50)
    ]
    stream.cut_after = 20
    first = listen(stream)
    second = listen(stream, first.cursor)
    assert len(first.mentions) == 20
    assert len({mention.external_id for mention in (*first.mentions, *second.mentions)}) == 50


def test_a_turn_that_is_full_leaves_the_rest_for_at_once(stream: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bluesky_live, "POSTS_A_TURN", 30)
    stream.messages = [
        said(NOW - timedelta(minutes=4) + timedelta(seconds=n), f"Aérolia {n}", f"3l{n}") for n in range(50)
    ]
    first = listen(stream)
    second = listen(stream, first.cursor)
    assert (len(first.mentions), first.has_more, second.has_more) == (30, True, False)
    assert len({mention.external_id for mention in (*first.mentions, *second.mentions)}) == 50


def test_a_turn_ends_once_it_has_caught_up(stream: Wire) -> None:
    stream.messages = [said(NOW, "Aérolia", "3l1"), said(NOW + timedelta(seconds=5), "Aérolia", "3l2")]
    fetched = listen(stream)
    assert (len(fetched.mentions), fetched.has_more) == (1, False)


def test_silence_moves_a_recent_position_and_keeps_an_old_one(stream: Wire) -> None:
    first = listen(stream)
    assert first.unchanged
    assert first.cursor["places"]["jetstream"]["position"] == micro(NOW - timedelta(minutes=1))
    later = listen(stream, first.cursor, now=NOW + timedelta(hours=2))
    assert later.cursor["places"] == first.cursor["places"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_gap_that_the_stream_cannot_fill_is_said(stream: Wire, announced: bool) -> None:
    stream.messages = [said(NOW - timedelta(seconds=9), "Aérolia")]
    first = listen(stream)
    later = NOW + timedelta(hours=2 if announced else 40)
    stream.messages.append(said(later - timedelta(minutes=30), "Aérolia"))
    stream.messages.pop(0)
    info = {"$type": "message", "payload": {"$type": "network.bsky.jetstream.subscribeEvents#info"}}
    info["payload"] |= {"name": "OutdatedCursor"}
    stream.first = [json.dumps(info)] if announced else []
    fetched = listen(stream, first.cursor, now=later)
    assert "entre 2026-11-20 19:59 et" in fetched.notes[0].fr


def test_the_search_fills_in_what_the_stream_could_not_hear(stream: Wire) -> None:
    with app_view() as view:
        fill_view(view)
        account = {"handle": "a.bsky.social", "password": view.password, "service": view.base, "appview": view.base}
        stream.messages = [said(NOW - timedelta(seconds=9), "Aérolia en direct")]
        first = listen(stream, **account)
        assert {mention.text for mention in first.mentions} == {"Aérolia hier", "Aérolia en direct"}
        assert first.session is not None and "walks" not in first.cursor
        searches = len(view.calls("app.bsky.feed.searchPosts"))
        listen(stream, first.cursor, **account)
        assert len(view.calls("app.bsky.feed.searchPosts")) == searches


def fill_view(view: AppView) -> None:
    date = (NOW - timedelta(days=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record = {"text": "Aérolia hier", "createdAt": date}
    author = {"did": did("z"), "handle": "z.bsky.social"}
    view.posts = [
        {"uri": f"at://{did('z')}/{POSTS}/3lz", "cid": "bafy", "author": author, "record": record, "indexedAt": date}
    ]


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'{"kind":"commit"}',
        b'{"$type":"message","payload":3}',
        b'{"time_us":"soon","did":2}',
        b"\xff",
        b'{"did":"d","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post"}}',
        b"[" * 100_000,
    ],
)
def test_a_message_that_is_none_of_the_streams_is_told_from_the_others(message: bytes) -> None:
    with pytest.raises(Unreadable):
        Jetstream().read(message)


def test_unreadable_messages_are_counted_and_the_others_read(stream: Wire) -> None:
    stream.messages = [(micro(NOW), "{"), said(NOW - timedelta(seconds=3), "Aérolia")]
    fetched = listen(stream)
    assert len(fetched.mentions) == 1
    assert fetched.notes[0].en == "messages of the stream that cannot be read: 1, the others are read"


def test_the_next_address_is_tried_when_the_first_does_not_answer(stream: Wire) -> None:
    stream.messages = [said(NOW, "Aérolia")]
    assert len(listen(stream, streams=["ws://127.0.0.1:9/", stream.address]).mentions) == 1


def test_a_site_that_speaks_no_websocket_is_a_failure_in_words(stream: Wire) -> None:
    with serving() as site, pytest.raises(PassingFailure) as failure:
        listen(stream, streams=[site.base])
    assert failure.value.code == "protocol"


def test_a_refused_handshake_is_heeded(stream: Wire) -> None:
    stream.status = (429, {"Retry-After": "120"})
    with pytest.raises(PassingFailure) as failure:
        listen(stream)
    assert (failure.value.code, failure.value.retry_after) == ("http_429", 120)


def test_a_refused_address_or_none_at_all_is_said(stream: Wire) -> None:
    with pytest.raises(PermanentFailure):
        listen(stream, streams=["gopher://127.0.0.1/"])
    closed = Door(timeout_s=2)
    with pytest.raises(PermanentFailure) as failure:
        settings = {"mode": "jetstream", "streams": [stream.address], "wanted": AEROLIA}
        registry.fetch("bluesky", settings, {}, http=closed, now=NOW)
    assert failure.value.code == "private_address"


def test_a_watch_that_takes_everything_is_not_let_loose_on_the_network(stream: Wire) -> None:
    with pytest.raises(CollectError) as failure:
        listen(stream, wanted=(Wanted(1),))
    assert failure.value.code == "nothing_to_hear"


def test_tls_holds_to_the_doors_certificates(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made + names, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with wire(context) as stream:
        stream.messages = [said(NOW, "Aérolia")]
        address = stream.address.replace("ws://127.0.0.1", "wss://localhost")
        settings = {"mode": "jetstream", "streams": [address], "appview": "", "wanted": AEROLIA}
        trusting = Door(timeout_s=5, allow_private=True, tls=ssl.create_default_context(cafile=str(certificate)))
        assert len(registry.fetch("bluesky", settings, {}, http=trusting, now=NOW).mentions) == 1
        with pytest.raises(PassingFailure) as failure:
            registry.fetch("bluesky", settings, {}, http=Door(timeout_s=5, allow_private=True), now=NOW)
    assert failure.value.code == "tls"
