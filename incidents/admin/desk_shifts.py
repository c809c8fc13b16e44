"""The rota on the day's desk: who is on call, what nobody holds, and what a change of shift asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agency.models import Client, User
from agency.selectors.rota_desk import desk_rota
from agency.templatetags.rempart import far_hours
from incidents.admin.shift_notes import asked
from incidents.selectors.desk import Desk


def part(read: Desk, clients: Sequence[Client], person: User, now: datetime) -> dict[str, Any]:
    """`rota` and `shift_notes` of the desk, `far` the clients of other hours, and what the page is asked again for.

    Notes are asked for the clients with an incident that the person may know of, which `read` already holds to.
    """
    rota = desk_rota(clients, person, now)
    busy = list({one.client.pk: one.client for one in read.incidents}.values())
    notes = asked(busy, person, now)
    far = [one for one in clients if far_hours(one)]
    told = [(one["what"], one["read"].shift.pk, one["read"].client.pk) for one in notes]
    return {"rota": rota, "shift_notes": notes, "shifts_key": (rota.key, told), "far": far}
