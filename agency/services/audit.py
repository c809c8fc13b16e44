"""The audit trail: one line per act that matters."""

from datetime import datetime
from typing import Any

from agency.models import AuditEvent, Client, User


def note(
    *,
    action: str,
    by: User | None,
    now: datetime,
    client: Client | None = None,
    subject: str = "",
    subject_id: object = "",
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> AuditEvent:
    """Writes who did what, when, for which client. `subject` is a model's label, `subject_id` its number."""
    return AuditEvent.objects.create(
        action=action,
        user=by,
        happened_at=now,
        client=client,
        subject=subject,
        subject_id=str(subject_id),
        detail=detail or {},
        address=address,
    )
