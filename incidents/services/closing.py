"""What has to be settled before an incident closes: the signs of its end, and the debrief of a grave one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from incidents.choices import DebriefKind, EntryKind, IncidentState
from incidents.debriefing import MUST_BE_HELD, is_planned_well
from incidents.models import Debrief, Incident
from incidents.services import criteria, debriefs, timeline
from incidents.services.debriefs import Plan
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST_REASON = 500


@transaction.atomic
def settle(*, incident: Incident, unmet: str, hot: Plan | None, by: User, now: datetime) -> None:
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
        debriefs.plan(incident=locked, kind=DebriefKind.HOT, plan=hot, by=by, now=now)
    _check_debrief(locked, now)
    if left:
        text = in_the_clients_words(gettext_noop("Closed before every sign is there: %(reason)s"), reason=unmet)
        timeline.log(incident=locked, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)


def _check_debrief(incident: Incident, now: datetime) -> None:
    if incident.severity not in MUST_BE_HELD:
        return
    hot = Debrief.objects.filter(incident=incident, kind=DebriefKind.HOT).first()
    if hot is None or not is_planned_well(hot.planned_at, hot.held_at is not None, now):
        words = _("Severity %(severity)d does not close without its hot debrief: say when, within 48 hours, and who.")
        raise Refused("no_debrief", words % {"severity": incident.severity})
