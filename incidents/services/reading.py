"""What is worked out of an incident while it is open: one judgement a section, each on plain values."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet

from clients.models import Author, Suppression
from incidents.choices import IncidentState
from incidents.detection import leverage, outlook, pack, propagation_section, timing
from incidents.detection import roles as detected
from incidents.detection.case import Case
from incidents.models import Incident, IncidentMention, IncidentReading
from incidents.selectors import cases
from incidents.services import back_to_normal, erased, outlooks, roles

log = logging.getLogger("rempart.watch")

UNDER_WAY = (IncidentState.PROPOSED, IncidentState.OPEN)
STALE = timedelta(minutes=5)  # time alone changes an outlook: without a new mention it is read again this often
Judgement = Callable[[Case], Mapping[str, Any]]
# Section -> what works it out. A judgement is pure: a case in, plain values and words in both languages out.
SECTIONS: dict[str, Judgement] = {
    "people": detected.judge,
    "pack": pack.judge,
    "called": leverage.judge,
    "outlook": outlook.judge,
    "timing": timing.judge,
    "spread": propagation_section.judge,
}


def read_due(*, now: datetime) -> int:
    """Reads each incident under way that has a new mention, or was not read for five minutes; returns how many.

    Also those, closed ones included, of whose accounts a person said something since.
    """
    done = 0
    for incident in Incident.objects.filter(state__in=UNDER_WAY):
        done += _read_if_it_can(incident, now)
    # Two questions: one query for both would join every mention with every participant.
    for kept in {kept.pk: kept for kept in (*_telling_of_erased(), *_told_otherwise())}.values():
        done += _read_if_it_can(kept.incident, now, anew=True)
    outlooks.judge_due(now=now)
    back_to_normal.reach_due(now=now)
    return done


def _read_if_it_can(incident: Incident, now: datetime, *, anew: bool = False) -> bool:
    try:
        return read(incident=incident, now=now, anew=anew)
    except Exception:  # one incident that breaks us must not keep the others unread
        log.exception("%s could not be read.", incident.reference)
        # It is tried again at the next turn; a name that was erased does not wait for that.
        _telling_of_erased().filter(incident=incident).update(sections={})
        return False


def _telling_of_erased() -> QuerySet[IncidentReading]:
    """Readings, of closed incidents too, made before one of their accounts was erased: they still tell its name."""
    gone = Author.objects.filter(erased_at__isnull=False, mentions__attachments__incident=OuterRef("incident"))
    return IncidentReading.objects.filter(Exists(gone.filter(erased_at__gte=OuterRef("read_at"))))


def _told_otherwise() -> QuerySet[IncidentReading]:
    """Readings made before a person said, or took back, what an account does in the incident."""
    return IncidentReading.objects.filter(incident__participants__read_at__gt=F("read_at")).distinct()


@transaction.atomic
def read(*, incident: Incident, now: datetime, anew: bool = False) -> bool:
    """Works every section out, unless nothing changed (and not `anew`) or another worker has it; True when it did.

    A section that breaks keeps what it said before; the others are read all the same. Of a closed incident the outlook
    stays as it was last told.
    """
    kept, made = IncidentReading.objects.get_or_create(incident=incident, defaults={"read_at": now})
    mine = IncidentReading.objects.select_for_update(skip_locked=True).filter(pk=kept.pk).first()
    newest = IncidentMention.objects.filter(incident=incident).aggregate(last=Max("id"))["last"] or 0
    if mine is None or not (anew or made or newest != mine.last_mention_id or now - mine.read_at >= STALE):
        return False
    under_way = incident.state in UNDER_WAY
    case = erased.nameless(cases.case_of(incident, now if under_way else incident.closed_at or mine.read_at))
    mine.sections = {**_before(mine), **_sections(case, incident), **({} if under_way else _last_outlook(mine))}
    mine.mentions, mine.last_mention_id, mine.read_at = len(case.posts), newest, now
    mine.save()
    if under_way:  # an erasure has a closed one read again, as it stood: nothing is foreseen of it any more
        outlooks.keep(incident=incident, told=mine.sections.get("outlook"), now=now)
    roles.keep(incident=incident, told=mine.sections.get("people"), now=now)
    return True


def _before(mine: IncidentReading) -> dict[str, Any]:
    """What a section that breaks goes on saying: nothing once an account was erased since, for it may name it."""
    return {} if Suppression.objects.filter(created_at__gte=mine.read_at).exists() else mine.sections


def _last_outlook(mine: IncidentReading) -> dict[str, Any]:
    return {name: told for name, told in mine.sections.items() if name == "outlook"}


def _sections(case: Case, incident: Incident) -> dict[str, Mapping[str, Any]]:
    found = {}
    for name, judge in SECTIONS.items():
        try:
            found[name] = judge(case)
        except Exception:
            log.exception("The section %s of %s could not be worked out.", name, incident.reference)
    return found
