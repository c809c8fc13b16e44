"""What has to be settled before an incident closes: the signs of its end, and the debrief of a grave one."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from incidents.choices import DebriefKind, DraftState, EntryKind, IncidentState, TaskState
from incidents.debriefing import MUST_BE_HELD, is_planned_well
from incidents.models import Debrief, Draft, Incident, Task
from incidents.services import criteria, debriefs, drafts, timeline, to_do
from incidents.services.debriefs import Plan
from incidents.services.integrations import Actor, person_of, person_only, signed
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST_REASON = 500


@transaction.atomic
def settle(*, incident: Incident, unmet: str, hot: Plan | None, by: Actor, now: datetime) -> None:
    """Checks that an open incident may close, and writes the reason why it does before every sign is there.

    `unmet`: why it closes all the same, needed while a criterion is not ticked. `hot`: the hot debrief to plan, which
    severities 1 and 2 cannot do without. Raises Refused (unmet, too_long, no_debrief, and those of a plan).
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:  # the life cycle says so in its own words
        return
    left = [row.words for row in criteria.keep(locked) if row.met_at is None]
    unmet = unmet.strip()
    if left and not unmet:
        words = _("Not everything that was to be true is ticked. Tick it, or say why it closes all the same: %(words)s")
        raise Refused("unmet", words % {"words": " · ".join(left)[:500]})
    if len(unmet) > LONGEST_REASON:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST_REASON})
    if hot is not None:
        debriefs.plan(incident=locked, kind=DebriefKind.HOT, plan=hot, by=person_only(by), now=now)
    _check_debrief(locked, now)
    if left:
        text = in_the_clients_words(gettext_noop("Closed before every sign is there: %(reason)s"), reason=unmet)
        timeline.log(
            incident=locked, kind=EntryKind.DECISION, text=signed(text, by), happened_at=now, by=person_of(by), now=now
        )


@transaction.atomic
def clear(
    *, incident: Incident, tasks: Collection[int], why: str, papers: Collection[int], by: User, now: datetime
) -> None:
    """Puts away the tasks of those numbers, no longer needed because of `why`, and withdraws the drafts of those keys.

    What was done or withdrawn meanwhile stays as it is. Raises Refused (no_reason, not_open).
    """
    if tasks and not why.strip():
        raise Refused("no_reason", _("Say in a word why these tasks are no longer needed."))
    # Whoever decides on a draft holds it before the incident: so do we, all of them, or two would wait for each other.
    alive = Draft.objects.filter(incident=incident, pk__in=papers).exclude(
        state__in=[DraftState.PUBLISHED, DraftState.WITHDRAWN]
    )
    held = list(alive.select_for_update(of=("self",)).order_by("pk"))
    timeline.held(incident)
    for task in Task.objects.filter(incident=incident, number__in=tasks, state=TaskState.OPEN).order_by("number"):
        to_do.put_away(task=task, reason=why, by=by, now=now)
    for draft in held:
        drafts.withdraw(draft=draft, by=by, now=now)


def _check_debrief(incident: Incident, now: datetime) -> None:
    if incident.severity not in MUST_BE_HELD:
        return
    hot = Debrief.objects.filter(incident=incident, kind=DebriefKind.HOT).first()
    if hot is None or not is_planned_well(hot.planned_at, hot.held_at is not None, now):
        words = _("Severity %(severity)d does not close without its hot debrief: say when, within 48 hours, and who.")
        raise Refused("no_debrief", words % {"severity": incident.severity})
