"""The rota read: who is on call now, a week of it, and the hours when nobody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet

from agency.choices import AGENCY_ROLES, Rank
from agency.models import Absence, Client, Shift, User
from agency.on_call import Stint, ranked


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is called first for a client, until when, and the backups in order; no primary is a gap."""

    primary: User | None = None
    backups: tuple[User, ...] = ()
    until: datetime | None = None


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
    away = Absence.objects.filter(person=OuterRef("person"), taken_off_at=None, starts_at__lte=at, ends_at__gt=at)
    rows = {
        row.pk: row
        for row in for_clients(standing().filter(starts_at__lte=at, ends_at__gt=at), wanted).filter(~Exists(away))
    }
    stints = [stint_of(row) for row in rows.values()]
    return {client: _on_call(client, stints, rows) for client in wanted}


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


def _on_call(client: int, stints: Iterable[Stint], rows: dict[int, Shift]) -> OnCall:
    first, backups = ranked(stints, client)
    return OnCall(
        primary=rows[first.id].person if first else None,
        backups=tuple(rows[one.id].person for one in backups),
        until=first.ends_at if first else None,
    )
