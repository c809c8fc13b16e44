"""The API against its own document: the document is valid, and no request of a stranger's client breaks the promise."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from agency.choices import Scope
from agency.models import Client
from agency.services import keys
from clients.services import inbound
from tests.conftest import MakePerson, host_of

ASKS_NO_KEY = {"read_calendar"}  # the secret is in its address
EXAMPLES = 15  # requests made up for each operation
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def document(aldane: Client) -> dict[str, Any]:
    answer = Browser(HTTP_HOST=host_of(aldane)).get("/api/schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def key(aldane: Client, person: MakePerson) -> Iterator[str]:
    director = person("director")
    _row, made = keys.make(
        client=aldane, name="stranger", scopes=Scope.values, by=director, now=timezone.now(), lifetime=timedelta(days=1)
    )
    yield made


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_every_operation_says_what_goes_wrong(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            asks_a_key = operation["operationId"] not in ASKS_NO_KEY
            assert ("401" in operation["responses"]) is asks_a_key, f"{method} {path} does not say 401"
            assert operation.get("summary"), f"{method} {path} has no summary"


def test_no_made_up_request_gets_an_answer_that_the_document_does_not_know(
    document: dict[str, Any], key: str, aldane: Client
) -> None:
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    headers = {"Host": host_of(aldane), "Authorization": f"Bearer {key}"}
    operations = [found.ok() for found in schema.get_all_operations()]
    with the_tests_connection():
        for operation in operations:
            hold(operation, headers)
    assert len(operations) >= 6


def test_no_made_up_body_gets_an_answer_that_the_document_does_not_know_from_an_address(
    document: dict[str, Any], aldane: Client, person: MakePerson
) -> None:
    source = inbound.source_for(name="Outil")
    _row, secret = inbound.open_address(source=source, client=aldane, by=person("director"), now=timezone.now())
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    with the_tests_connection():
        operation, headers = schema["/api/v1/inbound/{secret}/"]["POST"], {"Host": host_of(aldane)}
        assert 404 not in hold(operation, headers, secret=secret)
        case = operation.Case(
            path_parameters={"secret": secret},
            body={"mentions": [{"external_id": "1", "text": "Bonjour"}]},
            media_type="application/json",
        )
        answer = case.call(base_url=f"http://{headers['Host']}", headers=headers)
        case.validate_response(answer, checks=CHECKS)
    assert answer.status_code == 200


def test_the_document_tells_no_secret_and_asks_no_key_where_none_is_needed(
    document: dict[str, Any], aldane: Client, person: MakePerson
) -> None:
    source = inbound.source_for(name="Outil")
    _row, secret = inbound.open_address(source=source, client=aldane, by=person("director"), now=timezone.now())
    browser = Browser(HTTP_HOST=host_of(aldane))
    after = browser.get("/api/schema/", headers={"Accept": "application/json"})
    operation = after.json()["paths"]["/api/v1/inbound/{secret}/"]["post"]
    assert after.json() == document
    assert secret not in after.content.decode()
    assert "403" not in operation["responses"]
    assert not operation.get("security")


@contextmanager
def the_tests_connection() -> Iterator[None]:
    """Requests end by giving old connections back, as Django's own test client knows not to do within a test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def hold(operation: Any, headers: dict[str, str], **in_the_path: str) -> set[int]:
    """Makes up requests for one operation; AssertionError with a curl line when an answer breaks the document.

    Returns the statuses that were answered.
    """
    answered = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def holds(case: schemathesis.Case) -> None:
        case.path_parameters.update(in_the_path)
        response = case.call(base_url=f"http://{headers['Host']}", headers=headers)
        case.validate_response(response, checks=CHECKS)
        answered.add(response.status_code)

    holds()
    return answered
