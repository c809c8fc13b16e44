"""The section « pack »: whether accounts act together, with the evidence in words. A real surge is not a pack."""

from collections import Counter
from typing import Any

from incidents.detection.case import Case, Told
from incidents.detection.coaction import SHUFFLES, Coaction, Thing, coaction

MOST_THINGS = 8
MOST_SHOWN = 80  # characters of a link or a text
_KINDS: dict[str, tuple[str, str]] = {
    "link": ("le même lien", "the same link"),
    "text": ("presque le même texte", "nearly the same text"),
    "reply": ("une réponse au même message", "an answer to the same post"),
    "cc": ("les mêmes comptes interpellés", "the same accounts put in cc"),
}
LIMITS: Told = {
    "fr": "Agir ensemble n’est pas une faute\u00a0: une association, des collègues ou un modèle de message à recopier "
    "donnent les mêmes traces. C’est à une personne d’en juger.",
    "en": "To act together is no fault: an association, colleagues or a message to copy leave the same traces. "
    "It is for a person to judge.",
}


def judge(case: Case) -> dict[str, Any]:
    """Return the verdict, its sentence, the groups with their evidence, and how chance was asked."""
    found = coaction(case)
    handles = {post.author: post.handle for post in case.posts if post.author is not None}
    return {
        "is_pack": found.is_pack,
        "sentence": _sentence(found),
        "p": round(found.p, 3),
        "groups": [_group(group, found, handles) for group in found.groups] if found.is_pack else [],
        "limits": LIMITS,
    }


def _sentence(found: Coaction) -> Told:
    if found.is_pack:
        many = len(found.members)
        return {
            "fr": f"Coordination apparente entre {many} comptes, probable car ils font au moins deux fois la même "
            f"chose à moins de 20 minutes d’intervalle\u00a0; le hasard, rejoué {SHUFFLES} fois, en donne moins.",
            "en": f"Apparent coordination between {many} accounts, probable because they do the same at least twice "
            f"within 20 minutes; chance, played {SHUFFLES} times, never brings as much.",
        }
    if found.groups:
        return {
            "fr": "Des comptes font les mêmes choses en même temps, mais pas plus que le hasard n’en donne dans cette "
            "affaire\u00a0: ce n’est pas une meute.",
            "en": "Accounts do the same at the same time, but no more than chance brings here: this is no pack.",
        }
    return {
        "fr": f"Rien ne montre une meute\u00a0: {found.accounts} compte(s), et pas trois qui fassent deux fois la même "
        "chose au même moment. Une vraie vague n’est pas une meute.",
        "en": f"Nothing shows a pack: {found.accounts} account(s), and no three that do the same twice at the same "
        "time. A real surge is not a pack.",
    }


def _group(group: frozenset[int], found: Coaction, handles: dict[int, str]) -> dict[str, Any]:
    things: Counter[Thing] = Counter()
    for pair, common in (found.pairs or {}).items():
        if group.issuperset(pair):
            things.update(common)
    return {
        "accounts": [{"author": author, "handle": handles.get(author, "")} for author in sorted(group)],
        "evidence": [
            {"fr": _KINDS[kind][0], "en": _KINDS[kind][1], "which": _shown(kind, which), "pairs": pairs}
            for (kind, which), pairs in sorted(things.items(), key=lambda row: (-row[1], row[0]))[:MOST_THINGS]
        ],
    }


def _shown(kind: str, which: str) -> str:
    """Return a link, a name or accounts as they are; the words of a text are shown by the posts themselves."""
    return "" if kind == "text" else which[:MOST_SHOWN]
