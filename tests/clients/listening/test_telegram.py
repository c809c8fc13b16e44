"""Telegram, against a bot's server on loopback that forgets what is confirmed, as the real one does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import CollectError, Fetched, PassingFailure, PermanentFailure
from clients.listening.raw import RawMention, check

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "telegram"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
CHANNEL, GROUP = -1001234567890, -1009876543210


@dataclass
class Bot:
    """The updates that wait for a bot; `faults` are answered first."""

    base: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, path: str, asked: dict[str, Any]) -> tuple[int, bytes]:
        """What getUpdates answers: asking for an offset forgets all that is before it."""
        self.asked.append(asked)
        if self.faults:
            return self.faults.pop(0)
        if path != f"/bot{TOKEN}/getUpdates":
            return 404, b'{"ok":false,"error_code":404,"description":"Not Found"}'
        self.updates = [u for u in self.updates if u["update_id"] >= asked.get("offset", 0)]
        return 200, json.dumps({"ok": True, "result": self.updates[: asked["limit"]]}).encode()


class _Handler(BaseHTTPRequestHandler):
    bot: Bot

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, content = self.bot.answer(self.path, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        """Say nothing: a test's output is its assertions."""


@contextmanager
def running_bot() -> Iterator[Bot]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    bot = Bot(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"bot": bot})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield bot
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running_bot() as running:
        yield running


def read(bot: Bot, cursor: dict[str, Any] | None = None, now: datetime = NOW, **settings: Any) -> Fetched:
    given = {"base": bot.base, "token": TOKEN, **settings}
    return registry.fetch("telegram", given, cursor or {}, http=Door(timeout_s=5, allow_private=True), now=now)


def post(number: int, text: str = "Aérolia en retard") -> dict[str, Any]:
    chat = {"id": CHANNEL, "title": "Alertes", "username": "alertes", "type": "channel"}
    return {"update_id": number, "channel_post": {"message_id": number, "chat": chat, "date": 1795203960, "text": text}}


def told(bot: Bot, **settings: Any) -> list[RawMention]:
    bot.updates = json.loads((FIXTURES / "updates.json").read_text())["result"]
    mentions = read(bot, **settings).mentions
    assert not [problem for mention in mentions for problem in check(mention, now=NOW)]
    return list(mentions)


def test_a_channels_post_is_in_the_channels_name_and_links_are_shown(bot: Bot) -> None:
    first = told(bot)[0]
    assert first.external_id == f"{CHANNEL}/42"
    assert first.text == "Aérolia annule le vol de 18 h. Détails ici\nhttps://gazette.example/vol"
    assert first.original == "Aérolia annule le vol de 18 h. Détails ici"
    assert (first.author_handle, first.author_name) == ("alertes_voyageurs", "Alertes voyageurs (Léa)")
    assert first.url == "https://t.me/alertes_voyageurs/42"
    assert (first.kind, first.network) == ("post", "telegram")
    assert first.published_at == datetime(2026, 11, 20, 19, 46, tzinfo=UTC)


def test_captions_polls_replies_forwards_and_quotes_are_read(bot: Bot) -> None:
    by_id = {mention.external_id: mention for mention in told(bot)}
    assert by_id[f"{CHANNEL}/43"].text == "La file d’attente #aerolia"
    assert by_id[f"{GROUP}/10"].text == "Remboursés ?\nOui\nNon"
    reply, forward, quote = by_id[f"{GROUP}/7"], by_id[f"{GROUP}/8"], by_id[f"{GROUP}/9"]
    assert (reply.kind, reply.reply_to, reply.author_handle) == ("reply", f"{GROUP}/6", "zoe_m")
    assert (forward.kind, forward.refers_to) == ("repost", f"{CHANNEL}/42")
    assert (quote.kind, quote.refers_to) == ("quote", f"{CHANNEL}/42")
    assert reply.url == "https://t.me/c/9876543210/7"


def test_an_edit_comes_with_its_date(bot: Bot) -> None:
    first, edited = (mention for mention in told(bot) if mention.external_id == f"{CHANNEL}/42")
    assert (first.edited_at, edited.edited_at) == (None, datetime(2026, 11, 20, 19, 51, tzinfo=UTC))
    assert edited.text == "Aérolia rétablit le vol de 18 h."


def test_what_is_said_to_the_bot_in_private_is_not_kept(bot: Bot) -> None:
    assert not [mention for mention in told(bot) if "entre nous" in mention.text]


@pytest.mark.parametrize("named", ["@Alertes_Voyageurs", "https://t.me/alertes_voyageurs", str(CHANNEL)])
def test_only_the_chats_that_are_named_are_heard(bot: Bot, named: str) -> None:
    assert {m.external_id.partition("/")[0] for m in told(bot, chats=[named])} == {str(CHANNEL)}


def test_a_page_is_confirmed_only_by_the_reading_after_the_one_that_saved_it(bot: Bot) -> None:
    bot.updates = [post(number) for number in range(1, 251)]
    first = read(bot)
    assert (len(first.mentions), first.has_more, len(bot.updates)) == (100, True, 250)
    again = read(bot)  # the first was lost before it was saved
    assert again.mentions == first.mentions
    second = read(bot, again.cursor)
    third = read(bot, second.cursor)
    assert (len(bot.updates), len(third.mentions), third.has_more) == (50, 50, False)
    found = {mention.external_id for mention in (*first.mentions, *second.mentions, *third.mentions)}
    assert len(found) == 250
    assert read(bot, third.cursor).unchanged


def test_only_what_can_be_a_mention_is_asked_for(bot: Bot) -> None:
    read(bot)
    wanted = ["message", "edited_message", "channel_post", "edited_channel_post"]
    assert bot.asked[0] == {"limit": 100, "timeout": 0, "allowed_updates": wanted}


def test_after_a_week_of_silence_the_numbers_begin_anew(bot: Bot) -> None:
    bot.updates = [post(900_000)]
    first = read(bot)
    bot.updates, later = [post(17)], NOW + timedelta(days=8)
    cursor = {**first.cursor, "read_at": (later - timedelta(minutes=1)).isoformat()}
    assert len(read(bot, cursor, now=later).mentions) == 1


def test_a_day_without_a_reading_is_said(bot: Bot) -> None:
    first = read(bot)
    late = read(bot, first.cursor, now=NOW + timedelta(hours=25))
    assert "24 heures" in late.notes[0].fr
    assert not read(bot, late.cursor, now=NOW + timedelta(hours=26)).notes


def failure_of(bot: Bot, status: int, said: dict[str, Any] | bytes, **settings: Any) -> CollectError:
    bot.faults = [(status, said if isinstance(said, bytes) else json.dumps({"ok": False, **said}).encode())]
    with pytest.raises(CollectError) as failure:
        read(bot, **settings)
    return failure.value


def test_a_second_reader_and_a_webhook_are_told_apart(bot: Bot) -> None:
    other = failure_of(bot, 409, {"description": "Conflict: terminated by other getUpdates request; make sure…"})
    hooked = failure_of(bot, 409, {"description": "Conflict: can't use getUpdates method while webhook is active"})
    assert "un autre logiciel" in other.words_fr
    assert "webhook" in hooked.words_fr


def test_the_pause_in_the_answers_body_is_heeded(bot: Bot) -> None:
    said = {"error_code": 429, "description": "Too Many Requests: retry after 35", "parameters": {"retry_after": 35}}
    failure = failure_of(bot, 429, said)
    assert (isinstance(failure, PassingFailure), failure.retry_after) == (True, 35)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, b'{"ok":true,"res'),
        (200, b"<html>proxy</html>"),
        (200, b'{"ok":true,"result":3}'),
        (200, b"[]"),
        (502, b"<html>Bad Gateway</html>"),
        (500, b"[]"),
    ],
)
def test_an_answer_that_is_none_of_telegrams_is_a_passing_failure(bot: Bot, status: int, said: bytes) -> None:
    assert isinstance(failure_of(bot, status, said), PassingFailure)


@pytest.mark.parametrize("status", [401, 404])
def test_a_token_that_is_refused_is_said_and_shown_nowhere(bot: Bot, status: int) -> None:
    failure = failure_of(bot, status, {"description": "Unauthorized"})
    assert isinstance(failure, PermanentFailure)
    assert TOKEN not in everything(failure)


@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "http://no-such-host.invalid", "gopher://x", "http://[bad"])
def test_a_server_that_cannot_be_reached_does_not_give_the_token_away(bot: Bot, base: str) -> None:
    with pytest.raises(CollectError) as failure:
        read(bot, base=base)
    assert TOKEN not in everything(failure.value)


def everything(failure: BaseException) -> str:
    """All that a log could show of a failure: its words, and those of all that caused it."""
    said, error = "", failure
    while error is not None:
        said += str(error) + repr(error.args) + repr(vars(error))
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return said


@pytest.mark.parametrize("token", ["", "secret", f"{TOKEN}/../x", f"{TOKEN}?a=b", "1" * 400])
def test_what_is_no_token_is_not_sent(bot: Bot, token: str) -> None:
    with pytest.raises(PermanentFailure):
        read(bot, token=token)
    assert bot.asked == []


def test_odd_updates_are_left_out_and_confirmed_all_the_same(bot: Bot) -> None:
    odd = [{"update_id": 5, "message": None}, {"update_id": 6, "poll": {}}, {"update_id": 7, "message": {"chat": []}}]
    bot.updates = [*odd, {"update_id": 8, "channel_post": {"chat": {"id": 1, "type": "channel"}, "message_id": "x"}}]
    fetched = read(bot)
    assert (fetched.mentions, fetched.cursor["offset"]) == ((), 9)
