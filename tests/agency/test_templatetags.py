"""Numbers, hours, levels and roles as pages write them, in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from agency.templatetags import rempart

STRIKE = datetime(2026, 11, 17, 20, 30, tzinfo=UTC)  # 21:30 in Paris


@pytest.fixture(autouse=True)
def _in_paris() -> object:
    with timezone.override("Europe/Paris"), translation.override("fr"):
        yield


def written(source: str, **context: object) -> str:
    return Template("{% load rempart %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (48200, "48\u00a0200", "48,200"),
        (-1200, "−1\u00a0200", "−1,200"),
        (0, "0", "0"),
        (None, "–", "–"),
    ],
)
def test_a_count_has_its_thousands_apart(value: int | None, french: str, english: str) -> None:
    assert rempart.count(value) == french
    with translation.override("en"):
        assert rempart.count(value) == english


def test_decimals_and_percentages_follow_the_language() -> None:
    assert rempart.decimal(1234.56) == "1\u00a0234,6"
    assert rempart.percent(-0.01) == "−1\u00a0%"
    with translation.override("en"):
        assert (rempart.decimal(1234.56), rempart.percent(0.255, 1)) == ("1,234.6", "25.5%")


def test_a_habit_is_a_band_or_says_that_it_is_too_soon() -> None:
    with translation.override("en"):
        assert rempart.habit((380, 470)) == "usual: 380 to 470"
        assert rempart.habit((4, 4)) == "usual: 4"
        assert rempart.habit(None) == "too little history to tell"
        assert rempart.times(4.7) == "× 4.7 the usual"


def test_hours_are_those_of_paris_in_tables_and_in_prose() -> None:
    assert rempart.hm(STRIKE) == "21:30"
    assert rempart.hm_prose(STRIKE) == "21\u00a0h\u00a030"
    assert rempart.hm_prose(STRIKE - timedelta(minutes=30)) == "21\u00a0h"
    with translation.override("en"):
        assert rempart.hm_prose(STRIKE) == "21:30"


@pytest.mark.parametrize(
    ("moment", "hour"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59"),  # then 03:00: the night loses an hour
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30"),  # then 02:30 again: the night gains one
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30"),
    ],
)
def test_hours_hold_through_both_clock_changes(moment: datetime, hour: str) -> None:
    assert rempart.hm(moment) == hour


def test_days_are_written_out() -> None:
    assert rempart.day(STRIKE) == "mardi 17\u00a0novembre"
    assert rempart.day(date(2026, 12, 1)) == "mardi 1er\u00a0décembre"
    assert rempart.day_and_year(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "vendredi 1er\u00a0janvier 2027"
    with translation.override("en"):
        assert rempart.day(STRIKE) == "Tuesday 17\u00a0November"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (45, "45\u00a0s"),
        (45 * 60, "45\u00a0min"),
        (7800, "2\u00a0h\u00a010"),
        (3600, "1\u00a0h"),
        (-5, "0\u00a0s"),
    ],
)
def test_a_duration_keeps_the_units_that_matter(seconds: int, words: str) -> None:
    assert rempart.duration(timedelta(seconds=seconds)) == words


def test_a_duration_of_days_counts_days() -> None:
    with translation.override("en"):
        assert rempart.duration(timedelta(days=23, hours=4)) == "23\u00a0d"


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("signal", "veille"),
        ("paracrisis", "alerte"),
        ("crisis", "crise"),
        ("closed", "clos"),
        ("alerte", "alerte"),
    ],
)
def test_a_qualification_has_its_level(name: str, level: str) -> None:
    badge = written("{% level_badge name %}", name=name)
    assert f"level-{level}" in badge and f"icons.svg#{level}" in badge


def test_an_unknown_level_is_an_error_not_a_calm_page() -> None:
    with pytest.raises(KeyError):
        rempart.level_of("fine")


def test_a_paracrisis_never_says_crisis() -> None:
    with translation.override("en"):
        assert written("{% level_badge 'paracrisis' 2 %}").rstrip().endswith("Level 2 · Alert</span>")
        assert rempart.level_sign("paracrisis") == "▲ Alert"


def test_a_role_shows_its_family_and_its_own_word() -> None:
    with translation.override("en"):
        mark = written("{% role_mark 'relay' %}")
    assert "role-pack" in mark and "Relay" in mark


def test_what_people_wrote_stays_text() -> None:
    hostile = "<script>alert(1)</script>"
    page = written(
        "{% notice 'error' text title=text %}{% number_card text text text %}{% icon 'check' text %}", text=hostile
    )
    assert "<script>" not in page and page.count("&lt;script&gt;") == 6
