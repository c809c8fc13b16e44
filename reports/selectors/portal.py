"""What the client sees: incidents that a person confirmed, published reports, and the week’s numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from agency.models import User
from incidents.choices import BriefingState, CallState, IncidentKind, IncidentState
from incidents.models import AlertCall, Approval, Briefing, Incident, SituationReport
from incidents.selectors import incidents
from reports.choices import ReportState
from reports.models import Report
from reports.selectors import reports

WEEKS_OF_HABIT = 8
WEEKS_THAT_SUFFICE = 3
# Weeks that end with `now`, itself counted; date_bin is four times as fast as an epoch divided.
_PER_WEEK = """
SELECT extract(days FROM %(now)s + interval '1 microsecond' - week)::int / 7 - 1 AS weeks_ago, mentions FROM (
    SELECT date_bin('7 days', published_at, %(now)s + interval '1 microsecond') AS week, count(*) AS mentions
    FROM clients_mention WHERE published_at > %(since)s AND published_at <= %(now)s GROUP BY week
) counted
"""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Mentions of the last seven days, and the lowest and highest of the weeks before (None: not enough past)."""

    last: int
    habit: tuple[int, int] | None


def shown() -> QuerySet[Incident]:
    """Real incidents that a person confirmed, open ones first, the worst before the others; each with its report."""
    in_force = Report.objects.filter(state=ReportState.PUBLISHED).defer(*reports.HEAVY)
    return (
        incidents.confirmed()
        .filter(kind=IncidentKind.REAL)
        .prefetch_related(Prefetch("reports", queryset=in_force, to_attr="in_force"))
        .order_by("-state", "-number")
    )


def going_on() -> list[Incident]:
    """The open ones, the worst first."""
    return list(shown().filter(state=IncidentState.OPEN).order_by("severity", "-number"))


def is_told_directly(person: User) -> bool:
    """Whether an open incident that the portal keeps back was told to this very person.

    A message or a call left for their address, or they decided on words of it: they know that not all is calm. Whoever
    was not told learns nothing of it here.
    """
    written = Briefing.objects.filter(
        incident=OuterRef("pk"), state=BriefingState.SENT, contact__is_active=True, email__iexact=person.email
    )
    called = AlertCall.objects.filter(
        alert__incident=OuterRef("pk"), state=CallState.SENT, contact__is_active=True,
        contact__email__iexact=person.email,
    )  # fmt: skip
    decided = Approval.objects.filter(step__version__draft__incident=OuterRef("pk"), by=person)
    kept_back = Incident.objects.filter(is_restricted=True, state=IncidentState.OPEN, kind=IncidentKind.REAL)
    return kept_back.filter(Exists(written) | Exists(called) | Exists(decided)).exists()


def next_to_speak(going_on: list[Incident]) -> Incident | None:
    """Of the open incidents, the one whose next update comes first; None when none is announced."""
    announced = [(one.next_update_at, one.number, one) for one in going_on if one.next_update_at]
    return min(announced)[2] if announced else None


def last_closed() -> Incident | None:
    return shown().filter(state=IncidentState.CLOSED).order_by("-closed_at", "-number").first()


def points_of(incident: Incident) -> list[SituationReport]:
    """The situation reports issued, the newest first."""
    return list(incident.situation_reports.order_by("-number"))


def weeks(now: datetime) -> Weeks:
    """The last seven days beside the eight weeks before; weeks before the first mention are no habit."""
    since = now - timedelta(weeks=WEEKS_OF_HABIT + 1)
    with connection.cursor() as cursor:
        cursor.execute(_PER_WEEK, {"now": now, "since": since})
        counted = dict(cursor.fetchall())
    oldest = max(counted, default=0)
    before = [counted.get(week, 0) for week in range(1, oldest)]  # the oldest may be the tail of a week
    habit = (min(before), max(before)) if len(before) >= WEEKS_THAT_SUFFICE else None
    return Weeks(counted.get(0, 0), habit)
