"""Bluesky: by its search, or live by a stream of everything that is posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from clients.listening.collectors.bluesky import live as bluesky_live
from clients.listening.collectors.bluesky.search import Search
from clients.listening.collectors.bluesky.stream import moment
from clients.listening.collectors.protocol import CollectError, Fetched, OutgoingNetwork, Setting
from clients.listening.words import Words

SERVICE = "https://bsky.social"
APPVIEW = "https://public.api.bsky.app"
DAYS_BACK = 3
MOST_DAYS_BACK = 365.0

_MODES = (
    ("search", Words("Recherche (avec un compte)", "Search (with an account)")),
    ("jetstream", Words("En direct, par Jetstream (sans compte)", "Live, by Jetstream (no account)")),
    (
        "firehose",
        Words(
            "En direct, par le flux complet d’un serveur ou d’un relais", "Live, by the firehose of a server or relay"
        ),
    ),
)
_SETTINGS = (
    Setting(
        "mode",
        Words("Façon d’écouter", "How to listen"),
        Words(
            "Le direct entend chaque post, ses modifications et sa suppression\u00a0; avec un compte, la recherche "
            "comble ce qu’il n’a pas pu entendre.",
            "Live hears every post, its edits and its deletion; with an account, the search fills in what it could not "
            "hear.",
        ),
        kind="choice",
        choices=_MODES,
        default="search",
    ),
    Setting(
        "handle",
        Words("Identifiant du compte", "Account’s handle"),
        Words("Par exemple agence.bsky.social. Pour la recherche.", "For example agency.bsky.social. For the search."),
    ),
    Setting(
        "password",
        Words("Mot de passe d’application", "App password"),
        Words(
            "À créer dans Bluesky, Paramètres › Confidentialité et sécurité\u00a0; pas le mot de passe du compte.",
            "Create it in Bluesky, Settings › Privacy and security; not the account’s own password.",
        ),
        kind="secret",
    ),
    Setting(
        "queries",
        Words("Mots cherchés", "Words looked for"),
        Words("Laisser vide pour chercher ceux des veilles.", "Leave empty to look for those of the watches."),
        kind="words",
    ),
    Setting(
        "days_back",
        Words("Jours relus la première fois", "Days read the first time"),
        Words("Pour la recherche.", "For the search."),
        kind="number",
        default=DAYS_BACK,
    ),
    Setting("service", Words("Serveur du compte", "Account’s server"), kind="url", default=SERVICE),
    Setting(
        "appview",
        Words("Service qui nomme les comptes", "Service that names the accounts"),
        Words("Sans lui, les auteurs n’ont que leur DID.", "Without it, authors only have their DID."),
        kind="url",
        default=APPVIEW,
    ),
    Setting(
        "streams",
        Words("Adresses du direct", "Addresses of the live stream"),
        Words(
            "Laisser vide pour les serveurs publics\u00a0; la suivante est essayée quand la première ne répond pas.",
            "Leave empty for the public servers; the next is tried when the first does not answer.",
        ),
        kind="words",
    ),
)


class BlueskyCollector:
    """One source is one account's search, or one stream, of which a search fills the gaps.

    Cursor: "kept", the posts of the last 72 hours that can still be edited or deleted (see bluesky_kept); for the
    search "walks" by query and the "turn" of the next one; for the streams "places", and "fill" while a search is
    filling in what was said since then.
    """

    kind = "bluesky"
    name = Words("Bluesky", "Bluesky")
    settings = _SETTINGS
    unit_price = Decimal(0)

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """See protocol.Collector."""
        told = {"appview": APPVIEW, **settings, "service": settings.get("service") or SERVICE}
        mode = str(told.get("mode") or "search")
        first = now - _days_back(told)
        if mode not in bluesky_live.STREAMS:
            return Search(told, cursor, http=http, now=now, first=first).read()
        heard = bluesky_live.listen(mode, told, cursor, http=http, now=now)
        since = moment(heard.cursor.get("fill")) or (None if "places" in cursor else first)
        if since is None or not (told.get("handle") and told.get("password")):
            return heard
        return _filled(heard, since, told, http, now)


def _days_back(settings: Mapping[str, Any]) -> timedelta:
    written = settings.get("days_back")
    days = DAYS_BACK if written in (None, "") else float(str(written))
    return timedelta(days=min(max(days, 0.0), MOST_DAYS_BACK))


def _filled(
    heard: Fetched, since: datetime, settings: Mapping[str, Any], http: OutgoingNetwork, now: datetime
) -> Fetched:
    """What was heard live, and what a search finds of before. A search that fails is tried again next time."""
    cursor = {**heard.cursor, "fill": since.isoformat()}
    try:
        found = Search(settings, cursor, http=http, now=now, first=since).read()
    except CollectError as failure:
        words = Words(failure.words_fr, failure.words_en)
        return replace(heard, cursor=cursor, notes=(*heard.notes, words))
    is_over = not found.has_more and not found.notes
    dropped = ("fill", "walks", "turn") if is_over else ()
    return Fetched(
        mentions=(*found.mentions, *heard.mentions),
        cursor={name: value for name, value in found.cursor.items() if name not in dropped},
        unchanged=heard.unchanged and found.unchanged,
        bytes=heard.bytes + found.bytes,
        notes=(*heard.notes, *found.notes),
        deleted=tuple(dict.fromkeys([*heard.deleted, *found.deleted])),
        calls=heard.calls + found.calls,
        quota=found.quota,
        has_more=heard.has_more or found.has_more,
        session=found.session,
    )
