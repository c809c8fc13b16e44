"""What an account presumably is, in the professional capacity that it shows itself, and by which of its words.

Not a score of a person: a role that the account displays, presumed, with the words that say so, or None. Nothing is
inferred of opinion, faith, origin, health or sexuality: only the closed lists of `account_words` are looked for, and an
elected official is known by the office alone. Precision before recall: two roles that contradict each other are none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from clients.listening.reading.account_pace import pace_of
from clients.listening.reading.account_words import (
    AFTER_IT,
    CUES,
    CUSTOMER,
    DISCLAIMER,
    HANDLE_CUES,
    ITS_OWN_ACCOUNT,
    NOT_ONE,
    OF_ANOTHER,
    PARODY,
    Cue,
)
from clients.listening.reading.folding import composed, folded
from clients.listening.words import Words

VERSION = "accounts-2"
BIO_READ = 1_000  # characters; no network shows more
NAME_READ = 100
TEXT_READ = 2_000
CLAUSE = re.compile(r"[,.;:|/•·●▪►~\n\r\t!?()\[\]\u2013\u2014\u2022]|\s[-+&>]\s|[\U0001F000-\U0001FFFF\u2600-\u27BF]")
HIGHEST, LOWEST = 0.97, 0.5
# An account that is one's trade speaks of it; one that only answers for a house is that house's.
_PERSONAL = ("official", "professional", "media")


@dataclass(frozen=True)
class Behaviour:
    """What an account did here: `moments`, when it posted (as the network dates it); `texts`, some of what it wrote."""

    moments: Sequence[datetime] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Presumption:
    """A role (one of PresumedRole), how sure, why in words, and the account's words that it rests on."""

    role: str
    confidence: float
    basis: tuple[Words, ...]
    quoted: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    role: str
    certainty: float
    at: int
    words: str


NOTHING_DONE = Behaviour()
_SAYS = Words("sa présentation dit « {words} »", "its bio says “{words}”")
_HANDLE = Words("son identifiant contient « {words} »", "its handle contains “{words}”")
_OWN_VIEWS = Words(
    "sa présentation précise que ses propos n’engagent que ce compte : « {words} »",
    "it says that its words are its own: “{words}”",
)
_WROTE = Words("il ou elle écrit « {words} »", "it writes “{words}”")
_REGULAR = Words(
    "{posts} publications réglées comme une horloge (toutes les {minutes} min, ou un multiple)",
    "{posts} posts as regular as a clock (every {minutes} min, or a multiple)",
)


def assess(
    *, handle: str = "", name: str = "", bio: str = "", network: str = "", behaviour: Behaviour = NOTHING_DONE
) -> Presumption | None:
    """Return what an account presumably is, or None when nothing says so clearly enough. Any text has an answer."""
    shown, plain = _readable(bio, BIO_READ)
    if PARODY.search(plain) or PARODY.search(_readable(name, NAME_READ)[1]):
        return None
    found = _settled(sorted(_found(shown, plain), key=lambda one: one.at))
    if found:
        return _by_words(found, handle, shown, plain)
    return _by_pace(behaviour) or _as_customer(behaviour)


def _readable(text: str, limit: int) -> tuple[str, str]:
    """The text as it is quoted and as it is searched, of one length."""
    shown = composed(text[:limit].replace("\0", " "))
    return shown, folded(shown)


def _found(shown: str, plain: str) -> Iterator[_Found]:
    for cue in CUES:
        for match in cue.pattern.finditer(plain):
            if _is_its_own(cue, plain, match):
                words = shown[match.start() : match.end()].strip(" ,;.#-\u2013|/(")
                yield _Found(cue.role, cue.certainty, match.start(), words)


def _is_its_own(cue: Cue, plain: str, match: re.Match[str]) -> bool:
    """Whether the words are said of the account itself, now: not of another, of the past, nor as a wish."""
    if cue.role in ("brand", "automated"):
        return not re.search(r"(?<!\w)(?:not|pas|non|un|no|isn't|n'est)\W+(?:\w+\W+)?$", plain[: match.start()][-24:])
    clause = CLAUSE.split(plain[: match.start()][-60:])[-1]
    if NOT_ONE.search(clause) or AFTER_IT.match(plain[match.end() : match.end() + 30]):
        return False
    return bool(ITS_OWN_ACCOUNT.search(clause)) or not OF_ANOTHER.search(clause)


def _settled(found: Sequence[_Found]) -> list[_Found]:
    """The words of one role, those that decide first; none when they contradict each other."""
    roles = {one.role for one in found}
    for alone in ("official", "automated"):
        if alone in roles:
            return [one for one in found if one.role == alone]
    if "brand" in roles and not roles & {"professional"}:  # a medium's official account is a medium
        kept = "media" if "media" in roles else "brand"
        return [one for one in found if one.role == kept]
    if roles == {"professional", "brand"}:  # "follow us" beside a trade: a person's, or a house's that sells it
        return []
    first = [one for one in found if one.role in _PERSONAL]
    return [one for one in first if one.role == first[0].role] if first else []


def _by_words(found: Sequence[_Found], handle: str, shown: str, plain: str) -> Presumption:
    role, quoted = found[0].role, list(dict.fromkeys(one.words for one in found))[:3]
    certainty, basis = found[0].certainty, [_SAYS.put(words=words) for words in quoted]
    if cue := _in_handle(role, handle):
        certainty, basis = certainty + 0.03, [*basis, _HANDLE.put(words=cue)]
        quoted.append(cue)
    if role == "professional" and (own := DISCLAIMER.search(plain)):
        words = shown[own.start() : own.end()]
        certainty, basis = certainty + 0.02, [*basis, _OWN_VIEWS.put(words=words)]
        quoted.append(words)
    return Presumption(role, round(min(max(certainty, LOWEST), HIGHEST), 2), tuple(basis), tuple(quoted))


def _in_handle(role: str, handle: str) -> str:
    plain = folded(composed(handle[:100])).lstrip("@").split("@")[0]
    for named, pattern in HANDLE_CUES:
        if named == role and (match := pattern.search(plain)):
            return match.group().strip("_")
    return ""


def _by_pace(behaviour: Behaviour) -> Presumption | None:
    """By the facts only: many posts, as regular as a clock. Few do that by hand."""
    pace = pace_of(behaviour.moments)
    if pace is None:
        return None
    words = _REGULAR.put(posts=pace.posts, minutes=max(round(pace.seconds / 60), 1))
    return Presumption("automated", 0.8, (words,), ())


def _as_customer(behaviour: Behaviour) -> Presumption | None:
    """By what it wrote: somebody who speaks of an order, a contract, a journey of their own."""
    for text in behaviour.texts:
        shown, plain = _readable(text, TEXT_READ)
        if match := CUSTOMER.search(plain):
            words = shown[match.start() : match.end()]
            return Presumption("customer", 0.7, (_WROTE.put(words=words),), (words,))
    return None
