"""The section « spread » of a reading: how an incident went from post to post."""

from __future__ import annotations

from typing import Any

from incidents.detection import propagation_words as words
from incidents.detection.case import Case
from incidents.detection.propagation import Spread, Step, propagation
from incidents.detection.propagation_layout import drawn_steps, mark_of, plain_graph
from incidents.detection.roles import roles

MOST_ROWS = 50
MOST_JUMPS = 3


def judge(case: Case) -> dict[str, Any]:
    """Return sentences in both languages, the rows of the table in time order, and the drawing as plain values."""
    spread = propagation(case)
    confirmed = dict(case.confirmed)
    parts = {role.author: role.role for role in roles(case)}
    joined = sum(not step.is_folded and (step.parent is not None or step.below > 0) for step in spread.steps)
    sentences = [words.parts(spread), words.shape(spread)] if joined else []
    return {
        "summary": words.finding(spread),
        "sentences": [sentence for sentence in sentences if sentence],
        "jumps": [words.jump(step) for step in spread.jumps[:MOST_JUMPS]],
        "rows": _rows(spread, confirmed, parts),
        "more": max(0, joined - MOST_ROWS),
        "graph": plain_graph(spread, confirmed),
        "undrawn": max(0, joined - len(drawn_steps(spread))),
    }


def _rows(spread: Spread, confirmed: dict[int, str], parts: dict[int, str]) -> list[dict[str, Any]]:
    """Return the 50 posts with most under them, in time order, what was not collected first."""
    by_node = {step.node: step for step in spread.steps}
    shown = sorted(drawn_steps(spread)[:MOST_ROWS], key=lambda step: (step.post is not None, step.minutes or 0))
    return [{**_row(step, by_node, confirmed), "part": _part(step, parts)} for step in shown]


def _part(step: Step, parts: dict[int, str]) -> str:
    """Return what the account of a post does in the incident, presumed or confirmed; "" when nothing is known of it."""
    return parts.get(step.post.author, "") if step.post and step.post.author is not None else ""


def _row(step: Step, by_node: dict[Any, Step], confirmed: dict[int, str]) -> dict[str, Any]:
    above = by_node[step.parent].post if step.parent is not None else None
    return {
        "seen": step.post is not None,
        "handle": step.post.handle if step.post else "",
        "ours": bool(step.post and step.post.is_ours),
        "url": step.post.url if step.post and step.post.url.startswith(("https://", "http://")) else "",
        "role": mark_of(step, confirmed),
        "minutes": step.minutes,
        "how": words.HOW[step.how],
        "above": above.handle if above else "",
        "depth": step.depth,
        "answers": step.answers,
        "below": step.below,
        "copies": step.copies,
    }
