"""Stages 1 and 2: a source is read, and what it brought is kept."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from agency import vault
from clients.choices import RunOutcome
from clients.listening import backoff
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    HeldBack,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Quota,
)
from clients.listening.words import Words
from clients.models import CollectorRun, Source
from clients.selectors import watches
from clients.services import allowance, claims, runs
from clients.services.claims import Claim, ClaimLost, Interrupted
from clients.services.ingest import Ingested, ingest
from clients.services.sources import discreet

LONGEST_ADDRESS = 2_000
LONGEST_WAIT = timedelta(days=32)  # a month's quota; a header that names another century deafens nobody for good
SHORT_WAIT_S = 60.0  # a host's pace that holds a reading back for less is not worth a line
_NOTHING = Ingested(0, 0)
_OURS_BROKE = Words(
    "Rempart n’a pas su lire cette source\u00a0: l’agence est prévenue",
    "Rempart could not read this source: the agency is told",
)
_OVERTAKEN = Words(
    "la lecture a duré trop longtemps\u00a0: une autre a pris le relais",
    "the reading took too long: another has taken over",
)
_SEALED = Words(
    "ses identifiants ne s’ouvrent plus avec les clés de l’agence\u00a0: les saisir à nouveau",
    "its credentials can no longer be opened with the agency’s keys: enter them again",
)


@dataclass(frozen=True)
class Heard:
    """What one reading came to.

    `outcome` is read, unchanged, failed, stopped, held (by a quota, a budget or a host's pace) or taken (another is
    reading it, or took it over).
    """

    outcome: str
    taken_in: Ingested = _NOTHING


def listen(*, source: Source, http: OutgoingNetwork, now: datetime) -> Heard:
    """Reads the source once: claim, collect, keep what is new together with the cursor, note when to come back.

    A worker that dies on the way leaves nothing but its claim, which expires. Failures are noted on it in words. Raises
    Interrupted when the database goes away meanwhile: nothing is kept, and what was fetched will be fetched again.
    """
    claim = claims.take(source_id=source.pk, now=now)
    if claim is None:
        return Heard("taken")
    try:
        return _read(claim, http)
    except (OperationalError, InterfaceError) as error:
        raise Interrupted(claim) from error


def account_of(source: Source) -> str:
    """What names the account that a source reads with, for the pace of its host; "" when it needs none."""
    secrets = _secrets(source)
    named = {name: value for name, value in secrets.items() if name != "session"}
    return json.dumps(named, sort_keys=True) if named else ""


def push_later(*, source: Source, now: datetime) -> None:
    """Puts off a source whose reading broke in our own hands, so that it does not stand in the way of the others."""
    claimed = Source.objects.get(pk=source.pk)
    if claimed.claimed_until is not None:
        _put_off(Claim(claimed, now, claimed.claimed_until), PassingFailure("broken", _OURS_BROKE))


def _read(claim: Claim, http: OutgoingNetwork) -> Heard:
    try:
        fetched, secrets = _collect(claim, http)
        return _keep(claim, fetched, secrets)
    except ClaimLost:
        return Heard("taken")
    except HeldBack as wait:
        return _hold(claim, wait)
    except PassingFailure as failure:
        return _put_off(claim, failure)
    except PermanentFailure as failure:
        return _stop(claim, failure)


def _collect(claim: Claim, http: OutgoingNetwork) -> tuple[Fetched, dict[str, Any]]:
    """What the source has to say, and the secrets it was asked with. Raises CollectError, ClaimLost."""
    source, now = claim.source, claim.began_at
    try:
        secrets = _secrets(source)
    except vault.Unsealable as error:
        raise PermanentFailure("sealed", _SEALED) from error
    limit = allowance.at_most(source=source, now=now)
    given = {"url": source.url, "wanted": watches.wanted(), "at_most": limit}
    asked = {"session": {}, **source.settings, **secrets, **given}
    kept = claims.KeptNetwork(http, claim)
    try:
        return registry.fetch(source.kind, asked, source.cursor, http=kept, now=now), secrets
    except CollectError as failure:  # an address with a token in it may have slipped into its words
        failure.words_fr, failure.words_en = discreet(failure, secrets)
        raise


def _secrets(source: Source) -> dict[str, Any]:
    return vault.unseal(source.sealed)


def _keep(claim: Claim, fetched: Fetched, secrets: Mapping[str, Any]) -> Heard:
    """Saves what came, the cursor, the line about the reading and the next turn, all or nothing. Raises ClaimLost."""
    cost = fetched.billed * allowance.unit_price(claim.source)
    try:
        with transaction.atomic():
            taken_in = ingest(source=claim.source, raws=fetched.mentions, deleted=fetched.deleted, now=claim.began_at)
            _note_success(claim, fetched, secrets, taken_in)
            outcome = _outcome(taken_in)
            runs.note(_run(claim, outcome, fetched=fetched, taken_in=taken_in, cost=cost))
    except ClaimLost:
        if cost:  # dropped, and billed all the same: the budget must know
            runs.note(_run(claim, RunOutcome.FAILED, cost=cost, failure=PassingFailure("overtaken", _OVERTAKEN)))
        raise
    return Heard("unchanged" if outcome == RunOutcome.UNCHANGED else "read", taken_in)


def _outcome(taken_in: Ingested) -> RunOutcome:
    return RunOutcome.READ if taken_in.new or taken_in.edited or taken_in.deleted else RunOutcome.UNCHANGED


def _note_success(claim: Claim, fetched: Fetched, secrets: Mapping[str, Any], taken_in: Ingested) -> None:
    source = claim.source
    changes: dict[str, Any] = {
        "cursor": fetched.cursor,
        "url": fetched.moved_to if 0 < len(fetched.moved_to) <= LONGEST_ADDRESS else source.url,
        "due_at": claim.moment() if _goes_on(fetched, source, taken_in) else claim.began_at + _turn(source),
        "last_success_at": claim.began_at,
        "failures": 0,
        "last_error": vault.hide(" ; ".join(note.fr for note in fetched.notes), secrets),
        "last_error_en": vault.hide("; ".join(note.en for note in fetched.notes), secrets),
        **_quota(fetched.quota, claim.began_at),
    }
    if taken_in.lag_seconds is not None and source.last_success_at is not None:  # the first reading brings the past
        changes["lag_seconds"] = taken_in.lag_seconds
    if fetched.session is not None:
        changes["sealed"] = vault.seal({**secrets, "session": fetched.session})
    if not claim.release(**changes):
        raise ClaimLost


def _goes_on(fetched: Fetched, source: Source, taken_in: Ingested) -> bool:
    """Whether the rest is to be read at once. One that always has more and never moves on waits for its turn."""
    return fetched.has_more and (taken_in.new > 0 or fetched.cursor != source.cursor)


def _turn(source: Source) -> timedelta:
    return timedelta(seconds=source.every_seconds)


def _hold(claim: Claim, wait: HeldBack) -> Heard:
    """No call may be made now: nothing failed, the source comes back when it may."""
    seconds = wait.retry_after if wait.retry_after is not None else float(claim.source.every_seconds)
    changes = {"due_at": claim.moment() + _wait(seconds), **_quota(wait.quota, claim.began_at)}
    if wait.code == "pace" and seconds < SHORT_WAIT_S:
        claim.release(**changes)
    elif claim.release(last_error=wait.words_fr, last_error_en=wait.words_en, **changes):
        runs.note(_run(claim, RunOutcome.HELD, failure=wait))
    return Heard("held")


def _put_off(claim: Claim, failure: CollectError) -> Heard:
    """Back later: twice as long after each failure; after five in a row the breaker is open, and its words say so."""
    source, failures = claim.source, claim.source.failures + 1
    pause = backoff.pause_s(
        every_s=source.every_seconds,
        failures=failures,
        asked_s=_asked_s(failure, claim.began_at),
        luck=random.random(),  # noqa: S311 (spreads the load, keeps no secret)
    )
    due_at = claim.moment() + _wait(pause)
    words = Words(failure.words_fr, failure.words_en)
    if backoff.is_open(failures):
        words = backoff.said_open(words, failures=failures, hour=_hour(due_at, claim.began_at))
    said = {"last_error": words.fr, "last_error_en": words.en}
    if claim.release(failures=failures, due_at=due_at, **said, **_quota(failure.quota, claim.began_at)):
        runs.note(_run(claim, RunOutcome.FAILED, failure=failure))
    return Heard("failed")


def _stop(claim: Claim, failure: PermanentFailure) -> Heard:
    said = {"last_error": failure.words_fr, "last_error_en": failure.words_en}
    if claim.release(failures=claim.source.failures + 1, is_active=False, due_at=None, **said):
        runs.note(_run(claim, RunOutcome.STOPPED, failure=failure))
    return Heard("stopped")


def _asked_s(failure: CollectError, now: datetime) -> float | None:
    """The pause that the source asks for: by Retry-After, or by a quota that is used up."""
    quota = failure.quota
    if quota is None or quota.left != 0 or quota.resets_at is None:
        return failure.retry_after
    return max(failure.retry_after or 0.0, (quota.resets_at - now).total_seconds())


def _wait(seconds: float) -> timedelta:
    """A pause that somebody asked for, within reason."""
    longest = LONGEST_WAIT.total_seconds()
    return timedelta(seconds=min(max(seconds, 0.0), longest) if seconds == seconds else longest)  # NaN equals nothing


def _quota(quota: Quota | None, now: datetime) -> dict[str, Any]:
    if quota is None:
        return {}
    resets_at = quota.resets_at and min(quota.resets_at, now + LONGEST_WAIT)
    return {"quota_left": quota.left, "quota_resets_at": resets_at}


def _hour(moment: datetime, now: datetime) -> str:
    """The hour on the client's clock, with its day when it is not today."""
    zone = runs.zone_of_client()
    local = moment.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.astimezone(zone).date() else f"{local:%H:%M (%d/%m)}"


def _run(
    claim: Claim,
    outcome: RunOutcome,
    *,
    fetched: Fetched | None = None,
    taken_in: Ingested = _NOTHING,
    cost: Decimal = Decimal(0),
    failure: CollectError | None = None,
) -> CollectorRun:
    run = CollectorRun(
        source_id=claim.source.pk,
        started_at=claim.began_at,
        finished_at=claim.moment(),
        outcome=outcome,
        new=taken_in.new,
        known=taken_in.known,
        edited=taken_in.edited,
        deleted=taken_in.deleted,
        lag_seconds=taken_in.lag_seconds,
        calls=claim.calls,
        cost=cost,
    )
    if fetched is not None:
        run.fetched, run.calls, run.bytes = len(fetched.mentions), fetched.calls, fetched.bytes
    if failure is not None:
        run.code, run.error, run.error_en = failure.code[:40], failure.words_fr, failure.words_en
    return run
