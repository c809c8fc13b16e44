"""Parts in an incident's team: one holder each, the lead where nobody else has it, and nothing left to who is gone."""

from datetime import timedelta

import pytest
from django.utils import translation

from agency.models import Client, User
from clients.choices import Duty
from incidents.models import DutyHolder, Incident, TimelineEntry
from incidents.selectors import tasks
from incidents.selectors.desk import desk
from incidents.selectors.duties import duties, holder
from incidents.services import duties as write
from incidents.services import incidents, reminders, to_do
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal
from tests.incidents.test_reminders import Letterbox

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def lea(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def give(incident: Incident, person: User, by: User, duty: str = Duty.SCRIBE) -> DutyHolder:
    return write.give(incident=incident, duty=duty, person=person, by=by, now=NOW)


def last_line(incident: Incident) -> str:
    return TimelineEntry.objects.filter(incident=incident).order_by("-number")[0].text


def test_a_part_that_nobody_was_given_is_the_leads(incident: Incident, lead: User) -> None:
    assert holder(incident, Duty.SCRIBE) == lead
    told = duties(incident)
    assert [one.duty for one in told] == list(Duty)
    assert all(one.person == lead for one in told)
    assert [one.is_leads for one in told] == [False, True, True, True, True]


def test_every_part_says_its_job_in_both_languages(incident: Incident) -> None:
    for language in ("fr", "en"):
        with translation.override(language):
            assert len({one.job for one in duties(incident)}) == len(Duty)
    with translation.override("fr"):
        assert "main courante" in duties(incident)[1].job


def test_a_part_given_has_its_holder_and_its_line(incident: Incident, lead: User, lea: User) -> None:
    give(incident, lea, lead)
    assert holder(incident, Duty.SCRIBE) == lea
    assert lea.full_name in last_line(incident)


def test_a_part_handed_over_says_whose_it_was(incident: Incident, lead: User, lea: User) -> None:
    give(incident, lea, lead)
    give(incident, lead, lea)
    assert holder(incident, Duty.SCRIBE) == lead
    assert lea.full_name in last_line(incident)
    assert DutyHolder.objects.count() == 1


def test_given_twice_it_is_written_once(incident: Incident, lead: User, lea: User) -> None:
    give(incident, lea, lead)
    before = TimelineEntry.objects.count()
    give(incident, lea, lead)
    assert TimelineEntry.objects.count() == before


def test_a_part_taken_back_is_the_leads_again(incident: Incident, lead: User, lea: User) -> None:
    give(incident, lea, lead)
    write.take_back(incident=incident, duty=Duty.SCRIBE, by=lead, now=NOW)
    assert holder(incident, Duty.SCRIBE) == lead
    again = refusal(lambda: write.take_back(incident=incident, duty=Duty.SCRIBE, by=lead, now=NOW))
    assert again == "the_leads_already"


def test_who_left_is_said_and_the_lead_has_it(incident: Incident, lead: User, lea: User) -> None:
    give(incident, lea, lead)
    lea.memberships.all().delete()
    scribe = duties(incident)[1]
    assert (scribe.person, scribe.gone, scribe.is_leads) == (lead, lea, True)
    assert holder(incident, Duty.SCRIBE) == lead


@pytest.mark.parametrize("duty", ["lead", "king", ""])
def test_only_a_part_of_the_list_is_given(incident: Incident, lead: User, lea: User, duty: str) -> None:
    assert refusal(lambda: give(incident, lea, lead, duty)) == "wrong_duty"


def test_nobody_from_elsewhere_has_a_part(
    incident: Incident, lead: User, person: MakePerson, tramontel: Client
) -> None:
    assert refusal(lambda: give(incident, person("cm", tramontel), lead)) == "not_this_person"


def test_a_closed_incident_gives_no_part(incident: Incident, lead: User, lea: User) -> None:
    Incident.objects.update(state="closed")
    assert refusal(lambda: give(incident, lea, lead)) == "not_open"


def test_the_tasks_of_a_part_are_its_holders_on_the_page_on_the_desk_and_by_mail(
    aldane: Client, incident: Incident, lead: User, lea: User
) -> None:
    to_do.add(incident=incident, words="Noter", duty=Duty.SCRIBE, due_at=NOW, by=lead, now=NOW)
    give(incident, lea, lead)
    assert tasks.to_do(incident, LATER).open[0].owner == lea
    assert desk([aldane], person=None, now=LATER).tasks[0].owner_id == lea.pk
    post = Letterbox()
    assert reminders.remind(incident_id=incident.pk, post=post, now=LATER) == 1
    assert post.letters[0][0] == lea.email
    lea.memberships.all().delete()
    assert desk([aldane], person=None, now=LATER).tasks[0].owner_id == lead.pk
