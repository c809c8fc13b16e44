"""Accounts to forget: the page as a lead sees it, empty, with what was found, and before the act."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client
from clients.models import Author
from clients.services import authors
from clients.services.ingest import ingest
from tests.browser.conftest import House
from tests.clients.rooms import feed, said

pytestmark = pytest.mark.browser
Look = Callable[..., None]


def test_the_accounts_to_forget(look: Look, house: House) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    ines, now = house.person("lead", client, full_name="Inès Caron"), timezone.now()
    look("/agence/comptes-effaces/", "forgotten-empty", user=ines, client=client)
    with schema_context(client.schema_name):
        posts = [
            said(n, "Trois semaines que j’attends", author_handle=who, author_name=name, network="mastodon")
            for n, (who, name) in enumerate((("marie_c", "Marie C."), ("marie_c", "Marie C."), ("mariette", "")))
        ]
        ingest(source=feed(), raws=posts, now=now)
        asked = "Demande reçue par courriel le 12 novembre"
        erased = Author.objects.get(handle="mariette")
        connection.set_tenant(client)
        authors.erase(author=erased, by=ines, reason=asked, erases_words=True, now=now)
        number = Author.objects.get(handle="marie_c").pk
    look("/agence/comptes-effaces/?q=mari", "forgotten", user=ines, client=client)
    look(f"/agence/comptes-effaces/{number}/", "forget", user=ines, client=client)
