"""What the page of an incident shows of its end: the signs, the debriefs, the follow-ups, what is still owed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from agency import clock
from agency.admin.guard import client_of, team_of
from incidents.admin.follow_up_forms import FollowUpForm
from incidents.choices import DebriefKind, IncidentState
from incidents.models import Incident
from incidents.selectors import closing as read
from incidents.selectors import follow_ups


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the incident's page shows of its end: the signs, the debriefs, the follow-ups, what is still owed."""
    if incident.state not in {IncidentState.OPEN, IncidentState.CLOSED}:
        return {"criteria": (), "closing_owed": (), "debriefs": (), "follow_ups": ()}
    now = clock.now()
    today = now.astimezone(ZoneInfo(client_of(request).timezone)).date()
    debriefs, followed = read.debriefs_of(incident), follow_ups.of_incident(incident, today)
    return {
        "criteria": read.criteria_of(incident),
        "debriefs": [(kind, kind.label, debriefs.get(kind)) for kind in DebriefKind],
        "follow_ups": followed,
        "follow_up_form": FollowUpForm(team=team_of(request)),
        "closing_owed": read.owed(incident, debriefs, sum(one.is_late for one in followed), now),
    }
