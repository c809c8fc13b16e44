"""Who may lead an incident, and what comes with it."""

from datetime import datetime

from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from incidents.models import Incident
from incidents.services import restriction
from incidents.services.integrations import Actor, person_only
from incidents.services.refusals import Refused


def check(lead: User | None) -> User:
    """The lead, who may run this client's incidents. Raises Refused (no_lead, not_this_lead)."""
    if lead is None:
        raise Refused("no_lead", _("An incident has a lead: name one."))
    if not can(lead, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_lead", _("%(name)s may not run this client’s incidents.") % {"name": lead})
    return lead


def put_in(*, incident: Incident, lead: User, by: Actor, now: datetime) -> None:
    """Writes the lead on the incident handed in, which the caller saves; both leads know of a restricted one.

    Raises Refused (outside, not_allowed).
    """
    if incident.is_restricted:
        person = person_only(by)
        restriction.let_in(incident=incident, person=lead, by=person, now=now)
        if incident.lead_id != lead.pk:
            restriction.keep_in(incident=incident, person=incident.lead, by=person, now=now)
    incident.lead = lead
