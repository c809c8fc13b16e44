"""Words of a product or a service that fails: what somebody who bought it complains of."""

import re
import unicodedata

MOST_READ = 2_000  # characters of one post
FAILS = re.compile(
    r"\b(?:panne|en panne|hors service|marche pas|fonctionne pas|defectueu\w*|casse\w*|rembours\w*|jamais recu"
    r"|pas (?:ete )?livre\w*|retards?|annul\w*|arnaque\w*|perdu\w*|down|broken|refund\w*|never (?:arrived|received)"
    r"|outage|faulty|cancel\w*|delay\w*|scam\w*|defective|surfactur\w*|overcharg\w*|fuite de donnees|data breach)\b"
)


def names_failure(text: str) -> bool:
    """Say whether a text names something that fails, whatever its accents."""
    plain = unicodedata.normalize("NFKD", text[:MOST_READ].casefold())
    return bool(FAILS.search("".join(letter for letter in plain if not unicodedata.combining(letter))))
