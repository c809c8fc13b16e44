"""A person says that a mention is not about the client while the machine reads it, or matches it again."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from agency.models import User
from clients.listening.reading.reader import Reader
from clients.models import Mention, Watch, WatchHit
from clients.services import reading
from tests import factories
from tests.clients.rooms import watch
from tests.conftest import NOW


def _read(heard_by: Watch) -> None:
    Mention.objects.update(read_at=None)
    reading.read_new(reader=Reader.shipped(), now=NOW)


def _rematch(heard_by: Watch) -> None:
    Watch.objects.update(rematched_to=0)
    reading.rematch(watch=heard_by, now=NOW)


@pytest.mark.parametrize("at_work", [_read, _rematch], ids=["read", "matched again"])
def test_a_persons_word_holds_whatever_is_under_way(committed: None, at_work: Callable[[Watch], Any]) -> None:
    by = User.objects.create_user("lea@rempart.test", "un mot de passe")
    with schema_context("maison_aldane"):
        heard_by = watch(include=["colis"])
        mention = factories.mention("Le colis de la voisine", NOW)

    def say() -> None:
        with schema_context("maison_aldane"):
            reading.correct(mention=mention, axis="relevance", value="elsewhere", by=by, now=NOW)
        connection.close()

    saying = threading.Thread(target=say)
    with schema_context("maison_aldane"):
        with transaction.atomic():
            at_work(heard_by)
            saying.start()
            saying.join(0.5)
        saying.join(10)
        assert not WatchHit.objects.exists()
