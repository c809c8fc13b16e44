"""Signed values that are good for one purpose, at one client, for a while."""

from typing import Any

from django.core import signing
from django.db import connection


def _salt(purpose: str) -> str:
    return f"rempart:{connection.schema_name}:{purpose}"  # type: ignore[attr-defined]


def sign(value: Any, *, purpose: str) -> str:
    """`value` (what JSON can say) as a signed text for addresses; it can be read, not changed, by whoever holds it."""
    return signing.dumps(value, salt=_salt(purpose), compress=True)


def read(signed: str, *, purpose: str, max_age_s: int) -> Any:
    """The value signed for that purpose in this schema; raises signing.BadSignature (SignatureExpired) otherwise."""
    return signing.loads(signed, salt=_salt(purpose), max_age=max_age_s)
