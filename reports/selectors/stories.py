"""Everything that a report tells of one incident, read from the client's schema as plain values."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from clients.models import Author, Classification, Watch, WatchHit
from incidents.choices import IncidentKind, IncidentState
from incidents.models import Briefing, Incident, IncidentMention, SituationReport, TimelineEntry
from incidents.selectors.gate import seen_by
from incidents.selectors.milestones import moments_of
from reports.figures import Issued
from reports.method import Means, joined
from reports.milestones import Instants
from reports.speakers import Said

EARLIER_INCIDENTS = 50
MOST_MESSAGES = 50_000


def log_of(incident: Incident) -> list[TimelineEntry]:
    """The lines that stand (struck ones are left to the staff's page), in the order in which things happened."""
    standing = TimelineEntry.objects.filter(incident=incident, corrected_by__isnull=True)
    return list(standing.select_related("by").order_by("happened_at", "number"))


def fingerprint_of(incident: Incident) -> str:
    """The last hash of the log's chain, struck lines included; empty without a log."""
    last = TimelineEntry.objects.filter(incident=incident).order_by("-number").first()
    return last.hash if last else ""


def said_in(incident: Incident) -> list[Said]:
    """Every message attached, oldest first; the brand's own are those that its watches do not count."""
    ours = WatchHit.objects.filter(mention=OuterRef("mention"), is_counted=False)
    rows = (
        IncidentMention.objects.filter(incident=incident)
        .annotate(is_ours=Exists(ours))
        .order_by("mention__published_at", "mention_id")
        .values_list("mention__published_at", "mention__author_id", "mention__intent", "is_ours")[:MOST_MESSAGES]
    )
    return [Said(*row) for row in rows]


def accounts_of(incident: Incident) -> set[str]:
    """Handles and shown names of the accounts whose messages are attached: what a report must not say."""
    authors = Author.objects.filter(mentions__attachments__incident=incident)
    return {name for pair in authors.values_list("handle", "name").distinct() for name in pair if name}


def own_accounts(incident: Incident) -> set[str]:
    """The brand's handles, which may be named."""
    listed = Watch.objects.filter(brand=incident.brand_id).values_list("ignored_authors", flat=True)
    return {*incident.brand.handles, *(name for names in listed for name in names)}


def instants_of(incident: Incident) -> Instants:
    """When each step of the incident took place."""
    return next(_instants(Incident.objects.filter(pk=incident.pk)))


def instants_before(incident: Incident) -> list[Instants]:
    """The same of the client's last fifty real incidents closed before this one; none that is restricted."""
    closed = Incident.objects.filter(
        seen_by(None), state=IncidentState.CLOSED, kind=IncidentKind.REAL, number__lt=incident.number
    ).order_by("-number")
    return list(_instants(closed[:EARLIER_INCIDENTS]))


def _instants(incidents: QuerySet[Incident]) -> Iterator[Instants]:
    """As its milestones tell it, which a person may have moved; what has none is read from what was done."""
    sent = Briefing.objects.filter(incident=OuterRef("pk")).values("incident").annotate(first=Min("sent_at"))
    issued = SituationReport.objects.filter(incident=OuterRef("pk")).values("incident").annotate(first=Min("issued_at"))
    rows = list(
        incidents.annotate(
            briefed_at=Subquery(sent.values("first")), reported_at=Subquery(issued.values("first"))
        ).values_list("pk", "started_at", "signal__raised_at", "opened_at", "briefed_at", "reported_at", "closed_at")
    )
    moments = moments_of(row[0] for row in rows)
    return (_instants_of(moments[pk], Instants(*columns)) for pk, *columns in rows)


def _instants_of(moments: Mapping[str, datetime], columns: Instants) -> Instants:
    return Instants(
        started_at=moments.get("started", columns.started_at),
        raised_at=moments.get("detected", columns.raised_at),
        opened_at=moments.get("confirmed", columns.opened_at),
        briefed_at=columns.briefed_at,
        reported_at=moments.get("briefed", columns.reported_at),
        closed_at=moments.get("closed", columns.closed_at),
        spoken_at=moments.get("first_word"),
    )


def issued_in(incident: Incident) -> list[Issued]:
    """Its situation reports in the order in which they went out."""
    rows = SituationReport.objects.filter(incident=incident).order_by("number")
    return [Issued(*row) for row in rows.values_list("number", "issued_at", "next_at")]


def means_of(incident: Incident, language: str) -> Means:
    """Sources, watches, readers and reasons on which the report rests."""
    attached = Q(mention__attachments__incident=incident)
    sources = (
        IncidentMention.objects.filter(incident=incident)
        .order_by("mention__source__name")
        .values_list("mention__source__name", flat=True)
        .distinct()
    )
    readers = Classification.objects.filter(attached, axis="intent").exclude(version="")
    watches = _watches(incident).order_by("name").values_list("name", "false_alarms_per_month")
    reasons = incident.signal.reasons.get(language, []) if incident.signal else []
    return Means(
        sources=joined(list(sources)),
        watches=tuple(watches[:8]),
        readers=tuple(readers.order_by("version").values_list("version", flat=True).distinct()[:3]),
        reasons=tuple(reasons),
    )


def _watches(incident: Incident) -> QuerySet[Watch]:
    if incident.signal is not None:
        return Watch.objects.filter(pk=incident.signal.watch_id)
    return Watch.objects.filter(brand=incident.brand_id)
