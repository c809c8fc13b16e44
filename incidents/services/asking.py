"""Debriefs and follow-ups are asked for until they are signed, done or dropped; claimed before a message leaves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here, leads_of
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import User
from incidents.asking_again import ask_at, next_morning
from incidents.choices import FollowUpState
from incidents.models import Debrief, FollowUp, Incident
from incidents.selectors.gate import insiders
from incidents.services import timeline
from incidents.services.reminders import in_a_drill
from incidents.services.wording import in_the_clients_words

TRY_AGAIN = timedelta(minutes=10)
MOST_AT_ONCE = 200
DEBRIEF, FOLLOW_UP = "debrief", "follow_up"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody owes: the row claimed, its incident, whom to ask first, by when."""

    kind: str
    row: Debrief | FollowUp
    first: User | None
    words: str
    due_on: date


def due(*, now: datetime) -> list[tuple[str, int]]:
    """What is to be asked for now: (debrief or follow_up, its key)."""
    debriefs = Debrief.objects.filter(signed_at__isnull=True, remind_at__lte=now).order_by("remind_at", "id")
    follow_ups = FollowUp.objects.filter(state=FollowUpState.OPEN, remind_at__lte=now).order_by("remind_at", "id")
    found = [(DEBRIEF, pk) for pk in debriefs.values_list("pk", flat=True)[:MOST_AT_ONCE]]
    return found + [(FOLLOW_UP, pk) for pk in follow_ups.values_list("pk", flat=True)[:MOST_AT_ONCE]]


def ask(*, kind: str, pk: int, post: Post, now: datetime) -> int:
    """Asks whoever owes it; returns how many messages left.

    The next reminder is moved on before anything leaves: two workers send one message. A busy server is tried again
    in ten minutes; where an address is refused, the log says so and the next in line is asked instead. Only people who
    may know of the incident are written to: who owes it, its lead, the leads of the client.
    """
    asked = _claim(kind, pk, now)
    if asked is None:
        return 0
    for person in _in_line(asked):
        try:
            _send(asked, person, post, now)
        except NotAccepted as refusal:
            if refusal.is_passing:
                type(asked.row).objects.filter(pk=pk).update(remind_at=now + TRY_AGAIN)  # type: ignore[attr-defined]
                return 0
            _not_asked(asked, person, refusal, now)
            continue
        return 1
    return 0


@transaction.atomic
def _claim(kind: str, pk: int, now: datetime) -> Asked | None:
    zone = ZoneInfo(here().timezone)
    if kind == DEBRIEF:
        waiting = Debrief.objects.filter(pk=pk, signed_at__isnull=True, remind_at__lte=now)
        debrief = waiting.select_for_update(of=("self",), skip_locked=True).select_related("incident", "host").first()
        if debrief is None:
            return None
        ahead = debrief.planned_at if debrief.planned_at > now else now
        _moved(debrief, next_morning(ahead, zone))
        return Asked(kind, debrief, debrief.host, _debrief_words(debrief), debrief.planned_at.astimezone(zone).date())
    todo = FollowUp.objects.filter(pk=pk, state=FollowUpState.OPEN, remind_at__lte=now)
    row = todo.select_for_update(of=("self",), skip_locked=True).select_related("incident", "owner").first()
    if row is None:
        return None
    _moved(row, ask_at(row.due_on, now, zone))
    return Asked(kind, row, row.owner, row.words, row.due_on)


def _moved(row: Debrief | FollowUp, to: datetime) -> None:
    row.remind_at = to
    row.reminders += 1
    row.save(update_fields=["remind_at", "reminders"])


def _debrief_words(row: Debrief) -> str:
    return str(row.get_kind_display())


def _in_line(asked: Asked) -> list[User]:
    """Who is asked: whoever owes it, else the incident's lead, else the leads; only those who may know of it."""
    incident = Incident.objects.select_related("lead").get(pk=asked.row.incident_id)
    inside = set(insiders(incident).values_list("pk", flat=True))
    wanted = [asked.first, incident.lead, *leads_of(here())]
    return list(dict.fromkeys(one for one in wanted if one is not None and one.pk in inside))


def _not_asked(asked: Asked, person: User, refusal: NotAccepted, now: datetime) -> None:
    """Said in the log, once as long as it is the same refusal."""
    text = in_the_clients_words(
        gettext_noop("%(name)s could not be asked for “%(words)s”: %(error)s"),
        name=person, words=asked.words, error=refusal.words,
    )  # fmt: skip
    timeline.log_once(incident=asked.row.incident, text=text, now=now)


def _send(asked: Asked, person: User, post: Post, now: datetime) -> None:
    subject, body = _words(asked, person, now)
    key = f"{connection.schema_name}.{asked.kind}.{asked.row.pk}.{asked.row.reminders}.{person.pk}"  # type: ignore[attr-defined]
    post.send(to=person.email, subject=subject, body=body, key=key)


def _words(asked: Asked, person: User, now: datetime) -> tuple[str, str]:
    """Subject and text in the language of whoever is asked; a drill says so first.

    Of a restricted incident the reference alone: a mail is read on a screen that others see.
    """
    incident = asked.row.incident
    with translation.override(person.language):
        values = {
            "reference": incident.reference,
            "title": incident.reference if incident.is_restricted else incident.title,
            "words": _said(asked),
            "day": date_format(asked.due_on, "j F Y"),
        }
        is_late = asked.due_on < now.astimezone(ZoneInfo(here().timezone)).date()
        if asked.kind == DEBRIEF:
            subject = _("%(reference)s: the debrief (%(words)s) is to be held and signed") % values
            first = _("“%(title)s”: the debrief planned for %(day)s is not signed yet.") % values
        else:
            subject = _("%(reference)s: %(words)s") % values
            first = _("Follow-up of “%(title)s”, due on %(day)s: %(words)s") % values
        late = [_("It is late.")] if is_late else []
        end = _("You are asked until it is done, or dropped with a reason:")
        return in_a_drill(incident, subject), "\n".join([first, *late, "", end, _address(incident)])


def _said(asked: Asked) -> str:
    if asked.kind == DEBRIEF:
        return _debrief_words(asked.row)  # type: ignore[arg-type]
    return _("a follow-up") if asked.row.incident.is_restricted else asked.words


def _address(incident: Incident) -> str:
    host = here().domains.filter(is_primary=True).values_list("domain", flat=True).get()
    return standing_url(host, f"/agence/incidents/{incident.number}/#closing")
