"""How often one host of the outer network is asked, whoever asks: all workers and all clients share one row a host."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from agency import vault

LONGEST_PAUSE_S = 3_600.0  # one host's "come back next week" to one source must not deafen all the others for a week
ACCOUNT_MARK = 32  # hexadecimal digits

# The database's clock: the workers' own may differ. A row changes only if its next free moment is near enough.
_TAKE = """
INSERT INTO public.agency_hostpace AS known (host, next_at)
VALUES (%(host)s, clock_timestamp() + make_interval(secs => %(step)s))
ON CONFLICT (host) DO UPDATE SET next_at = greatest(known.next_at, clock_timestamp()) + make_interval(secs => %(step)s)
WHERE known.next_at <= clock_timestamp() + make_interval(secs => %(patience)s)
RETURNING extract(epoch FROM next_at - make_interval(secs => %(step)s) - clock_timestamp())
"""
_HOW_LONG = "SELECT extract(epoch FROM next_at - clock_timestamp()) FROM public.agency_hostpace WHERE host = %s"
_PAUSED = """
SELECT extract(epoch FROM max(paused_until) - clock_timestamp()) FROM public.agency_hostpace WHERE host = ANY(%s)
"""
_PAUSE = """
INSERT INTO public.agency_hostpace AS known (host, next_at, paused_until)
VALUES (%(host)s, clock_timestamp(), clock_timestamp() + make_interval(secs => %(pause)s))
ON CONFLICT (host) DO UPDATE SET paused_until = greatest(known.paused_until, excluded.paused_until)
"""
_FORGET = """
DELETE FROM public.agency_hostpace WHERE next_at < %(before)s AND coalesce(paused_until < %(before)s, true)
"""


class NoRoom(Exception):
    """The host may be asked in `seconds`; no moment was taken."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the host's next free moment is in {seconds:g} s")
        self.seconds = seconds


def take(host: str, *, account: str = "", patience_s: float) -> float:
    """Takes the next free moment of `host` ("feeds.example:443"); returns the seconds to wait for it, 0 for now.

    Moments lie 1 / OUTGOING_PER_HOST_PER_SECOND apart; a setting of 0 leaves them free. Raises NoRoom when the moment
    is further than `patience_s` away, or the host asked everybody, or whoever uses `account`, to wait. Inside a
    transaction (a person tries an address in a form) no moment is taken: its row would stay locked for all the others.
    """
    names = [host, _of_account(host, account)] if account else [host]
    with connection.cursor() as cursor:
        cursor.execute(_PAUSED, [names])
        paused = cursor.fetchone()[0]
        if paused is not None and paused > 0:
            raise NoRoom(float(paused))
        if settings.OUTGOING_PER_HOST_PER_SECOND <= 0 or connection.in_atomic_block:
            return 0.0
        step = 1 / settings.OUTGOING_PER_HOST_PER_SECOND
        cursor.execute(_TAKE, {"host": host, "step": step, "patience": patience_s})
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_HOW_LONG, [host])
            row = cursor.fetchone()
            raise NoRoom(max(float(row[0]), 0.0) if row else patience_s)
    return max(float(row[0]), 0.0)


def pause(host: str, *, account: str = "", seconds: float) -> None:
    """The host asked to be left alone: whoever uses `account` waits, or everybody if it is no matter of account.

    Inside a transaction nothing is noted, for the same reason as in `take`.
    """
    if connection.in_atomic_block:
        return
    given: dict[str, str | float] = {"host": _of_account(host, account), "pause": min(seconds, LONGEST_PAUSE_S)}
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, given)


def forget_old(*, now: datetime) -> int:
    """Removes the hosts that nobody asked for a day; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"before": now - timedelta(days=1)})
        return int(cursor.rowcount)


def _of_account(host: str, account: str) -> str:
    """The row of one account at a host: its credentials cannot be read from it."""
    return f"{host}#{vault.mark(account)[:ACCOUNT_MARK]}" if account else host
