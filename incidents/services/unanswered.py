"""Nobody answers: whoever leads the team is told, again and again, until somebody answers or silences it."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from agency.access import here, leads_of
from agency.mail import NotAccepted, Post
from agency.models import User
from clients.selectors.standing import directors_of
from incidents.choices import AlertState, CallState, IncidentState
from incidents.models import Alert, AlertCall, Incident
from incidents.selectors.gate import insiders
from incidents.services import alert_words, timeline
from incidents.services.escalation import patience
from incidents.services.wording import in_the_clients_words

TRY_AGAIN = timedelta(minutes=2)


def due(*, now: datetime) -> list[int]:
    """Alerts that nobody answered, whose hour to say so has come, the oldest first."""
    rows = Alert.objects.filter(state=AlertState.CALLING, silenced_at__isnull=True, remind_at__lte=now)
    return list(rows.order_by("remind_at", "id").values_list("id", flat=True)[:100])


def remind(*, alert_id: int, post: Post, now: datetime) -> int:
    """Writes to the leads of the team and the directors who may know of it; returns how many messages left.

    Claimed by moving the next reminder on. When no server takes one, it is tried again in two minutes and the page
    says why: even then the red band stands.
    """
    alert = _claim(alert_id, now)
    if alert is None:
        return 0
    told = AlertCall.objects.filter(alert=alert, state=CallState.SENT).count()
    errors, sent = [], 0
    for person in _led_by(alert.incident):
        words = alert_words.of_reminder(alert, person, told=told)
        try:
            post.send(to=person.email, subject=words.subject, body=words.body, key=_message_key(alert, person))
            sent += 1
        except NotAccepted as refusal:
            errors.append(f"{person.email}: {refusal.words}"[:300])
    _write(alert, sent, errors, now)
    return sent


@transaction.atomic
def _claim(alert_id: int, now: datetime) -> Alert | None:
    waiting = Alert.objects.filter(pk=alert_id, state=AlertState.CALLING, silenced_at__isnull=True, remind_at__lte=now)
    alert = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("incident__brand").first()
    if alert is None or alert.incident.state not in {IncidentState.PROPOSED, IncidentState.OPEN}:
        return None
    alert.remind_at = now + patience(alert.severity)
    alert.reminders += 1
    alert.save(update_fields=["remind_at", "reminders"])
    return alert


def _led_by(incident: Incident) -> list[User]:
    """The leads of the client's team and the directors, each once; of a restricted incident those inside the gate."""
    client = here()
    allowed = {one.pk for one in insiders(incident)}
    found = {one.pk: one for one in [*leads_of(client), *directors_of(client)] if one.pk in allowed}
    return list(found.values())


@transaction.atomic
def _write(alert: Alert, sent: int, errors: list[str], now: datetime) -> None:
    changed = {"reminder_error": "\n".join(errors)}
    if not sent:
        changed["remind_at"] = now + TRY_AGAIN  # type: ignore[assignment]
    incident = Incident.objects.select_for_update().get(pk=alert.incident_id)
    still = Alert.objects.filter(pk=alert.pk, state=AlertState.CALLING).update(**changed)
    if not still:
        return
    words = gettext_noop("Nobody has answered the alert: the leads of the team are told (%(count)d).")
    if not sent:
        words = gettext_noop("Nobody has answered the alert, and no lead of the team could be told: %(error)s")
    text = in_the_clients_words(words, count=sent, error=errors[0] if errors else "—")
    timeline.log_once(incident=incident, text=text, now=now, since=alert.started_at)  # the others are counted


def _message_key(alert: Alert, person: User) -> str:
    return f"{connection.schema_name}.unanswered.{alert.pk}.{alert.reminders}.{person.pk}"  # type: ignore[attr-defined]
