"""The incident's pages, seen: light and dark, wide and narrow, without a violation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client, User
from incidents.models import Incident
from incidents.services import briefings, incidents, restriction, situation_reports, timeline, watch
from tests import factories
from tests.browser.conftest import House
from tests.incidents.test_incidents import ANSWERS

Look = Callable[..., None]


@pytest.fixture
def lead(house: House) -> User:
    return house.person("lead", Client.objects.get(schema_name="maison_aldane"))


@pytest.fixture
def struck(lead: User) -> Incident:
    """A strike that began forty minutes ago, proposed by the machine."""
    client = Client.objects.get(schema_name="maison_aldane")
    now = timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        heard_by = factories.watch()
        factories.quiet_weeks(heard_by, now - timedelta(minutes=40))
        factories.strike(heard_by, now - timedelta(minutes=40), accounts=60, minutes=30)
        watch.look(now=now)
        return Incident.objects.get()


def run_it(struck: Incident, lead: User) -> None:
    client, now = Client.objects.get(schema_name="maison_aldane"), timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        incidents.confirm(
            incident=struck, title="Un confrère met en cause nos délais", lead=lead, answers=ANSWERS, by=lead, now=now
        )
        wrong = timeline.log(
            incident=struck, kind="fact", text="Trente comptes relaient.", happened_at=now, by=lead, now=now
        )
        timeline.log(
            incident=struck,
            kind="fact",
            text="Vingt comptes relaient.",
            happened_at=now,
            by=lead,
            now=now,
            corrects=wrong,
        )
        contact = factories.contact()
        briefings.brief(incident=struck, contacts=[contact], subject="Meute", body="Vingt comptes.", by=lead, now=now)
        situation_reports.issue(
            incident=struck,
            bottom_line="Attaque de métier, pas de clients : vingt comptes relaient, aucun client réel touché.",
            expected="",
            done="Position P-07 publiée à 21 h 24.",
            do_not="Répondre au meneur.",
            figures=[("Mentions, dernier quart d’heure", "19", "habitude : 2 à 6")],
            next_at=now + timedelta(minutes=30),
            is_last=False,
            contacts=[contact],
            by=lead,
            now=now,
        )


def test_a_proposal_and_the_pages_that_decide_on_it(struck: Incident, lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    page = f"/agence/incidents/{struck.number}/"
    for path, name in ((page, "proposed"), (f"{page}confirmer/", "confirm"), ("/agence/incidents/", "list")):
        look(path, f"incident-{name}", user=lead, client=client)


def test_an_incident_under_way_and_what_is_sent_from_it(struck: Incident, lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    run_it(struck, lead)
    page = f"/agence/incidents/{struck.number}/"
    for path, name in (
        ("", "open"),
        ("point/", "compose"),
        ("point/1/", "report"),
        ("prevenir/", "brief"),
        ("clore/", "close"),
    ):
        look(page + path, f"incident-{name}", user=lead, client=client)


def test_a_restricted_incident_says_so_and_who_knows_of_it(struck: Incident, lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    run_it(struck, lead)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        restriction.restrict(incident=struck, reason="Une personne est en cause.", by=lead, now=timezone.now())
    for path, name in ((f"{struck.number}/", "restricted"), ("", "restricted-list")):
        look(f"/agence/incidents/{path}", f"incident-{name}", user=lead, client=client)


def test_a_desk_without_incidents_says_so(lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    look("/agence/incidents/", "incident-none", user=lead, client=client)
    look("/agence/incidents/ouvrir/", "incident-by-hand", user=lead, client=client)
