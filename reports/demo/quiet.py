"""Quiet days: what is said of a brand when nothing happens, the same every time it is asked."""

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.demo.cast import ClientStory

PARIS = ZoneInfo("Europe/Paris")
# How often people write, hour by hour of the Paris day, and how much less (or more) on each weekday from Monday.
HOURS = (2, 1, 1, 0, 0, 1, 3, 7, 10, 9, 8, 8, 11, 10, 7, 7, 8, 10, 13, 14, 16, 15, 10, 5)
WEEKDAYS = (1.0, 1.0, 0.95, 1.0, 1.1, 0.8, 0.9)
_FIRST = (
    "lin",
    "camille",
    "jules",
    "marion",
    "theo",
    "sab",
    "nono",
    "lea",
    "hugo",
    "fanny",
    "karim",
    "maud",
    "eloi",
    "rose",
)
_SECOND = (
    "du_port",
    "et_cie",
    "a_velo",
    "le_soir",
    "69",
    "en_vrac",
    "tricote",
    "75011",
    "dit_oui",
    "mange",
    "b",
    "photo",
)


@dataclass(frozen=True)
class Account:
    """How an account presents itself."""

    bio: str = ""
    followers: int | None = None


@dataclass(frozen=True)
class Post:
    """One post on the simulated network; `number` is the network's own name for it.

    `answers` and `quotes` are the numbers of other posts.
    """

    number: str
    handle: str
    text: str
    published_at: datetime
    account: Account = Account()
    answers: str = ""
    quotes: str = ""


def posts(story: ClientStory, since: datetime, until: datetime) -> Iterator[Post]:
    """What people say of the client in [since, until), in order."""
    day = since.astimezone(PARIS).date()
    while day <= until.astimezone(PARIS).date():
        for post in posts_of_day(story, day):
            if since <= post.published_at < until:
                yield post
        day += timedelta(days=1)


def posts_of_day(story: ClientStory, day: date) -> list[Post]:
    """All posts of one Paris day, in order. Drawn from the day's own seed: whoever asks gets the same."""
    draw = random.Random(f"{story.schema_name} {day.isoformat()}")  # noqa: S311  (a story, not a secret)
    mean = story.posts_a_day * WEEKDAYS[day.weekday()]
    count = max(3, round(draw.gauss(mean, mean**0.5)))
    sentences = draw.sample(story.said, min(count, len(story.said)))
    found = [
        Post(f"{story.path}-{day:%Y%m%d}-{index}", handle(draw), filled(sentence, story, draw), moment(day, draw))
        for index, sentence in enumerate(sentences)
    ]
    return sorted(found, key=lambda post: post.published_at)


def handle(draw: random.Random) -> str:
    """An account nobody has: two words and sometimes a number."""
    number = str(draw.randint(1, 99)) if draw.random() < 0.4 else ""
    return f"{draw.choice(_FIRST)}_{draw.choice(_SECOND)}{number}"


def filled(sentence: str, story: ClientStory, draw: random.Random) -> str:
    """The sentence with each of its slots filled in."""
    names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name]
    return sentence.format(**{name: draw.choice(story.slots[name]) for name in names})


def moment(day: date, draw: random.Random) -> datetime:
    """A moment of the day, at the hours when people write."""
    hour = draw.choices(range(24), HOURS)[0]
    return datetime.combine(day, time(hour, draw.randrange(60), draw.randrange(60)), PARIS)
