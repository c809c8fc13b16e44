"""Mentions on the staff's pages: whole, in order, harmless; what hurts blurred until asked for."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.urls import reverse

from agency.models import Client, User
from clients.models import Mention
from clients.services import imports
from incidents.services import drafts
from incidents.services.drafts import About
from tests import factories
from tests.conftest import NOW, MakePerson

HOSTILE = [
    "connard <script>alert(1)</script> salope", "<b>connard", "&lt;connard&amp;", "\u202econnard\u202c", "connard\0",
    "🤬 connard 🤬", "connard " * 300, "", "rien à voir",
]  # fmt: skip


def shown(text: str, user: User | None = None, most: int = 0) -> str:
    template = Template("{% load insults %}{% spoken text most %}")
    return template.render(Context({"text": text, "most": most, "user": user}))


def plain(html: str) -> str:
    without = re.sub(r'<label.*?</label>|<span class="visually-hidden">.*?</span>', "", html)
    return unescape(re.sub(r"<[^>]*>", "", without))


def marked(html: str) -> str:
    """Each blurred word in bold, what a screen reader hears in its place left out."""
    told = re.sub(r'</span><span class="visually-hidden">[^<]*</span>', "</span>", html)
    return re.sub(r'<span class="insult" aria-hidden="true">(.*?)</span>', r"<b>\1</b>", told)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_text_is_untouched_in_its_order_and_harmless(text: str) -> None:
    html = shown(text)
    assert plain(html) == text
    assert "<script" not in html and "<b>" not in html


@pytest.mark.parametrize("most", range(1, 40))
def test_a_text_cut_short_hides_the_piece_of_a_word(most: int) -> None:
    html = shown("Vous êtes de vrais connards, merci", most=most)
    assert "conn" not in re.sub(r'<span class="insult"[^>]*>.*?</span>', "", html)


def test_a_switch_with_its_reason_stands_before_a_blurred_text() -> None:
    html = shown("connard, sale pédé")
    assert html.index('type="checkbox"') < html.index("connard")
    assert "insulte" in html and "sexualité" in html
    assert 'type="checkbox"' not in shown("Un retard de colis")


def test_whoever_asked_sees_them_at_once() -> None:
    assert shown("connard", User(shows_insults=True)) == "connard"
    assert 'class="insult"' in shown("connard", User())


def test_the_list_and_the_mention_blur_but_keep_every_word(visit, aldane: Client, person: MakePerson) -> None:
    mention = factories.mention("Bande de connards, rendez l’argent", NOW)
    browser = visit(person("cm", aldane), aldane)
    for page in (f"{reverse('client_admin:sort')}?m={mention.pk}", reverse("client_admin:mention", args=[mention.pk])):
        assert "Bande de <b>connards</b>, rendez l’argent" in marked(browser.get(page).text)
    assert Mention.objects.get().text == "Bande de connards, rendez l’argent"


def test_a_list_says_aloud_that_a_word_is_blurred_and_a_preview_has_its_switch() -> None:
    assert plain(shown("connard", most=20)) == "connard" and "visually-hidden" in shown("connard", most=20)
    asked = Template("{% load insults %}{% spoken text 20 True %}").render(Context({"text": "connard " * 9}))
    assert 'type="checkbox"' in asked and "visually-hidden" not in asked and plain(asked).endswith("…")


def test_drafts_imports_and_disagreements_are_blurred_too(visit, aldane: Client, person: MakePerson) -> None:
    cm = person("lead", aldane)
    words = "Bande de connards, rendez l’argent"
    drafts.begin(about=About(subject="Remboursement", brand=factories.brand()), text=words, by=cm, now=NOW)
    table = f'Date,Author,Text\n2026-11-17,noe,"{words}"\n'.encode()
    taken = imports.receive(file=SimpleUploadedFile("export.csv", table), source_name="Export", by=cm)
    browser = visit(cm, aldane)
    for path in (reverse("client_admin:drafts"), reverse("client_admin:import", args=[taken.pk])):
        assert "Bande de <b>connards</b>" in marked(browser.get(path).text), path
