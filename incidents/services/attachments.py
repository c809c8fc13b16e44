"""Which mentions belong to an incident, and who said so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.models import User
from clients.choices import SortingKind, Triage
from clients.selectors.folds import with_repeats
from clients.services import acts, order, triage
from clients.services.triage import Moved
from incidents.choices import IncidentState, Stream
from incidents.detection.buckets import bucket_at
from incidents.models import Detachment, Incident, IncidentMention
from incidents.services import timeline
from incidents.services.refusals import Refused

LONGEST_SURGE = timedelta(days=3)
# What is attached already is left out before, not refused one by one: this runs every few seconds.
_ATTACH_SURGE = """
INSERT INTO incidents_incidentmention (incident_id, mention_id, by_id, attached_at)
SELECT %(incident)s, hit.mention_id, NULL, %(now)s
FROM clients_watchhit hit JOIN clients_mention said ON said.id = hit.mention_id
WHERE hit.watch_id = %(watch)s AND hit.published_at >= %(since)s AND hit.published_at < %(until)s
    AND (
        %(stream)s IN ('all', 'topic', 'pro')
        OR %(stream)s = 'thread' AND hit.thread = %(key)s
        OR %(stream)s = 'attack' AND hit.is_attack
        OR %(stream)s = 'urgent' AND hit.is_urgent
        OR hit.mention_id = %(first)s
        OR hit.thread <> '' AND hit.thread = (
            SELECT first.thread FROM clients_watchhit first
            WHERE first.watch_id = %(watch)s AND first.mention_id = %(first)s
        )
        OR hit.thread <> '' AND (said.source_id, hit.thread) IN (
            SELECT above.source_id, above.external_id FROM incidents_incidentmention held
            JOIN clients_mention above ON above.id = held.mention_id WHERE held.incident_id = %(incident)s
        )
    )
    AND NOT EXISTS (
        SELECT FROM incidents_incidentmention known
        WHERE known.incident_id = %(incident)s AND known.mention_id = hit.mention_id
    )
    AND NOT EXISTS (
        SELECT FROM incidents_detachment taken_out
        WHERE taken_out.incident_id = %(incident)s AND taken_out.mention_id = hit.mention_id
    )
ON CONFLICT DO NOTHING
"""
# The post that everybody answers or quotes is older than the first of them, and may be the brand's own: that of the
# stream, and whatever five accounts of the incident hang under.
_ATTACH_ROOT = """
INSERT INTO incidents_incidentmention (incident_id, mention_id, by_id, attached_at)
SELECT %(incident)s, root.id, NULL, %(now)s
FROM clients_mention root JOIN (
    SELECT first.source_id, %(key)s::text AS name FROM clients_mention first
    WHERE first.id = %(first)s AND %(stream)s = 'thread'
  UNION
    SELECT below.source_id, hit.thread FROM incidents_incidentmention held
    JOIN clients_mention below ON below.id = held.mention_id
    JOIN clients_watchhit hit ON hit.mention_id = held.mention_id AND hit.watch_id = %(watch)s
    WHERE held.incident_id = %(incident)s AND hit.thread <> ''
    GROUP BY below.source_id, hit.thread HAVING count(DISTINCT hit.author_id) >= 5
) answered ON answered.source_id = root.source_id AND answered.name = root.external_id
WHERE NOT EXISTS (
        SELECT FROM incidents_incidentmention known
        WHERE known.incident_id = %(incident)s AND known.mention_id = root.id
    )
    AND NOT EXISTS (
        SELECT FROM incidents_detachment taken_out
        WHERE taken_out.incident_id = %(incident)s AND taken_out.mention_id = root.id
    )
ON CONFLICT DO NOTHING
"""


def attach_surge(*, incident: Incident, now: datetime) -> int:
    """Attaches, in the machine's name, what the signal's watch caught since the surge began. Returns how many were new.

    Of a narrow stream (one thread, attacks, urgent words) only what belongs to it, the thread of its first post, and
    what answers or quotes something attached already. The post that they go back to comes with them, however old.

    Once the total surged too, all that the watch caught since that surge began comes as well.

    A person's triage is left alone: the machine only proposes. After LONGEST_SURGE a mention is another story.
    """
    signal = incident.signal
    if signal is None:
        return 0
    held: list[tuple[str, datetime]] = [(signal.stream, incident.started_at)]
    if signal.total_surged_at:
        held.append((Stream.ALL, signal.total_surged_at))
    attached = 0
    with connection.cursor() as cursor:
        for stream, began in held:
            values: dict[str, Any] = {
                "incident": incident.pk,
                "now": now,
                "watch": signal.watch_id,
                "stream": stream,
                "key": signal.key,
                "first": signal.first_mention_id,
                "since": bucket_at(began),  # what arrives late may be a little older than the first post
                "until": began + LONGEST_SURGE,
            }
            for statement in (_ATTACH_SURGE, _ATTACH_ROOT):
                cursor.execute(statement, values)
                attached += cursor.rowcount
    return attached


def follow(*, now: datetime) -> int:
    """Attaches what goes on arriving to every proposed or open incident that came from a signal; returns how many."""
    going_on = Incident.objects.filter(
        state__in=[IncidentState.PROPOSED, IncidentState.OPEN], signal__isnull=False
    ).select_related("signal")
    attached = 0
    for incident in going_on:
        new = attach_surge(incident=incident, now=now)
        if new:
            timeline.touch(incident)
        attached += new
    return attached


@dataclass(frozen=True)
class Attached:
    """How many mentions the incident did not hold before, and what became of those that were asked for."""

    new: int
    moved: Moved


@transaction.atomic
def attach(
    *, incident: Incident, mention_ids: Iterable[int], by: User, now: datetime, seen: int | None = None
) -> Attached:
    """A person attaches mentions, with what only repeats them; they leave the list to sort.

    `seen`: the last act on mentions that the page knew of (clients.services.triage); what somebody else has done with a
    mention since is left alone and told. Raises Refused (not_open).
    """
    order.one_at_a_time()
    incident = _open(incident.pk)
    asked = list(dict.fromkeys(mention_ids))
    free, others = triage.apart(asked, seen, by)
    lines = acts.move(with_repeats(free), list(Triage), Triage.ATTACHED)
    numbers = [line.mention_id for line in lines]
    held = set(incident.attachments.filter(mention_id__in=numbers).values_list("mention_id", flat=True))
    new = [pk for pk in numbers if pk not in held]
    IncidentMention.objects.bulk_create(
        [IncidentMention(incident=incident, mention_id=pk, by_id=by.pk, attached_at=now) for pk in new],
        ignore_conflicts=True,
    )
    taken_out = Detachment.objects.filter(incident=incident, mention_id__in=numbers)
    detached = [[one.mention_id, one.by_id, one.detached_at.isoformat()] for one in taken_out]
    taken_out.delete()
    kept = {"incident": incident.pk, "number": incident.number, "added": new, "detached": detached}
    timeline.touch(incident)
    return Attached(len(new), triage.told(SortingKind.ATTACH, lines, asked, others, by, now, kept))


@transaction.atomic
def attach_for_a_program(*, incident: Incident, mention_ids: Iterable[int], now: datetime) -> int:
    """Attaches mentions, with what only repeats them, that a program named; returns how many are new.

    As with the machine's own: nobody has sorted them, so they stay in the list to sort. Raises Refused (not_open).
    """
    incident = _open(incident.pk)
    numbers = with_repeats(list(dict.fromkeys(mention_ids)))
    held = set(incident.attachments.filter(mention_id__in=numbers).values_list("mention_id", flat=True))
    new = [IncidentMention(incident=incident, mention_id=pk, attached_at=now) for pk in numbers if pk not in held]
    IncidentMention.objects.bulk_create(new, ignore_conflicts=True)
    timeline.touch(incident)
    return len(new)


def _open(pk: int) -> Incident:
    """The incident, held. Raises Refused (not_open)."""
    incident = Incident.objects.select_for_update().get(pk=pk)
    if incident.state not in {IncidentState.PROPOSED, IncidentState.OPEN}:
        raise Refused("not_open", _("Mentions are attached to an open incident."))
    return incident


@transaction.atomic
def undo(*, number: int, by: User, now: datetime) -> acts.Undone:
    """Takes back one's own act of attaching: what it put in goes out, what it found taken out is taken out again.

    What somebody did with a mention since stays. Raises TooLate, Refused (not_open): a report counts what a closed
    incident holds.
    """
    order.one_at_a_time()
    act = acts.own(number=number, by=by, now=now)
    incident = _open(act.kept["incident"])
    done = acts.undo(number=number, by=by, now=now)
    left = {change.mention_id for change in done.left}
    added = [pk for pk in act.kept["added"] if pk not in left]
    incident.attachments.filter(mention_id__in=added).delete()
    Detachment.objects.bulk_create(
        [
            Detachment(incident=incident, mention_id=pk, by_id=by_id, detached_at=datetime.fromisoformat(at))
            for pk, by_id, at in act.kept["detached"]
            if pk not in left
        ],
        ignore_conflicts=True,
    )
    timeline.touch(incident)
    return done


@transaction.atomic
def detach(*, incident: Incident, mention_ids: Iterable[int], by: User, now: datetime) -> int:
    """A person takes mentions out, with what only repeats them: they go back to the list to sort, and the machine does
    not attach them again.

    Returns how many were detached. Raises Refused (not_open): a report counts what a closed incident holds.
    """
    order.one_at_a_time()
    incident = _open(incident.pk)
    ids = with_repeats(list(mention_ids))
    attached = IncidentMention.objects.filter(incident=incident, mention_id__in=ids)
    Detachment.objects.bulk_create(
        [
            Detachment(incident=incident, mention_id=pk, by_id=by.pk, detached_at=now)
            for pk in attached.values_list("mention_id", flat=True)
        ],
        ignore_conflicts=True,
    )
    gone, _each = attached.delete()
    lines = acts.move(ids, [Triage.ATTACHED], Triage.NEW)
    acts.note(kind=SortingKind.DETACH, lines=lines, by=by, now=now, kept={"incident": incident.pk})
    timeline.touch(incident)
    return gone
