"""The only gates from a person to a client. Unknown and forbidden answer alike."""

from django.db.models import Q, QuerySet
from django.http import Http404

from agency.choices import AGENCY_ROLES
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
