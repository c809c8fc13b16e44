"""What the reading of an attack is read against: the hours that are held, the calendar, who may be called in."""

from datetime import datetime, time, timedelta

from clients.models import AgendaEntry, Brand, KnownAccount, StaffedHours
from reports.demo.cast import ClientStory
from reports.demo.quiet import PARIS


def surround(story: ClientStory, brand: Brand, now: datetime) -> None:
    """Enters them for the client whose schema is active; the calendar counts its days from `now`."""
    StaffedHours.objects.bulk_create(
        StaffedHours(weekday=day, opens_at=story.opens_at, closes_at=story.closes_at) for day in story.weekdays
    )
    KnownAccount.objects.bulk_create(
        KnownAccount(handle=one.handle, name=one.name, party=one.party, whom_to_warn=one.whom_to_warn)
        for one in story.known
    )
    today = now.astimezone(PARIS).date()
    for entry in story.agenda:
        begins = datetime.combine(today + timedelta(days=entry.in_days), time(entry.hour), PARIS)
        AgendaEntry.objects.create(
            brand=brand, title=entry.title, starts_at=begins, ends_at=begins + timedelta(days=entry.lasts_days)
        )
