"""Whatever the order of acts, crashes and jumps of the clock: an answered alert is silent, no other is forgotten."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.calling import Exchange, Line
from agency.models import Client
from clients.selectors.channels import ways
from incidents.choices import AlertState, CallState, IncidentState
from incidents.models import Alert, AlertCall, Incident
from incidents.services import calls, claims, escalation, incidents, unanswered
from incidents.services.debriefs import Plan
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.ladders import AGENCY, Night, ladder, night, proposal
from tests.incidents.test_incidents import ANSWERS

ACTS = (
    "tick", "tick twice", "crash before", "crash after", "claim", "answer", "confirm", "worse", "dismiss", "take up",
    "close", "reopen", "refuse", "busy", "accept", "off call", "silence", "speak",
    "no by mail", "comes back",
)  # fmt: skip
MINUTES = st.sampled_from([0, 1, 4, 5, 16, 61, 1500, -30])  # the clock of a machine may also go back


class Rollback(Exception):
    """The end of an example."""


class Died(Exception):
    """The worker stopped here."""


class Deadly:
    """A telephone whose worker dies before or after the message has left; `left` counts by message."""

    def __init__(self, there: Night, when: str) -> None:
        self.there, self.when = there, when

    def call(self, line: Line, *, subject: str, body: str, key: str, reply_to: str = "") -> None:
        if self.when == "after":
            Exchange(self.there.post).call(line, subject=subject, body=body, key=key)
        raise Died


@pytest.fixture
def there(aldane: Client, person: MakePerson) -> Night:
    ladder(*AGENCY)
    claire = factories.contact(quiet_from=time(22), quiet_until=time(7))
    yann = factories.contact("yann@aldane.test", name="Yann")
    claire.backup = yann
    claire.save()
    ladder(("contact", 0, claire), ("contact", 10, yann), name="Grave", severities=[1, 2, 3])
    return night(aldane, person)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), MINUTES), max_size=12))
def test_an_answered_alert_is_silent_and_no_other_is_forgotten(there: Night, acts: list[tuple[str, int]]) -> None:
    there.post.__init__()  # type: ignore[misc]
    with pytest.raises(Rollback), transaction.atomic():
        incident, now = proposal(), NOW
        for act, minutes in acts:
            now += timedelta(minutes=minutes)
            with transaction.atomic():
                do(act, Incident.objects.get(pk=incident.pk), there, now)
            check(incident.pk, there, now)
        raise Rollback


def do(act: str, incident: Incident, there: Night, now: datetime) -> None:
    alert = Alert.objects.filter(incident=incident, state=AlertState.CALLING).first()
    post = there.post
    try:
        if act.startswith("tick"):
            for _worker in range(2 if "twice" in act else 1):
                there.ring(now)
        elif act.startswith("crash"):
            crash(there, act.split()[1], now)
        elif act in {"refuse", "busy", "accept"}:
            post.refused = {there.cm.email, there.lead.email} if act == "refuse" else set()
            post.busy = {there.cm.email, "claire@aldane.test"} if act == "busy" else set()
        elif act == "off call":
            there.cm.shifts.update(taken_off_at=now)
        elif act in {"silence", "speak"} and alert:
            silent = {"alert": alert, "by": there.lead, "now": now}
            escalation.silence(reason="Vu", **silent) if act == "silence" else escalation.speak_again(**silent)
        elif act in {"no by mail", "comes back"}:
            by_mail(act, incident, now)
        else:
            run(act, incident, there, now)
    except Refused:
        return


def crash(there: Night, when: str, now: datetime) -> None:
    for one in calls.due(now=now)[:1]:
        with suppress(Died):  # a rung on which nobody stands never reaches the telephone
            calls.make(call_id=one, telephone=Deadly(there, when), now=now)


def by_mail(act: str, incident: Incident, now: datetime) -> None:
    call = AlertCall.objects.filter(alert__incident=incident, state=CallState.SENT).order_by("-sent_at", "id").first()
    if call is None:
        return
    if act == "no by mail":
        calls.declined(call=call, now=now)
        return
    (way,) = ways(contact=call.contact) if call.contact else ways(person=call.person)
    calls.bounced(call=call, way=way, why="550 no such user", now=now)


def run(act: str, incident: Incident, there: Night, now: datetime) -> None:
    by = {"incident": incident, "by": there.lead, "now": now}
    if act == "claim":
        claims.claim(**by)
    elif act == "answer":
        escalation.acknowledge(how="page", **by)
    elif act == "confirm":
        incidents.confirm(title="Grève", lead=there.lead, answers=ANSWERS, **by)
    elif act == "worse" and incident.state == IncidentState.OPEN:
        escalation.start(incident=incident, matter="raised", now=now)
    elif act == "dismiss":
        incidents.dismiss(reason="Rien", **by)
    elif act == "take up":
        incidents.take_up(**by)
    elif act == "close":
        hot = Plan(now + timedelta(hours=1), there.lead)
        incidents.close(note="Fini", unmet="Tout est calme", hot=hot, **by)
    elif act == "reopen":
        incidents.reopen(reason="Encore", **by)


def check(pk: int, there: Night, now: datetime) -> None:
    incident, far = Incident.objects.get(pk=pk), now + timedelta(days=4)
    calling = Alert.objects.filter(incident=incident, state=AlertState.CALLING).first()
    waiting = calls.due(now=far)
    if calling is None:
        assert waiting == [] == unanswered.due(now=far)
        assert not AlertCall.objects.filter(alert__incident=incident, state=CallState.DUE).exists()
    elif calling.silenced_at is None:
        assert unanswered.due(now=far) == [calling.pk]  # until somebody answers, its reminders go on
    assert not (incident.state in {IncidentState.CLOSED, IncidentState.DISMISSED} and calling)
    left = Counter(key for key in there.post.keys if ".alert." in key)
    claimed = dict(AlertCall.objects.values_list("pk", "attempts"))
    assert all(count <= claimed[int(key.rpartition(".")[2])] for key, count in left.items())


def test_a_proposal_that_nobody_answers_is_never_quiet_for_longer_than_its_ladder(there: Night) -> None:
    proposal()
    heard = [minute for minute in range(0, 125, 5) if there.ring(NOW + timedelta(minutes=minute))]
    assert max(later - sooner for sooner, later in pairwise(heard)) <= 15
    assert heard[-1] >= 105


@pytest.mark.parametrize("night_of", ["2026-10-24T23:58", "2026-03-28T23:58"])
def test_minutes_between_rungs_are_real_minutes_when_the_clock_changes(there: Night, night_of: str) -> None:
    begins = datetime.fromisoformat(night_of).replace(tzinfo=UTC)
    there.cm.shifts.update(starts_at=begins - timedelta(hours=1), ends_at=begins + timedelta(hours=9))
    there.backup.shifts.update(starts_at=begins - timedelta(hours=1), ends_at=begins + timedelta(hours=9))
    proposal(begins)
    heard = [minute for minute in range(31) if there.ring(begins + timedelta(minutes=minute))]
    assert heard == [0, 5, 10, 15, 30]
