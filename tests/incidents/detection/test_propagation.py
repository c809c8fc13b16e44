"""How an incident spread, from its posts in any order."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.detection.case import Case, Post
from incidents.detection.propagation import propagation

STRIKE = datetime(2026, 11, 20, 18, 2, tzinfo=UTC)


def post(number, minutes=0.0, **values):
    values = {"author": number, "text": f"words {number}", "handle": f"h{number}", "network": "x"} | values
    return Post(number, STRIKE + timedelta(minutes=minutes), external_id=f"n{number}", **values)


def case(*posts):
    return Case(STRIKE, STRIKE + timedelta(hours=3), posts)


def told(spread):
    return {step.node: (step.parent, step.how, step.depth) for step in spread.steps}


def test_replies_quotes_and_copies_hang_under_what_they_repeat():
    found = propagation(
        case(post(1), post(2, 5, reply_to="n1"), post(3, 6, refers_to="n2"), post(4, 7, copies=1), post(5, 9))
    )
    assert told(found) == {
        1: (None, "", 0),
        2: (1, "reply", 1),
        3: (2, "quote", 2),
        4: (1, "copy", 1),
        5: (None, "", 0),
    }
    assert (found.replies, found.quotes, found.copies, found.alone, found.deepest) == (1, 1, 1, 1, 2)


def test_an_address_is_known_with_or_without_what_changes_nothing_to_it():
    first = post(1, url="https://www.example.org/a/1/")
    assert told(propagation(case(first, post(2, refers_to="http://example.org/a/1#top"))))[2] == (1, "quote", 1)


def test_answers_to_one_post_that_was_not_collected_hang_together():
    found = propagation(case(post(1, reply_to="brand9"), post(2, 3, refers_to="brand9"), post(3, 4, reply_to="other")))
    assert found.steps[0].post is None
    assert [step.parent for step in found.steps] == [None, "x:brand9", "x:brand9", None]
    assert found.posts == 3
    assert found.largest == 3


def test_a_copy_that_nothing_answers_is_folded_into_the_original():
    found = propagation(case(post(1), post(2, 1, copies=1), post(3, 2, copies=1), post(4, 3, reply_to="n3")))
    assert [step.node for step in found.steps if step.is_folded] == [2]
    assert found.steps[0].copies == 1


def test_minutes_are_counted_from_the_strike_even_before_it():
    assert [step.minutes for step in propagation(case(post(1, -3), post(2, 61.2))).steps] == [-3, 61]


def test_who_made_it_jump_is_who_has_most_under_them():
    posts = [post(1), post(2, 1, reply_to="n1"), post(3, 2, reply_to="n1")]
    posts += [post(n, n, reply_to="n3") for n in range(4, 9)]
    assert [(step.node, step.below) for step in propagation(case(*posts)).jumps] == [(3, 5)]


def test_the_same_number_on_two_networks_is_two_posts():
    here, there = post(1), Post(2, STRIKE, 9, "words", network="bluesky", external_id="n1")
    assert told(propagation(case(here, there, post(3, 2, reply_to="n1"))))[3][0] == 1


NAMES = st.one_of(st.just(""), st.integers(1, 14).map(lambda n: f"n{n}"))
ROWS = st.lists(st.tuples(NAMES, NAMES, st.one_of(st.none(), st.integers(1, 14)), st.integers(-9, 9)), max_size=12)


@given(ROWS, st.randoms())
@settings(max_examples=60, deadline=None)
def test_any_order_of_the_posts_tells_the_same_story(rows, draw):
    posts = [
        post(n, minutes, reply_to=reply, refers_to=refers, copies=copies)
        for n, (reply, refers, copies, minutes) in enumerate(rows, start=1)
    ]
    shuffled = list(posts)
    draw.shuffle(shuffled)
    assert propagation(case(*shuffled)) == propagation(case(*posts))


def test_twenty_thousand_posts_in_a_circle_are_a_chain():
    posts = [post(n, reply_to=f"n{n % 20_000 + 1}") for n in range(1, 20_001)]
    Random(0).shuffle(posts)
    found = propagation(case(*posts))
    assert (found.deepest, found.replies, found.alone) == (19_999, 19_999, 0)
