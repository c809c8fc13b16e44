"""Who does the same things at the same time: pairs of accounts with at least two distinct things in common.

A thing is a link, a text nearly word for word, a post answered or a set of accounts put in cc. To quote or to pass on
one post is no thing: a crowd does that. What many answer or link to is no thing either.
"""

import random
import re
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.detection.case import Case, Post
from incidents.detection.once import once_a_case

WINDOW = timedelta(minutes=20)
COMMON = 2  # distinct things
LEAST = 3  # accounts: two friends are no pack
RARE = 0.01
SHUFFLES = 99
MOST_POSTS = 1_000
_LATEST = 20  # accounts that a share is paired with: a thing that hundreds share would make a pair of everybody
_CROWD = 0.3  # share of the accounts from which a link or a post answered is everybody's
_WORDS = 5  # a shorter text says the same by accident
_MOST_READ = 5_000
_SAME = frozenset({"copy", "near"})

_LINK = re.compile(r"https?://[^\s<>\"]{1,500}")
_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z0-9_][\w.-]{0,99})")
_WORD = re.compile(r"[^\W_]+")

Thing = tuple[str, str]  # kind (link, text, reply, cc), which one
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Act:
    """What one post has that another may have too."""

    at: datetime
    author: int
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Coaction:
    """The groups found, largest first, the things of each pair in common, and how often chance brings as many pairs."""

    accounts: int
    groups: tuple[frozenset[int], ...] = ()
    pairs: dict[Pair, frozenset[Thing]] | None = None
    p: float = 1.0

    @property
    def is_pack(self) -> bool:
        """Say whether chance does not explain the groups."""
        return bool(self.groups) and self.p <= RARE

    @property
    def members(self) -> frozenset[int]:
        """Return the accounts of the groups; none when chance explains them."""
        return frozenset().union(*self.groups) if self.is_pack else frozenset()


@once_a_case
def coaction(case: Case) -> Coaction:
    """Return who acts together in the newest 1,000 posts, but for the accounts that a person cleared of it.

    `p`: chance brings as many pairs once in so many shuffles, each kind of thing dealt out anew among all posts: 99 at
    most, and none after the first that does (Besag and Clifford 1991; never 0, Phipson and Smyth 2010). Everything is
    drawn from one seed: the same incident gives the same answer.
    """
    posts = [post for post in case.posts if post.author is not None and not post.is_ours]
    accounts = len({post.author for post in posts})
    posts = [post for post in posts if post.author not in case.cleared]  # a person's word: no part of it
    acts = _acts(posts, accounts, {handle.lstrip("@").casefold() for handle in case.handles})
    pairs = _pairs(acts)
    groups = _groups(pairs)
    if not groups:
        return Coaction(accounts)
    draw, many = random.Random(0), len(pairs)  # noqa: S311  (a shuffle, no secret)
    shuffles = (number for number in range(1, SHUFFLES + 1) if len(_pairs(_dealt(acts, draw))) >= many)
    first = next(shuffles, None)
    return Coaction(accounts, groups, pairs, 1 / (SHUFFLES + 1) if first is None else 1 / first)


def _acts(posts: Sequence[Post], accounts: int, ours: set[str]) -> list[Act]:
    """Return the posts with the things that several accounts have, and not everybody."""
    copied = {post.copies for post in posts if post.fold in _SAME}
    raw = [(post, things_of(post, ours, post.id in copied)) for post in posts]
    by: defaultdict[Thing, set[int | None]] = defaultdict(set)
    for post, things in raw:
        for thing in things:
            by[thing].add(post.author)
    crowd = max(LEAST, _CROWD * accounts)
    kept = {t for t, who in by.items() if len(who) > 1 and (t[0] in {"text", "cc"} or len(who) <= crowd)}
    found = [Act(post.at, post.author, tuple(sorted(things & kept))) for post, things in raw if post.author is not None]
    return found[-MOST_POSTS:]


def things_of(post: Post, ours: set[str], is_copied: bool = False) -> set[Thing]:
    """Return what a post has that another may have; a repost has nothing of its own. `ours`: the brand's handles."""
    if post.fold == "repost" or post.kind == "repost":
        return set()
    text = post.text[:_MOST_READ]
    found: set[Thing] = {("link", _bare(link)) for link in _LINK.findall(text)}
    if post.reply_to:
        found.add(("reply", post.reply_to))
    called = {name.rstrip(".").casefold() for name in _HANDLE.findall(text)} - ours
    if len(called) > 1:
        found.add(("cc", " ".join(sorted(called))))
    words = _WORD.findall(_HANDLE.sub(" ", _LINK.sub(" ", text)).casefold())
    if len(words) >= _WORDS:
        root = post.copies if post.fold in _SAME else post.id if is_copied else None
        # The words themselves otherwise: their set, so that their order and a doubled word do not matter.
        found.add(("text", " ".join(sorted(set(words))) if root is None else f"#{root}"))
    return found


def _bare(link: str) -> str:
    """Return a link without what follows it by accident."""
    return re.sub(r"^https?://(?:www\.)?", "", link).split("#")[0].split("?")[0].rstrip("/.,;:!)»…").casefold()


def _pairs(acts: Sequence[Act]) -> dict[Pair, frozenset[Thing]]:
    """Return the pairs with two distinct things in common, each within the window. The acts are in order of time."""
    recent: defaultdict[Thing, deque[tuple[float, int]]] = defaultdict(lambda: deque(maxlen=_LATEST))
    common: defaultdict[Pair, set[Thing]] = defaultdict(set)
    for act in acts:
        mine, now = act.author, act.at.timestamp()  # seconds: a hundred shuffles compare millions of moments
        since = now - WINDOW.total_seconds()
        for thing in act.things:
            for at, other in recent[thing]:
                if at >= since and other != mine:
                    common[(other, mine) if other < mine else (mine, other)].add(thing)
            recent[thing].append((now, mine))
    return {pair: frozenset(things) for pair, things in common.items() if len(things) >= COMMON}


def _dealt(acts: Sequence[Act], draw: random.Random) -> list[Act]:
    """Return the acts with the things of each kind dealt out anew: who does what together is broken, not how much."""
    dealt: list[tuple[Thing, ...]] = [()] * len(acts)
    for kind in ("link", "text", "reply", "cc"):
        hands = [tuple(thing for thing in act.things if thing[0] == kind) for act in acts]
        draw.shuffle(hands)
        dealt = [(*had, *hand) for had, hand in zip(dealt, hands, strict=True)]
    return [Act(act.at, act.author, things) for act, things in zip(acts, dealt, strict=True)]


def _groups(pairs: dict[Pair, frozenset[Thing]]) -> tuple[frozenset[int], ...]:
    """Return the accounts held together by pairs, in groups of three at least."""
    leads: dict[int, int] = {}

    def lead(account: int) -> int:
        while leads.setdefault(account, account) != account:
            leads[account] = leads[leads[account]]
            account = leads[account]
        return account

    for a, b in pairs:
        leads[lead(a)] = lead(b)
    sizes = Counter(lead(account) for account in leads)
    found = [frozenset(a for a in leads if lead(a) == head) for head, size in sizes.items() if size >= LEAST]
    return tuple(sorted(found, key=lambda group: (-len(group), min(group))))
