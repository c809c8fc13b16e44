"""The rota read: who is on call now, a week of it, and the hours when nobody is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from agency.choices import AGENCY_ROLES, Rank
from agency.models import Absence, Client, Shift, User
from agency.on_call import Away, Span, Stint, double_booked, present, ranked, uncovered


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is called first for a client, until when, and the backups in order; no primary is a gap."""

    primary: User | None = None
    backups: tuple[User, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours in which nobody would be called first, and the clients they are the same for, by name."""

    clients: tuple[Client, ...]
    starts_at: datetime
    ends_at: datetime
    is_everybody: bool = False  # all the clients that were asked about, more than one
    goes_on: bool = False  # it reaches the end of what was asked about


@dataclass(frozen=True, slots=True)
class Booked:
    """A person called first for several clients at once."""

    person: User
    clients: tuple[Client, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Laid:
    """The shifts of some clients over a span, the absences of their people, and the shifts less the absences."""

    rows: tuple[Shift, ...]
    aways: tuple[Away, ...]
    present: tuple[Stint, ...]


NOBODY = OnCall()


def standing() -> QuerySet[Shift]:
    """Shifts that were not taken off the rota, of people who can still sign in."""
    return Shift.objects.filter(taken_off_at=None, person__is_active=True)


def on_call(client: Client, at: datetime) -> OnCall:
    """Who is on call for the client at that moment; never somebody absent, inactive, or who may not see the client."""
    return on_call_for([client], at)[client.pk]


def on_call_for(clients: Iterable[Client], at: datetime) -> dict[int, OnCall]:
    """The same for several clients at once, by their numbers: one query."""
    wanted = [client.pk for client in clients]
    away = Absence.objects.filter(person=OuterRef("person"), taken_off_at=None)
    found = standing().filter(
        ~Exists(away.filter(starts_at__lte=at, ends_at__gt=at)), starts_at__lte=at, ends_at__gt=at
    )
    leaves = away.filter(starts_at__gt=at, starts_at__lt=OuterRef("ends_at")).order_by("starts_at").values("starts_at")
    rows = for_clients(found, wanted).annotate(leaves_at=Subquery(leaves[:1]))
    people = {row.pk: row.person for row in rows}
    stints = [replace(stint_of(row), ends_at=row.leaves_at or row.ends_at) for row in rows]  # type: ignore[attr-defined]
    return {client: _on_call(client, stints, people) for client in wanted}


def for_clients(shifts: QuerySet[Shift], clients: Sequence[int]) -> QuerySet[Shift]:
    """Those of the clients and of every client, with what each person may see (`reach`) read in the same query."""
    reach = ArrayAgg(
        "person__memberships__client_id",
        filter=Q(person__memberships__role__in=AGENCY_ROLES),
        default=[],
    )
    kept = shifts.filter(Q(client__in=clients) | Q(client=None))
    return kept.select_related("person", "client").annotate(reach=reach).order_by("starts_at", "id")


def stint_of(row: Shift) -> Stint:
    """A row of `for_clients` as it is judged: a role for the whole agency sees every client."""
    reach = frozenset(row.reach)  # type: ignore[attr-defined]
    sees = None if None in reach else reach
    return Stint(row.pk, row.person_id, row.client_id, row.starts_at, row.ends_at, row.rank == Rank.PRIMARY, sees)


def _on_call(client: int, stints: Iterable[Stint], people: Mapping[int, User]) -> OnCall:
    first, backups = ranked(stints, client)
    return OnCall(
        primary=people[first.id] if first else None,
        backups=tuple(people[one.id] for one in backups),
        until=first.ends_at if first else None,
    )


def laid(clients: Sequence[Client], whole: Span) -> Laid:
    """The shifts that meet the span, and the absences of their people: two queries."""
    begins, ends = whole
    found = standing().filter(starts_at__lt=ends, ends_at__gt=begins)
    rows = tuple(for_clients(found, [client.pk for client in clients]))
    absent = Absence.objects.filter(
        person__in={row.person_id for row in rows}, taken_off_at=None, starts_at__lt=ends, ends_at__gt=begins
    )
    found_away = absent.order_by("starts_at", "id").values_list("person_id", "starts_at", "ends_at")
    aways = tuple(Away(*away) for away in found_away)
    return Laid(rows, aways, tuple(present([stint_of(row) for row in rows], aways)))


def gaps(clients: Sequence[Client], *, since: datetime, days: int = 14) -> tuple[Gap, ...]:
    """The hours of the coming days in which nobody would be called first, those of several clients told once."""
    whole = (since, since + timedelta(days=days))
    return gaps_in(laid(clients, whole), clients, whole)


def gaps_in(rota: Laid, clients: Sequence[Client], whole: Span) -> tuple[Gap, ...]:
    """The same of a rota already read, in order of time."""
    stints, same = rota.present, dict[Span, list[Client]]()
    for client in clients:
        for gap in uncovered(stints, client.pk, whole):
            same.setdefault(gap, []).append(client)
    every = len(clients) if len(clients) > 1 else 0
    return tuple(Gap(tuple(same[span]), *span, len(same[span]) == every, span[1] == whole[1]) for span in sorted(same))


def booked_in(rota: Laid, clients: Sequence[Client]) -> tuple[Booked, ...]:
    """Who would be called first for several of the clients at once, in order of time."""
    known, people = {client.pk: client for client in clients}, {row.person_id: row.person for row in rota.rows}
    return tuple(
        Booked(people[one.person], tuple(known[pk] for pk in one.clients), one.starts_at, one.ends_at)
        for one in double_booked(rota.present)
    )


def on_call_in(rota: Laid, clients: Sequence[Client], at: datetime) -> dict[int, OnCall]:
    """The same as `on_call_for` of a rota already read, for a moment within its span: no query."""
    people = {row.pk: row.person for row in rota.rows}
    stints = [one for one in rota.present if one.holds(at)]
    return {client.pk: _on_call(client.pk, stints, people) for client in clients}
