"""What an outlook is made of and judged by: the habit, past incidents, what the watches caught by the hour."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Max, Q

from clients.models import Mention, Watch
from incidents.choices import IncidentKind, IncidentState, Stream
from incidents.detection import surge
from incidents.detection.case import Past
from incidents.models import Baseline, Incident, Outlook
from incidents.selectors.gate import seen_by

MOST_PAST = 20  # incidents
BEFORE = timedelta(days=60)
MOST_BEFORE = 3_000  # mentions
HOURS_SAMPLED = range(0, 24, 3)
_PER_HOUR = """
SELECT floor(extract(epoch from published_at - %s) / 3600)::int AS hour,
       count(DISTINCT coalesce(author_id, -mention_id))
FROM clients_watchhit
WHERE watch_id = ANY(%s) AND is_counted AND published_at >= %s AND published_at < %s
GROUP BY hour
"""
_PEAKS = """
SELECT DISTINCT ON (a.incident_id) a.incident_id, date_trunc('hour', m.published_at) AS hour
FROM incidents_incidentmention a JOIN clients_mention m ON m.id = a.mention_id
WHERE a.incident_id = ANY(%s) GROUP BY 1, 2
ORDER BY 1, count(DISTINCT m.author_id) DESC, 2
"""


def watches_of(incident: Incident) -> list[int]:
    """The watch that raised it, else all those of its brand."""
    if incident.signal_id and incident.signal:
        return [incident.signal.watch_id]
    return list(Watch.objects.filter(brand=incident.brand_id).values_list("id", flat=True))


def habit_of(incident: Incident, now: datetime) -> tuple[int, int] | None:
    """Accounts an hour at the busiest hour of the day that begins at `now`, nine times in ten (low, high).

    The highest of its watches when there are several; None without enough past.
    """
    found = Baseline.objects.filter(watch__in=watches_of(incident), stream=Stream.ALL).exclude(state={})
    bands = []
    for baseline in found:
        state = surge.State.from_json(baseline.state)
        for hours in HOURS_SAMPLED:
            band = surge.habit(state, now + timedelta(hours=hours), minutes=60)
            bands.append((band.low, band.high))
    return max(bands, key=lambda band: band[1], default=None)


def accounts_per_hour(incident: Incident, until: datetime) -> list[int]:
    """Distinct accounts that its watches caught in each whole hour from its beginning until `until`, empty ones too."""
    hours = int((until - incident.started_at).total_seconds() // 3600)
    if hours < 1:
        return []
    end = incident.started_at + timedelta(hours=hours)
    with connection.cursor() as cursor:
        cursor.execute(_PER_HOUR, [incident.started_at, watches_of(incident), incident.started_at, end])
        counted = dict(cursor.fetchall())
    return [counted.get(hour, 0) for hour in range(hours)]


def past_of(incident: Incident, now: datetime) -> tuple[Past, ...]:
    """The last incidents of the brand closed by `now`, newest first: beginning, highest hour, return when it was seen.

    An incident read again after its closing does not learn from those that came later; nobody's reading names one
    that is restricted.
    """
    closed = list(
        Incident.objects.filter(
            seen_by(None), brand=incident.brand_id, kind=incident.kind, state=IncidentState.CLOSED, closed_at__lte=now
        )
        .exclude(pk=incident.pk)
        .annotate(returned=Max("outlooks__returned_at"), authors=Count("mentions__author", distinct=True))
        .order_by("-started_at", "-id")[:MOST_PAST]
    )
    with connection.cursor() as cursor:
        cursor.execute(_PEAKS, [[row.pk for row in closed]])
        peaks = dict(cursor.fetchall())
    return tuple(
        Past(row.reference, row.started_at, peaks.get(row.pk), row.returned, row.authors)  # type: ignore[attr-defined]
        for row in closed
    )


def record() -> tuple[int, int, int]:
    """(held, judged, incidents) over all the past outlooks of this client, drills and what is restricted left out."""
    told = Outlook.objects.filter(seen_by(None, "incident__"), incident__kind=IncidentKind.REAL)
    found = told.filter(was_inside__isnull=False).aggregate(
        held=Count("id", filter=Q(was_inside=True)),
        judged=Count("id"),
        incidents=Count("incident", distinct=True),
    )
    return found["held"], found["judged"], found["incidents"]


def mentions_before(incident: Incident, authors: Iterable[int]) -> list[Mention]:
    """What those accounts wrote in the two months before, as far as this client heard it; the newest 3,000."""
    since = incident.started_at - BEFORE
    found = Mention.objects.filter(
        author_id__in=list(authors), published_at__gte=since, published_at__lt=incident.started_at
    )
    newest = list(found.order_by("-published_at", "-id").values_list("pk", flat=True)[:MOST_BEFORE])
    return list(Mention.objects.filter(pk__in=newest).select_related("author"))


def to_judge(incident: Incident) -> list[Outlook]:
    """Outlooks that gave a range and were not judged yet, oldest first."""
    found = Outlook.objects.filter(incident=incident, was_inside__isnull=True, returns_until__isnull=False)
    return list(found.order_by("made_at", "id"))
