"""Roles of accounts in an incident: presumed by the machine at each reading, confirmed or removed by a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from clients.choices import AssessmentState
from clients.models import Author
from incidents.models import Incident, ParticipantRole


@transaction.atomic
def keep(*, incident: Incident, told: Mapping[str, Any] | None, now: datetime) -> int:
    """Writes the roles that a reading found, in place of those presumed before; returns how many.

    What a person confirmed or removed stays as it is.
    """
    rows = {row["author"]: row for row in (told or {}).get("rows", ())}
    mine = ParticipantRole.objects.filter(incident=incident)
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
