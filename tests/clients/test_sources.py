"""A source is added by its form, tried before it is kept, corrected without showing its secrets, paused, removed."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import schema_context

from agency import vault
from agency.choices import Scope
from agency.http import Door, TooSlow
from agency.models import AuditEvent, Client, User
from agency.services import keys
from clients.models import CollectorRun, Mention, Source
from clients.services import sources
from clients.services.listening import listen
from clients.services.sources import Wish
from tests.clients.rooms import feed
from tests.clients.test_listening import rss
from tests.conftest import NOW, MakePerson
from tests.loopback import Site, serving

Visit = Callable[..., Browser]
DOOR = Door(timeout_s=5, allow_private=True)
PAGE = "<!doctype html><html><body>Bonjour</body></html>"
ADD = "/agence/ecoute/ajouter/feed/"
SECRET = "s3cr3t+de la & maison"


@pytest.fixture
def by(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane, email="ines@rempart.test")


@pytest.fixture
def lead(aldane: Client, by: User, visit: Visit) -> Browser:
    return visit(by, aldane)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def only(client: Client) -> Source:
    with schema_context(client.schema_name):
        return Source.objects.get()


def test_what_no_collector_reads_is_not_offered(lead: Browser) -> None:
    page = lead.get("/agence/ecoute/ajouter/").content.decode()
    assert "/agence/ecoute/ajouter/feed/" in page and "/agence/ecoute/ajouter/import/" not in page
    assert lead.get("/agence/ecoute/ajouter/import/").status_code == 404


def test_a_source_is_tried_kept_and_read_at_once(lead: Browser, aldane: Client, site: Site) -> None:
    form = {"url": site.lay("/feed", rss(5)), "every_seconds": "60"}
    page = lead.post(ADD, form, follow=True).content.decode()
    assert "5 mentions" in page and "Panne 0" in page and "Panne 2" in page and "Panne 3" not in page
    source = only(aldane)
    assert (source.name, source.every_seconds, source.is_active) == ("127.0.0.1", 60, True)
    assert source.due_at is not None


def test_what_does_not_answer_is_refused_beside_its_field_unless_one_insists(
    lead: Browser, aldane: Client, site: Site
) -> None:
    form = {"url": site.lay("/page", PAGE), "every_seconds": "300"}
    answer = lead.post(ADD, form)
    assert answer.status_code == 422 and "page web" in str(answer.context["form"].errors["url"])
    assert 'name="keep_anyway"' in answer.content.decode()
    with schema_context(aldane.schema_name):
        assert not Source.objects.exists()
    assert lead.post(ADD, {**form, "keep_anyway": "on"}).status_code == 302
    assert only(aldane).due_at is not None


def test_a_secret_is_sealed_and_never_shown_again(lead: Browser, aldane: Client, site: Site) -> None:
    form = {"url": site.lay("/feed", rss(1)), "set_user": "lou", "set_password": SECRET, "every_seconds": "300"}
    lead.post(ADD, form)
    source = only(aldane)
    assert vault.unseal(source.sealed) == {"password": SECRET} and source.settings == {"user": "lou"}
    pages = [lead.get(f"/agence/ecoute/{source.pk}/{ending}") for ending in ("", "corriger/")]
    assert all(SECRET not in page.content.decode() for page in pages)
    assert "laisser vide pour" in pages[1].content.decode() or "leave it empty" in pages[1].content.decode()


def test_a_secret_left_empty_stays_and_another_replaces_it(by: User, aldane: Client) -> None:
    wish = Wish("feed", "Presse", "http://127.0.0.1:9/", {"user": "lou", "password": "un"})
    source = sources.add(wish=wish, client=aldane, by=by, now=NOW)
    for given, kept in (("", "un"), ("deux", "deux")):
        changed = Wish("feed", "Presse", "http://127.0.0.1:9/", {"user": "lou", "password": given})
        sources.correct(source=source, wish=changed, client=aldane, by=by, now=NOW)
        assert vault.unseal(source.sealed) == {"password": kept}
    gone = Wish("feed", "Presse", "http://127.0.0.1:9/", {"password": ""}, forgotten=frozenset({"password"}))
    sources.correct(source=source, wish=gone, client=aldane, by=by, now=NOW)
    assert source.sealed == ""


def test_the_session_of_before_is_dropped_with_its_credentials(by: User, aldane: Client) -> None:
    wish = Wish("feed", "Presse", "http://127.0.0.1:9/", {"user": "lou", "password": "un"})
    source = sources.add(wish=wish, client=aldane, by=by, now=NOW, session={"jwt": "x"})
    assert vault.unseal(source.sealed)["session"] == {"jwt": "x"}
    renamed = Wish("feed", "Autre nom", "http://127.0.0.1:9/", {"user": "lou"})
    sources.correct(source=source, wish=renamed, client=aldane, by=by, now=NOW)
    assert "session" in vault.unseal(source.sealed)
    other = Wish("feed", "Autre nom", "http://127.0.0.1:9/", {"user": "lou", "password": "deux"})
    sources.correct(source=source, wish=other, client=aldane, by=by, now=NOW)
    assert "session" not in vault.unseal(source.sealed)


def test_what_the_form_does_not_know_survives_it(by: User, aldane: Client) -> None:
    source = feed(settings={"network": "parvis", "user": ""}, cursor={"etag": "v1"}, failures=4, is_active=False)
    wish = Wish("feed", "Parvis", source.url, {"user": "lou"}, every_seconds=60)
    sources.correct(source=source, wish=wish, client=aldane, by=by, now=NOW)
    source.refresh_from_db()
    assert (source.settings, source.cursor) == ({"network": "parvis", "user": "lou"}, {"etag": "v1"})
    assert (source.failures, source.is_active, source.due_at) == (0, True, NOW)


def test_another_address_is_read_from_its_beginning(by: User, aldane: Client) -> None:
    source = feed(cursor={"etag": "v1"})
    sources.correct(source=source, wish=Wish("feed", "", "http://127.0.0.1:9/autre"), client=aldane, by=by, now=NOW)
    source.refresh_from_db()
    assert (source.name, source.cursor) == ("Presse", {})


def test_two_sources_of_one_host_get_two_names(by: User, aldane: Client) -> None:
    for ending in ("a", "b"):
        sources.add(wish=Wish("feed", "", f"https://www.presse.test/{ending}"), client=aldane, by=by, now=NOW)
    assert set(Source.objects.values_list("name", flat=True)) == {"presse.test", "presse.test (2)"}


def test_a_name_taken_is_said_beside_its_field(lead: Browser, aldane: Client, site: Site) -> None:
    feed("Presse")
    answer = lead.post(ADD, {"url": site.lay("/feed", rss(1)), "name": "Presse", "every_seconds": "300"})
    assert answer.status_code == 422 and "name" in answer.context["form"].errors


def test_a_source_is_paused_resumed_and_read_now(lead: Browser, aldane: Client) -> None:
    source = feed(due_at=NOW + timedelta(days=900))
    lead.post(f"/agence/ecoute/{source.pk}/relever/")
    assert only(aldane).due_at < NOW + timedelta(days=900)  # type: ignore[operator]
    lead.post(f"/agence/ecoute/{source.pk}/pause/")
    assert (only(aldane).is_active, only(aldane).due_at) == (False, None)
    lead.post(f"/agence/ecoute/{source.pk}/reprendre/")
    assert only(aldane).is_active and only(aldane).due_at is not None


def test_a_source_that_brought_something_can_be_paused_not_removed(by: User, aldane: Client) -> None:
    heard, empty = feed("Entendue"), feed("Vide")
    Mention.objects.create(source=heard, external_id="1", text="x", published_at=NOW, collected_at=NOW)
    with pytest.raises(ValidationError, match=r"pause|Pause"):
        sources.remove(source=heard, client=aldane, by=by, now=NOW)
    sources.remove(source=empty, client=aldane, by=by, now=NOW)
    assert list(Source.objects.all()) == [heard]


def test_the_trail_says_what_was_changed_and_no_value(by: User, aldane: Client) -> None:
    wish = Wish("feed", "Presse", "http://127.0.0.1:9/?token=abcdef", {"user": "lou", "password": SECRET})
    source = sources.add(wish=wish, client=aldane, by=by, now=NOW)
    changed = Wish("feed", "Presse", wish.url, {"user": "ines", "password": "autre"}, monthly_budget=Decimal(5))
    sources.correct(source=source, wish=changed, client=aldane, by=by, now=NOW)
    told = AuditEvent.objects.filter(subject="clients.source").order_by("id")
    assert [one.action for one in told] == ["source.added", "source.changed"]
    assert told[1].detail["changes"] == ["monthly_budget", "password", "user"]
    assert not any(word in str([one.detail for one in told]) for word in (SECRET, "autre", "abcdef"))


def test_a_failure_that_quotes_a_secret_hides_it(aldane: Client) -> None:
    secrets = {"token": SECRET, "session": {"jwt": "eyJ-session"}}
    quoted = (
        f"GET /x?token={SECRET} and /x?token=s3cr3t%2Bde%20la%20%26%20maison and s3cr3t%2Bde+la+%26+maison eyJ-session"
    )
    assert vault.hide(quoted, secrets) == "GET /x?token=••• and /x?token=••• and ••• •••"


def test_a_failed_readings_words_hold_no_credential(aldane: Client, site: Site) -> None:
    """The page names a feed whose address holds the password: the site's doing, and not to be kept in our words."""
    offered = f'<link rel="alternate" type="application/rss+xml" href="/fil?u=x&token={SECRET}">'
    sealed = vault.seal({"password": SECRET})
    source = feed(url=site.lay("/page", f"<!doctype html><html><head>{offered}</head></html>"), sealed=sealed)
    listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert "page web" in source.last_error and "token=•••" in source.last_error
    assert "s3cr3t" not in source.last_error + source.last_error_en + CollectorRun.objects.get().error


def test_no_page_and_no_answer_of_ours_shows_a_credential(
    lead: Browser, by: User, aldane: Client, visit: Visit, person: MakePerson
) -> None:
    wish = Wish("feed", "Presse", "http://lou:s3cr3t-url@127.0.0.1:9/?token=s3cr3t-url", {"password": SECRET})
    source = sources.add(wish=wish, client=aldane, by=by, now=NOW, session={"jwt": "s3cr3t-jwt"})
    key = keys.make(client=aldane, name="k", scopes=Scope.values, by=by, now=timezone.now())[1]
    pages = [f"/agence/ecoute/{ending}" for ending in ("", f"{source.pk}/", "ajouter/feed/")]
    pages += ["/agence/tri/", "/agence/incidents/", "/", "/agence/imports/"]
    told = [lead.get(page).content.decode() for page in pages]
    told += [lead.get(page, HTTP_AUTHORIZATION=f"Bearer {key}").content.decode() for page in ("/api/v1/mentions/",)]
    director = visit(person("director"))
    told += [director.get(page).content.decode() for page in ("/", "/agency/auditevent/")]
    assert not [text for text in told if "s3cr3t" in text]
    assert "s3cr3t-jwt" not in lead.get(f"/agence/ecoute/{source.pk}/corriger/").content.decode()


def test_a_secret_is_not_sent_to_another_server_than_its_own(lead: Browser, aldane: Client, site: Site) -> None:
    form = {"url": site.lay("/feed", rss(1)), "set_user": "lou", "set_password": SECRET, "every_seconds": "300"}
    lead.post(ADD, form)
    source = only(aldane)
    path = f"/agence/ecoute/{source.pk}/corriger/"
    with serving() as other:
        away = {**form, "url": other.lay("/feed", rss(1)), "set_password": "", "keep_anyway": "on"}
        answer = lead.post(path, away)
        assert answer.status_code == 422 and "set_password" in answer.context["form"].errors
        assert not other.asked and vault.unseal(only(aldane).sealed) == {"password": SECRET}
        assert lead.post(path, {**away, "forget_password": "on"}).status_code == 302
        assert [headers.get("authorization") for _path, headers in other.asked] == ["Basic bG91Og=="]
    assert only(aldane).sealed == ""


def test_the_service_itself_takes_no_secret_elsewhere(by: User, aldane: Client) -> None:
    box = {"host": "imap.one.example", "user": "lou", "password": "un mot", "security": "tls"}
    source = sources.add(wish=Wish("mailbox", "Boîte", "", box), client=aldane, by=by, now=NOW)
    same = {**box, "password": "", "folder": "Plaintes"}
    sources.correct(source=source, wish=Wish("mailbox", "Boîte", "", same), client=aldane, by=by, now=NOW)
    assert vault.unseal(source.sealed) == {"password": "un mot"}
    for change in ({"host": "imap.two.example"}, {"security": "none"}, {"port": 9993}):
        assert sources.leads_elsewhere(Wish("mailbox", "Boîte", "", {**same, **change}), source)
    elsewhere = {**same, "host": "imap.two.example"}
    sources.correct(source=source, wish=Wish("mailbox", "Boîte", "", elsewhere), client=aldane, by=by, now=NOW)
    assert source.sealed == ""


def test_a_trial_that_has_lasted_asks_for_nothing_more(site: Site) -> None:
    brief = sources.BriefNetwork(DOOR, seconds=0.2)
    page = site.lay("/page", PAGE)
    assert brief.get(page).status == 200
    time.sleep(0.3)
    for ask in (lambda: brief.get(page), lambda: brief.request("POST", page), lambda: brief.connect("127.0.0.1", 9)):
        with pytest.raises(TooSlow):
            ask()
    assert len(site.asked) == 1
