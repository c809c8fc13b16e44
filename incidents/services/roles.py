"""Roles of accounts in an incident: presumed by the machine at each reading, confirmed or removed by a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import AssessmentState
from clients.models import Author
from incidents.choices import IncidentRole
from incidents.models import Incident, ParticipantRole
from incidents.services.refusals import Refused


@transaction.atomic
def keep(*, incident: Incident, told: Mapping[str, Any] | None, now: datetime) -> int:
    """Writes the roles that a reading found, in place of those presumed before; returns how many.

    What a person confirmed or removed stays as it is.
    """
    rows = {row["author"]: row for row in (told or {}).get("rows", ())}
    mine = ParticipantRole.objects.filter(incident=incident)
    mine.filter(author__erased_at__isnull=False).delete()
    mine.filter(state=AssessmentState.PRESUMED).exclude(author_id__in=rows).delete()
    judged = set(mine.exclude(state=AssessmentState.PRESUMED).values_list("author_id", flat=True))
    there = set(Author.objects.filter(pk__in=rows, erased_at__isnull=True).values_list("pk", flat=True))
    kept = [
        ParticipantRole(
            incident=incident,
            author_id=author,
            role=row["role"],
            confidence=row["confidence"],
            basis=row["basis"],
            in_pack=row["in_pack"],
            read_at=now,
        )
        for author, row in rows.items()
        if author in there - judged
    ]
    ParticipantRole.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["incident", "author"],
        update_fields=["role", "confidence", "basis", "in_pack", "read_at"],
    )
    return len(kept)


@transaction.atomic
def decide(*, incident: Incident, author_id: int, role: str, by: User, now: datetime) -> ParticipantRole:
    """A person says what an account does in this incident, or with "" that the machine's word does not hold.

    It stays whatever is read later. Raises Refused (no_such_role, not_in_this_incident).
    """
    row = ParticipantRole.objects.select_for_update().filter(incident=incident, author_id=author_id).first()
    if row is None:
        raise Refused("not_in_this_incident", _("This account has no role in this incident."))
    if role and role not in IncidentRole.values:
        raise Refused("no_such_role", _("This role does not exist."))
    row.role = role or row.role
    row.state = AssessmentState.CONFIRMED if role else AssessmentState.REMOVED
    row.by_id, row.read_at = by.pk, now
    row.save()
    detail = {"incident": incident.number, "author": author_id, "role": role}
    audit.note(
        action="incident.role_decided", by=by, now=now, client=here(), subject="incidents.participantrole",
        subject_id=row.pk, detail=detail,
    )  # fmt: skip
    return row
