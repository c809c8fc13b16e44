"""The narrow streams of a watch, from hits to signals."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.models import Client
from clients.models import AgendaEntry, Mention, Watch, WatchHit
from incidents.choices import IncidentState, Stream
from incidents.models import Incident, IncidentMention, Signal
from incidents.services import watch
from tests import factories
from tests.conftest import NOW

LOOK = NOW + timedelta(minutes=30)


@pytest.fixture
def heard_by(aldane: Client) -> Watch:
    made = factories.watch()
    factories.quiet_weeks(made, NOW)
    watch.look(now=NOW)
    return made


def urgent(heard_by: Watch, minutes: int) -> Mention:
    said = factories.mention("La poussette a pris feu.", NOW + timedelta(minutes=minutes), heard_by=heard_by)
    Mention.objects.filter(pk=said.pk).update(intent="safety")
    WatchHit.objects.filter(mention=said).update(is_urgent=True)
    return said


def test_one_safety_mention_is_a_signal_with_its_stream_in_words(heard_by: Watch) -> None:
    said = urgent(heard_by, 3)
    (signal,) = watch.look(now=LOOK)
    assert (signal.stream, signal.key, signal.first_mention) == (Stream.URGENT, "safety", said)
    assert "sécurité des personnes" in signal.reasons["fr"][0]
    assert watch.look(now=LOOK + timedelta(minutes=6)) == []


def test_its_proposal_holds_what_is_urgent_and_not_the_day_s_talk(heard_by: Watch) -> None:
    said = urgent(heard_by, 3)
    factories.mention("Bonjour.", NOW + timedelta(minutes=9), handle="passant", heard_by=heard_by)
    watch.look(now=LOOK)
    assert list(IncidentMention.objects.values_list("mention", flat=True)) == [said.pk]


def test_what_another_watch_caught_has_no_stream_followed_anew(heard_by: Watch) -> None:
    other = factories.watch(name="Une autre veille")
    watch.look(now=LOOK)
    factories.mention("Bonjour.", LOOK + timedelta(minutes=1), heard_by=other)
    with CaptureQueriesContext(connection) as asked:
        watch.look_at(watch=heard_by, now=LOOK + timedelta(minutes=10))
    assert asked.captured_queries
    assert not any("h.is_urgent" in query["sql"] for query in asked.captured_queries)


def test_five_accounts_in_one_thread_are_a_signal_of_that_thread(heard_by: Watch) -> None:
    for number in range(5):
        at = NOW + timedelta(minutes=number)
        factories.mention("Et moi donc.", at, handle=f"fil{number}", heard_by=heard_by)
    WatchHit.objects.filter(published_at__gte=NOW).update(thread="https://reseau.test/1")
    (signal,) = watch.look(now=LOOK)
    assert (signal.stream, signal.key, signal.observed) == (Stream.THREAD, "https://reseau.test/1", 5)


def test_a_strike_that_attacks_is_one_signal_and_says_so(heard_by: Watch) -> None:
    factories.strike(heard_by, NOW)
    WatchHit.objects.filter(published_at__gte=NOW).update(is_attack=True)
    (signal,) = watch.look(now=LOOK)
    assert signal.attack == "yes"


@pytest.mark.parametrize("everywhere", [True, False])
def test_announced_noise_raises_nothing_but_urgency_speaks(heard_by: Watch, *, everywhere: bool) -> None:
    AgendaEntry.objects.create(
        brand=None if everywhere else heard_by.brand,
        title="Soldes",
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(hours=3),
        silences=True,
    )
    factories.strike(heard_by, NOW)
    assert watch.look(now=LOOK) == []
    urgent(heard_by, 31)
    assert [signal.stream for signal in watch.look(now=LOOK + timedelta(minutes=10))] == [Stream.URGENT]


def test_after_closing_a_second_strike_within_twelve_hours_is_a_second_signal(heard_by: Watch) -> None:
    factories.strike(heard_by, NOW)
    watch.look(now=LOOK)
    closed = NOW + timedelta(hours=2)
    Incident.objects.update(state=IncidentState.CLOSED, closed_at=closed, opened_at=NOW)
    again = NOW + timedelta(hours=5)
    for number in range(40):
        at = again + timedelta(seconds=20 * number)
        factories.mention("Ils recommencent.", at, handle=f"encore{number}", heard_by=heard_by)
    raised = watch.look(now=again + timedelta(minutes=20))
    assert len(raised) == 1
    assert raised[0].started_at >= closed
    assert Signal.objects.count() == 2
