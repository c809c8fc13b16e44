"""An account is erased while a batch of it comes in: the batch is waited for, and forgotten with the rest."""

import threading

from django.db import connection, transaction
from django_tenants.utils import schema_context

from agency.models import User
from clients.models import Author, Mention
from clients.services import authors
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.conftest import NOW

ZOE = {"author_handle": "zoe", "network": "x", "original": "<p>zoe</p>"}


def test_what_comes_in_during_the_erasure_is_forgotten_too(committed: None) -> None:
    by = User.objects.create_user("lea@rempart.test", "un mot de passe")
    with schema_context("maison_aldane"):
        source = feed()
        ingest(source=source, raws=[said(1, url="https://x.test/zoe/1", **ZOE)], now=NOW)

    def erase() -> None:
        with schema_context("maison_aldane"):
            authors.erase(author=Author.objects.get(), by=by, reason="Demande", erases_words=True, now=NOW)
        connection.close()

    erasing = threading.Thread(target=erase)
    with schema_context("maison_aldane"):
        with transaction.atomic():
            ingest(source=source, raws=[said(2, "Tout autre chose", url="https://x.test/zoe/2", **ZOE)], now=NOW)
            erasing.start()
            erasing.join(0.5)
        erasing.join(10)
        assert not Mention.objects.exclude(url="").exists() and not Mention.objects.exclude(text="[…]").exists()
        assert Author.objects.get().erased_at == NOW
