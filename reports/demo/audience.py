"""Waits for a newcomer at the desk: the strike begins shortly after somebody signed in."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from agency.models import AuditEvent
from reports.demo.performances import Performance, Playbill

log = logging.getLogger("rempart.demo")

TO_LOOK_AROUND = timedelta(seconds=25)  # between the sign-in and the first post
PATIENCE = timedelta(seconds=60)  # for somebody who is still signed in from before, and may only be reloading a page
ENTRANCES = ("signin.done", "handover.used")
BETWEEN_LOOKS = 2.0  # seconds


def arrived_since(moment: datetime) -> datetime | None:
    """When the first person came in at or after the moment."""
    came_in = AuditEvent.objects.filter(action__in=ENTRANCES, happened_at__gte=moment)
    return came_in.order_by("happened_at").values_list("happened_at", flat=True).first()


def is_somebody_in(now: datetime) -> bool:
    """Whether a session of an earlier run is still good."""
    return Session.objects.filter(expire_date__gt=now).exists()


def begin_when_watched(playbill: Playbill, since: datetime, now: datetime, was_in: bool) -> Performance | None:
    """Announces the strike of this run once somebody is there to see it; None while nobody is, or once announced."""
    arrived = arrived_since(since)
    if arrived is None and not (was_in and now >= since + PATIENCE):
        return None
    begins = max(now, (arrived or now) + TO_LOOK_AROUND)
    return playbill.begin(begins, now, after=since)


def wait(playbill: Playbill, since: datetime, clock: Callable[[], datetime], stop: threading.Event) -> None:
    """Looks every two seconds until `stop`; one strike a run, which began at `since`. The database may be away."""
    was_in = None
    while not playbill.has_begun_since(since) and not stop.wait(BETWEEN_LOOKS):
        try:
            was_in = is_somebody_in(clock()) if was_in is None else was_in
            begun = begin_when_watched(playbill, since, clock(), was_in)
        except DatabaseError:
            log.warning("The database is away; looking again.")
            continue
        finally:
            connection.close()
        if begun:
            log.info("Strike %s begins at %s.", begun.code, begun.began_at)
