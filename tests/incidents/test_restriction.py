"""A restricted incident: who closes it, who is let in, who is put out, and what goes with them."""

from datetime import timedelta

import pytest

from agency.models import Client, User
from clients.choices import Duty
from clients.models import SortingAct
from clients.selectors.hidden import NOTHING
from clients.selectors.mentions import views_for
from incidents.models import Incident, TimelineEntry
from incidents.selectors import incidents as read
from incidents.selectors.desk import desk
from incidents.selectors.duties import holder
from incidents.selectors.gate import discreet, hidden_from, insiders, is_inside
from incidents.services import attachments, duties, incidents, reminders, restriction, to_do
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal
from tests.incidents.test_reminders import Letterbox

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    """Leads the incident; a CM of the team."""
    return person("cm", aldane)


@pytest.fixture
def lea(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return opened(lead)


def opened(lead: User, **more: str) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Conduite", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW, **more
    )


def restrict(incident: Incident, by: User, *people: User, reason: str = "Une personne est en cause.") -> Incident:
    return restriction.restrict(incident=incident, people=people, reason=reason, by=by, now=NOW)


def test_the_lead_the_named_and_the_directors_know_of_it_and_nobody_else(
    aldane: Client, incident: Incident, lead: User, lea: User, person: MakePerson
) -> None:
    other, director, agencys = person("lead", aldane), person("director", aldane), person("director")
    restrict(incident, lead, lea)
    assert set(insiders(incident)) == {lead, lea, director, agencys}
    assert not is_inside(incident, other)
    assert [bool(read.listed(one)) for one in (lead, lea, director, other, None)] == [True, True, True, False, False]


def test_its_lead_or_a_lead_of_the_team_restricts_and_no_other_cm_does(
    aldane: Client, incident: Incident, lea: User, person: MakePerson
) -> None:
    assert refusal(lambda: restrict(incident, lea)) == "not_allowed"
    boss = person("lead", aldane)
    restrict(incident, boss)
    assert is_inside(incident, boss)


def test_restricting_says_why_in_the_log_and_is_done_once(incident: Incident, lead: User) -> None:
    assert refusal(lambda: restrict(incident, lead, reason="  ")) == "no_reason"
    assert refusal(lambda: restrict(incident, lead, reason="x" * 501)) == "too_long"
    restrict(incident, lead, reason="Une personne\nest en cause.")
    assert TimelineEntry.objects.filter(text__contains="Une personne est en cause.").count() == 1
    assert refusal(lambda: restrict(incident, lead)) == "restricted_already"


def test_who_is_at_work_on_it_is_kept_in(incident: Incident, lead: User, lea: User, person: MakePerson) -> None:
    scribe = person("cm")
    duties.give(incident=incident, duty=Duty.SCRIBE, person=scribe, by=lead, now=NOW)
    to_do.add(incident=incident, words="Appeler", due_at=LATER, owner=lea, by=lead, now=NOW)
    restrict(incident, lead)
    assert is_inside(incident, scribe)
    assert is_inside(incident, lea)


def test_nobody_from_elsewhere_is_named(incident: Incident, lead: User, person: MakePerson, tramontel: Client) -> None:
    assert refusal(lambda: restrict(incident, lead, person("cm", tramontel))) == "not_this_person"


def test_opened_up_again_the_team_knows_of_it(incident: Incident, lead: User, lea: User) -> None:
    refused = refusal(lambda: restriction.open_up(incident=incident, reason="Fini", by=lead, now=NOW))
    assert refused == "not_restricted"
    restrict(incident, lead)
    restriction.open_up(incident=incident, reason="Tout est public.", by=lead, now=NOW)
    assert is_inside(Incident.objects.get(), lea)
    restrict(incident, lead)
    assert not is_inside(incident, lea)


def test_named_and_taken_out_again(incident: Incident, lead: User, lea: User) -> None:
    restrict(incident, lead)
    restriction.name(incident=incident, person=lea, by=lead, now=NOW)
    assert is_inside(incident, lea)
    assert refusal(lambda: restriction.unname(incident=incident, person=lead, by=lead, now=NOW)) == "not_named"
    restriction.unname(incident=incident, person=lea, by=lead, now=NOW)
    assert not is_inside(incident, lea)
    assert lea.full_name in TimelineEntry.objects.order_by("-number")[0].text


def test_who_is_taken_out_leaves_their_parts_and_tasks_to_the_lead(incident: Incident, lead: User, lea: User) -> None:
    restrict(incident, lead, lea)
    duties.give(incident=incident, duty=Duty.SCRIBE, person=lea, by=lead, now=NOW)
    task = to_do.add(incident=incident, words="Appeler", due_at=LATER, owner=lea, by=lead, now=NOW)
    restriction.unname(incident=incident, person=lea, by=lead, now=NOW)
    task.refresh_from_db()
    assert (holder(incident, Duty.SCRIBE), task.owner) == (lead, None)


def test_given_a_part_or_a_task_by_its_lead_one_is_let_in(
    incident: Incident, lead: User, lea: User, person: MakePerson
) -> None:
    owner = person("cm")
    restrict(incident, lead)
    duties.give(incident=incident, duty=Duty.SCRIBE, person=lea, by=lead, now=NOW)
    to_do.add(incident=incident, words="Appeler", due_at=LATER, owner=owner, by=lead, now=NOW)
    assert is_inside(incident, lea)
    assert is_inside(incident, owner)


def test_a_named_cm_lets_nobody_else_in(incident: Incident, lead: User, lea: User, person: MakePerson) -> None:
    stranger = person("cm")
    restrict(incident, lead, lea)
    task = to_do.add(incident=incident, words="Appeler", due_at=LATER, by=lead, now=NOW)
    for act in (
        lambda: duties.give(incident=incident, duty=Duty.SCRIBE, person=stranger, by=lea, now=NOW),
        lambda: to_do.entrust(task=task, owner=stranger, by=lea, now=NOW),
        lambda: incidents.hand_lead(incident=incident, lead=stranger, by=lea, now=NOW),
    ):
        assert refusal(act) == "outside"
    assert not is_inside(incident, stranger)


def test_the_lead_handed_over_lets_the_new_one_in_and_keeps_the_former(
    incident: Incident, lead: User, lea: User
) -> None:
    restrict(incident, lead)
    incidents.hand_lead(incident=incident, lead=lea, by=lead, now=NOW)
    assert {lead, lea} <= set(insiders(Incident.objects.get()))


def test_opened_restricted_it_is_so_from_its_first_minute(lead: User, lea: User) -> None:
    incident = opened(lea, restricted_because="Une personne est en cause.")
    assert Incident.objects.get().is_restricted
    assert not is_inside(incident, lead)
    assert opened(lead).is_restricted is False


def test_a_reminder_of_a_restricted_incident_reaches_those_inside_only(
    aldane: Client, incident: Incident, lead: User, person: MakePerson
) -> None:
    boss, director = person("lead", aldane), person("director", aldane)
    to_do.add(incident=incident, words="Appeler", due_at=NOW, by=lead, now=NOW)
    restrict(incident, lead)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    post = Letterbox()
    assert reminders.remind(incident_id=incident.pk, post=post, now=LATER) == 1
    to, subject, body = post.letters[0]
    assert to == director.email != boss.email
    assert "Appeler" not in subject + body
    assert "Conduite" not in subject + body


def test_the_desk_shows_it_to_those_inside_only(
    aldane: Client, incident: Incident, lead: User, lea: User, person: MakePerson
) -> None:
    director, other = person("director"), person("lead", aldane)
    to_do.add(incident=incident, words="Appeler", due_at=NOW, by=lead, now=NOW)
    restrict(incident, lead, lea)
    seen = {one: desk([aldane], person=one, now=LATER) for one in (lead, lea, director, other, None)}
    assert [len(one.incidents) for one in seen.values()] == [1, 1, 1, 0, 0]
    assert [len(one.tasks) for one in seen.values()] == [1, 1, 1, 0, 0]


def test_what_was_written_in_the_open_is_read_without_the_paragraphs_that_name_it(
    incident: Incident, lead: User, lea: User
) -> None:
    first, last = f"{incident.reference} · suivi\n– Appeler Zoé", f"Puis {incident.title.upper()} encore"
    note = f"{first}\n\nUn colis est perdu.\r\n\r\n{last}"
    assert discreet(note, lea) == note
    restrict(incident, lead)
    assert (discreet(note, lead), discreet(note, lea), discreet("", None)) == (note, "Un colis est perdu.", "")


def test_that_a_mention_is_in_it_is_not_said_to_who_is_outside(incident: Incident, lead: User, lea: User) -> None:
    mention = factories.mention("Colis perdu", NOW)
    attachments.attach(incident=incident, mention_ids=[mention.pk], by=lead, now=NOW)
    mention.refresh_from_db()
    act, people = SortingAct.objects.get(), (lead, lea, None)
    assert hidden_from(lea) == NOTHING
    restrict(incident, lead)
    told = [(hidden_from(one).triage_of(mention), hidden_from(one).kind_of(act)) for one in people]
    assert told == [("attached", "attach"), ("set_aside", "set_aside"), ("set_aside", "set_aside")]


def test_a_mention_that_an_open_incident_holds_too_is_not_hidden(incident: Incident, lead: User, lea: User) -> None:
    mention = factories.mention("Colis perdu", NOW)
    for one in (incident, opened(lead)):
        attachments.attach(incident=one, mention_ids=[mention.pk], by=lead, now=NOW)
    mention.refresh_from_db()
    restrict(incident, lead)
    hidden = hidden_from(lea)
    assert hidden.triage_of(mention) == "attached"
    assert [view.filtered().count() for view in views_for(hidden).values() if view.key == "rattachees"] == [1]
