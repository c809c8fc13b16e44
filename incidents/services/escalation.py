"""The ladder climbed: an alert copies the rungs into calls with their hours; an answer stops every one of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from clients.choices import Rung
from clients.ladder import Match, plan
from clients.models import Contact, EscalationPolicy
from clients.selectors import ladders
from incidents.choices import CALLS_THE_AGENCY, AlertState, CallState, EntryKind, IncidentKind, IncidentState, Matter
from incidents.models import Alert, AlertCall, Incident
from incidents.selectors.rungs import people_on
from incidents.services import milestones, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

# How long nobody has answered before whoever leads the team hears of it, and each time after that.
EVERY = {1: timedelta(minutes=10), 2: timedelta(minutes=15), 3: timedelta(minutes=30), 4: timedelta(hours=1)}
OF_A_PROPOSAL = timedelta(minutes=15)  # nobody has said yet how bad it is
LONGEST_REASON = 300
NO_LADDER = {
    "fr": "Aucune chaîne d’alerte n’appelle l’agence pour ce client.",
    "en": "No ladder calls the agency here.",
}


def patience(severity: int | None) -> timedelta:
    """How long one waits for an answer before it is said that nobody answers."""
    return EVERY[severity] if severity else OF_A_PROPOSAL


@transaction.atomic
def start(*, incident: Incident, matter: str, now: datetime) -> Alert | None:
    """Begins to call: the agency's people while no person has said yes, the client's contacts once one has.

    The ladder is matched anew and copied into calls. Contacts told already of the same incident are not told again. An
    alert that is still unanswered is replaced by the new one. Without anybody of the agency to call it is alerted
    all the same, so that "nobody was told" is said; a confirmed incident whose ladder calls no contact has no alert:
    None.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    replaced = _halt(locked, now)
    found = _ladder_of(locked, matter)
    calls = _calls(found[0], locked, matter, now) if found else []
    if not (calls or replaced or matter in CALLS_THE_AGENCY):
        return None
    alert = Alert.objects.create(
        incident=locked,
        matter=matter,
        ladder=found[1].name if found else "",
        reasons=found[1].reasons if found else NO_LADDER,
        severity=None if matter == Matter.PROPOSED else locked.severity,
        started_at=now,
        remind_at=max((call.due_at for call in calls), default=now),
    )
    if calls:
        alert.remind_at += patience(alert.severity)
        alert.save(update_fields=["remind_at"])
    for call in calls:
        call.alert = alert
    AlertCall.objects.bulk_create(calls)
    timeline.touch(locked)
    return alert


def _ladder_of(incident: Incident, matter: str) -> tuple[EscalationPolicy, Match] | None:
    if matter in CALLS_THE_AGENCY:
        return ladders.for_proposal()
    return ladders.for_case(severity=incident.severity or 4, qualification=incident.qualification)


def _calls(policy: EscalationPolicy, incident: Incident, matter: str, now: datetime) -> list[AlertCall]:
    """The rungs of the run, not yet stored. A drill and a restricted incident call no contact by themselves."""
    is_confirmed = matter not in CALLS_THE_AGENCY
    if is_confirmed and (incident.kind == IncidentKind.DRILL or incident.is_restricted):
        return []
    steps = ladders.steps_of(policy)
    told = contacts_told(incident) if matter in {Matter.CONFIRMED, Matter.RAISED} else set()  # opened again: all anew
    calls = []
    for rung in plan(ladders.judged(steps), is_confirmed=is_confirmed):
        step, due_at = steps[rung.index], now + timedelta(minutes=rung.after_minutes)
        if step.contact_id in told:
            continue
        base = {"place": rung.place, "target": step.target, "wanted": step.channel, "due_at": due_at}
        if step.target == Rung.CONTACT:
            calls.append(AlertCall(contact_id=step.contact_id, **base))
            continue
        people: Sequence[User | None] = people_on(step.target, incident, now) or [None]
        calls += [AlertCall(person=one, **base) for one in people]
    return _from_now(calls, now)


def _from_now(calls: list[AlertCall], now: datetime) -> list[AlertCall]:
    """When those who come first were told already, the next one is not made to wait for them."""
    if calls and calls[0].place > 1:
        early = calls[0].due_at - now
        for call in calls:
            call.due_at -= early
    return calls


def contacts_told(incident: Incident) -> set[int]:
    """The client's contacts told of the incident since it was opened, or opened again."""
    again = Alert.objects.filter(incident=incident, matter=Matter.REOPENED).order_by("-started_at", "-id").first()
    sent = AlertCall.objects.filter(alert__incident=incident, state=CallState.SENT, contact__isnull=False)
    if again is not None:
        sent = sent.filter(alert__started_at__gte=again.started_at)
    return set(sent.values_list("contact_id", flat=True))


@transaction.atomic
def acknowledge(
    *,
    incident: Incident,
    by: User | None = None,
    contact: Contact | None = None,
    how: str,
    now: datetime,
    seen: Alert | None = None,
    report: int | None = None,
) -> Alert | None:
    """Somebody answers, a person of the agency or a contact: every pending call stops, in one transaction.

    Returns the alert that was under way, answered; None when there was none: the second answer changes nothing. `seen`
    is the alert that they were called by, or read: one that has begun to call the others since is not answered with it.
    how: "page", "claim", "confirm", "lead", "link", "reply" (by mail), or "report" with the number of the situation
    report that was read.
    """
    if (by is None) == (contact is None):
        raise ValueError("Somebody of the agency or a contact answers, one of the two.")
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    alert = Alert.objects.select_for_update().filter(incident=locked, state=AlertState.CALLING).first()
    if alert is None or (seen is not None and not calls_the_same(alert, seen)):
        return None
    alert.state, alert.answered_at, alert.how = AlertState.ANSWERED, now, how
    alert.answered_by, alert.answered_contact, alert.ended_at = by, contact, now
    alert.save(update_fields=["state", "answered_at", "how", "answered_by", "answered_contact", "ended_at"])
    _stop_calls([alert.pk])
    if alert.calls_the_agency:
        milestones.reach(incident=locked, code="acknowledged", at=now, by=by)
    words = gettext_noop("%(name)s answers the alert: nobody else is called.")
    if report is not None:
        words = gettext_noop(
            "%(name)s has read situation report no. %(number)d, which answers the alert: nobody else is called."
        )
    text = in_the_clients_words(words, name=by or contact, number=report)
    timeline.log(incident=locked, kind=EntryKind.ACTION, text=text, happened_at=now, by=by, now=now)
    if alert.calls_the_agency and locked.state == IncidentState.OPEN and how != "confirm":
        start(
            incident=locked, matter=_of_the_contacts(alert), now=now
        )  # a tool opened it: a person stands behind it now
    return alert


def _of_the_contacts(answered: Alert) -> Matter:
    """What the client's contacts are called about once somebody of the agency stands behind what a tool did."""
    told = Alert.objects.filter(incident=answered.incident_id, started_at__lt=answered.started_at)
    return Matter.REOPENED if told.exclude(matter__in=CALLS_THE_AGENCY).exists() else Matter.CONFIRMED


@transaction.atomic
def start_for_a_tool(*, incident: Incident, matter: Matter, now: datetime) -> Alert | None:
    """A tool opened the incident, or opened it again: somebody of the agency has to answer before contacts are called.

    Calls that a proposal makes already go on; a proposal that somebody answered needs nobody else (`matter`: what the
    contacts are then called about).
    """
    last = Alert.objects.filter(incident=incident).order_by("-started_at", "-id").first()
    if last is not None and last.calls_the_agency and matter != Matter.REOPENED:
        if last.state == AlertState.CALLING:
            return last
        if last.state == AlertState.ANSWERED:
            return start(incident=incident, matter=matter, now=now)
    return start(incident=incident, matter=Matter.OPENED, now=now)


def acknowledge_by_reading(*, incident: Incident, contact: Contact, report: int, now: datetime) -> Alert | None:
    """A contact whom the alert under way calls has read that situation report: they know, which answers it.

    None when no alert under way calls them, or they said that they cannot take it: whoever comes next is called on.
    """
    calling = Alert.objects.filter(incident=incident, state=AlertState.CALLING, calls__contact=contact).first()
    if calling is None or calling.calls.filter(contact=contact, declined_at__isnull=False).exists():
        return None
    return acknowledge(incident=incident, contact=contact, how="report", now=now, seen=calling, report=report)


def calls_the_same(one: Alert, other: Alert) -> bool:
    """Whether both call the agency's people, or both the client's contacts."""
    return one.calls_the_agency == other.calls_the_agency


@transaction.atomic
def stop(*, incident: Incident, now: datetime) -> None:
    """Nothing is called any more: the incident was set aside, or closed."""
    _halt(Incident.objects.select_for_update().get(pk=incident.pk), now)


@transaction.atomic
def resume(*, incident: Incident, now: datetime) -> Alert | None:
    """A proposal taken up again calls from the first rung, unless somebody had answered for it."""
    if Alert.objects.filter(incident=incident, state=AlertState.ANSWERED).exists():
        return None
    return start(incident=incident, matter=Matter.PROPOSED, now=now)


@transaction.atomic
def silence(*, alert: Alert, reason: str, by: User, now: datetime) -> Alert:
    """No more reminders that nobody answers, for a reason that is logged; calls still to come leave all the same.

    Raises Refused (no_reason, too_long, not_calling, silent_already).
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("no_reason", _("Say why nobody needs to be reminded."))
    if len(reason) > LONGEST_REASON:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST_REASON})
    locked = Incident.objects.select_for_update().get(pk=alert.incident_id)
    found = Alert.objects.select_for_update().get(pk=alert.pk)
    if found.state != AlertState.CALLING:
        raise Refused("not_calling", _("This alert is over: it reminds nobody."))
    if found.silenced_at:
        raise Refused("silent_already", _("Its reminders are silent already."))
    found.silenced_at, found.silenced_by, found.silence_reason = now, by, reason
    found.save(update_fields=["silenced_at", "silenced_by", "silence_reason"])
    text = in_the_clients_words(gettext_noop("Reminders of the alert silenced: %(reason)s"), reason=reason)
    timeline.log(incident=locked, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
    return found


@transaction.atomic
def speak_again(*, alert: Alert, by: User, now: datetime) -> Alert:
    """Undo of `silence`: reminders go on from now. Raises Refused (not_calling, not_silent)."""
    locked = Incident.objects.select_for_update().get(pk=alert.incident_id)
    found = Alert.objects.select_for_update().get(pk=alert.pk)
    if found.state != AlertState.CALLING:
        raise Refused("not_calling", _("This alert is over: it reminds nobody."))
    if not found.silenced_at:
        raise Refused("not_silent", _("Its reminders are not silent."))
    found.silenced_at = found.silenced_by = None
    found.silence_reason, found.remind_at = "", max(found.remind_at, now)
    found.save(update_fields=["silenced_at", "silenced_by", "silence_reason", "remind_at"])
    text = in_the_clients_words(gettext_noop("The alert reminds again."))
    timeline.log(incident=locked, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
    return found


def _halt(incident: Incident, now: datetime) -> Collection[int]:
    """Stops the alert under way, if any, on the locked incident; returns its number."""
    going = list(Alert.objects.select_for_update().filter(incident=incident, state=AlertState.CALLING))
    Alert.objects.filter(pk__in=[one.pk for one in going]).update(state=AlertState.STOPPED, ended_at=now)
    _stop_calls(one.pk for one in going)
    return [one.pk for one in going]


def _stop_calls(alerts: Iterable[int]) -> None:
    AlertCall.objects.filter(alert__in=list(alerts), state=CallState.DUE).update(
        state=CallState.STOPPED, claimed_until=None
    )
