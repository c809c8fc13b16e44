"""Restricted incidents: who may know of one is a decision with a reason, made by who answers for it, and logged."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from incidents.choices import EntryKind, IncidentState, TaskState
from incidents.models import DutyHolder, Incident, Insider, Task
from incidents.selectors.gate import is_inside
from incidents.services import announcements, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST_REASON = 500


@transaction.atomic
def restrict(*, incident: Incident, people: Collection[User] = (), reason: str, by: User, now: datetime) -> Incident:
    """From now on only its lead, the directors, `by`, those named and those at work on it know of the incident.

    Raises Refused (not_allowed, no_reason, too_long, restricted_already, set_aside, not_this_person).
    """
    _check_may(incident, by)
    return from_the_start(incident=incident, people=people, reason=reason, by=by, now=now)


@transaction.atomic
def from_the_start(
    *, incident: Incident, people: Collection[User] = (), reason: str, by: User, now: datetime
) -> Incident:
    """The same by whoever opens or confirms the incident: who brings it in knows of it already. Raises Refused."""
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    said = _said(reason)
    if locked.is_restricted:
        raise Refused("restricted_already", _("This incident is restricted already."))
    for person in people:
        _check_person(person)
    _set(incident, is_restricted=True)
    announcements.silence(incident=locked, now=now)
    known = {by.pk, *(person.pk for person in people), *_at_work(locked)} - {locked.lead_id}
    Insider.objects.bulk_create(
        [Insider(incident=locked, person_id=pk, by_id=by.pk, named_at=now) for pk in sorted(known)],
        ignore_conflicts=True,
    )
    _log(locked, gettext_noop("Restricted to those who lead it or are named: %(reason)s"), by, now, reason=said)
    return incident


@transaction.atomic
def open_up(*, incident: Incident, reason: str, by: User, now: datetime) -> Incident:
    """The whole team knows of it again. Raises Refused (not_allowed, no_reason, too_long, not_restricted)."""
    locked = _restricted(incident, by)
    said = _said(reason)
    _set(incident, is_restricted=False)
    Insider.objects.filter(incident=locked).delete()
    _log(locked, gettext_noop("No longer restricted: %(reason)s"), by, now, reason=said)
    locked.is_restricted = False
    announcements.announce(incident=locked, kind="incident.updated", now=now)
    return incident


@transaction.atomic
def name(*, incident: Incident, person: User, by: User, now: datetime) -> None:
    """Lets somebody of the client's team know of it; who knows already is named once.

    Raises Refused (not_allowed, not_restricted, not_this_person).
    """
    locked = _restricted(incident, by)
    _check_person(person)
    if not is_inside(locked, person):
        _let_in(locked, person, by, now)


@transaction.atomic
def unname(*, incident: Incident, person: User, by: User, now: datetime) -> None:
    """Takes somebody out of those who know; their parts and their tasks go back to the lead.

    Raises Refused (not_allowed, not_restricted, not_named): the lead and the directors always know.
    """
    locked = _restricted(incident, by)
    gone, _each = Insider.objects.filter(incident=locked, person=person).delete()
    if not gone:
        raise Refused("not_named", _("%(name)s was not named here.") % {"name": person})
    DutyHolder.objects.filter(incident=locked, person=person).delete()
    Task.objects.filter(incident=locked, owner=person, state=TaskState.OPEN).update(owner=None)
    _log(locked, gettext_noop("%(name)s no longer knows of it; what they had goes back to the lead."), by, now,
         name=person)  # fmt: skip


def let_in(*, incident: Incident, person: User, by: User, now: datetime) -> None:
    """Who is given something to do in a restricted incident knows of it, when `by` may decide that; nobody slips in.

    Nothing to do for who knows already. Raises Refused("outside").
    """
    if is_inside(incident, person):
        return
    if not may_restrict(incident, by):
        raise Refused(
            "outside",
            _("%(name)s does not know of this restricted incident: its lead, or a lead of the team, names them first.")
            % {"name": person},
        )
    _let_in(incident, person, by, now)


def keep_in(*, incident: Incident, person: User | None, by: User, now: datetime) -> None:
    """Whoever led a restricted incident goes on knowing of it after handing it over."""
    if incident.is_restricted and person is not None:
        Insider.objects.get_or_create(incident=incident, person=person, defaults={"by_id": by.pk, "named_at": now})


def may_restrict(incident: Incident, person: User) -> bool:
    """The incident's lead, and the leads and directors of the client's team."""
    return incident.lead_id == person.pk or can(person, here(), Can.RESTRICT_INCIDENT)


def _let_in(incident: Incident, person: User, by: User, now: datetime) -> None:
    Insider.objects.get_or_create(incident=incident, person=person, defaults={"by_id": by.pk, "named_at": now})
    _log(incident, gettext_noop("%(name)s is named: they know of it from now on."), by, now, name=person)


def _at_work(incident: Incident) -> set[int]:
    """Who has a part or an open task: to be kept out of what one is doing would stop the work without a word."""
    parts = DutyHolder.objects.filter(incident=incident).values_list("person_id", flat=True)
    owners = Task.objects.filter(incident=incident, state=TaskState.OPEN, owner__isnull=False)
    return {*parts, *(pk for pk in owners.values_list("owner_id", flat=True) if pk is not None)}


def _restricted(incident: Incident, by: User) -> Incident:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    _check_may(locked, by)
    if not locked.is_restricted:
        raise Refused("not_restricted", _("This incident is not restricted."))
    return locked


def _check_may(incident: Incident, by: User) -> None:
    if not may_restrict(incident, by):
        raise Refused(
            "not_allowed", _("The incident’s lead, or a lead or director of the team, decides who knows of it.")
        )
    if incident.state == IncidentState.DISMISSED:
        raise Refused("set_aside", _("This incident was set aside: take it up again first."))


def _check_person(person: User) -> None:
    if not can(person, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_person", _("%(name)s may not run this client’s incidents.") % {"name": person})


def _said(reason: str) -> str:
    said = " ".join(reason.split())
    if not said:
        raise Refused("no_reason", _("Say why: it is written in the log."))
    if len(said) > LONGEST_REASON:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST_REASON})
    return said


def _set(incident: Incident, *, is_restricted: bool) -> None:
    """On the row, and on the object handed in."""
    incident.is_restricted = is_restricted
    Incident.objects.filter(pk=incident.pk).update(is_restricted=is_restricted)


def _log(incident: Incident, words: str, by: User, now: datetime, **values: object) -> None:
    text = in_the_clients_words(words, **values)
    timeline.log(incident=incident, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
