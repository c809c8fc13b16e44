"""What a watch caught, counted for the detector."""

from datetime import UTC, datetime
from itertools import chain

from django.db import connection
from django.db.models import Max, Min

from clients.models import Mention, Watch, WatchHit
from incidents.detection import buckets
from incidents.detection.buckets import SAME_AUTHOR
from incidents.detection.terms import Heard

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
