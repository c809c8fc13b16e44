"""Walks X's recent search without leaving a hole: what a walk did not reach is remembered as a gap.

The search answers the newest first, so that "all up to the newest" is only true once the walk has come down to where
the last one began. The state of a query is {"newest": id, "gaps": [[since, until]…]}: all posts up to `newest` have
been read, but for those with since < id < until. X itself leaves the last thirty seconds out (its default end_time),
which gives its index the time to be complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import CollectError, PassingFailure
from clients.listening.collectors.x.posts import FIELDS, gone, id_at, ids_of, to_mentions
from clients.listening.raw import RawMention
from clients.listening.words import Words

SMALLEST_PAGE, LARGEST_PAGE = 10, 100
PAGES = 10  # of one reading, all queries together
GAPS = 20  # kept apart; beyond, the two oldest are read as one
REACH = timedelta(days=7) - timedelta(minutes=10)  # recent search refuses older ids
_OUT_OF_REACH = Words(
    "X ne rend que sept jours\u00a0: ce qui a été publié avant le {day} et n’avait pas été lu est perdu",
    "X gives back seven days only: what was published before {day} and had not been read is lost",
)
_ERRORS_ONLY = Words("X a répondu par une erreur\u00a0: {detail}", "X answered with an error: {detail}")


@dataclass
class Reading:
    """What one reading of X has brought, and what it may still cost: `left` posts, None without a budget."""

    left: int | None
    pages_left: int = PAGES
    mentions: dict[str, RawMention] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)  # heard before, on the same bill
    heard: set[str] = field(default_factory=set)  # in the stream: the search will bring them once more
    deleted: set[str] = field(default_factory=set)
    notes: list[Words] = field(default_factory=list)
    billed: int = 0
    trouble: CollectError | None = None

    def take(self, answer: Any) -> None:
        """Keeps an answer's posts. X bills each of them once a day (UTC), however often it is read."""
        ids = [post_id for post_id in ids_of(answer) if post_id not in self.seen]
        self.bill(len(set(ids) - self.paid))
        self.seen.update(ids)
        for mention in to_mentions(answer):
            self.mentions.setdefault(mention.external_id, mention)
        self.deleted.update(filter(None, gone(answer)))

    def bill(self, posts: int) -> None:
        """Counts posts that X will bill."""
        self.billed += posts
        self.left = None if self.left is None else self.left - posts

    @property
    def page_size(self) -> int:
        """How many posts may be asked for at once; 0 when none may: X's smallest page is ten."""
        if self.pages_left <= 0:
            return 0
        size = LARGEST_PAGE if self.left is None else min(self.left, LARGEST_PAGE)
        return size if size >= SMALLEST_PAGE else 0


@dataclass(frozen=True)
class _Walked:
    """How far a walk came: `oldest` and `newest` ids met (0: none), and whether all was met."""

    newest: int
    oldest: int
    is_complete: bool


def read_query(
    api: Asking, query: str, state: Mapping[str, Any], reading: Reading, *, now: datetime, first_hours: float
) -> dict[str, Any]:
    """Reads what is new for a query, then what earlier readings left; its new state. Raises CollectError when nothing
    could be read; a failure on the way is left in `reading.trouble`."""
    reach = id_at(now - REACH)
    begin = int(state.get("newest") or 0) or id_at(now - timedelta(hours=first_hours))
    gaps = [(int(since), int(until)) for since, until in state.get("gaps", [])]
    if state and min([begin, *(since for since, _ in gaps)]) < reach:
        reading.notes.append(_OUT_OF_REACH.put(day=f"{now - REACH:%Y-%m-%d}"))
    begin = max(begin, reach)
    walked = _walk(api, query, begin, None, reading)
    if walked.oldest and not walked.is_complete:
        gaps.append((begin, walked.oldest))
    left = _walk_gaps(api, query, [gap for gap in gaps if gap[1] > reach], reach, reading)
    return {"newest": str(max(walked.newest, begin)), "gaps": [[str(since), str(until)] for since, until in left]}


def _walk_gaps(
    api: Asking, query: str, gaps: list[tuple[int, int]], reach: int, reading: Reading
) -> list[tuple[int, int]]:
    """Reads down the gaps, the latest first; what remains of them."""
    left: list[tuple[int, int]] = []
    for since, until in sorted(gaps, key=lambda gap: -gap[1]):
        walked = _walk(api, query, max(since, reach), until, reading)
        if not walked.is_complete:
            left.append((max(since, reach), walked.oldest or until))
    while len(left) > GAPS:
        (since, _), (_, until) = left.pop(), left.pop()
        left.append((since, until))
    return left


def _walk(api: Asking, query: str, since: int, until: int | None, reading: Reading) -> _Walked:
    """Pages down from `until` (or now) to `since`. Pages that repeat themselves end a walk; in a gap, for good."""
    token, newest, oldest = "", 0, 0
    met: set[int] = set()
    while size := 0 if reading.trouble or _is_spent(api) else reading.page_size:
        reading.pages_left -= 1
        try:
            answer = _page(api, query, since, until, token, size)
        except CollectError as failure:
            if not reading.seen and not reading.notes:
                raise
            reading.trouble = failure
            break
        reading.take(answer)
        ids = {int(post_id) for post_id in ids_of(answer)}
        repeats = bool(ids) and ids <= met
        met |= ids
        newest, oldest = max(met, default=0), min(met, default=0)
        token = str(answer.get("meta", {}).get("next_token") or "")
        if not token:
            return _Walked(newest, oldest, True)
        if repeats:
            return _Walked(newest, oldest, until is not None)
    return _Walked(newest, oldest, False)


def _is_spent(api: Asking) -> bool:
    """Whether X has just said that no further call may be made for now."""
    return api.quota is not None and api.quota.left == 0


def _page(api: Asking, query: str, since: int, until: int | None, token: str, size: int) -> dict[str, Any]:
    asked = {"query": query, "since_id": since, "until_id": until, "next_token": token, "max_results": size, **FIELDS}
    answer = api.get("/2/tweets/search/recent", asked)
    if isinstance(answer, dict) and isinstance(answer.get("meta"), dict):
        return answer
    errors = answer.get("errors") if isinstance(answer, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    detail = str(first.get("detail") or first.get("message") or first.get("title") or "?")[:200]
    raise PassingFailure("errors_only", _ERRORS_ONLY.put(detail=detail))
