"""What a line of the log says of itself: its moment and its kind, in French and in English."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.log_line import CLOCKS_MAY_DIFFER, FARTHEST, Line, NotYet, moment, read

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 17, 20, 58, 30, tzinfo=UTC)  # 21:58 in Paris


def local(typed: str, now: datetime = NOW) -> str:
    at = read(typed, now=now, zone=PARIS).happened_at
    return f"{at.astimezone(PARIS):%d %H:%M}" if at else ""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("21:42 la presse appelle", "17 21:42"),
        ("21h42 la presse appelle", "17 21:42"),
        ("21 h 42 : la presse appelle", "17 21:42"),
        ("à 21h, la presse appelle", "17 21:00"),
        ("21:42:07 la presse appelle", "17 21:42"),
        ("[21:42] la presse appelle", "17 21:42"),
        ("9:42 pm the press calls", "17 21:42"),
        ("at 9pm the press calls", "17 21:00"),
        ("22:10 la presse appelle", "16 22:10"),
        ("hier 23:10 la presse appelle", "16 23:10"),
        ("hier à 23h10 la presse appelle", "16 23:10"),
        ("Yesterday at 11:10 pm, the press calls", "16 23:10"),
        ("avant-hier 8h05 la presse appelle", "15 08:05"),
        ("le 12/11 à 14:00 la presse appelle", "12 14:00"),
        ("il y a 5 min la presse appelle", "17 21:53"),
        ("il y a 1h30 la presse appelle", "17 20:28"),
        ("il y a une heure et demie, la presse appelle", "17 20:28"),
        ("il y a une demi-heure la presse appelle", "17 21:28"),
        ("il y a un quart d’heure la presse appelle", "17 21:43"),
        ("5 min ago the press calls", "17 21:53"),
        ("half an hour ago: the press calls", "17 21:28"),
        ("2 hours ago - the press calls", "17 19:58"),
        ("à l’instant : la presse appelle", "17 21:58"),
        ("décision : 21:42 ne rien dire", "17 21:42"),
    ],
)
def test_a_moment_at_the_beginning_is_understood_and_taken_out(typed: str, expected: str) -> None:
    assert local(typed) == expected
    assert read(typed, now=NOW, zone=PARIS).text in {"la presse appelle", "the press calls", "ne rien dire"}


@pytest.mark.parametrize(
    "typed",
    [
        "21 messages en une minute",
        "21 % de négatif",
        "21.5 % de négatif",
        "3,5 h d’attente",
        "25:00 la presse",
        "12:75 la presse",
        "2026 sera long",
        "il y a 99999 jours la presse",
        "31/02 21:42 la presse",
        "il y a deux camps",
        "heure de pointe",
        "La presse appelle à 21:42",
        "24h Pujadas en parle",
        "10:30:155 la presse",
        "3h d’attente au téléphone",
        "2 h de retard",
        "13 pm",
        "",
    ],
)
def test_what_names_no_moment_stays_as_it_was_typed(typed: str) -> None:
    assert read(typed, now=NOW, zone=PARIS) == Line(typed)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("Décision : ne rien dire", "decision"),
        ("21:42 decision: ne rien dire", "decision"),
        ("FAIT - ne rien dire", "fact"),
        ("action: ne rien dire", "action"),
        ("msg : ne rien dire", "message"),
        ("ne rien dire", ""),
    ],
)
def test_a_word_names_the_kind(typed: str, kind: str) -> None:
    found = read(typed, now=NOW, zone=PARIS)
    assert (found.kind, found.text) == (kind, "ne rien dire")


@pytest.mark.parametrize("typed", ["Fait divers dans la presse", "message reçu du client", "Fait-divers : calme"])
def test_a_sentence_that_begins_with_such_a_word_is_left_whole(typed: str) -> None:
    assert read(typed, now=NOW, zone=PARIS) == Line(typed)


def test_a_day_named_with_an_hour_to_come_is_said() -> None:
    with pytest.raises(NotYet):
        read("aujourd’hui 23:10 la presse", now=NOW, zone=PARIS)


@pytest.mark.parametrize(
    ("now", "typed", "expected"),
    [
        (datetime(2026, 10, 25, 0, 40, tzinfo=UTC), "02:30 x", "2026-10-25T00:30"),  # the first 02:30 only has come
        (datetime(2026, 10, 25, 1, 40, tzinfo=UTC), "02:30 x", "2026-10-25T01:30"),  # the second has
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), "il y a 30 min x", "2026-10-25T00:40"),
        (datetime(2026, 3, 29, 1, 40, tzinfo=UTC), "02:30 x", "2026-03-29T01:30"),  # that hour does not come
        (datetime(2026, 3, 29, 1, 40, tzinfo=UTC), "01:50 x", "2026-03-29T00:50"),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), "hier 23:10 x", "2026-03-29T21:10"),
    ],
)
def test_both_nights_when_the_clocks_change(now: datetime, typed: str, expected: str) -> None:
    at = read(typed, now=now, zone=PARIS).happened_at
    assert at is not None
    assert at.isoformat().startswith(expected)


def test_a_moment_alone_is_one_and_a_sentence_is_none() -> None:
    assert moment("hier 23:10", now=NOW, zone=PARIS) == datetime(2026, 11, 16, 22, 10, tzinfo=UTC)
    assert moment("21:42 la presse", now=NOW, zone=PARIS) is None


@pytest.mark.parametrize("typed", ["\0", "🙂" * 500, "il y a " * 5000, "9" * 50_000, "21:42 " * 9000, "ح 21:42 ", " "])
def test_hostile_lines_are_read_at_once(typed: str) -> None:
    assert isinstance(read(typed, now=NOW, zone=PARIS), Line)


@given(
    st.integers(0, 23), st.integers(0, 59), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["", "hier ", "à ", "yesterday at "]),
)  # fmt: skip
def test_an_hour_is_never_ahead_and_shows_the_same_hour(hour: int, minute: int, now: datetime, day: str) -> None:
    now = now.replace(tzinfo=UTC)
    at = read(f"{day}{hour}:{minute:02d} x", now=now, zone=PARIS).happened_at
    assert at is not None
    assert now - FARTHEST < at <= now + CLOCKS_MAY_DIFFER
    shown = at.astimezone(PARIS)
    assert shown.minute == minute
    assert shown.hour in {hour, (hour + 1) % 24}  # one later in the hour that does not come


@given(st.text(max_size=80))
def test_whatever_is_typed_nothing_of_the_sentence_is_lost(typed: str) -> None:
    found = read(typed, now=NOW + timedelta(days=1), zone=PARIS)
    plain = typed.replace("\u00a0", " ").replace("\u202f", " ").strip()
    assert plain.endswith(found.text)
