"""The changes of shift around now, and the notes they leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agency.models import Client, Shift, ShiftNote, User
from agency.on_call import Stint, ranked
from agency.selectors.rota import Laid, laid

ASKED_BEFORE = timedelta(hours=1)
ASKED_AFTER = timedelta(hours=4)
_JUST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Relief:
    """One person hands a client over to another (None: to nobody) at a moment; `note` is the last that was left."""

    client: Client
    shift: Shift
    leaves: User
    takes: User | None
    at: datetime
    note: ShiftNote | None = None

    def is_read_by(self, person: User) -> bool:
        """True once the person said to have read the last note."""
        return self.note is not None and any(one.reader_id == person.pk for one in self.note.readings.all())


def reliefs(clients: Sequence[Client], now: datetime) -> tuple[Relief, ...]:
    """The changes of who is called first, from four hours ago to an hour ahead, in order of time.

    Two queries, and two more when there is a change. Somebody who goes on relieves nobody.
    """
    whole = (now - ASKED_AFTER, now + ASKED_BEFORE + _JUST)
    rota = laid(clients, whole)
    found = [one for client in clients for one in _of(client, rota, whole)]
    notes = _last_notes(found)
    told = [
        Relief(one.client, one.shift, one.leaves, one.takes, one.at, notes.get((one.shift.pk, one.client.pk)))
        for one in found
    ]
    return tuple(sorted(told, key=lambda one: (one.at, one.client.name, one.shift.pk)))


def _of(client: Client, rota: Laid, whole: tuple[datetime, datetime]) -> Iterable[Relief]:
    rows = {row.pk: row for row in rota.rows}
    ends = sorted({one.ends_at for one in rota.present if one.is_primary and whole[0] < one.ends_at < whole[1]})
    for at in ends:
        before, after = _first(rota.present, client, at - _JUST), _first(rota.present, client, at)
        if before and (after is None or after.person != before.person):
            leaves, takes = rows[before.id].person, rows[after.id].person if after else None
            yield Relief(client, rows[before.id], leaves, takes, at)


def _first(stints: Iterable[Stint], client: Client, at: datetime) -> Stint | None:
    return ranked([one for one in stints if one.holds(at)], client.pk)[0]


def _last_notes(found: Sequence[Relief]) -> dict[tuple[int, int], ShiftNote]:
    if not found:
        return {}
    rows = ShiftNote.objects.filter(
        shift__in={one.shift.pk for one in found}, client__in={one.client.pk for one in found}
    )
    ordered = rows.select_related("written_by").prefetch_related("readings__reader").order_by("written_at", "id")
    return {(row.shift_id, row.client_id): row for row in ordered}


def notes_of(client: Client, most: int = 20) -> list[ShiftNote]:
    """The last notes left about a client, the newest first, with who has read them."""
    rows = ShiftNote.objects.filter(client=client).select_related("written_by", "shift__person")
    return list(rows.prefetch_related("readings__reader").order_by("-written_at", "-id")[:most])
