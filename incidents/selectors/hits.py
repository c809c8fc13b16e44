"""What a watch caught, counted for the detector."""

from datetime import datetime

from django.db.models import Max, Min

from clients.models import Mention, Watch, WatchHit
from incidents.detection import buckets
from incidents.detection.buckets import SAME_AUTHOR
from incidents.detection.terms import Heard


def authors_per_bucket(watch: Watch, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """Distinct authors per five minutes in [since, until), empty buckets left out; each unknown author is one.

    Reads one hour more, because somebody counted less than an hour ago is not counted again; the buckets before `since`
    are returned too, and the detector leaves them out as already judged.
    """
    posts = (
        WatchHit.objects.filter(
            watch=watch,
            is_counted=True,
            published_at__gte=since - SAME_AUTHOR,
            published_at__lt=until,
        )
        .order_by("published_at")
        .values_list("published_at", "author_id", "mention_id")
    )
    return buckets.authors_per_bucket((at, f"a{author}" if author else f"m{mention}") for at, author, mention in posts)


def newest_hit(watch: Watch) -> int:
    """Number of the last hit written, 0 when there is none."""
    return WatchHit.objects.filter(watch=watch).aggregate(last=Max("id"))["last"] or 0


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
