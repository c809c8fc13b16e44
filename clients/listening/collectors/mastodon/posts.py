"""A Mastodon status as a mention: what its author said, to whom, and how far it may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from clients.listening.collectors.plain import from_html, link, tidy
from clients.listening.raw import (
    LIMITS,
    ORIGINAL_LIMIT,
    TEXT_LIMIT,
    Kind,
    RawMention,
    fitting_id,
    in_utc,
    language_hint,
)

OPEN = frozenset({"public", "unlisted", ""})  # anybody may read these; "private", "direct" and others are closed
_WORDLESS = "[…]"  # a post of pictures alone, none of them described


@dataclass(frozen=True)
class Post:
    """One status. `id` is the instance's own number, `uri` its name on every instance; `parent_id` and `quoted_id` are
    numbers of this instance whose uri the status does not give; `boosted` is what it merely passes on."""

    id: str
    uri: str
    mention: RawMention
    visibility: str = ""
    parent_id: str = ""
    quoted_id: str = ""
    boosted: Post | None = None

    @property
    def is_open(self) -> bool:
        """Whether anybody may read it, and what it passes on."""
        return self.visibility in OPEN and (self.boosted is None or self.boosted.is_open)

    def named(self, uris: Mapping[str, str]) -> RawMention:
        """The mention with the posts it answers or quotes named, as far as `uris` (number → uri) knows them."""
        named = {
            "reply_to": fitting_id(uris.get(self.parent_id, "")),
            "refers_to": self.mention.refers_to or fitting_id(uris.get(self.quoted_id, "")),
        }
        return msgspec.structs.replace(self.mention, **named)


def read(status: Any, domain: str) -> Post | None:
    """A status as a post; None for what is not one. `domain` completes the accounts of the instance itself."""
    number, uri = _written(status, "id"), _written(status, "uri") or _written(status, "url")
    account = status.get("account") if isinstance(status, dict) else None
    if not number or not uri or not isinstance(account, dict):
        return None
    boosted = read(status.get("reblog"), domain)
    quoted = _quoted(status)
    parent = _written(status, "in_reply_to_id")
    kind: Kind = "repost" if boosted else "quote" if quoted is not None else "reply" if parent else "post"
    return Post(
        id=number,
        uri=uri,
        mention=_mention(status, account, domain, boosted, kind, fitting_id(_written(quoted, "uri"))),
        visibility=_written(status, "visibility"),
        parent_id=parent,
        quoted_id="" if boosted else _written(quoted, "id") or _written(status.get("quote"), "quoted_status_id"),
        boosted=boosted,
    )


def _mention(
    status: dict[str, Any], account: dict[str, Any], domain: str, boosted: Post | None, kind: Kind, quoted_uri: str
) -> RawMention:
    text, original = (boosted.mention.text, boosted.mention.original) if boosted else _said(status)
    return RawMention(
        external_id=fitting_id(_written(status, "uri") or _written(status, "url")),
        text=text,
        original=original,
        title=boosted.mention.title if boosted else tidy(_written(status, "spoiler_text"))[: LIMITS["title"]],
        published_at=_moment(_written(status, "created_at")),
        edited_at=_moment(_written(status, "edited_at")),
        url=link(_written(status, "url")) or (boosted.mention.url if boosted else link(_written(status, "uri"))),
        language=language_hint(_written(status, "language")),
        network="mastodon",
        author_handle=_handle(account, domain),
        author_name=tidy(_written(account, "display_name"))[: LIMITS["author_name"]],
        author_url=link(_written(account, "url")),
        author_bio=from_html(_written(account, "note")[:ORIGINAL_LIMIT])[: LIMITS["author_bio"]],
        followers=_count(account.get("followers_count")),
        kind=kind,
        refers_to=boosted.mention.external_id if boosted else quoted_uri,
    )


def _said(status: dict[str, Any]) -> tuple[str, str]:
    """The text, with the poll's answers and what is said of the pictures, and the HTML that it was made from."""
    markup = _written(status, "content")
    lines = [from_html(markup)]
    lines += [tidy(_written(option, "title")) for option in _each(status.get("poll"), "options")]
    lines += [_attached(medium) for medium in _each(status, "media_attachments")]
    text = "\n".join(line for line in lines if line)[:TEXT_LIMIT]
    return text or _WORDLESS, markup[:ORIGINAL_LIMIT] if markup != text else ""


def _attached(medium: dict[str, Any]) -> str:
    return f"[{_written(medium, 'type') or 'media'}] {tidy(_written(medium, 'description'))}".strip()


def _quoted(status: dict[str, Any]) -> dict[str, Any] | None:
    """What a status quotes: {} when it is not shown to us. Some servers put the status itself where Mastodon puts a
    quote with its state."""
    quote = status.get("quote")
    if not isinstance(quote, dict):
        return None
    inner = quote.get("quoted_status", quote if "account" in quote else None)
    return inner if isinstance(inner, dict) else {}


def _handle(account: dict[str, Any], domain: str) -> str:
    """user@instance for everybody: an instance writes its own people without it."""
    handle = tidy(_written(account, "acct") or _written(account, "username")).lstrip("@")
    return (handle if "@" in handle or not handle else f"{handle}@{domain}")[: LIMITS["author_handle"]]


def _written(holder: Any, key: str) -> str:
    """A text, or a number written as one: some servers number without quotes."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _each(holder: Any, key: str) -> Iterable[dict[str, Any]]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _count(value: Any) -> int | None:
    """A number of followers; some people hide theirs behind -1."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return in_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
