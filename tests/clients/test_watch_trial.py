"""A watch tried before it is saved: what it would catch, why, what changes, what the networks would be sent."""

import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients.listening.matching import Wanted
from clients.models import Brand, Watch
from clients.selectors import trial
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said, watch
from tests.conftest import NOW, MakePerson

Visit = Callable[..., Browser]


@pytest.fixture
def lead(aldane: Client, person: MakePerson, visit: Visit) -> Browser:
    reader = person("lead", aldane)
    User.objects.filter(pk=reader.pk).update(language="en")
    return visit(reader, aldane)


def hear() -> None:
    texts = ["Aldane a perdu mon colis", "Le colis de ma voisine", "Concours Aldane : un colis à gagner", "Rien à voir"]
    raws = [said(n, text, published_at=NOW - timedelta(days=n)) for n, text in enumerate(texts)]
    ingest(source=feed(), raws=raws, now=NOW)


def test_the_trial_counts_what_is_caught_gained_and_lost(aldane: Client) -> None:
    hear()
    tried = trial.trial(Wanted(0, ["colis"], ["concours"]), Wanted(1, ["aldane"]), trial.LOST)
    assert tried.counts == {"prises": 2, "laissees": 2, "entrees": 1, "sorties": 1}
    assert [row.told.reasons[0].en for row in tried.rows] == ["contains “concours”, which excludes"]
    assert [(day.heard, day.caught, day.before) for day in tried.days] == [(1, 1, 1), (1, 1, 0), (1, 0, 1), (1, 0, 0)]


def test_only_the_last_thousand_are_tried(aldane: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "TRIED_ON", 2)
    hear()
    assert trial.trial(Wanted(0), None).tried_on == 2


def test_a_thousand_mentions_take_under_a_second(lead: Browser, aldane: Client) -> None:
    words = "un texte assez long pour ressembler à ce que les gens écrivent quand leur colis se perd en route "
    ingest(source=feed(), raws=[said(n, f"{words * 3} n{n}") for n in range(1_000)], now=NOW)
    one = watch(["colis", "voisin*"], exclude=["concours"], required=["texte"])
    lead.get("/agence/clients/watch/essayer/")  # the first visit loads the templates
    began = time.process_time()
    page = lead.get(f"/agence/clients/watch/essayer/?requete={one.pk}").content.decode()
    assert time.process_time() - began < 1 and "1,000 caught of the last 1,000" in page


def test_the_page_shows_why_and_compares_with_what_is_saved(lead: Browser, aldane: Client) -> None:
    hear()
    one = watch(["aldane"])
    page = lead.get(
        f"/agence/clients/watch/essayer/?requete={one.pk}&include=colis&exclude=concours&montrer=entrees"
    ).content.decode()
    assert "2 caught of the last 4 mentions" in page and "+1 −1" in page
    assert "<mark>colis</mark> de ma voisine" in page and "contains “colis”" in page
    assert "a perdu mon" not in page


def test_the_page_shows_what_each_network_would_be_sent(lead: Browser, aldane: Client) -> None:
    page = lead.get("/agence/clients/watch/essayer/?include=maison+aldane,arnaq*&exclude=concours").content.decode()
    assert "&quot;maison aldane&quot; -concours" in page
    assert "“arnaq*”: this network does not look for beginnings of words" in page
    assert "Every mention is wanted" in lead.get("/agence/clients/watch/essayer/").content.decode()


def test_without_mentions_the_page_says_so(lead: Browser, aldane: Client) -> None:
    assert "Nothing to try it on yet" in lead.get("/agence/clients/watch/essayer/?include=x").content.decode()


def test_words_are_tried_from_the_watchs_own_page_before_they_are_saved(lead: Browser, aldane: Client) -> None:
    one = watch(["aldane"])
    form = {"requete": one.pk, "include": 'lin, "oui, mais"', "languages": "fr", "name": "x", "brand": one.brand_id}
    assert "formaction" in lead.get(f"/agence/clients/watch/{one.pk}/change/").content.decode()
    answer = lead.post("/agence/clients/watch/essayer/", form)
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert (
        asked["include"] == ['lin, "oui, mais"']
        and asked["requete"] == [str(one.pk)]
        and "csrf" not in answer["Location"]
    )
    with schema_context(aldane.schema_name):
        assert Watch.objects.get().include == ["aldane"]


@pytest.mark.parametrize("place", ["add/", "{pk}/change/"])
def test_words_tried_are_put_in_the_watch_for_a_person_to_save(lead: Browser, aldane: Client, place: str) -> None:
    one = watch(["aldane"])
    page = lead.get(f"/agence/clients/watch/{place.format(pk=one.pk)}?include=lin,+coton&languages=fr").content.decode()
    assert ">\nlin, coton</textarea>" in page
    with schema_context(aldane.schema_name):
        assert Watch.objects.get().include == ["aldane"]


def test_every_list_of_a_watch_is_saved_from_its_page(lead: Browser, aldane: Client) -> None:
    brand = Brand.objects.create(name="Aldane")
    form = {
        "brand": brand.pk, "name": "Tout", "include": "", "handles": "@aldane", "hashtags": "#gate",
        "required": "colis", "exclude": "concours", "languages": "FR, en-GB",
        "ignored_authors": "", "false_alarms_per_month": "1",
    }  # fmt: skip
    assert "bad_language" not in (answer := lead.post("/agence/clients/watch/add/", form)).content.decode()
    assert answer.status_code == 302
    with schema_context(aldane.schema_name):
        made = Watch.objects.get()
        assert (made.handles, made.hashtags, made.required) == (["@aldane"], ["#gate"], ["colis"])
        assert (made.languages, made.rematched_to) == (["fr", "en"], 0)
    wrong = lead.post("/agence/clients/watch/add/", {**form, "name": "Autre", "languages": "français"})
    assert "“français” is none" in wrong.content.decode()


@pytest.mark.parametrize("query", ["requete=x", "requete=999999", "montrer=rien"])
def test_an_address_that_leads_nowhere_is_not_found(lead: Browser, query: str) -> None:
    assert lead.get(f"/agence/clients/watch/essayer/?{query}").status_code == 404


def test_odd_words_break_nothing(lead: Browser, aldane: Client) -> None:
    hear()
    for odd in ("%00", "*", "((((", "%F0%9F%8D%BF", "a" * 3_000, "%5C%5C", '"', "@", "%23", "@@", "a@b@c", "...", "OR"):
        query = f"include={odd}&handles={odd}&hashtags={odd}&required={odd}&exclude={odd}&languages={odd}"
        assert lead.get(f"/agence/clients/watch/essayer/?{query}").status_code == 200
