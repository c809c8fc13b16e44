"""What an incident follows: matched, copied, matched again, never changed by a later edit."""

from datetime import timedelta

import pytest

from agency.models import Client, User
from clients.models import PlaybookStep
from clients.services import playbooks as peace
from incidents.models import FollowedPlaybook, Incident, Task
from incidents.services import incidents, playbooks, to_do
from incidents.services.nature import Nature, describe
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def opened(lead: User, kind: str = "") -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, nature=Nature(type=kind),
        by=lead, now=NOW,
    )  # fmt: skip


def become(incident: Incident, kind: str, lead: User, now=NOW) -> None:
    describe(incident=incident, nature=Nature(kind, "", "Tout est calme."), by=lead, now=now)


def words(incident: Incident, state: str = "open") -> list[str]:
    return list(Task.objects.filter(incident=incident, state=state).order_by("due_at").values_list("words", flat=True))


def test_confirming_copies_the_playbook_called_for_into_tasks_with_their_hour(lead: User) -> None:
    factories.playbook(types=["outage"], steps=("Suspendre", "Dire"))
    factories.playbook("F-02", types=["leak"])
    incident = opened(lead, "outage")
    due = dict(incident.tasks.values_list("words", "due_at"))
    assert due == {"Suspendre": NOW + timedelta(minutes=10), "Dire": NOW + timedelta(minutes=20)}
    assert FollowedPlaybook.objects.get().reasons == [["type", "outage"]]
    assert incident.entries.filter(text__contains="F-01").count() == 1


def test_a_later_edit_changes_no_running_incident(lead: User) -> None:
    playbook = factories.playbook(types=["outage"])
    incident = opened(lead, "outage")
    PlaybookStep.objects.update(words="Tout autre chose")
    peace.keep_version(playbook=playbook, by=lead, now=NOW)
    become(incident, "outage", lead)
    assert words(incident) == ["Suspendre"]
    assert FollowedPlaybook.objects.get().version.number == 1


def test_when_the_type_changes_open_tasks_are_put_away_and_what_was_done_stays(lead: User) -> None:
    factories.playbook(types=["outage"], steps=("Suspendre", "Dire"))
    factories.playbook("F-02", types=["leak"], steps=("Prévenir",))
    incident = opened(lead, "outage")
    to_do.finish(task=Task.objects.get(words="Suspendre"), by=lead, now=NOW)
    become(incident, "leak", lead)
    assert (words(incident), words(incident, "done"), words(incident, "dropped")) == (
        ["Prévenir"], ["Suspendre"], ["Dire"],
    )  # fmt: skip


def test_a_playbook_called_for_again_gives_its_tasks_back_and_no_second_copy(lead: User) -> None:
    factories.playbook(types=["outage"])
    incident = opened(lead, "outage")
    become(incident, "leak", lead)
    become(incident, "outage", lead)
    assert (words(incident), Task.objects.count()) == (["Suspendre"], 1)


def test_following_twice_changes_nothing(lead: User) -> None:
    factories.playbook(types=["outage"])
    incident = opened(lead, "outage")
    lines = incident.entries.count()
    assert playbooks.follow(incident=incident, by=None, now=NOW) == []
    assert (incident.entries.count(), Task.objects.count()) == (lines, 1)


def test_severity_calls_for_a_playbook_too(lead: User) -> None:
    factories.playbook(severities=[1])
    incident = opened(lead)
    assert words(incident) == []
    incidents.assess(incident=incident, answers={**ANSWERS, "harm": "yes", "customers": "yes"}, by=lead, now=NOW)
    incident.refresh_from_db()
    assert bool(words(incident)) == (incident.severity == 1)


def test_what_a_person_took_by_hand_stays_when_the_type_changes(lead: User) -> None:
    playbook = factories.playbook(types=["safety"])
    incident = opened(lead, "outage")
    playbooks.take(incident=incident, playbook=playbook, by=lead, now=NOW)
    become(incident, "leak", lead)
    assert words(incident) == ["Suspendre"]
    assert refusal(playbooks.take, incident=incident, playbook=playbook, by=lead, now=NOW) == "followed_already"


def test_one_out_of_force_is_neither_called_for_nor_taken(lead: User) -> None:
    playbook = factories.playbook(types=["outage"], is_active=False)
    incident = opened(lead, "outage")
    assert words(incident) == []
    assert refusal(playbooks.take, incident=incident, playbook=playbook, by=lead, now=NOW) == "not_in_force"


def test_a_proposal_follows_nothing_yet(aldane: Client) -> None:
    factories.playbook(severities=[1, 2, 3, 4])
    proposed = Incident.objects.create(
        number=1, brand=factories.brand(), title="x", started_at=NOW, proposed_at=NOW, severity=1
    )
    assert playbooks.follow(incident=proposed, by=None, now=NOW) == []
