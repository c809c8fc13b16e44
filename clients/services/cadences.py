"""A client's cadence of situation reports: added from an hour on, never rewritten."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.models import Cadence
from clients.selectors import cadences as read


@transaction.atomic
def change(*, minutes: Mapping[int, int | None], by: User, now: datetime) -> list[Cadence]:
    """From now on a report is owed every so many minutes at those severities (None: at every change).

    Only what differs is written; returns it. Raises ValidationError below 5 minutes, above 12 hours, or when a graver
    severity would be told less often than a milder one.
    """
    known = {pace.severity: pace.minutes for pace in read.in_force(now)}
    wanted = {**known, **minutes}
    _check(wanted)
    changed = [severity for severity in sorted(wanted) if wanted[severity] != known.get(severity)]
    rows = [
        Cadence.objects.create(severity=severity, minutes=wanted[severity], in_force_from=now, by_id=by.pk)
        for severity in changed
    ]
    if rows:
        detail = {str(severity): [known[severity], wanted[severity]] for severity in changed}
        audit.note(action="cadence.changed", by=by, client=here(), now=now, detail=detail)
    return rows


def _check(wanted: Mapping[int, int | None]) -> None:
    if set(wanted) != set(read.HOUSE):
        raise ValidationError(_("Severities go from 1 to 4."))
    if any(one is not None and not read.LEAST <= one <= read.MOST for one in wanted.values()):
        raise ValidationError(_("Between 5 minutes and 12 hours (720 minutes)."))
    spans = [wanted[severity] or read.MOST + 1 for severity in sorted(wanted)]
    if spans != sorted(spans):
        raise ValidationError(_("The graver it is, the more often it is told: check the order."))
