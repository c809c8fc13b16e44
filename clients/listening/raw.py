"""A mention as it comes in, before any of ours is known about it, and what makes one acceptable.

Collectors, CSV imports and the API all hand over `RawMention`s, and all are held to the same rules here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, get_args

import msgspec

from clients.listening.words import Words

TEXT_LIMIT = 20_000  # characters; longer than any post, long enough for an article
EXTERNAL_ID_LIMIT = 500
ORIGINAL_LIMIT = 100_000
LIMITS = {
    "title": 1_000, "url": 2_000, "author_url": 2_000, "author_handle": 255, "author_name": 255, "author_bio": 1_000,
}  # fmt: skip
COUNT_LIMIT = 2**63 - 1  # a bigint column
FUTURE_TOLERANCE = timedelta(hours=24)
_LENGTHS = (
    ("external_id", EXTERNAL_ID_LIMIT),
    ("text", TEXT_LIMIT),
    *LIMITS.items(),
    ("reply_to", EXTERNAL_ID_LIMIT),
    ("refers_to", EXTERNAL_ID_LIMIT),
    ("original", ORIGINAL_LIMIT),
)
# What a mention is known and found by: altered, it would be another's. Texts and names of people are cleaned instead.
_NAMES = ("external_id", "url", "author_url", "author_handle", "reply_to", "refers_to")

Kind = Literal["post", "reply", "repost", "quote", "article"]
KINDS: tuple[str, ...] = get_args(Kind)

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Besides what cannot be stored: the C1 controls, which show as nothing, and the marks that turn the direction of all
# that follows, our own words on the page included. Those of a single letter stay: Arabic and Hebrew need them.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ANY_WORD = re.compile(r"\w")
_WEB = ("http://", "https://")
_SHORT = 255  # the least of LIMITS: what is shorter taken together is nowhere too long
_NETWORK = re.compile(r"[a-z0-9_]{0,30}")
_LANGUAGE = re.compile(r"(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)?")


class RawMention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What a source says about one post.

    `external_id` is the source's own name for it, unique within the source; `published_at` is aware UTC, or None when
    the source does not say; `language` is a hint; `network` is "web", "x", "mastodon"…; `reply_to` is the external id
    of the post it answers, `refers_to` that of the post it quotes or reposts; `followers` and `reach` are the source's
    figures at that moment; `author_bio` is how the account presents itself. `original` is what came (HTML, say) where
    `text` was made from it. `edited_at` is when the source says it was last changed: without it a text that differs
    from ours counts as an edit unless we had it before.
    """

    external_id: str
    text: str
    published_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    url: str = ""
    title: str = ""
    language: str = ""
    network: str = ""
    author_handle: str = ""
    author_name: str = ""
    author_url: str = ""
    author_bio: str = ""
    followers: int | None = None
    reach: int | None = None
    reply_to: str = ""
    refers_to: str = ""
    kind: Kind = "post"
    original: str = ""
    edited_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field. `refuses` is False for what is only worth a flag."""

    field: str
    code: str
    words: Words
    refuses: bool = True


WORDS = {
    "missing": Words("« {field} » manque ou est vide", "“{field}” is missing or empty"),
    "too_long": Words(
        "« {field} » compte {length} caractères, le plafond est de {limit}",
        "“{field}” has {length} characters, the limit is {limit}",
    ),
    "unstorable": Words(
        "« {field} » contient un caractère de contrôle (code {character})",
        "“{field}” contains a control character (code {character})",
    ),
    "naive_date": Words(
        "la date n’a pas de fuseau horaire : écrire par exemple 2026-11-23T09:00:00+01:00",
        "the date has no time zone: write for example 2026-11-23T09:00:00+01:00",
    ),
    "future_date": Words(
        "la date est à plus de 24 heures dans l’avenir", "the date is more than 24 hours in the future"
    ),
    "not_a_web_address": Words(
        "« {field} » n’est pas une adresse http ou https", "“{field}” is not an http or https address"
    ),
    "bad_network": Words(
        "« network » s’écrit en minuscules, chiffres et _ (30 au plus)",
        "“network” is written in lower case, digits and _ (30 at most)",
    ),
    "bad_language": Words(
        "« language » est un code comme fr, en ou pt-BR", "“language” is a code such as fr, en or pt-BR"
    ),
    "bad_count": Words(
        "« {field} » n’est pas un nombre positif possible", "“{field}” is not a possible positive count"
    ),
    "bad_kind": Words("« kind » est l’un de : {kinds}", "“kind” is one of: {kinds}"),
}


def check(raw: RawMention, *, now: datetime | None = None) -> list[Problem]:
    """All that is wrong with a mention, first field first; empty when it can be taken in.

    `now` (aware) allows flagging a date in the future; such a mention is kept, its clock is merely wrong.
    """
    found = list(_text_problems(raw))
    found += _form_problems(raw)
    found += _date_problems(raw.published_at, now)
    if raw.edited_at is not None and raw.edited_at.utcoffset() is None:
        found.append(_problem("edited_at", "naive_date"))
    return found


def is_plain(raw: RawMention) -> bool:
    """Whether a few cheap looks tell that nothing is wrong, as with nearly all; False only says to `check` it."""
    names = (
        f"{raw.external_id}{raw.url}{raw.author_url}{raw.author_handle}{raw.reply_to}{raw.refers_to}"
        f"{raw.network}{raw.language}"
    )
    return (
        len(names) + len(raw.title) + len(raw.author_name) < _SHORT
        and len(raw.text) <= TEXT_LIMIT
        and len(raw.author_bio) <= LIMITS["author_bio"]
        and len(raw.original) <= ORIGINAL_LIMIT
        and names.isprintable()
        and " " not in names
        and raw.external_id != ""
        and _ANY_WORD.search(raw.text) is not None
        and (not raw.url or raw.url.startswith(_WEB))
        and (not raw.author_url or raw.author_url.startswith(_WEB))
        and _NETWORK.fullmatch(raw.network) is not None
        and _LANGUAGE.fullmatch(raw.language) is not None
        and raw.kind in KINDS
        and (raw.followers is None or 0 <= raw.followers <= COUNT_LIMIT)
        and (raw.reach is None or 0 <= raw.reach <= COUNT_LIMIT)
        and (raw.published_at is None or raw.published_at.utcoffset() is not None)
        and (raw.edited_at is None or raw.edited_at.utcoffset() is not None)
    )


def refused(raw: RawMention) -> list[Problem]:
    """The problems for which a mention cannot be taken in."""
    return [problem for problem in check(raw) if problem.refuses]


def _problem(field: str, code: str, *, refuses: bool = True, **values: object) -> Problem:
    return Problem(field, code, WORDS[code].put(field=field, **values), refuses)


def _text_problems(raw: RawMention) -> Iterator[Problem]:
    if not raw.external_id.strip():
        yield _problem("external_id", "missing")
    if not readable(raw.text).strip():
        yield _problem("text", "missing")
    for field, limit in _LENGTHS:
        if len(value := getattr(raw, field)) > limit:
            yield _problem(field, "too_long", length=len(value), limit=limit)
    for field in _NAMES:
        if value := getattr(raw, field):
            yield from _storage_problems(field, value)


def _storage_problems(field: str, value: str) -> Iterator[Problem]:
    # isprintable() and isascii() are far cheaper than the search and true of most short fields
    if not (value.isascii() and value.isprintable()) and (bad := _UNSTORABLE.search(value)):
        yield _problem(field, "unstorable", character=f"U+{ord(bad.group()):04X}")


def _form_problems(raw: RawMention) -> Iterator[Problem]:
    if raw.url and not is_web_address(raw.url):
        yield _problem("url", "not_a_web_address")
    if raw.author_url and not is_web_address(raw.author_url):
        yield _problem("author_url", "not_a_web_address")
    if not _NETWORK.fullmatch(raw.network):
        yield _problem("network", "bad_network")
    if not _LANGUAGE.fullmatch(raw.language):
        yield _problem("language", "bad_language")
    if raw.kind not in KINDS:
        yield _problem("kind", "bad_kind", kinds=", ".join(KINDS))
    for field, count in (("followers", raw.followers), ("reach", raw.reach)):
        if count is not None and not 0 <= count <= COUNT_LIMIT:
            yield _problem(field, "bad_count")


def _date_problems(published_at: datetime | None, now: datetime | None) -> Iterator[Problem]:
    if published_at is None:
        return
    if published_at.utcoffset() is None:
        yield _problem("published_at", "naive_date")
    elif now is not None and published_at > now + FUTURE_TOLERANCE:
        yield _problem("published_at", "future_date", refuses=False)


def is_web_address(url: str) -> bool:
    """Whether a link may be shown as one: http or https, never javascript: or data:."""
    return url[:8].lower().startswith(("http://", "https://")) and not any(c.isspace() for c in url)


def storable(text: str) -> str:
    """The text without what PostgreSQL or a page cannot hold: NUL, control characters, lone surrogates."""
    return text if text.isascii() and text.isprintable() else _UNSTORABLE.sub("", text)


def readable(text: str) -> str:
    """The text in NFC without control characters, marks that turn the direction of what follows, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable() and _UNREADABLE.search(text):
        text = _UNREADABLE.sub("", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def normalised(raw: RawMention) -> RawMention:
    """The mention as it can be kept: text, title and name of its author readable, ids and addresses storable.

    `original` is the text as it came where it differs. The very same object when there is nothing to change.
    """
    if not _fits(raw):
        ids = {name: fitting_id(storable(getattr(raw, name))) for name in ("external_id", "reply_to", "refers_to")}
        others = {name: storable(getattr(raw, name)) for name in ("url", "author_url", "author_handle")}
        raw = msgspec.structs.replace(raw, **ids, **others)
    text, title, name = readable(raw.text), readable(raw.title), readable(raw.author_name)
    bio = readable(raw.author_bio) if raw.author_bio else ""
    if text == raw.text and title == raw.title and name == raw.author_name and bio == raw.author_bio:
        return raw
    original = raw.original or (raw.text if text != raw.text else "")
    return msgspec.structs.replace(raw, text=text, title=title, author_name=name, author_bio=bio, original=original)


def _fits(raw: RawMention) -> bool:
    ids = raw.external_id, raw.reply_to, raw.refers_to
    names = f"{raw.url}{raw.author_url}{raw.author_handle}"
    return max(map(len, ids)) <= EXTERNAL_ID_LIMIT and "".join((*ids, names)).isprintable()


def whole(title: str, text: str) -> str:
    """Title and text, the title once: feeds often begin the text with it."""
    return text if not title or text.startswith(title) else f"{title}\n{text}"


def content_id(*parts: str) -> str:
    """An external id for what has none: a hash of its content, the same at each reading."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return "sha256:" + hashlib.sha256(joined).hexdigest()[:40]


def fitting_id(external_id: str) -> str:
    """The id itself, or its hash when it is longer than the limit."""
    return external_id if len(external_id) <= EXTERNAL_ID_LIMIT else content_id(external_id)


def language_hint(written: str) -> str:
    """A language code such as "fr" or "fr-CA"; "" when what is written is not one."""
    code = written.strip().replace("_", "-")
    main, dash, rest = code.partition("-")
    code = main.lower() + dash + rest
    return code if _LANGUAGE.fullmatch(code) else ""


def in_utc(moment: datetime) -> datetime:
    """An aware moment in UTC; at the two ends of the calendar, where UTC may not exist, as it is."""
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return moment.replace(tzinfo=UTC)
