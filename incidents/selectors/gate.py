"""Who may know of an incident. A restricted one does not exist for others: no list, no search, no count, no message."""

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from agency.choices import Role
from agency.models import Membership, User
from incidents.models import Insider


def seen_by(person: User | None, incident: str = "") -> Q:
    """The incidents that the person may know of: a filter, no query of its own.

    `incident` is the path to the incident from the rows filtered, such as "incident__". Restricted ones are for their
    lead, the people named and the directors. None is nobody in particular (an API key, the portal, a client's contact).
    """
    everybody = Q(**{f"{incident}is_restricted": False})
    if person is None:
        return everybody
    named = Insider.objects.filter(incident_id=OuterRef(f"{incident}pk"), person=person)
    here = Q(client__isnull=True) | Q(client__schema_name=connection.schema_name)  # type: ignore[attr-defined]
    directs = Membership.objects.filter(here, user=person, user__is_active=True, role=Role.DIRECTOR)
    return everybody | Q(**{f"{incident}lead": person}) | Exists(named) | Exists(directs)
