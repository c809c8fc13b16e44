"""Walking through an instance's pages so that a burst loses nothing, and a server that repeats itself is no trap."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import CollectError, PassingFailure
from clients.listening.words import Words

LIMIT = 40  # posts a page: the most that Mastodon gives
FIRST_PAGES = 5  # a new query looks that far back
PAGES_A_READING = 40
READING_S = 25.0  # no page is begun after that: the reading goes on in its next turn
SWEEP_EVERY, SWEEP_BACK = timedelta(minutes=10), timedelta(minutes=30)
CHECKPOINT_EVERY = timedelta(minutes=5)

_NOT_A_LIST = Words(
    "l’instance a répondu autre chose qu’une liste de messages",
    "the instance answered something else than a list of posts",
)
_PREVIOUS = re.compile(r"""[?&]min_id=([^&>\s]+)[^>]*>\s*;\s*rel="?prev\b""")


@dataclass(frozen=True)
class Query:
    """One thing to ask for. `key` names it in the cursor; `within` finds the list in the answer; `walks_forward` where
    the network gives the posts that follow one (timelines), else they are walked back from the newest (search)."""

    key: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    walks_forward: bool = True
    within: Callable[[Any], Any] = lambda answer: answer
    is_addressed: bool = False  # what it brings was addressed to our account


@dataclass
class Allowance:
    """What one reading may still spend, over all its queries."""

    asking: Asking
    pages: int = PAGES_A_READING
    until: float = field(default_factory=lambda: time.monotonic() + READING_S)

    def take(self) -> bool:
        """Whether one more page may be asked for; it is counted."""
        quota = self.asking.quota
        if self.pages <= 0 or time.monotonic() > self.until or (quota is not None and quota.left == 0):
            return False
        self.pages -= 1
        return True


@dataclass
class Walk:
    """What a walk brought: `items` as they came, the query's new `state`, and whether more is waiting there. A walk
    that `failure` broke off keeps what it has, and goes on from there."""

    state: dict[str, Any]
    items: list[dict[str, Any]] = field(default_factory=list)
    has_more: bool = False
    failure: CollectError | None = None

    def bear(self, failure: CollectError) -> None:
        """Keeps what was walked before a failure; raises it when nothing was."""
        if not self.items:
            raise failure
        self.failure = failure


def walk(query: Query, state: Mapping[str, Any], allowance: Allowance, now: datetime) -> Walk:
    """The posts since `state` ({} at first). Raises CollectError."""
    if query.walks_forward and state.get("at") and not state.get("gap"):
        return _forward(query, state, allowance, now)
    walked = _back(query, state, allowance)
    if query.walks_forward and walked.state.get("at"):
        walked.state["checks"] = _checkpoints(state, walked.state["at"], now)
    return walked


def _forward(query: Query, state: Mapping[str, Any], allowance: Allowance, now: datetime) -> Walk:
    """Page after page of what follows the last known post. Posts of other instances may arrive late with an older
    number: every ten minutes the last half hour is walked again."""
    sweep = _sweep_from(state, now)
    walked, at = Walk(dict(state)), sweep or str(state["at"])
    seen = {at}
    while True:
        if not allowance.take():
            walked.has_more = True
            break
        try:
            items, position = _page(query, allowance.asking, min_id=at)
        except CollectError as failure:
            walked.bear(failure)
            break
        if any(_id(item) in seen for item in items):  # it repeats itself: min_id means nothing to this server
            return _back(query, state, allowance)
        if not position or position == at:
            break
        walked.items += items
        seen.update(_id(item) for item in items)
        at = position
    is_whole = not walked.has_more and walked.failure is None
    walked.state.update(at=at, **({"swept": now.isoformat()} if sweep and is_whole else {}))
    walked.state["checks"] = _checkpoints(state, at, now)
    return walked


def _back(query: Query, state: Mapping[str, Any], allowance: Allowance) -> Walk:
    """From the newest post back to the last known one. A walk cut short leaves a gap, which the next fills first."""
    walked = Walk({**state, "gap": None})
    gap = state.get("gap")
    if isinstance(gap, dict):
        walked.state["gap"] = _descend(query, walked, allowance, str(gap["below"]), str(gap["floor"]))
        if walked.state["gap"]:
            return walked
    known = str(state.get("at") or "")
    before = len(walked.items)
    walked.state["gap"] = _descend(query, walked, allowance, "", known)
    if len(walked.items) > before:
        newest = max((_id(item) for item in walked.items[before:]), key=_order)
        walked.state["at"] = max(newest, known, key=_order)
    return walked


def _descend(query: Query, walked: Walk, allowance: Allowance, below: str, floor: str) -> dict[str, str] | None:
    """Walks down to `floor`, or a few pages when nothing is known yet; what is left when the allowance is spent."""
    seen: set[str] = set()
    pages = 0
    while floor or pages < FIRST_PAGES:
        if not allowance.take():
            walked.has_more = bool(floor) or not pages
            return {"below": below, "floor": floor} if floor else None
        try:
            items, _ = _page(query, allowance.asking, max_id=below)
        except CollectError as failure:
            walked.bear(failure)
            return {"below": below, "floor": floor} if floor else None
        pages += 1
        unseen = [item for item in items if _id(item) not in seen]
        walked.items += unseen
        seen.update(_id(item) for item in unseen)
        if not unseen or (floor and any(_order(_id(item)) <= _order(floor) for item in unseen)):
            return None
        below = min((_id(item) for item in unseen), key=_order)
    return None


def _page(query: Query, asking: Asking, **where: str) -> tuple[list[dict[str, Any]], str]:
    """The posts of a page, newest first, and where to walk on from: the server's own word, or the newest post."""
    response = asking.answer("GET", asking.url(query.path, {**query.params, "limit": LIMIT, **where}), {}, None)
    found = query.within(asking.read(response))
    if not isinstance(found, list):
        raise PassingFailure("not_a_list", _NOT_A_LIST)
    items = [item for item in found if isinstance(item, dict) and _id(item)]
    previous = _PREVIOUS.search(response.headers.get("link", ""))
    newest = max((_id(item) for item in items), key=_order, default="")
    return items, previous.group(1) if previous else newest


def _id(item: Mapping[str, Any]) -> str:
    value = item.get("id")
    return str(value) if isinstance(value, str | int) else ""


def _order(number: str) -> tuple[int, str]:
    """Numbers grow in length, ULIDs never do: either way the longer, then the later in the alphabet, is the newer."""
    return len(number), number


def _sweep_from(state: Mapping[str, Any], now: datetime) -> str:
    """The post known half an hour ago, when it is time to walk again from there; "" when it is not."""
    checks = state.get("checks") or []
    if not checks or _since(state.get("swept") or checks[0][0], now) < SWEEP_EVERY:
        return ""
    past = [number for moment, number in checks if _since(moment, now) >= SWEEP_BACK]
    return str(past[-1] if past else checks[0][1])


def _checkpoints(state: Mapping[str, Any], at: str, now: datetime) -> list[list[str]]:
    kept = [check for check in state.get("checks") or [] if _since(check[0], now) < 2 * SWEEP_BACK]
    if not kept or _since(kept[-1][0], now) >= CHECKPOINT_EVERY:
        kept.append([now.isoformat(), at])
    return kept


def _since(moment: str, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(moment)
