"""What the narrow streams of a watch are followed through, as the table holds it now.

Where it begins is worked out from the table and the clock alone: two workers, and one that starts again, agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from psycopg.types.range import Range

from clients.listening.reading.gravity import wakes_alone
from clients.models import Watch, WatchHit
from incidents.detection.streams import Heard
from incidents.detection.streams_course import Place, Post
from incidents.detection.streams_topics import topics_of
from incidents.selectors import hits

MOST_FOLLOWED = 5_000  # hits before the anchor, and about as many after it
HABIT = timedelta(days=33)  # four weeks of habit before four days
TOPICS_OF = timedelta(days=3)
THREADS_OF = timedelta(hours=1)
# How often a watch begins anew: the first of these in which not too much was caught.
ROUNDS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=5))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Everything that the streams read of a hit, once: what it is read from and what seals it cannot part.
_READ = """
SELECT h.published_at AS at, h.id, coalesce(h.author_id, -h.mention_id) AS author, h.is_attack, h.is_urgent, h.thread,
       h.is_counted, coalesce(h.author_id = ANY(%(pros)s), false) AS is_pro,
       h.published_at <@ ANY(%(planned)s::tstzrange[]) AS is_planned,
       CASE WHEN h.is_urgent THEN (SELECT intent FROM clients_mention WHERE id = h.mention_id) ELSE '' END AS intent,
       CASE WHEN h.is_urgent OR h.published_at >= %(texts)s
            THEN (SELECT left(text, 2000) FROM clients_mention WHERE id = h.mention_id) ELSE '' END AS text
FROM clients_watchhit h
WHERE h.watch_id = %(watch)s AND h.published_at < %(until)s
    AND (%(all)s OR h.is_attack OR h.is_urgent OR h.author_id = ANY(%(pros)s)
         OR h.thread <> '' AND h.published_at >= %(threads)s)
    AND (h.published_at, h.id) > (%(after_at)s, %(after_id)s)
"""
_SEAL = """hashtextextended(concat_ws(chr(31), at, id, author, is_attack, is_urgent, thread, is_counted, is_pro,
                            is_planned, intent, text), 0)"""
_POSTS = f"SELECT *, {_SEAL} FROM ({_READ}) AS post ORDER BY at, id"  # noqa: S608 - our own words only, as below
_SUM = f"""
SELECT coalesce(sum({_SEAL}), 0) FROM ({_READ} AND (h.published_at, h.id) <= (%(last_at)s, %(last_id)s)) AS post
"""  # noqa: S608
_BEGINNING = f"""
SELECT at, id FROM ({_READ}) AS post WHERE at < %(anchor)s ORDER BY at DESC, id DESC OFFSET %(most)s LIMIT 1
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `begins` up to now. Of what came before the anchor, the newest 5,000 hits; of what came since, all.

    `is_whole` False: a busy watch, of which only what its narrow streams hold is followed, and threads since an hour
    before the anchor.
    """

    watch_id: int
    begins: datetime
    anchor: datetime
    is_whole: bool


def stretch_of(watch: Watch, now: datetime) -> Stretch:
    """Where the streams of the watch are followed from at that moment."""
    anchor = _anchor(watch, now)
    return _stretch(watch, anchor - HABIT, anchor)


def followed(watch: Watch, since: datetime, until: datetime) -> list[Heard]:
    """What the narrow streams hear in [since, until), oldest first, at most 5,000 hits."""
    stored = StoredHits(watch, _stretch(watch, since, until), until)
    return [post.heard for post in stored.after(stored.beginning())]


class StoredHits:
    """The hits of one stretch up to a moment, read from the table when asked (incidents.detection.streams_course)."""

    def __init__(self, watch: Watch, stretch: Stretch, until: datetime) -> None:
        planned = hits.planned_noise(watch, stretch.begins, until)
        self._stretch = stretch
        self._values: dict[str, Any] = {
            "watch": stretch.watch_id,
            "until": until,
            "texts": stretch.anchor - TOPICS_OF,
            "threads": stretch.anchor - THREADS_OF,
            "all": stretch.is_whole,
            "pros": list(hits.professionals()),
            "planned": [Range(begins, ends) for begins, ends in planned if begins < ends],
        }

    def beginning(self) -> Place:
        """Just before the first of the newest hits that came before the anchor."""
        first = (self._stretch.begins, 0)
        if self._stretch.is_whole:
            return first
        found: list[Place] = self._asked(_BEGINNING, first, anchor=self._stretch.anchor, most=MOST_FOLLOWED)
        return found[0] if found else first

    def seal(self, since: Place, until: Place) -> int:
        """Sum of the seals of the hits after `since`, up to and with `until`."""
        return int(self._asked(_SUM, since, last_at=until[0], last_id=until[1])[0][0])

    def after(self, place: Place) -> Sequence[Post]:
        """The hits after that place, oldest first."""
        return [_post(row, is_whole=self._stretch.is_whole) for row in self._asked(_POSTS, place)]

    def _asked(self, question: str, after: Place, **more: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(question, self._values | {"after_at": after[0], "after_id": after[1]} | more)
            return cursor.fetchall()


def _stretch(watch: Watch, begins: datetime, anchor: datetime) -> Stretch:
    return Stretch(watch.pk, begins, anchor, is_whole=_caught(watch, begins, anchor) <= MOST_FOLLOWED)


def _anchor(watch: Watch, now: datetime) -> datetime:
    """The last turn of the watch's clock: of its day, or of its hour or five minutes on a day when too much came.

    Each watch has its own minute of the day, so that not all of them begin anew at once.
    """
    shift = timedelta(minutes=watch.pk * 389 % 1440)
    turns = [now - (now - EPOCH - shift) % length for length in ROUNDS]
    return next((turn for turn in turns if _caught(watch, turn, now) <= MOST_FOLLOWED), turns[-1])


def _caught(watch: Watch, since: datetime, until: datetime) -> int:
    """How many hits fell in [since, until); counted no further than needed."""
    caught = WatchHit.objects.filter(watch=watch, published_at__gte=since, published_at__lt=until)
    return caught[: MOST_FOLLOWED + 1].count()


def _post(row: tuple[Any, ...], *, is_whole: bool) -> Post:
    at, number, author, is_attack, is_urgent, thread, is_counted, is_pro, is_planned, intent, text, seal = row
    spoken = Heard(
        at=at,
        author=author,
        attack="yes" if is_attack else "no",
        urgent=(intent or "urgent") if is_urgent else "",
        is_grave=is_urgent and wakes_alone(text),
        is_professional=is_pro,
        thread=thread,
        topics=topics_of(text),
        is_ours=not is_counted,
        is_expected=is_planned,
        is_in_total=is_whole,
    )
    return Post((at, number), seal, spoken)
