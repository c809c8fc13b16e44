"""What pages and the API read of an incident."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.models import User
from clients.models import Contact, Mention, Watch
from incidents.choices import IncidentState
from incidents.detection import surge
from incidents.models import Baseline, Incident, IncidentMention, TimelineEntry
from incidents.selectors.gate import seen_by

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
LONGEST_SHOWN = timedelta(days=2)
_PER_STEP = """
SELECT date_bin(%s::interval, published_at, 'epoch') AS step, count(*)
FROM clients_watchhit WHERE watch_id = ANY(%s) AND published_at >= %s AND published_at < %s
GROUP BY step ORDER BY step
"""
# An array of numbers is looked up in the primary key; a join would read all the mentions once thousands are attached.
_ATTACHED = "ANY(ARRAY(SELECT mention_id FROM incidents_incidentmention WHERE incident_id = %s))"
_LAST_ATTACHED = f"SELECT id FROM clients_mention WHERE id = {_ATTACHED} ORDER BY published_at DESC, id DESC LIMIT %s"  # noqa: S608
# Followers of the accounts that spoke, each counted once; NULL when no network told.
_WHO_SPOKE = f"""
WITH said AS MATERIALIZED (
    SELECT author_id, count(*) AS mentions, bool_or(intent IN ('complaint', 'question')) AS complains
    FROM clients_mention WHERE id = {_ATTACHED} GROUP BY author_id
)
SELECT coalesce(sum(mentions), 0)::bigint, count(author_id), count(author_id) FILTER (WHERE complains),
    (SELECT sum(followers)::bigint FROM clients_author WHERE id = ANY(ARRAY(SELECT author_id FROM said)))
FROM said
"""  # noqa: S608
MANY = 2_000  # mentions: from there on reading who spoke takes longer than the rest of a page
WHO_SPOKE_KEPT_S = 60


@dataclass(frozen=True, slots=True)
class Curve:
    """Mentions per step (a quarter of an hour), every step given, and its habit, nine times in ten (None: unknown)."""

    points: tuple[tuple[datetime, int], ...]
    band: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of an incident, each with what it is measured against."""

    last_quarter: int
    highest_quarter: int
    highest_at: datetime | None
    habit: tuple[int, int] | None
    mentions: int
    authors: int
    complaints: int
    reach: int | None


def listed(person: User | None) -> QuerySet[Incident]:
    """All incidents that the person may know of, the newest first, with what a list shows."""
    return Incident.objects.filter(seen_by(person)).select_related("brand", "lead", "signal").order_by("-number")


def going_on(person: User | None) -> QuerySet[Incident]:
    """Proposed and open incidents that the person may know of, the worst first."""
    return listed(person).filter(state__in=[IncidentState.PROPOSED, IncidentState.OPEN]).order_by("severity", "-number")


def holding(mention_id: int, person: User | None) -> list[Incident]:
    """The proposed and open incidents that a mention is in, whoever attached it, the worst first."""
    return list(going_on(person).filter(attachments__mention_id=mention_id))


def around(mention_id: int, person: User | None, most: int = 50) -> tuple[list[Incident], list[Incident]]:
    """(the proposed and open incidents that the mention is in, whoever attached it; the others), the worst first.

    `most` of both together; one query, asked with each page of the list to sort.
    """
    is_in = Exists(IncidentMention.objects.filter(incident=OuterRef("pk"), mention=mention_id))
    found = list(going_on(person).annotate(is_in=is_in).order_by("-is_in", "severity", "-number")[:most])
    return [one for one in found if one.is_in], [one for one in found if not one.is_in]


def hidden_from(person: User) -> list[int]:
    """Numbers of the incidents that the person may not know of: for what is kept by number elsewhere."""
    seen = Incident.objects.filter(seen_by(person)).values("pk")
    hidden = Incident.objects.filter(is_restricted=True).exclude(pk__in=seen)
    return list(hidden.order_by("number").values_list("number", flat=True))


def confirmed() -> QuerySet[Incident]:
    """What a person confirmed, open or closed, and is not restricted: all that leaves the agency's hands."""
    return listed(None).filter(state__in=[IncidentState.OPEN, IncidentState.CLOSED])


def log_of(incident: Incident) -> list[TimelineEntry]:
    """Every line of the log, the newest first; `corrected_by` tells a struck one."""
    return list(
        TimelineEntry.objects.filter(incident=incident)
        .select_related("by", "corrects", "corrected_by", "picture")
        .order_by("-number")
    )


def mentions_of(incident: Incident, most: int = 50) -> list[Mention]:
    """The last mentions attached, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ATTACHED, [incident.pk, most])
        last = [number for (number,) in cursor.fetchall()]
    found = Mention.objects.filter(pk__in=last).select_related("author", "source")
    return list(found.order_by("-published_at", "-id"))


def contacts() -> QuerySet[Contact]:
    """Who can be told, in the order of the ladder."""
    return Contact.objects.filter(is_active=True).order_by("rank", "name", "id")


def period_of(incident: Incident, now: datetime, longest: timedelta = LONGEST_SHOWN) -> tuple[datetime, datetime]:
    """From an hour and a half before the strike to the end shown: now, the closing plus an hour, `longest` at most."""
    begin = incident.started_at - timedelta(minutes=90)
    end = incident.closed_at + timedelta(hours=1) if incident.closed_at else now
    return begin, min(end, now, incident.started_at + longest)


def curve(incident: Incident, now: datetime, *, step: timedelta = QUARTER, longest: timedelta = LONGEST_SHOWN) -> Curve:
    """The curve of what the brand's watches caught around the incident, on its habit. `step`: an hour at most."""
    begin, end = period_of(incident, now, longest)
    begin, end = _floor(begin, step), _floor(end, step) + step
    watches = _watches(incident)
    with connection.cursor() as cursor:
        cursor.execute(_PER_STEP, [f"{step // MINUTE} minutes", watches, begin, end])
        counted = dict(cursor.fetchall())
    points = []
    while begin < end:
        points.append((begin, counted.get(begin, 0)))
        begin += step
    return Curve(_without_the_running_one(points, now, step), _band(watches, incident.started_at, step))


def _without_the_running_one(
    points: list[tuple[datetime, int]], now: datetime, step: timedelta
) -> tuple[tuple[datetime, int], ...]:
    """A step that has only begun would draw a fall that is not there; it counts once it is the higher."""
    is_running = len(points) > 1 and points[-1][0] + step > now
    return tuple(points[:-1] if is_running and points[-1][1] < points[-2][1] else points)


def figures(incident: Incident, drawn: Curve) -> Figures:
    """The four numbers of the page and what goes with them; from 2,000 mentions on, some are a minute old at most."""
    mentions, authors, complaints, reach = _who_spoke(incident)
    highest_at, highest = max(drawn.points, key=lambda point: point[1], default=(None, 0))
    return Figures(
        last_quarter=drawn.points[-1][1],
        highest_quarter=highest,
        highest_at=highest_at if highest else None,
        habit=drawn.band,
        mentions=mentions,
        authors=authors,
        complaints=complaints,
        reach=reach,
    )


def _who_spoke(incident: Incident) -> tuple[int, int, int, int | None]:
    """(mentions, accounts that spoke, those of them that complain or ask, their followers), in one query at most."""
    key = f"incident.who_spoke.{incident.pk}"
    known: tuple[int, int, int, int | None] | None = cache.get(key)
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute(_WHO_SPOKE, [incident.pk])
        mentions, authors, complaints, reach = cursor.fetchone()
    if mentions >= MANY:
        cache.set(key, (mentions, authors, complaints, reach), WHO_SPOKE_KEPT_S)
    return mentions, authors, complaints, reach


def _watches(incident: Incident) -> list[int]:
    if incident.signal_id and incident.signal:
        return [incident.signal.watch_id]
    return list(Watch.objects.filter(brand=incident.brand_id).values_list("id", flat=True))


def _band(watches: list[int], at: datetime, step: timedelta) -> tuple[int, int] | None:
    """Habit of one step at that moment; the highest watch when there are several."""
    minutes = step // MINUTE
    bands = []
    for baseline in Baseline.objects.filter(watch__in=watches).exclude(state={}):
        habit = surge.habit(surge.State.from_json(baseline.state), at, minutes=minutes)
        bands.append((habit.low, habit.high))
    return max(bands, key=lambda band: band[1], default=None)


def _floor(moment: datetime, step: timedelta) -> datetime:
    minutes = step // MINUTE
    return moment.replace(minute=moment.minute - moment.minute % minutes, second=0, microsecond=0)


def bulletin_figures(incident: Incident, now: datetime) -> list[tuple[str, str, str]]:
    """(label, value, habit) of the figures a situation report gives, in the language that is active."""
    drawn = curve(incident, now)
    told = figures(incident, drawn)
    usual = (
        _("usual: %(low)d to %(high)d") % {"low": told.habit[0], "high": told.habit[1]}
        if told.habit
        else _("not enough past to tell")
    )
    lines = [(_("Mentions, last quarter of an hour"), str(told.last_quarter), usual)]
    if told.highest_at:
        lines.append(
            (
                _("Highest quarter of an hour"),
                str(told.highest_quarter),
                f"{hm(told.highest_at)}",
            )
        )
    lines.append(
        (
            _("Accounts that spoke"),
            str(told.authors),
            ngettext("%(count)d mention", "%(count)d mentions", told.mentions) % {"count": told.mentions},
        )
    )
    return lines


def hm(moment: datetime) -> str:
    """21:30, in the time zone that is active: the client's, on its host and in its tasks."""
    return f"{timezone.localtime(moment):%H:%M}"
