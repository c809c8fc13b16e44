"""The life of an incident: proposed by the machine, confirmed, run and closed by people."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from clients.models import Brand
from incidents.choices import TRANSITIONS, EntryKind, IncidentState, Matter, SignalState
from incidents.models import Incident, Signal
from incidents.services import (
    announcements,
    assessments,
    attachments,
    closing,
    criteria,
    escalation,
    late_updates,
    leads,
    milestones,
    playbooks,
    restriction,
    timeline,
)
from incidents.services import nature as natures
from incidents.services.debriefs import Plan
from incidents.services.integrations import Actor, person_of, person_only, signed
from incidents.services.nature import NOT_SAID, Nature
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words


@transaction.atomic
def propose(*, signal: Signal, now: datetime) -> Incident:
    """An incident proposed from a signal, with the mentions of the surge attached. A signal has one at most."""
    signal = Signal.objects.select_for_update().get(pk=signal.pk)  # two workers may find it waiting
    known = Incident.objects.filter(signal=signal).first()
    if known:
        return known
    incident = Incident.objects.create(
        number=_next_number(),
        brand=signal.watch.brand,
        signal=signal,
        title=_proposed_title(signal),
        started_at=signal.started_at,
        proposed_at=now,
    )
    attachments.attach_surge(incident=incident, now=now)
    # Detected when it was raised, not when the watch's clock says it could have been: an ear may have been late.
    moments = {"started": incident.started_at, "detected": signal.raised_at, "proposed": now}
    milestones.reach_all(incident=incident, moments=moments)
    _say(
        incident,
        EntryKind.FACT,
        gettext_noop("Signal on %(watch)s: incident proposed."),
        {"watch": signal.watch.name},
        now,
        signal.detected_at,
    )
    if signal.total_surged_at:
        _say_that_it_widens(incident, signal, now)
    escalation.start(incident=incident, matter=Matter.PROPOSED, now=now)
    announcements.announce(incident=incident, kind="incident.proposed", now=now)
    return incident


@transaction.atomic
def widen(*, signal: Signal, surged_at: datetime, now: datetime) -> None:
    """The total of the watch surges too: the incident of a narrow stream holds what that surge holds. Said once.

    surged_at: when the surge of the total began. An incident closed or set aside stays as it is; one that is yet to be
    proposed from the signal is proposed wide.
    """
    incident = Incident.objects.select_for_update().filter(signal=signal).first()
    if incident and incident.state not in {IncidentState.PROPOSED, IncidentState.OPEN}:
        return
    signal = Signal.objects.select_for_update().get(pk=signal.pk)
    if signal.total_surged_at:
        return
    signal.evidence["total_surged_at"] = surged_at.isoformat()
    signal.save(update_fields=["evidence"])
    if incident:
        _say_that_it_widens(incident, signal, now)


@transaction.atomic
def open_by_hand(
    *,
    brand: Brand,
    title: str,
    started_at: datetime,
    lead: User | None,
    answers: Mapping[str, str],
    nature: Nature = NOT_SAID,
    restricted_because: str = "",
    by: Actor,
    now: datetime,
) -> Incident:
    """An incident opened by a person without a signal. Raises Refused as `confirm` does."""
    incident = Incident.objects.create(
        number=_next_number(),
        brand=brand,
        title=title.strip(),
        started_at=started_at,
        proposed_at=now,
    )
    milestones.reach(incident=incident, code="started", at=started_at, by=person_of(by))
    return confirm(
        incident=incident, title=title, lead=lead, answers=answers, nature=nature,
        restricted_because=restricted_because, by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def confirm(
    *,
    incident: Incident,
    title: str,
    lead: User | None,
    answers: Mapping[str, str],
    nature: Nature = NOT_SAID,
    restricted_because: str = "",
    by: Actor,
    now: datetime,
) -> Incident:
    """A person says: yes, this is an incident. Sets title, lead, severity, qualification, what it is and when it is
    over; writes them in the log. With a reason in `restricted_because` it is restricted from the start.

    Raises Refused (no_title, no_lead, not_this_lead, outside, unanswered, wrong_type, wrong_family, too_long,
    wrong_move).
    """
    if not title.strip():
        raise Refused("no_title", _("Give the incident a title that says what is happening."))
    led_by = leads.check(lead)
    judged = assessments.judge(answers)
    _move(incident, IncidentState.OPEN, came_from=IncidentState.PROPOSED)
    leads.put_in(incident=incident, lead=led_by, by=by, now=now)
    incident.title = title.strip()[:200]
    incident.opened_at = now
    incident.closed_at = None
    assessments.write(incident, answers, judged)
    natures.write(incident, nature)
    incident.save()
    criteria.keep(incident)
    _mark_signal(incident, SignalState.CONFIRMED)
    milestones.reach_all(incident=incident, moments=_reached(by, now), by=person_of(by))
    _say(
        incident,
        EntryKind.DECISION,
        gettext_noop("Incident confirmed: severity %(severity)d, lead %(lead)s."),
        {"severity": judged.severity, "lead": lead},
        now,
        by=by,
    )
    playbooks.follow(incident=incident, by=person_of(by), now=now)
    if restricted_because.strip():
        restriction.from_the_start(incident=incident, reason=restricted_because, by=person_only(by), now=now)
    if isinstance(by, User):
        escalation.acknowledge(incident=incident, by=by, how="confirm", now=now)
    _call(incident, Matter.CONFIRMED, by, now)
    late_updates.owe(incident=incident, now=now)
    announcements.announce(incident=incident, kind="incident.opened", now=now)
    return incident


@transaction.atomic
def assess(*, incident: Incident, answers: Mapping[str, str], by: User, now: datetime) -> Incident:
    """Answers the questions again while the incident is open; a change is written in the log. Raises Refused."""
    incident = _locked(incident)
    if incident.state != IncidentState.OPEN:
        raise Refused("not_open", _("Only an open incident is assessed."))
    judged = assessments.judge(answers)
    before = incident.severity
    assessments.write(incident, answers, judged)
    incident.save()
    _say(
        incident,
        EntryKind.DECISION,
        gettext_noop("Severity assessed again: %(before)s → %(after)d."),
        {"before": before, "after": judged.severity},
        now,
        by=by,
    )
    playbooks.follow(incident=incident, by=by, now=now)
    if judged.severity < (before or 5):
        escalation.start(incident=incident, matter=Matter.RAISED, now=now)
        late_updates.owe(incident=incident, now=now)
    announcements.announce(incident=incident, kind="incident.updated", now=now, before={"severity": before})
    return incident


@transaction.atomic
def hand_lead(*, incident: Incident, lead: User | None, by: Actor, now: datetime) -> Incident:
    """Hands the lead over; written in the log. Raises Refused (not_open, no_lead, not_this_lead, outside)."""
    incident = _locked(incident)
    if incident.state not in {IncidentState.OPEN, IncidentState.PROPOSED}:
        raise Refused("not_open", _("Only an open incident has a lead to hand over."))
    led_by = leads.check(lead)
    if incident.lead_id == led_by.pk:
        return incident
    leads.put_in(incident=incident, lead=led_by, by=by, now=now)
    incident.save(update_fields=["lead"])
    _say(
        incident,
        EntryKind.DECISION,
        gettext_noop("The lead passes to %(lead)s."),
        {"lead": lead},
        now,
        by=by,
    )
    if incident.state == IncidentState.PROPOSED and isinstance(by, User):
        escalation.acknowledge(incident=incident, by=by, how="lead", now=now)
    return incident


@transaction.atomic
def close(
    *, incident: Incident, note: str, by: Actor, now: datetime, unmet: str = "", hot: Plan | None = None
) -> Incident:
    """Closes an open incident with what we keep from it; `unmet` and `hot` are those of `closing.settle`.

    Raises Refused (no_note, not_allowed, wrong_move, unmet, no_debrief…).
    """
    if not can(by, here(), Can.CLOSE_INCIDENT):
        raise Refused("not_allowed", _("A lead or a director closes an incident."))
    if not note.strip():
        raise Refused("no_note", _("Say in one sentence what we keep from this incident."))
    closing.settle(incident=incident, unmet=unmet, hot=hot, by=by, now=now)
    _move(incident, IncidentState.CLOSED)
    incident.closing_note = note.strip()
    incident.closed_at = now
    incident.next_update_at = None
    incident.save()
    milestones.reach(incident=incident, code="closed", at=now, by=person_of(by))
    _say(
        incident,
        EntryKind.DECISION,
        gettext_noop("Incident closed: %(note)s"),
        {"note": note.strip()[:1500]},
        now,
        by=by,
    )
    escalation.stop(incident=incident, now=now)
    announcements.announce(incident=incident, kind="incident.closed", now=now)
    return incident


@transaction.atomic
def reopen(*, incident: Incident, reason: str, by: Actor, now: datetime) -> Incident:
    """Opens a closed incident again: the report drafted from it will be a new version.

    Raises Refused (not_allowed, no_reason, wrong_move).
    """
    if not can(by, here(), Can.CLOSE_INCIDENT):
        raise Refused("not_allowed", _("A lead or a director opens an incident again."))
    if not reason.strip():
        raise Refused("no_reason", _("Say why it is opened again."))
    _move(incident, IncidentState.OPEN, came_from=IncidentState.CLOSED)
    incident.closed_at = None
    incident.save()
    milestones.take_back(incident=incident, code="closed")
    _say(
        incident,
        EntryKind.DECISION,
        gettext_noop("Incident opened again: %(reason)s"),
        {"reason": reason.strip()},
        now,
        by=by,
    )
    _call(incident, Matter.REOPENED, by, now)
    late_updates.owe(incident=incident, now=now)
    announcements.announce(incident=incident, kind="incident.reopened", now=now)
    return incident


@transaction.atomic
def dismiss(*, incident: Incident, reason: str, by: User, now: datetime) -> Incident:
    """A person says: this is nothing. Only a proposed incident is set aside, and it can be taken up again."""
    if not reason.strip():
        raise Refused("no_reason", _("Say in a few words why this is not an incident."))
    _say(
        incident,
        EntryKind.DECISION,
        gettext_noop("Proposal set aside: %(reason)s"),
        {"reason": reason.strip()},
        now,
        by=by,
    )
    _move(incident, IncidentState.DISMISSED)
    _mark_signal(incident, SignalState.DISMISSED)
    escalation.stop(incident=incident, now=now)
    announcements.announce(incident=incident, kind="incident.dismissed", now=now)
    return incident


@transaction.atomic
def take_up(*, incident: Incident, by: User, now: datetime) -> Incident:
    """Undo of `dismiss`: the proposal stands again."""
    _move(incident, IncidentState.PROPOSED)
    _mark_signal(incident, SignalState.NEW)
    _say(incident, EntryKind.DECISION, gettext_noop("Proposal taken up again."), {}, now, by=by)
    escalation.resume(incident=incident, now=now)
    announcements.announce(incident=incident, kind="incident.proposed", now=now)
    return incident


def _call(incident: Incident, matter: Matter, by: Actor, now: datetime) -> None:
    """Calls the client's contacts once a person has said yes; a tool answers for nobody, so it calls the agency."""
    start = escalation.start if isinstance(by, User) else escalation.start_for_a_tool
    start(incident=incident, matter=matter, now=now)


def _reached(by: Actor, now: datetime) -> dict[str, datetime]:
    """What is reached when an incident is confirmed: a person who confirms knows of it, a program does not."""
    return {"confirmed": now, **({"acknowledged": now} if isinstance(by, User) else {})}


def refuse_move(*, incident: Incident, to: str) -> None:
    """Says that no act takes the incident to that state from where it is. Raises Refused("wrong_move")."""
    raise _wrong_move(incident, to)


def _wrong_move(incident: Incident, to: str) -> Refused:
    words = _("From “%(now)s”, an incident cannot become “%(then)s”.")
    return Refused("wrong_move", words % {"now": incident.get_state_display(), "then": IncidentState(to).label})


def _say_that_it_widens(incident: Incident, signal: Signal, now: datetime) -> None:
    _say(
        incident,
        EntryKind.FACT,
        gettext_noop("Everything heard by %(watch)s surges too: the incident takes in all of it."),
        {"watch": signal.watch.name},
        now,
    )


def _mark_signal(incident: Incident, state: str) -> None:
    if incident.signal_id is not None:
        Signal.objects.filter(pk=incident.signal_id).update(state=state)


def _next_number() -> int:
    """The next number, one writer at a time: two surges in the same second never share one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))",
            [f"{connection.schema_name}.incident.number"],  # type: ignore[attr-defined]
        )
    return (Incident.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _locked(incident: Incident) -> Incident:
    return Incident.objects.select_for_update().get(pk=incident.pk)


def _move(incident: Incident, to: str, *, came_from: str = "") -> None:
    """Checks the transition on the locked row and writes the new state on the object handed in (the caller saves).

    Two acts lead to an open incident: `came_from` keeps each to its own, so that nothing opens again what was never
    confirmed, nor confirms what was closed. Raises Refused("wrong_move") when the incident may not go there from where
    it is now.
    """
    stored = _locked(incident)
    if to not in TRANSITIONS[stored.state] or came_from not in {"", stored.state}:
        raise _wrong_move(stored, to)
    incident.refresh_from_db()
    incident.state = to
    if to in {IncidentState.DISMISSED, IncidentState.PROPOSED}:
        incident.save(update_fields=["state"])


def _proposed_title(signal: Signal) -> str:
    terms = [term["term"] for term in signal.evidence.get("terms", [])[:3]]
    with translation.override(here().language):
        title = _("Surge on %(brand)s") % {"brand": signal.watch.brand.name}
        return (title + (_(": %(terms)s") % {"terms": ", ".join(terms)} if terms else ""))[:200]


def _say(
    incident: Incident,
    kind: str,
    words: str,
    values: Mapping[str, object],
    now: datetime,
    happened_at: datetime | None = None,
    by: Actor | None = None,
) -> None:
    text, person = signed(in_the_clients_words(words, **values), by), person_of(by)
    timeline.log(incident=incident, kind=kind, text=text, happened_at=happened_at or now, by=person, now=now)
