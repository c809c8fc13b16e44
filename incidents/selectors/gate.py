"""Who may know of an incident. A restricted one does not exist for others: no list, no search, no count, no message."""

import re

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from agency.access import here, staff_of
from agency.choices import Role
from agency.models import Membership, User
from clients.selectors.hidden import NOTHING, Hidden
from incidents.models import Incident, IncidentMention, Insider

_PARAGRAPHS = re.compile(r"\r?\n[ \t]*\r?\n\s*")

# The same as `seen_by`, for a query asked of many clients at once (`{seen}` of of_clients.ask): of an incident named
# `i`, with {person} the number of who asks, null for nobody in particular.
SEEN_IN_SQL = """(
    NOT i.is_restricted OR i.lead_id = {person}
    OR EXISTS (SELECT FROM {schema}.incidents_insider n WHERE n.incident_id = i.id AND n.person_id = {person})
    OR EXISTS (SELECT FROM public.agency_membership m WHERE m.user_id = {person} AND m.role = 'director'
        AND (m.client_id IS NULL OR m.client_id = {client}))
)"""


def seen_by(person: User | None, incident: str = "") -> Q:
    """The incidents that the person may know of: a filter, no query of its own.

    `incident` is the path to the incident from the rows filtered, such as "incident__". Restricted ones are for their
    lead, the people named and the directors. None is nobody in particular (an API key, the portal, a client's contact).
    """
    everybody = Q(**{f"{incident}is_restricted": False})
    if person is None:
        return everybody
    named = Insider.objects.filter(incident_id=OuterRef(f"{incident}pk"), person=person)
    directs = _directors().filter(user=person)
    return everybody | Q(**{f"{incident}lead": person}) | Exists(named) | Exists(directs)


def insiders(incident: Incident) -> QuerySet[User]:
    """The client's staff who may know of the incident, by name: all of them unless it is restricted.

    Whoever writes to the staff about an incident writes to these only.
    """
    staff = staff_of(here())
    if not incident.is_restricted:
        return staff
    named = Insider.objects.filter(incident=incident)
    known = Q(pk=incident.lead_id) | Q(pk__in=named.values("person_id")) | Q(pk__in=_directors().values("user_id"))
    return staff.filter(known)


def is_inside(incident: Incident, person: User) -> bool:
    """Whether the person may know of it; anybody may of an incident that is not restricted."""
    return not incident.is_restricted or Incident.objects.filter(seen_by(person), pk=incident.pk).exists()


def hidden_from(person: User | None) -> Hidden:
    """The incidents that the person may not know of, and the mentions that are in these alone; one query."""
    secret = Incident.objects.filter(is_restricted=True).exclude(seen_by(person))
    numbers = frozenset(secret.values_list("pk", flat=True))
    if not numbers:
        return NOTHING
    elsewhere = IncidentMention.objects.filter(mention=OuterRef("mention")).exclude(incident__in=numbers)
    alone = IncidentMention.objects.filter(~Exists(elsewhere), mention=OuterRef("pk"), incident__in=numbers)
    return Hidden(numbers, Q(Exists(alone)))


def discreet(text: str, person: User | None) -> str:
    """The text without its paragraphs that name a restricted incident, by reference or title, to whoever is outside.

    For what somebody wrote in words of their own while the incident was everybody's.
    """
    secret = list(Incident.objects.filter(is_restricted=True).exclude(seen_by(person)))
    names = {name.casefold() for one in secret for name in (one.reference, one.title.strip()) if name}
    if not names:
        return text
    kept = (one for one in _PARAGRAPHS.split(text) if not any(name in one.casefold() for name in names))
    return "\n\n".join(kept)


def _directors() -> QuerySet[Membership]:
    """Roles of the directors of this client and of the whole agency."""
    ours = Q(client__isnull=True) | Q(client__schema_name=connection.schema_name)  # type: ignore[attr-defined]
    return Membership.objects.filter(ours, user__is_active=True, role=Role.DIRECTOR)
