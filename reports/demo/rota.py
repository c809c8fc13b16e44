"""The demo's rota: whenever it is looked at, every hour of the two weeks that follow is held."""

from datetime import date, datetime, time, timedelta

from agency.choices import Rank
from agency.models import Client, Shift, User
from agency.services import rota
from agency.wall_clock import day_of, moment_of

WEEKS = 3
_DAY = timedelta(days=1)
_MORNING, _EVENING = time(9), time(18, 30)
_WHOLE_WEEK = ("marc@agence.example", "helene@agence.example")  # in turn: one is called first, the other stands behind
_DAYS = (("ines@agence.example", "maison_aldane"), ("lou@agence.example", "tramontel"))


def plan(*, now: datetime) -> int:
    """Puts what is missing on the rota; how many weeks were added. Nothing when the demo's people are gone."""
    emails = [*_WHOLE_WEEK, *(email for email, _schema in _DAYS)]
    people = {one.email: one for one in User.objects.filter(email__in=emails, is_active=True)}
    if len(people) < len(emails):
        return 0
    missing = [one for one in _mondays(now) if not _is_planned(one)]
    for one in missing:
        _week(one, people, now)
    return len(missing)


def _mondays(now: datetime) -> list[date]:
    """Those of this week and the two that follow; before the hand-over of a Monday morning, last week's too."""
    monday = day_of(now) - timedelta(days=day_of(now).weekday())
    is_before = now < moment_of(monday, _MORNING)[0]
    return [monday + timedelta(weeks=week) for week in range(-1 if is_before else 0, WEEKS)]


def _is_planned(monday: date) -> bool:
    return Shift.objects.filter(client=None, starts_at=moment_of(monday, _MORNING)[0]).exists()


def _week(monday: date, people: dict[str, User], now: datetime) -> None:
    """One of the two at every hour for every client, and whoever knows the client best on working days."""
    by = people[_WHOLE_WEEK[1]]
    whole = moment_of(monday, _MORNING)[0], moment_of(monday + timedelta(weeks=1), _MORNING)[0]
    for person, rank in zip(_in_turn(monday, people), (Rank.PRIMARY, Rank.BACKUP), strict=True):
        _put(person, None, whole, rank, by, now)
    for email, schema_name in _DAYS:
        client = Client.objects.get(schema_name=schema_name)
        for number in range(5):
            day = monday + number * _DAY
            hours = moment_of(day, _MORNING)[0], moment_of(day, _EVENING)[0]
            _put(people[email], client, hours, Rank.PRIMARY, by, now)


def _in_turn(monday: date, people: dict[str, User]) -> tuple[User, User]:
    first, second = (people[email] for email in _WHOLE_WEEK)
    return (first, second) if monday.isocalendar().week % 2 else (second, first)


def _put(
    person: User, client: Client | None, hours: tuple[datetime, datetime], rank: str, by: User, now: datetime
) -> None:
    if hours[1] > now:
        rota.add(person=person, client=client, starts_at=hours[0], ends_at=hours[1], rank=rank, by=by, now=now)
