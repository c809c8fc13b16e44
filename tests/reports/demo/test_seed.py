"""The demo is made by the real services, once."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django_tenants.utils import schema_context
from pytest_django.fixtures import Settings

from agency.models import Client, Membership, User
from clients.listening.collectors.feed import jsonfeed
from clients.listening.collectors.feed.entries import to_mentions
from clients.models import Mention, Source, WebhookEndpoint
from clients.services.ingest import ingest
from incidents.models import Briefing, Incident, Signal
from incidents.readiness import State
from incidents.selectors import desk, readiness
from incidents.services import timeline
from reports.choices import ReportState
from reports.demo import addresses
from reports.demo.cast import PASSWORD
from reports.demo.network import STORIES, feed
from reports.demo.quiet import posts
from reports.demo.seed import seed
from reports.models import Report
from tests.conftest import empty_the_house, open_both_clients

NOW = datetime(2026, 11, 23, 9, 3, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def made(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The demo, made once for this file."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        empty_the_house()
        assert seed(now=NOW)
        yield
        empty_the_house()
        open_both_clients()


def test_a_second_seeding_changes_nothing_but_the_networks_address(db: None, settings: Settings) -> None:
    people, roles = User.objects.count(), Membership.objects.count()
    settings.DEMO_NETWORK_URL = "http://127.0.0.1:8999"
    assert not seed(now=NOW + timedelta(days=1))
    assert (User.objects.count(), Membership.objects.count()) == (people, roles) == (10, 11)
    with schema_context("tramontel"):
        assert Source.objects.get().url == "http://127.0.0.1:8999/tramontel.json"
    with schema_context("maison_aldane"):
        assert WebhookEndpoint.objects.get().url == "http://127.0.0.1:8999/outil"


def test_last_weeks_incident_went_through_the_real_services(db: None) -> None:
    with schema_context("tramontel"):
        incident, report = Incident.objects.get(), Report.objects.get()
        assert Signal.objects.count() == 1
        assert timeline.broken_links(incident) == []
        assert incident.situation_reports.count() == 3
        assert {row.person.full_name for row in incident.duties.select_related("person")} == {"Lou Ferrand"}
        assert report.state == ReportState.PUBLISHED
        assert incident.reading.mentions > 40 and incident.outlooks.count() > 1
        assert report.content["reading"]["answers"], "the report tells how it was read"
        assert len(report.changes) == 2


def test_the_house_is_ready_for_the_night(db: None) -> None:
    made = list(Client.objects.order_by("pk"))
    heard = {one.client.pk: one.hearing for one in desk.heard(made, NOW)}
    told = readiness.of_clients(made, heard, person=None, now=NOW)
    missing = [(pk, line.code) for pk, one in told.items() for line in one.lines if line.state == State.MISSING]
    ready = {line.code for one in told.values() for line in one.lines if line.state == State.READY}
    assert {code for _client, code in missing} <= {"ears"}, "the network is read once the workers run"
    assert {"rota", "playbooks", "ladder"} <= ready


def test_one_report_was_answered_on_the_telephone(db: None) -> None:
    with schema_context("tramontel"):
        noted = Briefing.objects.get(acknowledgement_noted_by__isnull=False)
        assert (noted.contact.name, noted.situation_report.number) == ("Odile Castagnet", 2)
        assert Incident.objects.get().debriefs.get(kind="hot").signed_at


def test_quiet_weeks_raised_nothing_at_the_other_client(db: None) -> None:
    with schema_context("maison_aldane"):
        assert Signal.objects.count() == 0
        assert Mention.objects.count() > 200
        assert not Mention.objects.filter(read_at=None).exists()


def test_what_the_network_shows_of_the_past_is_known_already(db: None) -> None:
    story = STORIES[0]
    shown = feed(story, list(posts(story, NOW - timedelta(days=7), NOW)), "http://127.0.0.1:8999")
    with schema_context(story.schema_name):
        source = Source.objects.get()
        raws, _known = to_mentions(jsonfeed.parse(shown, url=source.url), source.settings)
        assert ingest(source=source, raws=raws, now=NOW).new == 0


def test_the_ears_have_a_habit_from_the_first_minute(db: None) -> None:
    for story in STORIES:
        with schema_context(story.schema_name):
            source = Source.objects.get()
            assert source.habit_learnt_at == NOW
            assert source.usual_silence_seconds is not None


def test_everybody_signs_in_on_their_own_host(db: None) -> None:
    for one in addresses.story()["logins"][::3]:
        browser = Browser(HTTP_HOST=one["host"])
        answer = browser.post("/compte/login/", {"login": one["email"], "password": PASSWORD})
        assert answer.status_code == 302, one["email"]


def test_the_addresses_are_written_as_up_reads_them(db: None, tmp_path: Path) -> None:
    addresses.write(tmp_path / "demo.json")
    told = json.loads((tmp_path / "demo.json").read_text())
    assert {"label", "email", "password"} <= set(told["logins"][0])
    assert all("host" in one or "url" in one for one in told["addresses"])


def test_outside_the_demo_nobody_with_a_known_password_is_made(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="REMPART_DEMO"):
        call_command("seed_demo")
    assert Client.objects.count() == 2
