"""Who was called in: every account put in cc, what it is to the client, why it hurts, and whom to warn first."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incidents.detection import leverage_table, leverage_words, roles
from incidents.detection.case import Case, Known, Post
from incidents.detection.once import once_a_case

MOST_SHOWN = 40
MOST_READ = 20_000  # characters of one post: nobody calls anybody in beyond
WELL_KNOWN = {"fr": "compte notoire", "en": "well-known account"}
SAME_NAME = {
    "fr": "même nom que le compte notoire de X, à vérifier",
    "en": "same name as the well-known account on X, to check",
}
WEIGHTY = frozenset({"press", "regulator"})
# Bounded on every side, so that 50,000 characters without a space are read in one pass.
HANDLE = re.compile(r"(?<![\w@./])[@\uff20]([A-Za-z0-9_][\w.-]{0,99}(?:@[\w.-]{3,99})?)")
_NO_LETTER = re.compile(r"[\W_]+")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24})\b")


@dataclass
class Called:
    """One account or body called in: by how many, first by whom and when, and whether it has spoken since."""

    handle: str
    network: str
    party: str
    name: str
    basis: dict[str, str]
    whom_to_warn: str = ""
    posts: int = 0
    by: set[int | str] = field(default_factory=set)
    first_at: datetime | None = None
    first_by: str = ""
    by_origin: bool = False
    reacted_at: datetime | None = None


def judge(case: Case) -> dict[str, Any]:
    """The section « called »: rows by weight, with words in both languages; times in ISO 8601, UTC."""
    rows = called_in(case)
    weighty = sum(row.party in WEIGHTY for row in rows)
    return {
        "summary": leverage_words.summary(len(rows), weighty),
        "rows": [_plain(row, case) for row in rows[:MOST_SHOWN]],
        "classes": [_class(party, [row for row in rows if row.party == party]) for party in _parties(rows)],
        "more": max(0, len(rows) - MOST_SHOWN),
        "reacted": sum(row.reacted_at is not None for row in rows),
    }


@once_a_case
def called_in(case: Case) -> tuple[Called, ...]:
    """Everyone put in cc, named or written to, those that weigh most first, the brand itself left out."""
    ours = {_bare(handle) for handle in case.handles}
    seen = _Seen(case)
    found: dict[str, Called] = {}
    for post in case.posts:
        if not post.is_ours:
            for row in _of_post(post, case, seen, found, ours):
                _count(row, post, seen.origin)
        seen.note(post, found)
    rows = sorted(found.values(), key=lambda row: (leverage_words.GRAVITY.index(row.party), -len(row.by), row.handle))
    return tuple(rows)


def origin_of(case: Case) -> int | None:
    """The account at the origin, as the roles have it; None when nobody leads."""
    return roles.origin_of(case)


class _Seen:
    """What is known of the accounts while the posts go by."""

    def __init__(self, case: Case) -> None:
        self.origin = origin_of(case)
        self.spoke: set[str] = set()
        self.names: set[str] = set()  # of the accounts called in: a body named besides is not counted twice
        posts = (*case.before, *case.posts)
        self.roles = {_bare(post.handle): post.role for post in posts if post.handle and post.role}
        self.known = {(row.network, _bare(row.handle)): row for row in case.known}

    def known_as(self, handle: str, network: str) -> Known | None:
        return self.known.get((network, handle)) or self.known.get(("", handle))

    def note(self, post: Post, found: dict[str, Called]) -> None:
        handle = _bare(post.handle)
        if not handle:
            return
        self.spoke.add(handle)
        row = found.get(handle)
        if row and row.reacted_at is None and (not row.network or row.network == post.network):
            row.reacted_at = post.at


def _of_post(post: Post, case: Case, seen: _Seen, found: dict[str, Called], ours: set[str]) -> Iterator[Called]:
    text = post.text[:MOST_READ]
    for handle in dict.fromkeys(_bare(hit) for hit in HANDLE.findall(text)):
        if handle in ours or handle == _bare(post.handle):
            continue
        row = found.get(handle) or _classed(handle, post.network, seen)
        # Whoever spoke already and is nothing in particular is being answered, not called in.
        if handle in found or row.party != "other" or handle not in seen.spoke:
            seen.names.add(row.name)
            yield found.setdefault(handle, row)
    for host in dict.fromkeys(_EMAIL.findall(text)):
        if (owner := leverage_table.at_domain(host)) and owner[1] not in seen.names:
            yield found.setdefault(f"name:{owner[1]}", _named(owner, host))
    for owner in leverage_table.named_in(_folded(HANDLE.sub(" ", text))):
        if owner[1] not in seen.names:
            yield found.setdefault(f"name:{owner[1]}", _named(owner, ""))


def _classed(handle: str, network: str, seen: _Seen) -> Called:
    """What the account is: the client's own list first, then the well-known ones, then its presumed role."""
    if known := seen.known_as(handle, network):
        basis = {"fr": "liste du client", "en": "the client’s own list"}
        party = known.party if known.party in leverage_words.PARTIES else "other"
        return Called(handle, network, party, known.name or f"@{handle}", basis, known.whom_to_warn)
    if handle in leverage_table.ACCOUNTS:
        party, name = leverage_table.ACCOUNTS[handle]
        proven = network in leverage_table.X_NETWORKS
        return Called(handle, network, party, name, WELL_KNOWN if proven else SAME_NAME)
    if "." in handle and "@" not in handle and (owner := leverage_table.at_domain(handle)):
        basis = {"fr": "le compte porte le nom de domaine", "en": "the account bears the domain’s name"}
        return Called(handle, network, owner[0], owner[1], basis)
    party = leverage_words.PARTY_OF_ROLE.get(seen.roles.get(handle, ""), "other")
    presumed = {"fr": "rôle présumé du compte", "en": "presumed role of the account"}
    unknown = {"fr": "rien n’est connu de ce compte", "en": "nothing is known of this account"}
    return Called(handle, network, party, f"@{handle}", unknown if party == "other" else presumed)


def _named(owner: tuple[str, str], host: str) -> Called:
    basis = {"fr": "nommé dans le texte", "en": "named in the text"}
    if host:
        basis = {"fr": f"adresse en {host} dans le texte", "en": f"address at {host} in the text"}
    return Called("", "", owner[0], owner[1], basis)


def _count(row: Called, post: Post, origin: int | None) -> None:
    row.posts += 1
    row.by.add(post.author if post.author is not None else f"post {post.id}")
    row.by_origin = row.by_origin or (origin is not None and post.author == origin)
    if row.first_at is None:
        row.first_at, row.first_by = post.at, post.handle


def _parties(rows: Sequence[Called]) -> list[str]:
    return list(dict.fromkeys(row.party for row in rows))


def _class(party: str, rows: Sequence[Called]) -> dict[str, Any]:
    """How many of one class were called in, those that are not listed included, and how many of them spoke since."""
    return {
        "party": party,
        "party_words": leverage_words.PARTIES[party],
        "why": leverage_words.WHY[party],
        "accounts": len(rows),
        "spoke": sum(row.reacted_at is not None for row in rows),
    }


def _plain(row: Called, case: Case) -> dict[str, Any]:
    return {
        "handle": row.handle,
        "name": row.name,
        "party": row.party,
        "party_words": leverage_words.PARTIES[row.party],
        "basis": row.basis,
        "why": leverage_words.WHY[row.party],
        "warn": leverage_words.warning(row.party, row.name, row.whom_to_warn, case.contacts),
        "whom": leverage_words.whom(row.party, row.name, row.whom_to_warn, case.contacts),
        "posts": row.posts,
        "accounts": len(row.by),
        "first_at": row.first_at.isoformat() if row.first_at else None,
        "first_by": row.first_by,
        "by_origin": row.by_origin,
        "reacted_at": row.reacted_at.isoformat() if row.reacted_at else None,
    }


def _bare(handle: str) -> str:
    return handle.strip().lstrip("@\uff20").rstrip(".-_").casefold()


def _folded(text: str) -> str:
    """Lower case, accents and punctuation away, so that « Défenseur des Droits » is found however it is written."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NO_LETTER.sub(" ", plain).strip()
