"""What a watch caught, counted for the detector."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Max, Min, Q

from clients.choices import AssessmentState, PresumedRole
from clients.listening.reading.gravity import wakes_alone
from clients.models import AgendaEntry, AuthorAssessment, Mention, Watch, WatchHit
from incidents.detection import buckets
from incidents.detection.buckets import SAME_AUTHOR
from incidents.detection.streams import Alarm
from incidents.detection.streams import Heard as Spoken
from incidents.detection.streams_topics import topics_of
from incidents.detection.terms import Heard

MOST_FOLLOWED = 5_000  # hits that the narrow streams are worked out from at each look
TOPICS_OF = timedelta(days=3)
A_SECOND = timedelta(seconds=1)  # alarms are timed to the second, posts more finely
THREADS_OF = timedelta(hours=1)
CHUNK = 20_000  # hits read at a time: a year of them does not fit in a worker
# Seconds, because dates written out are read ten times slower.
_POSTS = """
SELECT date_part('epoch', published_at), coalesce(author_id, -mention_id) FROM clients_watchhit
WHERE watch_id = %s AND is_counted AND published_at >= %s AND published_at < %s ORDER BY published_at
"""


def authors_per_bucket(watch: Watch, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """Distinct authors per five minutes in [since, until), empty buckets left out; each unknown author is one.

    Reads one hour more, because somebody counted less than an hour ago is not counted again; the buckets before `since`
    are returned too, and the detector leaves them out as already judged.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(_POSTS, [watch.pk, since - SAME_AUTHOR, until])
        posts = chain.from_iterable(iter(lambda: cursor.fetchmany(CHUNK), []))
        return buckets.authors_in_order((datetime.fromtimestamp(seconds, UTC), who) for seconds, who in posts)


def newest_hit() -> int:
    """Number of the last hit written, whichever watch it is of, 0 when there is none.

    The last of one watch would be looked for through all that the others caught since.
    """
    return WatchHit.objects.aggregate(last=Max("id"))["last"] or 0


def has_caught_since(watch: Watch, after_id: int) -> bool:
    """Whether the watch caught something after the hit of that number."""
    return WatchHit.objects.filter(watch=watch, pk__gt=after_id).exists()


def first_moment(watch: Watch) -> datetime | None:
    """When the oldest thing the watch caught was published."""
    return WatchHit.objects.filter(watch=watch).aggregate(first=Min("published_at"))["first"]


def late_hits(watch: Watch, after_id: int, before: datetime) -> int:
    """How many hits written since `after_id` tell of a time that was judged already."""
    return WatchHit.objects.filter(watch=watch, is_counted=True, pk__gt=after_id, published_at__lt=before).count()


def mentions_between(watch: Watch, since: datetime, until: datetime, most: int = 500) -> list[Mention]:
    """The mentions that the watch caught and counted in [since, until), oldest first, at most `most`."""
    hits = WatchHit.objects.filter(watch=watch, is_counted=True, published_at__gte=since, published_at__lt=until)
    return list(
        Mention.objects.filter(pk__in=hits.order_by("published_at", "id").values("mention_id")[:most])
        .select_related("source", "author")
        .order_by("published_at", "id")
    )


def heard(mentions: list[Mention]) -> list[Heard]:
    """The mentions as plain values for the detector's evidence."""
    return [Heard(row.published_at, row.source.name, row.text) for row in mentions]


_FOLLOWED = """
SELECT date_part('epoch', h.published_at), coalesce(h.author_id, -h.mention_id), h.is_attack, h.is_urgent, h.thread,
       CASE WHEN h.is_urgent THEN m.intent ELSE '' END,
       CASE WHEN h.is_urgent OR h.published_at >= %(texts)s THEN left(m.text, 2000) ELSE '' END, h.is_counted,
       h.author_id
FROM clients_watchhit h JOIN clients_mention m ON m.id = h.mention_id
WHERE h.watch_id = %(watch)s AND h.published_at >= %(since)s AND h.published_at < %(until)s
    AND (%(all)s OR h.is_attack OR h.is_urgent OR h.author_id = ANY(%(pros)s)
         OR h.thread <> '' AND h.published_at >= %(threads)s)
ORDER BY h.published_at DESC, h.id DESC LIMIT %(most)s
"""


def followed(watch: Watch, since: datetime, until: datetime) -> list[Spoken]:
    """What the narrow streams are worked out from in [since, until), oldest first.

    Of a busy watch only what its narrow streams hold, and the threads of the last hour.
    """
    pros = _professionals()
    caught = WatchHit.objects.filter(watch=watch, published_at__gte=since, published_at__lt=until)
    is_whole = caught[: MOST_FOLLOWED + 1].count() <= MOST_FOLLOWED
    values: dict[str, Any] = {
        "watch": watch.pk,
        "since": since,
        "until": until,
        "texts": until - TOPICS_OF,
        "threads": until - THREADS_OF,
        "all": is_whole,
        "pros": list(pros),
        "most": MOST_FOLLOWED,
    }
    planned = planned_noise(watch, since, until)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED, values)
        rows = cursor.fetchall()
    return [_spoken(row, pros, planned, is_whole=is_whole) for row in reversed(rows)]


def of_stream(watch: Watch, alarm: Alarm, most: int = 500) -> list[Mention]:
    """The mentions that a narrow stream spoke of, oldest first, at most `most`."""
    rows = WatchHit.objects.filter(
        watch=watch, is_counted=True, published_at__gte=alarm.started_at, published_at__lte=alarm.at + A_SECOND
    )
    kept = rows.filter(_member_of(alarm.stream, alarm.key))
    found = Mention.objects.filter(pk__in=kept.order_by("published_at", "id").values("mention_id")[:most])
    return list(found.select_related("source", "author").order_by("published_at", "id"))


def _member_of(stream: str, key: str) -> Q:
    narrow = {
        "attack": Q(is_attack=True),
        "urgent": Q(is_urgent=True),
        "thread": Q(thread=key),
        "pro": Q(author_id__in=_professionals()),
    }
    return narrow.get(stream, Q())


def planned_noise(watch: Watch, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """When noise about the watch's brand was announced in the calendar, within [since, until)."""
    entries = AgendaEntry.objects.filter(Q(brand=watch.brand_id) | Q(brand=None), silences=True)
    during = entries.filter(ends_at__gt=since, starts_at__lt=until).order_by("starts_at", "id")
    return list(during.values_list("starts_at", "ends_at"))


def share_that_attacks(watch: Watch, since: datetime, until: datetime) -> tuple[float, int]:
    """Of the accounts that the watch counted in [since, until), the share that attacks, and how many accounts."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTACKERS, [watch.pk, since, until])
        attacking, counted = cursor.fetchone()
    return attacking / max(counted, 1), counted


_ATTACKERS = """
SELECT count(DISTINCT coalesce(author_id, -mention_id)) FILTER (WHERE is_attack),
       count(DISTINCT coalesce(author_id, -mention_id))
FROM clients_watchhit WHERE watch_id = %s AND is_counted AND published_at >= %s AND published_at < %s
"""


def _professionals() -> frozenset[int]:
    """Accounts that presumably speak professionally: communications and media."""
    known = AuthorAssessment.objects.filter(role__in=[PresumedRole.PROFESSIONAL, PresumedRole.MEDIA])
    return frozenset(known.exclude(state=AssessmentState.REMOVED).values_list("author_id", flat=True))


def _spoken(
    row: tuple[Any, ...], pros: frozenset[int], planned: list[tuple[datetime, datetime]], *, is_whole: bool
) -> Spoken:
    seconds, author, is_attack, is_urgent, thread, intent, text, is_counted, known = row
    at = datetime.fromtimestamp(seconds, UTC)
    return Spoken(
        at=at,
        author=author,
        attack="yes" if is_attack else "no",
        urgent=(intent or "urgent") if is_urgent else "",
        is_grave=is_urgent and wakes_alone(text),
        is_professional=known in pros,
        thread=thread,
        topics=topics_of(text),
        is_ours=not is_counted,
        is_expected=any(begins <= at < ends for begins, ends in planned),
        is_in_total=is_whole,
    )
