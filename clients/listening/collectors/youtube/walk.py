"""Walks the threads of a channel or a video, newest first, without losing what a walk did not reach.

The state of a place is {"newest": seconds, "gap": {"token": page, "until": seconds}}: all threads up to `newest` were
read, but for those between that page and `until`. One gap at a time: it is read to its end before what is newer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clients.listening.collectors.protocol import CollectError
from clients.listening.collectors.youtube.asking import OF_ONE_TARGET, YouTube
from clients.listening.collectors.youtube.comments import (
    comments_of,
    items,
    published_at,
    reply_count,
    to_mention,
    video_of,
)
from clients.listening.matching import Matcher
from clients.listening.raw import RawMention
from clients.listening.words import Words

PAGE = 100
AT_ONCE = 50  # ids in one call
OVERLAP_S = 3_600.0  # older ones of the last page are taken too: those held for review come in late, at their own date
KEPT = 400  # threads whose edits, replies and deletions are looked for…
KEPT_S = 72 * 3_600.0  # …for so long


class _PageForgotten(Exception):
    """The page to go on from is not known any more."""


@dataclass(frozen=True)
class Place:
    """Where comments are read: `name` for people, `params` for YouTube. `is_found`: a search found it, so that only
    what a watch wants is kept."""

    name: str
    params: tuple[tuple[str, str], ...]
    is_found: bool = False

    @property
    def key(self) -> str:
        return ":".join(self.params[0])


@dataclass
class Reading:
    """What one reading has brought so far.

    `kept` are threads to look at again: id -> [made (unix seconds), replies counted, video, place was found by a
    search, whether replies are still to be read]. A list, as it comes back from the cursor.
    """

    matcher: Matcher | None
    titles: dict[str, str]
    kept: dict[str, list[Any]]
    threads: list[tuple[Mapping[str, Any], bool]] = field(default_factory=list)
    replies: list[tuple[Mapping[str, Any], str, bool]] = field(default_factory=list)
    mentions: dict[str, RawMention] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    notes: list[Words] = field(default_factory=list)
    pages: int = 0
    trouble: CollectError | None = None

    def take_all(self) -> None:
        """Turns what was read into mentions, now that the videos' titles are known."""
        for thread, is_found in self.threads:
            for comment in comments_of(thread):
                self._take(comment, video_of(thread), is_found=is_found)
        for comment, video, is_found in self.replies:
            self._take(comment, video, is_found=is_found)

    def _take(self, comment: Mapping[str, Any], video: str, *, is_found: bool) -> None:
        mention = to_mention(comment, video=video, title=self.titles.get(video, ""))
        if mention and (not is_found or self.is_wanted(mention)):
            self.mentions[mention.external_id] = mention

    def is_wanted(self, mention: RawMention) -> bool:
        """Whether a watch asks for it."""
        text = f"{mention.title}\n{mention.text}"
        return self.matcher is None or bool(self.matcher.matches(text, mention.author_handle))


def read_place(
    youtube: YouTube, place: Place, state: Mapping[str, Any], since: float, reading: Reading
) -> dict[str, Any]:
    """Reads what is new in a place; its new state. Raises CollectError."""
    newest, gap = float(state.get("newest") or 0), dict(state.get("gap") or {})
    if gap:
        try:
            left = _walk(youtube, place, gap["token"], gap["until"], reading)[1]
        except _PageForgotten:
            newest, left = gap["until"], ""  # YouTube no longer knows the page: all is read again from the top
        if left:
            return {"newest": newest, "gap": {"token": left, "until": gap["until"]}}
    until = newest or since
    top, left = _walk(youtube, place, "", until, reading)
    fresh: dict[str, Any] = {"newest": max(newest, top)}
    if left:
        fresh["gap"] = {"token": left, "until": until}
    return fresh


def _walk(youtube: YouTube, place: Place, token: str, until: float, reading: Reading) -> tuple[float, str]:
    """Pages down to a moment; the newest date met, and the page to go on from ("" when all was met)."""
    newest, met = 0.0, set[str]()
    while youtube.can():
        try:
            answer = youtube.get(
                "commentThreads", part="snippet,replies", order="time", maxResults=PAGE, pageToken=token,
                **dict(place.params),
            )  # fmt: skip
        except CollectError as failure:
            if failure.code == "old_page":
                raise _PageForgotten from failure
            if failure.code in OF_ONE_TARGET or not reading.pages:
                raise
            reading.trouble = failure
            return newest, token
        reading.pages += 1
        threads = items(answer)
        dates = [_seconds(thread) for thread in threads]
        for thread, made in zip(threads, dates, strict=True):
            _take_thread(thread, made, until, place, reading)
        newest = max([newest, *dates])
        ids = {str(thread.get("id")) for thread in threads}
        token = str(answer.get("nextPageToken") or "") if isinstance(answer, dict) else ""
        if not token or not ids or ids <= met or min(dates) <= until:
            return newest, ""
        met |= ids
    return newest, token


def _take_thread(thread: Mapping[str, Any], made: float, until: float, place: Place, reading: Reading) -> None:
    """Keeps a thread that is new, or that has got replies since."""
    thread_id, count = str(thread.get("id") or ""), reply_count(thread)
    known = reading.kept.get(thread_id)
    if not thread_id or (known is None and made < until - OVERLAP_S) or (known and known[1] == count):
        return
    reading.threads.append((thread, place.is_found))
    reading.kept[thread_id] = [made, count, video_of(thread), place.is_found, not _came_whole(thread)]


def _came_whole(thread: Mapping[str, Any]) -> bool:
    return len(comments_of(thread)) > reply_count(thread)


def read_replies(youtube: YouTube, reading: Reading) -> None:
    """The replies that did not come with their thread, as long as calls are left; the next reading takes the rest."""
    for thread_id, entry in reading.kept.items():
        if not entry[4]:
            continue
        if reading.trouble or not _read_replies_of(youtube, thread_id, entry, reading):
            return
        entry[4] = False


def _read_replies_of(youtube: YouTube, thread_id: str, entry: list[Any], reading: Reading) -> bool:
    """Reads all replies of a thread; False when it did not come to their end."""
    token, met = "", set[str]()
    while youtube.can():
        try:
            answer = youtube.get("comments", part="snippet", parentId=thread_id, maxResults=PAGE, pageToken=token)
        except CollectError as failure:
            reading.trouble = None if failure.code in OF_ONE_TARGET else failure
            return reading.trouble is None
        replies = [one for one in items(answer) if one.get("id")]
        reading.replies += [(reply, entry[2], entry[3]) for reply in replies]
        ids = {str(reply["id"]) for reply in replies}
        token = str(answer.get("nextPageToken") or "") if isinstance(answer, dict) else ""
        if not token or ids <= met:
            return True
        met |= ids
    return False


def look_again(youtube: YouTube, ids: list[str], reading: Reading) -> None:
    """Asks what became of threads already read: edits and new replies are taken in, those not given back are gone."""
    if not ids or reading.trouble or not youtube.can():
        return
    try:
        answer = youtube.get("commentThreads", part="snippet,replies", id=",".join(ids))
    except CollectError as failure:
        reading.trouble = failure
        return
    found = {str(thread.get("id")): thread for thread in items(answer)}
    if not found:
        return  # an answer without any of them says more of the answer than of them
    for thread_id in ids:
        if thread_id not in found:
            reading.deleted.add(thread_id)
            reading.kept.pop(thread_id, None)
            continue
        thread, entry = found[thread_id], reading.kept[thread_id]
        if entry[1] != reply_count(thread) or _is_edited(thread):
            reading.threads.append((thread, entry[3]))
            entry[4] = entry[4] or (entry[1] != reply_count(thread) and not _came_whole(thread))
            entry[1] = reply_count(thread)


def still_kept(kept: Mapping[str, list[Any]], now: datetime) -> dict[str, list[Any]]:
    """The threads young enough to be looked at again, the newest KEPT of them."""
    young = {key: list(value) for key, value in kept.items() if value[0] > now.timestamp() - KEPT_S}
    return dict(sorted(young.items(), key=lambda item: -item[1][0])[:KEPT])


def _is_edited(thread: Mapping[str, Any]) -> bool:
    first = comments_of(thread)[:1]
    said = first[0].get("snippet") if first else None
    return isinstance(said, dict) and said.get("updatedAt") != said.get("publishedAt")


def _seconds(thread: Mapping[str, Any]) -> float:
    first = comments_of(thread)[:1]
    moment = published_at(first[0]) if first else None
    return moment.timestamp() if moment else 0.0
