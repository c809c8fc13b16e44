"""An incident told by a narrow stream takes in what the total's surge holds, as if the total had spoken first."""

from datetime import timedelta

import pytest

from agency.models import Client
from clients.models import Mention, Watch, WatchHit
from incidents.choices import IncidentState, Stream
from incidents.models import Incident, IncidentMention, Signal, TimelineEntry
from incidents.services import attachments, incidents, watch
from tests import factories
from tests.conftest import NOW, MakePerson

FIRST_LOOK, SECOND_LOOK = NOW + timedelta(minutes=6), NOW + timedelta(minutes=40)
THREAD = "https://reseau.test/1"


@pytest.fixture
def thread(aldane: Client) -> Watch:
    """Five accounts in one thread, on a quiet watch."""
    made = factories.watch()
    factories.quiet_weeks(made, NOW)
    watch.look(now=NOW)
    for number in range(5):
        at = NOW + timedelta(minutes=number)
        factories.mention("Et moi donc.", at, handle=f"fil{number}", heard_by=made)
    WatchHit.objects.filter(published_at__gte=NOW).update(thread=THREAD)
    return made


def held(*, of: str) -> int:
    """How many posts of those accounts the incident holds."""
    return IncidentMention.objects.filter(mention__author__handle__startswith=of).count()


def lines() -> list[str]:
    """What the log says after "incident proposed"."""
    return list(TimelineEntry.objects.filter(number__gt=1).values_list("text", flat=True))


def test_customers_outside_the_thread_are_in_its_incident_once_the_total_surges(thread: Watch) -> None:
    factories.strike(thread, NOW + timedelta(minutes=5))
    watch.look(now=SECOND_LOOK)
    assert Incident.objects.get().signal.stream == Stream.THREAD  # type: ignore[union-attr]
    assert (held(of="fil"), held(of="meute")) == (5, 25)
    assert len(lines()) == 1


def test_an_incident_proposed_before_the_total_surged_widens_and_says_so_once(thread: Watch) -> None:
    alone = Signal.objects.create(
        watch=thread, stream=Stream.THREAD, key=THREAD, started_at=NOW, detected_at=NOW + timedelta(minutes=5),
        raised_at=FIRST_LOOK, observed=5, expected=0, window_minutes=30, first_mention=Mention.objects.last(),
    )  # fmt: skip
    incidents.propose(signal=alone, now=FIRST_LOOK)
    assert (held(of="meute"), lines()) == (0, [])
    factories.strike(thread, NOW + timedelta(minutes=7))
    for minutes in (0, 10, 20):
        watch.look(now=SECOND_LOOK + timedelta(minutes=minutes))
    assert (held(of="meute"), len(lines())) == (25, 1)
    assert list(Signal.objects.all()) == [alone]


def test_what_a_person_took_out_of_it_stays_out(thread: Watch, person: MakePerson, aldane: Client) -> None:
    factories.strike(thread, NOW + timedelta(minutes=5))
    watch.look(now=SECOND_LOOK)
    taken = Mention.objects.get(author__handle="meute7")
    attachments.detach(incident=Incident.objects.get(), mention_ids=[taken.pk], by=person("cm", aldane), now=NOW)
    watch.look(now=SECOND_LOOK + timedelta(minutes=10))
    assert (held(of="meute"), held(of="meute7")) == (24, 0)


@pytest.mark.parametrize("state", [IncidentState.CLOSED, IncidentState.DISMISSED])
def test_what_a_person_closed_or_set_aside_never_widens(thread: Watch, state: str) -> None:
    watch.look(now=FIRST_LOOK)
    Signal.objects.update(evidence={})  # the five of the thread were a surge of so quiet a total by themselves
    Incident.objects.update(state=state, closed_at=SECOND_LOOK)
    before = lines()
    factories.strike(thread, NOW + timedelta(minutes=7))
    watch.look(now=SECOND_LOOK)
    assert (held(of="meute"), lines()) == (0, before)


def test_what_is_urgent_beside_a_total_that_spoke_first_stays_narrow(thread: Watch) -> None:
    WatchHit.objects.update(thread="")
    factories.strike(thread, NOW + timedelta(minutes=5))
    watch.look(now=SECOND_LOOK)
    said = factories.mention("La poussette a pris feu.", SECOND_LOOK, handle="parent", heard_by=thread)
    Mention.objects.filter(pk=said.pk).update(intent="safety")
    WatchHit.objects.filter(mention=said).update(is_urgent=True)
    watch.look(now=SECOND_LOOK + timedelta(minutes=10))
    assert {signal.stream for signal in Signal.objects.all()} >= {Stream.URGENT}
    assert lines() == []
