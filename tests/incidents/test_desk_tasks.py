"""The day's desk says which tasks are late, of the clients one may see."""

from datetime import timedelta

import pytest
import time_machine
from django_tenants.utils import schema_context

from clients.models import Brand
from incidents import severity
from incidents.admin.desk import next_step
from incidents.relief_note import Note
from incidents.selectors.desk import desk
from incidents.services import incidents, reliefs, to_do
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _the_clock_stands(db):
    with time_machine.travel(LATER, tick=False):
        yield


def owe(client, lead, words="Appeler la direction", minutes=10):
    with schema_context(client.schema_name):
        brand, _ = Brand.objects.get_or_create(name="Marque")
        answers = dict.fromkeys(severity.CODES, "no")
        incident = incidents.open_by_hand(
            brand=brand, title="Panne", started_at=NOW, lead=lead, answers=answers, by=lead, now=NOW
        )
        return to_do.add(incident=incident, words=words, due_at=NOW + timedelta(minutes=minutes), by=lead, now=NOW)


def test_a_late_task_is_shown_and_one_still_in_time_is_not(person, visit, tramontel, aldane):
    director = person("director")
    owe(tramontel, director)
    owe(aldane, director, words="Plus tard", minutes=60)
    page = visit(director).get("/").content.decode()
    assert "Appeler la direction" in page
    assert "Plus tard" not in page


def test_nobody_sees_the_late_tasks_of_a_client_that_is_not_theirs(person, visit, tramontel, aldane):
    owe(aldane, person("director"))
    assert "Appeler la direction" not in visit(person("cm", tramontel)).get("/").content.decode()


def test_what_is_late_and_mine_is_the_next_step_and_done_it_is_gone(person, tramontel):
    director = person("director")
    task = owe(tramontel, director)
    assert "Appeler la direction" in next_step(desk([tramontel], person=None, now=LATER), director, LATER).words
    with schema_context(tramontel.schema_name):
        to_do.finish(task=task, by=director, now=LATER)
    assert desk([tramontel], person=None, now=LATER).tasks == ()


def test_whoever_is_to_take_over_is_told_so_and_nobody_else(person, visit, tramontel):
    tired, fresh = person("cm", tramontel), person("lead", tramontel)
    task = owe(tramontel, tired, minutes=60)
    note = Note(situation="Je mène.", to_do="", promised="", do_not="")
    with schema_context(tramontel.schema_name):
        reliefs.offer(incident=task.incident, note=note, to=fresh, by=tired, now=LATER)
    step = next_step(desk([tramontel], person=fresh, now=LATER), fresh, LATER)
    assert step is not None and step.path == "/agence/incidents/1/releve/"
    assert step.path in visit(fresh).get("/").content.decode()
    assert step.path not in visit(tired).get("/").content.decode()
