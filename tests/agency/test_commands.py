"""The commands of somebody who installs a house."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from agency.models import Client, Membership, User
from agency.roles import Can, can


def run(*words, **options):
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_create_client_makes_a_house_and_says_where(db):
    assert "http://brasserie-orme.localhost" in run("create_client", "brasserie_orme", "Brasserie Orme")
    assert Client.objects.get(schema_name="brasserie_orme").is_active


@pytest.mark.parametrize("name", ["public", "Brasserie", "tramontel", "ab"])
def test_create_client_says_why_not(db, name):
    with pytest.raises(CommandError):
        run("create_client", name, "Brasserie Orme")


def test_create_person_makes_the_first_director_and_prints_the_link(db, visit):
    said = run("create_person", "ines@rempart.test", "Inès Roy")
    person = User.objects.get(email="ines@rempart.test")
    assert can(person, None, Can.MANAGE_PEOPLE)
    path = re.search(r"agence\.localhost(?::\d+)?(/compte/password/reset/key/\S+)", said)[1]
    assert visit().get(path).status_code == 302


def test_create_person_gives_a_role_at_one_client(db, tramontel):
    said = run("create_person", "paul@tramontel.test", "Paul", role="owner", client="tramontel")
    assert "tramontel.localhost" in said
    assert Membership.objects.get(user__email="paul@tramontel.test").client == tramontel


@pytest.mark.parametrize(
    "options",
    [{"client": "nobody_here"}, {"role": "owner"}],
    ids=["an unknown client", "a client's role without a client"],
)
def test_create_person_says_why_not_and_makes_nobody(db, options):
    with pytest.raises(CommandError):
        run("create_person", "ines@rempart.test", "Inès Roy", **options)
    assert not User.objects.exists()


def test_list_clients_says_who_lives_where(db):
    said = run("list_clients")
    assert re.search(r"tramontel +active +Ferries Tramontel · http://tramontel\.localhost", said)


def test_migrate_schemas_finds_nothing_to_do(db):
    assert "up to date" in run("migrate_schemas")


def done_in(tenant):
    connection.set_schema(tenant.schema_name, include_public=False)
    return set(MigrationRecorder(connection).applied_migrations())


def test_whoever_must_go_back_to_the_version_before_can(tramontel):
    """Every migration of a client's schema is undone, and done again."""
    before = done_in(tramontel)
    for app in ("reports", "incidents", "clients"):
        run("migrate_schemas", app, "zero", schema_name=tramontel.schema_name, verbosity=0)
    assert {app for app, _name in before - done_in(tramontel)} == {"reports", "incidents", "clients"}
    run("migrate_schemas", schema_name=tramontel.schema_name, verbosity=0)
    assert done_in(tramontel) == before


def test_the_health_address_says_whether_the_database_answers(visit, tramontel):
    for client in (None, tramontel):
        assert visit(None, client).get("/healthz").json()["status"] == "ok"
