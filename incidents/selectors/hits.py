"""What a watch caught, counted for the detector."""

from datetime import UTC, datetime, timedelta
from itertools import chain

from django.db import connection
from django.db.models import Max, Min, Q

from clients.choices import AssessmentState, PresumedRole
from clients.models import AgendaEntry, AuthorAssessment, Mention, Watch, WatchHit
from incidents.detection import buckets
from incidents.detection.buckets import SAME_AUTHOR
from incidents.detection.streams import Alarm
from incidents.detection.terms import Heard

A_SECOND = timedelta(seconds=1)  # alarms are timed to the second, posts more finely
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
        "pro": Q(author_id__in=professionals()),
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


def professionals() -> frozenset[int]:
    """Accounts that presumably speak professionally: communications and media."""
    known = AuthorAssessment.objects.filter(role__in=[PresumedRole.PROFESSIONAL, PresumedRole.MEDIA])
    return frozenset(known.exclude(state=AssessmentState.REMOVED).values_list("author_id", flat=True))
