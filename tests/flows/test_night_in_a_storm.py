"""Two people and two workers on one incident at the same moment, each on a connection of their own."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.db import connection
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.calling import Exchange
from agency.models import Client, Membership, User
from clients.models import Contact
from incidents.choices import TRANSITIONS, AlertState, CallState
from incidents.models import Alert, AlertCall, Briefing, Incident, Signal, SituationReport
from incidents.services import (
    briefings,
    calls,
    claims,
    escalation,
    incidents,
    late_updates,
    timeline,
    unanswered,
)
from incidents.services.debriefs import Plan
from tests import factories
from tests.conftest import NOW
from tests.incidents.ladders import ladder, on_call
from tests.incidents.letters import Letters
from tests.incidents.test_incidents import ANSWERS
from tests.incidents.test_report_race import at_once, issue

GRAVE = {**ANSWERS, "harm": "yes"}
OF_PEOPLE = (
    "claim", "answer", "confirm", "assess", "worse", "hand_lead", "close", "reopen", "dismiss", "take_up", "log",
    "report",
)  # fmt: skip
OF_WORKERS = ("call", "remind", "send", "nag")
Round = tuple[tuple[str, int], tuple[str, int], str, str, int]  # two acts with who, two workers' rounds, minutes passed


@dataclass
class Storm:
    """The client, the two people, the contact who is told, and the post in which everything ends."""

    client: Client
    people: tuple[User, User]
    contact: Contact
    post: Letters
    lines: Iterator[int]

    def act(self, act: str, who: int, pk: int, now: datetime) -> Callable[[], object]:
        """What a person does to the incident as they see it; what it returns is what was kept."""
        by = self.people[who]
        subject = Incident.objects.get(pk=pk)
        base = {"incident": subject, "by": by, "now": now}
        if act == "log":
            text = f"Ligne {next(self.lines)}"
            return lambda: timeline.log(kind="fact", text=text, happened_at=now, **base)  # type: ignore[arg-type]
        if act == "report":
            token, text = uuid4(), f"Point {next(self.lines)}"
            after = SituationReport.objects.filter(incident=subject).count()
            return lambda: issue(subject, by, [self.contact], token, after, text)
        acts: dict[str, Callable[[], object]] = {
            "claim": lambda: claims.claim(**base),
            "answer": lambda: escalation.acknowledge(how="page", **base),
            "confirm": lambda: incidents.confirm(title="Meute", lead=by, answers=ANSWERS, **base),
            "assess": lambda: incidents.assess(answers=ANSWERS, **base),
            "worse": lambda: incidents.assess(answers=GRAVE, **base),
            "hand_lead": lambda: incidents.hand_lead(lead=by, **base),
            "close": lambda: incidents.close(
                note="Fini", unmet="Tout est calme", hot=Plan(now + timedelta(hours=9), by), **base
            ),
            "reopen": lambda: incidents.reopen(reason="Encore", **base),
            "dismiss": lambda: incidents.dismiss(reason="Rien", **base),
            "take_up": lambda: incidents.take_up(**base),
        }
        return acts[act]

    def work(self, turn: str, now: datetime) -> Callable[[], object]:
        """One round of the clockwork, its list read before the other worker has begun."""
        if turn == "call":
            due = calls.due(now=now)
            return lambda: [calls.make(call_id=one, telephone=Exchange(self.post), now=now) for one in due]
        if turn == "remind":
            due = unanswered.due(now=now)
            return lambda: [unanswered.remind(alert_id=one, post=self.post, now=now) for one in due]
        if turn == "nag":
            due = late_updates.due(now=now)
            return lambda: [late_updates.remind(incident_id=one, post=self.post, now=now) for one in due]
        due = briefings.due(now=now)
        return lambda: [briefings.send(briefing_id=one, post=self.post, now=now) for one in due]


@pytest.fixture
def storm(committed: None) -> Iterator[Storm]:
    client = Client.objects.get(schema_name="maison_aldane")
    people = [User.objects.create_user(f"p{n}@rempart.test", full_name=f"Personne {n}") for n in (1, 2)]
    Membership.objects.bulk_create(Membership(user=one, client=client, role="lead") for one in people)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        on_call(people[0], client, hours=1000)
        contact = factories.contact()
        ladder(("on_call", 0), ("lead", 5), name="Agence")
        ladder(("contact", 0, contact), name="Client", severities=[1, 2, 3])
        yield Storm(client, (people[0], people[1]), contact, Letters(), count(1))


def test_both_confirm_both_write_both_report_both_close(storm: Storm) -> None:
    """One state, one first report, one letter each; every line that was taken is in the log."""
    pk = proposed(storm)
    told = go(storm, pk, NOW, ["confirm", "log"], ["call", "call"])
    assert told.count("wrong_move") == 1
    assert go(storm, pk, NOW, ["report"], ["call", "send"]).count("overtaken") == 1
    go(storm, pk, NOW, [], ["send", "send", "call", "call"])
    assert SituationReport.objects.filter(incident=pk).count() == 1
    (briefing,) = Briefing.objects.filter(incident=pk, situation_report__isnull=False)
    assert [to for to, _subject, body in storm.post.sent if briefing.body in body] == [storm.contact.email]
    assert go(storm, pk, NOW, ["close", "log"], ["nag", "call"]).count("wrong_move") == 1
    entries = Incident.objects.get(pk=pk).entries
    assert entries.filter(text__startswith="Ligne").count() == 4
    assert Incident.objects.get(pk=pk).state == "closed"
    check(storm, pk, "closed", NOW)


def proposed(storm: Storm) -> int:
    """The number of an incident that the machine has just proposed."""
    watch = factories.watch(f"Veille {next(storm.lines)}")
    signal = Signal.objects.create(
        watch=watch, started_at=NOW, detected_at=NOW, raised_at=NOW, observed=9, expected=1, window_minutes=60
    )
    return incidents.propose(signal=signal, now=NOW).pk


def go(storm: Storm, pk: int, now: datetime, acts: list[str], turns: list[str]) -> list[object]:
    """Both people do each of the acts while the workers do each their round."""
    done = [storm.act(act, who, pk, now) for act in acts for who in (0, 1)]
    told = at_once(storm.client, [*done, *(storm.work(turn, now) for turn in turns)])
    assert len(told) == len(done) + len(turns), "nothing broke and nobody waits for ever"
    return told


ROUNDS = st.tuples(
    st.tuples(st.sampled_from(OF_PEOPLE), st.integers(0, 1)),
    st.tuples(st.sampled_from(OF_PEOPLE), st.integers(0, 1)),
    st.sampled_from(OF_WORKERS),
    st.sampled_from(OF_WORKERS),
    st.sampled_from([0, 1, 6, 16, 61]),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(ROUNDS, min_size=1, max_size=6))
def test_whatever_two_people_and_two_workers_do_at_once_it_holds_together(storm: Storm, rounds: list[Round]) -> None:
    pk, now = proposed(storm), NOW
    storm.post.sent.clear()
    for first, second, one, other, minutes in rounds:
        now += timedelta(minutes=minutes)
        before = Incident.objects.get(pk=pk).state
        done = [storm.act(*first, pk, now), storm.act(*second, pk, now), storm.work(one, now), storm.work(other, now)]
        told = at_once(storm.client, done)
        assert len(told) == 4, "nothing broke and nobody waits for ever"
        kept = {line.text for line in told if hasattr(line, "logged_at")}
        assert kept <= set(Incident.objects.get(pk=pk).entries.values_list("text", flat=True)), "no line is lost"
        check(storm, pk, before, now)
    escalation.stop(incident=Incident.objects.get(pk=pk), now=now)  # the next example has the clockwork to itself
    Incident.objects.filter(pk=pk).update(next_update_at=None)


def check(storm: Storm, pk: int, before: str, now: datetime) -> None:
    """One state that may be reached, somebody who leads, a log that is whole, an alert silent or not forgotten."""
    incident, far = Incident.objects.get(pk=pk), now + timedelta(days=4)
    reached = {before} | TRANSITIONS[before] | {two for one in TRANSITIONS[before] for two in TRANSITIONS[one]}
    assert incident.state in reached
    assert incident.state != "open" or (incident.lead_id and incident.severity and incident.exit_criteria)
    assert timeline.broken_links(incident) == []
    alerts = Alert.objects.filter(incident=incident)
    calling = list(alerts.filter(state=AlertState.CALLING))
    assert len(calling) <= (incident.state in {"proposed", "open"})
    assert [one for one in unanswered.due(now=far) if one in alerts.values_list("pk", flat=True)] == [
        one.pk for one in calling
    ]
    if not calling:
        assert not AlertCall.objects.filter(alert__in=alerts, state=CallState.DUE).exists()
        assert incident.state != "proposed" or alerts.filter(state=AlertState.ANSWERED).exists()
    assert max(Counter(storm.post.keys).values(), default=0) <= 1, "no letter leaves twice"
    owed = incident.severity in {1, 2, 3} and incident.state == "open"
    assert not owed or incident.next_update_at, "a report is owed until it is closed"
