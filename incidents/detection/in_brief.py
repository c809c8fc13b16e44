"""The whole reading in a sentence, and whom to warn now: what a director reads first."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from incidents.detection.case import Told

MOST_WARNINGS = 5
HALF = 0.5
Sections = Mapping[str, Mapping[str, Any]]


def conclusion(sections: Sections) -> Told:
    """Return what it is, in a sentence; nothing before a reading. `sections`: what each judgement wrote."""
    return _nature(sections) if "people" in sections else {}


def warnings(sections: Sections) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of « called » with somebody to warn, the gravest first, each said once."""
    rows = sections.get("called", {}).get("rows", ())
    said: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row.get("warn"):
            said.setdefault(row["warn"]["fr"], row)
    return tuple(said.values())[:MOST_WARNINGS]


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
    if customers > behind:
        return {
            "fr": f"Surtout des clients mécontents ({_many(customers, 'compte')}), pas une meute.",
            "en": f"Mostly customers with a grievance ({_many(customers, 'account')}), not a pack.",
        }
    if people.get("popcorn_share", 0.0) >= HALF:
        return {
            "fr": "Beaucoup regardent passer, peu reprochent quelque chose. Rien ne montre une meute.",
            "en": "Many look on, few bring a grievance. Nothing shows a pack.",
        }
    if counts.get("instigator"):
        return _led(behind)
    return {"fr": "Personne ne mène, pour l’instant.", "en": "Nobody leads, for now."}


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
