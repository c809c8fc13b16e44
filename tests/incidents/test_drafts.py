"""Words before they leave: written, agreed to by others, published by a person; what waits falls back in time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django_tenants.utils import schema_context

from agency.models import AuditEvent, Client, Membership, User
from clients.models import ApprovalPolicy
from incidents.models import ApprovalStep, Draft, DraftVersion, Incident, Milestone
from incidents.selectors import desk_words
from incidents.selectors import drafts as read
from incidents.services import approval_letters, approvals, drafts, duties, incidents
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS
from tests.incidents.test_reminders import Letterbox

LATER = NOW + timedelta(minutes=5)
POSTED = "https://social.test/aldane/1"


@pytest.fixture
def author(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def begun(by: User, incident: Incident | None = None, text: str = "Nous regardons.") -> Draft:
    brand = incident.brand if incident else factories.brand()
    about = drafts.About(brand=brand, subject="Réponse à Zoé", incident=incident)
    return drafts.begin(about=about, text=text, by=by, now=NOW)


def submitted(by: User, incident: Incident | None = None) -> Draft:
    return drafts.submit(draft=begun(by, incident), version=1, by=by, now=NOW)


def refusal(act: Callable[..., object], *args: object, **given: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **given)
    return caught.value.code


def policy(*steps: dict[str, Any]) -> None:
    made = ApprovalPolicy.objects.create()
    for rank, step in enumerate(steps, 1):
        made.steps.create(rank=rank, **step)


def says(draft: Draft, by: User, *, is_yes: bool = True, version: int = 1, said: str = "", at=LATER) -> Draft:
    signer = read.signer_of(User.objects.get(pk=by.pk))
    return approvals.decide(draft=draft, version=version, is_yes=is_yes, said=said, by=signer, now=at)


def test_a_reply_goes_from_its_words_to_its_address(author: User, lead: User, incident: Incident) -> None:
    draft = says(submitted(author, incident), lead)
    assert draft.state == "approved"
    done = drafts.publish(draft=draft, version=1, url=POSTED, at=LATER, by=author, now=LATER)
    assert (done.state, done.published_url, done.published_by) == ("published", POSTED, author)
    assert Milestone.objects.get(incident=incident, kind__code="first_word").reached_at == LATER
    said = list(incident.entries.order_by("number").values_list("text", flat=True))[1:]
    assert len(said) == 4
    assert all("Réponse à Zoé" in line for line in said)


def test_nobody_decides_on_words_of_their_own(lead: User, incident: Incident) -> None:
    assert refusal(says, submitted(lead, incident), lead) == "own"


def test_whoever_touched_the_words_does_not_approve_them(author: User, lead: User, incident: Incident) -> None:
    draft = drafts.reword(draft=submitted(author, incident), text="Nous regardons, Zoé.", version=1, by=lead, now=NOW)
    drafts.submit(draft=draft, version=2, by=author, now=NOW)
    assert refusal(says, draft, lead, version=2) == "own"


def test_a_refusal_says_why_and_stands_in_the_log(author: User, lead: User, incident: Incident) -> None:
    draft = submitted(author, incident)
    assert refusal(says, draft, lead, is_yes=False, said=" \0 ") == "why"
    assert says(draft, lead, is_yes=False, said="Trop froid").state == "refused"
    assert incident.entries.filter(text__contains="Trop froid", by=lead).count() == 1
    assert refusal(drafts.submit, draft=draft, version=1, by=author, now=LATER) == "refused_words"


def test_new_words_make_what_was_approved_fall_and_say_so(author: User, lead: User, incident: Incident) -> None:
    draft = says(submitted(author, incident), lead)
    draft = drafts.reword(draft=draft, text="Autre chose.", version=1, by=author, now=LATER)
    assert (draft.state, draft.version) == ("writing", 2)
    assert refusal(drafts.publish, draft=draft, version=2, url=POSTED, at=LATER, by=author, now=LATER) == "not_approved"
    with_names = incident.entries.order_by("-number").first()
    assert with_names is not None
    assert "2" in with_names.text


def test_a_version_is_never_changed_even_by_sql(author: User) -> None:
    draft = begun(author)
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftVersion.objects.filter(draft=draft).update(text="Autre")


def test_steps_follow_the_policy_as_it_was_when_submitted(
    author: User, lead: User, incident: Incident, aldane: Client, person: MakePerson
) -> None:
    client = person("approver", aldane)
    policy({"role": "lead"}, {"role": "client"}, {"role": "owner", "asks_when": "worst"})
    draft = submitted(author, incident)
    ApprovalPolicy.objects.get().steps.all().delete()
    assert [one.role for one in read.steps_of(draft)][:2] == ["lead", "client"]
    assert refusal(says, draft, client) == "not_yours"
    says(draft, lead)
    assert read.waiting_for(client)[0].version.draft == draft


def test_a_decision_is_taken_back_until_the_next_acts(
    author: User, lead: User, incident: Incident, aldane: Client, person: MakePerson
) -> None:
    client = person("approver", aldane)
    policy({"role": "lead"}, {"role": "client"})
    draft = says(submitted(author, incident), lead)
    assert read.waiting_for(client)
    draft = approvals.take_back(draft=draft, by=read.signer_of(lead), now=LATER)
    assert (read.waiting_for(client), len(read.waiting_for(lead))) == ([], 1)
    says(says(draft, lead), client)
    assert refusal(approvals.take_back, draft=draft, by=read.signer_of(lead), now=LATER) == "too_late"


def test_a_deadline_opens_the_step_to_its_fallback_once(
    author: User, lead: User, incident: Incident, aldane: Client, person: MakePerson
) -> None:
    client, director, post = person("approver", aldane), person("director"), Letterbox()
    policy({"role": "client", "minutes": 15, "fallback": director})
    draft = submitted(author, incident)
    assert approvals.overdue(now=NOW + timedelta(minutes=14)) == []
    at = NOW + timedelta(minutes=16)
    step = approvals.overdue(now=at)[0]
    assert [approvals.fall_back(step_id=step, now=at) for _twice in range(2)] == [True, False]
    assert sum(approval_letters.ask(step_id=one, post=post, now=at) for one in approval_letters.due(now=at)) == 2
    assert {to for to, _subject, _body in post.letters} == {client.email, director.email}
    assert says(draft, director, at=at).state == "approved"


def test_a_step_without_a_deadline_has_that_of_the_severity_and_a_policy_keeps_its_own(
    author: User, lead: User, incident: Incident
) -> None:
    Incident.objects.filter(pk=incident.pk).update(severity=2)
    policy({"role": "lead"}, {"role": "client", "minutes": 15})
    submitted(author, Incident.objects.get())
    first, second = ApprovalStep.objects.order_by("rank")
    assert (first.minutes, first.due_at, second.minutes) == (120, NOW + timedelta(hours=2), 15)


def test_an_approver_who_left_is_said_and_the_fallback_is_asked_at_once(
    author: User, lead: User, incident: Incident, aldane: Client, person: MakePerson
) -> None:
    gone = person("approver", aldane)
    policy({"person": gone, "minutes": 600})
    draft = submitted(author, incident)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert approvals.look_for_the_gone(now=LATER) == 1
    assert approvals.fall_back(step_id=approvals.overdue(now=LATER)[0], now=LATER)
    line = incident.entries.order_by("-number").first()
    assert line is not None
    assert str(gone) in line.text
    assert says(draft, lead).state == "approved"


def test_only_those_inside_a_restricted_incident_are_asked(
    author: User, lead: User, incident: Incident, aldane: Client, person: MakePerson
) -> None:
    outside, post = person("lead", aldane), Letterbox()
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    draft = submitted(author, Incident.objects.get())
    approval_letters.ask(step_id=ApprovalStep.objects.get().pk, post=post, now=NOW)
    assert [to for to, _subject, _body in post.letters] == [lead.email]
    assert "Zoé" not in post.letters[0][1] + post.letters[0][2]
    assert (read.waiting_for(outside), list(read.listed(outside)), list(read.listed(None))) == ([], [], [])
    assert read.waiting_for(lead)[0].version.draft == draft


def test_the_letter_of_a_drill_says_so_first(author: User, lead: User, incident: Incident) -> None:
    post = Letterbox()
    Incident.objects.filter(pk=incident.pk).update(kind="drill")
    submitted(author, Incident.objects.get())
    approval_letters.ask(step_id=ApprovalStep.objects.get().pk, post=post, now=NOW)
    assert post.letters[0][1].startswith(("[EXERCICE]", "[DRILL]"))


def test_a_busy_mail_server_is_asked_again_and_a_refusal_is_said(author: User, lead: User, incident: Incident) -> None:
    submitted(author, incident)
    step = ApprovalStep.objects.get()
    busy = Letterbox(lead.email, is_passing=True)
    assert approval_letters.ask(step_id=step.pk, post=busy, now=NOW) == 0
    step.refresh_from_db()
    assert (step.ask_at, lead.full_name in step.ask_error) == (NOW + approval_letters.TRY_AGAIN, True)
    assert approval_letters.ask(step_id=step.pk, post=Letterbox(), now=NOW + approval_letters.TRY_AGAIN) == 1
    step.refresh_from_db()
    assert (step.ask_at, step.ask_error) == (None, "")


def test_while_the_letters_leave_it_may_fall_back_and_its_fallback_is_still_asked(author: User, lead: User) -> None:
    submitted(author)
    step, soon = ApprovalStep.objects.get(), LATER + timedelta(hours=25)

    class Slow(Letterbox):
        def send(self, **given: str) -> None:
            approvals.fall_back(step_id=step.pk, now=soon)
            super().send(**given)

    approval_letters.ask(step_id=step.pk, post=Slow(), now=LATER)
    assert approval_letters.due(now=soon) == [step.pk]


def test_one_busy_server_does_not_have_the_others_written_to_for_ever(
    author: User, lead: User, aldane: Client, person: MakePerson
) -> None:
    other = person("lead", aldane)
    submitted(author)
    post, step = Letterbox(other.email, is_passing=True), ApprovalStep.objects.get()
    for minutes in range(0, 20, 2):
        for one in approval_letters.due(now=LATER + timedelta(minutes=minutes)):
            approval_letters.ask(step_id=one, post=post, now=LATER + timedelta(minutes=minutes))
    assert [to for to, _subject, _body in post.letters] == [lead.email] * 3
    step.refresh_from_db()
    assert str(other) in step.ask_error


def test_words_of_a_proposal_set_aside_rest_and_are_withdrawn(author: User, lead: User) -> None:
    proposed = Incident.objects.create(number=8, brand=factories.brand(), title="?", started_at=NOW, proposed_at=NOW)
    draft = submitted(author, proposed)
    incidents.dismiss(incident=proposed, reason="Rien", by=lead, now=LATER)
    assert approvals.overdue(now=LATER + timedelta(days=1)) == approval_letters.due(now=LATER) == []
    assert read.waiting_for(lead) == []
    drafts.withdraw(draft=draft, by=author, now=LATER)
    assert AuditEvent.objects.get(action="draft.withdrawn").subject_id == str(draft.pk)


def test_without_an_incident_the_trail_keeps_what_was_done(author: User, lead: User) -> None:
    says(submitted(author), lead)
    done = AuditEvent.objects.filter(subject="incidents.draft").order_by("pk")
    assert [one.action for one in done] == ["draft.begun", "draft.submitted", "draft.approved"]


def test_what_is_withdrawn_comes_back_as_a_new_version_to_submit(author: User, lead: User) -> None:
    draft = drafts.withdraw(draft=submitted(author), by=author, now=LATER)
    assert read.waiting_for(lead) == []
    assert refusal(says, draft, lead) == "over"
    draft = drafts.bring_back(draft=draft, by=lead, now=LATER)
    drafts.submit(draft=draft, version=2, by=author, now=LATER)
    assert says(draft, lead, version=2).state == "approved"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"url": "javascript:alert(1)"}, "no_address"),
        ({"url": ""}, "no_address"),
        ({"url": "https://e.test/" + "a" * 2000}, "no_address"),
        ({"at": LATER + timedelta(hours=1)}, "in_the_future"),
        ({"version": 2}, "moved"),
    ],
)
def test_an_odd_publication_is_refused_in_words(author: User, lead: User, given: dict[str, Any], code: str) -> None:
    draft = says(submitted(author), lead)
    whole = {"version": 1, "url": POSTED, "at": LATER, "by": author, "now": LATER, **given}
    assert refusal(drafts.publish, draft=draft, **whole) == code
    assert Draft.objects.get().state == "approved"


@pytest.mark.parametrize(("text", "code"), [(" \0\n ", "no_words"), ("x" * 50_000, "too_long")])
def test_odd_words_are_refused(author: User, text: str, code: str) -> None:
    assert refusal(begun, author, text=text) == code
    assert begun(author, text="🙂\u202eمرحبا").version == 1


def test_the_second_to_act_is_told_who_did_what_when(
    author: User, lead: User, aldane: Client, person: MakePerson
) -> None:
    draft, other = submitted(author), person("lead", aldane)
    says(draft, other)
    with pytest.raises(Refused, match=other.full_name) as caught:
        says(draft, lead)
    assert caught.value.code == "not_waiting"


@pytest.mark.parametrize("rival", ["approve", "edit"])
def test_two_at_once_leave_one_state_and_the_loser_is_told(committed: None, rival: str) -> None:
    """Real transactions: an approval against another approval, and against an edit of the same words."""
    client = Client.objects.get(schema_name="maison_aldane")
    people = [User.objects.create_user(f"a{n}@rempart.test", "x", full_name=f"Personne {n}") for n in range(3)]
    for one, role in zip(people, ("cm", "lead", "lead"), strict=True):
        Membership.objects.create(user=one, client=client, role=role)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        draft = submitted(people[0])
    told: list[str] = []

    def act(number: int) -> None:
        with schema_context(client.schema_name):
            connection.set_tenant(client)
            try:
                if rival == "edit" and number == 2:
                    drafts.reword(draft=draft, text="Autres mots.", version=1, by=people[2], now=LATER)
                else:
                    says(draft, people[number])
                told.append("")
            except Refused as refused:
                told.append(refused.words)
        connections.close_all()

    threads = [threading.Thread(target=act, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with schema_context(client.schema_name):
        left = Draft.objects.get()
        paper = read.paper_of(left)
    if rival == "approve":
        assert (left.state, len(paper.given), sorted(bool(one) for one in told)) == ("approved", 1, [False, True])
        assert "Personne" in max(told)
    else:  # edited before or after it was approved: the new words were approved by nobody
        assert (left.state, left.version, paper.given) == ("writing", 2, ())


@pytest.mark.parametrize("is_same_form", [True, False])
def test_two_begin_at_once_in_one_incident(committed: None, is_same_form: bool) -> None:
    """Real transactions: a form sent twice is one draft, two people's are two; neither waits for the other for ever."""
    client = Client.objects.get(schema_name="maison_aldane")
    by = User.objects.create_user("a@rempart.test", "x", full_name="Personne")
    Membership.objects.create(user=by, client=client, role="lead")
    token, told, both = uuid4(), [], threading.Barrier(2)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        incident = incidents.open_by_hand(
            brand=factories.brand(), title="Panne", started_at=NOW, lead=by, answers=ANSWERS, by=by, now=NOW
        )
        about = drafts.About(brand=incident.brand, subject="Réponse à Zoé", incident=incident)

    def act() -> None:
        with schema_context(client.schema_name):
            connection.set_tenant(client)
            both.wait(10)
            for _again in range(5):
                given = token if is_same_form else uuid4()
                told.append(drafts.begin(about=about, text="Nous regardons.", by=by, now=NOW, token=given).pk)
        connections.close_all()

    threads = [threading.Thread(target=act) for _person in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(told), len(set(told))) == (10, 1 if is_same_form else 10)


def test_the_part_of_the_incident_is_asked_whoever_has_it_now(
    author: User, lead: User, incident: Incident, aldane: Client, person: MakePerson
) -> None:
    chosen, other = person("cm", aldane), person("lead", aldane)
    policy({"role": "part"})
    draft = submitted(author, incident)
    step = ApprovalStep.objects.get()
    assert read.people_of(step, read.paper_of(draft), incident) == [lead]  # nobody has it: the incident's lead
    duties.give(incident=incident, duty="approver", person=chosen, by=lead, now=NOW)
    assert read.people_of(step, read.paper_of(draft), incident) == [chosen]
    assert [bool(read.waiting_for(one)) for one in (chosen, lead, other)] == [True, False, False]
    assert [one.is_for(chosen) for one in desk_words.waiting([aldane], person=chosen, now=LATER)] == [True]
    assert refusal(says, draft, other) == "not_yours"
    assert says(draft, chosen).state == "approved"


def test_without_an_incident_the_leads_decide_what_a_part_would(author: User, lead: User) -> None:
    policy({"role": "part"})
    draft = submitted(author)
    assert [one.version.draft for one in read.waiting_for(lead)] == [draft]
    assert says(draft, lead).state == "approved"


def test_who_has_the_part_does_not_approve_their_own_words(author: User, lead: User, incident: Incident) -> None:
    policy({"role": "part"})
    duties.give(incident=incident, duty="approver", person=author, by=lead, now=NOW)
    submitted(author, incident)
    assert ApprovalStep.objects.get().due_at == NOW  # its fallback is asked at once
