"""Phase, half-life and range of an incident, and what would prove them wrong."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from incidents.charts.outlook import Foreseen, describe_outlook, draw_outlook
from incidents.detection import outlook_model, outlook_phase
from incidents.detection.case import PARIS, Case, Past, Post
from incidents.detection.outlook import judge

AT = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def posts(minutes: list[float], **fields: object) -> tuple[Post, ...]:
    return tuple(
        Post(n, AT + timedelta(minutes=at), n, "Trois semaines.", f"u{n}", "x", **fields)  # type: ignore[arg-type]
        for n, at in enumerate(sorted(minutes))
    )


def case(hours: float, minutes: list[float], **fields: object) -> Case:
    return Case(AT, AT + hours * HOUR, posts(minutes), habit=(0, 4), **fields)  # type: ignore[arg-type]


def fading(count: int = 400, half_life: float = 60) -> list[float]:
    dice = random.Random(3)
    return [dice.expovariate(0.6931 / half_life) for _ in range(count)]


@pytest.mark.parametrize(("hours", "count"), [(0.9, 300), (5, 24), (0, 0)])
def test_before_an_hour_or_25_accounts_it_is_too_early(hours: float, count: int) -> None:
    found = judge(case(hours, [number * hours * 60 / max(count, 1) for number in range(count)]))
    assert (found["phase"], found["returns"], found["half_life"]) == ("too_early", None, None)
    assert str(count) in found["phase_why"]["fr"]


def test_more_and_more_accounts_grow() -> None:
    found = judge(case(3, [60 * 3 * (number / 300) ** 0.4 for number in range(300)]))
    assert found["phase"] == "growing"
    assert found["rate"]["low"] > 1


def test_a_steady_stream_is_at_its_peak() -> None:
    assert judge(case(3, [number * 0.6 for number in range(300)]))["phase"] == "peak"


def test_a_fading_one_decays_and_its_half_life_is_found() -> None:
    found = judge(case(4, [at for at in fading() if at < 240]))
    assert found["phase"] == "decaying"
    assert found["half_life"]["low"] < 60 < found["half_life"]["high"]


def test_the_range_is_ordered_and_its_end_is_what_would_prove_it_wrong() -> None:
    found = judge(case(3, [at for at in fading() if at < 180]))
    moments = [datetime.fromisoformat(found["returns"][key]) for key in ("from", "at", "until")]
    assert AT + 3 * HOUR <= moments[0] < moments[1] < moments[2]
    assert "plus de 4 comptes par heure" in found["wrong_if"][1]["fr"]
    assert len(found["wrong_if"]) == 2


def test_six_hours_within_the_habit_are_a_return_and_five_are_not() -> None:
    burst = [number * 0.5 for number in range(119)]
    calm, over = judge(case(6, burst)), judge(case(7, burst))
    assert calm["returns"]["from"] == (AT + HOUR).isoformat()
    assert (over["returns"], over["normal_since"]) == (None, (AT + HOUR).isoformat())


def test_a_longer_history_leaves_more_time_and_a_calmer_hour_less() -> None:
    long, short = ([50] * hours for hours in (24, 2))
    assert outlook_model.remaining(long, 4).middle > outlook_model.remaining(short, 4).middle
    assert outlook_model.remaining([50, 9, 5], 4).middle < outlook_model.remaining([50, 49, 50], 4).middle


def test_nothing_is_foreseen_from_no_hour() -> None:
    with pytest.raises(ValueError, match="no hour"):
        outlook_model.remaining([], 4)


def test_the_interval_of_r_holds_eight_times_in_ten() -> None:
    dice, inside = random.Random(11), 0
    for _ in range(400):
        joined = sorted(AT + timedelta(minutes=dice.uniform(0, 120)) for _ in range(80))
        found = outlook_phase.rate(joined, AT + 2 * HOUR, AT, HOUR)
        inside += found.low <= 1 <= found.high
    assert 300 <= inside <= 345


def test_the_window_follows_how_fast_they_answer() -> None:
    rows = [Post(n, AT + timedelta(minutes=45 * n), n, "", external_id=str(n), reply_to=str(n - 1)) for n in range(9)]
    assert outlook_phase.generation(rows) == timedelta(minutes=45)
    assert outlook_phase.generation(rows[:3]) == outlook_phase.USUAL_GENERATION


def test_signs_are_ticked_on_a_ground_that_is_told() -> None:
    rows = [
        Post(1, AT, 1, "Regardez la vidéo, racisme en boutique. cc @BFMTV", "a", "x"),
        Post(2, AT + HOUR / 2, 2, "plainte déposée", "b", "x", intent="legal_threat"),
        *(Post(n, AT + HOUR / 2, n, "ok", "c", "x", role="professional") for n in (3, 4)),
    ]
    found = judge(Case(AT, AT + 30 * HOUR, tuple(rows)))
    ticked = {sign["code"] for sign in found["signs"] if sign["is_ticked"]}
    assert ticked == {"vivid", "social", "press", "professionals", "urgent", "long"}
    urgent = next(sign for sign in found["signs"] if sign["code"] == "urgent")
    assert urgent["why"] == {"fr": "menace juridique\u00a0: 1 compte", "en": "legal threat: 1 account"}


def test_a_calm_complaint_ticks_nothing() -> None:
    found = judge(Case(AT, AT + HOUR, (Post(1, AT, 1, "Bonjour, une question", "a", "x"),), habit=(0, 4)))
    assert not [sign["code"] for sign in found["signs"] if sign["is_ticked"]]


def test_the_client_s_own_past_and_record_are_told() -> None:
    past = tuple(Past(f"INC-{n}", AT, None, AT + n * HOUR, 40) for n in (2, 5, 30))
    found = judge(case(2, [], past=past, held=(6, 8, 3)))
    assert found["past"]["fr"].endswith("retour à la normale en 5\u00a0h (médiane), de 2\u00a0h à 30\u00a0h.")
    assert found["record"]["en"].startswith("6 of 8 past outlooks held for this client, in 3 incidents.")


def test_posts_of_the_future_and_of_the_brand_count_for_nothing() -> None:
    rows = (*posts([-90, 9_000]), Post(9, AT, 9, "Bonjour", is_ours=True))
    assert judge(Case(AT, AT + 2 * HOUR, rows))["participants"] == 0


def test_twenty_thousand_posts_are_read_in_about_a_second() -> None:
    dice = random.Random(5)
    many = case(60, [dice.expovariate(1 / 900) for _ in range(20_000)])
    before = datetime.now(UTC)
    judge(many)
    assert datetime.now(UTC) - before < timedelta(seconds=8)  # a second alone, more on a busy machine


def test_hours_are_counted_back_from_now() -> None:
    counted = outlook_phase.accounts_per(posts([10, 20, 70, 119]), AT, AT + 2 * HOUR, HOUR)
    assert counted == [2, 2]
    assert outlook_phase.accounts_per(posts([0]), AT, AT + 2 * HOUR, HOUR) == [1, 0]
    assert outlook_phase.accounts_per([], AT, AT, HOUR) == [0]


def test_the_drawing_says_in_words_what_it_shows() -> None:
    figure = Foreseen(AT, (56, 16), 4, AT + 6 * HOUR, AT + 8 * HOUR)
    told = "au plus haut, 56 comptes en une heure\u00a0; normal\u00a04\u00a0; retour prévu mercredi 18\u00a0novembre"
    assert describe_outlook(figure, "fr", PARIS).startswith(told)
    drawing = draw_outlook(figure, language="en", zone=PARIS)
    assert "chart-band" in drawing
    assert "chart-band" not in draw_outlook(Foreseen(AT, (56,), 4), language="en", zone=PARIS)


def test_a_range_of_days_does_not_crush_the_hours_that_were_seen() -> None:
    figure = Foreseen(AT, (56, 16), 4, AT + 6 * HOUR, AT + 120 * HOUR)
    assert (figure.end, figure.is_cut) == (AT + 14 * HOUR, True)
    assert "return foreseen until 22" in draw_outlook(figure, language="en", zone=PARIS)
    far = Foreseen(AT, (56, 16), 4, AT + 60 * HOUR, AT + 120 * HOUR)
    assert far.end == AT + 64 * HOUR, "the beginning of the range is always drawn"
