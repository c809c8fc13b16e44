"""Mentions on the staff's pages: whole, in order, harmless; what hurts blurred until asked for."""

import re
from html import unescape

import pytest
from django.template import Context, Template
from django.urls import reverse

from agency.models import Client, User
from clients.models import Mention
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
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<label.*?</label>", "", html)))


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
        html = browser.get(page).text
        assert 'Bande de <span class="insult" aria-hidden="true">connards</span>, rendez l’argent' in html
    assert Mention.objects.get().text == "Bande de connards, rendez l’argent"
