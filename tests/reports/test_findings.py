"""What the facts of an incident say, in sentences."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports import findings
from reports.findings import Facts
from reports.milestones import Instants, milestones
from reports.speakers import MOST_DOTS, Said, grouped, strip, table

START = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
N = "\u00a0"


def facts(counts: tuple[int, ...] = (1, 9, 30, 8, 1), **given: object) -> Facts:
    points = tuple((START + findings.STEP * step, count) for step, count in enumerate(counts))
    return Facts(**{
        "title": "Un confrère frappe", "started_at": START, "ended_at": START + timedelta(hours=2), "points": points,
        "band": (0, 2), "accounts": 41, "messages": 49, "customers": 0, "spectators": 1, "reports": 2,
        "closing_note": "", **given,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "band", "minutes"),
    [
        ((1, 9, 30, 8, 1), (0, 2), 45),
        ((1, 9, 30, 8, 1), None, 15),
        ((0, 0), (0, 2), 0),
        ((), None, 0),
        ((5,), None, 15),
    ],
)
def test_the_peak_lasts_while_it_stands_out(
    counts: tuple[int, ...], band: tuple[int, int] | None, minutes: int
) -> None:
    assert findings.peak_length(facts(counts).points, band) == timedelta(minutes=minutes)


def test_without_a_peak_the_title_says_the_length_alone() -> None:
    assert findings.title(facts(()), "fr") == f"L’incident a duré 2{N}h"
    assert findings.title(facts(), "en") == f"The peak lasted 45{N}min, the incident 2{N}h"


def test_the_closing_note_opens_and_its_last_sentence_is_what_is_asked() -> None:
    told, asked = findings.bottom_line(facts(closing_note="C’est fini. Tenir P-07. Le dire au siège ?"), PARIS, "fr")
    assert (told[0], asked, len(told)) == ("C’est fini. Tenir P-07.", "Le dire au siège ?", 4)


def test_a_note_of_one_sentence_opens_and_asks_nothing() -> None:
    told, asked = findings.bottom_line(facts(closing_note="C’est fini."), PARIS, "fr")
    assert (told[0], asked) == ("C’est fini.", "")


def test_without_a_note_the_title_opens_and_nothing_is_asked() -> None:
    told, asked = findings.bottom_line(facts(messages=0, accounts=0, reports=0), PARIS, "fr")
    assert (told[0], asked) == ("Un confrère frappe.", "")
    assert "Aucune mention" in told[1] and "Personne n’a été prévenu" in told[2]


def test_one_and_several_agree_with_their_verb() -> None:
    told = " ".join(findings.bottom_line(facts(customers=2), PARIS, "fr")[0])
    assert f"2{N}comptes se plaignent" in told and f"1{N}se moque ou regarde" in told
    assert "no account complains, 1 mocks" in " ".join(findings.bottom_line(facts(), PARIS, "en")[0])


def test_a_very_long_note_is_cut_between_words() -> None:
    told, asked = findings.bottom_line(facts(closing_note=f"{'mot ' * 200}. {'fin ' * 200}."), PARIS, "fr")
    assert (
        len(told[0]) <= findings.LONGEST_OPENING and len(asked) <= findings.LONGEST_DECISION and asked.endswith("fin…")
    )


@pytest.mark.parametrize(
    ("now_at", "begins"), [(30, "Cela monte encore"), (8, "Le plus haut est passé"), (None, "Le pic a duré")]
)
def test_the_curve_says_where_it_stands(now_at: int | None, begins: str) -> None:
    assert findings.curve_title(facts().points, (0, 2), "fr", now_at=now_at).startswith(begins)


def test_a_signal_found_in_history_says_nothing_of_how_fast_we_hear() -> None:
    late = Instants(START, raised_at=START + timedelta(days=90), opened_at=START + timedelta(days=91))
    lengths = {one.step: one.length for one in milestones(late, [])}
    assert lengths["detected"] is lengths["confirmed"] is None


def test_the_habit_is_the_median_of_the_incidents_that_reached_the_step() -> None:
    before = [Instants(START, closed_at=START + timedelta(hours=hours)) for hours in (1, 2, 9)] + [Instants(START)]
    (duration, *_) = milestones(Instants(START, closed_at=START + timedelta(hours=4)), before)
    assert (duration.median, duration.earlier) == (timedelta(hours=2), 3)
    assert findings.usual(duration, "fr") == f"médiane des 3{N}précédents{N}: 2{N}h"


def test_an_account_is_counted_in_each_kind_and_the_brand_apart() -> None:
    said = [
        Said(START, 1, "complaint"),
        Said(START, 1, "popcorn"),
        Said(START, None, "popcorn"),
        Said(START, 9, "other", True),
    ]
    rows = [(row.label, row.accounts, row.messages) for row in table(grouped(said), "en")]
    assert rows == [("Complaints and questions", 1, 1), ("Mockery and popcorn", 2, 2), ("The brand itself", 1, 1)]


def test_too_many_messages_are_counted_and_not_drawn() -> None:
    assert strip(grouped([Said(START, n, "") for n in range(MOST_DOTS + 1)]), "fr") is None
    assert strip((), "fr") is None


def test_a_peak_counted_in_quarters_does_not_outlast_a_short_incident() -> None:
    assert findings.title(facts(ended_at=START + timedelta(minutes=9)), "fr") == f"L’incident a duré 9{N}min"


def test_a_long_incident_is_told_by_the_hour() -> None:
    points = tuple((START + findings.HOUR * step, count) for step, count in enumerate((1, 9, 30, 8, 1)))
    told = replace(facts(), points=points, ended_at=START + timedelta(days=3))
    assert findings.title(told, "en") == f"The peak lasted 3{N}h, the incident 3{N}d"
    assert "au plus haut 30 dans l’heure de 23\u00a0h." in " ".join(findings.bottom_line(told, PARIS, "fr")[0])
    assert [one.label for one in findings.numbers(told, PARIS, "fr")][-1] == "Mentions, heure la plus haute"
    assert findings.curve_unit(None, "en", findings.HOUR) == "Public mentions an hour"
