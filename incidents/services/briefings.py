"""Telling a contact: the row is the queue, a worker claims it, and what became of it is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency import reply_address
from agency.mail import NotAccepted, Post
from agency.models import User
from clients.choices import ReportVersion
from clients.models import Contact
from incidents.choices import BriefingState, EntryKind, IncidentState
from incidents.models import Briefing, Incident, SituationReport
from incidents.services import acknowledgements, tickets, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

CLAIM = timedelta(minutes=2)
RETRY_AFTER = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)


@dataclass(frozen=True, slots=True)
class Message:
    """What one contact is to receive."""

    contact: Contact
    subject: str
    body: str
    version: str = ReportVersion.TACTICAL


def brief(
    *, incident: Incident, contacts: Sequence[Contact], subject: str, body: str, by: User, now: datetime
) -> list[Briefing]:
    """Queues the same e-mail for each contact and writes it in the log. Raises Refused as `tell` does."""
    messages = [Message(contact, subject, body) for contact in contacts]
    return tell(incident=incident, messages=messages, by=by, now=now)


@transaction.atomic
def tell(
    *,
    incident: Incident,
    messages: Sequence[Message],
    by: User,
    now: datetime,
    situation_report: SituationReport | None = None,
) -> list[Briefing]:
    """Queues one e-mail for each contact, one a contact for the same report, and writes it in the log.

    Raises Refused (not_open, nobody, no_words).
    """
    if Incident.objects.select_for_update().get(pk=incident.pk).state != IncidentState.OPEN:
        raise Refused("not_open", _("Only an open incident is briefed on."))
    if not messages:
        raise Refused("nobody", _("Nobody would be told: choose at least one contact."))
    if not all(one.subject.strip() and one.body.strip() for one in messages):
        raise Refused("no_words", _("A briefing has a subject and a text."))
    rows = [
        Briefing(
            incident=incident, situation_report=situation_report, contact=one.contact, email=one.contact.email,
            subject=" ".join(one.subject.split())[:200], body=one.body.strip(), version=one.version,
            language=one.contact.language, due_at=now, by=by, created_at=now,
        )
        for one in messages
    ]  # fmt: skip
    briefings = Briefing.objects.bulk_create(rows)
    _say_who_is_told(incident, messages, by, now)
    return briefings


def _say_who_is_told(incident: Incident, messages: Sequence[Message], by: User, now: datetime) -> None:
    names = ", ".join(one.contact.name for one in messages)
    text = in_the_clients_words(
        gettext_noop("Briefing to %(names)s: %(subject)s"), names=names, subject=messages[0].subject
    )
    timeline.log(
        incident=incident, kind=EntryKind.MESSAGE, text=text[: timeline.LONGEST], happened_at=now, by=by, now=now
    )


def due(*, now: datetime) -> list[int]:
    """Numbers of the briefings to send now and claimed by nobody, oldest first."""
    rows = Briefing.objects.filter(state=BriefingState.DUE, due_at__lte=now).exclude(claimed_until__gt=now)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:100])


def send(*, briefing_id: int, post: Post, now: datetime) -> Briefing | None:
    """Claims one briefing, hands it to the mail server, and writes what became of it; None when somebody else has it.

    A server that is busy or away is tried again (30 s, 2, 10, 30 min), one that refuses is not. Both are logged when
    they end badly: nobody was told must be impossible to miss.
    """
    claimed = (
        Briefing.objects.filter(pk=briefing_id, state=BriefingState.DUE, due_at__lte=now)
        .exclude(claimed_until__gt=now)
        .update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    )
    if not claimed:
        return None
    briefing = Briefing.objects.select_related("incident", "contact", "situation_report").get(pk=briefing_id)
    ticket = tickets.of_briefing(briefing)
    try:
        post.send(
            to=briefing.email,
            subject=briefing.subject,
            body=acknowledgements.with_its_link(briefing, now),
            key=tickets.named(ticket, _message_key(briefing)),
            reply_to=reply_address.address_of(ticket),
        )
    except NotAccepted as refusal:
        return _not_sent(briefing, refusal, now)
    briefing.state, briefing.sent_at, briefing.error = BriefingState.SENT, now, ""
    briefing.remind_at = acknowledgements.reminded_at(briefing, now)
    briefing.save(update_fields=["state", "sent_at", "error", "remind_at"])
    timeline.touch(briefing.incident)
    return briefing


def _message_key(briefing: Briefing) -> str:
    """The same for every attempt: a mail program that gets it twice shows it once."""
    return f"{connection.schema_name}.briefing.{briefing.pk}"  # type: ignore[attr-defined]


@transaction.atomic
def _not_sent(briefing: Briefing, refusal: NotAccepted, now: datetime) -> Briefing:
    timeline.held(briefing.incident)  # before the message, as whoever reads one that left after all
    briefing.error = refusal.words
    if refusal.is_passing and briefing.attempts <= len(RETRY_AFTER):
        briefing.due_at = now + RETRY_AFTER[briefing.attempts - 1]
        briefing.claimed_until = None
        briefing.save(update_fields=["error", "due_at", "claimed_until"])
        return briefing
    return _failed(briefing, now)


@transaction.atomic
def bounced(*, briefing: Briefing, why: str, now: datetime) -> bool:
    """The mail server gives back what it had taken: it is not sent, and a person may send it again.

    False when it was read all the same, or is known as not sent already.
    """
    sent = Briefing.objects.filter(pk=briefing.pk, state=BriefingState.SENT, acknowledged_at__isnull=True)
    if not sent.update(remind_at=None):
        return False
    briefing.error, briefing.remind_at = why[:1000], None
    _failed(briefing, now)
    return True


def _failed(briefing: Briefing, now: datetime) -> Briefing:
    briefing.state = BriefingState.FAILED
    briefing.save(update_fields=["error", "state"])
    timeline.log(
        incident=briefing.incident,
        kind=EntryKind.FACT,
        text=in_the_clients_words(
            gettext_noop("%(name)s was not told: %(error)s"),
            name=briefing.contact.name,
            error=briefing.error,
        )[: timeline.LONGEST],
        happened_at=now,
        by=None,
        now=now,
    )
    return briefing


@transaction.atomic
def try_again(*, briefing: Briefing, by: User, now: datetime) -> Briefing:
    """A person sends a failed briefing again, to the contact's present address. Raises Refused (not_failed)."""
    changed = Briefing.objects.filter(pk=briefing.pk, state=BriefingState.FAILED).update(
        state=BriefingState.DUE,
        due_at=now,
        claimed_until=None,
        attempts=0,
        email=briefing.contact.email,
    )
    if not changed:
        raise Refused("not_failed", _("Only a briefing that failed is sent again."))
    briefing.refresh_from_db()
    return briefing
