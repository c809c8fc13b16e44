"""Roles presumed in an incident: replaced at each reading, what a person said stays."""

import pytest

from agency.models import Client
from clients.models import Author
from incidents.models import Incident, ParticipantRole
from incidents.services import roles
from tests import factories
from tests.conftest import NOW


def _row(author: Author, role: str) -> dict[str, object]:
    return {"author": author.pk, "role": role, "confidence": 0.6, "basis": [{"fr": "x", "en": "x"}], "in_pack": False}


@pytest.mark.django_db
def test_a_new_reading_replaces_what_was_presumed_and_keeps_what_a_person_said(aldane: Client) -> None:
    incident = Incident.objects.create(number=1, brand=factories.brand(), title="t", started_at=NOW, proposed_at=NOW)
    one, two = (Author.objects.create(network="x", handle=name, first_seen_at=NOW) for name in "ab")
    roles.keep(incident=incident, told={"rows": [_row(one, "follower"), _row(two, "relay")]}, now=NOW)
    ParticipantRole.objects.filter(author=two).update(state="confirmed", role="customer")
    roles.keep(incident=incident, told={"rows": [_row(one, "leader"), _row(two, "relay")]}, now=NOW)
    assert dict(ParticipantRole.objects.values_list("author__handle", "role")) == {"a": "leader", "b": "customer"}
    roles.keep(incident=incident, told={"rows": []}, now=NOW)
    assert list(ParticipantRole.objects.values_list("author__handle", flat=True)) == ["b"]
