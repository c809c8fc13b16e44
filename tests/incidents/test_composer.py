"""The composer through the client's host: proposed, looked at, sent once, told when somebody else was first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from agency.models import Client, User
from incidents.admin.composer import SituationForm
from incidents.choices import EntryKind
from incidents.models import Briefing, Composing, Incident, SituationReport
from incidents.services import acknowledgements, incidents, timeline
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

AT = NOW + timedelta(minutes=20)  # 22:18 in Paris


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def opened(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


@pytest.fixture
def desk(visit: Any, lead: User, aldane: Client) -> Iterator[Any]:
    with time_machine.travel(AT, tick=False):
        yield visit(lead, aldane)


def point(incident: Incident) -> str:
    return f"/agence/incidents/{incident.number}/point/"


def typed(**more: object) -> dict[str, Any]:
    return {"bottom_line": "Huit comptes relaient.", "next_hour": "22:50", "after": 0, "token": uuid4(), **more}


def shown(desk: Any, incident: Incident, **given: object) -> str:
    return desk.post(f"{point(incident)}apercu/", typed(**given)).content.decode()


def test_what_was_decided_and_done_is_proposed_with_its_reason(desk: Any, opened: Incident, lead: User) -> None:
    timeline.log(incident=opened, kind=EntryKind.ACTION, text="Position P-07 publiée", happened_at=AT, by=lead, now=AT)
    page = desk.get(point(opened)).content.decode()
    assert "22:18 Position P-07 publiée" in page
    assert page.count("data-proposed=") >= 3


def test_the_next_hour_is_proposed_from_the_cadence(desk: Any, opened: Incident) -> None:
    wanted = {1: "22:50", 2: "23:20", 3: "00:20"}[opened.severity or 4]
    assert f'value="{wanted}"' in desk.get(point(opened)).content.decode()


def test_looking_shows_every_output_and_who_receives_it_and_nothing_leaves(desk: Any, opened: Incident) -> None:
    contact = factories.contact(wants="executive", language="en")
    page = shown(desk, opened, contacts=[contact.pk])
    assert all(f'id="text-{where}"' in page for where in ("plain", "email", "slack", "whatsapp", "executive"))
    assert contact.email in page and "English" in page
    assert not SituationReport.objects.exists() and not Briefing.objects.exists()


def test_without_scripts_the_second_button_shows_the_outputs(desk: Any, opened: Incident) -> None:
    page = desk.post(point(opened), typed(look="1")).content.decode()
    assert 'id="text-whatsapp"' in page and "Huit comptes relaient." in page
    assert not SituationReport.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"next_hour": ""}, "prochain point"),
        ({"bottom_line": " "}, "conclusion"),
        ({"expected": "mot " * 400}, "1\u00a0200"),
    ],
)
def test_what_keeps_it_back_is_said_as_one_types(desk: Any, opened: Incident, given: dict[str, str], said: str) -> None:
    page = shown(desk, opened, **given)
    assert said in page and 'id="text-plain"' not in page


@pytest.mark.parametrize("text", ["\0", "😱" * 50_000, "א" * 9_000, "<script>alert(1)</script>", "@channel *x*"])
def test_hostile_words_are_shown_or_refused_and_never_run(desk: Any, opened: Incident, text: str) -> None:
    for path in (f"{point(opened)}apercu/", point(opened)):
        answer = desk.post(path, typed(bottom_line=text))
        assert answer.status_code in {200, 302}
        assert "<script>alert(1)" not in answer.content.decode()


def test_sent_twice_with_its_token_it_is_issued_once(desk: Any, opened: Incident) -> None:
    contact = factories.contact()
    given = typed(contacts=[contact.pk])
    assert [desk.post(point(opened), given).status_code for _ in range(2)] == [302, 302]
    assert (SituationReport.objects.count(), Briefing.objects.count()) == (1, 1)


def test_whoever_sends_second_is_told_keeps_the_words_and_may_then_send(
    desk: Any, opened: Incident, lead: User
) -> None:
    desk.post(point(opened), typed(bottom_line="La première."))
    page = desk.post(point(opened), typed(bottom_line="La seconde.")).content.decode()
    assert "La seconde." in page and str(lead) in page and 'name="after" value="1"' in page
    desk.post(point(opened), typed(bottom_line="La seconde.", after=1))
    assert SituationReport.objects.count() == 2


def test_somebody_who_writes_at_the_same_time_is_seen_for_some_minutes(
    desk: Any, opened: Incident, person: MakePerson, aldane: Client
) -> None:
    nadia = person("cm", aldane)
    Composing.objects.create(incident=opened, person=nadia, since=AT, seen_at=AT)
    assert str(nadia) in shown(desk, opened)
    Composing.objects.filter(person=nadia).update(seen_at=AT - timedelta(minutes=4))
    assert str(nadia) not in shown(desk, opened)


def test_an_hour_that_has_just_passed_is_not_tomorrow_s(desk: Any, opened: Incident) -> None:
    page = desk.post(point(opened), typed(next_hour="22:10")).content.decode()
    assert not SituationReport.objects.exists()
    assert "errorlist" in page


def test_each_contact_gets_their_version_in_their_language(desk: Any, opened: Incident) -> None:
    whole = factories.contact()
    short = factories.contact("yann@aldane.test", name="Yann", wants="executive", language="en")
    desk.post(point(opened), typed(contacts=[whole.pk, short.pk], bottom_line="Parti de @meneur."))
    bodies = {row.contact_id: row.body for row in Briefing.objects.all()}
    assert "EN BREF" in bodies[whole.pk] and "@meneur" in bodies[whole.pk]
    assert "No decision is asked of you." in bodies[short.pk] and "@meneur" not in bodies[short.pk]


def test_nothing_to_do_is_not_said_while_a_task_waits_for_the_client(desk: Any, opened: Incident) -> None:
    opened.tasks.create(
        number=99, words="Valider le communiqué", duty="approver", due_at=AT, remind_at=AT, created_at=AT
    )
    page = desk.post(point(opened), typed(bottom_line="Rien à faire de votre côté.")).content.decode()
    assert "Valider le communiqué" in page
    assert not SituationReport.objects.exists()


def test_a_contact_in_their_quiet_hours_is_said_so(desk: Any, opened: Incident) -> None:
    contact = factories.contact(quiet_from="22:00", quiet_until="07:00")
    assert "07:00" in shown(desk, opened, contacts=[contact.pk])


def test_the_link_of_a_message_decides_only_by_its_button(
    desk: Any, opened: Incident, visit: Any, aldane: Client
) -> None:
    desk.post(point(opened), typed(contacts=[factories.contact().pk]))
    briefing = Briefing.objects.get()
    path = "/lu/" + acknowledgements.address_of(briefing, AT).split("/lu/")[1]
    anybody = visit(None, aldane)
    assert anybody.get(path).status_code == 200
    briefing.refresh_from_db()
    assert briefing.acknowledged_at is None
    assert anybody.post(path).status_code == 302
    briefing.refresh_from_db()
    assert briefing.acknowledged_at == AT
    assert anybody.get(path[:-2] + "x/").status_code == 404
    with time_machine.travel(AT + timedelta(days=8), tick=False):
        assert anybody.get(path).status_code == 410


def test_the_cadence_is_changed_by_a_lead_and_the_graver_is_told_more_often(desk: Any, opened: Incident) -> None:
    given = {"severity_1": 15, "severity_2": 45, "severity_3": 120, "severity_4": ""}
    assert desk.post("/agence/cadence/", given).status_code == 302
    assert desk.post("/agence/cadence/", {**given, "severity_1": 300}).status_code == 422
    assert "45" in desk.get("/agence/cadence/").content.decode()


def test_the_screen_asks_the_database_as_often_for_twenty_contacts_as_for_one(
    desk: Any, opened: Incident, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        factories.contact(f"c{number}@aldane.test", quiet_from="22:00", quiet_until="07:00")
    with django_assert_max_num_queries(45 * 2):  # each asks for its schema first
        desk.get(point(opened))


@pytest.mark.parametrize(
    ("now", "hour", "is_slip"),
    [
        (datetime(2026, 3, 28, 21, 18, tzinfo=UTC), "22:10", True),  # tomorrow’s is 22 h 52 away: the day has 23 hours
        (datetime(2026, 3, 28, 21, 18, tzinfo=UTC), "21:00", False),
        (datetime(2026, 10, 24, 20, 18, tzinfo=UTC), "22:10", True),  # 24 h 52 away: the day has 25
        (datetime(2026, 10, 24, 20, 18, tzinfo=UTC), "21:00", False),  # 23 h 42 away, and long passed
        (AT, "22:10", True),
        (AT, "22:50", False),
    ],
)
def test_what_has_just_passed_is_read_on_the_wall(aldane: Client, now: datetime, hour: str, is_slip: bool) -> None:
    with time_machine.travel(now, tick=False), timezone.override(aldane.timezone):
        form = SituationForm({"bottom_line": "x", "next_hour": hour}, client=aldane, now=now)
        assert form.has_error("next_hour", "just_passed") == is_slip


def test_five_lines_are_proposed_and_the_others_are_at_hand(desk: Any, opened: Incident, lead: User) -> None:
    for number in range(8):
        at = AT - timedelta(minutes=20 - number)
        timeline.log(incident=opened, kind=EntryKind.ACTION, text=f"Acte {number}", happened_at=at, by=lead, now=at)
    page = desk.get(point(opened))
    assert page.context["form"].initial["done"].count("Acte") == 5
    offered = dict(page.context["form"].fields["also"].choices)
    third = next(key for key, words in offered.items() if "Acte 2" in words)
    desk.post(point(opened), typed(done="22:17 Acte 7", also=[third, "99999"]))
    assert SituationReport.objects.get().done == "22:00 Acte 2\n22:17 Acte 7"
    assert "also" not in desk.get(point(opened)).context["form"].fields


def test_what_is_ticked_and_does_not_fit_is_said(desk: Any, opened: Incident, lead: User) -> None:
    for number in range(9):
        text = f"Acte {number} " + "mot " * 40
        timeline.log(incident=opened, kind=EntryKind.ACTION, text=text, happened_at=AT, by=lead, now=AT)
    form = desk.get(point(opened)).context["form"]
    ticked = [key for key, _words in form.fields["also"].choices]
    page = desk.post(point(opened), typed(also=ticked)).content.decode()
    assert "errorlist" in page and not SituationReport.objects.exists()
