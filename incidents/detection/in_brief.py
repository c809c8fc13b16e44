"""The whole reading in a sentence, and whom to warn now: what a director reads first."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incidents.detection.case import Told
from incidents.detection.popcorn import HALF, has_grievances

MOST_WARNINGS = 5
Sections = Mapping[str, Mapping[str, Any]]


def conclusion(sections: Sections) -> Told:
    """Return what it is, in a sentence; nothing before a reading. `sections`: what each judgement wrote."""
    return _nature(sections) if "people" in sections else {}


@dataclass(frozen=True)
class Warned:
    """Somebody to warn now, before those of `callers` call (name, and when it spoke already in ISO 8601, or None).

    Nobody in `callers`: it is this person that was put in cc.
    """

    whom: Told
    callers: tuple[tuple[str, str | None], ...]


def warnings(sections: Sections) -> tuple[Warned, ...]:
    """Return whom to warn, the gravest matter first, each once."""
    whom: dict[str, Told] = {}
    callers: dict[str, list[tuple[str, str | None]]] = {}
    for row in sections.get("called", {}).get("rows", ()):
        if told := row.get("whom"):
            whom.setdefault(told["fr"], told)
            before = callers.setdefault(told["fr"], [])
            if row["name"] != told["fr"]:
                before.append((row["name"], row.get("reacted_at")))
    return tuple(Warned(whom[name], tuple(callers[name])) for name in whom)[:MOST_WARNINGS]


def together(sections: Sections) -> tuple[str, ...]:
    """Return the handles that act together, none without a pack."""
    groups = sections.get("pack", {}).get("groups", ())
    return tuple(one["handle"] for group in groups for one in group["accounts"])


def _nature(sections: Sections) -> Told:
    people = sections.get("people", {})
    # A reading kept by an earlier version has no counts.
    counts: Mapping[str, int] = people.get("counts") or Counter(row["role"] for row in people.get("rows", ()))
    many = len(together(sections))
    behind = sum(counts.get(role, 0) for role in ("leader", "relay", "follower"))
    customers = counts.get("customer", 0)
    if many:
        return {
            "fr": f"Une attaque sans doute concertée\u00a0: {many} comptes agissent ensemble.",
            "en": f"Probably a concerted attack: {many} accounts act together.",
        }
    looking_on = counts.get("spectator", 0)
    if customers > behind and customers >= looking_on:
        return {
            "fr": f"Surtout des clients mécontents ({_many(customers, 'compte')}), pas une meute.",
            "en": f"Mostly customers with a grievance ({_many(customers, 'account')}), not a pack.",
        }
    if people.get("popcorn_share", 0.0) >= HALF or looking_on > customers + behind:
        return _looked_at(customers, sum(counts.values()) + people.get("undecided", 0))
    if counts.get("instigator"):
        return _led(behind)
    if counts.get("leader"):
        return _led_by(counts["leader"], behind - counts["leader"])
    return {"fr": "Personne ne mène, pour l’instant.", "en": "Nobody leads, for now."}


def _looked_at(customers: int, accounts: int) -> Told:
    if has_grievances(customers, accounts):
        return {
            "fr": f"Beaucoup regardent passer, mais {customers}\u00a0comptes exposent un grief. "
            "Rien ne montre une meute.",
            "en": f"Many look on, but {customers} accounts bring a grievance. Nothing shows a pack.",
        }
    return {
        "fr": "Beaucoup regardent passer, peu reprochent quelque chose. Rien ne montre une meute.",
        "en": "Many look on, few bring a grievance. Nothing shows a pack.",
    }


def _led_by(leaders: int, behind: int) -> Told:
    """Return that some lead on, none of them first."""
    fr = f"{_many(leaders, 'compte')} {'entraînent' if leaders > 1 else 'entraîne'}"
    en = f"{_many(leaders, 'account')} {'lead' if leaders > 1 else 'leads'} on"
    if behind:
        fr += f", {_many(behind, 'autre')} {'suivent' if behind > 1 else 'suit'}"
        en += f", {_many(behind, 'other')} {'follow' if behind > 1 else 'follows'}"
    return {"fr": f"{fr}. Rien ne montre une meute.", "en": f"{en}. Nothing shows a pack."}


def _led(behind: int) -> Told:
    if not behind:
        return {
            "fr": "Un compte frappe, personne ne le suit encore.",
            "en": "One account strikes, nobody follows it yet.",
        }
    return {
        "fr": f"Un compte à l’origine, {_many(behind, 'autre')} à sa suite. Rien ne montre une meute.",
        "en": f"One account at the origin, {_many(behind, 'other')} after it. Nothing shows a pack.",
    }


def _many(count: int, what: str) -> str:
    return f"{count}\u00a0{what}{'s' if count > 1 else ''}"
