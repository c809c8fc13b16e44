"""An incident loaded as plain values."""

from agency.models import Client
from incidents.models import Incident
from incidents.selectors.cases import case_of
from tests import factories
from tests.conftest import NOW


def test_a_case_is_told_in_the_country_of_its_client(aldane: Client) -> None:
    incident = Incident.objects.create(
        number=1, brand=factories.brand(), title="Coup", started_at=NOW, proposed_at=NOW, state="dismissed"
    )
    assert case_of(incident, NOW).country == "FR"
    Client.objects.filter(pk=aldane.pk).update(country="BE")
    assert case_of(incident, NOW).country == "BE"
