"""The firehose: real frames (DAG-CBOR, CAR) from a real WebSocket server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import libipld
import pytest

from agency.http import Door
from agency.models import Client
from clients.listening.collectors import registry
from clients.listening.collectors.bluesky import live as bluesky_live
from clients.listening.collectors.bluesky.firehose import Firehose
from clients.listening.collectors.bluesky.stream import Unreadable
from clients.listening.collectors.protocol import Fetched, PassingFailure
from clients.listening.matching import Wanted
from clients.models import Mention, MentionVersion, Source
from clients.services.listening import listen as hear
from tests.bluesky import POSTS, Wire, commit_frame, frame, wire
from tests.clients.rooms import watch

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
DID = "did:plc:" + "a" * 24


@pytest.fixture
def stream() -> Iterator[Wire]:
    with wire() as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bluesky_live, "QUIET_S", 0.3)


def listen(stream: Wire, cursor: dict[str, Any] | None = None) -> Fetched:
    wanted = (Wanted(1, include=("Aérolia",)),)
    settings = {"mode": "firehose", "streams": [stream.address], "appview": "", "wanted": wanted}
    return registry.fetch("bluesky", settings, cursor or {}, http=Door(timeout_s=5, allow_private=True), now=NOW)


def at(seconds_ago: float) -> str:
    return (NOW - timedelta(seconds=seconds_ago)).isoformat()


def record(text: str) -> dict[str, Any]:
    return {"$type": POSTS, "text": text, "createdAt": at(60), "langs": ["fr"]}


def post(seq: int, text: str, rkey: str = "", action: str = "create", **body: Any) -> tuple[int, bytes]:
    operation = (action, rkey or f"3l{seq}", record(text) if text else None)
    return seq, commit_frame(seq, DID, [operation], **{"time": at(30), **body})


def test_posts_edits_and_deletions_are_read_from_their_blocks(stream: Wire) -> None:
    stream.messages = [post(1, "Aérolia en retard"), post(2, "Il fait beau"), post(3, "Réglé", "3l1", "update")]
    stream.messages.append(post(4, "", "3l2", "delete"))
    fetched = listen(stream, begun(stream, 0))
    assert [m.text for m in fetched.mentions] == ["Aérolia en retard", "Réglé"]
    assert fetched.mentions[1].edited_at == NOW - timedelta(seconds=30)
    assert fetched.deleted == (f"at://{DID}/{POSTS}/3l2",)


def test_all_the_posts_of_one_commit_are_read(stream: Wire) -> None:
    operations = [("create", f"3l{n}", record(f"Aérolia {n}")) for n in range(3)]
    stream.messages = [(1, commit_frame(1, DID, operations, time=at(30)))]
    assert len(listen(stream, begun(stream, 0)).mentions) == 3


def test_a_quiet_server_is_read_from_its_beginning_and_then_from_where_we_were(stream: Wire) -> None:
    silent = listen(stream)
    assert (silent.has_more, silent.cursor["places"][f"firehose {stream.address}"]["position"]) == (True, 0)
    stream.messages = [post(1, "Aérolia 1")]
    first = listen(stream, silent.cursor)
    stream.messages.append(post(2, "Aérolia 2"))
    second = listen(stream, first.cursor)
    assert [m.text for m in (*first.mentions, *second.mentions)] == ["Aérolia 1", "Aérolia 2"]
    assert stream.asked[-1]["cursor"] == ["1"]


def test_killed_in_the_middle_and_gone_on_with_nothing_is_lost_or_doubled(stream: Wire) -> None:
    stream.messages = [post(n, f"Aérolia {n}") for n in range(1, 51)]
    stream.cut_after = 17
    begun = {"places": {f"firehose {stream.address}": {"position": 0}}}
    first = listen(stream, begun)
    second = listen(stream, first.cursor)
    assert len(first.mentions) == 17
    assert sorted(m.text for m in (*first.mentions, *second.mentions)) == sorted(f"Aérolia {n}" for n in range(1, 51))


def begun(stream: Wire, position: int) -> dict[str, Any]:
    return {"places": {f"firehose {stream.address}": {"position": position, "at": at(7200)}}}


def test_a_cursor_that_the_server_has_not_reached_yet_means_a_new_numbering(stream: Wire) -> None:
    stream.messages = [post(1, "Aérolia 1"), post(2, "Aérolia 2")]
    future = frame("error", {"error": "FutureCursor", "message": "Cursor in the future."})
    stream.refuse = lambda cursor: future if cursor and cursor > 2 else None
    fetched = listen(stream, begun(stream, 900))
    assert len(fetched.mentions) == 2
    assert "recommencé sa numérotation" in fetched.notes[0].fr
    assert fetched.cursor["places"][f"firehose {stream.address}"]["position"] == 2


def test_a_cursor_too_old_is_said_with_the_hours_that_are_missing(stream: Wire) -> None:
    stream.first = [frame("#info", {"name": "OutdatedCursor", "message": "Requested cursor exceeded limit."})]
    stream.messages = [post(901, "Aérolia")]
    fetched = listen(stream, begun(stream, 900))
    assert len(fetched.mentions) == 1
    assert "between 2026-11-20 18:00 and 2026-11-20 19:59 (UTC)" in fetched.notes[0].en


def test_another_refusal_is_a_failure_in_words(stream: Wire) -> None:
    stream.refuse = lambda cursor: frame("error", {"error": "Maintenance"})
    with pytest.raises(PassingFailure) as failure:
        listen(stream, begun(stream, 1))
    assert "Maintenance" in failure.value.words_fr


def test_a_line_that_breaks_before_its_first_message_is_a_failure(stream: Wire) -> None:
    stream.messages, stream.cut_after = [post(1, "Aérolia")], 0
    with pytest.raises(PassingFailure) as failure:
        listen(stream, begun(stream, 0))
    assert failure.value.code == "broken_off"


def test_cut_frames_are_counted_and_the_others_read(stream: Wire) -> None:
    whole = commit_frame(1, DID, [("create", "3l1", record("Aérolia"))], time=at(30))
    stream.messages = [(1, whole[:-40]), (2, whole[: len(whole) // 2]), (3, b""), (4, b"\x00"), post(5, "Aérolia")]
    fetched = listen(stream, begun(stream, 0))
    assert (len(fetched.mentions), fetched.notes[0].en.split(": ")[1][:1]) == (1, "4")


def test_a_commit_too_big_to_be_carried_is_counted(stream: Wire) -> None:
    stream.messages = [post(1, "", "3l1", "create", tooBig=True), post(2, "Aérolia")]
    fetched = listen(stream, begun(stream, 0))
    assert (len(fetched.mentions), len(fetched.notes)) == (1, 1)


def test_an_account_that_is_deleted_takes_its_posts_along_and_one_asleep_does_not(stream: Wire) -> None:
    stream.messages = [post(1, "Aérolia")]
    first = listen(stream, begun(stream, 0))
    account = {"seq": 2, "did": DID, "time": at(20), "active": False}
    stream.messages = [(2, frame("#account", {**account, "status": "deactivated"}))]
    asleep = listen(stream, first.cursor)
    stream.messages = [(3, frame("#account", {**account, "seq": 3, "status": "deleted"}))]
    assert asleep.deleted == ()
    assert listen(stream, asleep.cursor).deleted == (first.mentions[0].external_id,)


@pytest.mark.parametrize("kind", ["#identity", "#sync", "#handle", "#unheard_of"])
def test_other_events_only_move_the_position_on(kind: str) -> None:
    (event,) = Firehose().read(frame(kind, {"seq": 7, "did": DID, "time": at(1)}))
    assert (event.action, event.position) == ("other", 7)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xa1",
        b"\x81" * 100_000,
        b"\x9b\x00\x00\x00\xff\xff\xff\xff\xff",
        libipld.encode_dag_cbor({"op": 1}) + libipld.encode_dag_cbor({}),
        frame("#commit", {"seq": 1}),
        frame("#commit", {"seq": 1, "repo": DID, "ops": [{"path": f"{POSTS}/x", "action": "create"}], "blocks": b"x"}),
        frame("#commit", {"seq": "x", "repo": DID, "ops": []}),
        frame("#account", {}),
    ],
)
def test_a_frame_that_is_none_is_told_from_the_others(message: bytes) -> None:
    with pytest.raises(Unreadable):
        Firehose().read(message)


def test_fifty_posts_a_torn_line_an_edit_and_three_deletions_as_they_are_kept(aldane: Client, stream: Wire) -> None:
    watch(["Aérolia"])
    told = {"mode": "firehose", "streams": [stream.address], "appview": ""}
    source = Source.objects.create(name="Bluesky", kind="bluesky", settings=told, cursor=begun(stream, 0))
    stream.messages = [post(n, f"Aérolia, vol {n}") for n in range(1, 51)]
    stream.messages.append(post(51, "Réglé, merci", "3l4", "update"))
    stream.messages += [post(60 + n, "", f"3l{n}", "delete") for n in (8, 29, 46)]
    stream.cut_after = 23
    for _reading in range(3):
        Source.objects.filter(pk=source.pk).update(due_at=None)
        hear(source=source, http=Door(timeout_s=5, allow_private=True), now=NOW)
    assert Mention.objects.count() == 50
    gone = Mention.objects.exclude(deleted_at=None).values_list("external_id", flat=True)
    assert {address.rpartition("/")[2] for address in gone} == {"3l8", "3l29", "3l46"}
    (version,) = MentionVersion.objects.all()
    assert (version.text, version.mention.text) == ("Aérolia, vol 4", "Réglé, merci")
