"""The client's portal and the staff's reports room, looked at in both themes and widths."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection

from agency.models import Client, User
from clients.models import Source
from reports.documents.content import Change
from reports.services import reports
from tests.browser.conftest import House
from tests.conftest import NOW
from tests.reports import rooms
from tests.reports.rooms import DRAFTED, RAISED

Look = Callable[..., None]
CHANGES = [
    Change("Revoir P-07 chaque trimestre", "Claire Marchetti", date(2026, 12, 15)),
    Change("Exercice « attaque à 21 heures » avec l’équipe du soir", "Lou Ferrand", date(2026, 12, 3)),
]


@pytest.fixture
def aldane_there(house: House) -> Client:
    return Client.objects.get(schema_name="maison_aldane")


@pytest.fixture
def reader(house: House, aldane_there: Client) -> User:
    return house.person("reader", aldane_there, full_name="Claire Marchetti")


@contextmanager
def inside(client: Client) -> Iterator[None]:
    connection.set_tenant(client)
    yield
    connection.set_schema_to_public()


@pytest.fixture
def lead(house: House, aldane_there: Client) -> User:
    return house.person("lead", aldane_there)


def hear() -> None:
    at = DRAFTED + timedelta(hours=3)
    Source.objects.create(name="Presse", url="https://presse.test/fil", last_success_at=at)


def sign(lead: User, client: Client) -> int:
    """A report worded by a person and published; its number."""
    with inside(client):
        hear()
        draft = rooms.drafted(lead)
        draft = reports.edit(
            report=draft, title="L’attaque venait d’un confrère : aucune vente, aucun client perdu",
            bottom_line=draft.bottom_line, decision_asked=draft.decision_asked, changes=CHANGES, by=lead, now=DRAFTED,
        )  # fmt: skip
        return reports.publish(report=draft, by=lead, now=DRAFTED + timedelta(hours=1)).pk


@pytest.mark.browser
def test_an_empty_house_says_what_will_come(look: Look, reader: User, aldane_there: Client) -> None:
    with time_machine.travel(NOW, tick=True):
        look("/", "portal-empty", user=reader, client=aldane_there)
        look("/rapports/", "portal-no-report", user=reader, client=aldane_there)


@pytest.mark.browser
def test_a_strike_going_on(look: Look, reader: User, lead: User, aldane_there: Client) -> None:
    with inside(aldane_there):
        incident = rooms.opened(lead)
    with time_machine.travel(RAISED + timedelta(minutes=20), tick=True):
        look("/", "portal-strike", user=reader, client=aldane_there)
        look(f"/incidents/{incident.number}/", "portal-incident", user=reader, client=aldane_there)


@pytest.mark.browser
def test_the_days_after(look: Look, reader: User, lead: User, aldane_there: Client) -> None:
    pk = sign(lead, aldane_there)
    with time_machine.travel(DRAFTED + timedelta(hours=3), tick=True):
        look("/", "portal-calm", user=reader, client=aldane_there)
        look("/rapports/", "portal-reports", user=reader, client=aldane_there)
        look(f"/rapports/{pk}/", "portal-report", user=reader, client=aldane_there)
        look("/incidents/1/", "portal-closed", user=lead, client=aldane_there)


@pytest.mark.browser
def test_the_staffs_reports_room(look: Look, lead: User, aldane_there: Client) -> None:
    with inside(aldane_there):
        draft = rooms.drafted(lead)
    with time_machine.travel(DRAFTED + timedelta(minutes=5), tick=True):
        for path, name in (("", "draft"), ("publier/", "publish"), ("apercu/", "preview")):
            look(f"/agence/rapports/{draft.pk}/{path}", f"room-{name}", user=lead, client=aldane_there)
        with inside(aldane_there):
            reports.publish(report=draft, by=lead, now=DRAFTED + timedelta(minutes=4))
        look("/agence/rapports/", "room", user=lead, client=aldane_there)
        look(f"/agence/rapports/{draft.pk}/", "room-published", user=lead, client=aldane_there)
