"""Asking Bluesky: in the name of an account, whose session is kept from one reading to the next, or of nobody.

A sign-in is rationed (createSession: 30 in five minutes, 300 a day, docs.bsky.app/docs/advanced-guides/rate-limits);
the session it gives lasts for hours, and is renewed with its own second token.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from agency.http import Response
from clients.listening.collectors.asking import Asking, reset_in_unix_seconds
from clients.listening.collectors.bluesky.post import Person
from clients.listening.collectors.protocol import (
    CollectError,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Quota,
)
from clients.listening.words import Words

AT_ONCE = 25  # profiles or posts in one call
NO_HANDLE = "handle.invalid"
_QUOTA = reset_in_unix_seconds("ratelimit-remaining", "ratelimit-reset")
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing"})

_WRONG_PASSWORD = Words(
    "Bluesky refuse l’identifiant ou le mot de passe\u00a0: créer un mot de passe d’application dans Bluesky, "
    "Paramètres › Confidentialité et sécurité, et l’inscrire ici",
    "Bluesky refuses the handle or the password: create an app password in Bluesky, Settings › Privacy and security, "
    "and write it here",
)
_SECOND_FACTOR = Words(
    "Bluesky demande un code envoyé par e-mail\u00a0: utiliser un mot de passe d’application, qui n’en demande pas",
    "Bluesky asks for a code sent by e-mail: use an app password, which needs none",
)
_SUSPENDED = Words("Bluesky a suspendu ce compte", "Bluesky has suspended this account")
_NEEDS_ACCOUNT = Words(
    "la recherche de Bluesky demande un compte\u00a0: indiquer un identifiant et un mot de passe d’application",
    "Bluesky’s search asks for an account: give a handle and an app password",
)
_BAD_QUERY = Words("Bluesky ne comprend pas une des recherches", "Bluesky does not understand one of the searches")
_OVER = {
    "AuthenticationRequired": _WRONG_PASSWORD,
    "InvalidRequest": _WRONG_PASSWORD,
    "AuthFactorTokenRequired": _SECOND_FACTOR,
    "AccountTakedown": _SUSPENDED,
    **dict.fromkeys(_EXPIRED, _WRONG_PASSWORD),
}


class _SessionOver(PassingFailure):
    """The session is not valid any more: renew it."""


class Account:
    """Asks the server of an account, signed in when the settings hold a handle and a password.

    After the reading, `session` is what to keep (None: as it was), and `calls`, `bytes` and `quota` what it took.
    """

    def __init__(self, settings: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime) -> None:
        self._handle = str(settings.get("handle") or "").strip().lstrip("@")
        self._password = str(settings.get("password") or "")
        self._base = str(settings["service" if self._signs_in else "appview"]).rstrip("/")
        kept = settings.get("session") or {}
        self._session: dict[str, Any] = kept if kept.get("of") == self._name else {}
        self.session: dict[str, Any] | None = None
        self._now = now
        self._sign_in = Asking(http, self._base, now=now, explain=self._refused_sign_in)
        self._asking = Asking(http, self._base, now=now, read_quota=_QUOTA, explain=self._refused)

    @property
    def calls(self) -> int:
        return self._asking.calls + self._sign_in.calls

    @property
    def bytes(self) -> int:
        return self._asking.bytes + self._sign_in.bytes

    @property
    def quota(self) -> Quota | None:
        return self._asking.quota

    def get(self, path: str, params: Mapping[str, Any]) -> Any:
        """The JSON of an XRPC query. Raises CollectError."""
        if not self._signs_in:
            return self._asking.get(f"xrpc/{path}", params)
        if not self._session:
            self._begin()
        try:
            return self._ask(path, params)
        except _SessionOver:
            self._renew()
            return self._ask(path, params)

    @property
    def _signs_in(self) -> bool:
        return bool(self._handle and self._password)

    @property
    def _name(self) -> str:
        return f"{self._handle} {self._base}"

    def _ask(self, path: str, params: Mapping[str, Any]) -> Any:
        return self._asking.get(f"xrpc/{path}", params, Authorization=f"Bearer {self._session['access']}")

    def _begin(self) -> None:
        given = {"identifier": self._handle, "password": self._password}
        self._keep(self._sign_in.post("xrpc/com.atproto.server.createSession", body=given))

    def _renew(self) -> None:
        """With the second token; once that is over too, with the password."""
        url = f"{self._base}/xrpc/com.atproto.server.refreshSession"
        try:
            signed = {"Authorization": f"Bearer {self._session['refresh']}"}
            self._keep(self._sign_in.read(self._sign_in.answer("POST", url, signed, None)))
        except PermanentFailure:
            self._begin()

    def _keep(self, answer: Any) -> None:
        try:
            self._session = {"of": self._name, "access": answer["accessJwt"], "refresh": answer["refreshJwt"]}
        except (KeyError, TypeError) as error:
            words = Words("Bluesky n’a pas ouvert de session", "Bluesky opened no session")
            raise PassingFailure("no_session", words) from error
        self.session = self._session

    def _refused(self, response: Response, failure: CollectError) -> CollectError:
        name = _error(response)
        if self._signs_in and (name in _EXPIRED or response.status == 401):
            return _SessionOver("session", Words(failure.words_fr, failure.words_en))
        if response.status in (401, 403) and not self._signs_in:
            return PermanentFailure("needs_account", _NEEDS_ACCOUNT)
        if name == "BadQueryString":
            return PassingFailure("bad_query", _BAD_QUERY)
        return self._until_reset(response, failure)

    def _refused_sign_in(self, response: Response, failure: CollectError) -> CollectError:
        """A password that is refused does not become right by itself; a second token that is over counts as one."""
        name = _error(response)
        if response.status == 401 or (response.status == 400 and name in _OVER):
            return PermanentFailure("sign_in", _OVER.get(name, _WRONG_PASSWORD))
        return self._until_reset(response, failure)

    def _until_reset(self, response: Response, failure: CollectError) -> CollectError:
        """Bluesky says when it will listen again in headers of its own."""
        renewed = _QUOTA(response.headers, self._now)
        if response.status == 429 and failure.retry_after is None and renewed and renewed.resets_at:
            failure.retry_after = max((renewed.resets_at - self._now).total_seconds(), 0.0)
        return failure


def people(asking: Asking, dids: Iterable[str]) -> dict[str, Person]:
    """Handles, names and followers of accounts, as far as they can be had: without them the account is its DID."""
    found: dict[str, Person] = {}
    wanted = iter(dict.fromkeys(dids))
    try:
        while actors := list(islice(wanted, AT_ONCE)):
            answer = asking.get("xrpc/app.bsky.actor.getProfiles", {"actors": actors})
            for profile in answer.get("profiles") or ():
                someone = person(profile)
                found[someone.did] = someone
    except (CollectError, AttributeError, KeyError, TypeError):
        return found
    return found


def records(asking: Asking, addresses: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The records of posts by their address, as far as they can be had."""
    found: dict[str, Mapping[str, Any]] = {}
    wanted = iter(dict.fromkeys(addresses))
    try:
        while uris := list(islice(wanted, AT_ONCE)):
            answer = asking.get("xrpc/app.bsky.feed.getPosts", {"uris": uris})
            found |= {str(post["uri"]): post["record"] for post in answer.get("posts") or ()}
    except (CollectError, AttributeError, KeyError, TypeError):
        return found
    return found


def person(profile: Mapping[str, Any]) -> Person:
    """An account whose handle does not hold any more is called "handle.invalid": that names nobody."""
    handle, followers = str(profile.get("handle") or ""), profile.get("followersCount")
    return Person(
        did=str(profile["did"]),
        handle="" if handle == NO_HANDLE else handle,
        name=str(profile.get("displayName") or ""),
        bio=str(profile.get("description") or ""),
        followers=followers if isinstance(followers, int) and followers >= 0 else None,
    )


def _error(response: Response) -> str:
    """The name that XRPC gives an error: {"error": "ExpiredToken", "message": …}."""
    try:
        said = json.loads(response.body)
    except (ValueError, RecursionError):
        return ""
    return str(said.get("error") or "") if isinstance(said, dict) else ""
