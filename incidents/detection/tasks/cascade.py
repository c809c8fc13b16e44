"""`evaluate cascade`: the parent, the depth and the stance of each post of reply threads, rows in any order.

A parent is a row that `in_reply_to` names; a row that names none of the file is a root: no parent, depth 0. Where the
file has no such column, a post hangs under the row that its `thread_id` names.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from clients.listening.evaluation.metrics import accuracy, f1, macro_f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of
from incidents.detection.cascade import Forest, grow
from incidents.detection.stance import Said, StanceReader

COLUMNS = ("tweet_id", "parent", "depth", "stance")
STANCES = ("comment", "support", "query", "deny")
_COUNTS = ("followers", "friends", "statuses", "retweets", "favorites")
_TRUE = frozenset({"true", "1", "yes"})


def answer(train: Sequence[Path], test: Path, options: Options, reader: StanceReader | None = None) -> list[Row]:
    """Return a line a row: the post answered ("" for none), links up to the root, and the stance. Raises WrongFile.

    `reader` learns the stances: the product's own by default.
    """
    rows = list(rows_of(test, ("tweet_id", "text")))
    forest = rebuilt(rows)
    stances = _stances(train, rows, forest, reader or StanceReader())
    return [
        {
            "tweet_id": row["tweet_id"],
            "parent": forest.parent[row["tweet_id"]] or "",
            "depth": str(forest.depth[row["tweet_id"]]),
            "stance": stance,
        }
        for row, stance in zip(rows, stances, strict=True)
    ]


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return how many links are those of the file, and what the stances are worth. Raises WrongFile without labels."""
    rows = list(rows_of(test, ("tweet_id", "in_reply_to", "stance")))
    there = {row["tweet_id"] for row in rows}
    links = [row["in_reply_to"] if row["in_reply_to"] in there else "" for row in rows]
    truth, said = [row["stance"] for row in rows], [row["stance"] for row in answers]
    labelled = [place for place, stance in enumerate(truth) if stance]
    if not labelled:
        raise WrongFile(f"{test}: column stance is empty.")
    truth, said = [truth[place] for place in labelled], [said[place] for place in labelled]
    return [
        Figure("parents as in_reply_to", accuracy(links, [row["parent"] for row in answers])),
        with_interval("stance macro-F1", macro_f1, truth, said),
        *(Figure(f"F1 of {stance}", f1(truth, said, stance)) for stance in STANCES),
    ]


def rebuilt(rows: Sequence[Row]) -> Forest[str]:
    """Return the threads of the rows, whatever their order; of two rows of one post, the least link counts."""
    known = {row["tweet_id"] for row in rows}
    named: dict[str, set[str]] = {number: set() for number in known}
    age: dict[str, tuple[float, str]] = {}
    for row in rows:
        number = row["tweet_id"]
        named[number].add(row.get("in_reply_to", row.get("thread_id", "")))
        age[number] = min((_seconds(row.get("created_at", "")), number), age.get(number, (float("inf"), number)))
    links = {number: min((name for name in names if name in known), default=None) for number, names in named.items()}
    return grow(links, age)


def _stances(train: Sequence[Path], rows: Sequence[Row], forest: Forest[str], reader: StanceReader) -> list[str]:
    """Return one stance a row; "comment", by far the commonest, when there is nothing to learn from."""
    learnt = [row for path in train for row in rows_of(path, ("tweet_id", "text", "stance")) if row["stance"]]
    if len({row["stance"] for row in learnt}) < 2:
        return [learnt[0]["stance"] if learnt else "comment"] * len(rows)
    threads = rebuilt(learnt)
    groups = [row.get("event") or _top(row, threads) for row in learnt]
    reader.fit(_said(learnt, threads), [row["stance"] for row in learnt], groups)
    return reader.answers(_said(rows, forest))


def _said(rows: Sequence[Row], forest: Forest[str]) -> list[Said]:
    """Return the rows as posts of threads. A root that its `thread_id` puts under another is read as its answer."""
    place = {row["tweet_id"]: position for position, row in enumerate(rows)}
    return [_one(row, place, forest) for row in rows]


def _one(row: Row, place: dict[str, int], forest: Forest[str]) -> Said:
    number = row["tweet_id"]
    top = _top(row, forest)
    above = forest.parent[number] or (top if top != number else None)
    return Said(
        text=row["text"],
        author=row.get("author", ""),
        at=_seconds(row.get("created_at", "")),
        above=None if above is None else place[above],
        first=place[top],
        depth=forest.depth[number] or int(above is not None),
        bio=row.get("user_description", ""),
        is_verified=row.get("verified", "").lower() in _TRUE,
        counts=tuple(_number(row.get(name, "")) for name in _COUNTS),
    )


def _top(row: Row, forest: Forest[str]) -> str:
    thread = row.get("thread_id", "")
    return thread if thread in forest.parent else forest.root[row["tweet_id"]]


def _number(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        return 0.0
    return value if 0.0 <= value < 1e12 else 0.0


def _seconds(written: str) -> float:
    """Return seconds since 1970, UTC when it does not say; 0 for what is no moment."""
    try:
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
