"""Outlooks kept as they were told, and judged once what they foresaw has come or has not."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from incidents.choices import IncidentState, Phase
from incidents.detection.outlook_model import QUIET_HOURS
from incidents.models import Incident, Outlook
from incidents.selectors import outlooks
from incidents.services import milestones

AT_MOST_EVERY = timedelta(minutes=15)
HOUR = timedelta(hours=1)  # what a count by the hour can tell: a range is judged to the hour
LONGEST_JUDGED = timedelta(days=45)  # after the closing


def keep(*, incident: Incident, told: Mapping[str, Any] | None, now: datetime) -> Outlook | None:
    """Keeps what was foreseen, when the phase changed or a quarter of an hour went by; None when it was not kept."""
    if not told or told["made_at"] != now.isoformat():  # an older one stays on the page when the judgement broke
        return None
    last = Outlook.objects.filter(incident=incident).order_by("made_at", "id").last()
    if last and last.made_at >= now:
        return None
    if last and last.phase == told["phase"] and now - last.made_at < AT_MOST_EVERY:
        return None
    returns = told["returns"] or {}
    return Outlook.objects.create(
        incident=incident,
        made_at=now,
        phase=Phase(told["phase"]),
        half_life_minutes=(told["half_life"] or {}).get("minutes"),
        returns_at=_moment(returns.get("at")),
        returns_from=_moment(returns.get("from")),
        returns_until=_moment(returns.get("until")),
        told=dict(told),
    )


def judge_due(*, now: datetime) -> int:
    """Judges the outlooks of what is under way or was closed lately; returns how many were judged."""
    states = [IncidentState.OPEN, IncidentState.CLOSED]
    found = Incident.objects.filter(
        state__in=states, outlooks__was_inside__isnull=True, outlooks__returns_until__isnull=False
    ).distinct()
    due = (row for row in found if row.closed_at is None or now - row.closed_at < LONGEST_JUDGED)
    return sum(judge(incident=incident, now=now) for incident in due)


def judge(*, incident: Incident, now: datetime) -> int:
    """Writes when it came back to normal and whether each range held; returns how many were judged.

    Back to normal: the first six hours in a row within the habit that was told, as its watches caught them. A range
    whose end went by without a return is wrong already.
    """
    waiting = outlooks.to_judge(incident)
    hours = outlooks.accounts_per_hour(incident, now) if waiting else []
    judged = [row for row in waiting if _judge_one(row, incident, hours, now)]
    Outlook.objects.bulk_update(judged, ["returned_at", "was_inside"])
    if returned := [row.returned_at for row in judged if row.returned_at]:
        milestones.reach(incident=incident, code="normal", at=min(returned))
    return len(judged)


def _judge_one(row: Outlook, incident: Incident, hours: list[int], now: datetime) -> bool:
    """Fills the row in; False while it cannot be told."""
    first, last = row.returns_from, row.returns_until
    if first is None or last is None:
        return False
    row.returned_at = returned_at(hours, row.told.get("high", 0), incident.started_at, row.made_at)
    if row.returned_at is not None:
        row.was_inside = first - HOUR <= row.returned_at <= last + HOUR
    elif now > last + (QUIET_HOURS + 1) * HOUR:
        row.was_inside = False
    return row.was_inside is not None


def returned_at(hours: list[int], high: int, started_at: datetime, made_at: datetime) -> datetime | None:
    """When the first six hours in a row with at most `high` accounts began that were not over at `made_at`."""
    for begin in range(1, len(hours) - QUIET_HOURS + 1):
        ends_at = started_at + (begin + QUIET_HOURS) * HOUR
        if ends_at > made_at and max(hours[begin : begin + QUIET_HOURS]) <= high:
            return started_at + begin * HOUR
    return None


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
