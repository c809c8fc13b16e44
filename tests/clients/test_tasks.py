"""What the clockwork wakes: each client's own work, and one broken source silences no other."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import current_app
from django.db import OperationalError as DatabaseAway
from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError

from agency import clock
from agency.models import Client
from agency.tasks import NoClient
from clients import tasks
from clients.listening.collectors import registry
from clients.models import Mention, MentionImport, Source, WatchHit
from clients.services import watches
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said, watch
from tests.clients.test_listening import rss
from tests.conftest import NOW
from tests.loopback import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def test_a_clients_sources_are_read_and_what_they_brought_too(aldane: Client, tramontel: Client, site: Site) -> None:
    feed(url=site.lay("/feed", rss(3)))
    tasks.listen_client(schema_name=aldane.schema_name)
    tasks.read_client(schema_name=aldane.schema_name)
    with schema_context(aldane.schema_name):
        assert Mention.objects.filter(read_at__isnull=False).count() == 3
    with schema_context(tramontel.schema_name):
        assert Mention.objects.count() == 0


def test_a_source_that_breaks_us_silences_no_other(aldane: Client, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    feed("A", url=site.lay("/a", rss(1)))
    feed("B", url=site.lay("/b", rss(1)))
    whole = registry.COLLECTORS["feed"]

    class Broken:
        kind = "feed"

        def fetch(self, settings: dict[str, str], cursor: object, **given: object) -> object:
            if settings["url"].endswith("/a"):
                raise ZeroDivisionError
            return whole.fetch(settings, cursor, **given)  # type: ignore[arg-type]

    monkeypatch.setitem(registry.COLLECTORS, "feed", Broken())
    tasks.listen_client(schema_name=aldane.schema_name)
    with schema_context(aldane.schema_name):
        broken, read = Source.objects.order_by("name")
        assert (broken.failures, read.failures, Mention.objects.count()) == (1, 0, 1)
        assert broken.last_error and broken.due_at is not None and broken.due_at > clock.now() + timedelta(minutes=4)


def test_changed_words_are_matched_with_the_past(aldane: Client) -> None:
    ingest(source=feed(), raws=[said(1, "du lin")], now=NOW)
    tasks.read_client(schema_name=aldane.schema_name)
    with schema_context(aldane.schema_name):
        Mention.objects.update(published_at=clock.now())
        late = watch(["lin"])
        watches.match_again(watch=late)
    tasks.rematch_watch(schema_name=aldane.schema_name, watch_id=late.pk)
    with schema_context(aldane.schema_name):
        assert WatchHit.objects.get().watch == late


@pytest.mark.parametrize("schema_name", [None, "", "public", "Maison", "nobody_here"])
def test_a_clients_task_without_a_client_refuses(db: None, schema_name: str | None) -> None:
    for task in (tasks.listen_client, tasks.read_client, tasks.tidy_client):
        with pytest.raises(NoClient):
            task(schema_name=schema_name)


def test_when_the_broker_is_away_the_work_waits(aldane: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_values: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.read_client, "delay", away)
    tasks.wake(tasks.read_client)


def test_the_clockwork_sends_one_task_a_client(aldane: Client, tramontel: Client) -> None:
    assert current_app.conf.broker_url == "memory://"
    assert tasks.listen_everywhere() == 2


def test_an_import_cut_off_by_the_database_goes_on_later(aldane: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    importing = MentionImport.objects.create(source=feed(), file_name="a.csv", state="running")

    def cut_off(**_values: object) -> bool:
        raise DatabaseAway("terminating connection due to administrator command")

    monkeypatch.setattr(tasks.imports, "run", cut_off)
    with pytest.raises(DatabaseAway):
        tasks.run_import(schema_name=aldane.schema_name, import_id=importing.pk)
    with schema_context(aldane.schema_name):
        assert MentionImport.objects.get().state == "running"
