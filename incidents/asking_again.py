"""When somebody is asked again for what they owe: each morning at nine once it is late, each week before. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
WEEK = timedelta(weeks=1)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The next nine o'clock on the wall of `zone`, strictly after now; right on both nights the clocks change."""
    today = now.astimezone(zone).date()
    at = datetime.combine(today, MORNING, zone)
    return at if at > now else datetime.combine(today + timedelta(days=1), MORNING, zone)


def ask_at(due_on: date, now: datetime, zone: ZoneInfo) -> datetime:
    """When to ask next for what is due on a day: a week from now, the day itself, then each morning.

    Aware, in `zone`. A day that has passed is asked for the next morning.
    """
    tomorrow = next_morning(now, zone)
    on_the_day = datetime.combine(due_on, MORNING, zone)
    if on_the_day <= tomorrow:
        return tomorrow
    in_a_week = datetime.combine((now + WEEK).astimezone(zone).date(), MORNING, zone)
    return min(in_a_week, on_the_day)
