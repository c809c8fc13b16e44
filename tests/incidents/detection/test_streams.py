"""Many narrow streams, followed post by post."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from incidents.detection.buckets import authors_in_order
from incidents.detection.streams import Alarm, Follower, Heard, Setting, share_that_attacks
from incidents.detection.streams_replay import replayed
from incidents.detection.streams_topics import topics_of

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
STRUCK = MONDAY + timedelta(days=21)


def quiet(days: int = 21, a_day: int = 6) -> Iterator[Heard]:
    for step in range(days * a_day):
        at = MONDAY + timedelta(hours=step * 24 / a_day)
        yield Heard(at, f"habitue{step % 40}", topics=("facture", "livraison"))


def pack(size: int, minutes: float, at: datetime = STRUCK, **fields: object) -> list[Heard]:
    step = timedelta(minutes=minutes / size)
    return [Heard(at + step * n, f"meute{n}", **fields) for n in range(size)]  # type: ignore[arg-type]


def grave(at: datetime, author: str = "client", **fields: object) -> Heard:
    return Heard(at, author, urgent="safety", is_grave=True, **fields)  # type: ignore[arg-type]


def raised(*parts: Iterator[Heard] | list[Heard], setting: Setting | None = None) -> list[Alarm]:
    follower = Follower(setting or Setting())
    return [alarm for part in parts for alarm in follower.take(part)]


def test_quiet_weeks_raise_nothing() -> None:
    assert raised(quiet()) == []


def test_ten_accounts_in_an_hour_are_one_alarm_on_a_small_brand() -> None:
    alarms = raised(quiet(), pack(25, 60, attack="yes"))
    assert len(alarms) == 1
    assert alarms[0].attack == "yes"
    assert alarms[0].at <= STRUCK + timedelta(minutes=20)
    assert all(alarms[0].why[language] for language in ("fr", "en"))


def test_one_account_that_posts_all_evening_is_no_surge() -> None:
    ranting = [Heard(STRUCK + timedelta(minutes=n), "seul", attack="yes", thread="fil") for n in range(200)]
    assert raised(quiet(), ranting) == []


def test_a_rise_that_hardly_attacks_is_not_called_an_attack() -> None:
    announced = Heard(STRUCK - timedelta(minutes=5), "marque", is_ours=True)
    alarms = raised(quiet(), [announced], pack(20, 60, attack="no"))
    assert [alarm.attack for alarm in alarms] == ["no"]
    assert "La marque venait de publier." in alarms[0].why["fr"]


def test_the_brand_s_own_posts_are_nobody_s_voice() -> None:
    assert raised(quiet(), pack(60, 60, is_ours=True)) == []


def test_an_urgent_mention_speaks_at_the_first_even_after_another_alarm() -> None:
    alarms = raised(quiet(), pack(20, 60), [grave(STRUCK + timedelta(hours=2))])
    assert [alarm.stream for alarm in alarms] == ["all", "urgent"]


def test_a_second_danger_the_next_day_is_news_and_so_is_one_in_a_client_that_hears_many() -> None:
    days = [grave(STRUCK + timedelta(days=n), f"u{n}") for n in range(12)]
    assert [alarm.at for alarm in raised(quiet(), days)] == [post.at for post in days[:4]]
    both = [*days, grave(days[-1].at + timedelta(hours=1), "autre")]
    assert raised(quiet(), both)[-1].at == both[-1].at


def test_a_legal_manner_of_speaking_waits_for_several_accounts() -> None:
    assert raised(quiet(), pack(2, 30, urgent="legal_threat")) == []
    assert [alarm.observed for alarm in raised(quiet(), pack(4, 30, urgent="legal_threat"))] == [3]


def test_a_brand_that_hears_threats_every_week_is_told_of_several_in_a_day() -> None:
    weekly = [Heard(MONDAY + timedelta(days=7 * n), f"u{n}", urgent="legal_threat") for n in range(6)]
    again = pack(3, 30, at=MONDAY + timedelta(days=40), urgent="legal_threat")
    assert [alarm.at for alarm in raised(weekly, again)] == [again[2].at]


def test_five_accounts_of_one_thread_speak_in_a_big_brand() -> None:
    big = (Heard(MONDAY + timedelta(minutes=n), f"u{n % 5000}") for n in range(21 * 24 * 60))
    alarms = raised(big, pack(6, 6, thread="https://reseau.test/1"))
    assert [(alarm.stream, alarm.observed) for alarm in alarms] == [("thread", 5)]


def test_a_word_that_many_say_at_once_is_a_topic() -> None:
    big = (Heard(MONDAY + timedelta(minutes=n), f"u{n % 5000}", topics=("livraison",)) for n in range(21 * 24 * 60))
    alarms = raised(big, pack(10, 30, topics=topics_of("Rappel des poussettes #PoussettesAldane")))
    assert [alarm.stream for alarm in alarms] == ["topic"]
    assert alarms[0].key in {"#poussettesaldane", "poussettes", "rappel"}


def test_a_slow_burn_of_many_days_is_seen() -> None:
    burning = [Heard(STRUCK + timedelta(minutes=55 * n), f"neuf{n}") for n in range(150)]
    alarms = raised(quiet(), burning)
    assert alarms
    assert alarms[0].window_minutes >= 24 * 60


def test_a_slow_burn_after_a_big_outage_is_told_once_more() -> None:
    mild = [Heard(STRUCK + timedelta(days=3, minutes=40 * n), f"doux{n}") for n in range(100)]
    alarms = raised(quiet(), pack(100, 90), mild)
    assert [alarm.at - STRUCK > timedelta(days=3) for alarm in alarms][:2] == [False, True]
    assert len(alarms) <= 3


def test_a_brand_struck_every_four_days_is_heard_each_time() -> None:
    habit = iter(quiet(days=42))
    strikes = [pack(14, 60, at=STRUCK + timedelta(days=4 * n, hours=3 * n)) for n in range(5)]
    posts = sorted([*habit, *(post for strike in strikes for post in strike)], key=lambda post: post.at)
    struck = {alarm.at.date() for alarm in raised(posts)}
    assert sum((STRUCK + timedelta(days=4 * n, hours=3 * n)).date() in struck for n in range(5)) >= 4


def test_after_an_incident_is_closed_a_second_strike_speaks() -> None:
    follower = Follower()
    follower.take(quiet())
    assert follower.take(pack(20, 30))
    follower.forgive()
    assert follower.take(pack(40, 30, at=STRUCK + timedelta(hours=4)))


def test_expected_noise_is_neither_judged_nor_learnt_but_urgency_speaks() -> None:
    alarms = raised(quiet(), pack(40, 60, is_expected=True), [grave(STRUCK, is_expected=True)])
    assert [alarm.stream for alarm in alarms] == ["urgent"]


def test_nothing_depends_on_what_comes_later() -> None:
    posts = [*quiet(), *pack(30, 90, attack="yes")]
    whole, half = raised(posts), raised(posts[: len(posts) - 10])
    assert whole[: len(half)] == half


def test_silence_of_the_ears_is_not_silence_of_the_public() -> None:
    resumed = [Heard(post.at + timedelta(days=60), post.author) for post in quiet(days=4, a_day=12)]
    assert raised(quiet(a_day=12), resumed) == []


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Follower().take([Heard(MONDAY.replace(tzinfo=None), "u")])


def test_hostile_texts_have_topics_too() -> None:
    for text in ("", "\0" * 9, "😀" * 50_000, "a" * 50_000, "مرحبا بالعالم كثيرا"):
        assert len(topics_of(text)) <= 12


def test_of_a_fast_surge_the_replay_says_whether_it_attacks() -> None:
    posts = [*quiet(), *pack(60, 9, attack="yes")]
    counts = authors_in_order((post.at, post.author) for post in posts)
    fired = replayed(posts, counts, 1.0, until=STRUCK + timedelta(hours=2))
    assert [one.attack for one in fired] == ["yes"]
    assert share_that_attacks(
        [Heard(STRUCK, None, "yes"), Heard(STRUCK, None), Heard(STRUCK, "nous", is_ours=True)]
    ) == (
        0.5,
        2,
    )
