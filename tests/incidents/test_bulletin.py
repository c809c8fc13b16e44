"""The situation report: one source, four outputs, and what keeps it from leaving."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from incidents.bulletin import LONGEST, Bulletin, NotReady

ISSUED = datetime(2026, 11, 17, 21, 4, tzinfo=UTC)
REPORT = Bulletin(
    ref="INC-0042",
    severity=2,
    number=3,
    issued_at=ISSUED,
    next_at=ISSUED + timedelta(minutes=26),
    bottom_line="Attaque de métier, pas de clients\u00a0: 8 comptes relaient. Position P-07 publiée.",
    expected="Valider le message de clôture avant 22:15 (C. Marchetti).",
    figures=(("Mentions, dernier quart d’heure", "19", "habitude 4"),),
    done="Position P-07 publiée à 21:24.",
    do_not="Répondre au meneur.",
)
PLAIN = """[▲ NIVEAU\u00a02] INC-0042 · point nº\u00a03 · 22:04 · prochain à 22:30

EN BREF
Attaque de métier, pas de clients\u00a0: 8 comptes relaient. Position P-07 publiée.

ON ATTEND DE VOUS
Valider le message de clôture avant 22:15 (C. Marchetti).

CHIFFRES
- Mentions, dernier quart d’heure\u00a0: 19 (habitude 4)

FAIT
Position P-07 publiée à 21:24.

NE PAS FAIRE
Répondre au meneur."""


def codes(report: Bulletin) -> list[str]:
    with pytest.raises(NotReady) as caught:
        report.plain("fr")
    assert len(caught.value.words("fr")) == len(caught.value.words("en")) == len(caught.value.problems)
    return [problem.code for problem in caught.value.problems]


def test_the_plain_text_is_the_page_to_the_letter() -> None:
    assert REPORT.plain("fr") == PLAIN


def test_the_frame_exists_in_english() -> None:
    text = REPORT.plain("en")
    assert text.startswith("[▲ LEVEL\u00a02] INC-0042 · report no.\u00a03 · 22:04 · next at 22:30\n\nIN SHORT\n")
    assert "EXPECTED OF YOU" in text
    assert "DO NOT\n" in text


def test_the_subject_is_one_line_that_begins_with_the_level_and_ends_with_the_conclusion() -> None:
    subject, body = replace(REPORT, bottom_line="Rien de neuf.\nOn surveille.").email("fr")
    assert subject == "[▲ NIVEAU\u00a02] INC-0042 · point nº\u00a03 · Rien de neuf."
    assert "On surveille." in body


def test_a_long_first_sentence_is_cut_at_a_word() -> None:
    subject, _ = replace(REPORT, bottom_line="mot " * 100).email("fr")
    assert len(subject) <= 150
    assert subject.endswith("mot…")


def test_chat_outputs_have_bold_headings_and_no_table() -> None:
    for text in (REPORT.slack("fr"), REPORT.whatsapp("fr")):
        assert text.startswith("*[▲ NIVEAU\u00a02] INC-0042")
        assert "\n*EN BREF*\n" in text
        assert "|" not in text


def test_quoted_words_cannot_turn_into_mark_up_links_or_a_call_to_a_whole_channel() -> None:
    hostile = replace(REPORT, bottom_line="<!channel> <https://exemple.test|cliquez> & @here *gras* _lui_ `code`")
    slack = hostile.slack("fr")
    assert "&lt;!channel&gt;" in slack
    assert "&amp;" in slack
    assert "@here" not in slack
    assert re.search(r"(?<!\u2060)\*gras", slack) is None
    assert "*gras*" not in hostile.whatsapp("fr")


def test_the_next_report_is_announced_unless_this_is_the_last() -> None:
    assert codes(replace(REPORT, next_at=None)) == ["no_next"]
    assert codes(replace(REPORT, next_at=ISSUED)) == ["next_not_later"]
    last = replace(REPORT, next_at=None, ended=True).plain("fr")
    assert last.startswith("[✓ NIVEAU\u00a02] INC-0042 · point nº\u00a03 · 22:04 · dernier point\n")


def test_a_next_report_on_another_day_says_which() -> None:
    assert "prochain à 18/11 09:00" in replace(REPORT, next_at=datetime(2026, 11, 18, 8, tzinfo=UTC)).plain("fr")


def test_1200_characters_pass_and_one_more_is_counted() -> None:
    room = LONGEST - REPORT.length("fr")
    assert len(replace(REPORT, done=REPORT.done + "x" * room).plain("fr")) == LONGEST
    with pytest.raises(NotReady, match="by 1") as caught:
        replace(REPORT, done=REPORT.done + "x" * (room + 1)).plain("fr")
    assert caught.value.words("fr") == ("Le point dépasse 1\u00a0200\u00a0caractères (de\u00a01).",)


def test_a_figure_without_its_habit_does_not_leave() -> None:
    assert codes(replace(REPORT, figures=(("Mentions", "19", " "),))) == ["figure_incomplete"]


@pytest.mark.parametrize("words", ["Rien à faire.", "Calme, rien à décider.", "Aucune action.", "Nothing to do."])
def test_the_bottom_line_may_not_contradict_what_is_expected(words: str) -> None:
    assert codes(replace(REPORT, bottom_line=words)) == ["contradiction"]
    assert replace(REPORT, bottom_line=words, expected="").plain("fr")


def test_nothing_to_decide_before_an_hour_is_no_contradiction() -> None:
    assert replace(REPORT, bottom_line="Rien à décider avant 22 h 15.").plain("fr")


def test_when_nothing_is_expected_it_says_so() -> None:
    assert "ON ATTEND DE VOUS\nRien pour l’instant." in replace(REPORT, expected="").plain("fr")


def test_all_problems_are_told_at_once() -> None:
    broken = replace(REPORT, severity=0, bottom_line=" ", next_at=None, figures=(("", "1", "2"),))
    assert codes(broken) == ["wrong_severity", "no_bottom_line", "figure_incomplete", "no_next"]


def test_a_naive_time_is_refused() -> None:
    assert codes(replace(REPORT, issued_at=ISSUED.replace(tzinfo=None))) == ["naive_time"]


def test_the_sign_follows_the_qualification_when_it_is_known() -> None:
    signs = [replace(REPORT, qualification=q).plain("fr")[1] for q in ("signal", "paracrisis", "crisis")]
    assert signs == ["●", "▲", "◆"]


def test_a_drill_says_so_first_in_every_output() -> None:
    drill = replace(REPORT, drill=True)
    outputs = (drill.plain("fr"), drill.email("fr")[0], drill.slack("fr")[1:], drill.whatsapp("fr")[1:])
    assert all(text.startswith("EXERCICE · ") for text in outputs)


@pytest.mark.parametrize("said", ["Rien à faire.", "Aucune action de votre côté.", "Nothing to decide."])
def test_the_bottom_line_may_not_deny_what_still_waits_for_the_client(said: str) -> None:
    calm = replace(REPORT, bottom_line=said, expected="", still_open=("Valider la position P-07",))
    assert codes(calm) == ["still_open"]
    assert codes(replace(calm, expected="Valider P-07")) == ["contradiction"]
    assert replace(calm, still_open=()).plain("fr")
    assert replace(calm, bottom_line="Rien à décider avant 22:30.").plain("fr")
