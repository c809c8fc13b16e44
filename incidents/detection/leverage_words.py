"""What is said of those who are called in: what they are, why it hurts, whom to warn."""

from collections.abc import Mapping

Words = Mapping[str, str]

PARTIES: dict[str, Words] = {
    "press": {"fr": "Presse", "en": "Press"},
    "regulator": {"fr": "Autorité ou association de consommateurs", "en": "Regulator or consumer body"},
    "executive": {"fr": "Dirigeant du client", "en": "Executive of the client"},
    "competitor": {"fr": "Concurrent", "en": "Competitor"},
    "other_cm": {"fr": "Un autre CM", "en": "Another CM"},
    "partner": {"fr": "Partenaire", "en": "Partner"},
    "contact": {"fr": "Contact du client", "en": "Contact of the client"},
    "official": {"fr": "Élu", "en": "Elected official"},
    "other": {"fr": "Autre compte", "en": "Other account"},
}
WHY: dict[str, Words] = {
    "press": {
        "fr": "Un journaliste peut en faire un article aujourd’hui, et demander une réaction avant que quiconque ne"
        " soit au courant.",
        "en": "A journalist can make a story of it today, and ask for a comment before anybody has been told.",
    },
    "regulator": {
        "fr": "Une demande d’explications peut suivre\u00a0: ce qui se dit en public compte alors comme une pièce.",
        "en": "A request for explanations may follow: what is said in public then counts as evidence.",
    },
    "executive": {
        "fr": "La direction l’apprend par l’attaque, et non par l’agence.",
        "en": "The management learns it from the attack instead of from the agency.",
    },
    "competitor": {
        "fr": "Un concurrent peut s’en amuser ou proposer mieux, devant le même public.",
        "en": "A competitor may make fun of it or offer better, before the same audience.",
    },
    "other_cm": {
        "fr": "Les gens du métier relaient vite, et jugent la réponse autant que la faute.",
        "en": "People of the trade pass it on fast, and judge the reply as much as the fault.",
    },
    "partner": {
        "fr": "Un partenaire peut s’inquiéter pour son propre nom.",
        "en": "A partner may worry about its own name.",
    },
    "contact": {
        "fr": "Le client l’apprend par l’attaque, et non par l’agence.",
        "en": "The client learns it from the attack instead of from the agency.",
    },
    "official": {
        "fr": "Un élu donne à une plainte une portée publique.",
        "en": "An elected official gives a complaint a public reach.",
    },
    "other": {"fr": "Un témoin de plus.", "en": "One more witness."},
}
WHOM: dict[str, Words] = {
    "press": {"fr": "le service de presse", "en": "the press office"},
    "regulator": {"fr": "le service juridique", "en": "the legal department"},
    "competitor": {"fr": "la direction de la communication", "en": "the head of communications"},
    "other_cm": {"fr": "l’équipe qui répond", "en": "the team that answers"},
    "partner": {"fr": "qui suit ce partenaire", "en": "whoever looks after this partner"},
    "official": {"fr": "les affaires publiques", "en": "public affairs"},
}
# From what an account presumably is to what it is here.
PARTY_OF_ROLE = {"professional": "other_cm", "media": "press", "official": "official"}
GRAVITY = (
    "regulator",
    "press",
    "executive",
    "official",
    "contact",
    "other_cm",
    "partner",
    "competitor",
    "other",
)


def whom(party: str, name: str, whom_to_warn: str, contacts: tuple[str, ...]) -> Words | None:
    """Return who is to be warned; None for an account that is nothing in particular."""
    if whom_to_warn:
        return {"fr": whom_to_warn, "en": whom_to_warn}
    if party in {"executive", "contact"}:
        return {"fr": _said(name, "fr"), "en": _said(name, "en")}
    if party not in WHOM:
        return None
    first = contacts[0] if contacts else ""
    failing_fr, failing_en = (f" (à défaut {first})", f" (failing that, {first})") if first else ("", "")
    return {"fr": f"{WHOM[party]['fr']}{failing_fr}", "en": f"{WHOM[party]['en']}{failing_en}"}


def warning(party: str, name: str, whom_to_warn: str, contacts: tuple[str, ...]) -> Words | None:
    """ "Warn X before they call"; None for an account that is nothing in particular."""
    told = whom(party, name, whom_to_warn, contacts)
    if told is None:
        return None
    if party in {"executive", "contact"} and not whom_to_warn:
        return {"fr": f"Appeler {name} avant qu’on ne l’appelle.", "en": f"Call {name} before somebody else does."}
    fr, en = _said(name, "fr"), _said(name, "en")
    if whom_to_warn:  # typed by the client, « Direction juridique » or a name: no article may be put before it
        return {
            "fr": f"À prévenir avant {_que(fr)} n’appelle\u00a0: {whom_to_warn}.",
            "en": f"To be warned before {en} calls: {whom_to_warn}.",
        }
    return {
        "fr": f"Prévenir {told['fr']} avant {_que(fr)} n’appelle.",
        "en": f"Warn {told['en']} before {en} calls.",
    }


def _que(name: str) -> str:
    """« que Le Monde », « qu’un médiateur »."""
    return f"qu’{name}" if name[:1].casefold() in set("aeiouyéèêâîôàù") else f"que {name}"


def _said(name: str, language: str) -> str:
    """The name with the article of the language: « la FTC », "DGCCRF"."""
    if language == "fr":
        return name.replace("the ", "la ", 1).replace("an ", "un ", 1) if name.startswith(("the ", "an ")) else name
    return name.removeprefix("la ").removeprefix("le ").removeprefix("l’").replace("un médiateur", "an ombudsman")


def summary(count: int, grave: int) -> Words:
    """One sentence: how many accounts were called in, how many of them weigh."""
    if not count:
        return {"fr": "Personne n’a été mis en copie.", "en": "Nobody was put in cc."}
    one = count == 1
    fr = f"{count} compte mis en copie" if one else f"{count} comptes mis en copie"
    en = f"{count} account put in cc" if one else f"{count} accounts put in cc"
    if not grave:
        return {"fr": f"{fr}, aucun de la presse ni d’une autorité.", "en": f"{en}, none of the press nor a regulator."}
    which_fr, which_en = (f"dont {grave} ", f"{grave} ") if grave < count else ("tous ", "all ")
    which_fr, which_en = ("", "") if one else (which_fr, which_en)
    return {
        "fr": f"{fr}, {which_fr}de la presse ou d’une autorité.",
        "en": f"{en}, {which_en}of the press or a regulator.",
    }
