"""The house under test: real PostgreSQL, two clients made once per run, people of every role."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from django_tenants.utils import schema_context

from agency.cache import ForgivingCache
from agency.choices import Role
from agency.models import Client, Domain, Membership, SchemaTemplate, User
from agency.services import clients

NOW = datetime(2026, 11, 17, 20, 58, tzinfo=UTC)
PASSWORD = "un mot de passe de test"


class QuickArgon2(Argon2PasswordHasher):
    """The house's own hasher at its least costly: hundreds of people sign in during the tests."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["tests.conftest.QuickArgon2"]):
        yield


def open_both_clients() -> None:
    """Two fictional clients: a linen shop and a ferry line."""
    for schema_name, name in (("maison_aldane", "Maison Aldane"), ("tramontel", "Ferries Tramontel")):
        clients.open_client(schema_name=schema_name, name=name, by=None, now=NOW)


def empty_the_house() -> None:
    """Removes every row and every client's schema: what a test that committed leaves behind."""
    connection.set_schema_to_public()
    schemas = list(Client.objects.values_list("schema_name", flat=True))
    with connection.cursor() as cursor:
        for name in schemas:
            cursor.execute(f'DROP SCHEMA "{name}" CASCADE')
        tables = [
            t
            for t in connection.introspection.table_names()
            if t.startswith(("agency_", "account_", "mfa_", "django_session"))
        ]
        kept = SchemaTemplate._meta.db_table
        cursor.execute("TRUNCATE " + ", ".join(f'"{t}"' for t in tables if t != kept) + " CASCADE")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """One database a run, whichever tests are picked (pytest-django makes none for tests that only commit)."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        open_both_clients()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with connection.cursor() as cursor:  # threads of a served house may still hold a connection of the pool
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For what needs real commits (a server in another thread, a worker): cleans up by making the house anew."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        empty_the_house()
        open_both_clients()


@pytest.fixture(autouse=True)
def _cache_is_asked() -> None:
    """A test that had its cache away, or kept waiting by a busy machine, leaves it asked again by the next one."""
    ForgivingCache._away_until = 0.0


@pytest.fixture(autouse=True)
def _public_schema_first(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "db" in request.fixturenames or "committed" in request.fixturenames:
        connection.set_schema_to_public()


@pytest.fixture
def aldane(db: None) -> Iterator[Client]:
    """The linen shop; the test runs in its schema."""
    client = Client.objects.get(schema_name="maison_aldane")
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        yield client


@pytest.fixture
def tramontel(db: None) -> Client:
    """The ferry line; the test does not enter its schema by itself."""
    return Client.objects.get(schema_name="tramontel")


MakePerson = Callable[..., User]


@pytest.fixture
def person(db: None) -> MakePerson:
    """person("cm", aldane) makes somebody with that role; without a client, for the whole agency."""

    def make(role: str, client: Client | None = None, *, email: str = "") -> User:
        number = User.objects.count() + 1
        user = User.objects.create_user(
            email or f"{role}{number}@rempart.test", PASSWORD, full_name=f"{Role(role).label} {number}"
        )
        Membership.objects.create(user=user, client=client, role=role)
        return user

    return make


def host_of(client: Client) -> str:
    return Domain.objects.get(tenant=client, is_primary=True).domain


@pytest.fixture
def visit(db: None) -> Callable[..., Browser]:
    """visit(user, client) is a signed-in browser on that client's host; without a client, on the agency's."""

    def open_browser(user: User | None = None, client: Client | None = None) -> Browser:
        browser = Browser(HTTP_HOST=host_of(client) if client else "agence.localhost")
        if user is not None:
            browser.force_login(user)
            session = browser.session
            session["schema"] = client.schema_name if client else "public"
            session.save()
        return browser

    return open_browser
