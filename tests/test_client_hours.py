"""A client on an island: its hours are shown and understood on its pages and in what leaves; the rota keeps Paris."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from agency.models import Client, User
from agency.services import rota
from agency.tasks import client_task
from agency.zones import names, offset
from incidents.models import Briefing, Incident, SituationReport, TimelineEntry
from incidents.selectors.desk_owed import owed
from incidents.services import debriefs, incidents, situation_reports
from reports.services import drafting
from tests import factories
from tests.conftest import MakePerson
from tests.incidents.test_incidents import ANSWERS
from tests.reports import rooms

NIGHT = datetime(2026, 11, 17, 19, 0, tzinfo=UTC)  # 20:00 in Paris, 23:00 on Réunion, 15:00 on Martinique
ISLANDS = pytest.mark.parametrize(
    ("aldane", "local"), [("Indian/Reunion", "23:00"), ("America/Martinique", "15:00")], indirect=["aldane"]
)


@pytest.fixture
def aldane(request: pytest.FixtureRequest, aldane: Client) -> Client:
    Client.objects.filter(pk=aldane.pk).update(timezone=request.param)
    aldane.refresh_from_db()
    return aldane


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NIGHT, lead=lead, answers=ANSWERS, by=lead, now=NIGHT
    )


@pytest.fixture
def desk(visit: Any, lead: User, aldane: Client) -> Iterator[Any]:
    with time_machine.travel(NIGHT, tick=False):
        yield visit(lead, aldane)


@ISLANDS
def test_an_hour_typed_in_the_log_is_the_clients_and_is_shown_so(
    desk: Any, incident: Incident, aldane: Client, local: str
) -> None:
    page = f"/agence/incidents/{incident.number}/"
    desk.post(f"{page}main-courante/", {"text": "Capture", "happened": "14:42", "token": uuid4()})
    line = TimelineEntry.objects.get(text="Capture")
    assert line.happened_at == datetime(2026, 11, 17, 14, 42, tzinfo=ZoneInfo(aldane.timezone))
    shown = desk.get(page).content.decode()
    assert "14:42" in shown and local in shown and aldane.timezone in shown


@ISLANDS
def test_an_hour_typed_as_the_beginning_is_the_clients(desk: Any, aldane: Client, local: str) -> None:
    form = {"brand": factories.brand().pk, "title": "Grève", "started": "14:42", **ANSWERS}
    desk.post("/agence/incidents/ouvrir/", {**form, "lead": User.objects.get().pk})
    begun = datetime(2026, 11, 17, 14, 42, tzinfo=ZoneInfo(aldane.timezone))
    assert Incident.objects.get(title="Grève").started_at == begun


@ISLANDS
def test_a_situation_report_says_the_clients_hours_in_every_version(incident: Incident, lead: User, local: str) -> None:
    whole, short = factories.contact(), factories.contact(email="paul@aldane.test", wants="executive")
    report = situation_reports.issue(
        incident=incident, bottom_line="Un seul compte.", expected="", done="", do_not="", figures=[],
        next_at=NIGHT + timedelta(minutes=30), is_last=False, contacts=[whole, short], by=lead, now=NIGHT,
    )  # fmt: skip
    following = f"{local[:2]}:30"
    texts = [text for _where, text in situation_reports.outputs(report)]
    assert all(local in text and following in text for text in texts)
    assert all(local in one.body and following in one.body for one in Briefing.objects.all())
    assert SituationReport.objects.get().next_at == NIGHT + timedelta(minutes=30)


@ISLANDS
def test_what_a_worker_writes_is_in_the_clients_hours(aldane: Client, local: str) -> None:
    @client_task(name="tests.hour_of_the_client")
    def hour() -> str:
        return f"{timezone.localtime(NIGHT):%H:%M}"

    try:
        assert hour(schema_name=aldane.schema_name) == local
        assert timezone.get_current_timezone_name() == "Europe/Paris"
    finally:
        current_app.tasks.pop("tests.hour_of_the_client", None)


@ISLANDS
def test_a_report_tells_the_clients_hours(lead: User, aldane: Client, local: str) -> None:
    content = drafting.content_of(incident=rooms.closed(lead), version=1, now=rooms.DRAFTED)
    told = " ".join((*content.bottom_line, *(str(one) for one in content.numbers)))
    assert content.time_zone == aldane.timezone
    assert f"{rooms.RAISED.replace(minute=0).astimezone(ZoneInfo(aldane.timezone)).hour}\u00a0h" in told, told


@ISLANDS
def test_a_shift_is_in_the_clients_hours_on_its_host_and_in_the_agencys_on_the_rota(
    desk: Any, visit: Any, lead: User, aldane: Client, local: str
) -> None:
    ends = NIGHT + timedelta(hours=1)
    rota.add(person=lead, client=aldane, starts_at=NIGHT, ends_at=ends, by=lead, now=NIGHT)
    there = f"{ends.astimezone(ZoneInfo(aldane.timezone)):%H:%M}"
    assert there in desk.get("/agence/").content.decode()
    agencys = visit(lead).get("/garde/").content.decode()
    assert "21:00" in agencys and offset(aldane.timezone, NIGHT) in agencys and there not in agencys


@ISLANDS
def test_the_agencys_desk_tells_a_clients_incident_in_its_hours_and_says_so(
    desk: Any, visit: Any, incident: Incident, lead: User, aldane: Client, local: str
) -> None:
    page = visit(lead).get("/").content.decode()
    assert local in page and offset(aldane.timezone, NIGHT) in page


@ISLANDS
def test_what_is_owed_is_late_by_the_clients_day(incident: Incident, lead: User, aldane: Client, local: str) -> None:
    closed = incidents.close(incident=incident, note="Fini.", unmet="Calme.", by=lead, now=NIGHT)
    planned = datetime(2026, 11, 18, 23, 30, tzinfo=ZoneInfo(aldane.timezone))
    debriefs.plan(incident=closed, kind="hot", plan=debriefs.Plan(planned, lead), by=lead, now=NIGHT)
    (one,) = owed([aldane], person=lead, now=planned + timedelta(minutes=1))
    assert one.due_on == planned.date()


@pytest.mark.parametrize("aldane", ["Europe/Paris"], indirect=True)
def test_a_director_says_where_a_client_lives_and_no_other_place_than_one_of_the_list(
    aldane: Client, person: MakePerson, visit: Any
) -> None:
    browser, page = visit(person("director")), f"/agency/client/{aldane.pk}/change/"
    form = browser.get(page).context["adminform"].form
    given = {name: form[name].value() or "" for name in form.fields}
    managed = {
        f"{one.formset.prefix}-{name}": 0
        for one in browser.get(page).context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    for zone, kept in (("Mars/Olympus", "Europe/Paris"), ("Indian/Reunion", "Indian/Reunion")):
        browser.post(page, {**given, **managed, "timezone": zone})
        aldane.refresh_from_db()
        assert aldane.timezone == kept
    lead = visit(person("lead", aldane))
    assert lead.post(page, {**given, **managed, "timezone": "UTC"}).status_code in {302, 403, 404}
    aldane.refresh_from_db()
    assert aldane.timezone == "Indian/Reunion"


def test_the_list_has_places_and_how_far_they_are() -> None:
    assert {"Indian/Reunion", "America/Martinique", "Europe/Paris", "UTC"} <= set(names())
    assert all("/" in name or name == "UTC" for name in names())
    told = {zone: offset(zone, NIGHT) for zone in ("UTC", "Indian/Reunion", "America/St_Johns", "Asia/Kathmandu")}
    assert told == {
        "UTC": "UTC", "Indian/Reunion": "UTC+4", "America/St_Johns": "UTC-3:30", "Asia/Kathmandu": "UTC+5:45",
    }  # fmt: skip
