"""The time zones a client may live in, and how far their hours are from another's."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


@cache
def names() -> tuple[str, ...]:
    """IANA names of places ("Indian/Reunion") and UTC, in order; old aliases without a place are left out."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES))
    return (*sorted(places), "UTC")


def offset(name: str, at: datetime) -> str:
    """What to add to UTC there at that moment: "UTC+4", "UTC-3:30", "UTC"."""
    minutes = int((ZoneInfo(name).utcoffset(at) or at - at).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" + (f"{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "")
