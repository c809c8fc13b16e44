"""What the page of an incident says of whoever holds it: their hours, and the hand-over on the way."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from agency import clock
from agency.admin.guard import client_of, person_of
from agency.roles import Can, can
from incidents.care import hours
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.selectors import care, reliefs


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """The reader's own hours; the lead's too for those who lead the team; the hand-over offered."""
    if incident.state != IncidentState.OPEN:
        return {"relief": None, "tired": ()}
    person, client, now = person_of(request), client_of(request), clock.now()
    people = [person]
    if incident.lead and incident.lead_id != person.pk and can(person, client, Can.CLOSE_INCIDENT):
        people.append(incident.lead)
    found = care.hours_of(people, asked_by=person, client=client, now=now)
    language = "en" if get_language() == "en" else "fr"
    return {
        "relief": reliefs.offered(incident),
        "tired": [(one.person, one.person == person, one.why.say(language)) for one in found if one.why],
        "my_hours": hours(found[0].told.in_a_row) if found[0].told.is_at_it else "",
    }
