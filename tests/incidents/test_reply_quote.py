"""What was written above the quote, whatever wrote it."""

import time

import pytest

from incidents.reply_quote import above, above_in_html, says_no
from tests.incidents.mails import QUOTED

WHO = "Le lun. 23 nov. 2026 à 22:04, Rempart <reponses+a3-x@agence.example> a écrit"
OUTLOOK_FR = (
    "De : Rempart <r@a.example>\nEnvoyé : lundi 23 novembre 2026 22:04\nÀ : Léa <l@a.example>\nObjet : À prendre\n"
)
OUTLOOK_EN = "From: Rempart <r@a.example>\nSent: Monday, November 23, 2026 10:04 PM\nTo: Lea\nSubject: To take\n"
LINK = "https://maison-aldane.localhost/alerte/secret-secret/\n"


@pytest.mark.parametrize(
    "below",
    [
        f"\n{WHO} :\n\n{QUOTED}",
        f"\n{WHO.replace(' a écrit', '')}\na écrit\u00a0:\n\n{QUOTED}",  # Gmail, folded
        f"\n{WHO.replace('<', '<' + chr(10))} :\n\n{QUOTED}",
        f"\nLe 23/11/2026 à 22:04, Rempart a écrit :\n{QUOTED}",  # Thunderbird
        f"\nOn Mon, 23 Nov 2026 at 22:04, Rempart <r@a.example> wrote:\n\n{QUOTED}",
        f"\nEnvoyé de mon iPhone\n\n> Le 23 nov. 2026 à 22:04, Rempart <r@a.example> a écrit :\n> \n{QUOTED}",
        f"\nSent from my iPhone\n\n> On 23 Nov 2026, at 22:04, Rempart <r@a.example> wrote:\n> \n{QUOTED}",
        f"\n{OUTLOOK_FR}\nINC-0001 a besoin de vous.\n{LINK}",
        f"\n{'_' * 32}\n{OUTLOOK_FR}\nINC-0001 a besoin de vous.\n{LINK}",
        f"\n*De :* Rempart <r@a.example>\n*Envoyé :* lundi\n*À :* Léa\n*Objet :* À prendre\n\n{LINK}",
        f"\n{OUTLOOK_EN}\nINC-0001 needs you.\n{LINK}",
        f"\n-----Message d'origine-----\n{OUTLOOK_FR}\n{LINK}",
        f"\n-------- Message original --------\nDe : Rempart\n{LINK}",
        f"\n-----Original Message-----\n{OUTLOOK_EN}\n{LINK}",
        f'\n> Message du 23/11/26 22:04\n> De : "Rempart" <r@a>\n> A : l@a\n> Objet : x\n>\n{QUOTED}',  # Orange
        f"\nEnvoyé avec la messagerie sécurisée Proton Mail.\n\n{WHO} :\n\n{QUOTED}",
        "\n-- \nLéa Morel\nAgence\n",
        "",
    ],
)
def test_only_what_stands_above_the_quote_is_kept(below: str) -> None:
    assert above(f"Je prends.\nJ’appelle Paul.\n{below}") == "Je prends.\nJ’appelle Paul."


def test_who_writes_below_the_quote_or_between_its_lines_is_read() -> None:
    assert above(f"{WHO} :\n{QUOTED}\nJe prends, en bas.\n") == "Je prends, en bas."
    assert above(f"{WHO} :\n> INC-0001\nJe prends.\n> {LINK}") == "Je prends."


@pytest.mark.parametrize(
    "written",
    [
        "Le patron est prévenu. Je note ce qu’il a écrit :\n- rien",
        "De : la part de Paul, je prends.\nOK",
        "Le lien de 22:04 est mort.",
        "On a tout dit. Je rappelle à 22:30.",
    ],
)
def test_a_sentence_that_looks_like_a_quote_stays(written: str) -> None:
    assert above(f"{written}\n\n{WHO} :\n{QUOTED}") == written


@pytest.mark.parametrize(
    "text", ["", "\n\n", QUOTED, f"{WHO} :\n{QUOTED}", f"{WHO} :\n\nINC-0001\n{LINK}", "> ", OUTLOOK_FR]
)
def test_nothing_above_the_quote_is_nothing(text: str) -> None:
    assert above(text) == ""


@pytest.mark.parametrize(
    "html",
    [
        "<div>Je prends.</div><br><div class='gmail_quote'><div>Le lun. a écrit :</div><blockquote>x",
        '<p>Je prends.</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De :</b> Rempart</div>' + LINK,
        '<body>Je prends.<div class="moz-cite-prefix">Le 23/11</div><blockquote type="cite">x</blockquote></body>',
        '<p>Je prends.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><b>De :</b> x</div>' + LINK,
        "<blockquote>INC-0001</blockquote><p>Je prends.</p>",
        "Je prends.",
    ],
)
def test_in_html_the_marks_of_its_program_end_what_was_written(html: str) -> None:
    assert above_in_html(html) == "Je prends."


@pytest.mark.parametrize(
    ("written", "is_no"),
    [("non", True), ("Non.", True), ("NO", True), ("« non »", True), ("non\nje suis en vol", True), ("", False),
     ("Non, désolée, je suis en vol", True), ("non merci", True), ("No sorry", True), ("Non j’ai un train", True),
     ("Bonjour,\n\nNon.\nCordialement", True), ("Bonsoir Léa, non", True), ("Hello\nno – on a plane", True),
     ("No problem, I take it", False), ("non non pas de souci je prends", False), ("Bonjour", False),
     ("Bonjour,\nJe prends.\nNon, rien d’autre.", False), ("Nono arrive", False),
     ("nonobstant", False), ("je ne peux pas", False), ("oui", False), ("nooo", False)],
)  # fmt: skip
def test_a_no_at_the_beginning_is_a_refusal(written: str, is_no: bool) -> None:
    assert says_no(written) is is_no


@pytest.mark.parametrize(
    "hostile",
    ["\n" * 200_000, "Le " * 70_000, "On x, " * 40_000, ("- " * 499 + "\n") * 400, "De : x\n" * 30_000, ">" * 200_000,
     ("Le " * 300 + "12:30\n") * 400, "<div" * 50_000, ("<div " + "a" * 300) * 600, "<blockquote>" * 20_000,
     "\x00\u202e\ud800" * 10_000, "👍" * 50_000, "مرحبا " * 9_000],
)  # fmt: skip
def test_what_is_made_to_be_slow_is_not(hostile: str) -> None:
    began = time.monotonic()
    above(hostile)
    above_in_html(hostile)
    says_no(hostile)
    says_no(f"Bonjour {hostile}")
    assert time.monotonic() - began < 2
