"""Tasks of an incident: done, undone, put away, entrusted; each act says who and when."""

from datetime import timedelta

import pytest

from agency.models import Client, User
from incidents.models import Incident, Task
from incidents.selectors import tasks
from incidents.services import incidents, to_do
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


@pytest.fixture
def task(incident: Incident, lead: User) -> Task:
    return to_do.add(incident=incident, words="Appeler la direction", due_at=LATER, by=lead, now=NOW)


def test_a_task_done_says_who_and_when_and_stands_in_the_log(task: Task, lead: User) -> None:
    to_do.finish(task=task, by=lead, now=LATER)
    task.refresh_from_db()
    assert (task.state, task.done_by, task.done_at) == ("done", lead, LATER)
    line = task.incident.entries.get(kind="action")
    assert ("Appeler la direction" in line.text, line.by) == (True, lead)


def test_the_second_to_finish_it_is_told_who_did(task: Task, lead: User) -> None:
    stale = Task.objects.get(pk=task.pk)
    to_do.finish(task=task, by=lead, now=LATER)
    assert refusal(to_do.finish, task=stale, by=lead, now=LATER) == "done_already"
    assert task.incident.entries.filter(kind="action").count() == 1


def test_what_was_done_can_be_taken_back(task: Task, lead: User) -> None:
    to_do.finish(task=task, by=lead, now=NOW)
    to_do.take_back(task=task, by=lead, now=NOW)
    task.refresh_from_db()
    assert (task.state, task.done_by, task.done_at) == ("open", None, None)
    assert refusal(to_do.take_back, task=task, by=lead, now=NOW) == "to_do_already"


def test_putting_away_needs_a_reason(task: Task, lead: User) -> None:
    assert refusal(to_do.put_away, task=task, reason="  ", by=lead, now=NOW) == "no_reason"
    to_do.put_away(task=task, reason="Le client a appelé", by=lead, now=NOW)
    assert refusal(to_do.finish, task=task, by=lead, now=NOW) == "put_away"
    assert task.incident.entries.filter(text__contains="Le client a appelé").count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"words": " \n "}, "no_words"),
        ({"words": "x" * 100_000}, "too_long"),
        ({"due_at": NOW - timedelta(minutes=1)}, "in_the_past"),
        ({"duty": "king"}, "wrong_duty"),
    ],
)
def test_an_odd_task_is_refused_in_words(incident: Incident, lead: User, given: dict, code: str) -> None:
    whole = {"words": "Appeler", "due_at": LATER, "by": lead, "now": NOW, **given}
    assert refusal(to_do.add, incident=incident, **whole) == code
    assert Task.objects.count() == 0


def test_nobody_from_elsewhere_is_given_a_task(task: Task, lead: User, tramontel: Client, person: MakePerson) -> None:
    stranger = person("cm", tramontel)
    assert refusal(to_do.entrust, task=task, owner=stranger, by=lead, now=NOW) == "not_this_person"


def test_a_task_that_nobody_was_given_goes_with_the_lead(
    task: Task, incident: Incident, lead: User, aldane: Client, person: MakePerson
) -> None:
    next_lead, scribe = person("cm", aldane), person("cm", aldane)
    given = to_do.add(incident=incident, words="Capturer", due_at=LATER, owner=scribe, by=lead, now=NOW)
    incidents.hand_lead(incident=incident, lead=next_lead, by=lead, now=NOW)
    held = {one.task.pk: one.owner for one in tasks.to_do(Incident.objects.get(), NOW).open}
    assert held == {task.pk: next_lead, given.pk: scribe}


def test_a_closed_incident_gets_no_new_task_but_those_left_open_are_settled(
    task: Task, incident: Incident, lead: User
) -> None:
    incidents.close(incident=incident, note="Fini.", unmet="Tout est calme.", by=lead, now=LATER)
    given = {"words": "Encore", "due_at": LATER, "by": lead, "now": LATER}
    assert refusal(to_do.add, incident=incident, **given) == "not_open"
    assert refusal(to_do.entrust, task=task, owner=lead, by=lead, now=LATER) == "not_open"
    assert to_do.finish(task=task, by=lead, now=LATER).state == "done"


def test_late_ones_come_first_and_are_counted(task: Task, incident: Incident, lead: User) -> None:
    to_do.add(incident=incident, words="Plus tard", due_at=LATER + timedelta(hours=1), by=lead, now=NOW)
    told = tasks.to_do(incident, LATER + timedelta(minutes=1))
    assert ([one.task.words for one in told.open], told.late) == (["Appeler la direction", "Plus tard"], 1)
