"""Public holidays of a client's country, by the library `holidays`: shown on the rota, where they are easily missed."""

from datetime import date
from functools import lru_cache

import holidays


def holiday(country: str, day: date, language: str) -> str:
    """The name of that day's holiday in the whole country ("FR", "BE"…); "" on any other day, or an unknown country."""
    return _of_year(country, day.year, language).get(day, "") if country else ""


@lru_cache(maxsize=128)
def _of_year(country: str, year: int, language: str) -> dict[date, str]:
    try:
        speaks = holidays.country_holidays(country).supported_languages
    except NotImplementedError:
        return {}
    wanted = "en_US" if language == "en" else "fr"
    return dict(holidays.country_holidays(country, years=year, language=wanted if wanted in speaks else None).items())
