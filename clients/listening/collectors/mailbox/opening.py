"""A mailbox as its settings name it: checked, signed into, opened; and what went wrong, in words.

Shared by the collector and by whatever else of the house reads mail.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from agency.http import Unreachable
from clients.listening.collectors.failures import from_door
from clients.listening.collectors.mailbox.session import BROKEN, NoStartTLS, Refusal, Session
from clients.listening.collectors.mailbox.token import PROVIDERS, access_token
from clients.listening.collectors.protocol import CollectError, OutgoingNetwork, PassingFailure, PermanentFailure
from clients.listening.raw import content_id
from clients.listening.words import Words

FOLDERS_NAMED = 8
PORTS = {"tls": 993, "starttls": 143, "none": 143}

_NO_HOST = Words("le serveur ou l’utilisateur de la boîte manque", "the mailbox’s server or user name is missing")
_ODD = Words(
    "le serveur, l’utilisateur, le mot de passe ou le dossier contient un caractère impossible",
    "the server, user name, password or folder holds an impossible character",
)
_WRONG_PORT = Words("le port va de 1 à 65535", "the port is between 1 and 65535")
_LOGIN = Words(
    "la boîte refuse l’utilisateur ou le mot de passe\u00a0: à vérifier dans ses réglages",
    "the mailbox refuses the user name or the password: check them in its settings",
)
_TOKEN = Words(
    "la boîte refuse le jeton d’accès\u00a0: l’application n’a pas droit à IMAP, ou ce n’est pas cette boîte",
    "the mailbox refuses the access token: the application has no right to IMAP, or it is another mailbox",
)
_BUSY = Words(
    "le serveur de la boîte est momentanément indisponible", "the mailbox’s server is unavailable for a while"
)
_CLEAR = Words(
    "le serveur refuse un mot de passe qui ne serait pas chiffré\u00a0: choisir TLS ou STARTTLS",
    "the server refuses a password that would not be encrypted: choose TLS or STARTTLS",
)
_NO_FOLDER = Words("le dossier «\u00a0{folder}\u00a0» est introuvable", "the folder “{folder}” is not there")
_FOLDERS = Words("{words}\u00a0; la boîte contient\u00a0: {folders}", "{words}; the mailbox holds: {folders}")
_NO_STARTTLS = Words(
    "le serveur ne propose pas STARTTLS\u00a0: choisir TLS, ou rien sur un réseau sûr",
    "the server does not offer STARTTLS: choose TLS, or nothing on a safe network",
)
_BROKE_OFF = Words("la boîte a coupé la conversation", "the mailbox broke off the conversation")
_NOT_TLS = Words("le serveur ne parle pas TLS sur ce port", "the server does not speak TLS on this port")
_TOO_SLOW = Words("la boîte ne répond plus", "the mailbox stopped answering")
_PASSING_CODES = frozenset({"UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "OVERQUOTA"})


@dataclass(frozen=True)
class Box:
    """What is to be read, checked."""

    host: str
    port: int
    security: str
    user: str
    secret: str
    is_token: bool
    folder: str

    @property
    def of(self) -> str:
        """Names the folder in the cursor without telling whose it is."""
        return content_id(self.host, self.user, self.folder)


def box_of(settings: Mapping[str, Any]) -> Box:
    """The settings, checked: none may end a line of the conversation early. Raises PermanentFailure."""
    host, user = str(settings.get("host") or "").strip(), str(settings.get("user") or "").strip()
    is_token = settings.get("sign_in") in PROVIDERS
    secret = "" if is_token else str(settings.get("password") or "")
    folder = str(settings.get("folder") or "INBOX").strip()
    security = str(settings.get("security") or "tls")
    if not host or not user:
        raise PermanentFailure("no_host", _NO_HOST)
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in host + user + secret + folder):
        raise PermanentFailure("odd_settings", _ODD)
    port = number(settings.get("port"), PORTS.get(security, 993))
    if not 0 < port < 65_536 or security not in PORTS:
        raise PermanentFailure("port", _WRONG_PORT)
    return Box(host, port, security, user, secret, is_token, folder)


def number(value: Any, default: int) -> int:
    """A whole number; the default for an empty setting, -1 for what is none."""
    try:
        return int(value) if value not in (None, "") else default
    except (TypeError, ValueError):
        return -1


def with_token(
    box: Box, settings: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
) -> tuple[Box, dict[str, Any] | None]:
    """The box with its token, where one signs in with that, and the session to keep when new. Raises CollectError."""
    if not box.is_token:
        return box, None
    token, session = access_token(settings, http=http, now=now)
    return replace(box, secret=token), session


def open_folder(session: Session, box: Box) -> int:
    """Signs in and opens the folder; its UIDVALIDITY. Raises CollectError."""
    try:
        session.sign_in(box.user, box.secret, is_token=box.is_token)
        return session.examine(box.folder)
    except Refusal as refusal:
        raise _refused(refusal, box, session) from None


def _refused(refusal: Refusal, box: Box, session: Session) -> CollectError:
    """Why the server said no, without a word of what it was told."""
    if refusal.code in _PASSING_CODES:
        return PassingFailure("busy", _BUSY)
    if refusal.step == "login":
        if refusal.code == "PRIVACYREQUIRED" or (box.security == "none" and session.refuses_clear_passwords):
            return PermanentFailure("clear_password", _CLEAR)
        return PermanentFailure("login", _TOKEN if box.is_token else _LOGIN)
    words = _NO_FOLDER.put(folder=box.folder)
    try:
        names = session.folder_names(FOLDERS_NAMED)
    except BROKEN:
        names = []
    if names:
        folders = ", ".join(names)
        words = Words(
            _FOLDERS.fr.format(words=words.fr, folders=folders), _FOLDERS.en.format(words=words.en, folders=folders)
        )
    return PermanentFailure("no_folder", words)


def broken(error: BaseException) -> CollectError:
    """A conversation that ended before its end."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return from_door(Unreachable("tls", "the certificate does not hold"))
    if isinstance(error, ssl.SSLError):
        return PassingFailure("not_tls", _NOT_TLS)
    if isinstance(error, NoStartTLS):
        return PermanentFailure("no_starttls", _NO_STARTTLS)
    if isinstance(error, TimeoutError):
        return PassingFailure("too_slow", _TOO_SLOW)
    return PassingFailure("broke_off", _BROKE_OFF)
