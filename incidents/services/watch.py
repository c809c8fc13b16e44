"""Looking at what was heard: the table of contents of detection."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from clients.models import Watch
from incidents.choices import IncidentState, SignalState
from incidents.detection import surge
from incidents.detection.buckets import bucket_at
from incidents.detection.terms import Evidence, evidence, sentences
from incidents.models import Baseline, Incident, Signal
from incidents.selectors import hits
from incidents.services import attachments, incidents

SETTLING = timedelta(hours=2)  # posts arrive late: what is younger is judged again at each look
SAME_SURGE = timedelta(hours=12)
FRESH = timedelta(hours=48)  # an older surge (an import of history) is a signal, not a proposal
BEFORE = timedelta(days=7)
LATE_ENOUGH_TO_START_AGAIN = 5
log = logging.getLogger("rempart.watch")


def look(*, now: datetime) -> list[Signal]:
    """Judges what every active watch caught, raises what is out of the habit, proposes, and follows what goes on."""
    raised = []
    for watch in Watch.objects.filter(is_active=True).select_related("brand"):
        try:
            raised += look_at(watch=watch, now=now)
        except Exception:  # a watch that breaks us must not silence the others; the next look tries it again
            log.exception("The watch %s could not be looked at.", watch)
    for signal in _to_propose(now):
        if not _is_told_already(signal):
            incidents.propose(signal=signal, now=now)
    attachments.follow(now=now)
    return raised


def _to_propose(now: datetime) -> QuerySet[Signal]:
    """Fresh signals without an incident: those just raised, and those whose worker died before it proposed them.

    Of two that were seen in the same five minutes the one that heard more comes first: its watch will follow the
    incident.
    """
    waiting = Signal.objects.filter(state=SignalState.NEW, incident__isnull=True, detected_at__gte=now - FRESH)
    return waiting.select_related("watch__brand").order_by("detected_at", "-observed", "id")


def _is_told_already(signal: Signal) -> bool:
    """Two watches of one brand hear the same strike: the second signal waits, without an incident of its own."""
    return Incident.objects.filter(
        brand=signal.watch.brand_id,
        state__in=[IncidentState.PROPOSED, IncidentState.OPEN],
        started_at__gte=signal.started_at - SAME_SURGE,
        started_at__lte=signal.detected_at,
    ).exists()


@transaction.atomic
def look_at(*, watch: Watch, now: datetime) -> list[Signal]:
    """Judges one watch up to `now`, the running five minutes included; returns the signals raised.

    Two workers never judge the same watch at once: the second finds the row locked and goes on.
    """
    baseline = _claim(watch, now)
    if baseline is None or not _has_news(baseline, now):
        return []
    setting = surge.Setting(watch.false_alarms_per_month)
    newest = hits.newest_hit()
    state = _remembered(baseline, watch)
    counts = hits.authors_per_bucket(watch, _since(state, watch, now), now)
    settled, early = surge.scan(state, counts, setting, until=now - SETTLING)
    running, late = surge.scan(settled, counts, setting, until=now)
    unfinished = surge.partial(running, now, _count_in(counts, now), setting).surge
    _remember(baseline, settled, newest, now)
    found = [*early, *late, *([unfinished] if unfinished else [])]
    return [signal for each in found if (signal := _raise(watch, each, now))]


def _claim(watch: Watch, now: datetime) -> Baseline | None:
    Baseline.objects.get_or_create(watch=watch, defaults={"updated_at": now})
    return Baseline.objects.select_for_update(skip_locked=True).filter(watch=watch).first()


def _has_news(baseline: Baseline, now: datetime) -> bool:
    """Something was caught since, or a new five minutes began (silence is a habit too)."""
    if hits.has_caught_since(baseline.watch, baseline.last_hit_id):
        return True
    return bool(baseline.state) and bucket_at(now) > bucket_at(baseline.updated_at)


def _remembered(baseline: Baseline, watch: Watch) -> surge.State | None:
    """The state to go on from; None to start again from the first post, when history was imported meanwhile."""
    if not baseline.state or baseline.looked_until is None:
        return None
    late = hits.late_hits(watch, baseline.last_hit_id, baseline.looked_until)
    return None if late >= LATE_ENOUGH_TO_START_AGAIN else surge.State.from_json(baseline.state)


def _since(state: surge.State | None, watch: Watch, now: datetime) -> datetime:
    if state is not None and state.next_at is not None:
        return state.next_at
    return hits.first_moment(watch) or now


def _count_in(counts: list[tuple[datetime, int]], now: datetime) -> int:
    return dict(counts).get(bucket_at(now), 0)


def _remember(baseline: Baseline, state: surge.State, newest: int, now: datetime) -> None:
    baseline.state = state.to_json()
    baseline.looked_until = state.next_at
    baseline.last_hit_id = newest
    baseline.updated_at = now
    baseline.save()


def _raise(watch: Watch, found: surge.Surge, now: datetime) -> Signal | None:
    """A signal for the surge, unless this surge has one already, or an incident on the watch is going on."""
    known = Signal.objects.filter(
        watch=watch,
        started_at__lte=found.detected_at,
        detected_at__gte=found.bucket_at - SAME_SURGE,
    ).exclude(incident__state=IncidentState.CLOSED, incident__closed_at__lte=found.started_at)
    going_on = Incident.objects.filter(signal__watch=watch, state=IncidentState.OPEN, started_at__lte=found.detected_at)
    if known.exists() or going_on.exists():
        return None
    during = hits.mentions_between(watch, found.started_at, found.detected_at)
    if during:  # the rise is known to five minutes, the first post to the second
        found = replace(found, started_at=max(found.started_at, during[0].published_at))
    before = hits.mentions_between(watch, found.started_at - BEFORE, found.started_at)
    gathered = evidence(hits.heard(during), hits.heard(before))
    return Signal.objects.create(
        watch=watch,
        started_at=found.started_at,
        detected_at=min(found.detected_at, now),
        raised_at=now,
        observed=found.observed,
        expected=found.expected,
        window_minutes=found.window_minutes,
        reasons={language: [*found.reasons(language), *sentences(gathered, language)] for language in ("fr", "en")},
        evidence=_kept(found, gathered),
        first_mention=during[0] if during else None,
    )


def _kept(found: surge.Surge, gathered: Evidence) -> dict[str, object]:
    return {
        "surge": found.to_json(),
        "terms": [{"term": term.term, "now": term.now, "before": term.before} for term in gathered.terms],
        "sources": [list(pair) for pair in gathered.sources],
    }
