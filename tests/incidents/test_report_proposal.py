"""A situation report is proposed from the log and the reading, within its lengths, whatever they hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.bulletin import Bulletin
from incidents.report_proposal import MOST, Known, Noted, Waiting, next_after, propose

NOW = datetime(2026, 11, 17, 21, 4, tzinfo=UTC)
KNOWN = Known(
    title="Un confrère met en cause nos délais",
    qualification="paracrisis",
    severity=2,
    now=NOW,
    minutes=60,
    phase="growing",
    reading="Retour à la normale probable vers 23\u00a0h.",
    decisions=(Noted(NOW - timedelta(minutes=20), "Ne pas répondre au compte à l’origine"),),
    done=(
        Noted(NOW - timedelta(minutes=30), "Position P-07 publiée"),
        Noted(NOW - timedelta(minutes=20), "Ne pas répondre"),
    ),
    waiting=(Waiting("Valider la position P-07"), Waiting("Relire la réponse", NOW + timedelta(minutes=11))),
    never_said=("Ne citer aucun chiffre de ventes.",),
)


def test_the_bottom_line_says_level_title_phase_reading_and_the_last_decision() -> None:
    assert propose(KNOWN, "fr").bottom_line == (
        "Paracrise de gravité 2\u00a0: Un confrère met en cause nos délais. Cela monte encore. "
        "Retour à la normale probable vers 23\u00a0h. "
        "Décidé à 21:44\u00a0: Ne pas répondre au compte à l’origine."
    )


def test_what_waits_for_the_client_is_expected_with_its_hour() -> None:
    expected = propose(KNOWN, "fr").expected
    assert expected == "Valider la position P-07\u00a0; Relire la réponse (avant 22:15)"


def test_done_keeps_the_order_of_the_log_and_do_not_comes_from_the_positions() -> None:
    proposal = propose(KNOWN, "fr")
    assert proposal.done == "21:34 Position P-07 publiée\n21:44 Ne pas répondre"
    assert proposal.do_not == "Ne citer aucun chiffre de ventes."


def test_every_proposed_field_says_where_it_comes_from_and_an_empty_one_says_nothing() -> None:
    nothing = Known(title="", qualification="signal", severity=4, now=NOW, minutes=None)
    assert set(propose(KNOWN, "en").why) == {*MOST, "next_hour"}
    assert set(propose(nothing, "en").why) == {"bottom_line", "next_hour"}
    assert propose(nothing, "en").bottom_line == "Signal, severity 4."


@pytest.mark.parametrize(
    ("minutes", "wanted"), [(30, "21:35"), (120, "23:05"), (None, "01:05")], ids=["half", "two", "on change"]
)
def test_the_next_one_follows_the_cadence_rounded_up_to_five_minutes(minutes: int | None, wanted: str) -> None:
    assert f"{next_after(NOW.replace(second=7), minutes):%H:%M}" == wanted


@pytest.mark.parametrize(
    "text", ["", "\0", "😱" * 50_000, "א" * 50_000, "mot " * 12_500, "\u202emot\u202e", "\n" * 50_000]
)
def test_hostile_words_are_cut_and_the_report_still_leaves(text: str) -> None:
    noted = (Noted(NOW, text),) * 50
    known = Known(text, "crisis", 1, NOW, 30, "peak", text, noted, noted, (Waiting(text, NOW),) * 50, (text,) * 50)
    proposal = propose(known, "fr")
    assert all(len(getattr(proposal, name)) <= most for name, most in MOST.items())
    assert _bulletin(proposal.bottom_line, proposal.expected, proposal.done, proposal.do_not, proposal.next_at)


def _bulletin(bottom_line: str, expected: str, done: str, do_not: str, next_at: datetime) -> str:
    figures = tuple(
        (f"Un libellé de la longueur habituelle {n}", "1\u00a0234", "habitude\u00a0: 12 à 40") for n in (1, 2, 3)
    )
    return Bulletin(
        "INC-0042",
        1,
        12,
        NOW,
        next_at,
        bottom_line,
        expected,
        figures,
        done,
        do_not,
        qualification="crisis",
        drill=True,
    ).plain("fr")


@given(st.lists(st.text(max_size=400), max_size=30), st.integers(5, 1440))
def test_whatever_the_log_holds_the_proposal_fits_in_one_report(texts: list[str], minutes: int) -> None:
    noted = tuple(Noted(NOW, text) for text in texts)
    proposal = propose(Known("".join(texts[:1]), "crisis", 1, NOW, minutes, "growing", "", noted, noted), "fr")
    assert len(proposal.bottom_line) <= MOST["bottom_line"] and len(proposal.done) <= MOST["done"]
    assert proposal.next_at > NOW
