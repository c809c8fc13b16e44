"""What is listened to: its health read in five seconds, and three sources added as a newcomer would."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from agency.models import Client, User
from clients.models import CollectorRun, Mention, Source
from clients.services import alarms
from tests import dovecot, mastodon
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.clients.rooms import feed
from tests.clients.test_listening import rss
from tests.dovecot import PASSWORD, USER
from tests.loopback import serving

pytestmark = pytest.mark.browser
Look = Callable[..., None]
HOUR = timedelta(hours=1)
KEYS_A_SECOND, SECONDS_A_GESTURE, SECONDS_A_PAGE = 3.0, 3.0, 6.0  # somebody unhurried who reads each page


class Newcomer:
    """Somebody who clicks, types and reads; `seconds` is how long a person would take."""

    def __init__(self, page: Page) -> None:
        self.page, self.seconds = page, 0.0

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.seconds += SECONDS_A_GESTURE + SECONDS_A_PAGE

    def type(self, name: str, words: str) -> None:
        self.page.locator(f"[name={name}]").fill(words)
        self.seconds += SECONDS_A_GESTURE + len(words) / KEYS_A_SECOND

    def keep(self) -> None:
        self.click("form.card button[type=submit]")
        expect(self.page.locator(".messages")).to_be_visible(timeout=20_000)


def a_month(source: Source, now: datetime, every: timedelta, until: timedelta = timedelta(0)) -> None:
    """Posts of the last thirty days, as many as fit, the last one `until` ago."""
    count = int((timedelta(days=30) - until) / every)
    Mention.objects.bulk_create(
        Mention(source=source, external_id=str(n), text="x", published_at=now - until - n * every, collected_at=now)
        for n in range(count)
    )


@pytest.fixture
def ears(house: House) -> tuple[Client, User, Source]:
    """Seven ears: three hear, one no longer answers, one is mute, one has reached its budget, one is paused."""
    client = Client.objects.get(schema_name="maison_aldane")
    ines = house.person("lead", client, full_name="Inès Caron")
    now = timezone.now()
    fine = {"last_success_at": now, "last_mention_at": now, "every_seconds": 300, "due_at": now + HOUR / 12}
    with schema_context(client.schema_name):
        a_month(feed("Presse régionale", lag_seconds=40, **fine), now, HOUR)
        feed("Boîte des réclamations", **fine)
        feed("Mots-dièse", quota_left=280, quota_resets_at=now + HOUR / 4, **fine)
        mute = feed("Avis des clients", **{**fine, "last_mention_at": now - 30 * HOUR})
        a_month(mute, now, HOUR / 2, until=30 * HOUR)
        error = {"last_error": "le site ne répond pas (503)", "last_error_en": "the site does not answer (503)"}
        forum = feed("Forum des clients", **{**fine, **error, "failures": 6, "last_success_at": now - 4 * HOUR})
        held = feed(
            "X, la marque", monthly_budget=50, **{**fine, "due_at": now + 180 * HOUR, "last_success_at": now - HOUR}
        )
        feed("Ancien blog", **{**fine, "is_active": False, "due_at": None})
        run = {"source": forum, "started_at": now, "finished_at": now}
        CollectorRun.objects.create(**run, outcome="failed", calls=1, error=error["last_error"], error_en="no answer")
        CollectorRun.objects.create(**{**run, "started_at": now - 5 * HOUR}, outcome="unchanged", times=48, fetched=960)
        CollectorRun.objects.create(
            **{**run, "started_at": now - 6 * HOUR}, outcome="read", fetched=20, new=3, bytes=48_000
        )
        budget = {"error": "le budget du mois (50 $) est atteint", "error_en": "the month’s budget ($50) is reached"}
        CollectorRun.objects.create(**{**run, "source": held}, outcome="held", code="budget", cost=49, **budget)
        alarms.learn_habits(client=client, now=now)
        alarms.check(now=now)
    return client, ines, forum


def test_the_ears_are_read_in_five_seconds(look: Look, ears: tuple[Client, User, Source]) -> None:
    client, ines, _forum = ears
    look("/agence/ecoute/", "ears", user=ines, client=client)


def test_a_source_has_its_page(look: Look, ears: tuple[Client, User, Source]) -> None:
    client, ines, forum = ears
    look(f"/agence/ecoute/{forum.pk}/", "ear", user=ines, client=client)
    look(f"/agence/ecoute/{forum.pk}/corriger/", "ear-correct", user=ines, client=client)


def test_the_kinds_and_a_form(look: Look, house: House) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    ines = house.person("lead", client, full_name="Inès Caron")
    look("/agence/ecoute/", "ears-none", user=ines, client=client)
    look("/agence/ecoute/ajouter/", "ear-kinds", user=ines, client=client)
    for kind in ("feed", "mastodon", "mailbox", "x"):
        look(f"/agence/ecoute/ajouter/{kind}/", f"ear-add-{kind}", user=ines, client=client)


def test_the_client_is_told_what_is_not_heard(look: Look, ears: tuple[Client, User, Source], house: House) -> None:
    client, _ines, _forum = ears
    reader = house.person("owner", client, full_name="Camille Marchetti")
    look("/", "portal-not-heard", user=reader, client=client)
    marc = house.person("director", None, full_name="Marc Vidal")
    look("/", "desk-not-heard", user=marc)


def test_a_newcomer_adds_a_feed_an_account_and_a_mailbox_in_three_minutes(
    house: House, eyes: Eyes, tmp_path: Path
) -> None:
    """Nothing is read but the pages; a wrong address is said beside its field, and corrected."""
    client = Client.objects.get(schema_name="maison_aldane")
    ines = house.person("lead", client, full_name="Inès Caron")
    with serving() as press, mastodon.instance(tmp_path) as instance, dovecot.serving() as box:
        instance.post("Maison Aldane, trois semaines sans réponse #aldane")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "client@exemple.test", "avis@aldane.test", "Réclamation"
        mail.set_content("Mon colis n’est jamais arrivé.")
        box.deliver(mail.as_bytes())
        context = eyes.open(cookies=house.signed_in(ines, client))
        page = context.new_page()
        page.goto(house.url("/agence/ecoute/", client))
        somebody = Newcomer(page)
        add_a_feed(somebody, press.lay("/feed", rss(5)), press.base + "/nulle-part")
        add_an_account(somebody, instance.base)
        add_a_mailbox(somebody, box.port)
        page.goto(house.url("/agence/ecoute/", client))
        expect(page.locator(".ear")).to_have_count(3)
        context.close()
    assert somebody.seconds < 180, f"{somebody.seconds:.0f} s"
    with schema_context(client.schema_name):
        assert sorted(Source.objects.values_list("kind", flat=True)) == ["feed", "mailbox", "mastodon"]


def choose(somebody: Newcomer, kind: str) -> None:
    if somebody.page.locator("a[href$='/ecoute/ajouter/']").count() == 0:
        somebody.click(".crumbs a")
    somebody.click("a[href$='/ecoute/ajouter/']")
    somebody.click(f"a[href$='/ajouter/{kind}/']")


def add_a_feed(somebody: Newcomer, address: str, wrong: str) -> None:
    choose(somebody, "feed")
    somebody.type("url", wrong)
    somebody.click("form.card button[type=submit]")
    expect(somebody.page.locator(".field:has([name=url]) .errorlist")).to_contain_text("404")
    somebody.type("url", address)
    somebody.keep()
    expect(somebody.page.locator(".messages")).to_contain_text("Panne 0")


def add_an_account(somebody: Newcomer, instance: str) -> None:
    choose(somebody, "mastodon")
    somebody.type("set_instance", instance)
    somebody.type("set_token", "aldane")
    somebody.keep()


def add_a_mailbox(somebody: Newcomer, port: int) -> None:
    choose(somebody, "mailbox")
    somebody.type("set_host", "127.0.0.1")
    somebody.type("set_user", USER)
    somebody.type("set_password", PASSWORD)
    somebody.click("details.more summary")  # a real server needs neither port nor this
    somebody.type("set_port", str(port))
    somebody.page.locator("[name=set_security]").select_option("none")
    somebody.keep()
    expect(somebody.page.locator(".messages")).to_contain_text("Réclamation")
