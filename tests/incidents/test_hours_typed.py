"""An hour typed in a form, on an evening like another and on the night that has an hour twice."""

from datetime import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from incidents.admin.forms import HourField


@pytest.mark.parametrize(
    ("now", "typed", "ahead", "meant"),
    [
        ("2026-11-17T22:12+01:00", "22:30", True, "2026-11-17T22:30+01:00"),
        ("2026-11-17T22:12+01:00", "21 h", True, "2026-11-18T21:00+01:00"),
        ("2026-11-17T22:12+01:00", "dans 10 min", True, "2026-11-17T22:22+01:00"),
        ("2026-11-17T22:12+01:00", "tomorrow 9:00", True, "2026-11-18T09:00+01:00"),
        ("2026-11-17T22:12+01:00", "21:42", False, "2026-11-17T21:42+01:00"),
        ("2026-11-17T00:05+01:00", "23:50", False, "2026-11-16T23:50+01:00"),
        ("2026-10-24T22:25+02:00", "02:30", True, "2026-10-25T02:30+02:00"),
        ("2026-10-25T02:40+02:00", "02:40", True, "2026-10-25T02:40+01:00"),
        ("2026-10-25T02:40+02:00", "02:10", True, "2026-10-25T02:10+01:00"),
        ("2026-10-25T02:20+01:00", "02:50", False, "2026-10-25T02:50+02:00"),
        ("2026-10-25T02:20+01:00", "02:10", False, "2026-10-25T02:10+01:00"),
        ("2026-03-28T23:00+01:00", "02:30", True, "2026-03-29T03:30+02:00"),
    ],
)
def test_an_hour_is_the_one_that_is_meant(now: str, typed: str, ahead: bool, meant: str) -> None:
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        assert HourField(ahead=ahead).clean(typed) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("typed", "ahead"), [("bientôt", True), ("dans 10 min", False), ("25:00", True), ("x" * 61, True)]
)
def test_what_names_no_hour_is_refused_aloud(typed: str, ahead: bool) -> None:
    with pytest.raises(ValidationError):
        HourField(ahead=ahead).clean(typed)
