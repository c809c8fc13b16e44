"""A source that fails is asked less and less often, and after five failures once at a time."""

from hypothesis import given
from hypothesis import strategies as st

from clients.listening import backoff
from clients.listening.words import Words

MIDDLE = 0.5


def pause(failures: int, every_s: float = 60, asked_s: float | None = None, luck: float = MIDDLE) -> float:
    return backoff.pause_s(every_s=every_s, failures=failures, asked_s=asked_s, luck=luck)


def test_each_failure_doubles_the_pause() -> None:
    assert [pause(failures) for failures in (1, 2, 3, 4, 5)] == [60, 120, 240, 480, 960]


def test_no_pause_is_longer_than_six_hours_and_a_bit() -> None:
    assert pause(30) == 6 * 3600
    assert pause(10**9, every_s=1e6, luck=0.999) < 6 * 3600 * 1.2


def test_what_the_source_asks_for_is_a_minimum() -> None:
    assert pause(1, asked_s=1800, luck=0) == 1800
    assert pause(6, asked_s=5) == pause(6)


def test_an_open_breaker_is_not_tried_every_few_seconds() -> None:
    assert not backoff.is_open(4)
    assert backoff.is_open(5)
    assert (pause(4, every_s=5), pause(5, every_s=5)) == (40, 300)


@given(every_s=st.floats(5, 1e6), failures=st.integers(1, 500), luck=st.floats(0, 0.999))
def test_the_spread_is_a_fifth_either_way(every_s: float, failures: int, luck: float) -> None:
    middle = pause(failures, every_s)
    assert 0.8 * middle - 1e-6 <= pause(failures, every_s, luck=luck) <= 1.2 * middle + 1e-6


def test_an_open_breaker_says_when_the_next_try_is() -> None:
    said = backoff.said_open(Words("le site ne répond pas", "no answer"), failures=5, hour="21:40")
    assert said.fr == "le site ne répond pas — 5\u00a0échecs de suite\u00a0: une seule tentative, à\u00a021:40"
    assert "at 21:40" in said.en
