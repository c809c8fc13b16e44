"""Integrators read what was published, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from agency.choices import Scope
from agency.models import Client, User
from agency.services import keys
from reports.documents.as_json import fingerprint, from_json
from reports.services import reports
from tests.conftest import NOW, MakePerson, host_of
from tests.reports import rooms
from tests.reports.rooms import DRAFTED

Ask = Callable[..., Any]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def ask(aldane: Client, person: MakePerson) -> Ask:
    cache.clear()
    key = keys.make(client=aldane, name="Intranet", scopes=[Scope.REPORTS_READ], by=person("director"), now=NOW)[1]
    browser = Browser(HTTP_HOST=host_of(aldane), HTTP_AUTHORIZATION=f"Bearer {key}")
    return lambda path="", **headers: browser.get(f"/api/v1/reports{path}", **headers)


def test_a_draft_is_not_there(ask: Ask, lead: User) -> None:
    draft = rooms.drafted(lead)
    assert ask().json()["results"] == []
    assert [ask(f"/{draft.pk}{ending}").status_code for ending in ("", "/pdf")] == [404, 404]


def test_only_the_version_in_force_is_listed(ask: Ask, lead: User) -> None:
    first = rooms.published(lead)
    later = DRAFTED + timedelta(hours=2)
    second = reports.publish(report=reports.new_version(report=first, by=lead, now=later), by=lead, now=later)
    (row,) = ask().json()["results"]
    assert (row["seq"], row["version"], row["reference"], row["signed_by"]) == (
        second.pk,
        2,
        "INC-0001",
        lead.full_name,
    )
    assert ask(f"/{first.pk}").status_code == 404


def test_the_whole_report_comes_with_the_hash_that_it_matches(ask: Ask, lead: User) -> None:
    answer = ask(f"/{rooms.published(lead).pk}").json()
    assert fingerprint(from_json(answer["content"])) == answer["sha256"]


@pytest.mark.parametrize("accepted", ["application/pdf", "*/*"])
def test_the_pdf_is_the_one_that_the_client_reads(ask: Ask, lead: User, accepted: str) -> None:
    answer = ask(f"/{rooms.published(lead).pk}/pdf", HTTP_ACCEPT=accepted)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")


def test_an_unknown_pdf_is_told_as_a_problem(ask: Ask) -> None:
    answer = ask("/999/pdf", HTTP_ACCEPT="application/pdf")
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (
        404,
        "application/problem+json",
        "not_found",
    )


def test_a_key_for_mentions_reads_no_report(aldane: Client, person: MakePerson) -> None:
    key = keys.make(client=aldane, name="Veille", scopes=[Scope.MENTIONS_READ], by=person("director"), now=NOW)[1]
    browser = Browser(HTTP_HOST=host_of(aldane), HTTP_AUTHORIZATION=f"Bearer {key}")
    assert browser.get("/api/v1/reports").status_code == 403


def test_the_document_of_the_api_knows_the_three_addresses(aldane: Client) -> None:
    paths = Browser(HTTP_HOST=host_of(aldane)).get("/api/schema/", {"format": "json"}).json()["paths"]
    wanted = {"/api/v1/reports", "/api/v1/reports/{id}", "/api/v1/reports/{id}/pdf"}
    assert wanted <= set(paths)
    assert "application/pdf" in paths["/api/v1/reports/{id}/pdf"]["get"]["responses"]["200"]["content"]
