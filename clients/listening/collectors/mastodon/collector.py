"""Listens to a Mastodon server, or to one that speaks its API: GoToSocial, Pixelfed, Akkoma…"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

from agency.http import Response
from clients.listening import queries
from clients.listening.collectors.asking import Asking, reset_as_date, reset_in_unix_seconds
from clients.listening.collectors.mastodon.recent import Recent
from clients.listening.collectors.mastodon.turn import Turn
from clients.listening.collectors.mastodon.walk import Query
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Quota,
    Setting,
)
from clients.listening.words import Words

_NO_INSTANCE = Words(
    "l’adresse de l’instance manque\u00a0: par exemple https://mastodon.social",
    "the instance’s address is missing: for example https://mastodon.social",
)
_NOTHING_TO_ASK = Words(
    "rien à écouter pour l’instant\u00a0: donner un hashtag, ou écrire les mots d’une veille",
    "nothing to listen for yet: give a hashtag, or write the words of a watch",
)
_TOKEN_REFUSED = Words(
    "le jeton a été refusé\u00a0: le refaire sur l’instance, dans Préférences › Développement",
    "the token was refused: make a new one on the instance, under Preferences › Development",
)
_TOKEN_NEEDED = Words(
    "l’instance ne répond ici qu’à ses membres\u00a0: donner un jeton (Préférences › Développement)",
    "here the instance answers its members only: give a token (Preferences › Development)",
)
_SCOPES = Words(
    "le jeton n’a pas le droit de lire cela\u00a0: cocher «\u00a0read\u00a0» dans Préférences › Développement",
    "the token may not read this: tick “read” under Preferences › Development",
)
_NO_LIST = Words("cette liste n’existe pas sur l’instance", "there is no such list on the instance")
_NO_SEARCH = Words(
    "sans jeton, seuls les hashtags sont écoutés, pas les recherches ni les messages adressés à notre compte",
    "without a token only hashtags are listened to, neither searches nor posts addressed to our account",
)

_TIMELINES = {
    "local": Query("local", "api/v1/timelines/public", {"local": "true"}),
    "home": Query("home", "api/v1/timelines/home"),
}
_MENTIONS = Query(
    "mentions",
    "api/v1/notifications",
    # also those that the account's own filters put aside: who listens wants to hear
    {"types[]": ["mention", "quote"], "include_filtered": "true"},
    is_addressed=True,
)


class MastodonCollector:
    """Settings: `instance` (or `url`), `token`, `hashtags`, `searches`, `mentions`, `timeline`, `list`, `private`.

    A post is known by its uri, the same on every instance. Of what is not for everybody, only posts addressed to our
    own account are kept, and only when `private` says so: the desk is read by more people than the account is.
    """

    kind = "mastodon"
    name = Words("Mastodon", "Mastodon")
    unit_price = Decimal(0)
    settings = (
        Setting(
            "instance",
            Words("Instance", "Instance"),
            Words("par exemple https://mastodon.social", "for example https://mastodon.social"),
            kind="url",
            is_required=True,
        ),
        Setting(
            "token",
            Words("Jeton d’accès", "Access token"),
            Words(
                "sur l’instance\u00a0: Préférences › Développement › Nouvelle application, droit «\u00a0read\u00a0». "
                "Sans jeton, seuls les hashtags sont écoutés.",
                "on the instance: Preferences › Development › New application, scope “read”. "
                "Without a token only hashtags are listened to.",
            ),
            kind="secret",
        ),
        Setting(
            "hashtags",
            Words("Hashtags", "Hashtags"),
            Words(
                "vide avec les recherches\u00a0: ceux des veilles", "empty along with searches: those of the watches"
            ),
            kind="words",
        ),
        Setting(
            "searches",
            Words("Recherches", "Searches"),
            Words(
                "si l’instance offre la recherche dans le texte\u00a0; demande un jeton",
                "where the instance offers full-text search; needs a token",
            ),
            kind="words",
        ),
        Setting(
            "mentions",
            Words("Les messages adressés à notre compte", "Posts addressed to our account"),
            Words("demande un jeton", "needs a token"),
            kind="flag",
            default=True,
        ),
        Setting(
            "private",
            Words("Aussi ceux qui ne sont pas publics", "Also those that are not public"),
            Words(
                "toute l’équipe les lira ici\u00a0; sinon, seuls les messages publics sont gardés",
                "the whole team will read them here; otherwise only public posts are kept",
            ),
            kind="flag",
            default=False,
        ),
        Setting(
            "timeline",
            Words("Tout un fil en plus", "A whole timeline besides"),
            kind="choice",
            choices=(
                ("", Words("aucun", "none")),
                ("local", Words("les messages publics de l’instance", "the instance’s public posts")),
                ("home", Words("les comptes que le nôtre suit", "the accounts that ours follows")),
                ("list", Words("une liste de notre compte", "a list of our account")),
            ),
        ),
        Setting(
            "list",
            Words("Numéro de la liste", "Number of the list"),
            Words("à la fin de l’adresse de la liste", "at the end of the list’s address"),
        ),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """What was said since the cursor; each query walks on from where it was.

        The cursor holds a place for each query, and the posts of the last 72 hours that are looked at again.
        """
        instance = _instance(settings)
        asked, notes = _queries(settings)
        if not asked:
            raise PassingFailure("nothing_to_ask", notes[0] if notes else _NOTHING_TO_ASK)
        known = dict(cursor) if cursor.get("instance") == instance else {}
        token = str(settings.get("token") or "").strip()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        asking = Asking(http, instance, now=now, headers=headers, read_quota=_quota, explain=_explainer(bool(token)))
        domain = str(known.get("domain") or _domain(asking, instance))
        turn = Turn(asking, domain, Recent(known.get("recent") or (), now), keeps_private=bool(settings.get("private")))
        turn.ask(asked, known, now)
        return turn.fetched({"instance": instance, "domain": domain}, known, notes, now)


def _instance(settings: Mapping[str, Any]) -> str:
    """The server's address, whatever page of it was copied. Raises PermanentFailure."""
    written = str(settings.get("instance") or settings.get("url") or "").strip()
    parts = urlsplit(written if "://" in written else f"https://{written}")
    if not written or not parts.netloc:
        raise PermanentFailure("no_instance", _NO_INSTANCE)
    return f"{parts.scheme}://{parts.netloc}"


def _queries(settings: Mapping[str, Any]) -> tuple[list[Query], list[Words]]:
    """What to ask for, and what cannot be asked for without a token."""
    hashtags, searches = _terms(settings)
    with_token = [_search(phrase) for phrase in searches]
    if settings.get("mentions", True):
        with_token.append(_MENTIONS)
    timeline = str(settings.get("timeline") or "")
    if timeline == "list" and (number := str(settings.get("list") or "").strip()):
        with_token.append(Query(f"list {number}", f"api/v1/timelines/list/{quote(number, safe='')}"))
    if not settings.get("token"):  # a word that nobody lets us search may still be somebody's hashtag
        hashtags = list(dict.fromkeys((*hashtags, *(one for one in searches if one.isalnum()))))
    asked = [_hashtag(tag) for tag in hashtags]
    if timeline in _TIMELINES:
        asked.append(_TIMELINES[timeline])
    if settings.get("token"):
        return asked + with_token, []
    return asked, [_NO_SEARCH] if searches else []


def _terms(settings: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Hashtags and searches: those given, or else those of the watches."""
    hashtags = [tag for written in settings.get("hashtags") or () if (tag := str(written).strip().lstrip("#"))]
    searches = [phrase for written in settings.get("searches") or () if (phrase := str(written).strip())]
    if not hashtags and not searches:
        wanted = settings.get("wanted") or ()
        hashtags, searches = queries.mastodon_hashtags(wanted), queries.mastodon_searches(wanted)
    return list(dict.fromkeys(tag.lstrip("#") for tag in hashtags)), list(dict.fromkeys(searches))


def _hashtag(tag: str) -> Query:
    return Query(f"#{tag}", f"api/v1/timelines/tag/{quote(tag, safe='')}")


def _search(phrase: str) -> Query:
    return Query(
        f"? {phrase}",
        "api/v2/search",
        {"q": phrase, "type": "statuses"},
        walks_forward=False,
        within=lambda answer: answer.get("statuses") if isinstance(answer, dict) else None,
    )


def _domain(asking: Asking, instance: str) -> str:
    """The name that the instance's people bear; its address where it does not tell."""
    host = urlsplit(instance).netloc
    try:
        told = asking.get("api/v2/instance")
    except CollectError as failure:
        if not failure.code.startswith(("http_4", "not_json", "token_needed")) or failure.code == "http_429":
            raise
        return host
    name = told.get("domain") if isinstance(told, dict) else None
    return name if isinstance(name, str) and name else host


def _quota(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """Mastodon says when with a date, some of its kin with unix seconds."""
    remaining, reset = "x-ratelimit-remaining", "x-ratelimit-reset"
    return reset_as_date(remaining, reset)(headers, now) or reset_in_unix_seconds(remaining, reset)(headers, now)


def _explainer(has_token: bool) -> Callable[[Response, CollectError], CollectError]:
    """Says what a refusal means, to somebody who can do something about it."""

    def explain(response: Response, failure: CollectError) -> CollectError:
        if response.status == 401 and has_token:
            return PermanentFailure("token_refused", _TOKEN_REFUSED, quota=failure.quota)
        if response.status in (401, 422) and not has_token:
            return PermanentFailure("token_needed", _TOKEN_NEEDED, quota=failure.quota)
        if response.status == 403 and has_token:
            return PermanentFailure("scopes", _SCOPES, quota=failure.quota)
        if response.status == 404 and "/timelines/list/" in response.url:
            return PermanentFailure("no_list", _NO_LIST, quota=failure.quota)
        return failure

    return explain
