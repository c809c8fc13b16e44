"""Late tasks are asked for again until they are done; nobody is asked twice at once, and none is forgotten."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.mail import NotAccepted
from agency.models import Client, Membership, User
from incidents.models import Incident, Task
from incidents.services import incidents, reminders, to_do
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

DUE = NOW + timedelta(minutes=10)


class Letterbox:
    """Keeps what is handed over; refuses the addresses it was told to."""

    def __init__(self, *refused: str, is_passing: bool = False) -> None:
        self.refused, self.is_passing = refused, is_passing
        self.letters: list[tuple[str, str, str]] = []

    def send(self, *, to: str, subject: str, body: str, key: str, reply_to: str = "") -> None:
        if to in self.refused:
            raise NotAccepted("550 unknown", is_passing=self.is_passing)
        self.letters.append((to, subject, body))


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def task(incident: Incident, lead: User, words: str = "Appeler", **more: object) -> Task:
    return to_do.add(incident=incident, words=words, due_at=DUE, by=lead, now=NOW, **more)


def ring(post: Letterbox, now) -> int:
    return sum(reminders.remind(incident_id=one, post=post, now=now) for one in reminders.due(now=now))


def test_a_late_task_is_asked_for_again_until_it_is_done(incident: Incident, lead: User) -> None:
    late, post = task(incident, lead), Letterbox()
    assert ring(post, DUE - timedelta(seconds=1)) == 0
    assert [ring(post, DUE + timedelta(minutes=minutes)) for minutes in (0, 10, 30, 60)] == [1, 0, 1, 1]
    to_do.finish(task=late, by=lead, now=DUE)
    assert ring(post, DUE + timedelta(days=1)) == 0
    to, subject, body = post.letters[0]
    assert (to, "Appeler" in subject, "/agence/incidents/1/#tasks" in body) == (lead.email, True, True)


def test_a_person_gets_one_message_for_all_that_is_late(incident: Incident, lead: User) -> None:
    task(incident, lead, "Appeler")
    task(incident, lead, "Capturer")
    post = Letterbox()
    assert ring(post, DUE) == 1
    assert all(words in post.letters[0][2] for words in ("Appeler", "Capturer"))


def test_two_workers_send_one_message(incident: Incident, lead: User) -> None:
    task(incident, lead)
    post, waiting = Letterbox(), reminders.due(now=DUE)
    for _worker in range(2):
        for one in waiting:
            reminders.remind(incident_id=one, post=post, now=DUE)
    assert len(post.letters) == 1


def test_a_busy_server_is_tried_again_soon(incident: Incident, lead: User) -> None:
    task(incident, lead)
    assert ring(Letterbox(lead.email, is_passing=True), DUE) == 0
    assert ring(Letterbox(), DUE + timedelta(minutes=2)) == 1


def test_who_cannot_be_reached_is_said_once_and_the_lead_is_told(
    incident: Incident, lead: User, aldane: Client, person: MakePerson
) -> None:
    scribe = person("cm", aldane)
    task(incident, lead, owner=scribe)
    post = Letterbox(scribe.email)
    for minutes in (0, 2, 32):
        ring(post, DUE + timedelta(minutes=minutes))
    assert [to for to, _subject, _body in post.letters] == [lead.email, lead.email]
    assert incident.entries.filter(text__contains="550 unknown").count() == 1


def test_the_task_of_somebody_who_left_goes_to_the_lead(
    incident: Incident, lead: User, aldane: Client, person: MakePerson
) -> None:
    gone = person("cm", aldane)
    task(incident, lead, owner=gone)
    Membership.objects.filter(user=gone).delete()
    post = Letterbox()
    ring(post, DUE)
    assert [to for to, _subject, _body in post.letters] == [lead.email]


def test_a_closed_incident_asks_for_nothing(incident: Incident, lead: User) -> None:
    task(incident, lead)
    incidents.close(incident=incident, note="Fini.", unmet="Tout est calme.", by=lead, now=DUE)
    assert ring(Letterbox(), DUE + timedelta(days=1)) == 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["done", "back", "tick", "crash", "away"]), max_size=8))
def test_whatever_the_order_an_open_task_is_asked_for_and_a_done_one_is_silent(
    incident: Incident, lead: User, acts: list[str]
) -> None:
    one, now = task(incident, lead), DUE
    for act in acts:
        now += timedelta(minutes=7)
        _act(act, Task.objects.get(pk=one.pk), lead, now)
    now += timedelta(hours=2)
    state = Task.objects.get(pk=one.pk).state
    post = Letterbox()
    ring(post, now)
    assert bool(post.letters) == (state == "open")
    Task.objects.filter(pk=one.pk).update(state="dropped")


def _act(act: str, one: Task, lead: User, now) -> None:
    if act == "tick":
        ring(Letterbox(), now)
    elif act == "crash":  # a worker that claims and dies before anything leaves
        reminders.claim(one.incident_id, now)
    elif act == "done" and one.state == "open":
        to_do.finish(task=one, by=lead, now=now)
    elif act == "away" and one.state == "open":
        to_do.put_away(task=one, reason="inutile", by=lead, now=now)
    elif act == "back" and one.state != "open":
        to_do.take_back(task=one, by=lead, now=now)
