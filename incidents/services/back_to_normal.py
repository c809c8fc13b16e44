"""The milestone “back to normal”, reached from what the watches caught, whether or not an outlook foresaw it."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from agency.access import here
from clients.selectors import unheard
from incidents.choices import IncidentKind, IncidentState
from incidents.detection import calm
from incidents.detection.outlook import NO_HABIT_HIGH
from incidents.detection.outlook_model import QUIET_HOURS
from incidents.models import Incident
from incidents.selectors import outlooks
from incidents.services import milestones

log = logging.getLogger("rempart.watch")

STILL_WATCHED = timedelta(days=7)  # after the closing
LONGEST = timedelta(days=30)  # of a strike: one that is left open for ever is not counted over for ever


def reach_due(*, now: datetime) -> int:
    """Looks at the strikes that are not back to normal yet, open or closed lately; returns how many are now.

    A drill is left out: what the brand's watches hear that day is not its strike.
    """
    going_on = Q(state=IncidentState.OPEN) | Q(state=IncidentState.CLOSED, closed_at__gt=now - STILL_WATCHED)
    waiting = Incident.objects.filter(going_on, kind=IncidentKind.REAL, started_at__gt=now - LONGEST)
    return sum(_reach(row, now) for row in waiting.exclude(milestones__kind__code="normal").order_by("pk"))


def _reach(incident: Incident, now: datetime) -> bool:
    try:
        return reach(incident=incident, now=now)
    except Exception:  # one that breaks us must not keep the others from being looked at
        log.exception("Whether %s is back to normal could not be told.", incident.reference)
        return False


def reach(*, incident: Incident, now: datetime) -> bool:
    """Reaches the milestone when the curve is back in its habit for six hours; the first time counts."""
    hours = outlooks.accounts_per_hour(incident, now)
    if len(hours) <= QUIET_HOURS:
        return False
    habit = outlooks.habit_of(incident, now)
    high = habit[1] if habit else NO_HABIT_HIGH
    if calm.back_to_normal(hours, high, incident.started_at) is None:  # nearly always: the sources need not be asked
        return False
    deaf = unheard.fallen_silent(incident.started_at, now)
    at = calm.back_to_normal(hours, high, incident.started_at, deaf)
    if at is None:
        return False
    milestones.reach(incident=incident, code="normal", at=at, note=calm.why(high).say(here().language))
    return True
