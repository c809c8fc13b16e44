"""Roles, what each may do, and the one question: may this person do that for this client?"""

from dataclasses import dataclass
from enum import StrEnum

from agency.choices import Role, Scope
from agency.models import ApiKey, Client, Membership, User


class Can(StrEnum):
    """Everything a person may be allowed to do for a client."""

    READ_DESK = "desk.read"  # mentions, incidents, positions, in the client's admin site
    TRIAGE = "mentions.triage"
    IMPORT_MENTIONS = "mentions.import"
    RUN_INCIDENT = "incidents.run"  # confirm, assess, log, brief, issue a situation report
    CLOSE_INCIDENT = "incidents.close"
    RESTRICT_INCIDENT = "incidents.restrict"  # who may know of one, and who no longer; an incident's lead may too
    WRITE_REPORT = "reports.write"
    PUBLISH_REPORT = "reports.publish"
    EDIT_CLIENT = "client.edit"  # brands, watches, positions, contacts, sources
    PLAN_ROTA = "rota.plan"  # who is on call for the client, and who is away
    MANAGE_KEYS = "keys.manage"
    MANAGE_CLIENTS = "clients.manage"
    MANAGE_PEOPLE = "people.manage"
    READ_TRAIL = "trail.read"  # the agency's audit trail, all clients together
    READ_PORTAL = "portal.read"
    APPROVE = "portal.approve"
    OWN = "portal.own"


_CM = frozenset({Can.READ_DESK, Can.TRIAGE, Can.IMPORT_MENTIONS, Can.RUN_INCIDENT, Can.WRITE_REPORT, Can.READ_PORTAL})
_LEAD = _CM | {Can.CLOSE_INCIDENT, Can.RESTRICT_INCIDENT, Can.PUBLISH_REPORT, Can.EDIT_CLIENT, Can.PLAN_ROTA}
_READER = frozenset({Can.READ_PORTAL})
_APPROVER = _READER | {Can.APPROVE}

PERMISSIONS: dict[str, frozenset[Can]] = {
    Role.CM: _CM,
    Role.LEAD: _LEAD,
    Role.DIRECTOR: _LEAD | {Can.MANAGE_KEYS, Can.MANAGE_CLIENTS, Can.MANAGE_PEOPLE, Can.READ_TRAIL},
    Role.READER: _READER,
    Role.APPROVER: _APPROVER,
    Role.OWNER: _APPROVER | {Can.OWN},
}

# What a program may do with a key of that scope, where people need a permission for it.
_BY_SCOPE: dict[str, Can] = {Scope.INCIDENTS_WRITE: Can.RUN_INCIDENT, Scope.INCIDENTS_CLOSE: Can.CLOSE_INCIDENT}


@dataclass(frozen=True, slots=True)
class Integration:
    """A program that acts with a key of one client: nobody's person, allowed what a director let the key do."""

    name: str
    client_id: int
    permissions: frozenset[Can]


def integration_of(key: ApiKey) -> Integration:
    """Who acts when the key does."""
    return Integration(key.name, key.client_id, frozenset(_BY_SCOPE[one] for one in key.scopes if one in _BY_SCOPE))


def roles_of(user: User, client: Client | None) -> frozenset[str]:
    """The person's roles for the client: those given for it, and those given for the whole agency.

    With no client, only the roles for the whole agency count. Asks the database once per person and request
    (the answer is kept on the person's object).
    """
    if not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        user._roles = list(Membership.objects.filter(user=user).values_list("client_id", "role"))  # type: ignore[attr-defined]
    wanted = {None} if client is None else {None, client.pk}
    return frozenset(role for client_id, role in user._roles if client_id in wanted)  # type: ignore[attr-defined]


def can(user: object, client: Client | None, permission: Can) -> bool:
    """True when one of the person's roles for the client (or for the whole agency) holds the permission.

    An integration may what the scopes of its key say, for the client of the key.
    """
    if isinstance(user, Integration):
        return client is not None and client.pk == user.client_id and permission in user.permissions
    if not isinstance(user, User):
        return False
    if client is not None and not client.is_active:
        return False
    return any(permission in PERMISSIONS[role] for role in roles_of(user, client))


def is_staff(user: object) -> bool:
    """True for a person who holds at least one agency role, for any client."""
    if not isinstance(user, User) or not user.is_active:
        return False
    roles_of(user, None)
    return any(role in {Role.CM, Role.LEAD, Role.DIRECTOR} for _, role in user._roles)  # type: ignore[attr-defined]
