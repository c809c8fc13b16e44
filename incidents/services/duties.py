"""Parts in an incident's team: given, handed over, given back to the lead. Each change is a line of the log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from clients.choices import Duty
from incidents.choices import EntryKind, IncidentState
from incidents.models import DutyHolder, Incident
from incidents.services import restriction, timeline
from incidents.services.integrations import Actor, person_of, person_only, signed
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words


@transaction.atomic
def give(*, incident: Incident, duty: str, person: User, by: Actor, now: datetime) -> DutyHolder:
    """Gives a part to somebody, or hands it over to them; to whoever has it already nothing is written.

    A restricted incident's new holder is named, when `by` may decide who knows of it.
    Raises Refused (not_open, wrong_duty, not_this_person, outside).
    """
    locked = _open(incident, duty)
    if not can(person, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_person", _("%(name)s may not run this client’s incidents.") % {"name": person})
    if locked.is_restricted:
        restriction.let_in(incident=locked, person=person, by=person_only(by), now=now)
    held = DutyHolder.objects.filter(incident=locked, duty=duty).select_related("person").first()
    if held and held.person_id == person.pk:
        return held
    words = gettext_noop("%(part)s: %(name)s from now on.")
    if held:
        words = gettext_noop("%(part)s: %(name)s from now on, after %(before)s.")
    giver = person_of(by)
    given, _is_new = DutyHolder.objects.update_or_create(
        incident=locked, duty=duty, defaults={"person": person, "since": now, "by_id": giver.pk if giver else None}
    )
    _log(locked, words, by, now, part=Duty(duty).label, name=person, before=held.person if held else "")
    return given


@transaction.atomic
def take_back(*, incident: Incident, duty: str, by: Actor, now: datetime) -> None:
    """The part is the lead's again. Raises Refused (not_open, wrong_duty, the_leads_already)."""
    locked = _open(incident, duty)
    held = DutyHolder.objects.filter(incident=locked, duty=duty).select_related("person").first()
    if held is None:
        raise Refused("the_leads_already", _("The lead has this part already."))
    held.delete()
    words = gettext_noop("%(part)s: back to the lead, after %(before)s.")
    _log(locked, words, by, now, part=Duty(duty).label, before=held.person)


def _open(incident: Incident, duty: str) -> Incident:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        raise Refused("not_open", _("Parts are given once the incident is open."))
    if duty not in Duty.values or duty == Duty.LEAD:  # the lead is handed over by an act of its own
        raise Refused("wrong_duty", _("Choose a part of the list."))
    return locked


def _log(incident: Incident, words: str, by: Actor, now: datetime, **values: object) -> None:
    text = signed(in_the_clients_words(words, **values), by)
    timeline.log(incident=incident, kind=EntryKind.ACTION, text=text, happened_at=now, by=person_of(by), now=now)
