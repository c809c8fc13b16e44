"""What is said of the moment of a strike; each line with a sign: `against` us, `calm`, or `unknown`.

A line `of` "account" tells of one account's habit: it stays with the agency, no report to the client repeats it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from incidents.charts import times
from incidents.detection.case import Planned
from incidents.detection.own_hours import Habit

LANGUAGES = ("fr", "en")
RARE_SHARE = 0.03  # a quarter of the 12.5 % that three hours of the day hold by chance
ALL_HOURS = 0.05  # Rayleigh: hours that may well be spread over the whole day


def sentence(at: datetime, zone: ZoneInfo, is_staffed: bool | None) -> dict[str, str]:
    """The bottom line: day, hour, and whether somebody answered."""
    local = at.astimezone(zone)
    ends = {
        None: {"fr": "", "en": ""},
        True: {"fr": ", pendant les heures tenues", "en": ", while somebody was answering"},
        False: {"fr": ", hors des heures tenues", "en": ", while nobody was answering"},
    }[is_staffed]
    fr = f"Parti {times.day(local, 'fr', year=False, weekday=True)} à {times.hour_in_prose(local, 'fr')}"
    en = f"Began {times.day(local, 'en', year=False, weekday=True)} at {times.hour_in_prose(local, 'en')}"
    return {"fr": f"{fr}{ends['fr']}.", "en": f"{en}{ends['en']}."}


def staffed(is_staffed: bool, since: timedelta | None, until: timedelta | None) -> dict[str, Any]:
    """Who answered at that hour."""
    if is_staffed:
        return _line("calm", "Quelqu’un répondait à cette heure.", "Somebody was answering at that hour.")
    told = {}
    for language, nobody, after, before in (
        ("fr", "Personne ne répondait", "{0} après la fin du service", "{0} avant la reprise"),
        ("en", "Nobody was answering", "{0} after the shift’s end", "{0} before the next one"),
    ):
        parts = [after.format(times.duration(since, language))] if since is not None else []
        parts += [before.format(times.duration(until, language))] if until is not None else []
        colon = f"{times.NO_BREAK}: " if language == "fr" else ": "
        told[language] = nobody + (colon + ", ".join(parts) if parts else "") + "."
    return _line("against", told["fr"], told["en"])


def staffing_unknown() -> dict[str, Any]:
    """No hours entered for this client."""
    return _line(
        "unknown",
        "Les heures tenues de ce client ne sont pas saisies.",
        "The staffed hours of this client are not entered.",
    )


def week(is_friday_evening: bool, is_weekend: bool, is_night: bool) -> list[dict[str, Any]]:
    """The hours in which brands are known to sleep."""
    lines = (
        (is_friday_evening, "Un vendredi après 17\u00a0h.", "A Friday after 17:00."),
        (is_weekend, "Un week-end.", "A weekend."),
        (is_night, "La nuit, entre 22\u00a0h et 6\u00a0h.", "At night, between 22:00 and 6:00."),
    )
    return [_line("against", fr, en) for is_so, fr, en in lines if is_so]


def holiday(name: dict[str, str], days: int) -> dict[str, Any]:
    """A public holiday, or its eve."""
    if days:
        return _line(
            "against", f"Une veille de jour férié ({name['fr']}).", f"The eve of a public holiday ({name['en']})."
        )
    return _line("against", f"Un jour férié ({name['fr']}).", f"A public holiday ({name['en']}).")


def planned(entry: Planned, struck_at: datetime) -> dict[str, Any]:
    """Something of the calendar under way, just over, or about to begin."""
    title = entry.title
    if struck_at < entry.starts_at:
        fr, en = (times.duration(entry.starts_at - struck_at, language) for language in LANGUAGES)
        return _line("against", f"{fr} avant «\u00a0{title}\u00a0» (agenda).", f"{en} before “{title}” (calendar).")
    if struck_at <= entry.ends_at:
        return _line("against", f"Pendant «\u00a0{title}\u00a0» (agenda).", f"During “{title}” (calendar).")
    fr, en = (times.duration(struck_at - entry.ends_at, language) for language in LANGUAGES)
    return _line("against", f"{fr} après «\u00a0{title}\u00a0» (agenda).", f"{en} after “{title}” (calendar).")


def habit_unknown(posts: int) -> dict[str, Any]:
    """Too few posts of the account at the origin."""
    s = "" if posts < 2 else "s"
    fr = f"{posts} message{s} entendu{s}" if posts else "aucun message entendu"
    en = f"{posts} post{s} heard" if posts else "no post heard"
    return _of_account(
        "unknown",
        f"On ne sait pas à quelle heure le compte à l’origine écrit d’habitude\u00a0: {fr} auparavant, il en faut 30.",
        f"When the account at the origin usually writes is not known: {en} before, 30 are needed.",
    )


def own_habit(habit: Habit) -> dict[str, Any]:
    """Whether the account at the origin usually writes at that hour."""
    share = round(100 * habit.share)
    hour = round(habit.mean_hour) % 24
    fr = f"{share}\u00a0% de ses {habit.posts} messages entendus tombent à cette heure-là (à 1\u00a0h 30 près)"
    en = f"{share}% of its {habit.posts} posts heard fall at that hour (within 1 h 30)"
    if habit.p_uniform > ALL_HOURS:
        return _of_account(
            "calm",
            f"Le compte à l’origine écrit à toute heure\u00a0: {fr}.",
            f"The account at the origin writes at all hours: {en}.",
        )
    if habit.share < RARE_SHARE:
        return _of_account(
            "against",
            f"Inhabituel pour le compte à l’origine, qui écrit plutôt vers {hour}\u00a0h\u00a0: {fr}.",
            f"Unusual for the account at the origin, which rather writes around {hour}:00: {en}.",
        )
    return _of_account(
        "calm",
        f"Habituel pour le compte à l’origine, qui écrit plutôt vers {hour}\u00a0h\u00a0: {fr}.",
        f"Usual for the account at the origin, which rather writes around {hour}:00: {en}.",
    )


def pattern(strikes: int, unstaffed: int, soon: int) -> dict[str, str]:
    """Over this client's strikes, by today's staffed hours."""
    if strikes < 2:
        return {
            "fr": "C’est le premier incident suivi chez ce client.",
            "en": "It is the first incident followed for this client.",
        }
    return {
        "fr": f"Sur {strikes} incidents de ce client, {unstaffed} hors des heures tenues d’aujourd’hui, dont {soon}"
        " dans les 90 minutes après une fin de service.",
        "en": f"Of {strikes} incidents of this client, {unstaffed} outside today’s staffed hours, {soon} of them within"
        " 90 minutes of a shift’s end.",
    }


def _line(sign: str, fr: str, en: str) -> dict[str, Any]:
    return {"sign": sign, "words": {"fr": fr, "en": en}}


def _of_account(sign: str, fr: str, en: str) -> dict[str, Any]:
    return {**_line(sign, fr, en), "of": "account"}
