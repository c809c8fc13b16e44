"""“Read”: the contact says so by the link of the message, or somebody of the team notes it; one reminder at most."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency import links, reply_address
from agency.access import here
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import User
from incidents.choices import BriefingState, EntryKind, IncidentState
from incidents.models import Briefing
from incidents.selectors.told import ASKED_AGAIN_AFTER
from incidents.services import escalation, tickets, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

PURPOSE = "briefing.read"
GOOD_FOR = timedelta(days=7)
TRY_AGAIN = timedelta(minutes=2)


def address_of(briefing: Briefing, now: datetime) -> str:
    """Where this contact, and nobody else, says that this message was read; good for seven days, until withdrawn."""
    signed = links.sign(PURPOSE, [briefing.pk, briefing.links_withdrawn], expires_at=now + GOOD_FOR)
    host = here().domains.filter(is_primary=True).values_list("domain", flat=True).get()
    return standing_url(host, reverse("briefing_read", args=[signed], urlconf=settings.ROOT_URLCONF))


def meant_by(token: str, *, now: datetime) -> Briefing:
    """The message that the link is about. Raises links.NotUsable (broken or expired) and links.Withdrawn.

    It is worth nothing once it was withdrawn, or its contact left, or has another address than it was sent to.
    """
    number, *times = links.read(PURPOSE, token, now=now)  # those that left before it was counted have no second number
    found = Briefing.objects.select_related("incident", "contact", "situation_report").filter(pk=number).first()
    if found is None or found.links_withdrawn != (times[0] if times else 0) or not is_theirs(found):
        raise links.Withdrawn
    return found


def is_theirs(briefing: Briefing) -> bool:
    """Whether its contact is still there, at the address it was sent to."""
    return briefing.contact.is_active and briefing.contact.email.lower() == briefing.email.lower()


@transaction.atomic
def withdraw_link(*, briefing: Briefing, by: User, now: datetime) -> Briefing:
    """A person makes the link that left worthless (a mailbox was read); a reminder leaves with another.

    Raises Refused("not_sent").
    """
    timeline.held(briefing.incident)
    sent = Briefing.objects.filter(pk=briefing.pk, state=BriefingState.SENT)
    if not sent.update(links_withdrawn=F("links_withdrawn") + 1):
        raise Refused("not_sent", _("Its link has not left yet."))
    briefing.refresh_from_db()
    _log(briefing, gettext_noop("The link of “%(subject)s” to %(name)s was withdrawn."), by, now, EntryKind.DECISION)
    return briefing


def with_its_link(briefing: Briefing, now: datetime) -> str:
    """The text as it leaves. The link is not kept: who reads our database cannot answer for a contact."""
    with translation.override(briefing.language):
        asked = _("Have you read this? Say so here, in one touch:")
        reply = _("Answering this mail, in a word, is enough too.") if reply_address.is_on() else ""
    return f"{briefing.body}\n\n{asked}\n{address_of(briefing, now)}\n" + (f"\n{reply}\n" if reply else "")


def reminded_at(briefing: Briefing, now: datetime) -> datetime | None:
    """When one reminder leaves if it is still unread; None where the report expected nothing of the reader."""
    report = briefing.situation_report
    if report is None or not report.expected or briefing.acknowledged_at:
        return None
    return now + ASKED_AGAIN_AFTER[briefing.incident.severity or 4]


@transaction.atomic
def acknowledge(
    *, briefing: Briefing, now: datetime, by: User | None = None, answers_the_alert: bool = True
) -> Briefing:
    """Read, by the contact; `by` is who notes that they said so elsewhere. The first time counts; it is in the log.

    What a contact has read answers the alert that calls them, unless they answered “no” to it (`answers_the_alert`).
    Raises Refused (not_sent).
    """
    timeline.held(briefing.incident)  # before the message, as whoever takes an answer by mail
    if by and briefing.state != BriefingState.SENT:
        raise Refused("not_sent", _("This message has not left yet: nobody can have read it."))
    changed = Briefing.objects.filter(pk=briefing.pk, acknowledged_at__isnull=True).update(
        acknowledged_at=now, acknowledgement_noted_by=by, remind_at=None
    )
    briefing.refresh_from_db()
    if changed:
        _say_so(briefing, by, now)
        is_theirs_to_say = by is None and answers_the_alert  # said by themselves, not noted by the team
        if is_theirs_to_say and briefing.situation_report is not None:
            escalation.acknowledge_by_reading(
                incident=briefing.incident, contact=briefing.contact, report=briefing.situation_report.number, now=now
            )
    return briefing


@transaction.atomic
def take_back(*, briefing: Briefing, by: User, now: datetime) -> Briefing:
    """Undo of what somebody of the team noted. Raises Refused (not_noted): what the contact said is not ours."""
    timeline.held(briefing.incident)
    changed = Briefing.objects.filter(pk=briefing.pk, acknowledgement_noted_by__isnull=False).update(
        acknowledged_at=None, acknowledgement_noted_by=None
    )
    if not changed:
        raise Refused("not_noted", _("Only what was noted by the team is taken back."))
    briefing.refresh_from_db()
    _log(briefing, gettext_noop("%(name)s had not read “%(subject)s” after all."), by, now)
    return briefing


def _say_so(briefing: Briefing, by: User | None, now: datetime) -> None:
    words = (
        gettext_noop("%(name)s has read “%(subject)s” (noted by the team).")
        if by
        else gettext_noop("%(name)s has read “%(subject)s”.")
    )
    _log(briefing, words, by, now)


def _log(briefing: Briefing, words: str, by: User | None, now: datetime, kind: EntryKind = EntryKind.FACT) -> None:
    text = in_the_clients_words(words, name=briefing.contact.name, subject=briefing.subject)
    timeline.log(incident=briefing.incident, kind=kind, text=text[: timeline.LONGEST], happened_at=now, by=by, now=now)


def due(*, now: datetime) -> list[int]:
    """Messages to remind of now, of open incidents, oldest first."""
    rows = _to_remind().filter(remind_at__lte=now)
    return list(rows.order_by("remind_at", "id").values_list("id", flat=True)[:100])


def remind(*, briefing_id: int, post: Post, now: datetime) -> bool:
    """Asks the contact once more; the row is claimed before it leaves, so that it leaves once. True when it left.

    A server that is busy is tried again in two minutes; what it refuses is written in the log.
    """
    wanted = _to_remind().filter(pk=briefing_id)  # its own column stays outside: it is read again after a lock
    if not Briefing.objects.filter(pk__in=wanted, remind_at__lte=now).update(remind_at=None, reminded_at=now):
        return False
    briefing = Briefing.objects.select_related("incident", "contact").get(pk=briefing_id)
    with translation.override(briefing.language):
        subject = _("Still unread: %(subject)s") % {"subject": briefing.subject}
    ticket = tickets.of_briefing(briefing)
    key = tickets.named(ticket, f"{connection.schema_name}.reminder.{briefing.pk}")  # type: ignore[attr-defined]
    body, reply_to = with_its_link(briefing, now), reply_address.address_of(ticket)
    try:
        post.send(to=briefing.email, subject=subject[:200], body=body, key=key, reply_to=reply_to)
    except NotAccepted as refusal:
        _not_reminded(briefing, refusal, now)
        return False
    timeline.touch(briefing.incident)
    return True


def _not_reminded(briefing: Briefing, refusal: NotAccepted, now: datetime) -> None:
    if refusal.is_passing:
        Briefing.objects.filter(pk=briefing.pk).update(remind_at=now + TRY_AGAIN, reminded_at=None)
        return
    text = in_the_clients_words(
        gettext_noop("%(name)s could not be asked again to read “%(subject)s”: %(error)s"),
        name=briefing.contact.name, subject=briefing.subject, error=refusal.words,
    )  # fmt: skip
    timeline.log(
        incident=briefing.incident,
        kind=EntryKind.FACT,
        text=text[: timeline.LONGEST],
        happened_at=now,
        by=None,
        now=now,
    )


def _to_remind() -> QuerySet[Briefing]:
    """Sent, unread, in an open incident, to somebody who is still there at that address."""
    return Briefing.objects.alias(written_to=Lower("email"), reads=Lower("contact__email")).filter(
        state=BriefingState.SENT, acknowledged_at__isnull=True, incident__state=IncidentState.OPEN,
        contact__is_active=True, written_to=F("reads"),
    )  # fmt: skip
