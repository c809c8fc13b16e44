"""Whether what was posted to us was signed by who shares our secret.

Two ways are known: Standard Webhooks (github.com/standard-webhooks, read on 2026-11-23: `webhook-id`,
`webhook-timestamp`, and `webhook-signature` with "v1," and the HMAC-SHA256 of "id.timestamp.body" in base64, several of
them while a secret is being replaced), and the hexadecimal HMAC-SHA256 of the body alone that many tools send.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
LONGEST_MOMENT = 12  # digits of unix seconds
_OF_THE_BODY = ("x-hub-signature-256", "x-signature-256", "x-signature")


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether one of the signatures in the headers (names in lower case) holds. An unsigned body is not genuine."""
    if "webhook-signature" in headers:
        return _is_standard(secret, headers, body, now)
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = [headers[name].removeprefix("sha256=").strip().lower() for name in _OF_THE_BODY if name in headers]
    return any(_same(one, expected) for one in given)


def _is_standard(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    number, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    is_moment = at.isascii() and at.isdigit() and len(at) <= LONGEST_MOMENT
    if not is_moment or abs(now.timestamp() - int(at)) > TOLERANCE.total_seconds():
        return False  # an old one may be somebody's who overheard it
    signed = f"{number}.{at}.".encode() + body
    expected = base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()
    given = [one.partition(",") for one in headers["webhook-signature"].split()]
    return any(version == "v1" and _same(signature, expected) for version, _comma, signature in given)


def _key(secret: str) -> bytes:
    """ "whsec_" and base64, or the secret as it is written."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
