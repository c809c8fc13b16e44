"""A post of X's API v2 with what it includes, and the mention that it becomes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from clients.listening.collectors.plain import tidy
from clients.listening.raw import LIMITS, ORIGINAL_LIMIT, TEXT_LIMIT, Kind, RawMention, is_web_address, language_hint

EPOCH_MS = 1_288_834_974_657  # ids are moments since 2010-11-04 01:42:54.657 UTC, shifted by 22 bits ("snowflakes")
FIELDS = {
    "tweet.fields": "created_at,lang,note_tweet,entities,referenced_tweets,public_metrics,edit_history_tweet_ids",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
    "user.fields": "username,name,public_metrics,description",
}
_NO_LANGUAGES = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})  # X's own codes for "none"
_HANDLE = re.compile(r"\w{1,50}", re.ASCII)
_ID = re.compile(r"[0-9]{1,20}")
_KINDS: tuple[tuple[str, Kind], ...] = (("retweeted", "repost"), ("quoted", "quote"), ("replied_to", "reply"))


def moment_of(post_id: str) -> datetime | None:
    """When a post was made, from its id; None when it is not one."""
    try:
        return datetime.fromtimestamp(((int(post_id) >> 22) + EPOCH_MS) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def id_at(moment: datetime) -> int:
    """The smallest id that a post made at that moment can have."""
    return max(int(moment.timestamp() * 1000) - EPOCH_MS, 0) << 22


def ids_of(answer: Any) -> list[str]:
    """The ids of the posts in an answer, as it orders them."""
    return [str(post["id"]) for post in _listed(answer, "data") if _is_id(post.get("id"))]


def to_mentions(answer: Any) -> list[RawMention]:
    """The mentions in an answer; what has no id or no text is left out."""
    included = answer.get("includes") if isinstance(answer, dict) else None
    users = {str(user.get("id")): user for user in _listed(included, "users")}
    posts = {str(post.get("id")): post for post in _listed(included, "tweets")}
    found = (_to_mention(post, users, posts) for post in _listed(answer, "data"))
    return [mention for mention in found if mention]


def gone(answer: Any) -> list[str]:
    """Ids of posts that others refer to and that X no longer has: deleted, or their account is."""
    return [
        str(error.get("resource_id") or error.get("value") or "")
        for error in _listed(answer, "errors")
        if error.get("resource_type") == "tweet" and error.get("title") == "Not Found Error"
    ]


def _to_mention(
    post: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]], posts: Mapping[str, Mapping[str, Any]]
) -> RawMention | None:
    post_id, written = str(post.get("id") or ""), str(post.get("text") or "")
    references = {
        str(one.get("type")): str(one.get("id")) for one in _listed(post, "referenced_tweets") if _is_id(one.get("id"))
    }
    kind: Kind = next((kind for name, kind in _KINDS if name in references), "post")
    text = _text(post, users, posts.get(references.get("retweeted", "")))
    if not _is_id(post_id) or not text:
        return None
    author_id = str(post.get("author_id") or "")
    author = users.get(author_id, {})
    name = str(author.get("username") or "")
    handle = name if _HANDLE.fullmatch(name) else author_id if _is_id(author_id) else ""
    first = _first_id(post)
    return RawMention(
        external_id=first,
        text=text[:TEXT_LIMIT],
        published_at=moment_of(first) or _moment(post),
        edited_at=None if first == post_id else _moment(post) or moment_of(post_id),
        url=f"https://x.com/{name if handle == name and name else 'i'}/status/{post_id}",
        language=_language(str(post.get("lang") or "")),
        network="x",
        author_handle=handle[: LIMITS["author_handle"]],
        author_name=tidy(str(author.get("name") or ""))[: LIMITS["author_name"]],
        author_url=f"https://x.com/{name}" if handle == name and name else "",
        author_bio=tidy(html.unescape(str(author.get("description") or "")))[: LIMITS["author_bio"]],
        followers=_count(author, "followers_count"),
        reach=_count(post, "impression_count"),
        reply_to=_named(references.get("replied_to"), posts),
        refers_to=_named(references.get("retweeted") or references.get("quoted"), posts),
        kind=kind,
        original="" if text == written else written[:ORIGINAL_LIMIT],
    )


def _text(post: Mapping[str, Any], users: Mapping[str, Any], reposted: Mapping[str, Any] | None) -> str:
    """All that was written, links as they lead; of a repost, which comes cut, the text of what is reposted."""
    if reposted:
        name = users.get(str(reposted.get("author_id")), {}).get("username")
        whole = _text(reposted, users, None)
        return f"RT @{name}: {whole}" if name else f"RT {whole}"
    long = post.get("note_tweet")
    holder = long if isinstance(long, dict) and long.get("text") else post
    text = str(holder.get("text") or "")
    for link in _listed(holder.get("entities") or post.get("entities"), "urls"):
        text = text.replace(str(link.get("url") or "\0"), _leads_to(link))
    return tidy(html.unescape(text))


def _leads_to(link: Mapping[str, Any]) -> str:
    """Where a shortened link leads; "" for one that only stands for the post's own picture."""
    if link.get("media_key"):
        return ""
    wanted = str(link.get("unwound_url") or link.get("expanded_url") or link.get("url") or "")
    return wanted if is_web_address(wanted) else str(link.get("url") or "")


def _first_id(post: Mapping[str, Any]) -> str:
    """The id under which a post was first published: each edit gives it another."""
    history = post.get("edit_history_tweet_ids")
    first = str(history[0]) if isinstance(history, list) and history else ""
    return first if _is_id(first) else str(post.get("id") or "")


def _named(post_id: str | None, posts: Mapping[str, Mapping[str, Any]]) -> str:
    if not post_id:
        return ""
    return _first_id(posts[post_id]) if post_id in posts else post_id


def _is_id(value: Any) -> bool:
    return _ID.fullmatch(str(value)) is not None


def _moment(post: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(post.get("created_at") or ""))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _language(code: str) -> str:
    return "" if code in _NO_LANGUAGES else language_hint(code)


def _count(holder: Mapping[str, Any], name: str) -> int | None:
    metrics = holder.get("public_metrics")
    count = metrics.get(name) if isinstance(metrics, dict) else None
    return count if isinstance(count, int) and count >= 0 else None


def _listed(holder: Any, name: str) -> Iterable[Mapping[str, Any]]:
    """The objects of a list in an answer; nothing where the answer is not as it should be."""
    listed = holder.get(name) if isinstance(holder, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
