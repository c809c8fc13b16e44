"""“I take it”: a proposal of the machine has nobody until a person claims it; of two who do at once, one has it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from incidents.choices import EntryKind, IncidentState
from incidents.models import Incident
from incidents.services import escalation, milestones, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words


@transaction.atomic
def claim(*, incident: Incident, by: User, now: datetime) -> Incident:
    """Makes `by` the lead of a proposal that has none, and writes it in the log; claiming it again changes nothing.

    Raises Refused (not_this_lead, taken with the name of who has it, not_proposed).
    """
    if not can(by, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_lead", _("%(name)s may not run this client’s incidents.") % {"name": by})
    waiting = Incident.objects.filter(pk=incident.pk, state=IncidentState.PROPOSED, lead__isnull=True)
    if not waiting.update(lead=by):
        return _already(Incident.objects.select_related("lead").get(pk=incident.pk), by)
    milestones.reach(incident=incident, code="acknowledged", at=now, by=by)
    escalation.acknowledge(incident=incident, by=by, how="claim", now=now)
    text = in_the_clients_words(gettext_noop("%(name)s takes this incident."), name=by)
    timeline.log(incident=incident, kind=EntryKind.ACTION, text=text, happened_at=now, by=by, now=now)
    return Incident.objects.select_related("lead").get(pk=incident.pk)


def _already(incident: Incident, by: User) -> Incident:
    if incident.lead_id is not None and incident.lead_id != by.pk:
        raise Refused("taken", _("%(name)s has taken it already.") % {"name": incident.lead})
    if incident.state != IncidentState.PROPOSED:
        raise Refused("not_proposed", _("Only a proposal is taken; an incident under way is handed over."))
    return incident
