"""The moments that an incident goes through: reached by what happens, the first time counts; moved by a person."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from incidents.choices import EntryKind
from incidents.models import Incident, Milestone, MilestoneKind
from incidents.services import timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST_REASON = 200
_CLOCKS_MAY_DIFFER = timedelta(minutes=2)


def reach(*, incident: Incident, code: str, at: datetime, by: User | None = None, note: str = "") -> None:
    """The incident reached a milestone at that moment; by None for the machine. The first time wins, whoever comes.

    `note`: what it rests on, in the client's language. One that the client switched off is kept all the same: it is
    there when it is switched on again.
    Raises KeyError for a code that no kind has.
    """
    reach_all(incident=incident, moments={code: at}, by=by, note=note)


def reach_all(*, incident: Incident, moments: Mapping[str, datetime], by: User | None = None, note: str = "") -> None:
    """Several at once (code → moment), in two queries. Raises KeyError for a code that no kind has."""
    kinds = dict(MilestoneKind.objects.filter(code__in=moments).values_list("code", "pk"))
    rows = [
        Milestone(incident=incident, kind_id=kinds[code], reached_at=at, by=by, note=note)
        for code, at in moments.items()
    ]
    Milestone.objects.bulk_create(rows, ignore_conflicts=True)


def take_back(*, incident: Incident, code: str) -> None:
    """It is not so any more (a closed incident opened again): the next time counts. The log keeps what was."""
    Milestone.objects.filter(incident=incident, kind__code=code).delete()


@transaction.atomic
def move(*, incident: Incident, kind: MilestoneKind, at: datetime, reason: str, by: User, now: datetime) -> Milestone:
    """A person says when it was; written in the log with the reason. One not reached yet needs no reason.

    The beginning of the incident moves with its milestone. Raises Refused (no_reason, in_the_future, too_long,
    set_aside as the log does).
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    row = Milestone.objects.filter(incident=locked, kind=kind).first()
    if row and row.reached_at == at:
        return row
    _check(row, at, reason, now)
    row = row or Milestone(incident=locked, kind=kind)
    row.reached_at, row.by, row.note = at, by, reason.strip()
    row.save()
    if kind.code == "started":
        Incident.objects.filter(pk=locked.pk).update(started_at=at)
    _say(locked, row, by, now)
    return row


def _check(row: Milestone | None, at: datetime, reason: str, now: datetime) -> None:
    if row and not reason.strip():
        raise Refused("no_reason", _("Say why this moment is moved."))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST_REASON})
    if at > now + _CLOCKS_MAY_DIFFER:
        raise Refused("in_the_future", _("This has not happened yet: check the time."))


def _say(incident: Incident, row: Milestone, by: User, now: datetime) -> None:
    words = gettext_noop("%(milestone)s: %(moment)s, set by hand.")
    if row.note:
        words = gettext_noop("%(milestone)s: %(moment)s, set by hand. %(reason)s")
    moment = f"{timezone.localtime(row.reached_at):%d/%m %H:%M}"
    text = in_the_clients_words(words, milestone=row.kind, moment=moment, reason=row.note)
    timeline.log(incident=incident, kind=EntryKind.FACT, text=text, happened_at=now, by=by, now=now)
