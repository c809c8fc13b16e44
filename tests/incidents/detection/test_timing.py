"""When it struck: shifts, holidays, the calendar, the author's own hours, and the clock that shows it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from agency.choices import Country
from incidents.charts.clock import describe_clock, draw_clock
from incidents.detection import own_hours, timing
from incidents.detection.case import PARIS, Case, Past, Planned, Post, Staffed

WEEK = tuple(Staffed(day, time(9), time(18)) for day in range(5))
TUESDAY = datetime(2026, 11, 17, 20, 58, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(at: datetime = TUESDAY, **fields: Any) -> Case:
    return Case(at, at + HOUR, fields.pop("posts", ()), **{"staffed": WEEK, "country": "FR", **fields})


def lines(at: datetime = TUESDAY, **fields: Any) -> list[tuple[str, str]]:
    return [(line["sign"], line["words"]["fr"]) for line in timing.judge(case(at, **fields))["signs"]]


def test_it_is_told_how_long_nobody_had_answered_and_for_how_long_nobody_will() -> None:
    assert lines()[0] == (
        "against",
        "Personne ne répondait\u00a0: 3\u00a0h\u00a058 après la fin du service, 11\u00a0h\u00a002 avant la reprise.",
    )


def test_within_a_shift_somebody_answered() -> None:
    assert lines(datetime(2026, 11, 17, 8, 0, tzinfo=UTC))[0][0] == "calm"


def test_without_hours_entered_nothing_is_said_of_them() -> None:
    found = timing.judge(case(staffed=()))
    assert (found["signs"][0]["sign"], found["past"], found["is_staffed"]) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("at", "since", "until"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 31.5, 30.5),  # spring: Saturday's night to Monday is an hour short
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 32.5, 31.5),  # autumn: an hour long
    ],
)
def test_a_clock_change_is_counted_in_real_time(at: datetime, since: float, until: float) -> None:
    found = timing.staffing_at(at, case())
    assert found is not None
    friday_evening = datetime(at.year, at.month, at.day, 18, tzinfo=PARIS) - timedelta(days=2)
    assert found.since == at - friday_evening.astimezone(UTC)
    assert (found.since / HOUR, found.until / HOUR if found.until else None) == (since, until)


def test_two_rows_around_midnight_are_one_shift() -> None:
    night = (Staffed(1, time(22), time(23, 59)), Staffed(2, time(0), time(6)))
    at = datetime(2026, 11, 17, 22, 59, 30, tzinfo=UTC)  # 23:59:30 in Paris
    found = timing.staffing_at(at, case(staffed=night))
    assert found is not None
    assert found.is_staffed


def test_the_client_s_own_zone_decides() -> None:
    at = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
    montreal = timing.staffing_at(at, case(zone=ZoneInfo("America/Toronto")))
    tokyo = timing.staffing_at(at, case(zone=ZoneInfo("Asia/Tokyo")))
    assert montreal is not None
    assert tokyo is not None
    assert (montreal.is_staffed, tokyo.is_staffed) == (True, False)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 11, 9, tzinfo=UTC), "Un jour férié (Armistice)."),
        (datetime(2026, 12, 24, 9, tzinfo=UTC), "Une veille de jour férié (Noël)."),
        (datetime(2026, 11, 20, 16, tzinfo=UTC), "Un vendredi après 17\u00a0h."),
        (datetime(2026, 11, 21, 12, tzinfo=UTC), "Un week-end."),
        (datetime(2026, 11, 18, 2, tzinfo=UTC), "La nuit, entre 22\u00a0h et 6\u00a0h."),
    ],
)
def test_the_hours_in_which_brands_sleep_are_named(at: datetime, said: str) -> None:
    assert ("against", said) in lines(at)


@pytest.mark.parametrize("country", ["", "ZZ"])
def test_a_country_that_is_not_known_has_no_holidays(country: str) -> None:
    assert timing.holidays_near(datetime(2026, 12, 25, 9, tzinfo=UTC), case(country=country)) == []


@pytest.mark.parametrize("country", [country for country in Country.values if country])
def test_every_country_that_can_be_chosen_has_its_own_days(country: str) -> None:
    year = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    days = {
        at.date(): name for at in year for name, ahead in timing.holidays_near(at, case(country=country)) if not ahead
    }
    assert len(days) >= 4 and all(name["fr"] and name["en"] for name in days.values())


def test_the_days_are_those_of_the_clients_country() -> None:
    july = datetime(2026, 7, 14, 9, tzinfo=UTC), datetime(2026, 7, 21, 9, tzinfo=UTC)
    named = [[bool(timing.holidays_near(at, case(country=country))) for at in july] for country in ("FR", "BE", "MA")]
    assert named == [[True, False], [False, True], [False, False]]


@pytest.mark.parametrize(("hours", "said"), [(-3, "Pendant"), (5, "5\u00a0h avant"), (-30, "6\u00a0h après"), (40, "")])
def test_the_calendar_is_looked_at_a_day_around(hours: int, said: str) -> None:
    begins = TUESDAY + hours * HOUR
    found = lines(agenda=(Planned("Soldes", begins, begins + 24 * HOUR),))
    told = [words for _sign, words in found if "Soldes" in words]
    assert [words.startswith(said) for words in told] == ([True] if said else [])


def heard(hours: list[int], author: int = 1) -> tuple[Post, ...]:
    days = [TUESDAY.replace(hour=hour, minute=5) - timedelta(days=2 + n) for n, hour in enumerate(hours)]
    return tuple(Post(n, at, author, "…", "origine") for n, at in enumerate(days))


@pytest.mark.parametrize(
    ("hours", "sign", "said"),
    [
        ([9, 10, 11] * 13, "against", "Inhabituel"),
        ([20, 21, 19] * 13, "calm", "Habituel"),
        (list(range(24)) * 2, "calm", "à toute heure"),
        ([20] * 29, "unknown", "29 messages"),
    ],
)
def test_the_author_s_own_hours_are_told_from_thirty_posts_on(hours: list[int], sign: str, said: str) -> None:
    struck = (Post(1, TUESDAY, 1, "Bravo", "origine"),)
    told_sign, words = lines(posts=struck, before=heard(hours), confirmed={1: "instigator"})[-1]
    assert told_sign == sign
    assert said in words


def test_where_nobody_leads_nobodys_hours_are_told() -> None:
    spoken = lines(posts=(Post(1, TUESDAY, 1, "Plus de réseau", "cliente"),), before=heard([9] * 40))
    assert not [words for _sign, words in spoken if "à l’origine" in words]


def test_hours_around_midnight_are_one_habit() -> None:
    at = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)  # 00:30 in Paris
    struck = case(at, posts=(Post(1, at, 1, "", "o"),), before=heard([22, 23] * 20), confirmed={1: "instigator"})
    found = own_hours.habit_of_origin(struck)
    assert isinstance(found, own_hours.Habit)
    assert found.share == 1
    assert min(found.mean_hour, 24 - found.mean_hour) < 1


def test_strikes_that_follow_a_shift_s_end_are_counted() -> None:
    ends = [datetime(2026, 11, day, 17, 30, tzinfo=UTC) for day in (3, 4)]
    past = tuple(Past("INC", at, None, None, 9) for at in (*ends, datetime(2026, 11, 5, 10, tzinfo=UTC)))
    told = timing.judge(case(past=past))["past"]["en"]
    assert told.startswith("Of 4 incidents of this client, 3 outside today’s staffed hours, 2 of them")


def test_the_clock_says_in_words_what_it_draws() -> None:
    found = timing.judge(case())
    drawing = draw_clock(found["minute"], found["staffed"], language="fr")
    root = ElementTree.fromstring(drawing)  # noqa: S314 our own drawing
    assert root[1].text == "Frappe à 21:58, heures tenues ce jour-là\u00a0: 09:00–18:00."
    assert "style" not in drawing
    assert draw_clock(0, [], language="en", skin="paper").count("<path") == 2
    assert describe_clock(0, [], "en") == "Struck at 00:00, nobody answers on that day."


def test_a_whole_day_staffed_is_drawn() -> None:
    week = tuple(Staffed(day, time(0), time(23, 59)) for day in range(7))
    assert timing.judge(case(staffed=week))["signs"][0]["sign"] == "calm"
    assert "A76 76 0 1 1" in draw_clock(0, [[0, 24 * 60]], language="fr")


@pytest.mark.parametrize("heard", [3, 40])
def test_when_an_account_usually_writes_is_marked_as_its_own_affair(heard: int) -> None:
    posts = (
        Post(1, TUESDAY, 7, "Quelle honte", external_id="p1", attack="yes"),
        Post(2, TUESDAY, 8, "Bien dit", reply_to="p1"),
    )
    before = tuple(Post(100 + n, TUESDAY - timedelta(days=n, hours=9), 7, "…") for n in range(1, heard + 1))
    found = timing.judge(case(posts=posts, before=before))["signs"]
    told = [one for one in found if "compte à l’origine" in one["words"]["fr"]]
    assert [one.get("of") for one in told] == ["account"]
