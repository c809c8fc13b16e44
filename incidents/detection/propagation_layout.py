"""Where each post of a cascade is drawn: the heaviest posts, laid out by forces from a fixed start."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import networkx as nx

from incidents.detection.propagation import Node, Spread, Step

MOST_DRAWN = 150
SEED = 20261123
ROUNDS = 80
_CENTRE = ("centre",)  # no post is a tuple
# The shape of a role that a person confirmed in the incident; else of the account's presumed role.
MARKS = {
    "instigator": "instigator",
    "leader": "pack",
    "relay": "pack",
    "follower": "pack",
    "spectator": "popcorn",
    "defender": "ally",
    "media": "media",
    "customer": "customer",
}


def drawn_steps(spread: Spread) -> list[Step]:
    """Return the posts to draw: those that hang together, folded copies left out, the heaviest 150.

    Sorted by what hangs under them, so that a post is never drawn without the one that it answers.
    """
    joined = [step for step in spread.steps if not step.is_folded and (step.parent is not None or step.below)]
    return sorted(joined, key=lambda step: (-step.below, step.depth, step.minutes or 0, str(step.node)))[:MOST_DRAWN]


def laid_out(steps: list[Step]) -> list[tuple[float, float]]:
    """Return (x, y) between 0 and 1 for each post: Fruchterman and Reingold 1991, roots tied to the centre.

    The same posts are laid out the same way: the seed is fixed, the start is a ring by depth.
    """
    if not steps:
        return []
    graph = nx.Graph()
    graph.add_node(_CENTRE)
    for step in steps:
        graph.add_edge(step.node, _CENTRE if step.parent is None else step.parent)
    start: dict[Any, tuple[float, float]] = {_CENTRE: (0.0, 0.0)}
    for number, step in enumerate(steps):
        angle, far = 2 * pi * number * 0.618, step.depth + 1  # the golden part of a turn: no two on one spot
        start[step.node] = (far * cos(angle), far * sin(angle))
    found = nx.spring_layout(graph, pos=start, iterations=ROUNDS, seed=SEED, method="force")
    return _in_unit([(float(found[step.node][0]), float(found[step.node][1])) for step in steps])


def plain_graph(spread: Spread, confirmed: dict[int, str]) -> dict[str, Any]:
    """Return the drawing as plain values: spots, links by position, and the roles met with their number of posts."""
    steps = drawn_steps(spread)
    place: dict[Node, int] = {step.node: number for number, step in enumerate(steps)}
    roles = [mark_of(step, confirmed) for step in steps]
    spots = [
        {
            "x": round(x, 4),
            "y": round(y, 4),
            "below": step.below,
            "role": role,
            "label": f"@{step.post.handle}" if step.post and step.post.handle else "",
            "seen": step.post is not None,
        }
        for step, role, (x, y) in zip(steps, roles, laid_out(steps), strict=True)
    ]
    links = [[place[step.node], place[step.parent]] for step in steps if step.parent is not None]
    return {"spots": spots, "links": links, "roles": sorted({role for role in roles if role})}


def mark_of(step: Step, confirmed: dict[int, str]) -> str:
    """Return the shape of a post's account, "" when nothing is known of it."""
    post = step.post
    if post is None or post.author is None:
        return ""
    if post.author in confirmed:
        return MARKS.get(confirmed[post.author], "")
    return post.role if post.role in {"media", "customer"} else ""


def _in_unit(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    lows = [min(axis) for axis in zip(*points, strict=True)]
    highs = [max(axis) for axis in zip(*points, strict=True)]
    (x0, y0), (x1, y1) = lows, highs
    return [((x - x0) / (x1 - x0) if x1 > x0 else 0.5, (y - y0) / (y1 - y0) if y1 > y0 else 0.5) for x, y in points]
