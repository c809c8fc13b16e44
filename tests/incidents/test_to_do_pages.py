"""Tasks and playbooks through the client's host."""

from datetime import timedelta

import pytest
import time_machine

from agency.models import Client, User
from clients.models import Playbook, PlaybookVersion
from clients.services import playbooks as peace
from incidents.choices import CrisisFamily, IncidentType
from incidents.models import Incident, Task
from incidents.services import incidents, to_do
from incidents.services.nature import Nature
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def browser(visit, lead: User, aldane: Client):
    with time_machine.travel(NOW, tick=False):
        yield visit(lead, aldane)


def opened(lead: User, kind: str = "outage") -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, nature=Nature(type=kind),
        by=lead, now=NOW,
    )  # fmt: skip


def test_a_task_is_done_and_taken_back_from_the_page(browser, lead: User) -> None:
    factories.playbook(types=["outage"])
    page = f"/agence/incidents/{opened(lead).number}/"
    shown = browser.get(page).content.decode()
    assert "Suspendre" in shown
    assert f'<option value="{lead.pk}">' in shown.partition('id="owner-1"')[2].partition("</select>")[0]
    answer = browser.post(f"{page}taches/1/faite/")
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#tasks")
    assert Task.objects.get().state == "done"
    browser.post(f"{page}taches/1/reprendre/")
    assert Task.objects.get().state == "open"


def test_a_task_is_added_with_its_hour_and_refused_without(browser, lead: User) -> None:
    page = f"/agence/incidents/{opened(lead).number}/"
    browser.post(f"{page}taches/", {"task-words": "Appeler", "task-due": "22:30", "task-duty": "lead"})
    assert Task.objects.get().due_at == NOW + timedelta(minutes=32)
    answer = browser.post(f"{page}taches/", {"task-words": "Sans heure", "task-duty": "lead"})
    assert Task.objects.count() == 1
    assert answer.status_code == 422
    assert 'value="Sans heure"' in answer.content.decode()  # what was typed is not lost
    again = browser.get(f"{page}taches/")  # its address opened again
    assert (again.status_code, again["Location"]) == (302, f"{page}#tasks")


def test_a_late_task_is_said_late(browser, lead: User) -> None:
    incident = opened(lead)
    to_do.add(incident=incident, words="Appeler", due_at=NOW, by=lead, now=NOW)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        page = browser.get(f"/agence/incidents/{incident.number}/").content.decode()
    assert 'id="task-1"' in page
    assert "is-stop" in page.partition('id="task-1"')[2].partition("</li>")[0]


def test_an_empty_room_offers_the_starter_set_and_copies_it_in_one_act(browser, lead: User) -> None:
    page = browser.get("/agence/fiches/").content.decode()
    assert "/agence/fiches/copier/" in page
    assert browser.post("/agence/fiches/copier/").status_code == 302
    assert Playbook.objects.count() == 6
    page = browser.get("/agence/fiches/").content.decode()
    assert "Panne ou interruption de service" in page
    assert "/agence/fiches/copier/" not in page


def test_the_starter_set_speaks_of_types_and_families_that_exist(aldane: Client, lead: User) -> None:
    for one in peace.copy_starters(by=lead, now=NOW):
        assert one.types
        assert set(one.types) <= set(IncidentType.values)
        assert set(one.families) <= set(CrisisFamily.values)


def test_saving_a_playbook_in_the_admin_keeps_its_order_and_makes_a_version(browser, lead: User) -> None:
    given = {
        "code": "F-09", "title": "Panne", "purpose": "", "types": ["outage"], "severities": ["1", "2"],
        "owner": lead.pk, "review_on": "2027-01-01", "is_active": "on",
        "steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0",
        "steps-0-place": "2", "steps-0-words": "Dire", "steps-0-duty": "speaker", "steps-0-due_minutes": "20",
        "steps-1-place": "1", "steps-1-words": "Couper", "steps-1-duty": "lead", "steps-1-due_minutes": "5",
    }  # fmt: skip
    assert browser.post("/agence/clients/playbook/add/", given).status_code == 302
    version = PlaybookVersion.objects.get()
    assert [step["words"] for step in version.content["steps"]] == ["Couper", "Dire"]
    assert Playbook.objects.get().severities == [1, 2]


def test_a_version_that_the_page_did_not_show_is_not_written_over_unread(browser, lead: User) -> None:
    playbook = factories.playbook(owner=lead, title="Panne")
    peace.keep_version(playbook=playbook, by=lead, now=NOW)
    address = f"/agence/clients/playbook/{playbook.pk}/change/"
    form = browser.get(address).context["adminform"].form
    given = {name: form[name].value() for name in form.fields if form[name].value()}
    given |= {"is_active": "on", "steps-TOTAL_FORMS": "0", "steps-INITIAL_FORMS": "0"}
    Playbook.objects.update(title="La leur", version=2)
    page = browser.post(address, {**given, "title": "La mienne"})
    assert "La mienne" in page.text and f"/agence/fiches/{playbook.pk}/?version=2" in page.text
    assert Playbook.objects.get().title == "La leur"
    seen = page.context["adminform"].form["seen"].value()
    again = browser.post(address, {**given, "title": "La mienne", "seen": seen})
    assert again.status_code == 302, again.context["errors"]


def test_an_older_version_is_read_as_it_was(browser, lead: User) -> None:
    playbook = factories.playbook(owner=lead)
    peace.keep_version(playbook=playbook, by=lead, now=NOW)
    playbook.steps.update(words="Autre chose")
    peace.keep_version(playbook=playbook, by=lead, now=NOW)
    page = browser.get(f"/agence/fiches/{playbook.pk}/?version=1").content.decode()
    assert "Suspendre" in page
    assert "Autre chose" not in page


def test_a_cm_reads_playbooks_and_edits_none(visit, aldane: Client, person: MakePerson) -> None:
    cm = visit(person("cm", aldane), aldane)
    assert cm.get("/agence/fiches/").status_code == 200
    assert cm.post("/agence/fiches/copier/").status_code == 403


def test_the_room_asks_the_database_a_committed_number_of_times(
    browser, lead: User, django_assert_max_num_queries
) -> None:
    peace.copy_starters(by=lead, now=NOW)
    with django_assert_max_num_queries(12):
        browser.get("/agence/fiches/")
