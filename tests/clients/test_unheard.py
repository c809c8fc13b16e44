"""When a client was not heard, from the readings of its sources."""

from datetime import datetime, timedelta

import pytest

from clients.models import CollectorRun, Source
from clients.selectors import unheard
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("aldane")


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def runs(name: str, *outcomes: tuple[float, str]) -> None:
    source = Source.objects.create(name=name, kind="api")
    for minutes, outcome in outcomes:
        CollectorRun.objects.create(source=source, started_at=at(minutes), finished_at=at(minutes), outcome=outcome)


def test_from_the_first_failure_to_the_next_success() -> None:
    runs("Reddit", (0, "read"), (5, "failed"), (10, "failed"), (40, "unchanged"), (45, "read"))
    assert unheard.spans(NOW, at(60)) == ((at(5), at(40)),)


def test_a_failure_healed_by_the_next_reading_is_left_out() -> None:
    runs("Reddit", (0, "read"), (5, "failed"), (10, "read"))
    assert unheard.spans(NOW, at(60)) == ()


def test_who_is_still_deaf_is_deaf_to_the_end_and_who_was_before_from_the_beginning() -> None:
    runs("Reddit", (-90, "read"), (-80, "stopped"))
    assert unheard.spans(NOW, at(60)) == ((NOW, at(60)),)
    runs("Presse", (-30, "held"), (20, "read"))
    assert unheard.spans(NOW, at(60)) == ((NOW, at(60)),)


def test_two_sources_deaf_in_turn_are_one_span_and_apart_two() -> None:
    runs("Reddit", (0, "failed"), (20, "read"))
    runs("Presse", (15, "held"), (35, "read"))
    runs("X", (60, "failed"), (80, "read"))
    assert unheard.spans(NOW, at(90)) == ((NOW, at(35)), (at(60), at(80)))


def test_who_falls_silent_is_told_beside_who_was_deaf_already() -> None:
    runs("Reddit", (-90, "failed"), (-80, "failed"))
    runs("Presse", (0, "read"), (20, "failed"), (50, "read"))
    assert unheard.spans(NOW, at(60)) == ((NOW, at(60)),)
    assert unheard.fallen_silent(NOW, at(60)) == ((at(20), at(50)),)


def test_what_ended_before_is_not_told() -> None:
    runs("Reddit", (-90, "failed"), (-10, "read"))
    assert unheard.spans(NOW, at(60)) == ()
