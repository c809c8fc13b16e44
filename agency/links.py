"""Links for one act by one recipient, without an account: signed for one purpose, at one client, until an hour.

Whoever holds the link may do that act and nothing else. The page behind it never acts on GET: the scanners of mail
servers follow every link they see.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.core.signing import BadSignature

from agency import signing

_AS_LONG_AS_SAID_S = 10**10  # the hour inside decides; the signature itself does not age


class NotUsable(ValueError):
    """The link was changed, cut, made elsewhere or for something else; `is_expired` when it was good once."""

    def __init__(self, *, is_expired: bool) -> None:
        self.is_expired = is_expired
        super().__init__("expired" if is_expired else "broken")


class Withdrawn(NotUsable):
    """The link was good once and was withdrawn, or whoever it was for may no longer act by it."""

    def __init__(self) -> None:
        super().__init__(is_expired=True)


def sign(purpose: str, ids: Sequence[int], *, expires_at: datetime) -> str:
    """A text for an address that says which rows it is about; good until `expires_at`, in the present schema only."""
    return signing.sign([int(expires_at.timestamp()), *ids], purpose=f"link.{purpose}")


def read(purpose: str, signed: str, *, now: datetime) -> tuple[int, ...]:
    """The numbers signed for that purpose in this schema. Raises NotUsable."""
    try:
        until, *ids = signing.read(signed, purpose=f"link.{purpose}", max_age_s=_AS_LONG_AS_SAID_S)
    except BadSignature as error:
        raise NotUsable(is_expired=False) from error
    if now > datetime.fromtimestamp(until, UTC):
        raise NotUsable(is_expired=True)
    return tuple(ids)
