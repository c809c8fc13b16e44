"""When a position's owner is written to: 30, 7 and 1 days before its last day, then until something is done."""

from datetime import date, timedelta

AHEAD = (30, 7, 1)  # days before the last day
DAILY = 7  # days after it during which each day counts; then once a week


def is_due(last_day: date, reminded_on: date | None, today: date) -> bool:
    """Whether the owner is to be written to today: a step was reached that no reminder has covered yet.

    A worker that slept through a step makes up for it once, not once a step.
    """
    step = _last_step(last_day, today)
    return step is not None and (reminded_on is None or reminded_on < step)


def _last_step(last_day: date, today: date) -> date | None:
    """The latest day, up to today, on which a reminder was wanted; None when the first is still to come."""
    after = (today - last_day).days
    if after < 1:
        reached = [last_day - timedelta(days) for days in AHEAD if last_day - timedelta(days) <= today]
        return max(reached, default=None)
    return today if after <= DAILY else last_day + timedelta(DAILY + (after - DAILY) // 7 * 7)
