"""Who was told, when, by what, and whether they have read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clients.models import Contact
from incidents.choices import BriefingState
from incidents.models import Briefing, Incident, SituationReport

# The worse it is, the sooner an answer is missed; without a severity as at the least.
ASKED_AGAIN_AFTER = {
    1: timedelta(minutes=10), 2: timedelta(minutes=15), 3: timedelta(minutes=30), 4: timedelta(hours=1),
}  # fmt: skip
MOST_MESSAGES = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One message to a contact; `unread_for` once it stays unread longer than its severity allows."""

    briefing: Briefing
    unread_for: timedelta | None


@dataclass(frozen=True, slots=True)
class Person:
    """A contact and what they received of an incident, the last first."""

    contact: Contact
    messages: tuple[Told, ...]

    @property
    def last(self) -> Told:
        return self.messages[0]

    @property
    def earlier(self) -> tuple[Told, ...]:
        return self.messages[1:]


def who_was_told(incident: Incident, now: datetime, *, report: SituationReport | None = None) -> tuple[Person, ...]:
    """Every contact who was sent something of the incident, or that report, in the order of the ladder; one query."""
    only = {"situation_report": report} if report else {}
    rows = Briefing.objects.filter(incident=incident, **only).select_related(
        "contact", "situation_report", "acknowledgement_noted_by"
    )
    return _by_person(rows.order_by("-created_at", "-id")[:MOST_MESSAGES], incident.severity, now)


def _by_person(rows: Iterable[Briefing], severity: int | None, now: datetime) -> tuple[Person, ...]:
    found: dict[Contact, list[Told]] = {}
    for row in rows:
        found.setdefault(row.contact, []).append(Told(row, _unread_for(row, severity, now)))
    people = (Person(contact, tuple(messages)) for contact, messages in found.items())
    return tuple(sorted(people, key=lambda one: (one.contact.rank, one.contact.name, one.contact.pk)))


def _unread_for(briefing: Briefing, severity: int | None, now: datetime) -> timedelta | None:
    if briefing.state != BriefingState.SENT or briefing.acknowledged_at or briefing.sent_at is None:
        return None
    waited = now - briefing.sent_at
    return waited if waited >= ASKED_AGAIN_AFTER[severity or 4] else None
