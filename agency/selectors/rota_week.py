"""A week of the rota, day by day: one row for every client together, one for each client with shifts of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agency.choices import Rank
from agency.models import Absence, Client, Shift
from agency.on_call import Span
from agency.public_holidays import holiday
from agency.selectors.rota import Laid, laid
from agency.wall_clock import changes_on, day_of, midnight

DAYS = 7
ACROSS = 100  # units of a strip's drawing for each day


@dataclass(frozen=True, slots=True)
class Day:
    """A day of Paris: its moments, its holidays, and how much longer than 24 hours a change of the clock makes it."""

    date: date
    begins: datetime
    ends: datetime
    is_today: bool
    holidays: tuple[str, ...]
    longer: timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """What a day shows of a shift; `is_away` when its person is absent for a part of it."""

    shift: Shift
    day: Day
    is_away: bool
    is_now: bool

    @property
    def from_(self) -> datetime | None:
        """When it begins on that day; None when it began before."""
        return self.shift.starts_at if self.shift.starts_at >= self.day.begins else None

    @property
    def to(self) -> datetime | None:
        """When it ends on that day, its midnight included; None when it goes on."""
        return self.shift.ends_at if self.shift.ends_at <= self.day.ends else None

    @property
    def is_backup(self) -> bool:
        return self.shift.rank == Rank.BACKUP


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a row's strip, in units of its drawing; `kind` is primary, backup or away."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """The shifts of a client, or of every client (None): seven lists of lines, and the same as a strip."""

    client: Client | None
    days: tuple[tuple[Line, ...], ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday. `now_at` is where the strips show the present, None in another week."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    absences: tuple[Absence, ...]
    now_at: float | None

    @property
    def monday(self) -> date:
        return self.days[0].date

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=DAYS)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=DAYS)

    @property
    def by_day(self) -> list[tuple[Day, list[Line]]]:
        """The same lines, a day after the other: what a telephone shows."""
        return [
            (day, sorted((line for row in self.rows for line in row.days[number]), key=_in_order))
            for number, day in enumerate(self.days)
        ]


def week(clients: Sequence[Client], monday: date, *, now: datetime, language: str) -> Week:
    """The week that begins on that Monday, for those clients; three queries whatever their number."""
    days = tuple(_day(monday + timedelta(days=number), clients, now, language) for number in range(DAYS))
    whole = (days[0].begins, days[-1].ends)
    rota = laid(clients, whole)
    owners: dict[int | None, Client | None] = {None: None}
    owners |= {row.client_id: row.client for row in sorted(rota.rows, key=lambda row: str(row.client or ""))}
    return Week(
        days=days,
        rows=tuple(_row(owner, days, rota, now) for owner in owners.values()),
        absences=_absences(whole),
        now_at=place(now, days) if whole[0] <= now < whole[1] else None,
    )


def _day(day: date, clients: Iterable[Client], now: datetime, language: str) -> Day:
    countries = {client.country for client in clients}
    found = {country: holiday(country, day, language) for country in sorted(countries)}
    named = {name: [country for country in found if found[country] == name] for name in found.values() if name}
    words = (name if len(countries) == 1 else f"{name} ({', '.join(where)})" for name, where in named.items())
    return Day(
        date=day,
        begins=midnight(day),
        ends=midnight(day + timedelta(days=1)),
        is_today=day == day_of(now),
        holidays=tuple(words),
        longer=changes_on(day),
    )


def _row(client: Client | None, days: tuple[Day, ...], rota: Laid, now: datetime) -> Row:
    shifts = [row for row in rota.rows if row.client_id == (client.pk if client else None)]
    lines = tuple(tuple(_line(shift, day, rota, now) for shift in _on(day, shifts)) for day in days)
    return Row(client, lines, tuple(_bars(shifts, rota, days)))


def _on(day: Day, shifts: Iterable[Shift]) -> list[Shift]:
    return [shift for shift in shifts if shift.starts_at < day.ends and shift.ends_at > day.begins]


def _line(shift: Shift, day: Day, rota: Laid, now: datetime) -> Line:
    begins, ends = max(shift.starts_at, day.begins), min(shift.ends_at, day.ends)
    is_away = any(
        away.person == shift.person_id and away.starts_at < ends and away.ends_at > begins for away in rota.aways
    )
    return Line(shift, day, is_away, shift.starts_at <= now < shift.ends_at and day.is_today)


def _bars(shifts: Iterable[Shift], rota: Laid, days: tuple[Day, ...]) -> Iterable[Bar]:
    wanted = {shift.pk: shift for shift in shifts}
    for shift in wanted.values():
        yield _bar((shift.starts_at, shift.ends_at), "away", days)
    present = [stint for stint in rota.present if stint.id in wanted]
    for stint in sorted(present, key=lambda one: one.is_primary):  # who is called first is drawn on top
        yield _bar((stint.starts_at, stint.ends_at), "primary" if stint.is_primary else "backup", days)


def _bar(span: Span, kind: str, days: tuple[Day, ...]) -> Bar:
    begins, ends = place(span[0], days), place(span[1], days)
    return Bar(begins, round(ends - begins, 2), kind)


def place(moment: datetime, days: tuple[Day, ...]) -> float:
    """Where a moment stands on a strip: each day is as wide, whatever the clock does."""
    for number, day in enumerate(days):
        if moment < day.ends:
            share = (moment - day.begins) / (day.ends - day.begins)
            return round(ACROSS * (number + max(0.0, share)), 2)
    return float(ACROSS * len(days))


def _absences(whole: Span) -> tuple[Absence, ...]:
    begins, ends = whole
    found = Absence.objects.filter(taken_off_at=None, starts_at__lt=ends, ends_at__gt=begins, person__is_active=True)
    return tuple(found.select_related("person").order_by("starts_at", "id"))


def _in_order(line: Line) -> tuple[datetime, bool, int]:
    return line.shift.starts_at, line.is_backup, line.shift.pk
