"""Hours and days in words, French and English: "21 h 30" in prose, "21:30" in tables. Instants are local."""

from datetime import date, datetime, timedelta

NO_BREAK = "\u00a0"
WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
SHORT_MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def hour_in_prose(at: datetime, language: str) -> str:
    """ "21 h 30", "21 h" in French; "21:30", "21:00" in English."""
    if language == "en":
        return hour_in_table(at)
    return f"{at.hour}{NO_BREAK}h" + (f"{NO_BREAK}{at.minute:02}" if at.minute else "")


def hour_in_table(at: datetime) -> str:
    """ "21:30", the same in both languages."""
    return f"{at.hour:02}:{at.minute:02}"


def day(on: date, language: str, *, year: bool = True, weekday: bool = False) -> str:
    """ "mardi 17 novembre 2026", each part on request; the first of a month is "1er" in French."""
    number = "1er" if language == "fr" and on.day == 1 else str(on.day)
    words = [WEEKDAYS[language][on.weekday()]] if weekday else []
    words += [f"{number}{NO_BREAK}{MONTHS[language][on.month - 1]}"]
    return " ".join(words + ([str(on.year)] if year else []))


def short_day(on: date, language: str) -> str:
    """ "17 nov.", for an axis or a table."""
    return f"{on.day}{NO_BREAK}{SHORT_MONTHS[language][on.month - 1]}"


def period(start: datetime, end: datetime, language: str) -> str:
    """From one instant to another: the day is said once when it is the same."""
    to, opening = {"fr": ("à", "du "), "en": ("to", "")}[language]
    first, last = hour_in_prose(start, language), hour_in_prose(end, language)
    if start.date() == end.date():
        return f"{day(start, language, weekday=True)}, {first} {to} {last}"
    until = {"fr": "au", "en": "to"}[language]
    year = start.year != end.year
    return f"{opening}{day(start, language, year=year)}, {first}, {until} {day(end, language)}, {last}"


def duration(length: timedelta, language: str) -> str:
    """ "45 min", "2 h 10", "3 j 4 h" (days and hours beyond two days)."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes}{NO_BREAK}min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02}" if rest else "")
    days, hours = divmod(round(minutes / 60), 24)
    unit = {"fr": "j", "en": "d"}[language]
    return f"{days}{NO_BREAK}{unit}" + (f" {hours}{NO_BREAK}h" if hours else "")


def whole(number: int | float, language: str) -> str:
    """A whole number with its thousands apart: "48 200" in French, "48,200" in English."""
    return f"{round(number):,}".replace(",", NO_BREAK if language == "fr" else ",")
