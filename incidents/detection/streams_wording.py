"""Why a stream speaks, in French and in English."""

from collections.abc import Mapping
from typing import Protocol

NBSP = "\u00a0"


class Told(Protocol):
    """What the sentences need of a rise."""

    @property
    def stream(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def observed(self) -> int: ...
    @property
    def expected(self) -> float: ...
    @property
    def hours(self) -> float: ...


STREAMS: Mapping[str, Mapping[str, str]] = {
    "all": {"fr": "Dans tout ce qui est entendu", "en": "In everything heard"},
    "attack": {"fr": "Parmi ce qui se lit comme une attaque", "en": "Among what reads as an attack"},
    "pro": {"fr": "Parmi les comptes professionnels", "en": "Among professional accounts"},
    "thread": {"fr": "Dans un seul fil", "en": "In one thread"},
    "topic": {"fr": "Sur un seul sujet", "en": "On one topic"},
    "urgent": {"fr": "Message urgent", "en": "Urgent message"},
}
URGENT: Mapping[str, Mapping[str, str]] = {
    "legal_threat": {"fr": "menace juridique", "en": "legal threat"},
    "safety": {"fr": "sécurité des personnes", "en": "people’s safety"},
    "call_to_action": {"fr": "appel à agir", "en": "call to action"},
}
ALONE: Mapping[str, str] = {
    "fr": "Un seul compte suffit\u00a0: quelqu’un serait en danger, ou une démarche est engagée.",
    "en": "One account is enough: somebody may be in danger, or a step was taken.",
}
ATTACK: Mapping[str, Mapping[str, str]] = {
    "yes": {"fr": "cela ressemble à une attaque publique", "en": "it looks like a public attack"},
    "no": {"fr": "cela ne ressemble pas à une attaque", "en": "it does not look like an attack"},
    "uncertain": {"fr": "attaque ou non, c’est incertain", "en": "attack or not is uncertain"},
}


def reasons(
    found: Told, share: float, counted: int, attack: str, language: str, *, follows_ours: bool
) -> tuple[str, ...]:
    """Return sentences: which stream, how many against the habit, what the brand had said, how much of it attacks."""
    sentences = [_count(found, language)]
    if follows_ours:
        sentences.append("La marque venait de publier." if language == "fr" else "The brand had just published.")
    verdict = ATTACK[attack][language]
    percent = f"{100 * share:.0f}"
    if language == "fr":
        spoke = f"des {counted}{NBSP}comptes entendus s’en prennent à la marque par leurs mots"
        sentences.append(
            f"{percent}{NBSP}% {spoke}{NBSP}: {verdict}."
            if counted > 1
            else f"Un seul compte entendu{NBSP}: {verdict}."
        )
    elif counted > 1:
        sentences.append(f"{percent}% of the {counted} accounts heard go for the brand by their words: {verdict}.")
    else:
        sentences.append(f"Only one account heard: {verdict}.")
    return tuple(sentences)


def _count(found: Told, language: str) -> str:
    french = language == "fr"
    stream = STREAMS[found.stream][language]
    colon = f"{NBSP}: " if french else ": "
    if found.stream == "urgent":
        kind = URGENT.get(found.key, {}).get(language, found.key)
        if found.observed > 1:
            return f"{stream}{colon}{kind}, {found.observed}{NBSP}" + (
                "comptes en 24" + NBSP + "h." if french else "accounts in 24 h."
            )
        return f"{stream}{colon}{kind}. {ALONE['fr' if french else 'en']}"
    named = f" («{NBSP}{found.key}{NBSP}»)" if french else f" (“{found.key}”)"
    where = stream + (named if found.stream == "topic" else "")
    minutes = round(found.hours * 60)
    span = f"{minutes}{NBSP}min" if minutes < 60 else f"{minutes // 60}{NBSP}h"
    if found.stream == "thread":
        return f"{where}{colon}{found.observed}{NBSP}" + (f"comptes en {span}." if french else f"accounts in {span}.")
    usual = f"{found.expected:.1f}"
    if french:
        return f"{where}{colon}{found.observed}{NBSP}comptes en {span}, d’habitude {usual.replace('.', ',')}."
    return f"{where}{colon}{found.observed} accounts in {span}, usually {usual}."
