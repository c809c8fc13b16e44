"""Addresses to which tools post: one a source, secret, replaceable, signed where the tool signs, and never in a log."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import AuditEvent, Client, User
from clients.listening.signatures import is_genuine
from clients.models import InboundAddress, Mention, Source
from clients.services import inbound
from tests.conftest import NOW, MakePerson, host_of

Visit = Callable[..., Browser]
FIXTURES = Path(__file__).parents[1] / "fixtures"
OURS = {"external_id": "1859", "text": "Toujours rien reçu", "published_at": "2026-11-17T21:58:00+01:00"}


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def opened(kind: str, lead: User, aldane: Client, signing_secret: str = "") -> str:
    source, _made = Source.objects.get_or_create(name=f"Outil {kind}", kind=kind)
    return inbound.open_address(source=source, client=aldane, by=lead, now=NOW, signing_secret=signing_secret)[1]


def post(aldane: Client, secret: str, body: Any, **headers: str) -> HttpResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    browser = Browser(HTTP_HOST=host_of(aldane), enforce_csrf_checks=True)
    return browser.post(f"/api/v1/inbound/{secret}/", content, content_type="text/plain", headers=headers)  # type: ignore[return-value]


def test_a_tool_posts_one_mention_or_several_and_the_same_again_adds_nothing(lead: User, aldane: Client) -> None:
    secret = opened("api", lead, aldane)
    assert post(aldane, secret, OURS).json() == {"new": 1, "known": 0, "left_out": 0}  # type: ignore[attr-defined]
    both = {"mentions": [OURS, {**OURS, "external_id": "1860"}]}
    assert post(aldane, secret, both).json() == {"new": 1, "known": 1, "left_out": 0}  # type: ignore[attr-defined]
    assert Mention.objects.count() == 2 and InboundAddress.objects.get().last_used_at


@pytest.mark.parametrize(
    ("kind", "file", "expected"),
    [
        ("brandwatch", "brandwatch/page.json", {"new": 3, "known": 0, "left_out": 1}),
        ("mention", "mention/page.json", {"new": 2, "known": 0, "left_out": 0}),
        ("youscan", "youscan/page.json", {"new": 3, "known": 0, "left_out": 1}),
        ("youscan", "youscan/webhook.json", {"new": 1, "known": 0, "left_out": 0}),
    ],
)
def test_suites_post_their_own_shape(
    lead: User, aldane: Client, kind: str, file: str, expected: dict[str, int]
) -> None:
    secret, body = opened(kind, lead, aldane), (FIXTURES / file).read_bytes()
    assert post(aldane, secret, body).json() == expected  # type: ignore[attr-defined]
    assert post(aldane, secret, body).json()["new"] == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("api", b"{", 400, "not_json"),
        ("api", b"[" * 100_000, 400, "not_json"),
        ("api", {"mentions": []}, 422, "batch_refused"),
        ("api", {"external_id": "1"}, 422, "batch_refused"),
        ("youscan", b"not json", 400, "not_json"),
        ("youscan", {"hello": 1}, 422, "other_shape"),
        ("brandwatch", [1, 2], 422, "other_shape"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_words_and_leaves_nothing(
    lead: User, aldane: Client, kind: str, body: Any, status: int, code: str
) -> None:
    answer = post(aldane, opened(kind, lead, aldane), body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(answer.content)["code"] == code and Mention.objects.count() == 0


def test_an_unknown_a_closed_a_replaced_and_another_clients_address_answer_alike(
    lead: User, aldane: Client, tramontel: Client
) -> None:
    replaced = opened("api", lead, aldane)
    closed = opened("api", lead, aldane)
    with schema_context(aldane.schema_name):
        elsewhere = post(tramontel, closed, OURS)
    connection.set_tenant(aldane)  # type: ignore[attr-defined]
    inbound.close_address(address=InboundAddress.objects.get(), client=aldane, by=lead, now=NOW)
    stopped = opened("youscan", lead, aldane)
    Source.objects.filter(kind="youscan").update(is_active=False)
    answers = [post(aldane, one, OURS) for one in ("inconnu", replaced, closed, stopped)] + [elsewhere]
    bodies = [{**json.loads(answer.content), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 5 and all(body == bodies[0] for body in bodies)
    assert Mention.objects.count() == 0


def test_no_address_is_kept_or_logged(lead: User, aldane: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = opened("api", lead, aldane)
    post(aldane, secret, OURS)
    post(aldane, secret, b"{")
    post(aldane, secret, {"mentions": []})
    assert secret not in caplog.text and secret not in InboundAddress.objects.get().digest
    assert AuditEvent.objects.get(action="inbound.opened").user == lead


def test_our_own_failure_is_a_problem_and_keeps_the_secret_out_of_the_log(
    lead: User, aldane: Client, caplog: pytest.LogCaptureFixture
) -> None:
    secret = opened("api", lead, aldane)
    InboundAddress.objects.update(sealed="what no key opens")
    answer = post(aldane, secret, OURS)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (500, "server_error")
    assert "broke" in caplog.text and secret not in caplog.text


def test_too_large_and_too_many_are_refused(
    lead: User, aldane: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = opened("api", lead, aldane)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert post(aldane, secret, b"x" * 1_001).status_code == 413
    from clients.api.inbound import AddressThrottle

    monkeypatch.setattr(AddressThrottle, "rate", "2/min")
    monkeypatch.setattr("agency.cache.LEFT_ALONE_S", 0.0)  # a busy machine may keep the cache waiting once
    statuses = [post(aldane, secret, OURS).status_code for _turn in range(6)]
    assert 429 in statuses


def standard(secret: bytes, body: bytes, at: int) -> dict[str, str]:
    signature = base64.b64encode(hmac.new(secret, f"m1.{at}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"webhook-id": "m1", "webhook-timestamp": str(at), "webhook-signature": f"v1a,zzz v1,{signature}"}


def test_an_address_that_wants_signatures_takes_nothing_else(lead: User, aldane: Client) -> None:
    key = b"une clef de trente-deux octets !"
    secret = opened("api", lead, aldane, "whsec_" + base64.b64encode(key).decode())
    body, now = json.dumps(OURS).encode(), int(timezone.now().timestamp())
    assert post(aldane, secret, body).status_code == 401
    assert post(aldane, secret, body, **standard(b"autre", body, now)).status_code == 401
    assert post(aldane, secret, body + b" ", **standard(key, body, now)).status_code == 401
    assert post(aldane, secret, body, **standard(key, body, now - 3_600)).status_code == 401
    assert Mention.objects.count() == 0
    assert post(aldane, secret, body, **standard(key, body, now)).status_code == 200
    renewed = inbound.open_address(source=Source.objects.get(), client=aldane, by=lead, now=NOW)[1]
    assert post(aldane, renewed, body).status_code == 401  # the signing secret stays


@pytest.mark.parametrize("at", ["²", "9" * 400, "9" * 5_000, "-1", ""])
def test_a_signature_of_an_impossible_moment_is_refused_and_breaks_nothing(at: str) -> None:
    headers = {"webhook-id": "1", "webhook-timestamp": at, "webhook-signature": "v1,x"}
    assert not is_genuine("secret", headers, b"", NOW)


def test_the_signature_of_the_body_alone_is_known_too() -> None:
    signature = hmac.new(b"clef", b"{}", hashlib.sha256).hexdigest()
    assert is_genuine("clef", {"x-hub-signature-256": f"sha256={signature}"}, b"{}", NOW)
    assert is_genuine("clef", {"x-signature": signature.upper()}, b"{}", NOW)
    assert not is_genuine("clef", {"x-signature": signature}, b"[]", NOW)
    assert not is_genuine("clef", {"x-signature": "é"}, b"{}", NOW) and not is_genuine("clef", {}, b"{}", NOW)
    assert not is_genuine("whsec_???", standard(b"clef", b"{}", int((NOW - timedelta(days=1)).timestamp())), b"{}", NOW)


def test_a_lead_opens_replaces_and_closes_an_address(lead: User, aldane: Client, visit: Visit) -> None:
    browser = visit(lead, aldane)
    made = browser.post("/agence/ecoute/adresses/", {"name": "Zapier"})
    address = made.content.decode().partition("/api/v1/inbound/")[2].partition("/")[0]
    assert made.status_code == 200 and "no-store" in made["Cache-Control"] and len(address) == 43
    assert post(aldane, address, OURS).status_code == 200
    assert address not in browser.get("/agence/ecoute/adresses/").content.decode()
    with schema_context(aldane.schema_name):
        source = Source.objects.get(name="Zapier")
    browser.post(f"/agence/ecoute/adresses/{source.pk}/renouveler/")
    assert post(aldane, address, OURS).status_code == 404
    assert browser.post(f"/agence/ecoute/adresses/{source.pk}/fermer/").status_code == 302
    assert browser.post(f"/agence/ecoute/adresses/{source.pk}/fermer/").status_code == 404
    for wrong in ({}, {"name": "Zapier"}, {"name": "Autre", "source": source.pk}):
        assert browser.post("/agence/ecoute/adresses/", wrong).status_code == 422


def test_nothing_is_posted_to_a_feed_or_to_what_a_key_pushes(lead: User, aldane: Client, visit: Visit) -> None:
    feed = Source.objects.create(name="Presse", url="https://p.example/f")
    pushed = Source.objects.create(name="API", kind="api", api_key_id=3)
    browser = visit(lead, aldane)
    assert [browser.post(f"/agence/ecoute/adresses/{one.pk}/renouveler/").status_code for one in (feed, pushed)] == [
        404,
        404,
    ]
    assert not inbound.can_be_posted_to(feed) and not inbound.can_be_posted_to(pushed)


def test_a_cm_opens_no_address_and_nobody_reads_by_one(
    lead: User, aldane: Client, person: MakePerson, visit: Visit
) -> None:
    source, secret = Source.objects.create(name="Make", kind="api"), opened("youscan", lead, aldane)
    cm = visit(person("cm", aldane), aldane)
    assert cm.get("/agence/ecoute/adresses/").status_code == 403
    assert cm.post(f"/agence/ecoute/adresses/{source.pk}/renouveler/").status_code == 403
    assert cm.get(f"/api/v1/inbound/{secret}/").status_code == 405
