"""Who of the agency stands on a rung of a client's ladder at a moment."""

from collections.abc import Sequence
from datetime import datetime

from agency.access import leads_of
from agency.choices import Role
from agency.models import Client, User
from agency.selectors import rota
from clients.choices import Rung


def standing(target: str, client: Client, at: datetime) -> Sequence[User]:
    """Whoever is on call, the backups in their order, the leads or the directors; nobody for a contact's rung."""
    if target == Rung.ON_CALL:
        first = rota.on_call(client, at).primary
        return [first] if first else []
    if target == Rung.BACKUP:
        return rota.on_call(client, at).backups
    if target == Rung.LEAD:
        return list(leads_of(client))
    return directors_of(client) if target == Rung.DIRECTOR else []


def directors_of(client: Client) -> list[User]:
    """Active directors, of this client or of the whole agency, by name."""
    roles = User.objects.filter(is_active=True, memberships__role=Role.DIRECTOR)
    mine = roles.filter(memberships__client=client) | roles.filter(memberships__client__isnull=True)
    return list(mine.distinct().order_by("full_name", "id"))
