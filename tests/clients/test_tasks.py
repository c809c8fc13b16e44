"""What the clockwork wakes: each client's own work, and one broken source silences no other."""

import importlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import OperationalError as DatabaseAway
from django.db import connection
from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError

from agency import clock
from agency.config.beat import SCHEDULE
from agency.models import Client
from agency.tasks import NoClient
from clients import tasks
from clients.listening.collectors import registry
from clients.models import CollectorRun, Mention, MentionImport, Source, WatchHit
from clients.services import imports, turns, watches
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said, watch
from tests.clients.test_listening import rss
from tests.conftest import NOW
from tests.loopback import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _a_board_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BOARD", turns.Board(places=4))


def test_a_clients_sources_are_read_and_what_they_brought_too(aldane: Client, tramontel: Client, site: Site) -> None:
    feed(url=site.lay("/feed", rss(3)))
    assert tasks.listen_everywhere() == 1
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
        unit_price = 0

        def fetch(self, settings: dict[str, str], cursor: object, **given: object) -> object:
            if settings["url"].endswith("/a"):
                raise ZeroDivisionError
            return whole.fetch(settings, cursor, **given)  # type: ignore[arg-type]

    monkeypatch.setitem(registry.COLLECTORS, "feed", Broken())
    assert tasks.listen_everywhere() == 2
    with schema_context(aldane.schema_name):
        broken, read = Source.objects.order_by("name")
        assert (broken.failures, read.failures, Mention.objects.count()) == (1, 0, 1)
        assert (broken.claimed_until, read.claimed_until) == (None, None)
        assert broken.last_error and broken.due_at is not None and broken.due_at > clock.now() + timedelta(minutes=3)
        assert CollectorRun.objects.get(source=broken).code == "broken"


def test_what_waits_in_any_room_is_woken(aldane: Client, tramontel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    woken = []
    monkeypatch.setattr(tasks, "wake", lambda task, schema_name, **values: woken.append((task.__name__, schema_name)))
    assert tasks.wake_everywhere() == 0
    ingest(source=feed(), raws=[said(1)], now=NOW)
    with schema_context(tramontel.schema_name):
        watches.match_again(watch=watch(["ferry"]))
        MentionImport.objects.create(source=feed(), file_name="a.csv", state="ready")
        MentionImport.objects.create(source=feed("Autre"), file_name="b.csv", state="waiting")
    tasks.wake_everywhere()
    assert sorted(woken) == [
        ("read_client", "maison_aldane"), ("rematch_watch", "tramontel"), ("run_import", "tramontel"),
    ]  # fmt: skip


def test_a_client_whose_tables_are_broken_silences_no_other(committed: None, site: Site) -> None:
    with schema_context("tramontel"):
        feed(url=site.lay("/feed", rss(1)))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE maison_aldane.clients_source RENAME due_at TO was_due_at")
    assert tasks.listen_everywhere() == 1


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
    for task in (tasks.read_client, tasks.run_import, tasks.tidy_client):
        with pytest.raises(NoClient):
            task(schema_name=schema_name)


def test_when_the_broker_is_away_the_work_waits(aldane: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_values: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.read_client, "delay", away)
    tasks.wake(tasks.read_client)


def test_wake_ups_that_nobody_takes_do_not_pile_up(
    aldane: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REMPART_MEANING=1 without the worker of that queue: Valkey keeps what is sent, its expiry is read by a worker."""
    settings.MEANING = True
    monkeypatch.setattr(tasks, "MEANING_QUEUED", 3)
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_declare(tasks.MEANING)
        broker.default_channel.queue_purge(tasks.MEANING)
        for _tick in range(9):
            tasks.wake_meaning(aldane.schema_name)
        assert broker.default_channel.queue_declare(tasks.MEANING).message_count == 3
        broker.default_channel.queue_purge(tasks.MEANING)
        tasks.wake_meaning(aldane.schema_name)
        assert broker.default_channel.queue_declare(tasks.MEANING).message_count == 1, "a worker came back"
        broker.default_channel.queue_purge(tasks.MEANING)


def test_the_clockwork_sends_one_task_a_client(aldane: Client, tramontel: Client) -> None:
    assert current_app.conf.broker_url == "memory://"
    assert tasks.tidy_everywhere() == 2


def test_every_tick_names_a_task_that_exists() -> None:
    for app in ("clients", "incidents", "reports"):
        importlib.import_module(f"{app}.tasks")
    assert {tick["task"] for tick in SCHEDULE.values()} <= set(current_app.tasks)
    assert SCHEDULE["listen"]["options"]["queue"] == tasks.LISTENING  # the clock knows names only


def test_readings_of_more_than_ninety_days_ago_are_forgotten(aldane: Client) -> None:
    source, now = feed(), clock.now()
    for days in (91, 89):
        moment = now - timedelta(days=days)
        CollectorRun.objects.create(source=source, started_at=moment, finished_at=moment, outcome="read")
    tasks.tidy_client(schema_name=aldane.schema_name)
    with schema_context(aldane.schema_name):
        assert CollectorRun.objects.count() == 1


def test_an_import_cut_off_by_the_database_goes_on_later(aldane: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    importing = MentionImport.objects.create(source=feed(), file_name="a.csv", state="running")

    def cut_off(**_values: object) -> bool:
        raise DatabaseAway("terminating connection due to administrator command")

    monkeypatch.setattr(imports, "run", cut_off)
    with pytest.raises(DatabaseAway):
        tasks.run_import(schema_name=aldane.schema_name, import_id=importing.pk)
    with schema_context(aldane.schema_name):
        assert MentionImport.objects.get().state == "running"
