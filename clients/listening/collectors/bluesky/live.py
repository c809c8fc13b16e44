"""One turn of listening to everything that is posted on Bluesky: from where the last one ended up to now.

A stream carries all the network, so what no watch wants is let go here. Each turn catches up and hangs up: a worker
that dies loses nothing, the next one goes on from the position that was saved with the posts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clients.listening.collectors.asking import Asking
from clients.listening.collectors.bluesky.account import people, records
from clients.listening.collectors.bluesky.firehose import NO_BLOCK, TOO_BIG, Firehose
from clients.listening.collectors.bluesky.jetstream import KEPT_FOR, Jetstream
from clients.listening.collectors.bluesky.kept import Kept
from clients.listening.collectors.bluesky.post import Person, language, mention, repost, subject, uri, words
from clients.listening.collectors.bluesky.search import NOTHING_TO_HEAR, speaking
from clients.listening.collectors.bluesky.stream import REPOSTS, Event, Stream, Unreadable, moment
from clients.listening.collectors.protocol import Fetched, OutgoingNetwork, PassingFailure
from clients.listening.collectors.websocket import Line, open_line
from clients.listening.matching import Matcher, Wanted
from clients.listening.raw import RawMention
from clients.listening.words import Words

STREAMS: dict[str, type[Stream]] = {"jetstream": Jetstream, "firehose": Firehose}
ADDRESSES = {
    "jetstream": (
        "wss://jetstream2.us-east.bsky.network/subscribe",
        "wss://jetstream1.us-west.bsky.network/subscribe",
    ),
    "firehose": ("wss://bsky.network",),
}
LISTEN_S = 20.0  # the longest turn; what is left is heard in the next
QUIET_S = 3.0  # without a message for so long, all is heard
NOW_ENOUGH = timedelta(seconds=1)  # an event as recent as that: we have caught up
POSTS_A_TURN = 2_000
DELETIONS_A_TURN = 5_000

_LOST = Words(
    "le flux ne remonte pas assez loin\u00a0: ce qui s’est dit entre {since} et {until} (UTC) lui manque, "
    "la recherche le retrouve si un compte est indiqué",
    "the stream does not go back far enough: it lacks what was said between {since} and {until} (UTC), "
    "the search finds it again if an account is given",
)
_BEGUN_ANEW = Words(
    "le serveur a recommencé sa numérotation\u00a0: tout ce qu’il garde est relu",
    "the server began its numbering anew: all that it keeps is read again",
)
_UNREADABLE = Words(
    "messages illisibles dans le flux\u00a0: {count}, les autres sont lus",
    "messages of the stream that cannot be read: {count}, the others are read",
)
_BROKEN_OFF = Words(
    "le flux s’est interrompu avant son premier message", "the stream broke off before its first message"
)
_REFUSED = Words("le flux refuse de répondre ({reason})", "the stream refuses to answer ({reason})")


class _NumberedAnew(Exception):
    """The server has not yet come as far as our position: it is not the numbering that we knew."""


@dataclass(frozen=True)
class Place:
    """Where a stream has been heard up to: its own position, and the moment of the last event."""

    position: int | None = None
    at: datetime | None = None


class Turn:
    """What is heard and kept in one turn."""

    def __init__(self, stream: Stream, place: Place, wanted: Sequence[Wanted], kept: Kept, now: datetime) -> None:
        self._stream, self._now = stream, now
        self._matcher = Matcher(wanted)
        self._kept = kept
        self._since = place.at
        self._is_outdated = False
        self.place = place
        self.posts: list[Event] = []
        self.reposts: list[Event] = []
        self.deleted: dict[str, None] = {}
        self.notes: list[Words] = []
        self.lost_since: datetime | None = None
        self.is_all_heard = False
        self._events = self._unread = 0

    def listen(self, line: Line) -> None:
        """Takes in what the line brings until now is reached. Raises PassingFailure, _NumberedAnew."""
        for message in line.messages(seconds=LISTEN_S, quiet_s=QUIET_S):
            try:
                events = self._stream.read(message)
            except Unreadable:
                self._unread += 1
                continue
            for event in events:
                self._take(event)
            if self._has_caught_up() or self._is_full():
                break
        if line.ended == "closed" and not self._events:
            raise PassingFailure("broken_off", _BROKEN_OFF)
        self.is_all_heard = line.ended in ("quiet", "closed") or self._has_caught_up()
        if line.ended == "quiet" and not self._events:
            self._stay()
        if self._unread:
            self.notes.append(_UNREADABLE.put(count=self._unread))

    def _stay(self) -> None:
        """Nothing was said. A server asked for the first time, and from now on, may keep what was said before."""
        self.is_all_heard = self.place.position is not None
        self.place = Place(self._stream.when_silent(self.place.position, self._now), self.place.at)

    def _take(self, event: Event) -> None:
        if event.action == "notice":
            self._heed(event)
            return
        if not self._events:
            self._note_loss(event)
        self._events += 1
        self.place = Place(max(self.place.position or 0, event.position), event.at or self.place.at)
        address = uri(event.did, event.rkey, event.collection)
        if event.action in ("create", "update") and event.collection == REPOSTS:
            self._hear_again(event, address)
        elif event.action in ("create", "update"):
            self._hear(event, address)
        elif event.action == "delete":
            self.deleted[address] = None
        elif event.action == "account_gone":
            self.deleted |= dict.fromkeys(self._kept.of(event.did))

    def _hear(self, event: Event, address: str) -> None:
        """Keeps a post that a watch wants; an edit that takes the brand's name out of a kept one is an edit all the
        same. A post made again under its old address is not deleted any more."""
        record = event.record or {}
        is_edit_of_ours = event.action == "update" and address in self._kept
        if is_edit_of_ours or self._matcher.matches(words(record), language=language(record)):
            self.posts.append(event)
            self.deleted.pop(address, None)
            self._kept.keep(address, "")

    def _hear_again(self, event: Event, address: str) -> None:
        """Keeps the repost of a post that was kept: its words are not in it."""
        if subject(event.record or {}) in self._kept:
            self.reposts.append(event)
            self.deleted.pop(address, None)

    def _heed(self, event: Event) -> None:
        """What the stream says of itself. What a commit was too big to carry is counted as unread."""
        if event.notice == "FutureCursor":
            raise _NumberedAnew
        if event.notice in (TOO_BIG, NO_BLOCK):
            self._unread += 1
        elif event.notice == "OutdatedCursor":
            self._is_outdated = True
        elif event.notice != "ConsumerTooSlow" and not self._events:
            raise PassingFailure("refused", _REFUSED.put(reason=event.notice[:100]))

    def _note_loss(self, first: Event) -> None:
        """Whether the stream began later than we asked. Version 1 of Jetstream does not say so."""
        since, until = self._since, first.at
        if since is None or until is None or until <= since:
            return
        silently = isinstance(self._stream, Jetstream) and self._now - since > KEPT_FOR
        if self._is_outdated or silently:
            self.lost_since = since
            self.notes.append(_LOST.put(since=f"{since:%Y-%m-%d %H:%M}", until=f"{until:%Y-%m-%d %H:%M}"))

    def _has_caught_up(self) -> bool:
        return self._events > 0 and self.place.at is not None and self.place.at >= self._now - NOW_ENOUGH

    def _is_full(self) -> bool:
        return len(self.posts) + len(self.reposts) >= POSTS_A_TURN or len(self.deleted) >= DELETIONS_A_TURN


def listen(
    mode: str, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
) -> Fetched:
    """One turn on the first of the addresses that answers. Raises CollectError."""
    wanted = _wanted(settings)
    failures: list[PassingFailure] = []
    for address in _addresses(mode, settings):
        try:
            return _Listening(mode, address, wanted, settings, cursor, http, now).fetch()
        except PassingFailure as failure:
            failures.append(failure)
    raise failures[0]


class _Listening:
    """One turn at one address."""

    def __init__(
        self,
        mode: str,
        address: str,
        wanted: Sequence[Wanted],
        settings: Mapping[str, Any],
        cursor: Mapping[str, Any],
        http: OutgoingNetwork,
        now: datetime,
    ) -> None:
        self._stream = STREAMS[mode]()
        self._address, self._wanted, self._cursor, self._http, self._now = address, wanted, cursor, http, now
        self._people = Asking(http, str(settings.get("appview") or ""), now=now)
        self._has_people = bool(settings.get("appview"))
        self._name = mode if mode == "jetstream" else f"{mode} {address}"
        self._bytes = self._lines = 0

    def fetch(self) -> Fetched:
        """Raises CollectError."""
        place = self._last_place()
        try:
            turn, kept = self._turn(place)
        except _NumberedAnew:
            turn, kept = self._turn(Place(0, place.at))
            turn.notes.append(_BEGUN_ANEW)
        return self._fetched(turn, kept)

    def _turn(self, place: Place) -> tuple[Turn, Kept]:
        again = None if place.position is None else self._stream.again(place.position)
        kept = Kept(self._cursor, self._now)
        turn = Turn(self._stream, place, self._wanted, kept, self._now)
        url = self._stream.url(self._address, again)
        with open_line(self._http, url, now=self._now) as line:
            self._lines += 1
            try:
                turn.listen(line)
            finally:
                self._bytes += line.bytes
        return turn, kept

    def _last_place(self) -> Place:
        known = (self._cursor.get("places") or {}).get(self._name) or {}
        position = known.get("position")
        return Place(self._stream.beginning(self._now) if position is None else int(position), moment(known.get("at")))

    def _fetched(self, turn: Turn, kept: Kept) -> Fetched:
        mentions = self._mentions(turn.posts, turn.reposts)
        kept.forget(turn.deleted)
        here = {"position": turn.place.position, "at": turn.place.at.isoformat() if turn.place.at else None}
        places = {**(self._cursor.get("places") or {}), self._name: here}
        lost = {"fill": turn.lost_since.isoformat()} if turn.lost_since else {}
        return Fetched(
            mentions,
            {**self._cursor, "places": places, "kept": kept.as_list(), **lost},
            unchanged=not mentions and not turn.deleted,
            bytes=self._bytes + self._people.bytes,
            notes=tuple(turn.notes),
            deleted=tuple(turn.deleted),
            calls=self._lines + self._people.calls,
            has_more=not turn.is_all_heard,
        )

    def _mentions(self, posts: Sequence[Event], reposts: Sequence[Event]) -> tuple[RawMention, ...]:
        dids = [event.did for event in (*posts, *reposts)]
        known = people(self._people, dids) if self._has_people else {}
        shown = self._shown(posts, reposts)
        made = [
            mention(
                post.did,
                post.rkey,
                post.record or {},
                seen_at=post.at,
                by=known.get(post.did) or Person(post.did),
                edited_at=post.at if post.action == "update" else None,
            )
            for post in posts
        ]
        made += [
            repost(
                event.did, event.rkey, record, original, seen_at=event.at, by=known.get(event.did) or Person(event.did)
            )
            for event in reposts
            if (record := event.record or {}) and (original := shown.get(subject(record)))
        ]
        return tuple(filter(None, made))

    def _shown(self, posts: Sequence[Event], reposts: Sequence[Event]) -> dict[str, Mapping[str, Any]]:
        """The posts that are shown again: those of this turn, and the others as the public service has them."""
        found: dict[str, Mapping[str, Any]] = {uri(post.did, post.rkey): post.record or {} for post in posts}
        missing = {subject(event.record or {}) for event in reposts} - found.keys()
        return found | (records(self._people, missing) if self._has_people and missing else {})


def _wanted(settings: Mapping[str, Any]) -> list[Wanted]:
    """What to keep: the words written in the settings, or else the watches. Raises PassingFailure without any."""
    written = [str(query).strip() for query in settings.get("queries") or () if str(query).strip()]
    wanted = [Wanted(0, include=written)] if written else speaking(settings.get("wanted") or ())
    if not wanted:
        raise PassingFailure("nothing_to_hear", NOTHING_TO_HEAR)
    return wanted


def _addresses(mode: str, settings: Mapping[str, Any]) -> list[str]:
    written = [str(address).strip() for address in settings.get("streams") or () if str(address).strip()]
    return written or list(ADDRESSES[mode])
