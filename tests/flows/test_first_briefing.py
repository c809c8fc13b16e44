"""The demo's strike, minute by minute: the first briefing is with its reader within five minutes of the first post."""

from datetime import datetime, timedelta
from time import perf_counter

import pytest
import time_machine

from agency.models import Client, User
from clients.models import Contact
from incidents.models import Briefing, Incident
from incidents.services import briefings
from reports.demo.aldane import ALDANE
from reports.demo.rapidolin import RAPIDOLIN
from tests.conftest import MakePerson
from tests.flows.stage import House, Stage, Visit
from tests.incidents.letters import Letters

BEGINS = datetime.fromisoformat("2026-11-17T21:07:00+01:00")
ANSWERS = {"harm": "no", "customers": "yes", "officials": "no", "spread": "yes", "word": "yes"}
OF_A_PERSON = timedelta(seconds=90)  # to read the proposal and confirm it; as much again to read the report and send it


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def stage(aldane: Client, visit: Visit, person: MakePerson) -> Stage:
    length = RAPIDOLIN.length / timedelta(minutes=1)
    return Stage(ALDANE, RAPIDOLIN, BEGINS, length, House(aldane, visit, person("director")))


def test_the_first_briefing_is_with_its_reader_within_five_minutes(
    stage: Stage, lead: User, aldane: Client, visit: Visit
) -> None:
    heard = first_heard(stage)
    incident = Incident.objects.get()
    page = f"/agence/incidents/{incident.number}/"
    confirmed = heard + OF_A_PERSON / timedelta(minutes=1)
    stage.act(confirmed, lead, f"{page}confirmer/", title="Un confrère moque nos délais", lead=lead.pk, **ANSWERS)
    written = stage.at(confirmed) + OF_A_PERSON
    with time_machine.travel(written, tick=False):
        spent = {"open": -perf_counter()}
        form = visit(lead, aldane).get(f"{page}point/").context["form"]
        spent["open"] += perf_counter()
        given = {name: form[name].value() for name in (*form.fields,)}
        given["is_last"] = ""
        spent["issue"] = -perf_counter()
        assert visit(lead, aldane).post(f"{page}point/", given).status_code == 302, "what is proposed leaves as it is"
        spent["issue"] += perf_counter()
    post = Letters()
    for number in briefings.due(now=written):
        briefings.send(briefing_id=number, post=post, now=written)
    print(f"heard {heard:.1f} min, left {(written - BEGINS) / timedelta(minutes=1):.1f} min", spent)
    assert post.sent and Briefing.objects.get(contact=Contact.objects.get(rank=1)).sent_at == written
    assert written - BEGINS <= timedelta(minutes=5)


def first_heard(stage: Stage) -> float:
    """Minutes from the first post to the proposal, looked for every quarter of a minute."""
    for quarter in range(1, 13):
        stage.hear(stage.at(quarter / 4))
        if Incident.objects.exists():
            return quarter / 4
    pytest.fail("not heard within three minutes")
