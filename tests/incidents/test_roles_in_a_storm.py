"""A person says what an account does while the machine writes down what it has just read."""

import threading

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from agency.models import User
from incidents.models import Incident, IncidentMention, ParticipantRole
from incidents.services import roles
from tests import factories
from tests.conftest import NOW


def struck() -> tuple[Incident, int]:
    """An incident of one post, and the number of its account."""
    incident = Incident.objects.create(number=1, brand=factories.brand(), title="Coup", started_at=NOW, proposed_at=NOW)
    mention = factories.mention("C’est honteux", NOW)
    IncidentMention.objects.create(incident=incident, mention=mention, attached_at=NOW)
    assert mention.author_id is not None
    return incident, mention.author_id


@pytest.mark.parametrize("is_known", [True, False], ids=["presumed before", "nothing presumed before"])
@pytest.mark.parametrize("who_waits", ["the person", "the machine"])
def test_a_persons_word_holds_whoever_comes_first(committed: None, is_known: bool, who_waits: str) -> None:
    by = User.objects.create_user("lea@rempart.test", "un mot de passe")
    with schema_context("maison_aldane"):
        incident, author = struck()
    row = {"author": author, "role": "follower", "confidence": 0.7, "basis": [], "in_pack": False}

    def keep() -> None:
        roles.keep(incident=incident, told={"rows": [row]}, now=NOW)

    def say() -> None:
        roles.decide(incident=incident, author_id=author, role="customer", by=by, now=NOW)

    def afterwards(act: object) -> None:
        with schema_context("maison_aldane"):
            act()  # type: ignore[operator]
        connection.close()

    first, second = (keep, say) if who_waits == "the person" else (say, keep)
    other = threading.Thread(target=afterwards, args=[second])
    with schema_context("maison_aldane"):
        if is_known:
            keep()
        with transaction.atomic():
            first()
            other.start()
            other.join(0.5)
        other.join(10)
        kept = ParticipantRole.objects.get()
        assert (kept.role, kept.state, kept.by_id) == ("customer", "confirmed", by.pk)
