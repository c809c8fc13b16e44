"""The ground of a role in words, in both languages."""

from collections.abc import Mapping

from incidents.detection.case import Told

CONFIRMED: Told = {"fr": "confirmé par une personne", "en": "confirmed by a person"}
MEDIA: Told = {
    "fr": "probable, car le compte se présente comme un média",
    "en": "probable, because it presents itself as media",
}
IN_PACK: Told = {
    "fr": "fait au moins deux fois la même chose que d’autres, au même moment",
    "en": "does the same as others at least twice, at the same time",
}
_NAMES = {
    "instigator": ("à l’origine", "at the origin"),
    "leader": ("qui entraînent", "leading on"),
    "relay": ("qui relaient", "relaying"),
    "follower": ("qui suivent", "following"),
    "customer": ("clients mécontents", "customers with a grievance"),
    "media": ("médias", "media"),
    "defender": ("qui défendent", "defending"),
    "spectator": ("spectateurs", "looking on"),
}


ROLES: Mapping[str, Told] = {
    "instigator": {"fr": "◆ à l’origine", "en": "◆ at the origin"},
    "leader": {"fr": "◆ entraîne", "en": "◆ leads on"},
    "relay": {"fr": "▲ relaie", "en": "▲ relays"},
    "follower": {"fr": "▲ suit", "en": "▲ follows"},
    "customer": {"fr": "■ client mécontent", "en": "■ customer with a grievance"},
    "media": {"fr": "■ média", "en": "■ media"},
    "defender": {"fr": "✚ défend", "en": "✚ defends"},
    "spectator": {"fr": "○ regarde (popcorn)", "en": "○ looks on (popcorn)"},
}


def summary(counts: Mapping[str, int], accounts: int) -> Told:
    """Return how many accounts have which role, of all that spoke."""
    if not accounts:
        return {"fr": "Aucun compte n’est connu.", "en": "No account is known."}
    fr = ", ".join(f"{counts[name]} {words[0]}" for name, words in _NAMES.items() if counts.get(name))
    en = ", ".join(f"{counts[name]} {words[1]}" for name, words in _NAMES.items() if counts.get(name))
    spoke_fr = f"{accounts} compte{'s' if accounts > 1 else ''}"
    spoke_en = f"{accounts} account{'s' if accounts > 1 else ''}"
    return {
        "fr": f"{spoke_fr}\u00a0: {fr or 'aucun rôle ne se dégage'}.",
        "en": f"{spoke_en}: {en or 'no role stands out'}.",
    }


def popcorn(looking_on: int, posts: int) -> Told:
    """Return how much of it is popcorn, and what that means."""
    if not posts:
        return {"fr": "", "en": ""}
    share = round(100 * looking_on / posts)
    fr, en = (
        f"{share}\u00a0% des messages regardent passer (popcorn)",
        f"{share}% of the messages only look on (popcorn)",
    )
    if share < 50:
        return {"fr": f"{fr}.", "en": f"{en}."}
    return {
        "fr": f"{fr}\u00a0: beaucoup de bruit, peu de griefs. Cela plaide pour une gravité moindre.",
        "en": f"{en}: much noise, few grievances. That speaks for a lower severity.",
    }


def first(drew: int) -> Told:
    """Return why an account is at the origin."""
    return {
        "fr": f"probable, car parmi les premiers à frapper\u00a0; comptes qui lui répondent ou le citent\u00a0: {drew}",
        "en": f"probable, because among the first to strike; accounts that answer or quote it: {drew}",
    }


def support(held: int, posts: int) -> Told:
    """Return why an account defends."""
    return {
        "fr": f"probable, car {held} message(s) de soutien sur {posts}",
        "en": f"probable, because {held} of {posts} message(s) support the brand",
    }


def leads(strikes: int, drew: int) -> Told:
    """Return why an account leads on."""
    return {
        "fr": f"probable, car il frappe {strikes} fois et {drew} comptes lui répondent ou le citent",
        "en": f"probable, because it strikes {strikes} times and {drew} accounts answer or quote it",
    }


def relays(held: int, posts: int) -> Told:
    """Return why an account relays."""
    return {
        "fr": f"probable, car {held} message(s) sur {posts} reprennent ceux d’autres",
        "en": f"probable, because {held} of {posts} message(s) repeat those of others",
    }


def grieves(held: int, posts: int) -> Told:
    """Return why an account is a customer with a grievance."""
    return {
        "fr": f"probable, car {held} message(s) sur {posts} exposent une réclamation ou une question",
        "en": f"probable, because {held} of {posts} message(s) bring a complaint or a question",
    }


def laughs(held: int, posts: int) -> Told:
    """Return why an account looks on."""
    return {
        "fr": f"probable, car {held} message(s) sur {posts} rient sans rien reprocher",
        "en": f"probable, because {held} of {posts} message(s) laugh without a claim",
    }


def follows(strikes: int) -> Told:
    """Return why an account follows."""
    return {
        "fr": f"probable, car il frappe après d’autres ({strikes} message(s))",
        "en": f"probable, because it strikes after others ({strikes} message(s))",
    }
