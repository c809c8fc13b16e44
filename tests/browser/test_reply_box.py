"""The mailbox of the answers, seen: read, not read, and what a “no” leaves on the alert's card."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context
from pytest_django import Settings

from agency.models import ReplyBox
from incidents.models import AlertCall
from incidents.services import calls
from tests.agency.test_reply_tickets import BOX
from tests.browser.conftest import House
from tests.browser.test_ladder import Look, called


def test_whether_answers_by_mail_are_read_and_who_said_no(house: House, look: Look, settings: Settings) -> None:
    client, there = called(house)
    director, now = house.person("director"), timezone.now()
    look("/reponses/", "answers-off", user=director)
    settings.REPLIES_ADDRESS, settings.REPLIES_BOX = "reponses@agence.example", BOX
    box = ReplyBox.objects.create(of="x", since=now.date(), tried_at=now, read_at=now, answered_at=now)
    look("/reponses/", "answers-read", user=director)
    box.failing_since, box.error = now - timedelta(hours=1), "la boîte refuse l’utilisateur ou le mot de passe"
    box.save()
    look("/reponses/", "answers-not-read", user=director)
    look("/", "desk-answers-not-read", user=there.lead)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        calls.declined(call=AlertCall.objects.get(state="sent"), now=now)
    look("/agence/incidents/1/", "alert-declined", user=there.lead, client=client)
