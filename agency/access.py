"""The only gates from a person to a client. Unknown and forbidden answer alike."""

from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from agency.choices import AGENCY_ROLES, Role
from agency.models import Client, Membership, User
from agency.roles import Can, can


def clients_of(user: User) -> QuerySet[Client]:
    """Active clients the person may see as staff, by name."""
    mine = Membership.objects.filter(user=user, role__in=AGENCY_ROLES)
    if not user.is_active:
        return Client.objects.none()
    everywhere = mine.filter(client__isnull=True).exists()
    seen = Q() if everywhere else Q(pk__in=mine.values("client_id"))
    return Client.objects.filter(seen, is_active=True).order_by("name", "id")


def client_for(user: User, schema_name: str, permission: Can) -> Client:
    """The client of that schema, when the person may do `permission` there; Http404 otherwise."""
    client = Client.objects.filter(schema_name=schema_name, is_active=True).first()
    if client is None or not can(user, client, permission):
        raise Http404
    return client


def here() -> Client:
    """The client in whose schema the code runs; raises RuntimeError in the public one."""
    client = Client.objects.filter(schema_name=connection.schema_name).first()  # type: ignore[attr-defined]
    if client is None:
        raise RuntimeError(f"No client has the schema {connection.schema_name!r}.")  # type: ignore[attr-defined]
    return client


def zone_here() -> ZoneInfo:
    """The time zone of that client; nothing is asked where the request has said whose host this is."""
    tenant = connection.tenant  # type: ignore[attr-defined]
    return ZoneInfo((tenant if isinstance(tenant, Client) else here()).timezone)


def staff_of(client: Client) -> QuerySet[User]:
    """Active agency people who may run an incident for the client, by name."""
    return (
        User.objects.filter(
            Q(memberships__client=client) | Q(memberships__client__isnull=True),
            memberships__role__in=AGENCY_ROLES,
            is_active=True,
        )
        .distinct()
        .order_by("full_name", "id")
    )


def leads_of(client: Client) -> QuerySet[User]:
    """Active people who lead the client's team, by name; the directors where nobody does."""
    roles = Membership.objects.filter(Q(client=client) | Q(client__isnull=True), user__is_active=True)
    leads = User.objects.filter(pk__in=roles.filter(role=Role.LEAD).values("user_id"))
    directors = User.objects.filter(pk__in=roles.filter(role=Role.DIRECTOR).values("user_id"))
    return (leads if leads.exists() else directors).order_by("full_name", "id")
