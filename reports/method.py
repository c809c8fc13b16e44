"""How a report was made and what it cannot know, in words. No Django here."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.charts.times import NO_BREAK

_N = NO_BREAK


@dataclass(frozen=True)
class Means:
    """What the report rests on: sources heard, watches with their setting, model versions, reasons of the signal."""

    sources: tuple[str, ...] = ()
    watches: tuple[tuple[str, float], ...] = ()
    readers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def method(means: Means, language: str) -> tuple[str, ...]:
    """One sentence a means; what was not used is not mentioned."""
    return _french(means) if language == "fr" else _english(means)


def _french(means: Means) -> tuple[str, ...]:
    told = [f"Sources entendues{_N}: {', '.join(means.sources)}."] if means.sources else []
    told += [
        f"Requête de veille «{_N}{name}{_N}», réglée sur {_number(alarms, 'fr')}{_N}"
        f"{'fausse alerte' if alarms < 2 else 'fausses alertes'} par mois."
        for name, alarms in means.watches
    ]
    told += [f"Pourquoi l’alerte{_N}: {' '.join(means.reasons)}"] if means.reasons else []
    readers = f" ({', '.join(means.readers)})" if means.readers else ""
    told.append(
        f"«{_N}Qui a parlé{_N}» est une lecture automatique des messages{readers}, pas des personnes{_N}; un compte "
        "qui a écrit des messages de plusieurs sortes est compté dans chacune. Aucun compte n’est nommé."
    )
    told.append(
        "Les délais viennent de la main courante et des envois, les médianes des incidents clos avant celui-ci."
    )
    return tuple(told)


def _english(means: Means) -> tuple[str, ...]:
    told = [f"Sources heard: {', '.join(means.sources)}."] if means.sources else []
    told += [
        f"Watch “{name}”, set to {_number(alarms, 'en')} false {'alarm' if alarms == 1 else 'alarms'} a month."
        for name, alarms in means.watches
    ]
    told += [f"Why the alert: {' '.join(means.reasons)}"] if means.reasons else []
    readers = f" ({', '.join(means.readers)})" if means.readers else ""
    told.append(
        f"“Who spoke” is the machine’s reading of messages{readers}, not of persons; an account that wrote messages of "
        "several kinds is counted in each. No account is named."
    )
    told.append("Delays come from the log and the briefings, medians from the incidents closed before this one.")
    return tuple(told)


def limits(language: str, *, curve_is_cut: bool, is_read: bool = False) -> tuple[str, ...]:
    """What the reader must not conclude."""
    heard, read, cut = LIMITS[language]
    about_reading = (READING_LIMIT[language],) if is_read else ()
    return (heard, read, *about_reading, *([cut] if curve_is_cut else []))


# How an attack is read, when it was: roles, packs and outlooks each rest on something else.
READING = {
    "fr": (
        f"Les rôles sont présumés d’après ce que chaque compte a fait dans cet incident seulement{_N}; la parole d’une "
        "personne l’emporte.",
        "Des comptes agissent ensemble s’ils ont au moins deux choses distinctes en commun (lien, texte, message "
        "répondu, comptes interpellés) à moins de 20 minutes, plus souvent qu’en redistribuant les mêmes au hasard.",
        "La fourchette du retour à la normale (six heures de suite dans l’habitude) est celle qui tenait huit fois sur "
        "dix sur des crises passées.",
    ),
    "en": (
        "Roles are presumed from what each account did in this incident alone; a person’s word prevails.",
        "Accounts act together when they have at least two distinct things in common (link, text, post answered, "
        "accounts called in) within 20 minutes, more often than when the same are dealt out at random.",
        "The range of the return to normal (six hours in a row within the habit) is the one that held eight times in "
        "ten in past crises.",
    ),
}
READING_LIMIT = {
    "fr": "Agir ensemble n’est pas une faute, et un rôle présumé n’est pas une preuve.",
    "en": "To act together is no fault, and a presumed role is no proof.",
}


LIMITS = {
    "fr": (
        f"Seules les sources branchées sont entendues{_N}: messages privés, effacés ou à accès restreint n’y sont pas.",
        "Un compte n’est pas une personne, et la machine peut mal lire un message.",
        "La courbe s’arrête trente jours après le début.",
    ),
    "en": (
        "Only the sources that are connected are heard: private, deleted or restricted messages are not there.",
        "An account is not a person, and the machine may misread a message.",
        "The curve stops thirty days after the beginning.",
    ),
}


def _number(value: float, language: str) -> str:
    written = f"{value:g}"
    return written.replace(".", ",") if language == "fr" else written


def joined(names: Sequence[str], most: int = 8) -> tuple[str, ...]:
    """The first names, then how many more."""
    return (*names[:most], f"+ {len(names) - most}") if len(names) > most else tuple(names)
