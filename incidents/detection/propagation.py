"""How an incident spread: what answers, quotes or copies what, how long after the strike, and who made it jump."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from incidents.detection.cascade import Forest, grow, virality
from incidents.detection.case import Case, Post

How = Literal["", "reply", "quote", "copy"]
Node = int | str  # our number of a post; the name of a post that others answer and that was not collected
FEWEST_BELOW = 2  # posts under a post before it is said to have carried further


@dataclass(frozen=True, slots=True)
class Step:
    """One post in the cascade. `post` is None for a post that others answer and that was not collected.

    `minutes` since the strike, negative before it, None when the post was not collected; `below` counts all that hangs
    under it, `answers` what hangs directly; `copies` those that repeat it and are folded here.
    """

    node: Node
    post: Post | None
    parent: Node | None
    how: How
    depth: int
    minutes: int | None
    below: int
    answers: int
    copies: int
    is_folded: bool


@dataclass(frozen=True)
class Spread:
    """The whole cascade. `steps` has each parent before what answers it; counts are of collected posts.

    `alone`: posts that answer nothing and that nothing answers. `virality`: of the largest tree, None without links.
    """

    steps: tuple[Step, ...]
    posts: int
    replies: int
    quotes: int
    copies: int
    alone: int
    deepest: int
    largest: int
    virality: float | None

    @property
    def jumps(self) -> tuple[Step, ...]:
        """Return the posts, roots apart, under which most hangs: the largest first, then the oldest."""
        carried = [step for step in self.steps if step.parent is not None and step.below >= FEWEST_BELOW]
        return tuple(sorted(carried, key=lambda step: (-step.below, step.minutes or 0, str(step.node))))


def propagation(case: Case) -> Spread:
    """Return how the posts of the case hang together, whatever their order. Linear but for sorting.

    A post hangs under the one that it replies to, else the one that it quotes or reposts, else the one whose words it
    repeats. Replies to one post that was not collected hang together under its name.
    """
    posts = {post.id: post for post in case.posts}
    links, how, unseen = _links(list(posts.values()))
    latest = max((post.at for post in posts.values()), default=case.started_at)
    # A post not collected was there before its answers: it sorts first.
    age: dict[Node, tuple[int, datetime, str]] = {node: (0, latest, node) for node in unseen}
    age.update({post.id: (1, post.at, f"{post.id:020d}") for post in posts.values()})
    forest = grow(links, age)
    folded = _folded(posts, forest)
    copies = Counter(posts[node].copies for node in folded)
    steps = tuple(
        _step(node, posts.get(node) if isinstance(node, int) else None, forest, how, copies, folded, case.started_at)
        for node in forest.order
    )
    return _spread(steps, forest)


def _step(
    node: Node,
    post: Post | None,
    forest: Forest[Node],
    how: dict[Node, How],
    copies: Counter[int | None],
    folded: set[int],
    started_at: datetime,
) -> Step:
    parent = forest.parent[node]
    return Step(
        node=node,
        post=post,
        parent=parent,
        how=how[node] if parent is not None else "",
        depth=forest.depth[node],
        minutes=None if post is None else round((post.at - started_at).total_seconds() / 60),
        below=forest.size[node] - 1,
        answers=len(forest.children[node]),
        copies=copies[post.id] if post else 0,
        is_folded=node in folded,
    )


def _spread(steps: tuple[Step, ...], forest: Forest[Node]) -> Spread:
    counts = Counter(step.how for step in steps if step.post is not None)
    top = max(forest.roots, key=forest.size.__getitem__, default=None)
    return Spread(
        steps=steps,
        posts=sum(step.post is not None for step in steps),
        replies=counts["reply"],
        quotes=counts["quote"],
        copies=counts["copy"],
        alone=sum(step.post is not None and step.parent is None and not step.below for step in steps),
        deepest=max((step.depth for step in steps), default=0),
        largest=0 if top is None else forest.size[top],
        virality=None if top is None else virality(forest, top),
    )


def _folded(posts: dict[int, Post], forest: Forest[Node]) -> set[int]:
    """Return the copies that nothing answers: one line of the original tells them all. A quote has words of its own."""
    return {
        post.id
        for post in posts.values()
        if post.copies in posts and post.copies != post.id and post.fold != "quote" and not forest.children[post.id]
    }


def _links(posts: Sequence[Post]) -> tuple[dict[Node, Node | None], dict[Node, How], set[str]]:
    """Return what each post hangs under, how, and the names of the posts that are answered but were not collected."""
    names = _Names(posts)
    links: dict[Node, Node | None] = {}
    how: dict[Node, How] = {}
    unseen: set[str] = set()
    for post in posts:
        links[post.id], how[post.id] = _above(post, names)
    outside: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        if links[post.id] is None and (name := names.outside(post)):
            outside[name].append(post)
    for name, answering in outside.items():
        if len(answering) > 1:  # one answer alone tells nothing of what it answers
            unseen.add(name)
            links[name], how[name] = None, ""
            for post in answering:
                links[post.id], how[post.id] = name, "reply" if post.reply_to else "quote"
    return links, how, unseen


def _above(post: Post, names: _Names) -> tuple[Node | None, How]:
    ways: tuple[tuple[int | None, How], ...] = (
        (names.find(post.reply_to, post), "reply"),
        (names.find(post.refers_to, post), "quote"),
        (post.copies if post.copies in names.numbers else None, "copy"),
    )
    return next(((node, way) for node, way in ways if node is not None and node != post.id), (None, ""))


class _Names:
    """Finds a collected post by the network's own number for it, or by its address."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self.numbers: set[int] = set()
        self._at_home: dict[tuple[str, str], int] = {}
        self._anywhere: dict[str, set[int]] = defaultdict(set)
        for post in posts:
            self.numbers.add(post.id)
            for name in {post.external_id, _address(post.url)} - {""}:
                key = (post.network, name)
                self._at_home[key] = min(post.id, self._at_home.get(key, post.id))
                self._anywhere[name].add(post.id)

    def find(self, name: str, asking: Post) -> int | None:
        """Return the post of that name on the same network, else anywhere when it is the only one."""
        if not name:
            return None
        for written in (name, _address(name)):
            found = self._at_home.get((asking.network, written))
            if found is not None:
                return found
            others = self._anywhere.get(written, set())
            if len(others) == 1:
                return next(iter(others))
        return None

    def outside(self, post: Post) -> str:
        """Return one name for what a post answers and we do not have; "" when it answers nothing, or itself."""
        name = post.reply_to or post.refers_to
        return f"{post.network}:{_address(name)}" if name and name not in (post.external_id, post.url) else ""


def _address(text: str) -> str:
    """Return an address without what changes nothing to it; a number stays as it is."""
    if "://" not in text:
        return text
    return text.partition("://")[2].partition("#")[0].rstrip("/").removeprefix("www.")
