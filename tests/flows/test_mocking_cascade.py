"""A brand boasts, and people quote its own post to laugh: nobody leads, no pack, most of it neutral by sentiment.

The posts are written by hand (reports/demo/teckel.py, the demo plays them too): 38 of 35 accounts in an hour. They are
pushed as a listening tool does, and read, judged, corrected and reported by the same code and forms as real ones.
"""

from datetime import datetime

import pytest

from agency.models import Client, User
from clients.models import Mention
from incidents.models import Incident, Signal
from reports.demo.teckel import TECKEL
from reports.demo.tramontel import TRAMONTEL
from tests.conftest import MakePerson
from tests.flows.stage import House, Stage, Visit, number_of, part_of, sections

BEGINS = datetime.fromisoformat("2026-11-17T21:07:00+01:00")
ANSWERS = {"harm": "no", "customers": "no", "officials": "no", "spread": "no", "word": "yes"}


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def stage(aldane: Client, visit: Visit, person: MakePerson) -> Stage:
    return Stage(TRAMONTEL, TECKEL, BEGINS, 60, House(aldane, visit, person("director")))


def test_a_mocking_cascade_is_heard_read_corrected_and_told(stage: Stage, lead: User) -> None:
    incident = it_is_heard_though_sentiment_says_nothing(stage)
    page = f"/agence/incidents/{incident.number}/"
    the_machine_calls_it_no_attack()
    stage.act(12, lead, f"{page}confirmer/", title="On rit de notre tarif animal", lead=lead.pk, **ANSWERS)
    incident.refresh_from_db()
    assert incident.severity >= 3, "a laugh wakes nobody"
    stage.hear(stage.at(62))
    the_root_is_the_brands_own_post()
    most_of_it_is_neutral_and_looks_on()
    nobody_acts_together_and_nobody_is_called_in()
    a_joke_read_as_a_grievance_is_set_right(stage, lead, page)
    who_complains_outside_the_thread_is_in_it_too()
    the_page_and_the_report_say_it(stage, lead, page)


def it_is_heard_though_sentiment_says_nothing(stage: Stage) -> Incident:
    stage.hear(stage.at(-1))
    assert not Signal.objects.exists()
    stage.hear(stage.at(10))
    signal = Signal.objects.get()
    assert signal.stream == "thread", "the conversation under the brand's own post speaks, not the total"
    assert not Mention.objects.filter(published_at__gte=stage.begins, sentiment="negative").exists()
    return Incident.objects.get()


def the_machine_calls_it_no_attack() -> None:
    signal = Signal.objects.get()
    assert signal.attack == "no"
    assert "La marque venait de publier." in signal.reasons["fr"]


def the_root_is_the_brands_own_post() -> None:
    root = sections()["spread"]["rows"][0]
    assert (root["ours"], root["seen"], root["handle"], root["minutes"]) == (True, True, "tramontel", -1)
    assert root["below"] == sum(line.quotes != "" or line.answers != "" for line in TECKEL.lines)
    assert root["copies"] == 0, "a quote with words of its own is no copy"


def most_of_it_is_neutral_and_looks_on() -> None:
    assert not Mention.objects.filter(attachments__isnull=False, sentiment="negative").exists()
    people = sections()["people"]
    assert people["popcorn_share"] >= 0.4
    assert "spectator" in {row["role"] for row in people["rows"]}
    assert "instigator" not in {row["role"] for row in people["rows"]}, "who quotes a brand's post first leads nobody"


def nobody_acts_together_and_nobody_is_called_in() -> None:
    assert not sections()["pack"]["is_pack"]
    assert sections()["called"]["rows"] == []


def a_joke_read_as_a_grievance_is_set_right(stage: Stage, lead: User, page: str) -> None:
    """« Le teckel a-t-il droit au buffet ? » reads as a customer's question; a person knows better."""
    assert part_of("tonton_wifi") == "customer"
    stage.act(63, lead, f"{page}lecture/roles/{number_of('tonton_wifi')}/", role="spectator")
    stage.hear(stage.at(70))
    assert part_of("tonton_wifi") == "spectator"


def who_complains_outside_the_thread_is_in_it_too() -> None:
    """The thread spoke first, but everything heard surges as well: a customer who was charged twice is not left out."""
    attached = Mention.objects.get(author__handle="luce_et_rex").attachments.get()
    assert attached.by_id is None, "the machine, not a hand"
    assert part_of("luce_et_rex") == "customer"


def the_page_and_the_report_say_it(stage: Stage, lead: User, page: str) -> None:
    shown = stage.see(73, lead, f"{page}lecture/")
    assert "Beaucoup regardent passer, peu reprochent quelque chose" in shown
    assert "Rien ne montre une meute" in shown and "Personne n’a été mis en copie" in shown
    stage.hear(stage.at(600))
    stage.close(600, lead, page, note="En rire avec eux. Revoir la phrase du tarif animal.")
    report = stage.draft(601)
    told = stage.see(602, lead, f"/agence/rapports/{report.pk}/apercu/")
    assert "plaide pour une gravité moindre" in told and "Rien ne montre une meute" in told
    assert "1 rôle décidé" in told
    assert not [line.handle for line in TECKEL.lines if line.part != "brand" and line.handle in told]
