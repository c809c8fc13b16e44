"""A message of a Telegram channel or group, and the mention that it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from clients.listening.collectors.plain import link
from clients.listening.raw import LIMITS, TEXT_LIMIT, Kind, RawMention, storable

SITE = "https://t.me"
PUBLIC_CHATS = frozenset({"channel", "group", "supergroup"})
_SUPERGROUP = "-100"  # before the id of a channel or a supergroup


class Author(NamedTuple):
    """Who speaks: a channel, a group in its own name, or a person."""

    handle: str
    name: str = ""
    url: str = ""


def mention(message: Mapping[str, Any]) -> RawMention | None:
    """The mention of a message; None when it has no words or nothing that names it.

    What is written to the bot alone, in private, is not a mention: it was not said in public and is never kept.
    """
    chat, number = _map(message.get("chat")), message.get("message_id")
    if chat.get("type") not in PUBLIC_CHATS or not isinstance(chat.get("id"), int) or not isinstance(number, int):
        return None
    own = _text(message)
    text = storable("\n".join(filter(None, [own, *_addresses(message, own)])))[:TEXT_LIMIT]
    if not text.strip():
        return None
    forwarded, quoted, answered = _forwarded(message), _quoted(message), _answered(message, chat)
    kind: Kind = "repost" if _is_forward(message) else "reply" if answered else "quote" if quoted else "post"
    by = _author(message, chat)
    return RawMention(
        external_id=f"{chat['id']}/{number}",
        text=text,
        published_at=_moment(message.get("date")),
        url=_link(chat, number),
        network="telegram",
        author_handle=storable(by.handle)[: LIMITS["author_handle"]],
        author_name=storable(by.name)[: LIMITS["author_name"]],
        author_url=by.url,
        reply_to=answered,
        refers_to=forwarded or quoted,
        kind=kind,
        original="" if text == own else storable(own),
        edited_at=_moment(message.get("edit_date")),
    )


def _text(message: Mapping[str, Any]) -> str:
    """What is written, under a picture or not; a poll is its question and its choices."""
    poll = _map(message.get("poll"))
    asked = [_written(poll, "question"), *(_written(option, "text") for option in _list(poll.get("options")))]
    return _written(message, "text") or _written(message, "caption") or "\n".join(filter(None, asked))


def _addresses(message: Mapping[str, Any], text: str) -> Iterator[str]:
    """Where the words that are links lead to, when the text does not show it."""
    for entity in (*_list(message.get("entities")), *_list(message.get("caption_entities"))):
        address = link(_written(entity, "url")) if entity.get("type") == "text_link" else ""
        if address and address not in text:
            yield address


def _author(message: Mapping[str, Any], chat: Mapping[str, Any]) -> Author:
    """A channel speaks in its own name, with the signature of one of its people at most."""
    sender = _map(message.get("sender_chat")) or (chat if chat.get("type") == "channel" else {})
    if sender:
        signed = _written(message, "author_signature")
        title = _written(sender, "title")
        return Author(_handle(sender), f"{title} ({signed})" if signed else title, _address(sender))
    person = _map(message.get("from"))
    name = " ".join(filter(None, [_written(person, "first_name"), _written(person, "last_name")]))
    return Author(_handle(person), name, _address(person))


def _handle(someone: Mapping[str, Any]) -> str:
    return _written(someone, "username") or (str(someone["id"]) if isinstance(someone.get("id"), int) else "")


def _address(someone: Mapping[str, Any]) -> str:
    return link(f"{SITE}/{someone['username']}") if _written(someone, "username") else ""


def _link(chat: Mapping[str, Any], number: int) -> str:
    """The message's own page; a small private group has none."""
    if _written(chat, "username"):
        return link(f"{SITE}/{chat['username']}/{number}")
    identity = str(chat["id"])
    return f"{SITE}/c/{identity.removeprefix(_SUPERGROUP)}/{number}" if identity.startswith(_SUPERGROUP) else ""


def _is_forward(message: Mapping[str, Any]) -> bool:
    return "forward_origin" in message or "forward_date" in message  # the second until version 7 of the API


def _forwarded(message: Mapping[str, Any]) -> str:
    """The channel's message that is forwarded; what people forward from one another has no name."""
    origin = _map(message.get("forward_origin"))
    chat = _map(origin.get("chat")) or _map(message.get("forward_from_chat"))
    return _id(chat, origin.get("message_id") or message.get("forward_from_message_id"))


def _quoted(message: Mapping[str, Any]) -> str:
    """A message of another chat that is answered here, with its words shown above."""
    reply = _map(message.get("external_reply"))
    return _id(_map(reply.get("chat")), reply.get("message_id"))


def _answered(message: Mapping[str, Any], chat: Mapping[str, Any]) -> str:
    return _id(chat, _map(message.get("reply_to_message")).get("message_id"))


def _id(chat: Mapping[str, Any], number: object) -> str:
    return f"{chat['id']}/{number}" if isinstance(chat.get("id"), int) and isinstance(number, int) else ""


def _moment(seconds: object) -> datetime | None:
    """From unix seconds; 0 is a message that is not accessible any more."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _written(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
