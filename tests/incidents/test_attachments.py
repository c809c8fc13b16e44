"""What an incident of one conversation holds, and that the worker can read it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from agency.models import Client, User
from clients.models import Mention, Watch, WatchHit
from incidents.models import Incident, IncidentReading, Signal
from incidents.services import attachments, incidents
from incidents.tasks import read_client_incidents
from tests import factories
from tests.conftest import NOW, MakePerson


def said(watch: Watch, name: str, minutes: int, *, thread: str = "") -> Mention:
    row = factories.mention("Aldane", NOW + timedelta(minutes=minutes), handle=f"compte_{name}", heard_by=watch)
    Mention.objects.filter(pk=row.pk).update(external_id=name)
    WatchHit.objects.filter(mention=row).update(thread=thread)
    return row


@pytest.fixture
def proposed(aldane: Client) -> Incident:
    """Two days after a post of the brand, people quote it; one answers a quote; another speaks of something else."""
    watch = factories.watch()
    said(watch, "root", -2_880)
    first = said(watch, "quote", 0, thread="root")
    said(watch, "answer", 1, thread="quote")
    said(watch, "elsewhere", 2)
    signal = Signal.objects.create(
        watch=watch, stream="thread", key="root", started_at=NOW, detected_at=NOW, raised_at=NOW,
        observed=5, expected=0, window_minutes=30, first_mention=first,
    )  # fmt: skip
    return incidents.propose(signal=signal, now=NOW)


def held(incident: Incident) -> set[str]:
    for _look in range(2):
        attachments.follow(now=NOW)
    return set(incident.attachments.values_list("mention__external_id", flat=True))


def test_a_conversation_holds_its_root_and_what_answers_its_answers(proposed: Incident) -> None:
    assert held(proposed) == {"root", "quote", "answer"}


def test_what_five_accounts_answer_is_held_whatever_spoke_first(proposed: Incident) -> None:
    watch = Watch.objects.get()
    said(watch, "boast", -600)
    for number in range(5):
        said(watch, f"laugh{number}", 3 + number, thread="boast")
    Signal.objects.update(stream="all", key="")
    assert held(Incident.objects.get()) >= {"boast", "laugh0", "elsewhere"}


def test_the_same_number_on_another_network_is_another_post(proposed: Incident) -> None:
    stranger = said(Watch.objects.get(), "stranger", 3, thread="quote")
    Mention.objects.filter(pk=stranger.pk).update(source=factories.source("Autre réseau"))
    assert held(proposed) == {"root", "quote", "answer"}


def test_a_root_that_a_person_took_out_stays_out(proposed: Incident, person: MakePerson, aldane: Client) -> None:
    assert "root" in held(proposed)
    lead: User = person("lead", aldane)
    root = Mention.objects.get(external_id="root")
    attachments.detach(incident=proposed, mention_ids=[root.pk], by=lead, now=NOW)
    assert "root" not in held(proposed)


def test_the_worker_reads_an_incident(proposed: Incident, aldane: Client) -> None:
    assert read_client_incidents(schema_name=aldane.schema_name) == 1
    assert IncidentReading.objects.get().sections["timing"]["zone"] == "Europe/Paris"


def test_the_list_to_sort_says_what_an_incident_holds_already(
    proposed: Incident, aldane: Client, person: MakePerson, visit: Callable[..., Browser]
) -> None:
    marie = person("cm", aldane)
    User.objects.filter(pk=marie.pk).update(language="en")
    desk = visit(marie, aldane)
    quote, other = (Mention.objects.get(external_id=name) for name in ("quote", "elsewhere"))
    beside = desk.get(f"/agence/tri/?m={quote.pk}").content.decode()
    assert "Already in" in beside and f"It belongs to {proposed.reference}" in beside
    assert '<select id="incident"' not in beside, "it is not offered what holds it already"
    apart = desk.get(f"/agence/tri/?m={other.pk}").content.decode()
    assert "Already in" not in apart and '<select id="incident"' in apart
    given = {"incident": proposed.number, "mention": quote.pk, "next": "/agence/tri/"}
    assert "off the list to sort" in desk.post("/agence/tri/rattacher/", given, follow=True).content.decode()
    quote.refresh_from_db()
    assert quote.triage == "attached"
    after = desk.get(f"/agence/tri/?m={quote.pk}").content.decode()
    assert "Already in" in after and "It belongs to" not in after
