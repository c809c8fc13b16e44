"""One call: claimed, made, and what became of it said. What fails goes to the next channel, then to the next rung."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from agency import reply_address
from agency.access import here
from agency.calling import EMAIL, Telephone
from agency.mail import NotAccepted
from agency.models import User
from clients.choices import Rung
from clients.models import Contact
from clients.quiet_hours import is_quiet, quiet_until
from clients.selectors.channels import Way, ways
from incidents.choices import AlertState, CallState, EntryKind, IncidentState
from incidents.models import Alert, AlertCall, Incident
from incidents.selectors.rungs import person_of
from incidents.services import alert_words, tickets, timeline
from incidents.services.wording import in_the_clients_words

CLAIM = timedelta(minutes=2)  # longer than the slowest door: a mail server is given 20 s, a service 15
TRY_AGAIN = (timedelta(seconds=30), timedelta(seconds=60))  # a server that is busy; then the next rung
PIERCES_QUIET_HOURS = 1  # the severity that calls at any hour


def due(*, now: datetime) -> list[int]:
    """Numbers of the calls to make now and claimed by nobody, the lowest rung first."""
    rows = AlertCall.objects.filter(state=CallState.DUE, due_at__lte=now, alert__state=AlertState.CALLING)
    return list(
        rows.exclude(claimed_until__gt=now).order_by("due_at", "place", "id").values_list("id", flat=True)[:100]
    )


def make(*, call_id: int, telephone: Telephone, now: datetime) -> AlertCall | None:
    """Claims one call, makes it by the first channel that was not tried, and writes what became of it.

    None when somebody else has it, or when it is no longer needed. Who is on call, who may know of the incident and
    whose hours are quiet are asked now.
    """
    call = _claim(call_id, now)
    if call is None:
        return None
    somebody = call.contact or person_of(call, now)
    if call.contact_id and call.alert.incident.is_restricted:  # the ladder was copied before it was
        return _given_up(call, in_the_clients_words(gettext_noop("the incident was restricted in the meantime")), now)
    if somebody is not None and _has_declined(call, somebody):  # who stands on two rungs is not asked twice
        return _given_up(call, in_the_clients_words(gettext_noop("they have said that they cannot take it")), now)
    if isinstance(somebody, Contact) and _is_quiet(somebody, call, now):
        return _let_sleep(call, now)
    way = _way(call, somebody)
    if somebody is None or way is None:
        return _given_up(call, _why_nobody(call, somebody), now)
    if isinstance(somebody, User) and call.person_id != somebody.pk:
        AlertCall.objects.filter(pk=call.pk).update(person=somebody)
        call.person = somebody
    ticket = tickets.of_call(call, way.line)
    words = alert_words.of_call(call, somebody, way.line, now=now, may_reply=ticket is not None)
    key, reply_to = tickets.named(ticket, _message_key(call)), reply_address.address_of(ticket)
    try:
        telephone.call(way.line, subject=words.subject, body=words.body, key=key, reply_to=reply_to)
    except NotAccepted as refusal:
        return _not_taken(call, way, refusal, now)
    return _sent(call, way, now)


def _claim(call_id: int, now: datetime) -> AlertCall | None:
    """The call, taken: nobody else makes it while the claim holds. Those of an alert that is over are never taken.

    The claim's own columns stay outside the subquery: PostgreSQL reads only those again when another worker held the
    row, and two workers would make one call.
    """
    wanted = AlertCall.objects.filter(
        pk=call_id,
        alert__state=AlertState.CALLING,
        alert__incident__state__in=(IncidentState.PROPOSED, IncidentState.OPEN),
    )
    mine = AlertCall.objects.filter(pk__in=wanted, state=CallState.DUE, due_at__lte=now)
    if not mine.exclude(claimed_until__gt=now).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
        return None
    known = AlertCall.objects.select_related("alert__incident__brand", "alert__incident__lead", "contact", "person")
    return known.get(pk=call_id)


def _way(call: AlertCall, somebody: User | Contact | None) -> Way | None:
    if somebody is None or not somebody.is_active:
        return None
    mine = {"contact": somebody} if isinstance(somebody, Contact) else {"person": somebody}
    found = ways(wanted=call.wanted, **mine)  # type: ignore[arg-type]
    return next((one for one in found if one.key not in call.channels_tried), None)


def _why_nobody(call: AlertCall, somebody: User | Contact | None) -> str:
    if call.error:
        return call.error
    if somebody is not None:
        return in_the_clients_words(gettext_noop("no channel is left to reach them"))
    return in_the_clients_words(gettext_noop("nobody stands on this rung now"))


@transaction.atomic
def _sent(call: AlertCall, way: Way, now: datetime) -> AlertCall:
    """It has left, even where somebody answered in the meantime."""
    _locked(call)
    call.state, call.sent_at, call.sent_by, call.error = CallState.SENT, now, way.words[:80], ""
    call.channel_id, call.claimed_until = way.channel_id, None
    call.save(update_fields=["state", "sent_at", "sent_by", "error", "channel", "claimed_until"])
    _note(call, gettext_noop("Called: %(name)s, by %(channel)s."), now, channel=way.words)
    return call


@transaction.atomic
def _not_taken(call: AlertCall, way: Way, refusal: NotAccepted, now: datetime) -> AlertCall:
    """A busy mail server is tried again; any other failure goes to the next channel at once, or to the next rung."""
    if _locked(call).state != CallState.DUE:
        return call
    call.error = refusal.words[:1000]
    others = _way_after(call, way)
    failures = max(1, call.attempts - len(call.channels_tried))  # by this channel: the others failed once each
    if refusal.is_passing and way.line.kind == EMAIL and others is None and failures <= len(TRY_AGAIN):
        _postpone(call, now + TRY_AGAIN[failures - 1])
        return call
    call.channels_tried = [*call.channels_tried, way.key]
    if others is None:
        return _give_up(call, call.error, now)
    _postpone(call, now)
    _note(call, gettext_noop("%(name)s could not be called by %(channel)s: %(error)s"), now,
          channel=way.words, error=call.error)  # fmt: skip
    return call


def _way_after(call: AlertCall, way: Way) -> Way | None:
    """The channel that comes after this one for the same somebody."""
    mine = {"contact": call.contact} if call.contact else {"person": call.person}
    tried = {*call.channels_tried, way.key}
    return next((one for one in ways(wanted=call.wanted, **mine) if one.key not in tried), None)  # type: ignore[arg-type]


def _postpone(call: AlertCall, until: datetime) -> None:
    call.due_at, call.claimed_until = until, None
    call.save(update_fields=["due_at", "claimed_until", "error", "channels_tried", "attempts"])


@transaction.atomic
def bounced(*, call: AlertCall, way: Way, why: str, now: datetime) -> bool:
    """What the mail server had taken came back from there: the next channel is called at once, else who comes next.

    False when the call did not leave by that address, or it is known already.
    """
    stored = _locked(call)
    if stored.state != CallState.SENT or (stored.channel_id, stored.sent_by) != (way.channel_id, way.words[:80]):
        return False
    call.error, call.channels_tried = why[:1000], [*stored.channels_tried, way.key]
    if not Alert.objects.filter(pk=call.alert_id, state=AlertState.CALLING).exists():
        AlertCall.objects.filter(pk=call.pk).update(state=CallState.FAILED, error=call.error)
        _note(call, gettext_noop("%(name)s could not be called: %(error)s"), now, error=call.error)
        return True
    if _way_after(call, way) is None:
        _give_up(call, call.error, now)
        return True
    call.attempts = stored.attempts
    AlertCall.objects.filter(pk=call.pk).update(state=CallState.DUE, sent_at=None, sent_by="", channel=None)
    _postpone(call, now)
    _note(call, gettext_noop("%(name)s could not be called by %(channel)s: %(error)s"), now,
          channel=way.words, error=call.error)  # fmt: skip
    return True


@transaction.atomic
def declined(*, call: AlertCall, now: datetime) -> bool:
    """Whoever was called says no: their backup, or who comes next, is called at once, and the alert goes on.

    Somebody else of the same rung who was called as well may still answer: the next rung then keeps its hour. False
    when nobody waits for it any more, or they have said so already.
    """
    stored = _locked(call)
    is_calling = Alert.objects.filter(pk=call.alert_id, state=AlertState.CALLING).exists()
    if not is_calling or stored.state != CallState.SENT or stored.declined_at is not None:
        return False
    AlertCall.objects.filter(pk=call.pk).update(declined_at=now)
    _note(call, gettext_noop("%(name)s cannot take it: whoever comes next is called."), now)
    if not _to_the_backup(call, now):
        _pull_forward(call, now)
    return True


def _has_declined(call: AlertCall, somebody: User | Contact) -> bool:
    who = {"contact": somebody} if isinstance(somebody, Contact) else {"person": somebody}
    return AlertCall.objects.filter(alert=call.alert, declined_at__isnull=False, **who).exists()  # type: ignore[misc]


@transaction.atomic
def _given_up(call: AlertCall, why: str, now: datetime) -> AlertCall:
    return _give_up(call, why, now) if _locked(call).state == CallState.DUE else call


def _give_up(call: AlertCall, why: str, now: datetime) -> AlertCall:
    """This somebody cannot be reached: said in the log; their backup or the next rung is called at once."""
    call.state, call.error, call.claimed_until = CallState.FAILED, why, None
    call.save(update_fields=["state", "error", "claimed_until", "channels_tried"])
    _note(call, gettext_noop("%(name)s could not be called: %(error)s"), now, error=why)
    if not _to_the_backup(call, now):
        _pull_forward(call, now)
    return call


def _is_quiet(contact: Contact, call: AlertCall, now: datetime) -> bool:
    if call.alert.severity == PIERCES_QUIET_HOURS:
        return False
    zone = ZoneInfo(here().timezone)
    return is_quiet(now, begins=contact.quiet_from, ends=contact.quiet_until, zone=zone)


@transaction.atomic
def _let_sleep(call: AlertCall, now: datetime) -> AlertCall:
    """In quiet hours: the backup is called at once, or the next rung; without a backup it waits for the morning."""
    if _locked(call).state != CallState.DUE or call.contact is None or call.contact.quiet_until is None:
        return call
    zone = ZoneInfo(here().timezone)
    until = quiet_until(now, ends=call.contact.quiet_until, zone=zone)
    hour = f"{until.astimezone(zone):%H:%M}"
    _note(call, gettext_noop("%(name)s is not called before %(hour)s (quiet hours)."), now, hour=hour)
    if _to_the_backup(call, now):
        call.state, call.claimed_until = CallState.STOPPED, None
        call.error = in_the_clients_words(gettext_noop("quiet hours: the backup is called"))
        call.save(update_fields=["state", "claimed_until", "error"])
        return call
    call.attempts -= 1  # nothing was tried
    _postpone(call, until)
    _pull_forward(call, now)
    return call


def _to_the_backup(call: AlertCall, now: datetime) -> bool:
    """Puts the contact's backup on the same rung, due now; False when there is none that the alert has not called."""
    number = call.contact.backup_id if call.contact else None
    backup = Contact.objects.filter(pk=number, is_active=True).first() if number else None
    if backup is None or AlertCall.objects.filter(alert=call.alert, contact=backup).exists():
        return False
    AlertCall.objects.create(
        alert=call.alert, place=call.place, target=Rung.CONTACT, contact=backup, wanted=call.wanted, due_at=now
    )
    return True


def _pull_forward(call: AlertCall, now: datetime) -> None:
    """The next rung is due at once; when there is none to come, it is said at once that nobody answers.

    Not while somebody else of the same rung, who has not said no, was or is being called.
    """
    asked = AlertCall.objects.filter(alert=call.alert, declined_at__isnull=True)
    rung = asked.filter(place=call.place).exclude(pk=call.pk)
    if rung.filter(state__in=(CallState.SENT, CallState.DUE)).exists():
        return
    waiting = AlertCall.objects.filter(alert=call.alert, state=CallState.DUE).exclude(pk=call.pk)
    following = waiting.filter(place__gt=call.place).order_by("place").values_list("place", flat=True).first()
    if following is not None:
        waiting.filter(place=following, due_at__gt=now).update(due_at=now)
    elif not asked.filter(state=CallState.SENT).exists():
        Alert.objects.filter(pk=call.alert_id, remind_at__gt=now).update(remind_at=now)


def _locked(call: AlertCall) -> AlertCall:
    """The call as it is stored, its incident locked first, as everybody who acts on an alert does."""
    Incident.objects.select_for_update().get(pk=call.alert.incident_id)
    return AlertCall.objects.select_for_update().get(pk=call.pk)


def _note(call: AlertCall, words: str, now: datetime, **values: object) -> None:
    """A line of the log; one that was set aside in the meantime has a log that takes no more lines."""
    incident = Incident.objects.get(pk=call.alert.incident_id)
    if incident.state == IncidentState.DISMISSED:
        return
    name = call.contact or call.person or Rung(call.target).label
    text = in_the_clients_words(words, name=name, **values)[: timeline.LONGEST]
    timeline.log(incident=incident, kind=EntryKind.MESSAGE, text=text, happened_at=now, by=None, now=now)


def _message_key(call: AlertCall) -> str:
    """The same for every attempt: a mail program that gets it twice shows it once."""
    return f"{connection.schema_name}.alert.{call.pk}"  # type: ignore[attr-defined]
