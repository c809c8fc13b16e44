"""What is said of accounts that act together, or do not, in both languages."""

from collections.abc import Mapping

from incidents.detection.case import Told

KINDS: Mapping[str, Told] = {
    "link": {"fr": "le même lien", "en": "the same link"},
    "text": {"fr": "presque le même texte", "en": "nearly the same text"},
    "reply": {"fr": "une réponse au même message", "en": "an answer to the same post"},
    "cc": {"fr": "les mêmes comptes interpellés", "en": "the same accounts put in cc"},
}
LEAST = 3  # accounts: two friends are no pack
LIMITS: Told = {
    "fr": "Agir ensemble n’est pas une faute\u00a0: une association, des collègues ou un modèle de message à recopier "
    "donnent les mêmes traces. C’est à une personne d’en juger.",
    "en": "To act together is no fault: an association, colleagues or a message to copy leave the same traces. "
    "It is for a person to judge.",
}


def seen(together: int, minutes: int, shuffles: int) -> Told:
    """Return that accounts act together, and why chance does not explain it."""
    return {
        "fr": f"Coordination apparente de {together} comptes, probable car ils font au moins deux fois la même chose à "
        f"moins de {minutes} minutes d’intervalle. Le hasard, rejoué {shuffles} fois, n’en donne jamais autant.",
        "en": f"Apparent coordination of {together} accounts, probable because they do the same at least twice within "
        f"{minutes} minutes. Chance, played {shuffles} times, never brings as much.",
    }


def by_chance() -> Told:
    """Return that what accounts have in common is what chance brings."""
    return {
        "fr": "Ce n’est pas une meute\u00a0: des comptes font les mêmes choses en même temps, mais pas plus que le "
        "hasard n’en donne dans cette affaire.",
        "en": "This is no pack: accounts do the same at the same time, but no more than chance brings here.",
    }


def unseen(accounts: int) -> Told:
    """Return that no three accounts do the same twice; `accounts`: all that spoke."""
    if accounts < LEAST:
        return {
            "fr": "Rien ne montre une meute\u00a0: moins de trois comptes ont parlé.",
            "en": "Nothing shows a pack: fewer than three accounts spoke.",
        }
    return {
        "fr": f"Rien ne montre une meute\u00a0: sur {accounts} comptes, il n’y en a pas trois qui fassent deux fois la "
        "même chose au même moment. Une vraie vague n’est pas une meute.",
        "en": f"Nothing shows a pack: of {accounts} accounts, no three do the same twice at the same time. "
        "A real surge is not a pack.",
    }
