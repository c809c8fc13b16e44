"""What each account does in this incident, from what it did: presumed, with the ground in words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from incidents.detection import roles_words
from incidents.detection.case import Case, Post, Told
from incidents.detection.coaction import coaction
from incidents.detection.failure import names_failure
from incidents.detection.popcorn import is_popcorn, looks_on

MOST_SHOWN = 200
DOTS = 400  # of the strip: one a message, the newest
ORDER = ("instigator", "leader", "relay", "follower", "customer", "media", "defender", "spectator")
_HOSTILE = frozenset({"attack_brand", "attack_cm", "mockery", "call_to_action"})
_GRIEVANCE = frozenset({"complaint", "question", "legal_threat", "safety"})
_GRAVE = frozenset({"legal_threat", "safety"})
_DRAWS = 3  # answers and quotes from which an account leads on
_LEAST_SURE = 0.4


@dataclass(frozen=True)
class Role:
    """A presumed role, how sure (0 to 1, of the role in this incident), and on what ground."""

    author: int
    handle: str
    role: str
    confidence: float
    basis: tuple[Told, ...]
    posts: int
    in_pack: bool = False


@dataclass
class _Doing:
    """What one account did."""

    author: int
    posts: list[Post] = field(default_factory=list)
    drew: set[int] = field(default_factory=set)  # accounts that answered or quoted it

    def share(self, held: int) -> float:
        return held / len(self.posts)

    @property
    def is_media(self) -> bool:
        return any(post.role == "media" for post in self.posts)

    @property
    def hostile(self) -> int:
        return sum(post.attack == "yes" or post.intent in _HOSTILE for post in self.posts)

    @property
    def relayed(self) -> int:
        return sum(post.fold in {"repost", "copy", "near"} or post.kind == "repost" for post in self.posts)

    def intents(self, wanted: frozenset[str]) -> int:
        return sum(post.intent in wanted for post in self.posts)


def roles(case: Case) -> list[Role]:
    """Return a role for each account that shows one, the brand's own and the undecided left out.

    What a person confirmed stands, with confidence 1; what a person removed is not presumed.
    """
    return _roles(case, coaction(case).members)


def origin_of(case: Case) -> int | None:
    """Return the account at the origin: a person's word, else the first that strikes and is answered; None: nobody."""
    return _origin(case, _doings(case))


def _roles(case: Case, pack: frozenset[int]) -> list[Role]:
    doings = _doings(case)
    origin = _origin(case, doings)
    found = []
    for doing in doings.values():
        if doing.author in case.removed:
            continue
        role = _confirmed(case, doing) or _presumed(doing, origin, len(doings))
        if role:
            name, confidence, basis = role
            grounds = (*basis, roles_words.IN_PACK) if doing.author in pack else tuple(basis)
            found.append(
                Role(
                    doing.author,
                    doing.posts[0].handle,
                    name,
                    round(confidence, 2),
                    grounds,
                    len(doing.posts),
                    doing.author in pack,
                )
            )
    return sorted(found, key=lambda role: (ORDER.index(role.role), -role.confidence, role.author))


def judge(case: Case) -> dict[str, Any]:
    """The section « people »: roles with their ground, the strip of messages by role, and the share of popcorn.

    A row `is_said` when a person said it; `unaided`: what the machine alone would say of the accounts of which a
    person has spoken.
    """
    pack = coaction(case).members
    found = _roles(case, pack)
    of = {role.author: role.role for role in found}
    theirs = [post for post in case.posts if not post.is_ours]
    looking_on = sum(looks_on(post, case.confirmed) for post in theirs)
    counts, spoke = Counter(role.role for role in found), {post.author for post in theirs if post.author is not None}
    return {
        "summary": roles_words.summary(counts, len(spoke)),
        "popcorn": roles_words.popcorn(looking_on, len(theirs), counts["customer"], len(spoke)),
        "popcorn_share": round(looking_on / len(theirs), 3) if theirs else 0.0,
        "counts": dict(counts),
        "rows": [{**_plain(role), "is_said": role.author in case.confirmed} for role in found[:MOST_SHOWN]],
        "unaided": [_plain(role) for role in _unaided(case, pack)],
        "more": max(0, len(found) - MOST_SHOWN),
        "strip": _strip(theirs[-DOTS:], of),
        "zone": case.zone.key,
        "undecided": len(spoke - set(of)),
        "law_or_danger": len({post.author or f"post {post.id}" for post in theirs if post.intent in _GRAVE}),
    }


def _unaided(case: Case, pack: frozenset[int]) -> list[Role]:
    """The machine's own word of the accounts of which a person has spoken."""
    if not case.is_decided:
        return []
    decided = case.removed | case.confirmed.keys()
    return [role for role in _roles(case.unaided(), pack) if role.author in decided]


def _strip(posts: Sequence[Post], of: Mapping[int, str]) -> list[dict[str, Any]]:
    """One row a role, in their order, with the moments of its messages."""
    at = {name: [post.at.isoformat() for post in posts if of.get(post.author or 0) == name] for name in ORDER}
    return [{"role": name, "words": dict(roles_words.ROLES[name]), "at": at[name]} for name in ORDER if at[name]]


def _plain(role: Role) -> dict[str, Any]:
    return {
        "author": role.author,
        "handle": role.handle,
        "role": role.role,
        "role_words": dict(roles_words.ROLES[role.role]),
        "confidence": role.confidence,
        "basis": [dict(words) for words in role.basis],
        "posts": role.posts,
        "in_pack": role.in_pack,
    }


def _doings(case: Case) -> dict[int, _Doing]:
    found: dict[int, _Doing] = {}
    named: dict[str, int] = {}
    for post in case.posts:
        if post.author is not None and not post.is_ours:
            found.setdefault(post.author, _Doing(post.author)).posts.append(post)
            named |= {name: post.author for name in (post.external_id, post.url) if name}
    for doing in found.values():
        for target in _targets(doing.posts, named):
            if target != doing.author:
                found[target].drew.add(doing.author)
    return found


def _targets(posts: Sequence[Post], named: dict[str, int]) -> Iterator[int]:
    for post in posts:
        for name in (post.reply_to, post.refers_to):
            if name in named:
                yield named[name]


def _origin(case: Case, doings: dict[int, _Doing]) -> int | None:
    """The account at the origin: the first that strikes and that others answer; nobody when none strikes.

    A news account tells of it, whatever its words: it is not called at the origin, here nor in the hours of the strike.
    """
    confirmed = next((who for who, role in case.confirmed.items() if role == "instigator"), None)
    decided = case.removed | case.confirmed.keys()  # a person said that they are something else, or nothing
    striking = [
        doing for doing in doings.values() if doing.hostile and not doing.is_media and doing.author not in decided
    ]
    firsts = sorted(striking, key=lambda doing: (doing.posts[0].at, doing.author))[:5]
    drawing = max(firsts, key=lambda doing: len(doing.drew), default=None)
    presumed = (
        drawing if drawing and drawing.drew else None
    )  # whom nobody answers leads nobody: an outage has no origin
    return confirmed or (presumed.author if presumed else None)


def _confirmed(case: Case, doing: _Doing) -> tuple[str, float, list[Told]] | None:
    role = case.confirmed.get(doing.author)
    return (role, 1.0, [roles_words.CONFIRMED]) if role in ORDER else None


def _presumed(doing: _Doing, origin: int | None, accounts: int) -> tuple[str, float, list[Told]] | None:
    """The first rule that holds, those of what an account is before those of what it does."""
    posts, drew = doing.posts, len(doing.drew)
    laughs = sum(is_popcorn(post) for post in posts)
    grieves, supports = doing.intents(_GRIEVANCE), doing.intents(frozenset({"support"}))
    relays, strikes = doing.relayed, doing.hostile
    if doing.is_media:
        return "media", 0.85, [roles_words.MEDIA]
    if doing.author == origin:
        return "instigator", min(0.9, 0.5 + drew / max(accounts, 10)), [roles_words.first(drew)]
    if doing.share(supports) >= 0.5:
        return "defender", 0.5 + 0.3 * doing.share(supports), [roles_words.support(supports, len(posts))]
    if strikes > 1 and drew >= _DRAWS:
        return "leader", min(0.85, 0.5 + drew / 20), [roles_words.leads(strikes, drew)]
    if doing.share(relays) > 0.5:
        return "relay", 0.5 + 0.3 * doing.share(relays), [roles_words.relays(relays, len(posts))]
    if grieves and grieves >= strikes:
        return "customer", 0.45 + 0.3 * doing.share(grieves), [roles_words.grieves(grieves, len(posts))]
    if origin is None and not laughs and (fails := sum(names_failure(post.text) for post in posts)):
        return "customer", 0.4 + 0.2 * doing.share(fails), [roles_words.fails(fails, len(posts))]
    if doing.share(laughs) > 0.5:
        return "spectator", 0.5 + 0.3 * doing.share(laughs), [roles_words.laughs(laughs, len(posts))]
    if strikes:
        return "follower", _LEAST_SURE + 0.3 * doing.share(strikes), [roles_words.follows(strikes)]
    return None
