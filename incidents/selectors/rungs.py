"""Who stands on a rung now. Nobody outside a restricted incident is ever called about it."""

from datetime import datetime

from agency.access import here
from agency.models import User
from clients.choices import Rung
from clients.selectors.standing import standing
from incidents.models import AlertCall, Incident
from incidents.selectors.gate import insiders

ONE_PERSON = frozenset({Rung.ON_CALL, Rung.BACKUP})  # asked again when the call leaves: the shift may have changed


def people_on(target: str, incident: Incident, now: datetime) -> list[User]:
    """Those whom a rung of the agency calls, who may know of the incident: one on call, one backup, all the others."""
    allowed = {one.pk for one in insiders(incident)}
    found = [one for one in standing(target, here(), now) if one.pk in allowed]
    return found[:1] if target in ONE_PERSON else found


def person_of(call: AlertCall, now: datetime) -> User | None:
    """Whom a call of the agency goes to at that moment; None when nobody stands there."""
    people = people_on(call.target, call.alert.incident, now)
    if call.target in ONE_PERSON or call.person_id is None:
        return people[0] if people else None
    return next((one for one in people if one.pk == call.person_id), None)
