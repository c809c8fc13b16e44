"""What a tool opens calls the agency first: a key answers for nobody, and no contact is called before a person is."""

from datetime import timedelta

import pytest

from agency.models import Client
from agency.roles import Can, Integration
from clients.models import Contact
from incidents.models import Alert, Incident, Milestone
from incidents.services import claims, escalation, incidents
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.ladders import AGENCY, Night, ladder, night, proposal
from tests.incidents.test_incidents import ANSWERS

MINUTE = timedelta(minutes=1)


@pytest.fixture
def claire(aldane: Client) -> Contact:
    return factories.contact()


@pytest.fixture
def there(aldane: Client, person: MakePerson, claire: Contact) -> Night:
    ladder(*AGENCY, ("contact", 0, claire))
    return night(aldane, person)


@pytest.fixture
def tool(aldane: Client) -> Integration:
    return Integration("Zendesk", aldane.pk, frozenset({Can.RUN_INCIDENT, Can.CLOSE_INCIDENT}))


def opened(there: Night, tool: Integration) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Colis perdus", started_at=NOW, lead=there.lead, answers=ANSWERS, by=tool,
        now=NOW,
    )  # fmt: skip


def test_the_agency_is_called_and_then_the_contacts(there: Night, tool: Integration, claire: Contact) -> None:
    incident = opened(there, tool)
    assert there.ring(NOW) == [there.cm.email]
    assert there.post.sent[0][2].startswith("Un outil a ouvert un incident et personne ne l’a pris")
    assert not Milestone.objects.filter(kind__code="acknowledged").exists()
    escalation.acknowledge(incident=incident, by=there.cm, how="page", now=NOW + MINUTE)
    assert Milestone.objects.filter(kind__code="acknowledged", reached_at=NOW + MINUTE).exists()
    assert there.ring(NOW + MINUTE) == [claire.email]
    assert list(Alert.objects.order_by("id").values_list("matter", "state")) == [
        ("opened", "answered"), ("confirmed", "calling"),
    ]  # fmt: skip


def test_nobody_answering_for_a_tool_is_never_forgotten(there: Night, tool: Integration, claire: Contact) -> None:
    opened(there, tool)
    told = there.ring(NOW + timedelta(hours=2)) + there.ring(NOW + timedelta(hours=4))
    assert claire.email not in told and told.count(there.lead.email) > 2


def test_a_proposal_that_a_tool_confirms_goes_on_calling(there: Night, tool: Integration, claire: Contact) -> None:
    incident = proposal()
    there.ring(NOW)
    incidents.confirm(incident=incident, title="Grève", lead=there.lead, answers=ANSWERS, by=tool, now=NOW)
    assert there.ring(NOW + 5 * MINUTE) == [there.cm.email]
    escalation.acknowledge(incident=incident, by=there.backup, how="link", now=NOW + 6 * MINUTE)
    assert there.ring(NOW + 6 * MINUTE) == [claire.email]


def test_a_proposal_somebody_took_needs_nobody_else(there: Night, tool: Integration, claire: Contact) -> None:
    incident = proposal()
    claims.claim(incident=incident, by=there.cm, now=NOW)
    incidents.confirm(incident=incident, title="Grève", lead=there.lead, answers=ANSWERS, by=tool, now=NOW)
    assert there.ring(NOW) == [claire.email]


def test_what_a_tool_opens_again_calls_the_agency_again(there: Night, tool: Integration, claire: Contact) -> None:
    incident = opened(there, tool)
    escalation.acknowledge(incident=incident, by=there.cm, how="page", now=NOW)
    there.ring(NOW)
    Incident.objects.update(state="closed", closed_at=NOW, closing_note="Tenue.")
    incidents.reopen(incident=Incident.objects.get(), reason="Cela repart.", by=tool, now=NOW + MINUTE)
    assert there.ring(NOW + MINUTE) == [there.cm.email]
    escalation.acknowledge(incident=incident, by=there.cm, how="page", now=NOW + 2 * MINUTE)
    assert there.ring(NOW + 2 * MINUTE) == [claire.email]
    assert Alert.objects.latest("id").matter == "reopened"
