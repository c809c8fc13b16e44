"""Three lines for whoever decides, from the same source as the whole report, without the name of an account."""

from dataclasses import replace

import pytest

from incidents import executive
from incidents.bulletin import NotReady
from tests.incidents.test_bulletin import REPORT


def test_three_lines_say_where_we_are_what_is_asked_and_when() -> None:
    assert executive.in_three_lines(REPORT, "fr") == (
        "Attaque de métier, pas de clients\u00a0: 8 comptes relaient. Position P-07 publiée.",
        "Décision demandée\u00a0: Valider le message de clôture avant 22:15 (C. Marchetti).",
        "Point de 22:04, prochain à 22:30.",
    )


def test_when_nothing_is_asked_it_says_so() -> None:
    assert executive.in_three_lines(replace(REPORT, expected=""), "en")[1] == "No decision is asked of you."


@pytest.mark.parametrize(
    "said", ["@meneur", "@me.neur-2", "@meneur@mastodon.test", "https://x.test/meneur/1", "(@meneur)"]
)
def test_no_account_is_named(said: str) -> None:
    first, asked, _ = executive.in_three_lines(
        replace(REPORT, bottom_line=f"Parti de {said} ce soir.", expected=said), "fr"
    )
    assert "neur" not in first + asked


def test_an_address_of_e_mail_is_left_as_it_is() -> None:
    assert "claire@aldane.test" in executive.email(replace(REPORT, expected="Écrire à claire@aldane.test."), "fr")[1]


def test_the_subject_begins_with_the_level() -> None:
    subject, body = executive.email(REPORT, "fr")
    assert subject.startswith("[▲ NIVEAU\u00a02] INC-0042 · point nº\u00a03 · Attaque de métier")
    assert len(body.strip().splitlines()) == 3


def test_what_may_not_leave_whole_may_not_leave_short() -> None:
    with pytest.raises(NotReady):
        executive.in_three_lines(replace(REPORT, next_at=None), "fr")
