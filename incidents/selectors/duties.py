"""Who has which part in an incident's team: whoever was given it and is still there, the lead otherwise."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from agency.choices import AGENCY_ROLES
from agency.models import Membership, User
from clients.choices import Duty
from incidents.duty_words import JOBS
from incidents.models import DutyHolder, Incident


@dataclass(frozen=True, slots=True)
class Held:
    """A part with its one-sentence job, in the language that is active, and who has it now.

    `person` is None only while the incident has no lead. `is_leads` when the lead has it because nobody else does;
    `gone` is who was given it and is no longer there to do it.
    """

    duty: Duty
    job: str
    person: User | None
    since: datetime | None
    is_leads: bool
    gone: User | None = None

    @property
    def words(self) -> str:
        return str(self.duty.label)

    @property
    def is_given(self) -> bool:
        """Whether somebody who is there was given it."""
        return self.since is not None


def holder(incident: Incident, duty: str) -> User | None:
    """Who has the part now: who was given it and may still run this client's incidents, else the lead, None without."""
    return holders(incident).get(duty, incident.lead) if duty != Duty.LEAD else incident.lead


def holders(incident: Incident) -> dict[str, User]:
    """The parts given to somebody who is still there, in one query; the others are the lead's."""
    return held_by(duties(incident))


def held_by(parts: Iterable[Held]) -> dict[str, User]:
    """The same of parts already read."""
    return {part.duty: part.person for part in parts if part.is_given and part.person}


def holders_of(duty: str, incidents: Collection[int]) -> dict[int, int]:
    """By the number of the incident, the person who has that part now, else its lead; two queries."""
    rows = Incident.objects.filter(pk__in=incidents, lead__isnull=False)
    given = DutyHolder.objects.filter(incident__in=incidents, duty=duty).annotate(is_there=Exists(_staff()))
    return dict(rows.values_list("pk", "lead_id")) | dict(
        given.filter(is_there=True).values_list("incident_id", "person_id")
    )


def duties(incident: Incident) -> tuple[Held, ...]:
    """Every part, the lead's first, with its job and who has it, in one query."""
    given = {row.duty: row for row in _given(incident)}
    return tuple(_held(duty, given.get(duty), incident.lead) for duty in Duty)


def _held(duty: Duty, row: DutyHolder | None, lead: User | None) -> Held:
    job = JOBS[duty].say(get_language() or "fr")
    if row is None:
        return Held(duty, job, lead, None, is_leads=duty != Duty.LEAD)
    if not row.is_there:  # type: ignore[attr-defined]
        return Held(duty, job, lead, None, is_leads=True, gone=row.person)
    return Held(duty, job, row.person, row.since, is_leads=False)


def _given(incident: Incident) -> list[DutyHolder]:
    """What was given to whom; `is_there` while that person may run the client's incidents."""
    given = DutyHolder.objects.filter(incident=incident).select_related("person")
    return list(given.annotate(is_there=Exists(_staff())))


def _staff() -> QuerySet[Membership]:
    here = Q(client__isnull=True) | Q(client__schema_name=connection.schema_name)  # type: ignore[attr-defined]
    return Membership.objects.filter(here, user=OuterRef("person"), user__is_active=True, role__in=AGENCY_ROLES)
