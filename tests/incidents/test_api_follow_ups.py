"""Follow-ups over REST: those of confirmed incidents, never of a restricted one."""

from datetime import timedelta

from django.test import Client as Browser
from django.utils import timezone

from agency.models import Client, User
from agency.services import keys
from incidents.models import Incident
from incidents.services import follow_ups, incidents
from tests import factories
from tests.conftest import NOW, MakePerson, host_of
from tests.incidents.test_incidents import ANSWERS


def read(client: Client, lead: User) -> list[dict]:
    _row, key = keys.make(
        client=client, name="suites", scopes=["incidents:read"], by=lead, now=timezone.now(), lifetime=timedelta(days=1)
    )
    bearer = {"Authorization": f"Bearer {key}"}
    return Browser(HTTP_HOST=host_of(client)).get("/api/v1/follow-ups", headers=bearer).json()["results"]


def test_follow_ups_are_read_with_who_does_them_unless_restricted(aldane: Client, person: MakePerson) -> None:
    lead = person("lead", aldane)
    incident = incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    day = NOW.date() + timedelta(days=9)
    given = {"incident": incident, "due_on": day, "by": lead, "now": NOW}
    follow_ups.finish(follow_up=follow_ups.add(words="Relire P-07", owner=lead, **given), by=lead, now=NOW)
    follow_ups.add(words="Double accord", owner_name="Rémi Costabel", **given)
    told = read(aldane, lead)
    assert [(one["owner"], one["state"], one["incident"]) for one in told] == [
        (lead.full_name, "done", incident.reference), ("Rémi Costabel", "open", incident.reference),
    ]  # fmt: skip
    Incident.objects.update(is_restricted=True)
    assert read(aldane, lead) == []
