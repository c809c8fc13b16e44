"""The section « pack »: whether accounts act together, with the evidence in words. A real surge is not a pack."""

from collections import Counter, defaultdict
from typing import Any

from incidents.detection import pack_words
from incidents.detection.case import Case, Told
from incidents.detection.coaction import SHUFFLES, WINDOW, Coaction, Thing, coaction

MOST_THINGS = 8
MOST_SHOWN = 80  # characters of a link or a text


def judge(case: Case) -> dict[str, Any]:
    """Return the verdict, its sentence, the groups with their evidence, and how chance was asked."""
    found = coaction(case)
    handles = {post.author: post.handle for post in case.posts if post.author is not None}
    return {
        "is_pack": found.is_pack,
        "sentence": _sentence(found),
        "p": round(found.p, 3),
        "groups": [_group(group, found, handles) for group in found.groups] if found.is_pack else [],
        "limits": pack_words.LIMITS,
    }


def _sentence(found: Coaction) -> Told:
    if found.is_pack:
        return pack_words.seen(len(found.members), round(WINDOW.total_seconds() / 60), SHUFFLES)
    return pack_words.by_chance() if found.groups else pack_words.unseen(found.accounts)


def _group(group: frozenset[int], found: Coaction, handles: dict[int, str]) -> dict[str, Any]:
    things: defaultdict[Thing, set[str]] = defaultdict(set)
    pairs: Counter[Thing] = Counter()
    for pair, common in (found.pairs or {}).items():
        if group.issuperset(pair):
            shown = [((kind, _shown(kind, which)), which) for kind, which in common]
            pairs.update({thing for thing, _which in shown})
            for thing, which in shown:
                things[thing].add(which)
    return {
        "accounts": [{"author": author, "handle": handles.get(author, "")} for author in sorted(group)],
        "evidence": [
            {**pack_words.KINDS[kind], "which": which, "times": len(things[kind, which]), "pairs": held}
            for (kind, which), held in sorted(pairs.items(), key=lambda row: (-row[1], row[0]))[:MOST_THINGS]
        ],
    }


def _shown(kind: str, which: str) -> str:
    """Return a link or accounts as they are; the words of a text, and the number of a post, are nobody's to read."""
    if kind == "cc":
        which = " ".join(f"@{handle}" for handle in which.split())
    return which[:MOST_SHOWN] if kind in {"link", "cc"} else ""
