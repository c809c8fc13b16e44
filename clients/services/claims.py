"""A source is read by one worker at a time: who takes it says until when, and prolongs it while the reading goes on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from socket import socket
from ssl import SSLContext
from typing import Any

from agency.http import Response, TooSlow
from clients.listening.collectors.protocol import OutgoingNetwork
from clients.models import Source

CLAIM = timedelta(minutes=2)  # after this without a sign of life a worker is taken for dead
ENOUGH = timedelta(seconds=75)  # a request and what it brings fit in this: with less left, the claim is prolonged
LONGEST_READING = timedelta(minutes=10)

# One statement: who comes second finds the row locked and goes on to another source instead of waiting.
_TAKE = """
UPDATE clients_source SET claimed_until = %(until)s, last_tried_at = %(now)s WHERE id = (
    SELECT id FROM clients_source WHERE id = %(source)s AND is_active AND (due_at IS NULL OR due_at <= %(now)s)
    AND (claimed_until IS NULL OR claimed_until < %(now)s) FOR UPDATE SKIP LOCKED
) RETURNING *
"""


class ClaimLost(Exception):
    """The reading outlived its claim and somebody else took the source over: what it brought is dropped."""


class Interrupted(Exception):
    """The database went away under a reading: its `claim` is to be given back once it is there again."""

    def __init__(self, claim: "Claim") -> None:
        super().__init__(f"the reading of source {claim.source.pk} was interrupted by the database")
        self.claim = claim


@dataclass
class Claim:
    """The right to read `source`, as it was when taken at `began_at`, until `until`."""

    source: Source
    began_at: datetime
    until: datetime
    calls: int = 0  # how often the reading has gone out
    _began: float = field(default_factory=time.monotonic)

    def moment(self) -> datetime:
        """The present moment, counted from the one at which the reading began."""
        return self.began_at + timedelta(seconds=time.monotonic() - self._began)

    def keep(self, needed: timedelta) -> None:
        """Prolongs the claim when less than `needed` is left of it. Raises ClaimLost; TooSlow after ten minutes."""
        moment = self.moment()
        if moment - self.began_at > LONGEST_READING:
            raise TooSlow(LONGEST_READING.total_seconds())
        if self.until - moment >= needed:
            return
        longer = moment + max(CLAIM, needed + ENOUGH)
        if not self._ours().update(claimed_until=longer):
            raise ClaimLost
        self.until = longer

    def release(self, **changes: Any) -> bool:
        """Gives the source back with what is to be noted of it; False when the claim was lost."""
        return bool(self._ours().update(claimed_until=None, **changes))

    def _ours(self) -> Any:
        return Source.objects.filter(pk=self.source.pk, claimed_until=self.until)


def take(*, source_id: int, now: datetime) -> Claim | None:
    """Claims a source that is due and that nobody reads; None when somebody was faster or it is not due."""
    until = now + CLAIM
    for source in Source.objects.raw(_TAKE, {"source": source_id, "now": now, "until": until}):
        return Claim(source, now, until)
    return None


class KeptNetwork:
    """The network as a reading sees it: each time it goes out, its claim is given the time it needs."""

    def __init__(self, http: OutgoingNetwork, claim: Claim) -> None:
        self._http = http
        self._claim = claim

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        auth: tuple[str, str] | None = None,
        listen_s: float | None = None,
    ) -> Response:
        """See OutgoingNetwork. Raises ClaimLost besides."""
        self._go(ENOUGH + timedelta(seconds=listen_s or 0))
        if listen_s is None:
            return self._http.get(url, headers, auth=auth)
        return self._http.get(url, headers, auth=auth, listen_s=listen_s)

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> Response:
        """See OutgoingNetwork. Raises ClaimLost besides."""
        self._go(ENOUGH)
        return self._http.request(method, url, headers=headers, content=content)

    def connect(self, host: str, port: int) -> socket:
        """See OutgoingNetwork. Raises ClaimLost besides."""
        self._go(CLAIM)  # what is said over the connection does not pass here again
        return self._http.connect(host, port)

    def trusted(self) -> SSLContext:
        """See OutgoingNetwork."""
        return self._http.trusted()

    def _go(self, needed: timedelta) -> None:
        self._claim.keep(needed)
        self._claim.calls += 1
