"""Who is writing a situation report now, so that two people do not write the same one without knowing."""

from datetime import datetime
from uuid import UUID

from agency.models import User
from incidents.models import Composing, Incident, SituationReport
from incidents.selectors.composing import STILL_WRITING

MOST_TOKENS = 20


def begin(*, incident: Incident, by: User, now: datetime) -> Composing:
    """Says that `by` is writing; somebody who had stopped for some minutes begins anew."""
    row, is_new = Composing.objects.get_or_create(incident=incident, person=by, defaults={"since": now, "seen_at": now})
    if is_new:
        return row
    since = row.since if now - row.seen_at < STILL_WRITING else now
    Composing.objects.filter(pk=row.pk).update(since=since, seen_at=now)
    row.since, row.seen_at = since, now
    return row


def tokens_issued(*, incident: Incident, by: User) -> list[UUID]:
    """The pages of `by` that became a report: what their browser kept of them is no longer needed."""
    sent = SituationReport.objects.filter(incident=incident, by=by, token__isnull=False).order_by("-number")
    return [token for token in sent.values_list("token", flat=True)[:MOST_TOKENS] if token]
