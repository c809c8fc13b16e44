"""Credentials at rest: encrypted with the installation's own keys, which can be replaced one after the other.

Fernet (AES-128-CBC with HMAC-SHA256, from `cryptography`): the first key encrypts, all of them decrypt.
"""

import hashlib
import hmac
import json
import logging
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

HIDDEN = "•••"
_SEALED_BEGINS = "gAAAA"  # every Fernet token: its version, then a date before 2106
_TELLING = r"token|secret|key|password|passwd|pwd|sig|signature|auth|code|jwt|session"
_IN_QUERY = re.compile(rf"([?&;](?:[\w.-]*[_.-])?(?:\w*(?:{_TELLING}))=)[^&;#\s\"'<>]+", re.I)
_IN_HOST = re.compile(r"(://)[^/\s@\"'<>]+@")
_IN_PATH = re.compile(r"(/bot(?=\d+:[\w-]{20,})|/api/inbound/(?=[\w-]{8}))[\w:-]+")  # Telegram's addresses, and ours
SHORTEST_HIDDEN = 4  # a shorter one would hide half the sentence


class Unsealable(ValueError):
    """What was sealed cannot be opened with the keys that we have."""


def seal(secrets: Mapping[str, Any]) -> str:
    """The secrets as one encrypted text; "" when there is none."""
    kept = {name: value for name, value in secrets.items() if value not in (None, "")}
    return _vault(_keys()).encrypt(json.dumps(kept).encode()).decode() if kept else ""


def unseal(sealed: str) -> dict[str, Any]:
    """The secrets in clear. Raises Unsealable when a key is missing or the text was altered."""
    if not sealed:
        return {}
    try:
        opened: dict[str, Any] = json.loads(_vault(_keys()).decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as error:
        raise Unsealable("the credentials cannot be opened with the present keys") from error
    return opened


def reseal(sealed: str) -> str:
    """The same secrets under the first key. Raises Unsealable."""
    return seal(unseal(sealed))


def seal_text(text: str) -> str:
    """One text, encrypted."""
    return _vault(_keys()).encrypt(text.encode()).decode()


def unseal_text(sealed: str) -> str:
    """The text in clear; what was written before there was a vault is given back as it is. Raises Unsealable."""
    if not sealed.startswith(_SEALED_BEGINS):
        return sealed
    try:
        return _vault(_keys()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable("the text cannot be opened with the present keys") from error


def hide(text: str, secrets: Mapping[str, Any]) -> str:
    """The text without those secrets, wherever an error message or an address let one slip in; a session's too."""
    for secret in sorted(_spellings(secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def hide_in_addresses(text: str) -> str:
    """The text with what opens doors taken out of its addresses: tokens in queries, passwords before the host."""
    return _IN_PATH.sub(rf"\1{HIDDEN}", _IN_HOST.sub(rf"\1{HIDDEN}@", _IN_QUERY.sub(rf"\1{HIDDEN}", text)))


class DiscreetFilter(logging.Filter):
    """Hides what opens doors in the addresses that a log line, or the exception under it, may quote."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a line."""
        record.msg, record.args = hide_in_addresses(_said(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = hide_in_addresses(record.exc_text)
        return True


def _said(record: logging.LogRecord) -> str:
    """The line; one whose values do not fit it is told as it is: a filter that raises would break who logs."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args!r}"


def mark(value: str) -> str:
    """A keyed hash of a value (HMAC-SHA256, hexadecimal), with which it can be known again and not be read."""
    key = hashlib.sha256(b"rempart.mark:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _spellings(secrets: Mapping[str, Any]) -> set[str]:
    """Each secret text as it is, and as an address or a form writes it."""
    found: set[str] = set()
    for value in secrets.values():
        if isinstance(value, Mapping):
            found |= _spellings(value)
        elif isinstance(value, str) and len(value) >= SHORTEST_HIDDEN:
            in_address = (quote(value, safe, errors="replace") for safe in ("", "/", "/:@"))
            found |= {value, repr(value)[1:-1], quote_plus(value, errors="replace"), *in_address}
    return found


def _keys() -> tuple[str, ...]:
    """The keys of the settings, the newest first; the secret key opens what was sealed before there were any."""
    return (*settings.VAULT_KEYS, settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _vault(keys: tuple[str, ...]) -> MultiFernet:
    drawn = (hashlib.sha256(f"rempart.vault:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in drawn])
