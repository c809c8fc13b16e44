"""Popcorn: who looks on and laughs, without a claim, a fact or a question."""

import re
from collections.abc import Mapping

from incidents.detection.case import Post

_LAUGH = re.compile(
    r"🍿|😂|🤣|😆|\b(?:mdr+|lol+|ptdr+|xptdr+|popcorn|pop-corn|haha\w*|hihi\w*|lmao|rofl)\b", re.IGNORECASE
)
_CLAIM = re.compile(
    r"https?://|\d{2}|\b(?:ma commande|mon colis|mon contrat|ma facture|my order|my bill"
    r"|boycott\w*|plainte|lawyer|sue)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 12
HALF = 0.5  # share of the messages
FEW_CUSTOMERS, SMALL_SHARE = 2, 0.05
_MOST_READ = 2_000


def is_mostly_popcorn(share: float, customers: int, accounts: int) -> bool:
    """Say whether most messages only look on and hardly anybody brings a grievance: that is less severe.

    `share`: of the messages, 0 to 1; `customers`: accounts with a grievance, of so many `accounts`.
    """
    return share >= HALF and not has_grievances(customers, accounts)


def has_grievances(customers: int, accounts: int) -> bool:
    """Say whether more than hardly anybody brings a grievance: three accounts, and one in twenty."""
    return customers > max(FEW_CUSTOMERS, SMALL_SHARE * accounts)


def looks_on(post: Post, confirmed: Mapping[int, str]) -> bool:
    """Say the same, but where a person said what the account does in the incident, by that word alone."""
    said = confirmed.get(post.author) if post.author is not None else None
    return is_popcorn(post) if said is None else said == "spectator"


def is_popcorn(post: Post) -> bool:
    """Say whether a post only looks on: read as such, or a short laugh, or signs without a word, and no claim."""
    text = re.sub(r"@\w+", " ", post.text[:_MOST_READ]).strip()
    if post.intent == "popcorn":
        return True
    if post.attack == "yes" or _CLAIM.search(text) or len(post.text) > _MOST_READ:
        return False
    words = re.findall(r"\w+", text)
    return bool(text) and (not words or (len(words) <= _FEW_WORDS and bool(_LAUGH.search(text))))
