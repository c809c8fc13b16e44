"""The short-lived token with which some mail providers let a program in, and its renewal (OAuth 2.0, RFC 6749, 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import CollectError, OutgoingNetwork, PassingFailure, PermanentFailure
from clients.listening.raw import content_id
from clients.listening.words import Words

PROVIDERS = {
    # learn.microsoft.com/exchange/client-developer/legacy-protocols, developers.google.com/workspace/gmail/imap/xoauth2
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "google": "https://oauth2.googleapis.com/token",
}
MARGIN_S = 120.0  # a token about to end is not worth a sign-in

_REFUSED = Words(
    "le fournisseur de la boîte refuse le jeton de renouvellement\u00a0: en créer un nouveau",
    "the mailbox’s provider refuses the refresh token: make a new one",
)
_NO_TOKEN = Words(
    "le fournisseur de la boîte n’a pas donné de jeton d’accès", "the mailbox’s provider gave no access token"
)


def access_token(
    settings: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
) -> tuple[str, dict[str, Any] | None]:
    """An access token, and the session to keep when it is a new one. Raises CollectError.

    A provider may replace the refresh token at each renewal: the latest one is kept in the session, and forgotten when
    a person enters another.
    """
    given = str(settings.get("refresh_token") or "")
    of = content_id(given, str(settings.get("client_id") or ""))
    kept = settings.get("session") or {}
    known = kept if kept.get("of") == of else {}
    if known.get("token") and float(known.get("until", 0)) > now.timestamp() + MARGIN_S:
        return str(known["token"]), None
    answer = _renew(settings, str(known.get("refresh") or given), http, now)
    token, lasts = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token:
        raise PassingFailure("no_token", _NO_TOKEN)
    until = now.timestamp() + (lasts if isinstance(lasts, int | float) else 3_600)
    refresh = str(answer.get("refresh_token") or known.get("refresh") or given)
    return token, {"of": of, "token": token, "until": until, "refresh": refresh}


def _renew(settings: Mapping[str, Any], refresh: str, http: OutgoingNetwork, now: datetime) -> dict[str, Any]:
    address = str(settings.get("token_url") or PROVIDERS.get(str(settings.get("sign_in")), ""))
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh,
        "client_id": str(settings.get("client_id") or ""),
        "client_secret": str(settings.get("client_secret") or ""),
    }
    try:
        answer = Asking(http, address, now=now).post(address, {name: value for name, value in form.items() if value})
    except CollectError as failure:
        if failure.code in ("http_400", "http_401", "http_403"):
            raise PermanentFailure("login", _REFUSED) from None
        raise
    return answer if isinstance(answer, dict) else {}
