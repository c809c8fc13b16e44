"""Who answered what, as a forest: parents and depths from links in any order, cycles cut, without recursion."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True)
class Forest(Generic[Node]):
    """Trees of posts. `order` has each parent before its children; `size` counts a post and all that hangs under it."""

    parent: Mapping[Node, Node | None]
    root: Mapping[Node, Node]
    depth: Mapping[Node, int]
    size: Mapping[Node, int]
    children: Mapping[Node, tuple[Node, ...]]
    order: tuple[Node, ...]

    @property
    def roots(self) -> tuple[Node, ...]:
        """Return the posts that answer nothing we have, the oldest first."""
        return tuple(node for node in self.order if self.parent[node] is None)


def grow(links: Mapping[Node, Node | None], age: Mapping[Node, Any]) -> Forest[Node]:
    """Return the forest of `links` (post -> post answered or None). The order of the mapping changes nothing.

    A link to a post that is not a key of `links`, or to itself, is no link. In a cycle the oldest post (least `age`,
    which must tell any two posts apart) is taken as the root. Linear but for the sort of siblings.
    """
    parent = {node: up if up in links and up != node else None for node, up in links.items()}
    for cycle in _cycles(parent):
        parent[min(cycle, key=age.__getitem__)] = None
    children: dict[Node, list[Node]] = {node: [] for node in parent}
    for node in sorted(parent, key=age.__getitem__):
        up = parent[node]
        if up is not None:
            children[up].append(node)
    roots = sorted((node for node, up in parent.items() if up is None), key=age.__getitem__)
    return _measured(parent, {node: tuple(under) for node, under in children.items()}, roots)


def virality(forest: Forest[Node], root: Node) -> float | None:
    """Return the mean number of links between two posts of the tree of `root`; None for a post alone.

    Structural virality (Goel, Anderson, Hofman and Watts 2016): near 2 when all answer one post, growing with chains.
    Each link is crossed by (posts below) x (posts not below) pairs: linear.
    """
    total = forest.size[root]
    if total < 2:
        return None
    crossed, waiting = 0, list(forest.children[root])
    while waiting:
        node = waiting.pop()
        crossed += forest.size[node] * (total - forest.size[node])
        waiting.extend(forest.children[node])
    return 2 * crossed / (total * (total - 1))


def _cycles(parent: Mapping[Node, Node | None]) -> list[list[Node]]:
    """Return the posts of each cycle; the walk that meets its own steps has closed one."""
    walk_of: dict[Node, int] = {}
    found = []
    for number, start in enumerate(parent):
        node: Node | None = start
        walked: list[Node] = []
        while node is not None and node not in walk_of:
            walk_of[node] = number
            walked.append(node)
            node = parent[node]
        if node is not None and walk_of[node] == number:
            found.append(walked[walked.index(node) :])
    return found


def _measured(
    parent: Mapping[Node, Node | None], children: Mapping[Node, tuple[Node, ...]], roots: list[Node]
) -> Forest[Node]:
    order: list[Node] = []
    depth: dict[Node, int] = {}
    root: dict[Node, Node] = {}
    for top in roots:
        waiting = [top]
        while waiting:
            node = waiting.pop()
            up = parent[node]
            depth[node], root[node] = (0, node) if up is None else (depth[up] + 1, top)
            order.append(node)
            waiting.extend(reversed(children[node]))
    size = dict.fromkeys(order, 1)
    for node in reversed(order):
        up = parent[node]
        if up is not None:
            size[up] += size[node]
    return Forest(parent, root, depth, size, children, tuple(order))
