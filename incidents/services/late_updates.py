"""The situation report that is owed: by which hour, and whoever owes it reminded until it is out."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.mail import NotAccepted, Post
from agency.models import User
from clients.selectors.cadences import minutes_at
from incidents.choices import IncidentState
from incidents.models import Incident, LateUpdate
from incidents.selectors.gate import insiders
from incidents.services import timeline
from incidents.services.reminders import EVERY, TRY_AGAIN, address_of, in_a_drill, last_resort
from incidents.services.wording import in_the_clients_words

LEAD_ALONE = 2  # reminders to the lead before whoever leads the team is told too


def owe(*, incident: Incident, now: datetime) -> None:
    """From now on a report is owed within the cadence of the incident's severity; an earlier hour stands.

    Nothing is owed where the cadence is at every change.
    """
    minutes = minutes_at(incident.severity, now)
    if minutes is None:
        return
    owed_at = now + timedelta(minutes=minutes)
    later = Q(next_update_at__isnull=True) | Q(next_update_at__gt=owed_at)
    if Incident.objects.filter(later, pk=incident.pk, state=IncidentState.OPEN).update(next_update_at=owed_at):
        incident.next_update_at = owed_at


def due(*, now: datetime) -> list[int]:
    """Open incidents whose report is late and whose reminder has come, the latest first."""
    asked = (
        Q(late_update__isnull=True) | Q(late_update__remind_at__lte=now) | ~Q(late_update__owed_at=F("next_update_at"))
    )
    late = Incident.objects.filter(asked, state=IncidentState.OPEN, next_update_at__lte=now)
    return list(late.order_by("next_update_at", "id").values_list("id", flat=True)[:100])


def remind(*, incident_id: int, post: Post, now: datetime) -> int:
    """Reminds whoever owes the report; returns how many messages left.

    The row is claimed by moving its next reminder on before anything leaves, as for tasks: two workers send one
    message. The lead first; from the third time whoever leads the team too, or at once when the lead's server refuses.
    """
    row = claim(incident_id, now)
    if row is None:
        return 0
    asked = _asked(row)
    told = sum(_tell(person, row, post, now) for person in asked)
    if asked and not told:  # where one of them was told, the others wait for the next round
        LateUpdate.objects.filter(pk=row.pk).update(remind_at=now + TRY_AGAIN)
    return told


@transaction.atomic
def claim(incident_id: int, now: datetime) -> LateUpdate | None:
    """The reminder to send now, its next one moved on; None when another worker has it, or it is no longer late."""
    incident = (
        Incident.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("lead")
        .filter(pk=incident_id, state=IncidentState.OPEN, next_update_at__lte=now)
        .first()
    )
    if incident is None or incident.next_update_at is None:
        return None
    owed_at = incident.next_update_at
    row = LateUpdate.objects.filter(incident=incident).first() or LateUpdate(incident=incident, owed_at=owed_at)
    if row.pk and row.owed_at == owed_at and row.remind_at > now:
        return None
    if row.owed_at != owed_at:
        row.owed_at, row.reminders, row.error = owed_at, 0, ""
    row.incident, row.remind_at = incident, now + EVERY[incident.severity or 4]
    row.reminders += 1
    row.save()
    return row


def _asked(row: LateUpdate) -> list[User]:
    """Of those who may know of the incident: its lead; then, or without one, whoever leads the team."""
    incident = row.incident
    there = set(insiders(incident).values_list("pk", flat=True))
    lead = incident.lead if incident.lead_id in there and not row.error else None
    chief = last_resort(incident, there) if lead is None or row.reminders > LEAD_ALONE else None
    return list(dict.fromkeys(one for one in (lead, chief) if one is not None))


def _tell(person: User, row: LateUpdate, post: Post, now: datetime) -> int:
    subject, body = _words(person, row, now)
    key = f"{connection.schema_name}.late.{row.pk}.{row.owed_at:%Y%m%d%H%M}.{row.reminders}.{person.pk}"  # type: ignore[attr-defined]
    try:
        post.send(to=person.email, subject=subject, body=body, key=key)
    except NotAccepted as refusal:
        _not_told(person, row, refusal, now)
        return 0
    return 1


@transaction.atomic
def _not_told(person: User, row: LateUpdate, refusal: NotAccepted, now: datetime) -> None:
    """What a server refuses is said in the log, once as long as it is the same refusal; the team's lead is next."""
    if refusal.is_passing:
        return
    LateUpdate.objects.filter(pk=row.pk).update(error=refusal.words)
    text = in_the_clients_words(
        gettext_noop("%(name)s could not be reminded of the late situation report: %(error)s"),
        name=person, error=refusal.words,
    )  # fmt: skip
    timeline.log_once(incident=row.incident, text=text, now=now)


def _words(person: User, row: LateUpdate, now: datetime) -> tuple[str, str]:
    """Of a restricted incident the reference alone: a mail is read on a screen that others see."""
    incident = row.incident
    values = {
        "reference": incident.reference,
        "hour": f"{timezone.localtime(row.owed_at):%H:%M}",
        "minutes": int((now - row.owed_at).total_seconds() // 60),
    }
    with translation.override(person.language):
        subject = _("%(reference)s: the situation report of %(hour)s is late") % values
        lines = [
            _("Announced for %(hour)s, not issued yet (%(minutes)d minutes).") % values,
            *([] if incident.is_restricted else [incident.title]),
            "",
            _("You are reminded until it is out:"),
            address_of(incident, "point/"),
        ]
        return in_a_drill(incident, subject), "\n".join(lines)
