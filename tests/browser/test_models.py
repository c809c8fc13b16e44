"""What the reading has learnt, as a lead sees it: models, agreement, the draw, and the way there from the list."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client
from clients.models import Classification, Mention, ReadingModel
from clients.selectors import checking
from clients.services import corrections, reading
from tests import factories
from tests.browser.conftest import House

pytestmark = pytest.mark.browser
WHY = {
    "fr": "0,74 sur 9 corrections mises à part, contre 0,61 au modèle livré.",
    "en": "0.74 on 9 corrections kept apart, 0.61 for the shipped one.",
}


def test_what_the_reading_has_learnt(look: Callable[..., None], house: House) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    lead, now = house.person("lead", client, full_name="Inès Caron"), timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        for n in range(60):
            factories.mention(f"Le colis {n} n’est jamais arrivé, quelle honte", now - timedelta(minutes=n))
        Mention.objects.update(read_at=None)
        reading.read_new(reader=reading.Reader.shipped(), now=now - timedelta(seconds=1))
        for mention in checking.drawn(Mention.objects.order_by("id"))[:2]:
            given = {"intent": "complaint", "sentiment": "negative", "attack": "no"}
            corrections.say(mention=mention, given=given, whole=True, by=lead, now=now)
        for days, state in ((1, "active"), (2, "refused"), (3, "retired")):
            made_at = now - timedelta(days=days)
            ReadingModel.objects.create(
                axis="attack", version=f"attack/{days}", state=state, arrays=b"", corrections=40, held_out=9,
                why=WHY, trained_at=made_at, activated_at=made_at,
            )  # fmt: skip
        number = Classification.objects.filter(label_source="person").values_list("mention_id", flat=True)[0]
    look("/agence/lecture/modeles/", "models", user=lead, client=client)
    look("/agence/tri/?vue=tirees", "models-drawn", user=lead, client=client)
    look(f"/agence/tri/mentions/{number}/", "models-mention", user=lead, client=client)
