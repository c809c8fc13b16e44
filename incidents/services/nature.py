"""What an incident is (type, crisis family) and when it is over: said at the opening, said again when it changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from agency.models import User
from incidents.choices import CrisisFamily, EntryKind, IncidentState, IncidentType
from incidents.models import Incident
from incidents.services import announcements, criteria, playbooks, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST_CRITERIA = 1000
USUAL_CRITERIA = gettext_noop(
    "The mentions are back to their habit for two hours, every question that called for an answer has one, and the"
    " client’s contact agrees."
)

_NOT_SAID = gettext_lazy("not said")


@dataclass(frozen=True, slots=True)
class Nature:
    """Type and family are codes of IncidentType and CrisisFamily, "" while nobody has said."""

    type: str = ""
    family: str = ""
    exit_criteria: str = ""


NOT_SAID = Nature()


def usual_criteria() -> str:
    """When most strikes are over, in the client's language: a first draft that a person may leave or change."""
    return in_the_clients_words(USUAL_CRITERIA)


def write(incident: Incident, nature: Nature) -> None:
    """Writes it on the incident handed in, which the caller saves. Raises Refused (wrong_type, wrong_family, too_long).

    A person who says nothing of the end gets the usual one: an incident without an end stays open for weeks.
    """
    _check(nature)
    incident.type, incident.family = nature.type, nature.family
    incident.exit_criteria = nature.exit_criteria.strip() or usual_criteria()


@transaction.atomic
def describe(*, incident: Incident, nature: Nature, by: User, now: datetime) -> Incident:
    """Says again what an open incident is and when it is over; each change is a line of the log. Raises Refused.

    Nothing changed is nothing written. Refusals: not_open, wrong_type, wrong_family, too_long, no_criteria.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        raise Refused("not_open", _("Only an open incident is described again."))
    if not nature.exit_criteria.strip():
        raise Refused("no_criteria", _("Say what must be true for this to be over."))
    before = Nature(locked.type, locked.family, locked.exit_criteria)
    write(locked, nature)
    locked.save(update_fields=["type", "family", "exit_criteria"])
    criteria.keep(locked)
    for line in _changes(before, locked):
        timeline.log(incident=locked, kind=EntryKind.DECISION, text=line, happened_at=now, by=by, now=now)
    playbooks.follow(incident=locked, by=by, now=now)
    if (locked.type, locked.family) != (before.type, before.family):
        was = {"type": before.type, "family": before.family}
        announcements.announce(incident=locked, kind="incident.updated", now=now, before=was)
    return locked


def _check(nature: Nature) -> None:
    if nature.type and nature.type not in IncidentType.values:
        raise Refused("wrong_type", _("Choose a type of the list."))
    if nature.family and nature.family not in CrisisFamily.values:
        raise Refused("wrong_family", _("Choose a family of the list."))
    if len(nature.exit_criteria.strip()) > LONGEST_CRITERIA:
        raise Refused(
            "too_long", _("Say in less than %(most)d characters when it is over.") % {"most": LONGEST_CRITERIA}
        )


def _changes(before: Nature, after: Incident) -> Iterator[str]:
    """One sentence for each thing that is no longer what it was, in the client's language."""
    if after.type != before.type:
        named = IncidentType(after.type).label if after.type else _NOT_SAID
        yield in_the_clients_words(gettext_noop("Type of incident: %(type)s."), type=named)
    if after.family != before.family:
        named = CrisisFamily(after.family).label if after.family else _NOT_SAID
        yield in_the_clients_words(gettext_noop("Crisis family: %(family)s."), family=named)
    if after.exit_criteria != before.exit_criteria:
        yield in_the_clients_words(gettext_noop("It is over when: %(criteria)s"), criteria=after.exit_criteria)
