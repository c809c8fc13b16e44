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
from incidents.selectors import participants
from incidents.services.refusals import Refused


@transaction.atomic
def keep(*, incident: Incident, told: Mapping[str, Any] | None, now: datetime) -> int:
    """Writes the roles that a reading found, in place of those presumed before; returns how many.

    What a person confirmed or removed stays as it is.
    """
    rows = {row["author"]: row for row in (told or {}).get("rows", ())}
    _take_turns(incident)
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

    It stays whatever is read later, and the next reading starts from it. Raises Refused (no_such_role,
    not_in_this_incident, nothing_presumed).
    """
    if role and role not in IncidentRole.values:
        raise Refused("no_such_role", _("This role does not exist."))
    _take_turns(incident)
    row = _held(incident, author_id) or _of_one_who_spoke(incident, author_id)
    if not role and row.pk is None:
        raise Refused("nothing_presumed", _("Nothing is presumed of this account in this incident."))
    row.role = role or row.role
    row.state = AssessmentState.CONFIRMED if role else AssessmentState.REMOVED
    row.by_id, row.read_at = by.pk, now
    row.save()
    _note("incident.role_decided", row, role, by, now)
    return row


@transaction.atomic
def undo(*, incident: Incident, author_id: int, by: User, now: datetime) -> ParticipantRole:
    """A person takes back what was said of an account: the machine's word stands again, and is read anew.

    Raises Refused (nothing_said).
    """
    _take_turns(incident)
    row = _held(incident, author_id)
    if row is None or row.state == AssessmentState.PRESUMED:
        raise Refused("nothing_said", _("Nobody has said anything of this account in this incident."))
    _note("incident.role_undone", row, "", by, now)
    alone = participants.machine_words(incident).get(author_id)
    row.role, row.confidence = (alone["role"], alone["confidence"]) if alone else (row.role, 0.0)
    row.basis = alone["basis"] if alone else []
    row.state, row.by_id, row.read_at = AssessmentState.PRESUMED, None, now
    row.save()
    return row


def _take_turns(incident: Incident) -> None:
    """A person and the machine never write the roles of one incident at once: whoever is second sees the first."""
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)


def _held(incident: Incident, author_id: int) -> ParticipantRole | None:
    return ParticipantRole.objects.filter(incident=incident, author_id=author_id).first()


def _of_one_who_spoke(incident: Incident, author_id: int) -> ParticipantRole:
    """A new row for an account of the incident of which the machine presumes nothing."""
    spoke = Author.objects.filter(pk=author_id, erased_at__isnull=True, mentions__attachments__incident=incident)
    if not spoke.exists():
        raise Refused("not_in_this_incident", _("This account did not speak in this incident."))
    return ParticipantRole(incident=incident, author_id=author_id, confidence=1.0)


def _note(action: str, row: ParticipantRole, role: str, by: User, now: datetime) -> None:
    detail = {"incident": row.incident.number, "author": row.author_id, "role": role}
    audit.note(
        action=action, by=by, now=now, client=here(), subject="incidents.participantrole",
        subject_id=row.pk, detail=detail,
    )  # fmt: skip
