"""What the clockwork wakes in a client's room. The database is the queue of record: a lost wake-up costs one tick."""

import logging
from typing import Any

from celery import shared_task
from django.db import InterfaceError, connection
from django.db import OperationalError as DatabaseAway
from kombu.exceptions import OperationalError

from agency import clock, outgoing
from agency.tasks import client_task, for_each_client
from clients.listening.reading.reader import Reader
from clients.models import MentionImport, Watch
from clients.selectors import imports as import_selectors
from clients.selectors import sources, watches
from clients.services import imports, listening, pushes, reading

log = logging.getLogger("rempart.listening")

READINGS_PER_TASK = 50  # so that a task stays well under its time limit; the next tick takes the rest
REMATCHINGS_PER_TASK = 100


def _schema() -> str:
    return str(connection.schema_name)  # type: ignore[attr-defined]


def wake(task: Any, **values: Any) -> None:
    """Sends the task for the client at hand; when the broker is away it waits in the database for the next tick."""
    try:
        task.delay(schema_name=_schema(), **values)
    except OperationalError:
        log.warning("The broker is away: %s of %s waits for the next tick.", task.name, _schema())


@shared_task
def listen_everywhere() -> int:
    """Beat: one task a client."""
    return for_each_client(listen_client)


@client_task(expires=30)
def listen_client() -> None:
    """Reads the sources whose turn has come, then wakes whatever else waits for this client."""
    for source in sources.due(clock.now()):
        now = clock.now()
        try:
            listening.listen(source=source, http=outgoing.door(), now=now)
        except Exception:  # a source that breaks us must not silence the others
            log.exception("The source %s of %s broke its reading.", source.pk, _schema())
            listening.push_later(source=source, now=now)
    wake_what_waits()


def wake_what_waits() -> None:
    """A safety net under every "after commit": unread mentions, imports in the queue, watches to match again."""
    if reading.has_unread():
        wake(read_client)
    for number in import_selectors.waiting(clock.now()).values_list("pk", flat=True):
        wake(run_import, import_id=number)
    for number in watches.to_match_again().values_list("pk", flat=True):
        wake(rematch_watch, watch_id=number)


@client_task(expires=60)
def read_client() -> int:
    """Reads what nobody has read yet; returns how many."""
    count = 0
    for _turn in range(READINGS_PER_TASK):
        read = reading.read_new(reader=Reader.shipped(), now=clock.now())
        count += read
        if read < reading.BATCH:
            break
    return count


@client_task(expires=60)
def run_import(import_id: int) -> None:
    """Goes on with an import, then has what it brought read."""
    importing = MentionImport.objects.select_related("source").get(pk=import_id)
    try:
        if not imports.run(importing=importing, clock=clock.now):
            return
    except (DatabaseAway, InterfaceError):  # restarted under us: the claim runs out and a later tick goes on
        raise
    except Exception:  # it would break at each tick, for ever
        log.exception("The import %s of %s broke.", import_id, _schema())
        imports.give_up(importing=importing, now=clock.now())
    wake(read_client)


@client_task(expires=60)
def rematch_watch(watch_id: int) -> None:
    """Matches the past with a watch whose words changed."""
    watch = Watch.objects.get(pk=watch_id)
    for _turn in range(REMATCHINGS_PER_TASK):
        if not reading.rematch(watch=watch, now=clock.now()):
            break


@shared_task
def tidy_everywhere() -> int:
    """Beat, once an hour: one task a client."""
    return for_each_client(tidy_client)


@client_task(expires=600)
def tidy_client() -> int:
    """Forgets the answers to pushes older than a day."""
    return pushes.forget_old(now=clock.now())
