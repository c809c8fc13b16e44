"""What an answer means, without a network."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from clients.services.webhook_sending import _signed
from clients.webhook_answer import WAITS, Answer, Meaning, judge
from clients.webhook_events import CODES, KINDS, LONGEST_BODY, Event, body_of, message_id

# The example of Standard Webhooks' own documentation, with what it signs.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EXAMPLE = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, '{"test": 2432232314}')
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_two_hundred_and_something_is_success_and_nothing_else_is(status: int) -> None:
    assert judge(Answer(status, 1), 1, 0.5).meaning is Meaning.DELIVERED
    for other in (199, 301, 400, 404, 500):
        assert judge(Answer(other, 1), 1, 0.5).meaning is Meaning.AGAIN


def test_it_is_tried_again_over_days_then_given_up() -> None:
    waits = [judge(Answer(500, 1), tries, 0.5).wait for tries in range(1, 10)]
    assert waits == list(WAITS)
    assert sum(waits, timedelta()) > timedelta(days=3)
    assert judge(Answer(500, 1), 10, 0.5).meaning is Meaning.GIVEN_UP


def test_those_that_failed_together_do_not_come_back_together() -> None:
    early, late = (judge(Answer(500, 1), 2, luck).wait for luck in (0.0, 1.0))
    assert (early, late) == (timedelta(minutes=4.5), timedelta(minutes=5.5))


def test_one_begun_anew_while_it_was_sent_is_not_left_for_a_day() -> None:
    assert judge(Answer(500, 1), 0, 0.5).wait == WAITS[0]


def test_gone_is_gone_at_the_first_time() -> None:
    assert judge(Answer(410, 1), 1, 0.5).meaning is Meaning.GONE


def test_a_pause_that_is_asked_for_holds_for_the_whole_endpoint_a_day_at_most() -> None:
    asked = judge(Answer(429, 1, pause_s=120), 1, 0.5)
    assert asked.wait == asked.pause == timedelta(minutes=2)
    assert judge(Answer(503, 1, pause_s=1e9), 1, 0.5).pause == timedelta(days=1)
    assert judge(Answer(500, 1, pause_s=120), 1, 0.5).pause == timedelta(0)


def test_who_hangs_is_left_alone_for_a_minute_at_most() -> None:
    assert judge(Answer(None, 15_000, error="too_slow"), 1, 0.5).pause == timedelta(seconds=5)
    assert judge(Answer(None, 15_000, error="too_slow"), 5, 0.5).pause == timedelta(minutes=1)


def test_the_documentations_own_example_is_signed_as_it_says() -> None:
    number, at, body = EXAMPLE
    headers = _signed(number, body, (SECRET,), datetime.fromtimestamp(at, UTC))
    assert headers["webhook-signature"] == SIGNATURE
    assert headers["webhook-timestamp"] == str(at)


def test_the_same_event_is_the_same_text_each_time_and_short() -> None:
    facts = {"title": "💥" * 200, "brand": "\u202e" * 200, "a": None}
    event = Event(UUID(int=7), 9, "incident.opened", datetime(2026, 11, 23, 22, tzinfo=UTC), True, facts)
    body = body_of(event, "maison_aldane")
    assert body == body_of(event, "maison_aldane")
    assert '"drill":true' in body and '"timestamp":"2026-11-23T22:00:00.000000Z"' in body
    assert len(body.encode()) < LONGEST_BODY
    assert message_id(event) == "evt_00000000000000000000000000000007"


def test_every_kind_is_said_in_both_languages_and_named_once() -> None:
    assert len(set(CODES)) == len(CODES)
    assert all(kind.when.fr and kind.when.en for kind in KINDS)
