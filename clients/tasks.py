"""What the clockwork wakes in a client's room. The database is the queue of record: a lost wake-up costs one tick.

Reading and importing load numpy, models and workbooks: their tasks import them when they run, so that the clock and the
worker that listens start without.
"""

import logging
import time
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import InterfaceError, connection
from django.db import OperationalError as DatabaseAway
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from agency import access, clock, outgoing, pace
from agency.mail import SmtpPost
from agency.tasks import client_task, for_each_client
from clients.models import MentionImport, Watch
from clients.selectors import everywhere
from clients.services import alarms, doubts, runs, turns, waiting, webhook_replays, webhook_rounds, webhooks

log = logging.getLogger("rempart.listening")

READINGS_PER_TASK = 50  # so that a task stays well under its time limit; the next tick takes the rest
REMATCHINGS_PER_TASK = 100
LISTENING = "listening"  # the queue of the worker that reads the sources
MEANING = "meaning"  # the queue of the worker that reads by meaning, one text after the other
MEANING_TURN_S = 20.0  # then the next client's turn
MEANING_QUEUED = 1_000  # wake-ups, a megabyte: so many wait only where no worker takes them
# Two threads are left to the others who wait for networks there: the clients' tools are told, answers by mail are read,
# however many sources hang.
READINGS_AT_ONCE = max(1, settings.LISTENING_THREADS - 2)
BOARD = turns.Board(places=READINGS_AT_ONCE)
ROUNDS = webhook_rounds.Rounds()


def _schema() -> str:
    return str(connection.schema_name)  # type: ignore[attr-defined]


def wake(task: Any, schema_name: str = "", **values: Any) -> None:
    """Sends the task, for the client at hand if none is named; with the broker away it waits for the next tick."""
    schema_name = schema_name or _schema()
    try:
        task.delay(schema_name=schema_name, **values)
    except OperationalError:
        log.warning("The broker is away: %s of %s waits for the next tick.", task.name, schema_name)


@worker_shutting_down.connect
def _close_the_board(**_given: Any) -> None:
    BOARD.close()
    ROUNDS.close()


@shared_task(queue=LISTENING, expires=2, acks_late=False)
def listen_everywhere() -> int:
    """Beat, every second: reads sources whose turn has come, of all clients, in a worker of their own (threads)."""
    return turns.take_turns(
        board=BOARD,
        open_door=outgoing.door,
        clock=clock.now,
        wake_another=listen_soon,
        wake_reader=lambda schema_name: wake(read_client, schema_name),
    )


def listen_soon() -> None:
    """Has somebody look at once for sources that are due."""
    try:
        listen_everywhere.delay()
    except OperationalError:
        log.warning("The broker is away: sources that are due wait for the next tick.")


@shared_task(queue=LISTENING, expires=2, acks_late=False)
def tell_tools_everywhere() -> int:
    """Beat, every two seconds: tells the tools of all clients what happened, in the worker that waits for networks."""
    return ROUNDS.go(open_door=outgoing.webhook_door, clock=clock.now)


@shared_task
def wake_everywhere() -> int:
    """Beat: a safety net under every "after commit". Mentions to read (twice) or put off, imports, watches."""
    found = everywhere.waiting(clock.now())
    for one in found:
        if one.what == "mentions":
            wake(read_client, one.schema_name)
        elif one.what == "doubt":
            wake_meaning(one.schema_name)
        elif one.what == "import":
            wake(run_import, one.schema_name, import_id=one.number)
        elif one.what == "back":
            wake(bring_back, one.schema_name)
        else:
            wake(rematch_watch, one.schema_name, watch_id=one.number)
    return len(found)


@client_task(expires=60)
def read_client() -> int:
    """Reads what nobody has read yet; returns how many."""
    from clients.services import learning, reading

    count, reader = 0, learning.reader()
    for _turn in range(READINGS_PER_TASK):
        read = reading.read_new(reader=reader, now=clock.now())
        count += read
        if read < reading.BATCH:
            break
    if count:
        wake_meaning()
    return count


def wake_meaning(schema_name: str = "") -> None:
    """Has what the first reading left open read by meaning, where a worker does that."""
    if settings.MEANING and _queued(MEANING) < MEANING_QUEUED:
        wake(read_by_meaning, schema_name)


def _queued(queue: str) -> int:
    """How many messages wait. The broker keeps them for ever: it is the worker that drops what has expired."""
    try:
        with current_app.producer_or_acquire() as producer:
            return int(producer.channel.queue_declare(queue).message_count)
    except (OperationalError, RedisError):
        return 0  # away: sending says so


@client_task(queue=MEANING, expires=60)
def read_by_meaning() -> int:
    """Reads a client's doubts for 20 seconds; the next tick takes the rest. The worker loads the model once."""
    from clients.listening.reading.meaning import Meaning
    from clients.services import meaning

    model = Meaning.shipped() if doubts.has_some(clock.now()) else None
    if model is None:
        return 0
    reader, until = meaning.reader(model), time.monotonic() + MEANING_TURN_S
    count = read = meaning.read_more(reader=reader, now=clock.now())
    while read and time.monotonic() < until:
        read = meaning.read_more(reader=reader, now=clock.now())
        count += read
    return count


@client_task(expires=60)
def bring_back() -> int:
    """Has the mentions that were put off until now be in the list to sort again."""
    return waiting.bring_back(now=clock.now())


@client_task(expires=600)
def learn_client(at_least: int = 20) -> int:
    """Fits the client's models anew when people corrected enough since; returns how many were fitted."""
    from clients.services import learning

    return len(learning.learn_due(now=clock.now(), at_least=at_least))


@shared_task
def learn_everywhere() -> int:
    """Beat, each night: whatever the last model was not made of, a changed mind or a new shipped model included."""
    return for_each_client(learn_client, at_least=0)


@shared_task
def ask_outside_everywhere() -> int:
    """Beat, every minute; nobody is asked without an address in the settings and the client's consent."""
    return for_each_client(ask_outside) if settings.READER_URL else 0


@client_task(queue=LISTENING, expires=60)
def ask_outside() -> int:
    """In the worker whose threads wait for networks: a slow server holds up nobody's reading."""
    from clients.services import outside

    return outside.ask(open_door=lambda: outgoing.door("reader"), now=clock.now())


@client_task(expires=60)
def run_import(import_id: int) -> None:
    """Goes on with an import, then has what it brought read."""
    from clients.services import imports

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
    from clients.services import reading

    watch = Watch.objects.get(pk=watch_id)
    for _turn in range(REMATCHINGS_PER_TASK):
        if not reading.rematch(watch=watch, now=clock.now()):
            break


@shared_task
def watch_ears_everywhere() -> int:
    """Beat, every minute: one task a client."""
    return for_each_client(watch_ears)


@client_task(expires=60)
def watch_ears() -> int:
    """Raises and clears the alarms of the sources, and tells who leads the client's team; of stopped webhooks too."""
    alarms.check(now=clock.now())
    told = alarms.tell(client=access.here(), post=SmtpPost(), now=clock.now())
    return told + webhooks.tell(client=access.here(), post=SmtpPost(), now=clock.now())


@shared_task
def remind_everywhere() -> int:
    """Beat, every half hour of the working day: one task a client."""
    return for_each_client(remind_of_positions)


@client_task(expires=1800)
def remind_of_positions() -> int:
    """Writes to the owners of positions that end soon, or have ended."""
    from clients.services import reminders

    return reminders.remind(client=access.here(), post=SmtpPost(), now=clock.now())


@shared_task
def check_ladders_everywhere() -> int:
    """Beat, each night: one task a client."""
    return for_each_client(check_ladders)


@client_task(expires=3600)
def check_ladders() -> int:
    """Checks that each rung reaches somebody and each approval has somebody, and tells the leads what turned bad."""
    from clients.services import approval_policies, ladders

    stuck = approval_policies.check_all(client=access.here(), post=SmtpPost(), now=clock.now())
    return stuck + ladders.check_all(client=access.here(), post=SmtpPost(), now=clock.now())


@shared_task
def tidy_everywhere() -> int:
    """Beat, once an hour: what everybody shares, then one task a client."""
    pace.forget_old(now=clock.now())
    return for_each_client(tidy_client)


@client_task(expires=600)
def tidy_client() -> int:
    """Learns the sources' habits; forgets what is past its time: answers to pushes, keys of texts, files…"""
    from clients.services import assessments, folding, imports, kept_answers

    now = clock.now()
    alarms.learn_habits(client=access.here(), now=now)
    return (
        kept_answers.forget_old(now=now)
        + folding.forget_old(now=now)
        + runs.forget_old(now=now)
        + doubts.forget_old(now=now)
        + assessments.forget_old(now=now)
        + imports.forget_files(now=now)
        + webhook_replays.forget_old(now=now)
    )
