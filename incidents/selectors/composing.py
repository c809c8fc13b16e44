"""What whoever writes a situation report needs: what can be proposed, who receives it, who else is writing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agency.access import here, zone_here
from clients.choices import ApprovedBy, Duty, PositionKind, ReportVersion
from clients.models import Contact, Position, PositionVersion
from clients.quiet_hours import is_quiet
from clients.selectors import positions
from clients.selectors.cadences import Pace, in_force, minutes_at
from incidents import posture, report_proposal
from incidents.bulletin import Language
from incidents.choices import DraftState, EntryKind, IncidentKind, IncidentState, TaskState
from incidents.models import ApprovalStep, Composing, Incident, Outlook, SituationReport, Task, TimelineEntry
from incidents.report_proposal import Known, Noted, Proposal, Waiting
from incidents.selectors.incidents import contacts
from incidents.selectors.reading import reading_of

STILL_WRITING = timedelta(minutes=3)  # after that long without a keystroke nobody is writing any more
MOST_LINES = 40
LOOKED_BACK = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who would receive the report: by what, in which language, whole or in three lines, and whether they rest."""

    contact: Contact
    language: str
    is_executive: bool
    is_resting: bool


def proposal(incident: Incident, now: datetime) -> Proposal:
    """The report as the log and the reading would write it, in the client's language."""
    client = here()
    language: Language = "en" if client.language == "en" else "fr"
    with translation.override(language):
        known = _known(incident, now, language)
    return report_proposal.propose(known, language)


def also_done(incident: Incident) -> tuple[Noted, ...]:
    """What was done and decided since the last report and is not proposed: at hand for whoever writes it."""
    last = SituationReport.objects.filter(incident=incident).order_by("-number").first()
    lines = tuple(line for _kind, line in _lines(incident, last.issued_at if last else None))
    proposed = report_proposal.proposed_of(lines)
    return tuple(one for one in lines if one not in proposed)


def _known(incident: Incident, now: datetime, language: str) -> Known:
    last = SituationReport.objects.filter(incident=incident).order_by("-number").first()
    lines = _lines(incident, last.issued_at if last else None)
    decisions = tuple(line for kind, line in lines if kind == EntryKind.DECISION)
    outlook = Outlook.objects.filter(incident=incident).order_by("-made_at", "-id").first()
    return Known(
        title=incident.title,
        qualification=incident.qualification,
        severity=incident.severity or 4,
        now=now,
        minutes=minutes_at(incident.severity, now),
        phase=outlook.phase if outlook else "",
        reading=reading_of(incident).conclusion.get(language, ""),
        decisions=decisions,
        done=tuple(line for _kind, line in lines),
        waiting=waiting_for_the_client(incident),
        never_said=_never_said(incident, now, language),
    )


def _lines(incident: Incident, since: datetime | None) -> list[tuple[str, Noted]]:
    """The last actions and decisions that stand, since the last report, in the order of their hours."""
    rows = TimelineEntry.objects.filter(
        incident=incident, kind__in=[EntryKind.ACTION, EntryKind.DECISION], corrected_by__isnull=True
    )
    rows = rows.filter(logged_at__gt=since) if since else rows
    last = rows.order_by("-happened_at", "-number")[:MOST_LINES]
    zone = zone_here()
    return [(row.kind, Noted(row.happened_at, row.text, row.number, zone)) for row in reversed(last)]


def waiting_for_the_client(incident: Incident) -> tuple[Waiting, ...]:
    """What the client has to decide: words of the brand's positions, drafts of the incident, tasks of approval."""
    zone = zone_here()
    words = PositionVersion.objects.filter(pk__in=positions.awaiting().values("pk"), position__brand=incident.brand_id)
    found = [
        Waiting(_("Approve the words of %(position)s") % {"position": row.position.code})
        for row in words.select_related("position").order_by("written_at", "id")
    ]
    steps = ApprovalStep.objects.filter(
        version__draft__incident=incident, version__draft__state=DraftState.WAITING,
        role__in=[ApprovedBy.CLIENT, ApprovedBy.OWNER], opened_at__isnull=False, closed_at__isnull=True,
    )  # fmt: skip
    found += [
        Waiting(_("Approve “%(draft)s”") % {"draft": step.version.draft.subject}, step.due_at, zone)
        for step in steps.select_related("version__draft").order_by("due_at", "id")
    ]
    tasks = Task.objects.filter(incident=incident, state=TaskState.OPEN, duty=Duty.APPROVER)
    found += [Waiting(row.words, row.due_at, zone) for row in tasks.order_by("due_at", "number")]
    return tuple(found)


def _never_said(incident: Incident, now: datetime, language: str) -> tuple[str, ...]:
    """The brand's positions of the kind “do not say” in force, then what the others say not to say."""
    today = timezone.localdate(now)
    kept = [one for one in positions.known().filter(brand=incident.brand_id) if positions.is_usable(one, today)]
    kept.sort(key=lambda one: one.kind != PositionKind.DO_NOT_SAY)
    return tuple(text for one in kept if (text := _not_said(one, language)))


def _not_said(position: Position, language: str) -> str:
    if position.kind == PositionKind.DO_NOT_SAY:
        return positions.text_of(position, language) or position.short_text
    return position.do_not_say if language == position.language else position.other_do_not_say


def advice(incident: Incident, now: datetime) -> posture.Advice:
    """The posture that the rules advise for the incident as it is described; a person decides."""
    return posture.advise(
        posture.Case(
            incident.qualification,
            incident.family,
            incident.type,
            incident.severity,
            _similar_before(incident, now),
        )
    )


def posture_words(incident: Incident, now: datetime) -> dict[str, Any]:
    """The advice in the language that is active: name, what to do, what to avoid, the rule, and why it applies."""
    language, advised = get_language() or "fr", advice(incident, now)
    return {
        "stance": advised.stance,
        "name": advised.name.say(language),
        "do": [words.say(language) for words in advised.do],
        "avoid": advised.avoid.say(language),
        "rule": advised.rule.say(language),
        "because": ("; " if language == "en" else "\u00a0; ").join(words.say(language) for words in advised.because),
    }


def pace_of(incident: Incident, now: datetime) -> Pace:
    """The cadence of the incident's severity, that of the least when it has none yet."""
    return next(pace for pace in in_force(now) if pace.severity == (incident.severity or 4))


def _similar_before(incident: Incident, now: datetime) -> int:
    """Closed real incidents of the brand, of the same type or else the same family, in three years."""
    same = {"type": incident.type} if incident.type else {"family": incident.family}
    if not any(same.values()):
        return 0
    past = Incident.objects.filter(brand=incident.brand_id, kind=IncidentKind.REAL, state=IncidentState.CLOSED)
    return past.filter(started_at__gte=now - LOOKED_BACK, is_restricted=False, **same).exclude(pk=incident.pk).count()


def recipients(chosen: Iterable[Contact], now: datetime) -> tuple[Recipient, ...]:
    """Those contacts as the report would reach them now."""
    zone = ZoneInfo(here().timezone)
    return tuple(recipient(one, now, zone) for one in chosen)


def recipient(contact: Contact, now: datetime, zone: ZoneInfo) -> Recipient:
    """One contact, in the client's time zone."""
    rests = is_quiet(now, begins=contact.quiet_from, ends=contact.quiet_until, zone=zone)
    return Recipient(contact, contact.language, contact.wants == ReportVersion.EXECUTIVE, rests)


def usual_recipients(incident: Incident) -> list[Contact]:
    """Whom the last report went to; for the first one, the first rung of the ladder."""
    last = SituationReport.objects.filter(incident=incident, briefings__isnull=False).order_by("-number").first()
    if last:
        return list(contacts().filter(briefings__situation_report=last))
    first = contacts().first()
    return list(contacts().filter(rank=first.rank)) if first else []


def others_writing(incident: Incident, person_id: int, now: datetime) -> list[Composing]:
    """Who else has been typing in the composer of this incident in the last minutes, the first to begin first."""
    rows = Composing.objects.filter(incident=incident, seen_at__gte=now - STILL_WRITING).exclude(person=person_id)
    return list(rows.select_related("person").order_by("since", "id"))
