"""What is said of how an incident spread, in French and in English."""

from __future__ import annotations

from incidents.detection.propagation import How, Spread, Step

NBSP = "\u00a0"
FEWEST_FOR_SHAPE = 5  # posts in a tree before its shape is worth a sentence
STAR = 2.5  # mean links between two posts: 2 when everyone answers the same post
Words = dict[str, str]

HOW: dict[How, Words] = {
    "": {"fr": "premier de son fil", "en": "first of its thread"},
    "reply": {"fr": "réponse", "en": "reply"},
    "quote": {"fr": "citation ou partage", "en": "quote or repost"},
    "copy": {"fr": "mots recopiés", "en": "words copied"},
}


def finding(spread: Spread) -> Words:
    """Return the first sentence: how much hangs together, or that nothing does."""
    joined = spread.replies + spread.quotes + spread.copies
    if not joined:
        return {
            "fr": "Aucun message ne répond à un autre, ne le cite ni ne le recopie.",
            "en": "No post answers, quotes or copies another.",
        }
    french = (
        "répond à un autre, le cite ou le recopie" if joined < 2 else "répondent à un autre, le citent ou le recopient"
    )
    english = "answers, quotes or copies another" if joined < 2 else "answer, quote or copy another"
    return {
        "fr": f"{_many(joined, 'message', 'messages')} sur {spread.posts} {french}.",
        "en": f"{_many(joined, 'post', 'posts')} of {spread.posts} {english}.",
    }


def parts(spread: Spread) -> Words:
    """Return how posts hang together: replies, quotes, copies, and those that stand alone; what is not there is not
    said.
    """
    counts = (
        (spread.replies, ("réponse", "réponses"), ("reply", "replies")),
        (spread.quotes, ("citation ou partage", "citations ou partages"), ("quote or repost", "quotes or reposts")),
        (spread.copies, ("message recopié", "messages recopiés"), ("copied post", "copied posts")),
        (spread.alone, ("message isolé", "messages isolés"), ("post alone", "posts alone")),
    )
    fr = ", ".join(_many(count, *french) for count, french, _english in counts if count)
    en = ", ".join(_many(count, *english) for count, _french, english in counts if count)
    return {"fr": f"{fr}.", "en": f"{en}."}


def shape(spread: Spread) -> Words | None:
    """Return what the largest tree looks like, a star or chains; None when it is too small to look like anything."""
    if spread.virality is None or spread.largest < FEWEST_FOR_SHAPE:
        return None
    if spread.virality < STAR:
        return {
            "fr": f"En étoile{NBSP}: presque tout répond au même message.",
            "en": "A star: nearly all answer the same post.",
        }
    return {
        "fr": f"De proche en proche{NBSP}: on se répond et on se cite en chaîne, jusqu’à {spread.deepest} messages de "
        "suite.",
        "en": f"From hand to hand: posts answer and quote one another in chains, up to {spread.deepest} in a row.",
    }


def jump(step: Step) -> Words:
    """Return who carried it further: the account, when, and how much came under it."""
    handle = step.post.handle if step.post else ""
    return {
        "fr": f"{f'@{handle}' if handle else 'un compte inconnu'}, {_when_fr(step.minutes)}{NBSP}: "
        f"{_many(step.below, 'message à sa suite', 'messages à sa suite')}.",
        "en": f"{f'@{handle}' if handle else 'an unknown account'}, {_when_en(step.minutes)}: "
        f"{_many(step.below, 'post', 'posts')} under it.",
    }


def _many(count: int, one: str, many: str) -> str:
    return f"{count}{NBSP}{one if abs(count) < 2 else many}"


def _when_fr(minutes: int | None) -> str:
    span = abs(minutes or 0)
    return f"{_span(span, 'h')} {'avant' if (minutes or 0) < 0 else 'après'} le début"


def _when_en(minutes: int | None) -> str:
    span = abs(minutes or 0)
    return f"{_span(span, 'h')} {'before' if (minutes or 0) < 0 else 'after'} the beginning"


def _span(minutes: int, hour: str) -> str:
    """Return "14 min" or "2 h 05"."""
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    return f"{minutes // 60}{NBSP}{hour}{NBSP}{minutes % 60:02d}"
