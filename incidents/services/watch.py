"""Looking at what was heard: the table of contents of detection."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from agency.access import zone_here
from clients.models import Mention, Watch
from incidents.choices import IncidentState, SignalState, Stream
from incidents.detection import surge
from incidents.detection.beginning import first_of_rise
from incidents.detection.buckets import bucket_at
from incidents.detection.streams import Alarm, Setting, verdict
from incidents.detection.streams_course import Courses
from incidents.detection.terms import Evidence, evidence, sentences
from incidents.models import Baseline, Incident, Signal
from incidents.selectors import hits, stretches
from incidents.services import attachments, incidents

SETTLING = timedelta(hours=2)  # posts arrive late: what is younger is judged again at each look
SAME_SURGE = timedelta(hours=12)
FRESH = timedelta(hours=48)  # an older surge (an import of history) is a signal, not a proposal
BEFORE = timedelta(days=7)
LANGUAGES: tuple[Literal["fr", "en"], ...] = ("fr", "en")
LATE_ENOUGH_TO_START_AGAIN = 5
COURSES = Courses()  # of this process; what dies with it is followed anew
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
    """Two watches of one brand hear the same strike: the second signal waits, without an incident of its own.

    What was heard while an incident was going on is no new one the moment it is closed: a person may still make it one.
    """
    goes_on = Q(state__in=[IncidentState.PROPOSED, IncidentState.OPEN])
    went_on_then = Q(state=IncidentState.CLOSED, closed_at__gte=signal.detected_at)
    return Incident.objects.filter(
        goes_on | went_on_then,
        brand=signal.watch.brand_id,
        started_at__gte=signal.started_at - SAME_SURGE,
        started_at__lte=signal.detected_at,
    ).exists()


@transaction.atomic
def look_at(*, watch: Watch, now: datetime, courses: Courses = COURSES) -> list[Signal]:
    """Judges one watch up to `now`, the running five minutes included; returns the signals raised.

    Two workers never judge the same watch at once: the second finds the row locked and goes on.
    """
    baseline = _claim(watch, now)
    if baseline is None or not _has_news(baseline, now):
        return []
    looked_at = baseline.updated_at
    setting = surge.Setting(watch.false_alarms_per_month)
    newest, known = hits.newest_hit(), baseline.last_hit_id
    state = _remembered(baseline, watch)
    since = _since(state, watch, now)
    counts, quiet = hits.authors_per_bucket(watch, since, now), hits.planned_noise(watch, since, now)
    settled, early = surge.scan(state, counts, setting, until=now - SETTLING, quiet=quiet)
    running, late = surge.scan(settled, counts, setting, until=now, quiet=quiet)
    unfinished = surge.partial(running, now, _count_in(counts, now), setting, quiet=quiet).surge
    _remember(baseline, settled, newest, now)
    found = [*early, *late, *([unfinished] if unfinished else [])]
    # A narrow stream says more of what it saw than the total, so it speaks first.
    narrow = _narrow(watch, looked_at, now, courses) if hits.has_caught_since(watch, known) else []
    raised = [_raise_narrow(watch, alarm, now) for alarm in narrow] + [_raise(watch, each, now) for each in found]
    return [signal for signal in raised if signal]


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
    if late >= LATE_ENOUGH_TO_START_AGAIN:
        return None
    state = surge.State.from_json(baseline.state)
    for closed_at in sorted(
        _closings(watch, baseline.updated_at - stretches.HABIT)
    ):  # what strikes next is another incident
        state = state.forgive(closed_at)
    return state


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


def _narrow(watch: Watch, looked_at: datetime, now: datetime, courses: Courses) -> list[Alarm]:
    """What the narrow streams say since the last look; of an imported past, only what is fresh.

    They are followed on from where this process left them, as far as the table says that nothing changed before.
    """
    stretch, setting = stretches.stretch_of(watch, now), Setting(watch.false_alarms_per_month)
    key = (connection.schema_name, watch.pk)  # type: ignore[attr-defined]
    terms = (setting, stretch)
    course = courses.lend(key, terms, setting)
    alarms = course.follow(stretches.StoredHits(watch, stretch, now), _closings(watch, stretch.begins))
    courses.take_back(key, terms, course)
    since = max(looked_at - SETTLING, now - FRESH)
    return [alarm for alarm in alarms if alarm.at >= since]


def _closings(watch: Watch, since: datetime) -> list[datetime]:
    closed = Incident.objects.filter(signal__watch=watch, state=IncidentState.CLOSED, closed_at__gte=since)
    return [at for at in closed.values_list("closed_at", flat=True) if at]


def _raise(watch: Watch, found: surge.Surge, now: datetime) -> Signal | None:
    """A signal for the surge, unless this surge has one already, or an incident on the watch is going on."""
    if telling := _telling(watch, found.started_at, found.detected_at, found.bucket_at):
        _widen(telling, found.started_at, now)
        return None
    during = hits.mentions_between(watch, found.started_at, found.detected_at)
    if during:  # the rise is known to five minutes, the first post to the second
        found = replace(found, started_at=max(found.started_at, during[0].published_at))
    gathered, zone = _evidence(watch, during, found.started_at), zone_here()
    share, counted = hits.share_that_attacks(watch, found.started_at, found.detected_at)
    return Signal.objects.create(
        watch=watch,
        attack=verdict(share, counted),
        started_at=found.started_at,
        detected_at=min(found.detected_at, now),
        raised_at=now,
        observed=found.observed,
        expected=found.expected,
        window_minutes=found.window_minutes,
        reasons={one: [*found.reasons(one, zone), *sentences(gathered, one, zone)] for one in LANGUAGES},
        evidence=_kept(found.to_json(), gathered),
        first_mention=during[0] if during else None,
    )


def _raise_narrow(watch: Watch, alarm: Alarm, now: datetime) -> Signal | None:
    """A signal for what a narrow stream says. What is urgent speaks even while an incident is going on."""
    if alarm.stream == Stream.URGENT:
        told = Signal.objects.filter(watch=watch, stream=Stream.URGENT, key=alarm.key[:500])
        if told.filter(detected_at__gte=alarm.at - SAME_SURGE, detected_at__lte=alarm.at + SAME_SURGE).exists():
            return None
    telling = [] if alarm.stream == Stream.URGENT else _telling(watch, alarm.started_at, alarm.at, alarm.at)
    if telling and alarm.stream != Stream.ALL:
        return None
    during = hits.of_stream(watch, alarm)
    if alarm.stream != Stream.URGENT:  # each urgent word counts, however far apart
        during = during[first_of_rise([mention.published_at for mention in during]) :]
    if telling:
        _widen(telling, during[0].published_at if during else alarm.started_at, now)
        return None
    gathered, zone = _evidence(watch, during, alarm.started_at), zone_here()
    return Signal.objects.create(
        watch=watch,
        stream=alarm.stream,
        key=alarm.key[:500],
        attack=alarm.attack,
        started_at=during[0].published_at if during else alarm.started_at,
        detected_at=min(alarm.at, now),
        raised_at=now,
        observed=alarm.observed,
        expected=alarm.expected,
        window_minutes=alarm.window_minutes,
        reasons={one: [*alarm.why[one], *sentences(gathered, one, zone)] for one in LANGUAGES},
        evidence=_kept({}, gathered),
        first_mention=during[0] if during else None,
    )


def _telling(watch: Watch, started_at: datetime, detected_at: datetime, at: datetime) -> list[Signal]:
    """The signals that told of this strike already, or whose incident on the watch is going on.

    First that of the latest incident, then those from which one is yet to be proposed, in the order of proposing.
    """
    told = Q(started_at__lte=detected_at, detected_at__gte=at - SAME_SURGE)
    over = Q(incident__state=IncidentState.CLOSED, incident__closed_at__lte=started_at)
    going_on = Q(incident__state=IncidentState.OPEN, incident__started_at__lte=detected_at)
    known = Signal.objects.filter(told & ~over | going_on, watch=watch)
    latest = F("incident__started_at").desc(nulls_last=True)
    return list(known.order_by(latest, "detected_at", "-observed", "id"))


def _widen(telling: list[Signal], surged_at: datetime, now: datetime) -> None:
    """The total is silenced only because a narrow stream told first: the incident takes in what the total would."""
    if all(signal.stream != Stream.ALL for signal in telling):
        incidents.widen(signal=telling[0], surged_at=surged_at, now=now)


def _evidence(watch: Watch, during: list[Mention], started_at: datetime) -> Evidence:
    before = hits.mentions_between(watch, started_at - BEFORE, started_at)
    return evidence(hits.heard(during), hits.heard(before))


def _kept(found: dict[str, Any], gathered: Evidence) -> dict[str, object]:
    return {
        "surge": found,
        "terms": [{"term": term.term, "now": term.now, "before": term.before} for term in gathered.terms],
        "sources": [list(pair) for pair in gathered.sources],
    }
