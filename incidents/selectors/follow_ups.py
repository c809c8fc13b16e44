"""Follow-ups as pages, reminders, the API and the report read them: never those of an incident one may not see."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agency.models import User
from incidents.choices import FollowUpState
from incidents.models import FollowUp, Incident
from incidents.selectors.gate import seen_by


@dataclass(frozen=True, slots=True)
class Followed:
    """A follow-up and whether its day has passed."""

    row: FollowUp
    is_late: bool

    @property
    def owner(self) -> str:
        return owner_of(self.row)


def owner_of(row: FollowUp) -> str:
    """Who does it, by name."""
    return str(row.owner) if row.owner else row.owner_name


def seen(person: User | None) -> QuerySet[FollowUp]:
    """Those the person may know of, the first due first."""
    rows = FollowUp.objects.filter(seen_by(person, "incident__"))
    return rows.select_related("incident", "owner", "ended_by", "debrief").order_by("due_on", "id")


def of_incident(incident: Incident, today: date) -> tuple[Followed, ...]:
    """Those of one incident, to do first."""
    rows = FollowUp.objects.filter(incident=incident).prefetch_related("owner", "ended_by", "debrief")
    return told(rows, today)


def told(rows: QuerySet[FollowUp], today: date) -> tuple[Followed, ...]:
    """To do first, the first due first; then what was ended, the last first."""
    every = [Followed(row, row.state == FollowUpState.OPEN and row.due_on < today) for row in rows[:2000]]
    to_do = [one for one in every if one.row.state == FollowUpState.OPEN]
    past = [one for one in every if one.row.state != FollowUpState.OPEN]
    past.sort(key=lambda one: (one.row.ended_at, one.row.pk), reverse=True)
    return (*to_do, *past)
