"""Nobody reaches what is not theirs: every table, every task, every key and cookie (routes: test_every_route)."""

import re
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.config import celery
from agency.models import Client
from agency.services import handover, keys, people
from agency.tasks import ClientTask, NoClient
from tests.conftest import host_of
from tests.world import TENANT_MODELS, fill


def test_an_expired_key_and_a_deactivated_clients_key_open_nothing(person, tramontel):
    director, now = person("director"), timezone.now()
    _row, secret = keys.make(client=tramontel, name="n", scopes=["mentions:read"], by=director, now=now)
    assert keys.recognise(key=secret, client=tramontel, now=now + timedelta(days=364))
    assert keys.recognise(key=secret, client=tramontel, now=now + timedelta(days=365)) is None
    Client.objects.filter(pk=tramontel.pk).update(is_active=False)
    assert keys.recognise(key=secret, client=tramontel, now=now) is None


# -- cookies, passes, hosts --------------------------------------------------------------------------------------------


def test_a_session_carried_to_another_host_is_nobodys(person, visit, tramontel, aldane):
    for user, home in (
        (person("director"), None),
        (person("director"), tramontel),
        (person("owner", tramontel), tramontel),
    ):
        browser = visit(user, home)
        for host in {settings.AGENCY_HOST, host_of(tramontel), host_of(aldane)} - {browser.defaults["HTTP_HOST"]}:
            carried = Browser(HTTP_HOST=host)
            carried.cookies["sessionid"] = browser.cookies["sessionid"].value
            assert carried.get("/compte/password/change/").status_code == 302


def test_a_role_taken_away_ends_the_session(person, visit, tramontel):
    cm = person("cm", tramontel)
    browser = visit(cm, tramontel)
    assert browser.get("/agence/").status_code == 200
    people.take_role(membership=cm.memberships.get(), by=person("director"), now=timezone.now())
    assert browser.get("/agence/").status_code == 302


def test_a_pass_shown_on_the_other_clients_host_opens_nothing(person, tramontel, aldane):
    connection.set_schema_to_public()
    now = timezone.now()
    _client, token = handover.issue(by=person("director"), schema_name="tramontel", path="/", address=None, now=now)
    assert Browser(HTTP_HOST=host_of(aldane)).get(f"/entrer/{token}/").status_code == 404
    assert Browser(HTTP_HOST="agence.localhost").get(f"/entrer/{token}/").status_code in {302, 404}
    assert Browser(HTTP_HOST=host_of(tramontel)).get(f"/entrer/{token}/").status_code == 302


def test_a_host_that_is_nobodys_says_no_more_than_that(db):
    answer = Browser(HTTP_HOST="inconnu.localhost").get("/")
    assert (answer.status_code, answer.content) == (404, b"404")
    assert Browser(HTTP_HOST="evil.test").get("/").status_code == 400


def test_a_deactivated_clients_host_answers_like_nobodys(visit, tramontel):
    Client.objects.filter(pk=tramontel.pk).update(is_active=False)
    assert visit(None, tramontel).get("/").content == b"404"


def test_a_forged_post_is_refused(person, visit, tramontel):
    browser = Browser(HTTP_HOST=settings.AGENCY_HOST, enforce_csrf_checks=True)
    browser.cookies["sessionid"] = visit(person("director")).cookies["sessionid"].value
    assert browser.post("/clients/tramontel/entrer/", {}).status_code == 403


# -- tables, files, cache ----------------------------------------------------------------------------------------------


def _written(model):
    """Its rows, without those that every client begins with."""
    return model.objects.filter(is_built_in=False) if hasattr(model, "is_built_in") else model.objects.all()


def test_what_one_client_wrote_neither_the_other_nor_the_public_schema_sees(person, aldane, tramontel):
    connection.set_schema_to_public()
    fill(aldane, person("director"))
    for model in TENANT_MODELS:
        with schema_context(aldane.schema_name):
            assert _written(model).count() > 0, model
        with schema_context(tramontel.schema_name):
            assert _written(model).count() == 0, model
        with schema_context("public"), pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.count()


def test_no_table_is_in_two_kinds_of_schema(tramontel):
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'tramontel')")
        tables = {
            schema: {t for s, t in rows if s == schema}
            for rows in [cursor.fetchall()]
            for schema in ("public", "tramontel")
        }
    assert tables["public"] & tables["tramontel"] == {"django_migrations"}
    assert {model._meta.db_table for model in TENANT_MODELS} <= tables["tramontel"]


def test_a_file_lies_in_its_clients_folder(aldane, tramontel):
    paths = []
    for client in (aldane, tramontel):
        with schema_context(client.schema_name):
            paths.append(default_storage.path("imports/a.csv"))
    assert [re.search(r"/media/(\w+)/imports/", path)[1] for path in paths] == ["maison_aldane", "tramontel"]


def test_no_file_is_served_by_its_address(person, visit, aldane):
    for path in (
        "/media/maison_aldane/imports/a.csv",
        "/static/../media/maison_aldane/a.csv",
        "/media/../../manage.py",
    ):
        assert visit(person("director"), aldane).get(path).status_code == 404


def test_the_cache_keeps_clients_apart(aldane, tramontel):
    with schema_context(aldane.schema_name):
        cache.set("name", "aldane")
    with schema_context(tramontel.schema_name):
        assert cache.get("name") is None
    with schema_context("public"):
        assert cache.get("name") is None


# -- tasks -------------------------------------------------------------------------------------------------------------


def _tasks() -> dict[str, object]:
    current_app.loader.import_default_modules()
    return {name: task for name, task in celery.app.tasks.items() if not name.startswith("celery.")}


def test_every_task_is_a_clients_or_goes_round_the_clients():
    loose = [n for n, t in _tasks().items() if not isinstance(t, ClientTask) and not n.endswith("_everywhere")]
    assert not loose, f"base these on agency.tasks.client_task, or call them …_everywhere: {loose}"


@pytest.mark.parametrize("schema_name", [None, "", "public", "pg_catalog'; --", "nobody_here"])
def test_every_clients_task_refuses_to_run_without_an_active_client(db, schema_name):
    for name, task in _tasks().items():
        if isinstance(task, ClientTask):
            with pytest.raises(NoClient):
                task(schema_name=schema_name)
            connection.set_schema_to_public()
            assert name


def test_a_clients_task_is_not_even_sent_without_a_schema(db):
    for task in _tasks().values():
        if isinstance(task, ClientTask):
            with pytest.raises(NoClient):
                task.delay()
            with pytest.raises(NoClient):
                task.delay(schema_name="public")


def test_a_deactivated_clients_task_refuses(tramontel):
    Client.objects.filter(pk=tramontel.pk).update(is_active=False)
    for task in _tasks().values():
        if isinstance(task, ClientTask):
            with pytest.raises(NoClient):
                task(schema_name="tramontel")
