"""The end of an incident, seen: closing form, debrief, follow-ups, hand-over, readiness, blurred insults."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients.models import Mention
from incidents.debriefing import Told
from incidents.models import Incident
from incidents.services import attachments, criteria, debriefs, drafts, follow_ups, incidents, timeline, to_do
from incidents.services.debriefs import Plan
from incidents.services.nature import Nature
from tests import factories
from tests.browser.conftest import House

Look = Callable[..., None]
GRAVE = {"harm": "yes", "customers": "yes", "officials": "yes", "spread": "yes", "word": "yes"}
SIGNS = "Plus rien depuis deux heures\nChaque question a sa réponse\nLe contact du client est d’accord"


@pytest.fixture
def lead(house: House) -> User:
    return house.person("lead", Client.objects.get(schema_name="maison_aldane"))


def long_night(lead: User) -> Incident:
    """Five hours of log, a sign ticked, insults among the mentions, a debrief planned, follow-ups."""
    client, now = Client.objects.get(schema_name="maison_aldane"), timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        begins = now - timedelta(hours=5)
        incident = incidents.open_by_hand(
            brand=factories.brand(), title="Un confrère frappe", started_at=begins, lead=lead, answers=GRAVE,
            nature=Nature(type="mockery", exit_criteria=SIGNS), by=lead, now=begins,
        )  # fmt: skip
        for step in range(1, 11):
            at = begins + timedelta(minutes=29 * step)
            timeline.log(
                incident=incident, kind="message", text=f"Point {step} envoyé", happened_at=at, by=lead, now=at
            )
        factories.mention("Bande de connards, rendez l’argent. Vous êtes des escrocs, sale pourriture.", now)
        mentions = list(Mention.objects.values_list("pk", flat=True))
        attachments.attach(incident=incident, mention_ids=mentions, by=lead, now=now)
        criteria.tick(incident=incident, number=1, by=lead, now=now)
        plan = Plan(now + timedelta(hours=20), lead)
        row = debriefs.plan(incident=incident, kind="hot", plan=plan, by=lead, now=now)
        told = Told("Nous trois", "Un confrère a frappé à 21 h.", "La veille.", "Le standard.", "Double accord.")
        debriefs.write(debrief=row, told=told, by=lead, now=now)
        given = {"incident": incident, "debrief": row, "by": lead, "now": now}
        day = timezone.localdate() + timedelta(days=9)
        follow_ups.add(words="Double accord au-delà de cent passagers", owner_name="Rémi Costabel", due_on=day, **given)
        done = follow_ups.add(words="Relire l’élément P-07", owner=lead, due_on=day, **given)
        follow_ups.finish(follow_up=done, by=lead, now=now, note="Relu avec le client.")
        to_do.add(incident=incident, words="Rappeler le standard", due_at=now + timedelta(hours=1), by=lead, now=now)
        about = drafts.About(brand=incident.brand, subject="Démenti sur les délais", incident=incident)
        drafts.submit(
            draft=drafts.begin(about=about, text="C’est faux.", by=lead, now=now), version=1, by=lead, now=now
        )
        return incident


def test_an_incident_ends_and_is_looked_back_on(lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    incident = long_night(lead)
    look(f"/agence/incidents/{incident.number}/", "closing-incident", user=lead, client=client)
    look(f"/agence/incidents/{incident.number}/clore/", "closing-form", user=lead, client=client)
    look(f"/agence/incidents/{incident.number}/retex/chaud/", "closing-debrief", user=lead, client=client)
    look(f"/agence/incidents/{incident.number}/releve/", "closing-relief", user=lead, client=client)
    look("/agence/suites/", "closing-follow-ups", user=lead, client=client)


def test_what_keeps_a_client_ready_and_a_person_rested(lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    long_night(lead)
    look("/agence/preparation/", "closing-readiness", user=lead, client=client)
    look("/agence/soin/", "closing-care", user=lead, client=client)
    look("/preparation/", "closing-desk", user=lead)
