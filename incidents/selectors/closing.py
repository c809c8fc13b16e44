"""What is left before an incident closes, and what its closing still owes: as the page and the form show it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.access import here
from incidents.choices import (
    AlertState,
    BriefingState,
    DebriefKind,
    DraftState,
    FollowUpState,
    IncidentState,
    TaskState,
)
from incidents.debriefing import LONGEST, MUST_BE_HELD, Told, is_planned_well
from incidents.exit_criteria import lines
from incidents.models import (
    Alert,
    Briefing,
    Debrief,
    Draft,
    ExitCriterion,
    FollowUp,
    Incident,
    Milestone,
    Task,
    TimelineEntry,
)
from incidents.selectors.follow_ups import owner_of
from incidents.selectors.tasks import Entrusted, to_do
from incidents.selectors.told import who_was_told

_NOT_OUT = (DraftState.APPROVED, DraftState.WAITING)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a closed incident still lacks, in words; `is_late` when it should have been done by now."""

    words: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What is still open in an incident that is about to close; `unread`: the last message to each contact."""

    tasks: tuple[Entrusted, ...] = ()
    approved: tuple[Draft, ...] = ()
    waiting: tuple[Draft, ...] = ()
    alert: Alert | None = None
    unread: tuple[Briefing, ...] = ()

    @property
    def is_something(self) -> bool:
        return bool(self.tasks or self.approved or self.waiting or self.alert or self.unread)


def criteria_of(incident: Incident) -> list[ExitCriterion]:
    """The signs of its end, in order; of an incident from before the rows, those its words would make."""
    rows = list(ExitCriterion.objects.filter(incident=incident).select_related("met_by").order_by("number"))
    if rows or incident.state not in {IncidentState.OPEN, IncidentState.CLOSED}:
        return rows
    return [
        ExitCriterion(incident=incident, number=number, words=words)
        for number, words in enumerate(lines(incident.exit_criteria), start=1)
    ]


def debriefs_of(incident: Incident) -> dict[str, Debrief]:
    """Its debriefs by kind."""
    return {row.kind: row for row in Debrief.objects.filter(incident=incident).prefetch_related("host", "written_by")}


def needs_debrief(incident: Incident, now: datetime) -> bool:
    """Whether it cannot close before its hot debrief is planned."""
    if incident.severity not in MUST_BE_HELD:
        return False
    hot = Debrief.objects.filter(incident=incident, kind=DebriefKind.HOT).first()
    return hot is None or not is_planned_well(hot.planned_at, hot.held_at is not None, now)


def left_open(incident: Incident, now: datetime) -> LeftOpen:
    """What would stay open if the incident closed now. Whoever asks may know of the incident."""
    drafts = list(Draft.objects.filter(incident=incident, state__in=_NOT_OUT).order_by("created_at", "id"))
    unread = (person.last for person in who_was_told(incident, now))
    return LeftOpen(
        tasks=to_do(incident, now).open,
        approved=tuple(one for one in drafts if one.state == DraftState.APPROVED),
        waiting=tuple(one for one in drafts if one.state == DraftState.WAITING),
        alert=Alert.objects.filter(incident=incident, state=AlertState.CALLING).first(),
        unread=tuple(one.briefing for one in unread if _is_unread(one.briefing)),
    )


def _is_unread(briefing: Briefing) -> bool:
    return briefing.state == BriefingState.SENT and briefing.acknowledged_at is None


def owed(incident: Incident, debriefs: dict[str, Debrief], late_follow_ups: int, now: datetime) -> tuple[Owed, ...]:
    """What a closed incident still lacks; nothing for one that is not closed."""
    if incident.state != IncidentState.CLOSED:
        return ()
    found = [_owed_debrief(incident, kind, debriefs.get(kind), now) for kind in DebriefKind]
    found.append(_left_behind(incident))
    if late_follow_ups:
        found.append(Owed(_("Follow-ups are late."), is_late=True))
    return tuple(one for one in found if one)


def _left_behind(incident: Incident) -> Owed | None:
    """Tasks that nobody did nor put away before the closing."""
    left = Task.objects.filter(incident=incident, state=TaskState.OPEN).count()
    words = ngettext("%(count)d task was left open.", "%(count)d tasks were left open.", left)
    return Owed(words % {"count": left}, is_late=False) if left else None


def _owed_debrief(incident: Incident, kind: DebriefKind, row: Debrief | None, now: datetime) -> Owed | None:
    if row is None:
        words = _("No hot debrief is planned.") if kind == DebriefKind.HOT else _("No cold debrief is planned.")
        return Owed(words, is_late=kind == DebriefKind.HOT) if incident.severity in MUST_BE_HELD else None
    if row.signed_at:
        return None
    words = _("The hot debrief is not signed.") if kind == DebriefKind.HOT else _("The cold debrief is not signed.")
    return Owed(words, is_late=row.planned_at < now)


def prefilled(incident: Incident) -> Told:
    """What the machine can say of a debrief: who wrote in the log, milestones, decisions and acts, the follow-ups."""
    zone = ZoneInfo(here().timezone)
    standing = TimelineEntry.objects.filter(incident=incident, corrected_by__isnull=True).select_related("by")
    entries = list(standing.order_by("happened_at", "number")[:2000])
    names = [str(one) for one in (incident.lead, *(entry.by for entry in entries)) if one]
    moments = Milestone.objects.filter(incident=incident, kind__is_active=True).select_related("kind")
    told = [(row.reached_at, str(row.kind)) for row in moments]
    told += [(entry.happened_at, entry.text) for entry in entries if entry.kind != "fact"]
    told.sort(key=lambda one: one[0])
    written = [f"{at.astimezone(zone):%d/%m %H:%M} · {words}" for at, words in told]
    return Told(
        people=", ".join(dict.fromkeys(names))[: LONGEST["people"]],
        happened=_fitting(written, LONGEST["happened"]),
        changes=_fitting(_to_change(incident), LONGEST["changes"]),
    )


def _to_change(incident: Incident) -> list[str]:
    """What was said to change so far, as it is followed up: empty until somebody says it."""
    rows = FollowUp.objects.filter(incident=incident).exclude(state=FollowUpState.DROPPED)
    told = rows.select_related("owner").order_by("due_on", "id")[:200]
    return [f"– {row.words} ({owner_of(row)}, {date_format(row.due_on, 'd/m/Y', use_l10n=False)})" for row in told]


def _fitting(written: list[str], most: int) -> str:
    """As many whole lines as fit, from the first; the next says how many were left out."""
    kept, length = 0, 60
    while kept < len(written) and length + len(written[kept]) + 1 <= most:
        length += len(written[kept]) + 1
        kept += 1
    left = len(written) - kept
    more = [_("… %(count)d more lines in the log") % {"count": left}] if left else []
    return "\n".join([*written[:kept], *more])
