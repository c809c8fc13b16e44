"""The alert chain of a client: proposed in one act, refused when it cannot be climbed, checked each night."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError

from agency import vault
from agency.calling import Exchange
from agency.mail import NotAccepted
from agency.models import Client, User
from clients.ladder import Step
from clients.models import ContactChannel, EscalationPolicy, EscalationStep
from clients.services import ladders
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.ladders import on_call
from tests.incidents.letters import Letters

ADD = "/agence/clients/escalationpolicy/add/"
CHANNEL = "/agence/clients/contactchannel/add/"


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def rungs(*rows: tuple[int, str, object]) -> dict[str, object]:
    """What the form posts: (delay, target, contact) a rung."""
    posted: dict[str, object] = {
        "name": "Nuit",
        "is_active": "on",
        "steps-TOTAL_FORMS": len(rows),
        "steps-INITIAL_FORMS": 0,
    }
    for at, (delay, target, contact) in enumerate(rows):
        row = {"place": at + 1, "delay_minutes": delay, "target": target, "contact": contact, "channel": ""}
        posted |= {f"steps-{at}-{name}": value for name, value in row.items()}
    return posted


def test_the_usual_ladder_is_put_in_force_in_one_act(visit, aldane: Client, lead: User) -> None:
    contact = factories.contact()
    browser = visit(lead, aldane)
    assert (
        "Nobody would be called" in browser.get("/agence/chaine-d-alerte/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
        or EscalationPolicy.objects.count() == 0
    )
    assert browser.post("/agence/chaine-d-alerte/proposer/").status_code == 302
    calls = list(
        EscalationStep.objects.order_by("policy_id", "place").values_list("target", "delay_minutes", "contact")
    )
    agency = [
        ("on_call", 0, None),
        ("on_call", 5, None),
        ("backup", 5, None),
        ("lead", 5, None),
        ("director", 15, None),
    ]
    assert calls == [*agency, ("contact", 0, contact.pk)]
    browser.post("/agence/chaine-d-alerte/proposer/")
    assert EscalationPolicy.objects.count() == 2


def test_a_ladder_that_cannot_be_climbed_is_refused_in_the_form(visit, aldane: Client, lead: User) -> None:
    browser = visit(lead, aldane)
    for posted in (rungs(), rungs((0, "on_call", ""), (0, "lead", "")), rungs((0, "contact", ""))):
        answer = browser.post(ADD, posted)
        assert (answer.status_code, "errornote" in answer.content.decode()) == (200, True)
    assert not EscalationPolicy.objects.exists()
    assert browser.post(ADD, rungs((0, "on_call", ""), (5, "lead", ""))).status_code == 302


def test_the_service_refuses_the_same(aldane: Client, lead: User) -> None:
    with pytest.raises(ValidationError):
        ladders.write(name="Vide", steps=[], by=lead, client=aldane, now=NOW)
    inactive = factories.contact(is_active=False)
    with pytest.raises(ValidationError):
        ladders.write(name="Seul", steps=[Step(0, "contact", inactive.pk)], by=lead, client=aldane, now=NOW)


def test_backups_that_go_round_are_refused_on_the_contact(visit, aldane: Client, lead: User) -> None:
    claire, yann = factories.contact(), factories.contact("yann@aldane.test", name="Yann")
    yann.backup = claire
    yann.save()
    posted = {
        "name": "Claire",
        "email": claire.email,
        "language": "fr",
        "wants": claire.wants,
        "rank": 1,
        "backup": yann.pk,
    }
    answer = visit(lead, aldane).post(f"/agence/clients/contact/{claire.pk}/change/", posted)
    assert (answer.status_code, "id_backup_error" in answer.content.decode()) == (200, True)
    claire.refresh_from_db()
    assert claire.backup is None


def test_half_of_quiet_hours_is_refused(visit, aldane: Client, lead: User) -> None:
    posted = {
        "name": "Claire",
        "email": "c@aldane.test",
        "language": "fr",
        "wants": "tactical",
        "rank": 1,
        "quiet_from": "22:00",
    }
    answer = visit(lead, aldane).post("/agence/clients/contact/add/", posted)
    assert "id_quiet_until_error" in answer.content.decode()


def test_a_channel_is_sealed_and_a_wrong_one_refused(visit, aldane: Client, lead: User) -> None:
    contact, browser = factories.contact(), visit(lead, aldane)
    base = {"contact": contact.pk, "kind": "apprise", "rank": 1, "is_active": "on", "label": "SMS"}
    for wrong in ("", "n’importe quoi", "file:///etc/passwd", "dbus://", "json://127.0.0.1/x\x00", "mailto://a:b@c.fr"):
        assert browser.post(CHANNEL, {**base, "address": wrong}).status_code == 200
    secret = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
    assert browser.post(CHANNEL, {**base, "address": secret}).status_code == 302
    row = ContactChannel.objects.get()
    assert "discord" not in row.sealed
    assert vault.unseal_text(row.sealed) == secret
    assert "JHMHI8" not in browser.get(f"/agence/clients/contactchannel/{row.pk}/change/").content.decode()


def test_the_page_says_of_each_rung_whether_it_reaches_somebody(visit, aldane: Client, lead: User, person) -> None:
    ladders.propose_default(by=lead, client=aldane, now=NOW)
    page = visit(lead, aldane).get("/agence/chaine-d-alerte/").content.decode()
    assert page.count("is-stop") > 3  # nobody on call, no backup, no director
    assert lead.email in page


def test_each_night_the_lead_hears_of_what_turned_bad_and_once(aldane: Client, lead: User, person: MakePerson) -> None:
    person("director", aldane)
    shift, post = on_call(lead, aldane, hours=48), Letters()
    ladders.write(name="Nuit", steps=[Step(0, "on_call"), Step(5, "director")], by=lead, client=aldane, now=NOW)
    assert (ladders.check_all(client=aldane, post=post, now=NOW), post.sent) == (0, [])
    shift.ends_at = NOW + timedelta(hours=2)
    shift.save()
    for night in range(3):
        assert ladders.check_all(client=aldane, post=post, now=NOW + timedelta(minutes=night)) == 1
    assert [to for to, _subject, _body in post.sent] == [lead.email]
    assert EscalationStep.objects.get(target="on_call").trouble.keys() == {"fr", "en"}
    shift.ends_at = NOW + timedelta(hours=48)
    shift.save()
    assert ladders.check_all(client=aldane, post=post, now=NOW) == 0


def test_a_test_message_leaves_by_the_first_channel_and_a_failure_is_said(aldane: Client, lead: User) -> None:
    contact = factories.contact(quiet_from=time(22), quiet_until=time(7))
    ladders.write(name="Nuit", steps=[Step(0, "contact", contact.pk)], by=lead, client=aldane, now=NOW)
    step, post = EscalationStep.objects.get(), Letters()
    ladders.try_out(step=step, telephone=Exchange(post), client=aldane, by=lead, now=NOW)
    assert post.sent[0][0] == contact.email
    post.refused.add(contact.email)
    with pytest.raises(NotAccepted):
        ladders.try_out(step=step, telephone=Exchange(post), client=aldane, by=lead, now=NOW)
