"""A key of a client and the questions asked with it."""

import json
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from agency.models import Client, User
from agency.services import keys
from tests.conftest import host_of

Ask = Callable[..., Any]


def asking(client: Client, by: User, scopes: Collection[str], name: str = "Outil") -> Ask:
    """`ask(path, method="GET", said=None, raw="", **headers)` under /api/v1/, with a new key of those scopes."""
    made = keys.make(
        client=client, name=name, scopes=list(scopes), by=by, now=timezone.now(), lifetime=timedelta(days=1)
    )[1]
    browser = Browser(HTTP_HOST=host_of(client))

    def ask(path: str, method: str = "GET", said: object = None, raw: str = "", **headers: str) -> Any:
        given = {"Authorization": f"Bearer {made}", **{name.replace("_", "-"): one for name, one in headers.items()}}
        body = raw if said is None else json.dumps(said)
        answer = browser.generic(method, f"/api/v1/{path}", body, content_type="application/json", headers=given)
        connection.set_tenant(client)
        return answer

    return ask
