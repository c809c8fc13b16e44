"""A watch tried on what was said last: what it would catch, what would change, before it is saved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from clients.listening import queries
from clients.listening.explaining import Explainer, Explanation
from clients.listening.matching import Rule, Wanted, main_language, simple
from clients.listening.queries import Plan
from clients.models import Mention

TRIED_ON = 1_000
SHOWN = 50
DAYS = 14
CAUGHT, LEFT, GAINED, LOST = "prises", "laissees", "entrees", "sorties"
LISTS = (CAUGHT, LEFT, GAINED, LOST)


@dataclass(frozen=True)
class Day:
    """How many of a day's mentions would be caught, and how many the saved words catch (None without any)."""

    day: date
    heard: int
    caught: int
    before: int | None


@dataclass(frozen=True)
class Row:
    """A mention, and why it would be caught or left."""

    mention: Mention
    told: Explanation


@dataclass(frozen=True)
class Trial:
    """What came out of it. `counts` has the length of each of LISTS; `rows` are the newest of the one asked for."""

    tried_on: int
    counts: dict[str, int]
    days: Sequence[Day]
    rows: Sequence[Row]
    compares: bool


def trial(wanted: Wanted, saved: Wanted | None, shown: str = CAUGHT) -> Trial:
    """Tries the words on the 1,000 mentions that came last, beside the words saved; `shown` is one of LISTS."""
    newest = list(Mention.objects.select_related("author").defer("original").order_by("-pk")[:TRIED_ON])
    ready = [(row.pk, simple(whole(row)), row.language) for row in newest]
    now = _caught(wanted, ready)
    before = _caught(saved, ready) if saved else set()
    numbers = {row.pk for row in newest}
    lists = {CAUGHT: now, LEFT: numbers - now, GAINED: now - before, LOST: before - now}
    explainer = Explainer(wanted)
    listed = [row for row in newest if row.pk in lists[shown]][:SHOWN]
    return Trial(
        tried_on=len(newest),
        counts={name: len(found) for name, found in lists.items()},
        days=_days(newest, now, before if saved else None),
        rows=[Row(row, explainer.explain(whole(row), row.language)) for row in listed],
        compares=saved is not None,
    )


def plans(wanted: Wanted) -> list[tuple[str, Plan]]:
    """The networks that can be asked for what a watch wants, and what each would be sent for this one."""
    mastodon = queries.mastodon_plan([wanted])
    tags = tuple(f"#{tag}" for tag in queries.mastodon_hashtags([wanted]))
    return [
        ("X", queries.x_plan([wanted])),
        ("Bluesky", queries.bluesky_plan([wanted])),
        ("Mastodon", Plan((*tags, *mastodon.queries), mastodon.unsaid, mastodon.takes_all)),
        ("Reddit", queries.reddit_plan([wanted])),
        ("YouTube", queries.youtube_plan([wanted])),
    ]


def whole(mention: Mention) -> str:
    """Title and text as the reading has them: the title once."""
    title, text = mention.title, mention.text
    return text if not title or text.startswith(title) else f"{title}\n{text}"


def _caught(wanted: Wanted, ready: Sequence[tuple[int, str, str]]) -> set[int]:
    rule = Rule(wanted)
    return {number for number, text, language in ready if rule.holds(text, main_language(language))}


def _days(newest: Sequence[Mention], now: set[int], before: set[int] | None) -> list[Day]:
    """The last days that something was said on, the latest first."""
    heard, caught, caught_before = Counter[date](), Counter[date](), Counter[date]()
    for row in newest:
        day = timezone.localdate(row.published_at)
        heard[day] += 1
        caught[day] += row.pk in now
        caught_before[day] += row.pk in (before or ())
    return [
        Day(day, heard[day], caught[day], None if before is None else caught_before[day])
        for day in sorted(heard, reverse=True)[:DAYS]
    ]
