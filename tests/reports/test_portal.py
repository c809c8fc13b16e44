"""What the client reads on its own host, and what it never sees."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from pypdf import PdfReader

from agency.models import AuditEvent, Client, User
from clients.models import Mention, Source
from clients.services.ingest import ingest
from incidents.models import Incident, SituationReport
from incidents.services import incidents
from reports.models import Report
from reports.services import reports
from tests.clients.rooms import said
from tests.clients.test_alarms import DEAF, STATES, listening
from tests.conftest import NOW, MakePerson
from tests.reports import rooms
from tests.reports.rooms import DRAFTED, RAISED

PARIS = ZoneInfo("Europe/Paris")
LATER = DRAFTED + timedelta(hours=2)
Visit = Callable[..., Browser]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def reader(aldane: Client, person: MakePerson) -> User:
    return person("reader", aldane)


@pytest.fixture
def portal(visit: Visit, reader: User, aldane: Client) -> Iterator[Browser]:
    with time_machine.travel(LATER, tick=False):
        yield visit(reader, aldane)


def page(browser: Browser, path: str = "/", status: int = 200) -> str:
    answer = browser.get(path)
    connection.set_tenant(Client.objects.get(schema_name="maison_aldane"))
    assert answer.status_code == status
    return answer.content.decode()


def heard(state: str = "ok") -> Source:
    failures = {"ok": 0, "failing": 4}[state]
    return Source.objects.create(name="Presse", url="https://presse.test/fil", last_success_at=LATER, failures=failures)


def test_a_stranger_is_asked_to_sign_in_whatever_the_address(visit: Visit, aldane: Client) -> None:
    for path in ("/", "/rapports/", "/rapports/1/", "/incidents/1/", "/rapports/1/rapport.pdf"):
        answer = visit(None, aldane).get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/compte/login/")


def test_the_other_clients_people_are_strangers(
    visit: Visit, person: MakePerson, aldane: Client, tramontel: Client
) -> None:
    answer = visit(person("owner", tramontel), aldane).get("/rapports/")
    assert answer.status_code == 302


def test_a_quiet_house_is_calm_only_when_it_hears(portal: Browser) -> None:
    assert "Tout est calme" not in page(portal)
    source = heard()
    assert "Tout est calme" in page(portal)
    Source.objects.filter(pk=source.pk).update(failures=4)
    told = page(portal)
    assert "Tout est calme" not in told and "Presse" in told


@pytest.mark.parametrize("state", STATES)
def test_the_page_is_calm_only_while_every_ear_hears(portal: Browser, lead: User, state: str) -> None:
    """In every state that a source can be in; beside an incident under way it is said too."""
    with time_machine.travel(NOW, tick=False):
        listening("ok", "Presse du soir"), listening(state, "Parvis")
        told = page(portal)
        is_deaf = state.partition(",")[0] in DEAF
        assert ("Tout est calme" in told) is not is_deaf
        assert ("Parvis" in told) is is_deaf
        incident = rooms.opened(lead)
        for path in ("/", f"/incidents/{incident.number}/"):
            assert ("Parvis" in page(portal, path)) is is_deaf


def test_what_arrives_and_is_not_read_is_not_calm(portal: Browser) -> None:
    source = heard()
    ingest(source=source, raws=[said(1), said(2, "Rien")], now=LATER - timedelta(minutes=10))
    assert "Tout est calme" in page(portal)
    Mention.objects.filter(external_id="p1").update(collected_at=LATER - timedelta(minutes=20))
    assert "Tout est calme" not in page(portal) and "Presse" in page(portal)
    Mention.objects.update(read_at=LATER)
    assert "Tout est calme" in page(portal)


def test_what_is_no_longer_heard_is_named_with_its_hour(portal: Browser, reader: User) -> None:
    heard("failing")
    User.objects.filter(pk=reader.pk).update(language="en")
    assert f"We have not heard Presse since 18\u00a0Nov., {LATER.astimezone(PARIS):%H:%M}." in page(portal)


def test_nothing_listened_to_is_not_calm(portal: Browser) -> None:
    with time_machine.travel(NOW, tick=False):
        for state in ("paused", "waiting"):
            listening(state, state)
        assert "Tout est calme" not in page(portal)


def test_an_open_incident_is_the_days_sentence(portal: Browser, lead: User) -> None:
    incident = rooms.opened(lead)
    told = page(portal)
    assert incident.title in told and "Huit comptes relaient, aucun client touché." in told


def test_a_promised_hour_that_is_past_is_said_to_be_late(portal: Browser, lead: User) -> None:
    incident = rooms.opened(lead)
    Incident.objects.update(next_update_at=NOW + timedelta(minutes=1))
    SituationReport.objects.update(expected="")
    with time_machine.travel(NOW, tick=False):
        on_time = page(portal, f"/incidents/{incident.number}/")
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        late, home = page(portal, f"/incidents/{incident.number}/"), page(portal)
    assert "rien avant" in on_time and "en retard" not in on_time
    assert "rien avant" not in late and "en retard" in late and "en retard" in home


@pytest.mark.parametrize("state", ["proposed", "dismissed"])
def test_what_nobody_confirmed_does_not_exist(portal: Browser, lead: User, state: str) -> None:
    incident = rooms.proposed()
    if state == "dismissed":
        incidents.dismiss(incident=incident, reason="Rien.", by=lead, now=RAISED)
    assert incident.title not in page(portal)
    page(portal, f"/incidents/{incident.number}/", 404)


def test_the_page_of_an_incident_shows_what_was_issued_and_nothing_internal(portal: Browser, lead: User) -> None:
    incident = rooms.opened(lead)
    told = page(portal, f"/incidents/{incident.number}/")
    for shown in (
        "Huit comptes relaient",
        "Rien avant le prochain point.",
        "Position P-07 publiée.",
        "Répondre deux fois.",
        "<svg",
    ):
        assert shown in told
    for internal in (
        "Captures faites.",
        "règle du silence",
        *incident.signal.reasons["fr"],
        "meute3",
        "complaint",
        lead.full_name,
    ):
        assert internal not in told


def test_a_page_that_did_not_move_answers_304(portal: Browser, lead: User) -> None:
    for path in ("/", f"/incidents/{rooms.opened(lead).number}/"):
        etag = portal.get(path)["ETag"]
        assert portal.get(path, HTTP_X_LIVE="1", HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_a_draft_is_read_by_nobody_outside(portal: Browser, lead: User) -> None:
    report = rooms.drafted(lead)
    assert report.title not in page(portal, "/rapports/") + page(portal)
    for ending in ("", "rapport.pdf", "rapport.json"):
        page(portal, f"/rapports/{report.pk}/{ending}", 404)


@pytest.mark.parametrize("role", ["reader", "approver", "owner", "cm", "lead", "director"])
def test_every_role_reads_what_was_published(
    visit: Visit, person: MakePerson, aldane: Client, lead: User, role: str
) -> None:
    report = rooms.published(lead)
    browser = visit(person(role, aldane), aldane)
    told = page(browser, f"/rapports/{report.pk}/")
    assert report.title in told and report.content_hash in told
    assert ("Vu par l’agence" in told) == (role in {"cm", "lead", "director"})
    assert browser.get(f"/rapports/{report.pk}/rapport.pdf").content.startswith(b"%PDF-")
    assert browser.get(f"/rapports/{report.pk}/rapport.json").json()["title"] == report.title


def test_a_reading_leaves_one_line_in_the_trail(portal: Browser, lead: User, reader: User) -> None:
    report = rooms.published(lead)
    for _turn in range(2):
        page(portal, f"/rapports/{report.pk}/")
    event = AuditEvent.objects.get(action="report.read")
    assert (event.user, event.subject_id, event.detail["version"]) == (reader, str(report.pk), 1)


def test_a_replaced_version_still_opens_and_says_which_one_holds(portal: Browser, lead: User) -> None:
    first = rooms.published(lead)
    second = reports.publish(report=reports.new_version(report=first, by=lead, now=LATER), by=lead, now=LATER)
    assert f"/rapports/{second.pk}/" in page(portal, f"/rapports/{first.pk}/")
    listed = page(portal, "/rapports/")
    assert f"/rapports/{second.pk}/" in listed and f"/rapports/{first.pk}/" not in listed


def test_hostile_words_are_shown_and_never_run(portal: Browser, lead: User) -> None:
    hostile = '<script>alert(1)</script> #import "x" #panic("x") $1$ *a* \u202egauche'
    report = rooms.published(lead, log=hostile, title=f"Titre {hostile}")
    told = page(portal, f"/rapports/{report.pk}/") + page(portal, f"/incidents/{report.incident.number}/")
    assert "<script>alert(1)" not in told and "&lt;script&gt;alert(1)" in told
    pages = PdfReader(BytesIO(portal.get(f"/rapports/{report.pk}/rapport.pdf").content)).pages
    printed = "".join("".join(sheet.extract_text().split()) for sheet in pages)
    assert '#panic("x")$1$*a*gauche' in printed.replace("\u200b", "")


def test_english_people_read_english(portal: Browser, reader: User, lead: User) -> None:
    heard()
    User.objects.filter(pk=reader.pk).update(language="en")
    assert "All is calm" in page(portal)


@pytest.mark.parametrize(("path", "most"), [("/", 34), ("/rapports/", 14)])
def test_lists_ask_the_database_a_committed_number_of_times(
    portal: Browser, lead: User, path: str, most: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    report = rooms.published(lead)
    for number in range(2, 8):
        copy = Incident.objects.create(
            number=number, brand=report.incident.brand, title=f"N {number}", state="closed", severity=3, lead=lead,
            started_at=LATER - timedelta(days=number), closed_at=LATER - timedelta(days=number, hours=-1),
            proposed_at=LATER, opened_at=LATER,
        )  # fmt: skip
        Report.objects.create(
            incident=copy, title=f"R {number}", bottom_line="x", drafted_at=LATER, state="published",
            published_at=LATER, published_by=lead, content_hash="0" * 64,
        )  # fmt: skip
    with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
        assert "R 5" in page(portal, path) or path == "/"
