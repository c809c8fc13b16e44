"""A post (t3) or a comment (t1) of Reddit, and the mention that it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from clients.listening.collectors.plain import link, tidy
from clients.listening.raw import LIMITS, TEXT_LIMIT, RawMention

SITE = "https://www.reddit.com"
DELETED = "[deleted]"  # by its author…
_AUTHOR = re.compile(r"[\w-]{1,60}", re.ASCII)  # not "[deleted]"
_REMOVED = frozenset({DELETED, "[removed]", "[ Removed by Reddit ]"})  # …or by others


def things(answer: Any) -> list[Mapping[str, Any]]:
    """The posts and comments of a listing, as it orders them; nothing where it is not a listing."""
    listing = answer.get("data") if isinstance(answer, dict) else None
    children = listing.get("children") if isinstance(listing, dict) else None
    return [
        child["data"]
        for child in (children if isinstance(children, list) else [])
        if isinstance(child, dict) and child.get("kind") in ("t1", "t3") and isinstance(child.get("data"), dict)
        if child["data"].get("name")
    ]


def name_of(thing: Mapping[str, Any]) -> str:
    """Reddit's "fullname" of a thing, such as t3_1abc2d."""
    return str(thing["name"])[:100]


def made_at(thing: Mapping[str, Any]) -> float:
    """When it was published, in unix seconds; 0 where Reddit does not say."""
    made = thing.get("created_utc")
    return float(made) if isinstance(made, int | float) else 0.0


def is_gone(thing: Mapping[str, Any]) -> bool:
    """Whether its words were taken away, by its author or by somebody else."""
    written = str(thing.get("body") if "body" in thing else thing.get("selftext") or "")
    return written.strip() in _REMOVED or bool(thing.get("removed_by_category"))


def to_mention(thing: Mapping[str, Any]) -> RawMention | None:
    """Its mention; a comment's title is that of the post which it is under. None when it says nothing."""
    is_comment = name_of(thing).startswith("t1_")
    title = _line(thing.get("link_title") if is_comment else thing.get("title"))
    text = tidy(str(thing.get("body") or "")) if is_comment else _post_text(thing, title)
    if not text:
        return None
    author = str(thing.get("author") or "")
    author = author if _AUTHOR.fullmatch(author) else ""
    crossposted = str(thing.get("crosspost_parent") or "")
    return RawMention(
        external_id=name_of(thing),
        text=text[:TEXT_LIMIT],
        published_at=_moment(thing.get("created_utc")),
        edited_at=_moment(thing.get("edited")),
        url=link(str(thing.get("permalink") or ""), SITE),
        title=title[: LIMITS["title"]],
        network="reddit",
        author_handle=author[: LIMITS["author_handle"]],
        author_url=f"{SITE}/user/{author}" if author else "",
        reply_to=str(thing.get("parent_id") or "")[:100] if is_comment else "",
        refers_to=crossposted[:100],
        kind="reply" if is_comment else "repost" if crossposted else "post",
    )


def _post_text(thing: Mapping[str, Any], title: str) -> str:
    """What a post says; a post that only leads somewhere says its title, and where."""
    if written := tidy(str(thing.get("selftext") or "")):
        return written
    leads_to = "" if thing.get("is_self") else link(str(thing.get("url") or ""), SITE)
    return f"{title}\n{leads_to}".strip()


def _line(value: Any) -> str:
    return tidy(str(value or "")).replace("\n", " ")


def _moment(seconds: Any) -> datetime | None:
    """A moment in unix seconds; Reddit writes `false` for "never edited"."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
