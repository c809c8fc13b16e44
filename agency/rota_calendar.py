"""The rota as a calendar (RFC 5545). Moments are in UTC: some programs read the time zones of a calendar wrongly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vText

_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody's hours on call. `uid` is the same each time the calendar is read; `written_at` when it was planned."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    written_at: datetime


def calendar_of(name: str, duties: Iterable[Duty], *, language: str) -> bytes:
    """The calendar as bytes: the same for the same rota, whenever it is asked for."""
    made = Calendar()
    made.add("prodid", "-//Rempart//Rota//FR")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    title = vText(_one_line(name))
    made.add("name", title, parameters={"LANGUAGE": language})  # RFC 7986
    made.add("x-wr-calname", title)  # for those that do not know it
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for duty in duties:
        made.add_component(_event(duty))
    return bytes(made.to_ical())


def _event(duty: Duty) -> Event:
    event = Event()
    event.add("uid", duty.uid)
    event.add("summary", vText(_one_line(duty.title)))
    event.add("dtstamp", duty.written_at.astimezone(UTC))
    event.add("dtstart", duty.starts_at.astimezone(UTC))
    event.add("dtend", duty.ends_at.astimezone(UTC))
    event.add("transp", "TRANSPARENT")  # being on call does not make somebody busy
    return event


def _one_line(words: str) -> str:
    """Without line ends and control characters: some programs unfold them into properties."""
    return " ".join("".join(one if one.isprintable() else " " for one in words).split())
