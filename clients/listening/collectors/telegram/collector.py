"""Telegram: what a bot hears in the channels and groups in which it sits (Bot API, getUpdates).

Telegram forgets an update as soon as a later one is asked for, and after 24 hours at any rate. So one page is read at
a time, and the next one asked for only in the next reading, once the first is saved. Deletions are not told to bots.
Source: core.telegram.org/bots/api.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from agency.http import Response
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Setting,
)
from clients.listening.collectors.telegram.message import mention
from clients.listening.raw import RawMention
from clients.listening.words import Words

BASE = "https://api.telegram.org"
PAGE = 100
KINDS = ("message", "edited_message", "channel_post", "edited_channel_post")
NUMBERS_LAST = timedelta(days=6)  # after a week without an update, the next one's number is drawn anew
FORGOTTEN_AFTER = timedelta(hours=24)
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{10,100}")

_BAD_TOKEN = Words(
    "Telegram ne connaît pas ce jeton\u00a0: le demander à @BotFather et l’inscrire ici",
    "Telegram does not know this token: ask @BotFather for it and write it here",
)
_WEBHOOK = Words(
    "ce bot envoie déjà ses messages à une autre adresse (webhook)\u00a0: la retirer, ou créer un bot pour Rempart",
    "this bot already sends its messages to another address (webhook): remove it, or create a bot for Rempart",
)
_OTHER_READER = Words(
    "un autre logiciel relève ce bot en même temps\u00a0: créer un bot pour Rempart seul",
    "another program reads this bot at the same time: create a bot for Rempart alone",
)
_UNCLEAR = Words("la réponse n’est pas celle de Telegram", "the answer is not Telegram’s")
_TOO_LATE = Words(
    "messages non lus depuis plus de 24 heures\u00a0: Telegram ne les garde pas si longtemps, il peut en manquer",
    "messages not read for more than 24 hours: Telegram keeps them no longer, some may be missing",
)


class TelegramCollector:
    """One source is one bot. Cursor: the "offset" of the next update, when one was last met, and the last reading."""

    kind = "telegram"
    name = Words("Telegram (par un bot)", "Telegram (by a bot)")
    unit_price = Decimal(0)
    settings = (
        Setting(
            "token",
            Words("Jeton du bot", "Bot’s token"),
            Words(
                "Donné par @BotFather. Ajouter ensuite le bot à chaque canal (administrateur) ou groupe à écouter. "
                "Un bot par client, que rien d’autre ne relève.",
                "Given by @BotFather. Then add the bot to each channel (as administrator) or group to listen to. "
                "One bot a client, which nothing else reads.",
            ),
            kind="secret",
            is_required=True,
        ),
        Setting(
            "chats",
            Words("Canaux et groupes", "Channels and groups"),
            Words(
                "Noms (@presse_locale) ou numéros. Laisser vide pour tous ceux où le bot se trouve.",
                "Names (@local_press) or numbers. Leave empty for all those that the bot sits in.",
            ),
            kind="words",
        ),
        Setting("base", Words("Adresse de l’API", "Address of the API"), kind="url", default=BASE),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """See protocol.Collector."""
        base = str(settings.get("base") or BASE).rstrip("/")
        asking = Asking(http, base, now=now, explain=_explain)
        last = _moment(cursor.get("at"))
        offset = cursor.get("offset") if last and now - last < NUMBERS_LAST else None
        asked = {"limit": PAGE, "timeout": 0, "allowed_updates": KINDS, **({"offset": offset} if offset else {})}
        updates = _updates(asking.post(f"{base}/bot{_token(settings)}/getUpdates", body=asked))
        chats = _chats(settings)
        mentions = tuple(found for message in _messages(updates) if (found := _heard(message, chats)))
        read_at = _moment(cursor.get("read_at"))
        late = read_at is not None and now - read_at > FORGOTTEN_AFTER
        return Fetched(
            mentions,
            _next_cursor(updates, cursor, now),
            unchanged=not mentions,
            bytes=asking.bytes,
            notes=(_TOO_LATE,) if late else (),
            calls=asking.calls,
            has_more=len(updates) >= PAGE,
        )


def _token(settings: Mapping[str, Any]) -> str:
    """The token, which is a part of the address: anything else would ask for another one. Raises PermanentFailure."""
    token = str(settings.get("token") or "").strip()
    if not _TOKEN.fullmatch(token):
        raise PermanentFailure("bad_token", _BAD_TOKEN)
    return token


def _updates(answer: Any) -> list[Mapping[str, Any]]:
    """Raises PassingFailure when the answer is something else."""
    found = answer.get("result") if isinstance(answer, Mapping) and answer.get("ok") is True else None
    if not isinstance(found, list):
        raise PassingFailure("unclear", _UNCLEAR)
    return [update for update in found if isinstance(update, Mapping) and isinstance(update.get("update_id"), int)]


def _messages(updates: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for update in updates:
        for kind in KINDS:
            if isinstance(update.get(kind), Mapping):
                yield update[kind]


def _heard(message: Mapping[str, Any], chats: frozenset[str]) -> RawMention | None:
    chat = message.get("chat")
    if chats and isinstance(chat, Mapping):
        named = {str(chat.get("id")), str(chat.get("username") or "").casefold()}
        if not named & chats:
            return None
    return mention(message)


def _chats(settings: Mapping[str, Any]) -> frozenset[str]:
    """Names without @ and addresses of t.me, or numbers."""
    written = (str(chat).strip().rstrip("/").rpartition("/")[2] for chat in settings.get("chats") or ())
    return frozenset(name.lstrip("@").casefold() for name in written if name)


def _next_cursor(updates: list[Mapping[str, Any]], cursor: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The offset that confirms these updates, to be used once they are saved."""
    read_at = now.isoformat()
    if not updates:
        return {**cursor, "read_at": read_at}
    offset = max(update["update_id"] for update in updates) + 1
    return {"offset": offset, "at": read_at, "read_at": read_at}


def _explain(response: Response, failure: CollectError) -> CollectError:
    """Telegram says why in the answer: {"ok": false, "description": …, "parameters": {"retry_after": 5}}."""
    try:
        said = json.loads(response.body)
        description = str(said.get("description") or "").lower()
        pause = (said.get("parameters") or {}).get("retry_after")
    except (ValueError, AttributeError, RecursionError):
        return failure
    if response.status in (401, 404):
        return PermanentFailure("bad_token", _BAD_TOKEN)
    if response.status == 409:
        return PassingFailure("conflict", _WEBHOOK if "webhook" in description else _OTHER_READER)
    if isinstance(pause, int | float):
        failure.retry_after = float(pause)
    return failure


def _moment(written: object) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
