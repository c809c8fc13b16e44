"""The link in a call: one recipient, one act. It is worth nothing once it is withdrawn, or its recipient has left."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency import links
from agency.access import here
from agency.models import User
from agency.roles import Can, can
from clients.selectors.channels import ways
from incidents.choices import AlertState, EntryKind
from incidents.models import Alert, AlertCall, Incident
from incidents.selectors.gate import is_inside
from incidents.services import escalation, timeline
from incidents.services.alert_words import LIVES_ON, PURPOSE, mark_of
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words


def called_by(token: str, *, now: datetime) -> AlertCall:
    """The call that the link belongs to. Raises links.NotUsable (broken or expired) and links.Withdrawn.

    It lives as long as its alert is under way, and a day longer: who comes late reads who has it.
    """
    number, key, line = _three(links.read(PURPOSE, token, now=now))
    known = AlertCall.objects.select_related("alert__incident__brand", "alert__answered_by", "alert__answered_contact")
    call = known.select_related("person", "contact").filter(pk=number).first()
    if call is None or call.link_key.time_low != key or not may_still(call) or not _is_still_theirs(call, line):
        raise links.Withdrawn
    if is_over(that_it_answers(call), now):
        raise links.NotUsable(is_expired=True)
    return call


def _three(numbers: tuple[int, ...]) -> tuple[int, int, int | None]:
    """The call, its key and its line; a link that left before lines were written in it has none."""
    if len(numbers) not in {2, 3}:
        raise links.NotUsable(is_expired=False)
    return numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else None


def is_over(alert: Alert, now: datetime) -> bool:
    """Whether the alert ended more than a day ago: what comes now is for nobody."""
    if alert.state == AlertState.CALLING:
        return False
    ended_at = alert.ended_at or alert.answered_at or alert.started_at
    return now > ended_at + LIVES_ON


def _is_still_theirs(call: AlertCall, line: int | None) -> bool:
    """The recipient is still reached where the call went: an address that changed hands answers nothing."""
    somebody = {"contact": call.contact} if call.contact else {"person": call.person}
    return line is None or any(mark_of(way.line) == line for way in ways(**somebody))  # type: ignore[arg-type]


def may_still(call: AlertCall) -> bool:
    """The recipient is still there; somebody of the agency still works for the client and may know of it."""
    if call.contact is not None:
        return call.contact.is_active
    person = call.person
    return person is not None and can(person, here(), Can.RUN_INCIDENT) and is_inside(call.alert.incident, person)


def answer(*, token: str, now: datetime) -> AlertCall:
    """The recipient answers: every call of the alert stops. Answered already, it stays as it was.

    A link of an alert that was replaced answers the one under way: it is the same incident that calls. But whoever of
    the agency was called for a proposal does not answer in the place of the client's contacts, nor they for the agency.
    Raises links.NotUsable and links.Withdrawn.
    """
    call = called_by(token, now=now)
    escalation.acknowledge(
        incident=call.alert.incident,
        by=call.person if call.contact is None else None,
        contact=call.contact,
        how="link",
        now=now,
        seen=call.alert,
    )
    return called_by(token, now=now)


def that_it_answers(call: AlertCall) -> Alert:
    """The last alert of its incident when it calls the same people, the agency's or the client's; else its own."""
    last = last_of(call.alert.incident)
    return last if last and escalation.calls_the_same(last, call.alert) else call.alert


def last_of(incident: Incident) -> Alert | None:
    """The alert under way or the last one, with who answered."""
    known = Alert.objects.filter(incident=incident).select_related("answered_by", "answered_contact")
    return known.order_by("-started_at", "-id").first()


@transaction.atomic
def withdraw_links(*, alert: Alert, by: User, now: datetime) -> int:
    """A person makes every link of the alert worthless (a mailbox was read, a telephone lost); returns how many.

    The calls that are still to come leave with links of their own. Raises Refused("no_link") when none has left.
    """
    locked = Incident.objects.select_for_update().get(pk=alert.incident_id)
    # What a server did not say that it took, or gave back, may have been read on the way.
    tried = Q(sent_at__isnull=False) | Q(attempts__gt=0, claimed_until__isnull=True) | Q(claimed_until__lte=now)
    left = list(AlertCall.objects.select_for_update().filter(tried, alert=alert).order_by("pk"))
    if not left:
        raise Refused("no_link", _("No link has left yet."))
    for call in left:
        call.link_key = uuid.uuid4()
    AlertCall.objects.bulk_update(left, ["link_key"])
    text = in_the_clients_words(gettext_noop("The links of the alert were withdrawn."))
    timeline.log(incident=locked, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
    return len(left)
