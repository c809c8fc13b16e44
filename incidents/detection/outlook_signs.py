"""What makes an incident worse or longer: signs that are ticked or not, each with why.

The first five after Hansen, Kupfer and Hennig-Thurau (2018), 78 firestorms; the others are the trade's own.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from incidents.detection import leverage
from incidents.detection.case import Case, Post
from incidents.detection.failure import FAILS

LOUD_TIMES = 10  # the habit, or
LOUD_ACCOUNTS = 500
LONG_HOURS = 24
SHARE = 0.2
SMALL_SHARE = 0.05
FEW = 3
MOST_READ = 2_000  # characters of one post: what is alleged comes early
_VIVID = re.compile(
    r"\b(?:youtube\.com|youtu\.be|tiktok\.com|vimeo\.com|pic\.twitter\.com|instagram\.com/reel|videos?|screenshots?"
    r"|screen|captures?(?: d ?ecran)?|photos?|filmee?s?|enregistrements?|footage|filmed)\b"
)
_SOCIAL = re.compile(
    r"\b(?:racis\w*|sexis\w*|homophob\w*|transphob\w*|antisemit\w*|islamophob\w*|discrimin\w*|harcel\w*|harass\w*"
    r"|validis\w*|grossophob\w*|greenwashing|pollu\w*|maltrait\w*|esclavag\w*|slavery|misogyn\w*|burn.?out"
    r"|exploitation|mepris\w*|contempt)\b"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One aggravating sign; `why` says on what ground it is ticked or not, in both languages."""

    code: str
    is_ticked: bool
    words: dict[str, str]
    why: dict[str, str]


def signs(case: Case, hours: Sequence[int], high: int) -> list[Sign]:
    """The eight signs, in the order of the page; `hours`: accounts per hour, `high`: the habit's high."""
    posts = [post for post in case.posts if not post.is_ours]
    texts = [_folded(post.text) for post in posts]
    return [
        _said("vivid", posts, texts, _VIVID, VIVID),
        _failure(posts, texts),
        _said("social", posts, texts, _SOCIAL, SOCIAL),
        _loud(posts, hours, high),
        _long(case),
        _press(case),
        _professionals(posts),
        _urgent(posts),
    ]


VIVID = {"fr": "une vidéo, une capture ou une photo à montrer", "en": "a video, a screenshot or a picture to show"}
SOCIAL = {
    "fr": "une faute sociale ou morale alléguée (discrimination, mépris, pollution…)",
    "en": "an alleged social or moral failure (discrimination, contempt, pollution…)",
}
PRODUCT = {"fr": "un produit ou un service en défaut", "en": "a product or a service that fails"}
LOUD = {"fr": "un grand volume", "en": "a high volume"}
LONG = {"fr": "une longue durée", "en": "a long duration"}
PRESS = {"fr": "la presse appelée ou présente", "en": "the press called in or present"}
PROFESSIONALS = {"fr": "des professionnels s’en mêlent", "en": "professionals in it"}
URGENT = {
    "fr": "une menace juridique, un danger ou un appel à agir",
    "en": "a legal threat, a danger or a call to action",
}
URGENT_INTENTS = {
    "legal_threat": {"fr": "menace juridique", "en": "legal threat"},
    "safety": {"fr": "danger", "en": "danger"},
    "call_to_action": {"fr": "appel à agir", "en": "call to action"},
}


def _said(
    code: str, posts: Sequence[Post], texts: Sequence[str], pattern: re.Pattern[str], words: dict[str, str]
) -> Sign:
    """Ticked when one account in twenty (three at least) or the first one says so."""
    speakers = {_who(post) for post, text in zip(posts, texts, strict=True) if pattern.search(text)}
    return Sign(code, _many(speakers, posts), words, _accounts(len(speakers)))


def _failure(posts: Sequence[Post], texts: Sequence[str]) -> Sign:
    """Ticked when a fifth of the accounts, three at least, complain of what they bought."""
    said = {
        _who(post) for post, text in zip(posts, texts, strict=True) if post.intent == "complaint" or FAILS.search(text)
    }
    everybody = {_who(post) for post in posts}
    return Sign("failure", len(said) >= max(FEW, SHARE * len(everybody)), PRODUCT, _accounts(len(said)))


def _loud(posts: Sequence[Post], hours: Sequence[int], high: int) -> Sign:
    most, everybody = max(hours), len({_who(post) for post in posts})
    why = {
        "fr": f"{_accounts(most)['fr']} dans l’heure la plus forte, habitude {high} au plus",
        "en": f"{_accounts(most)['en']} in the highest hour, the habit being {high} at most",
    }
    return Sign("loud", most >= LOUD_TIMES * max(1, high) or everybody >= LOUD_ACCOUNTS, LOUD, why)


def _long(case: Case) -> Sign:
    hours = int((case.now - case.started_at).total_seconds() // 3600)
    why = {"fr": f"{hours} h depuis le début", "en": f"{hours} h since the beginning"}
    return Sign("long", hours >= LONG_HOURS, LONG, {key: text.replace(" h ", "\u00a0h ") for key, text in why.items()})


def _press(case: Case) -> Sign:
    called = [row for row in leverage.called_in(case) if row.party == "press"]
    spoke = {row.handle for row in called if row.reacted_at}
    there = len(spoke | {post.handle.casefold() for post in case.posts if post.role == "media"})
    told = "aucun n’a parlé" if not there else f"{there} {'ont' if there > 1 else 'a'} parlé"
    why = {
        "fr": f"{_some(len(called), 'compte', 'aucun')} en copie, {told}",
        "en": f"{_some(len(called), 'account', 'no')} in cc, {there or 'none'} spoke",
    }
    return Sign("press", bool(called or there), PRESS, why)


def _professionals(posts: Sequence[Post]) -> Sign:
    there = len({_who(post) for post in posts if post.role == "professional"})
    return Sign("professionals", there >= 2, PROFESSIONALS, _accounts(there))


def _urgent(posts: Sequence[Post]) -> Sign:
    """Ticked from one account on; its ground names which of the three was read, so that nobody fears the others."""
    there = {intent: {_who(post) for post in posts if post.intent == intent} for intent in URGENT_INTENTS}
    seen = [(URGENT_INTENTS[intent], _accounts(len(who))) for intent, who in there.items() if who]
    why = {
        "fr": ", ".join(f"{words['fr']}\u00a0: {many['fr']}" for words, many in seen),
        "en": ", ".join(f"{words['en']}: {many['en']}" for words, many in seen),
    }
    return Sign("urgent", bool(seen), URGENT, why if seen else _accounts(0))


def _many(speakers: set[int | str], posts: Sequence[Post]) -> bool:
    enough = max(FEW, SMALL_SHARE * len({_who(post) for post in posts}))
    return len(speakers) >= enough or bool(posts and _who(posts[0]) in speakers)


def _accounts(count: int) -> dict[str, str]:
    if not count:
        return {"fr": "aucun compte", "en": "no account"}
    s = "" if count == 1 else "s"
    return {"fr": f"{count} compte{s}", "en": f"{count} account{s}"}


def _some(count: int, what: str, none: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}" if count else f"{none} {what}"


def _who(post: Post) -> int | str:
    return post.author if post.author is not None else f"post {post.id}"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:MOST_READ].casefold().replace("’", " ").replace("'", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
