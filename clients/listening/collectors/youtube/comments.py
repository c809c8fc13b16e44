"""Comments and videos as YouTube's Data API (v3) writes them, and the mentions that they become."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from clients.listening.collectors.plain import from_html, tidy
from clients.listening.raw import LIMITS, ORIGINAL_LIMIT, TEXT_LIMIT, RawMention, fitting_id, is_web_address

SITE = "https://www.youtube.com"
VIDEO = re.compile(r"(?:.*?(?:[?&]v=|youtu\.be/|/shorts/|/live/|/embed/))?([A-Za-z0-9_-]{11})(?:[?&#].*)?")
CHANNEL = re.compile(r"(?:.*?/channel/)?(UC[A-Za-z0-9_-]{22})(?:/.*)?")
HANDLE = re.compile(r"(?:(?:https?://)?(?:www\.)?youtube\.com/)?@([\w.·-]{3,30})(?:/.*)?")


def items(answer: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; nothing where the answer is not one."""
    listed = answer.get("items") if isinstance(answer, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def comments_of(thread: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The first comment of a thread, and those of its replies that came with it (five at most)."""
    first = _part(thread, "snippet").get("topLevelComment")
    replies = _part(thread, "replies").get("comments")
    found = [first, *(replies if isinstance(replies, list) else [])]
    return [one for one in found if isinstance(one, dict) and one.get("id")]


def reply_count(thread: Mapping[str, Any]) -> int:
    """How many replies a thread has, those that did not come with it included."""
    count = _part(thread, "snippet").get("totalReplyCount")
    return count if isinstance(count, int) else 0


def video_of(thread: Mapping[str, Any]) -> str:
    """The video that a thread is under; "" for one on the channel itself."""
    return str(_part(thread, "snippet").get("videoId") or "")


def published_at(thing: Mapping[str, Any]) -> datetime | None:
    """When a comment or a video was published."""
    return _moment(_part(thing, "snippet").get("publishedAt"))


def to_mention(comment: Mapping[str, Any], *, video: str, title: str) -> RawMention | None:
    """The mention of a comment; its title is the video's. None when it says nothing."""
    said = _part(comment, "snippet")
    shown = str(said.get("textDisplay") or "")
    text = tidy(str(said.get("textOriginal") or "")) or from_html(shown)
    if not text:
        return None
    comment_id = str(comment["id"])
    name = tidy(str(said.get("authorDisplayName") or ""))
    channel = _channel(_part(said, "authorChannelId").get("value"))
    written, changed = _moment(said.get("publishedAt")), _moment(said.get("updatedAt"))
    parent = str(said.get("parentId") or "")
    return RawMention(
        external_id=fitting_id(comment_id),
        text=text[:TEXT_LIMIT],
        published_at=written,
        edited_at=changed if changed and written and changed > written else None,
        url=_address(comment_id, video, _channel(said.get("channelId"))),
        title=title[: LIMITS["title"]],
        network="youtube",
        author_handle=(name.removeprefix("@") or channel)[: LIMITS["author_handle"]],
        author_name=name[: LIMITS["author_name"]],
        author_url=f"{SITE}/channel/{channel}" if channel else "",
        reply_to=fitting_id(parent),
        kind="reply" if parent else "post",
        original="" if shown == text else shown[:ORIGINAL_LIMIT],
    )


def video_to_mention(found: Mapping[str, Any]) -> RawMention | None:
    """The mention of a video that a search found. None when it is not one."""
    video, said = str(_part(found, "id").get("videoId") or ""), _part(found, "snippet")
    title = tidy(html.unescape(str(said.get("title") or ""))).replace("\n", " ")
    if not VIDEO.fullmatch(video) or not title:
        return None
    channel = _channel(said.get("channelId"))
    name = tidy(html.unescape(str(said.get("channelTitle") or "")))
    return RawMention(
        external_id=video,
        text=(tidy(html.unescape(str(said.get("description") or ""))) or title)[:TEXT_LIMIT],
        published_at=_moment(said.get("publishedAt")),
        url=f"{SITE}/watch?v={video}",
        title=title[: LIMITS["title"]],
        network="youtube",
        author_handle=(name or channel)[: LIMITS["author_handle"]],
        author_name=name[: LIMITS["author_name"]],
        author_url=f"{SITE}/channel/{channel}" if channel else "",
    )


def titles_of(answer: Any) -> dict[str, str]:
    """The titles of videos, by id."""
    return {
        str(one.get("id")): tidy(str(_part(one, "snippet").get("title") or "")).replace("\n", " ")[:200]
        for one in items(answer)
    }


def _address(comment_id: str, video: str, channel: str) -> str:
    page = f"watch?v={video}&" if video else f"channel/{channel}/community?" if channel else ""
    address = f"{SITE}/{page}lc={comment_id}" if page else ""
    return address if is_web_address(address) and len(address) <= LIMITS["url"] else ""


def _channel(value: Any) -> str:
    written = str(value or "")
    return written if re.fullmatch(r"[\w-]{1,64}", written, re.ASCII) else ""


def _moment(written: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(written or ""))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _part(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = holder.get(name)
    return part if isinstance(part, dict) else {}
