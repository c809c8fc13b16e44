"""Who read which version: noted once for each person."""

from datetime import datetime

from agency.access import here
from agency.models import AuditEvent, User
from agency.services import audit
from reports.models import Report

READ = "report.read"


def note(*, report: Report, by: User, now: datetime, address: str | None = None) -> bool:
    """Writes in the trail that the person read this version; False when it was known already."""
    client, subject = here(), Report._meta.label_lower
    known = AuditEvent.objects.filter(client=client, subject=subject, subject_id=str(report.pk), action=READ, user=by)
    if known.exists():
        return False
    detail = {"reference": report.incident.reference, "version": report.version}
    audit.note(
        action=READ,
        by=by,
        now=now,
        client=client,
        subject=subject,
        subject_id=report.pk,
        detail=detail,
        address=address,
    )
    return True


def readers_of(report: Report) -> list[AuditEvent]:
    """Who read this version and when first, the latest first."""
    events = AuditEvent.objects.filter(
        client=here(), subject=Report._meta.label_lower, subject_id=str(report.pk), action=READ
    )
    return list(events.select_related("user").order_by("-happened_at", "-id"))
