"""Which reports there are, for whom."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from agency.choices import CLIENT_ROLES
from agency.models import Client, User
from incidents.choices import IncidentKind, IncidentState
from incidents.models import Incident
from incidents.selectors.gate import seen_by
from reports.choices import ReportState
from reports.models import Report

HEAVY = ("content", "drafted")  # a list needs neither
OPEN_TO_ALL = seen_by(None, "incident__")


def listed(person: User) -> QuerySet[Report]:
    """Every version of every report of which a member of staff may know, the newest first."""
    return (
        Report.objects.filter(seen_by(person, "incident__"))
        .defer(*HEAVY)
        .select_related("incident", "published_by", "edited_by")
        .order_by("-incident__number", "-version")
    )


def published() -> QuerySet[Report]:
    """What the client may read: the version in force of each real incident, the newest first; nothing restricted."""
    return (
        Report.objects.filter(OPEN_TO_ALL, state=ReportState.PUBLISHED, incident__kind=IncidentKind.REAL)
        .select_related("incident", "published_by")
        .order_by("-published_at", "-id")
    )


def readable() -> QuerySet[Report]:
    """Published versions with those they replaced: a link once given goes on opening what it opened."""
    public = Report.objects.exclude(state=ReportState.DRAFT).filter(OPEN_TO_ALL, incident__kind=IncidentKind.REAL)
    return public.select_related("incident", "published_by")


def in_force(report: Report) -> Report | None:
    """The version that holds today, when `report` is not it."""
    newest = Report.objects.filter(incident=report.incident_id, state=ReportState.PUBLISHED).defer(*HEAVY).first()
    return newest if newest != report else None


def without_report() -> QuerySet[Incident]:
    """Closed incidents of which no report was drafted since their closing, the oldest first."""
    newer = Report.objects.filter(incident=OuterRef("pk"), drafted_at__gte=OuterRef("closed_at"))
    return (
        Incident.objects.filter(~Exists(newer), state=IncidentState.CLOSED, closed_at__isnull=False)
        .select_related("brand", "signal")
        .order_by(F("closed_at").asc(), "id")
    )


def overtaken() -> QuerySet[Report]:
    """Drafts made before their incident was read anew (a person said something), or its outlooks were judged."""
    judged = Count("incident__outlooks", filter=Q(incident__outlooks__was_inside__isnull=False))
    told = Coalesce(Cast(KT("drafted__reading__judged"), IntegerField()), 0)
    drafts = Report.objects.filter(state=ReportState.DRAFT, incident__state=IncidentState.CLOSED)
    newer = Q(incident__reading__read_at__gt=F("drafted_at")) | ~Q(judged=told)
    return drafts.filter(drafted__has_key="reading").annotate(judged=judged).filter(newer).order_by("id")


def people_who_will_read(client: Client) -> list[str]:
    """Names of the client's own people who open its portal, in order."""
    people = User.objects.filter(memberships__client=client, memberships__role__in=CLIENT_ROLES, is_active=True)
    return list(people.distinct().order_by("full_name", "id").values_list("full_name", flat=True))
