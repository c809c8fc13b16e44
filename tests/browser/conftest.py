"""A running house and eyes on it. Without chromium these tests are skipped, and say so."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection, connections

from agency.models import Client, Domain, Membership, User
from agency.signin import SESSION_SCHEMA
from tests.browser.eyes import CHROMIUM, Eyes, chromium

Cookies = list[Mapping[str, Any]]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """The test's own words are enough."""


@pytest.fixture(scope="module")
def eyes() -> Iterator[Eyes]:
    """One chromium a module. Playwright keeps an event loop in this thread, which Django would take for async code."""
    if not CHROMIUM.exists():
        pytest.skip(f"no chromium at {CHROMIUM}: browser tests are skipped (set REMPART_CHROMIUM)")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as browser:
        yield Eyes(browser)
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class House:
    """The web process on a free port, with its hosts, and people who are really there (committed)."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, path: str = "/", client: Client | None = None) -> str:
        """Address on the client's host; without a client, on the agency's."""
        host = Domain.objects.get(tenant=client, is_primary=True).domain if client else "agence.localhost"
        return f"http://{host}:{self.port}{path}"

    def person(
        self, role: str, client: Client | None = None, full_name: str = "Lou Ferrand", password: str = ""
    ) -> User:
        number = User.objects.count() + 1
        user = User.objects.create_user(f"{role}{number}@rempart.test", password or None, full_name=full_name)
        Membership.objects.create(user=user, client=client, role=role)
        return user

    def signed_in(self, user: User, client: Client | None = None) -> Cookies:
        """The cookie of a session opened by `user` on that host."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        method = {"method": "password", "at": time.time(), "email": user.email, "reauthenticated": True}
        session["account_authentication_methods"] = [method]
        session["account_authentication_methods_user"] = str(user.pk)
        session[SESSION_SCHEMA] = client.schema_name if client else "public"
        session.save()
        return [{"name": "sessionid", "value": session.session_key, "url": self.url("/", client)}]


@pytest.fixture
def house(committed: None) -> Iterator[House]:
    """Serves the two clients of the tests and the agency, as in production: same middleware, same policy."""
    from agency.config.wsgi import application  # settings must be ready

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    connection.set_schema_to_public()
    yield House(server.server_address[1])
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)
    connections.close_all()


@pytest.fixture
def look(house: House, eyes: Eyes) -> Callable[..., None]:
    """look("/path", "name", user=…, client=…): see `Eyes.look`."""

    def look_at(
        path: str, name: str, *, user: User | None = None, client: Client | None = None, status: int = 200
    ) -> None:
        cookies = house.signed_in(user, client) if user else None
        eyes.look(house.url(path, client), name, cookies=cookies, status=status)

    return look_at


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
