"""The pages of the webhooks: made, tried, stopped and started, replayed; a director's only."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client as Browser

from agency.models import AuditEvent, Client, User
from clients.models import WebhookDelivery, WebhookEndpoint
from clients.services import webhook_events, webhooks
from tests.clients.test_webhooks import START, go, happens, listens, loopback
from tests.clients.webhook_receiver import receiver
from tests.conftest import MakePerson

Visit = Callable[..., Browser]
HOME = "/agence/webhooks/"


@pytest.fixture(autouse=True)
def _at_that_hour_on_loopback(settings: pytest.FixtureRequest) -> Iterator[None]:
    settings.OUTGOING_ALLOW_PRIVATE = True  # type: ignore[attr-defined]
    with time_machine.travel(START):
        yield


@pytest.fixture
def director(person: MakePerson) -> User:
    return person("director")


@pytest.fixture
def browser(visit: Visit, director: User, aldane: Client) -> Browser:
    return visit(director, aldane)


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def test_a_director_makes_one_sees_its_secret_once_and_sends_a_test(browser: Browser) -> None:
    with receiver() as tool:
        given = {"url": tool.url, "events": ["incident.opened"], "description": "Astreinte"}
        made = browser.post(HOME, given)
        secret = re.search(r"whsec_[\w+/=]+", made.content.decode()).group()  # type: ignore[union-attr]
        assert "no-store" in made["Cache-Control"]
        page = f"{HOME}{WebhookEndpoint.objects.get().pk}/"
        after = browser.post(f"{page}tester/", follow=True)
        assert tool.got[0].checked(secret)["type"] == "webhook.test"
        assert "204" in text_of(after) and secret not in text_of(after)
        assert secret not in text_of(browser.get(HOME))


def test_what_is_wrong_is_said_beside_its_field(browser: Browser) -> None:
    answer = browser.post(HOME, {"url": "outil.example", "events": ["incident.opened"]})
    assert answer.status_code == 422 and "https://" in text_of(answer)
    assert browser.post(HOME, {"url": "https://outil.example/"}).status_code == 422
    assert not WebhookEndpoint.objects.exists()


def test_the_log_shows_what_was_sent_and_answered_and_sends_it_again(
    browser: Browser, aldane: Client, director: User
) -> None:
    with receiver() as tool:
        endpoint, _secret = listens(aldane, director, tool.url)
        tool.answer = lambda count, _got: (500 if count == 0 else 204, {}, b"<script>non</script>")
        webhook_events.note(
            kind="incident.opened", subject="incident/1", facts={"reference": "INC-0001"}, now=START, is_drill=True
        )
        go()
        WebhookDelivery.objects.update(state="failed")
        page = text_of(browser.get(f"{HOME}{endpoint.pk}/"))
        assert "INC-0001" in page and "&lt;script&gt;non" in page and "500" in page
        assert "INC-0001" not in text_of(browser.get(f"{HOME}{endpoint.pk}/?etat=delivered"))
        browser.post(f"{HOME}messages/{WebhookDelivery.objects.get().pk}/renvoyer/")
        go(datetime.now(UTC))
        assert WebhookDelivery.objects.get().state == "delivered"
        again = browser.post(f"{HOME}{endpoint.pk}/renvoyer/", follow=True)
        assert again.status_code == 200


def test_a_tool_that_fails_hangs_and_goes_has_heard_everything_in_order_and_is_shown_as_stopped(
    browser: Browser, aldane: Client, director: User
) -> None:
    with receiver() as tool:
        endpoint, secret = listens(aldane, director, tool.url)
        noted = [
            happens(kind, f"incident/{number}") for kind in ("incident.opened", "incident.closed") for number in (1, 2)
        ]
        tool.answer = lambda count, _got: ((500, 500, 200, 204, 204, 204, 410)[count], {}, b"")
        go(START)  # 500, 500
        tool.released = threading.Event()
        go(START + timedelta(seconds=10), loopback(0.3))  # hangs
        tool.released.set()
        tool.released = None
        soon = START + timedelta(minutes=2)  # nearer than they would come: signatures are good for five minutes
        WebhookDelivery.objects.update(due_at=START)
        go(soon)
        happens("incident.opened", "incident/3")
        go(soon)  # 410
        heard = [one.checked(secret) for one in tool.got]
        for subject in (1, 2):
            mine = [event.pk for event in noted if event.subject == f"incident/{subject}"]
            seqs = [one["seq"] for one in heard if one["seq"] in mine]
            assert set(seqs) == set(mine) and seqs == sorted(seqs)
        assert "410" in text_of(browser.get(f"{HOME}{endpoint.pk}/"))
        assert "(410)" in text_of(browser.get(HOME))


def test_stopped_started_changed_its_secret_replaced_and_removed_all_in_the_trail(
    browser: Browser, aldane: Client, director: User
) -> None:
    endpoint, secret = listens(aldane, director, "https://outil.example/")
    page = f"{HOME}{endpoint.pk}/"
    for act in ("arreter", "arreter", "reprendre"):
        browser.post(f"{page}{act}/")
    new = re.search(r"whsec_[\w+/=]+", browser.post(f"{page}secret/").content.decode()).group()  # type: ignore[union-attr]
    endpoint.refresh_from_db()
    assert webhooks.secrets_of(endpoint, START) == (new, secret)
    browser.post(page, {"url": "https://autre.example/", "events": ["incident.closed"], "wants_drills": "on"})
    browser.post(f"{page}retirer/")
    acts = list(AuditEvent.objects.filter(action__startswith="webhook.").values_list("action", flat=True))
    assert sorted(acts) == sorted(f"webhook.{act}" for act in (
        "made", "stopped", "started", "rotated", "changed", "removed",
    ))  # fmt: skip
    assert browser.get(page).status_code == 404


@pytest.mark.parametrize("role", ["cm", "lead", "owner", "reader"])
def test_nobody_else_finds_them(visit: Visit, person: MakePerson, aldane: Client, role: str) -> None:
    answer = visit(person(role, aldane), aldane).get(HOME)
    assert answer.status_code in (403, 404)


def test_both_languages_say_what_comes_when(browser: Browser, director: User) -> None:
    assert "personne ne l’a encore confirmé." in text_of(browser.get(HOME))
    director.language = "en"
    director.save(update_fields=["language"])
    assert "nobody has confirmed it yet." in text_of(browser.get(HOME))
