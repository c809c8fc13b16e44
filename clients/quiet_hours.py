"""The hours in which somebody is not called, in the local time of the client. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_quiet(at: datetime, *, begins: time | None, ends: time | None, zone: ZoneInfo) -> bool:
    """Whether that moment is inside them; from 22:00 to 7:00 passes midnight, the same hour twice is none."""
    if begins is None or ends is None or begins == ends:
        return False
    local = at.astimezone(zone).time().replace(tzinfo=None)
    return begins <= local < ends if begins < ends else local >= begins or local < ends


def quiet_until(at: datetime, *, ends: time, zone: ZoneInfo) -> datetime:
    """The next moment when the clock on the wall shows their end; an hour that a clock change skips ends after it."""
    local = at.astimezone(zone)
    day = local.date() if local.time().replace(tzinfo=None) < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, zone).astimezone(at.tzinfo or zone)
