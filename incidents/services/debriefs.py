"""Debriefs: planned, written together, signed; signed again is a new version. Each act is a line of the log."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from incidents import two_writers
from incidents.asking_again import next_morning
from incidents.choices import DebriefKind, EntryKind, IncidentState
from incidents.debriefing import LONGEST, Told, window
from incidents.models import Debrief, DebriefVersion, Incident
from incidents.services import restriction, timeline
from incidents.services.refusals import Crossed, Refused
from incidents.services.wording import in_the_clients_words


@dataclass(frozen=True, slots=True)
class Plan:
    """When a debrief takes place and who holds it."""

    at: datetime
    host: User | None


@transaction.atomic
def plan(*, incident: Incident, kind: str, plan: Plan, by: User, now: datetime) -> Debrief:
    """Says when it takes place and who holds it, or says so again until it is signed; written in the log.

    Whoever holds that of a restricted incident is named, when `by` may decide who knows of it.
    Raises Refused (not_confirmed, wrong_kind, no_host, not_this_person, outside, too_soon, too_late, signed).
    """
    locked = _locked(incident)
    _check_plan(locked, kind, plan, now)
    known = Debrief.objects.filter(incident=locked, kind=kind).first()
    if known and known.signed_at:
        raise Refused("signed", _("This debrief was held and signed."))
    if known and (known.planned_at, known.host_id) == (plan.at, plan.host.pk if plan.host else None):
        return known
    if plan.host is not None:
        restriction.let_in(incident=locked, person=plan.host, by=by, now=now)
    row = known or Debrief(incident=locked, kind=kind, by_id=by.pk, created_at=now)
    row.planned_at, row.host, row.remind_at = plan.at, plan.host, _first_reminder(plan.at, now)  # type: ignore[assignment]
    row.save()
    _log(row, gettext_noop("%(kind)s debrief planned: %(moment)s, held by %(name)s."), by, now)
    return row


@transaction.atomic
def write(*, debrief: Debrief, told: Told, by: User, now: datetime, seen: str | None = None) -> Debrief:
    """Keeps the words; after a signature they wait for the next version. Raises Refused (too_long) and Crossed.

    `seen`: the marks that the page carried (`two_writers.marks`). What others wrote meanwhile in texts that this person
    left as they were stays; None writes over whatever is there.
    """
    incident = _locked(debrief.incident)
    row = Debrief.objects.select_for_update(of=("self",)).get(pk=debrief.pk)
    said = {name: text.replace("\0", "").strip() for name, text in asdict(told).items()}
    for name, text in said.items():
        if len(text) > LONGEST[name]:
            raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST[name]})
    said = said if seen is None else _together(row, said, seen)
    if said == content_of(row):
        return row
    for name, text in said.items():
        setattr(row, name, text)
    row.written_by, row.written_at = by, now
    row.save(update_fields=[*said, "written_by", "written_at"])
    timeline.touch(incident)
    return row


def _together(row: Debrief, said: dict[str, str], seen: str) -> dict[str, str]:
    met = two_writers.meet(content_of(row), said, seen)
    if met.crossed:
        raise Crossed(met.texts, met.crossed, _("Somebody else wrote here meanwhile: nothing of either is lost."))
    return met.texts


@transaction.atomic
def sign(*, debrief: Debrief, held_at: datetime, by: User, now: datetime, read: Told | None = None) -> DebriefVersion:
    """A person signs what was said; what is signed is a version that nobody changes. Written in the log.

    `read`: the words before their eyes; None signs whatever is there. Raises Refused (moved, nobody_there,
    nothing_said, in_the_future, nothing_new).
    """
    incident = _locked(debrief.incident)
    row = Debrief.objects.select_for_update(of=("self",)).get(pk=debrief.pk)
    row.incident = incident
    if read is not None and two_writers.marks(asdict(read)) != two_writers.marks(content_of(row)):
        raise Refused("moved", _("The words changed meanwhile: read them as they are now."))
    _check_signature(row, held_at, now)
    row.version += 1
    row.held_at, row.signed_at = held_at, now
    row.save(update_fields=["version", "held_at", "signed_at"])
    version = DebriefVersion.objects.create(
        debrief=row, number=row.version, content=content_of(row), signed_at=now, by=by
    )
    words = gettext_noop("%(kind)s debrief held and signed.")
    if row.version > 1:
        words = gettext_noop("%(kind)s debrief signed again: version %(version)d.")
    _log(row, words, by, now)
    return version


def content_of(debrief: Debrief) -> dict[str, str]:
    """What it says now, as a version keeps it."""
    return {name: getattr(debrief, name) for name in LONGEST}


def _check_plan(incident: Incident, kind: str, plan: Plan, now: datetime) -> None:
    if kind not in DebriefKind.values:
        raise Refused("wrong_kind", _("A debrief is hot or cold."))
    if plan.host is None:
        raise Refused("no_host", _("Say who holds the debrief."))
    if not can(plan.host, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_person", _("%(name)s may not run this client’s incidents.") % {"name": plan.host})
    first, last = window(kind, incident.closed_at, now)
    if not first <= plan.at <= last:
        words = _("Choose a moment between %(first)s and %(last)s.")
        zone = ZoneInfo(here().timezone)
        told = {"first": _moment(first, zone), "last": _moment(last, zone)}
        raise Refused("too_soon" if plan.at < first else "too_late", words % told)


def _check_signature(row: Debrief, held_at: datetime, now: datetime) -> None:
    if not row.people.strip():
        raise Refused("nobody_there", _("Say who was there."))
    if not row.happened.strip() or not row.changes.strip():
        raise Refused("nothing_said", _("Say what happened and what we change; “nothing” is an answer."))
    if held_at > now + timedelta(minutes=2):
        raise Refused("in_the_future", _("This has not happened yet: check the time."))
    last = DebriefVersion.objects.filter(debrief=row).order_by("-number").first()
    if last and last.content == content_of(row):
        raise Refused("nothing_new", _("Nothing has changed since it was signed."))


def _first_reminder(planned_at: datetime, now: datetime) -> datetime:
    """A day ahead, or the next morning when the day has begun."""
    ahead = planned_at - timedelta(days=1)
    return ahead if ahead > now else min(next_morning(now, ZoneInfo(here().timezone)), max(planned_at, now))


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d/%m %H:%M}"


def _locked(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state not in {IncidentState.OPEN, IncidentState.CLOSED}:
        raise Refused("not_confirmed", _("Only an incident that a person confirmed is looked back on."))
    return locked


def _log(row: Debrief, words: str, by: User, now: datetime) -> None:
    moment = f"{timezone.localtime(row.planned_at, ZoneInfo(here().timezone)):%d/%m %H:%M}"
    values = {"kind": row.get_kind_display(), "moment": moment, "name": row.host, "version": row.version}
    text = in_the_clients_words(words, **values)
    timeline.log(incident=row.incident, kind=EntryKind.ACTION, text=text, happened_at=now, by=by, now=now)
