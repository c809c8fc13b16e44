"""What is said of an outlook, French and English: phase, range, own past, base rates, what would prove it wrong."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.charts import times
from incidents.detection.outlook_phase import FLOOR_ACCOUNTS, FLOOR_MINUTES, HalfLife, Rate

Words = dict[str, str]
LANGUAGES = ("fr", "en")
PHASES: dict[str, Words] = {
    "too_early": {"fr": "Trop tôt pour le dire", "en": "Too early to say"},
    "growing": {"fr": "En hausse", "en": "Growing"},
    "peak": {"fr": "Au plus haut", "en": "At its peak"},
    "decaying": {"fr": "En baisse", "en": "Decaying"},
}
BASE_RATES: tuple[tuple[Words, str], ...] = (
    (
        {
            "fr": "La moitié de ce que reçoit un tweet lui vient en 80 minutes environ (médiane)\u00a0; après"
            " 24\u00a0h, 95\u00a0% ne touchent plus guère personne.",
            "en": "Half of what a tweet gets comes within about 80 minutes (median); after 24 h, 95% reach hardly"
            " anybody any more.",
        },
        "Pfeffer, Matter, Sargsyan, ICWSM 2023",
    ),
    (
        {
            "fr": "80\u00a0% des bad buzz sont de courte durée et sans effet à long terme.",
            "en": "80% of bad buzz is short-lived and without long-term effect.",
        },
        "Visibrain, 2017",
    ),
    (
        {
            "fr": "Sur les marques prises dans 78 tempêtes, 58\u00a0% ont perdu en image à court terme, 40\u00a0% à"
            " long terme\u00a0: plus souvent avec une vidéo, une faute du produit ou une faute sociale, un grand"
            " volume, une longue durée.",
            "en": "Of the brands in 78 firestorms, 58% lost brand perception in the short term, 40% in the long term:"
            " more often with a video, a product or social failure, a high volume, a long duration.",
        },
        "Hansen, Kupfer, Hennig-Thurau, IJRM 35(4), 2018",
    ),
)


TOO_EARLY: Words = {
    "fr": "Trop tôt pour dire quand cela passera.",
    "en": "Too early to say when it will pass.",
}


def both(say: Callable[[str], str]) -> Words:
    """The sentence in both languages."""
    return {language: say(language) for language in LANGUAGES}


def hour(at: datetime, zone: ZoneInfo, now: datetime, language: str) -> str:
    """« 21 h 30 » today, « mardi 17 novembre à 21 h 30 » another day, on the client's clock."""
    local = at.astimezone(zone)
    clock = times.hour_in_prose(local, language)
    if local.date() == now.astimezone(zone).date():
        return clock
    name = times.day(local, language, year=False, weekday=True)
    return f"{name} à {clock}" if language == "fr" else f"{name} at {clock}"


def too_early(minutes: int, accounts: int) -> Words:
    """Why nothing is foreseen yet."""
    return {
        "fr": f"{_accounts_fr(accounts)} en {_length(minutes, 'fr')}\u00a0: avant {FLOOR_MINUTES}\u00a0min et"
        f" {FLOOR_ACCOUNTS} comptes, aucune prévision ne vaut mieux que le hasard.",
        "en": f"{_accounts_en(accounts)} in {_length(minutes, 'en')}: before {FLOOR_MINUTES} min and"
        f" {FLOOR_ACCOUNTS} accounts no forecast is better than chance.",
    }


def why_phase(rate: Rate, share_of_peak: float) -> Words:
    """R in words, with its interval; and how much of the highest hour is left."""
    fr, en = (times.duration(rate.window, language) for language in LANGUAGES)
    left = round(100 * share_of_peak)
    return {
        "fr": f"{rate.now} nouveau{'x' if rate.now > 1 else ''} compte{_s(rate.now)} en {fr}, contre {rate.before} dans"
        f" les {fr} d’avant (×\u00a0{_figure(rate.value, 'fr')}\u00a0; huit fois sur dix, entre"
        f" {_figure(rate.low, 'fr')} et {_figure(rate.high, 'fr')}). La dernière heure vaut {left}\u00a0% de la plus"
        " forte.",
        "en": f"{rate.now} new account{_s(rate.now)} in {en}, against {rate.before} in the {en} before"
        f" (× {_figure(rate.value, 'en')}; eight times in ten, between {_figure(rate.low, 'en')} and"
        f" {_figure(rate.high, 'en')}). The last hour is {left}% of the highest one.",
    }


def why_half_life(found: HalfLife | None) -> Words:
    """How fast it decays since the peak."""
    if found is None:
        return {"fr": "pas de décrue mesurable", "en": "no measurable decay"}

    def say(language: str) -> str:
        length, low = (times.duration(timedelta(minutes=value), language) for value in (found.minutes, found.low))
        if found.high is None:
            return f"{length} (au moins {low})" if language == "fr" else f"{length} (at least {low})"
        high = times.duration(timedelta(minutes=found.high), language)
        return f"{length} (de {low} à {high})" if language == "fr" else f"{length} ({low} to {high})"

    return both(say)


def sentence(phase: str, returns: tuple[datetime, datetime, datetime] | None, zone: ZoneInfo, now: datetime) -> Words:
    """The bottom line: phase and range."""
    if returns is None:
        return PHASES[phase]

    def say(language: str) -> str:
        at, since, until = (hour(moment, zone, now, language) for moment in returns)
        if language == "fr":
            range_told = f"huit fois sur dix, entre {since} et {until}"
            return f"{PHASES[phase]['fr']}. Retour à la normale probable vers {at}\u00a0; {range_told}."
        range_told = f"eight times in ten, between {since} and {until}"
        return f"{PHASES[phase]['en']}. Probably back to normal around {at}; {range_told}."

    return both(say)


def back_since(at: datetime, zone: ZoneInfo, now: datetime) -> Words:
    """Six hours within the habit: it is over, until it starts again."""
    return {
        "fr": f"Revenu à la normale depuis {hour(at, zone, now, 'fr')}\u00a0: six heures de suite sans"
        " dépasser l’habitude.",
        "en": f"Back to normal since {hour(at, zone, now, 'en')}: six hours in a row without exceeding the habit.",
    }


def calm_since(at: datetime, until: datetime, zone: ZoneInfo, now: datetime) -> Words:
    """Within the habit, but not for six hours yet."""
    return {
        "fr": f"Sous l’habitude depuis {hour(at, zone, now, 'fr')}\u00a0: terminé si cela tient jusqu’à"
        f" {hour(until, zone, now, 'fr')}.",
        "en": f"Within the habit since {hour(at, zone, now, 'en')}: over if that holds until"
        f" {hour(until, zone, now, 'en')}.",
    }


def normal(high: int, is_known: bool) -> Words:
    """What "normal" means here."""
    if is_known:
        return {
            "fr": f"Normal\u00a0: {high} compte{_s(high)} par heure au plus, six heures de suite (habitude de la"
            " marque).",
            "en": f"Normal: {high} account{_s(high)} an hour at most, six hours in a row (the brand’s habit).",
        }
    return {
        "fr": f"Habitude de la marque inconnue\u00a0: est dit normal {high} comptes par heure au plus, six"
        " heures de suite.",
        "en": f"The brand’s habit is not known: {high} accounts an hour at most, six hours in a row, is called normal.",
    }


def wrong_return(until: datetime, high: int, zone: ZoneInfo, now: datetime) -> Words:
    """The dated sentence that can be checked against the range."""
    return {
        "fr": f"La fourchette est fausse si plus de {high} compte{_s(high)} par heure en parlent encore après"
        f" {hour(until, zone, now, 'fr')}.",
        "en": f"The range is wrong if more than {high} account{_s(high)} an hour still speak of it after"
        f" {hour(until, zone, now, 'en')}.",
    }


def wrong_phase(phase: str, rate: Rate, zone: ZoneInfo, now: datetime) -> Words:
    """The dated sentence that can be checked against the phase: how many would have to join, or not, by when."""
    at = now + rate.window
    fr, en = hour(at, zone, now, "fr"), hour(at, zone, now, "en")
    name = {language: PHASES[phase][language] for language in LANGUAGES}
    more = max(rate.now + 1, round(rate.now * 1.5))
    upper = max(more, round(rate.now / rate.value))
    if phase == "growing":
        return {
            "fr": f"«\u00a0{name['fr']}\u00a0» est faux si moins de {rate.now} nouveaux comptes arrivent d’ici {fr}.",
            "en": f"“{name['en']}” is wrong if fewer than {rate.now} new accounts come by {en}.",
        }
    if phase == "decaying":
        return {
            "fr": f"«\u00a0{name['fr']}\u00a0» est faux si {more} nouveaux comptes ou plus arrivent d’ici {fr}.",
            "en": f"“{name['en']}” is wrong if {more} new accounts or more come by {en}.",
        }
    return {
        "fr": f"«\u00a0{name['fr']}\u00a0» est faux si {upper} nouveaux comptes ou plus arrivent d’ici {fr}.",
        "en": f"“{name['en']}” is wrong if {upper} new accounts or more come by {en}.",
    }


def own_past(lengths: list[timedelta]) -> Words:
    """How long the client's own incidents lasted."""
    if not lengths:
        return {
            "fr": "Aucun incident passé de ce client n’a de retour à la normale daté.",
            "en": "No past incident of this client has a dated return to normal.",
        }
    ordered = sorted(lengths)
    middle, count = ordered[len(ordered) // 2], len(ordered)

    def say(language: str) -> str:
        usual, low, high = (times.duration(length, language) for length in (middle, ordered[0], ordered[-1]))
        if count == 1:
            one = "Le seul incident daté de ce client\u00a0: retour à la normale en {}."
            return (
                one if language == "fr" else "The only dated incident of this client: back to normal in {}."
            ).format(usual)
        if language == "fr":
            past = f"{count} incident{_s(count)} de ce client"
            return f"{past}\u00a0: retour à la normale en {usual} (médiane), de {low} à {high}."
        return f"{count} incident{_s(count)} of this client: back to normal in {usual} (median), from {low} to {high}."

    return both(say)


def record(held: int, judged: int, incidents: int) -> Words:
    """How the past outlooks of this client did; their ranges are meant to hold eight times in ten."""
    if not judged:
        return {
            "fr": "Aucune prévision passée n’est encore jugée chez ce client. Les fourchettes visent huit fois"
            " sur dix.",
            "en": "No past outlook has been judged for this client yet. Ranges are meant to hold eight times in ten.",
        }
    return {
        "fr": f"{held} prévision{_s(held)} sur {judged} {'ont' if held > 1 else 'a'} tenu chez ce client, en"
        f" {incidents} incident{_s(incidents)}. Les fourchettes visent huit fois sur dix.",
        "en": f"{held} of {judged} past outlook{_s(judged)} held for this client, in {incidents} incident"
        f"{_s(incidents)}. Ranges are meant to hold eight times in ten.",
    }


def _accounts_fr(count: int) -> str:
    return f"{count} compte{_s(count)}" if count else "Aucun compte"


def _accounts_en(count: int) -> str:
    return f"{count} account{_s(count)}" if count else "No account"


def _length(minutes: int, language: str) -> str:
    return times.duration(timedelta(minutes=minutes), language)


def _figure(value: float, language: str) -> str:
    plain = f"{value:.1f}" if value < 10 else f"{value:.0f}"
    return plain.replace(".", ",") if language == "fr" else plain


def _s(count: int) -> str:
    return "s" if count > 1 else ""
