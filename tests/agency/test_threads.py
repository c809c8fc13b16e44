"""Many threads, several clients: nobody ever works in another's schema."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.signing import read, sign
from agency.tasks import ClientTask
from clients.models import Brand

SCHEMAS = ("maison_aldane", "tramontel")
THREADS, ROUNDS = 8, 12


def in_threads(act):
    """act(schema) in eight threads, both clients in turn in each; what each call returned, by schema."""
    gate = threading.Barrier(THREADS)

    def work(number):
        try:
            gate.wait()
            schemas = islice(cycle(SCHEMAS if number % 2 else SCHEMAS[::-1]), ROUNDS)
            return [(schema, act(schema)) for schema in schemas]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return [pair for pairs in pool.map(work, range(THREADS)) for pair in pairs]


@pytest.fixture
def two_brands(committed):
    for schema in SCHEMAS:
        with schema_context(schema):
            Brand.objects.create(name=f"Marque {schema}")


def test_eight_threads_never_read_the_other_clients_rows(two_brands):
    def brands(schema):
        with schema_context(schema):
            return list(Brand.objects.values_list("name", flat=True))

    assert all(names == [f"Marque {schema}"] for schema, names in in_threads(brands))


def test_an_error_in_one_clients_schema_does_not_leave_the_thread_there(two_brands):
    def fail_then_look(schema):
        with pytest.raises(ZeroDivisionError), schema_context(schema):
            Brand.objects.count()
            raise ZeroDivisionError
        return connection.schema_name

    assert {left for _schema, left in in_threads(fail_then_look)} == {"public"}


def test_a_task_returns_its_thread_to_the_public_schema(two_brands):
    class Look(ClientTask):
        name = "tests.look"

        def run(self):
            return connection.schema_name

    def run(schema):
        return Look()(schema_name=schema), connection.schema_name

    assert all(seen == (schema, "public") for schema, seen in in_threads(run))


def test_requests_of_two_hosts_in_one_thread_are_each_at_home(two_brands):
    def health(schema):
        Browser(HTTP_HOST=f"{schema.replace('_', '-')}.localhost").get("/healthz")
        return list(Brand.objects.values_list("name", flat=True))

    assert all(names == [f"Marque {schema}"] for schema, names in in_threads(health))


def test_cache_and_files_follow_the_thread(committed):
    def keep(schema):
        with schema_context(schema):
            cache.set("whose", schema)
            return cache.get("whose"), schema in default_storage.path("a.csv")

    assert all(kept == (schema, True) for schema, kept in in_threads(keep))


def test_what_one_client_signed_no_other_accepts(db):
    with schema_context("maison_aldane"):
        signed = sign({"draft": 7}, purpose="approve")
        assert read(signed, purpose="approve", max_age_s=60) == {"draft": 7}
    for schema, purpose in (("tramontel", "approve"), ("public", "approve"), ("maison_aldane", "read")):
        with schema_context(schema), pytest.raises(signing.BadSignature):
            read(signed, purpose=purpose, max_age_s=60)
