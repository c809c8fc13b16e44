"""The hand-over of an incident: the one that is offered, and a first draft of its note from what is written."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from agency.access import here
from incidents.choices import EntryKind, ReliefState
from incidents.models import Incident, Relief, SituationReport, TimelineEntry
from incidents.relief_note import LONGEST, Note
from incidents.selectors import tasks

SINCE = timedelta(hours=12)
MOST_LINES = 12


def offered(incident: Incident) -> Relief | None:
    """The hand-over that waits for somebody."""
    rows = incident.reliefs.filter(state=ReliefState.OFFERED)
    return rows.prefetch_related("by", "to", "read_by").first()  # most often there is none: no join for nothing


def draft(incident: Incident, now: datetime) -> Note:
    """What the machine can say: who leads and the last point; open tasks; messages of twelve hours; what not to do."""
    zone = ZoneInfo(here().timezone)
    last = SituationReport.objects.filter(incident=incident).order_by("-number").first()
    where = [_("%(name)s leads.") % {"name": incident.lead}, incident.summary]
    if incident.next_update_at:
        hour = f"{incident.next_update_at.astimezone(zone):%H:%M}"
        where.append(_("Next update promised for %(hour)s.") % {"hour": hour})
    to_do = [
        f"– {one.task.words} ({one.owner or _('nobody yet')}, {one.task.due_at.astimezone(zone):%H:%M})"
        for one in tasks.to_do(incident, now).open
    ]
    return Note(
        situation="\n".join(words for words in where if words)[: LONGEST["situation"]],
        to_do="\n".join(to_do)[: LONGEST["to_do"]],
        promised="\n".join(_lines(incident, EntryKind.MESSAGE, now, zone))[: LONGEST["promised"]],
        do_not=(last.do_not if last else "")[: LONGEST["do_not"]],
    )


def _lines(incident: Incident, kind: str, now: datetime, zone: ZoneInfo) -> list[str]:
    """The last standing lines of that kind that people wrote, oldest first: the machine's calls promised nothing."""
    standing = TimelineEntry.objects.filter(
        incident=incident, kind=kind, by__isnull=False, corrected_by__isnull=True, happened_at__gte=now - SINCE
    )
    rows = list(standing.order_by("-happened_at", "-number")[:MOST_LINES])
    return [f"– {row.happened_at.astimezone(zone):%H:%M} · {row.text}" for row in reversed(rows)]
