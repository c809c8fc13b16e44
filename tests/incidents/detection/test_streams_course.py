"""Narrow streams followed on say what they say followed anew, whatever came late, was corrected or was closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.detection.streams import Alarm, Follower, Heard, Setting
from incidents.detection.streams_course import Course, Courses, Place, Post

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
BEGINNING = (MONDAY - timedelta(days=1), 0)
STEP = 7


class Shelf:
    """Posts by number, as a table holds them."""

    def __init__(self) -> None:
        self.posts: dict[int, Heard] = {}
        self.read = 0
        self._numbers = count(1)

    def put(self, *heard: Heard) -> None:
        self.posts |= zip(self._numbers, heard, strict=False)

    def beginning(self) -> Place:
        return BEGINNING

    def seal(self, since: Place, until: Place) -> int:
        return sum(post.seal for post in self._in_order() if since < post.place <= until)

    def after(self, place: Place) -> Sequence[Post]:
        found = [post for post in self._in_order() if post.place > place]
        self.read += len(found)
        return found

    def _in_order(self) -> list[Post]:
        posts = (Post((heard.at, number), hash((number, heard)), heard) for number, heard in self.posts.items())
        return sorted(posts, key=lambda post: post.place)


def anew(shelf: Shelf, closings: Sequence[datetime] = ()) -> list[Alarm]:
    """The plainest way: all posts, from the first, through one follower."""
    follower, alarms, waiting = Follower(Setting()), [], sorted(closings)
    for post in shelf.after(BEGINNING):
        while waiting and waiting[0] <= post.heard.at:
            waiting.pop(0)
            follower.forgive()
        alarms += follower.take([post.heard])
    return alarms


def grave(minutes: float) -> Heard:
    return Heard(MONDAY + timedelta(minutes=minutes), "client", urgent="safety", is_grave=True)


def rush(at: datetime) -> list[Heard]:
    return [Heard(at + timedelta(minutes=n), f"pressé{n}", thread="fil") for n in range(6)]


def talk(begins: float = 0, posts: int = 100) -> list[Heard]:
    return [Heard(MONDAY + timedelta(minutes=begins + n), f"compte{n % 4}", thread="fil") for n in range(posts)]


hours = st.integers(0, 30).map(lambda number: MONDAY + timedelta(hours=number))
heard = st.builds(
    Heard,
    at=st.tuples(hours, st.integers(0, 20)).map(lambda drawn: drawn[0] + timedelta(minutes=drawn[1])),
    author=st.sampled_from("abcdefgh"),
    attack=st.sampled_from(["yes", "no"]),
    urgent=st.sampled_from(["", "", "", "safety", "legal_threat"]),
    is_grave=st.booleans(),
    thread=st.sampled_from(["", "fil", "autre"]),
    is_ours=st.sampled_from([False, False, False, True]),
    is_expected=st.sampled_from([False, False, False, True]),
)
events = st.one_of(
    st.tuples(st.just("heard"), hours.map(rush)),
    st.tuples(st.just("heard"), st.lists(heard, min_size=1, max_size=12)),
    st.tuples(st.sampled_from(["corrected", "withdrawn"]), st.integers(0, 1000)),
    st.tuples(st.just("closed"), hours),
    st.tuples(st.sampled_from(["opened again", "packed", "worker died"]), st.none()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(events, max_size=12))
def test_whatever_happens_the_answer_is_that_of_following_anew(story: list[tuple[str, object]]) -> None:
    shelf, closings, course = Shelf(), list[datetime](), Course(Setting(), STEP)
    for what, which in story:
        if what == "worker died":
            course = Course(Setting(), STEP)
        _happen(what, which, shelf, closings, course)
        assert course.follow(shelf, closings) == anew(shelf, closings)


def _happen(what: str, which: object, shelf: Shelf, closings: list[datetime], course: Course) -> None:
    if what == "heard":
        shelf.put(*which)  # type: ignore[misc]
    elif what == "closed":
        closings.append(which)  # type: ignore[arg-type]
    elif what == "opened again":
        closings.clear()
    elif what == "packed":
        course.rest()
    elif shelf.posts and isinstance(which, int):
        number = sorted(shelf.posts)[which % len(shelf.posts)]
        post = shelf.posts.pop(number)
        if what == "corrected":
            shelf.posts[number] = replace(
                post, attack="no" if post.attack == "yes" else "yes", is_ours=not post.is_ours
            )


def test_a_look_reads_its_new_posts_only() -> None:
    shelf, course = Shelf(), Course(Setting())
    shelf.put(*talk(posts=300))
    course.follow(shelf)
    shelf.read = 0
    shelf.put(*talk(begins=300, posts=3))
    assert course.follow(shelf) == []
    assert shelf.read == 3


def test_what_comes_late_is_followed_again_from_the_last_checkpoint_before_it() -> None:
    shelf, course = Shelf(), Course(Setting(), STEP)
    shelf.put(*talk())
    course.follow(shelf)
    shelf.read = 0
    shelf.put(grave(97.5))
    assert [alarm.stream for alarm in course.follow(shelf)] == ["urgent"]
    assert 0 < shelf.read <= 2 * STEP


def test_what_comes_later_than_any_checkpoint_finds_its_place_too() -> None:
    shelf, course = Shelf(), Course(Setting(), STEP)
    shelf.put(*talk())
    course.follow(shelf)
    shelf.put(grave(-60))
    (alarm,) = course.follow(shelf)
    assert alarm.at == MONDAY - timedelta(hours=1)


def test_a_closing_told_of_afterwards_makes_the_second_strike_another_incident() -> None:
    shelf, course, again = Shelf(), Course(Setting(), STEP), MONDAY + timedelta(hours=5)
    shelf.put(*rush(MONDAY), *rush(again))
    assert len(course.follow(shelf)) == 1
    assert len(course.follow(shelf, [MONDAY + timedelta(hours=2)])) == 2
    assert len(course.follow(shelf)) == 1


def test_a_worker_keeps_no_more_than_it_may_and_answers_alike() -> None:
    shelf, courses = Shelf(), Courses(most_live=150, most_kept=350)
    shelf.put(*talk(), grave(100))
    for watch in (1, 2, 3, 4, 2, 1):
        course = courses.lend(watch, "terms", Setting())
        assert course.follow(shelf) == anew(shelf)
        courses.take_back(watch, "terms", course)
    assert len(courses) == 3


def test_other_terms_begin_another_course() -> None:
    courses, course = Courses(), Course(Setting())
    courses.take_back("watch", "one a month", course)
    assert courses.lend("watch", "four a month", Setting(4.0)) is not course
    courses.take_back("watch", "one a month", course)
    assert courses.lend("watch", "one a month", Setting()) is course
