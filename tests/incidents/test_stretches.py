"""What the narrow streams of a watch are followed through, and followed on from one look to the next."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from agency.models import Client
from clients.models import AgendaEntry, AuthorAssessment, Mention, Watch, WatchHit
from incidents.detection.streams import Alarm, Setting
from incidents.detection.streams_course import Course, Courses, Place, Post
from incidents.models import Signal
from incidents.selectors import stretches
from incidents.services import watch
from tests import factories
from tests.conftest import NOW

LOOK = NOW + timedelta(minutes=30)
THREAD = "https://reseau.test/1"


def reply(heard_by: Watch, handle: str, at: datetime) -> Mention:
    said = factories.mention("Et moi donc.", at, handle=handle, heard_by=heard_by)
    WatchHit.objects.filter(mention=said).update(thread=THREAD)
    return said


@pytest.fixture
def heard_by(aldane: Client) -> Watch:
    made = factories.watch()
    for number in range(5):
        reply(made, f"fil{number}", NOW + timedelta(minutes=number))
    return made


def followed_on(course: Course, heard_by: Watch, now: datetime = LOOK) -> list[Alarm]:
    return course.follow(stretches.StoredHits(heard_by, stretches.stretch_of(heard_by, now), now))


def came_late(heard_by: Watch) -> None:
    reply(heard_by, "retard", NOW - timedelta(minutes=1))


def withdrawn(heard_by: Watch) -> None:
    WatchHit.objects.filter(watch=heard_by).earliest("id").delete()


def is_ours(heard_by: Watch) -> None:
    WatchHit.objects.filter(watch=heard_by, published_at=NOW).update(is_counted=False)


def attacks(heard_by: Watch) -> None:
    WatchHit.objects.filter(watch=heard_by).update(is_attack=True)


def read_as_danger(heard_by: Watch) -> None:
    Mention.objects.filter(published_at=NOW).update(intent="safety", text="La poussette a pris feu.")
    WatchHit.objects.filter(watch=heard_by, published_at=NOW).update(is_urgent=True)


def one_account(heard_by: Watch) -> None:
    WatchHit.objects.filter(watch=heard_by).update(author_id=1)


def announced(heard_by: Watch) -> None:
    AgendaEntry.objects.create(title="Soldes", starts_at=NOW, ends_at=LOOK, silences=True)


@pytest.mark.parametrize(
    "change",
    [came_late, withdrawn, is_ours, attacks, read_as_danger, one_account, announced],
    ids=lambda it: it.__name__,
)
def test_a_change_in_what_was_followed_changes_the_answer_as_if_followed_anew(
    heard_by: Watch, change: Callable[[Watch], None]
) -> None:
    course = Course(Setting())
    before = followed_on(course, heard_by)
    assert [alarm.stream for alarm in before] == ["thread"]
    change(heard_by)
    after = followed_on(course, heard_by)
    assert after == followed_on(Course(Setting()), heard_by)
    assert after != before


class Counted(stretches.StoredHits):
    """The stored hits, and how many of them were read."""

    def after(self, place: Place) -> Sequence[Post]:
        self.read = super().after(place)
        return self.read


def test_a_look_reads_its_new_posts_only(heard_by: Watch) -> None:
    course = Course(Setting())
    followed_on(course, heard_by)
    reply(heard_by, "suite", NOW + timedelta(minutes=9))
    stored = Counted(heard_by, stretches.stretch_of(heard_by, LOOK), LOOK)
    assert len(course.follow(stored)) == 1
    assert len(stored.read) == 1


def test_an_account_presumed_professional_since_is_followed_as_such(heard_by: Watch) -> None:
    said = Mention.objects.earliest("id")
    stored = stretches.StoredHits(heard_by, stretches.stretch_of(heard_by, LOOK), LOOK)
    first, last = stored.beginning(), (LOOK, 0)
    AuthorAssessment.objects.create(author=said.author, role="media", confidence=0.9, assessed_at=NOW, expires_at=LOOK)
    known = stretches.StoredHits(heard_by, stretches.stretch_of(heard_by, LOOK), LOOK)
    assert stored.seal(first, last) != known.seal(first, last)
    assert [post.heard.is_professional for post in known.after(first)] == [True, False, False, False, False]


def test_two_workers_that_take_turns_raise_one_signal(heard_by: Watch) -> None:
    workers = [Courses(), Courses()]
    raised = []
    for turn in range(6):
        now = LOOK + timedelta(minutes=7 * turn)
        raised += watch.look_at(watch=heard_by, now=now, courses=workers[turn % 2])
        reply(heard_by, f"suite{turn}", now)
    assert [signal.stream for signal in raised] == ["thread"]
    assert Signal.objects.count() == 1


def test_a_worker_that_starts_again_raises_nothing_twice(heard_by: Watch) -> None:
    assert len(watch.look_at(watch=heard_by, now=LOOK, courses=Courses())) == 1
    reply(heard_by, "suite", LOOK)
    assert watch.look_at(watch=heard_by, now=LOOK + timedelta(minutes=7), courses=Courses()) == []


def test_of_a_busy_watch_the_newest_before_its_last_five_minutes_are_followed(
    heard_by: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "MOST_FOLLOWED", 1)  # whichever minute of the day is this watch's own
    for number in (1, 2):
        reply(heard_by, f"avant{number}", NOW - timedelta(minutes=number))
    quiet, busy = NOW + timedelta(days=2), NOW + timedelta(minutes=5)
    assert stretches.stretch_of(heard_by, quiet).anchor > NOW + timedelta(days=1)
    stretch = stretches.stretch_of(heard_by, busy)
    assert busy - stretch.anchor < timedelta(minutes=5)
    stored = stretches.StoredHits(heard_by, stretch, busy)
    assert not stretch.is_whole
    before = [post for post in stored.after(stored.beginning()) if post.place[0] < stretch.anchor]
    assert len(before) <= 1
