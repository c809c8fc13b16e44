"""Exit criteria: rows made from what was written at the opening, ticked by a person, each act in the log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from incidents.choices import EntryKind, IncidentState
from incidents.exit_criteria import lines
from incidents.models import ExitCriterion, Incident
from incidents.services import timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words


def keep(incident: Incident) -> list[ExitCriterion]:
    """A row for each line of the incident's criteria; a line that stayed keeps its tick, one that left goes.

    Called under the incident's lock by whatever writes the criteria; twice changes nothing.
    """
    wanted = lines(incident.exit_criteria)
    rows = {row.words: row for row in ExitCriterion.objects.filter(incident=incident)}
    gone = [row.pk for words, row in rows.items() if words not in wanted]
    ExitCriterion.objects.filter(pk__in=gone).delete()
    last = max((row.number for row in rows.values()), default=0)
    fresh = [words for words in wanted if words not in rows]
    ExitCriterion.objects.bulk_create(
        ExitCriterion(incident=incident, number=last + place, words=words) for place, words in enumerate(fresh, start=1)
    )
    return list(ExitCriterion.objects.filter(incident=incident).select_related("met_by").order_by("number"))


@transaction.atomic
def tick(*, incident: Incident, number: int, by: User, now: datetime) -> ExitCriterion:
    """A person says that this one is true; twice is once. Raises Refused (not_open, no_such_criterion)."""
    row = _locked(incident, number)
    if row.met_at is not None:
        return row
    row.met_at, row.met_by = now, by
    row.save(update_fields=["met_at", "met_by"])
    _log(row, gettext_noop("One sign that it is over, ticked: %(words)s"), EntryKind.FACT, by, now)
    return row


@transaction.atomic
def untick(*, incident: Incident, number: int, by: User, now: datetime) -> ExitCriterion:
    """Undo: it is not so after all. Raises Refused (not_open, no_such_criterion)."""
    row = _locked(incident, number)
    if row.met_at is None:
        return row
    row.met_at = row.met_by = None
    row.save(update_fields=["met_at", "met_by"])
    _log(row, gettext_noop("Not so after all, no longer ticked: %(words)s"), EntryKind.DECISION, by, now)
    return row


def _locked(incident: Incident, number: int) -> ExitCriterion:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        raise Refused("not_open", _("Only an open incident has signs of its end to tick."))
    row = next((one for one in keep(locked) if one.number == number), None)
    if row is None:
        raise Refused("no_such_criterion", _("This line is no longer among the signs that it is over."))
    row.incident = locked
    return row


def _log(row: ExitCriterion, words: str, kind: str, by: User, now: datetime) -> None:
    text = in_the_clients_words(words, words=row.words)
    timeline.log(incident=row.incident, kind=kind, text=text, happened_at=now, by=by, now=now)
