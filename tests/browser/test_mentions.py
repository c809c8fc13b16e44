"""The list to sort with what repeats, the page of a mention, a watch being tried: seen, without a violation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients.models import Mention
from clients.services import reading
from clients.services.ingest import ingest
from tests.browser.conftest import House
from tests.clients.rooms import feed, said, watch

Look = Callable[..., None]
HTML = '<p>Le colis d’<b>Aldane</b> n’est <a href="https://reseau.example/suite">jamais arrivé</a>.</p><img src="x">'


@pytest.fixture
def lead(house: House) -> User:
    return house.person("lead", Client.objects.get(schema_name="maison_aldane"))


@pytest.fixture
def root(lead: User) -> Mention:
    """A complaint that was copied, reposted, quoted, edited twice and deleted at its source, among others."""
    now = timezone.now()
    with schema_context("maison_aldane"):
        connection.set_tenant(Client.objects.get(schema_name="maison_aldane"))
        one = watch(
            ["aldane", "colis"], exclude=["concours"], required=["colis"], languages=["fr"], handles=["@aldane"]
        )
        texts = [
            "Le colis d’Aldane n’est jamais arrivé, et personne ne répond au téléphone depuis trois semaines.",
            "Un concours pour gagner un colis Aldane, participez vite avant dimanche soir !",
            "Merci @aldane pour le colis, arrivé en deux jours, rien à redire.",
            "Il pleut sur la ville depuis ce matin, et toujours pas de soleil prévu.",
        ]
        raws = [
            said(
                n,
                text,
                published_at=now - timedelta(hours=n, minutes=9),
                author_handle=f"compte_{n}",
                followers=2_400 * n,
                network="x",
            )
            for n, text in enumerate(texts)
        ]
        source = feed("Réseaux")
        ingest(source=source, raws=raws, now=now)
        reading.read_new(reader=reading.Reader.shipped(), now=now)
        root = Mention.objects.get(external_id="p0")
        for n, how in enumerate(["copy", "copy", "repost", "repost", "repost", "quote"]):
            raw = said(f"f{n}", f"{n} : {root.text}", author_handle=f"suiveur_{n}", published_at=now)
            ingest(source=source, raws=[raw], now=now)
            made = Mention.objects.latest("id")
            Mention.objects.filter(pk=made.pk).update(root=root, fold=how, read_at=now, published_at=now)
        for n, text in enumerate(("Le colis d’Aldane n’est pas arrivé.", "Le colis d’Aldane n’est jamais arrivé.")):
            root.versions.create(
                text=text, sha256="", seen_from=now - timedelta(hours=3 - n), seen_until=now - timedelta(hours=2 - n)
            )
        Mention.objects.filter(pk=root.pk).update(edited_at=now, deleted_at=now, original=HTML.encode())
        reading.rematch(watch=one, now=now)
        root.refresh_from_db()
    return root


def test_the_list_folds_what_repeats_and_is_narrowed(root: Mention, lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    look(f"/agence/tri/?m={root.pk}", "mentions-list", user=lead, client=client)
    look(f"/agence/tri/?vue=tout&racine={root.pk}", "mentions-folded", user=lead, client=client)
    look("/agence/tri/?q=introuvable&langue=fr", "mentions-none", user=lead, client=client)


def test_a_mention_has_its_page(root: Mention, lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    look(f"/agence/tri/mentions/{root.pk}/", "mention", user=lead, client=client)


def test_a_watch_is_written_and_tried(root: Mention, lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    with schema_context(client.schema_name):
        number = root.hits.get().watch_id
    look(f"/agence/clients/watch/{number}/change/", "watch-form", user=lead, client=client)
    look("/agence/clients/watch/", "watch-list", user=lead, client=client)
    tried = f"/agence/clients/watch/essayer/?requete={number}&include=colis,rembours*&exclude=pluie&languages=fr"
    look(tried, "watch-trial", user=lead, client=client)
    look(f"{tried}&montrer=laissees", "watch-trial-left", user=lead, client=client)


def test_the_same_in_english_and_with_nothing_to_try_on(house: House, lead: User, look: Look) -> None:
    User.objects.filter(pk=lead.pk).update(language="en")
    client = Client.objects.get(schema_name="maison_aldane")
    look("/agence/clients/watch/essayer/?include=colis", "watch-trial-empty", user=lead, client=client)
