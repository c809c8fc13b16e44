"""Talkwalker: what one of its collectors has put aside, read as a queue.

Facts from developer.talkwalker.com (collectors, error codes, error handling; read on 2026-11-23): a collector keeps
its results for seven days and a place in it is named by `resume_offset`, given by control chunks; reading costs no
credit; five calls a minute. A 401 says different things by its `status_code`: 7 a bad token, 8 too many calls, 9 no
credits left. The token goes in the address, so that no address of a request may be shown or noted anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from agency.http import Response
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    HeldBack,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Setting,
)
from clients.listening.collectors.suites import take
from clients.listening.collectors.talkwalker import rows as talkwalker_rows
from clients.listening.words import Words

MOST_HITS = 400  # a reading: with their full texts about 3 MB
CALL_PAUSE_S = 60.0
CREDIT_PAUSE_S = 6 * 3_600.0

_REFUSED = Words("Talkwalker refuse le jeton d’accès (7)", "Talkwalker refuses the access token (7)")
_TOO_MANY = Words(
    "Talkwalker demande de ralentir\u00a0: cinq appels par minute (8)",
    "Talkwalker asks us to slow down: five calls a minute (8)",
)
_NO_CREDITS = Words(
    "les crédits Talkwalker sont épuisés (9)\u00a0: la lecture reprendra quand il y en aura de nouveau",
    "the Talkwalker credits are used up (9): reading goes on when there are some again",
)
_FORBIDDEN = Words(
    "ce jeton n’a pas le droit de lire ce collecteur ({code})", "this token may not read this collector ({code})"
)
_NOT_THERE = Words("Talkwalker ne connaît pas ce collecteur", "Talkwalker does not know this collector")
_STRANGE = Words(
    "la réponse de Talkwalker n’a pas la forme attendue", "Talkwalker’s answer is not of the expected shape"
)
_SAID = Words("Talkwalker signale une erreur ({code})", "Talkwalker reports an error ({code})")


class TalkwalkerCollector:
    """Reads the queue from the place kept in the cursor; the first time from its beginning, seven days ago at most."""

    kind = "talkwalker"
    name = Words("Talkwalker", "Talkwalker")
    unit_price = Decimal(0)
    settings = (
        Setting(
            "collector",
            Words("Nom du collecteur", "Name of the collector"),
            Words(
                "un collecteur de l’API Streaming, défini chez Talkwalker", "a Streaming API collector, set up there"
            ),
            is_required=True,
        ),
        Setting("token", Words("Jeton d’accès", "Access token"), kind="secret", is_required=True),
        Setting(
            "base_url",
            Words("Adresse de l’API", "Address of the API"),
            kind="url",
            default="https://api.talkwalker.com",
        ),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        collector = str(settings["collector"]).strip()
        place = str(cursor.get("offset") or "") if cursor.get("of") == collector else ""
        asking = Asking(http, str(settings.get("base_url") or "https://api.talkwalker.com"), now=now, explain=_explain)
        answer = asking.answer("GET", _address(asking, collector, place, str(settings["token"])), {}, None)
        rows, offset, said = _chunks(answer.body)
        if said and not rows:
            raise _meant(said, PassingFailure("said", _SAID.put(code=said)))
        taken = take(rows, talkwalker_rows.read)
        notes = (*taken.notes, *([_SAID.put(code=said)] if said else []))
        return Fetched(
            taken.mentions,
            {"of": collector, "offset": offset or place},
            bytes=asking.bytes,
            calls=asking.calls,
            notes=notes,
            has_more=len(rows) >= MOST_HITS and bool(offset) and offset != place,
        )


def _address(asking: Asking, collector: str, place: str, token: str) -> str:
    wanted = {"resume_offset": place or "earliest", "end_behaviour": "stop", "max_hits": MOST_HITS}
    return asking.url(f"api/v3/stream/c/{quote(collector, safe='')}/results", {**wanted, "access_token": token})


def _chunks(body: bytes) -> tuple[list[Any], str, str]:
    """The results, the place after the last control chunk, and the code of an error said in the stream ("" if none).

    What comes after the last whole chunk (a cut answer) is left for the next time. Raises PassingFailure.
    """
    rows: list[Any] = []
    offset = said = ""
    for chunk in _objects(body.decode("utf-8", "replace")):
        kind = chunk.get("chunk_type")
        if kind == "CT_RESULT":
            rows.append(chunk.get("chunk_result"))
        elif kind == "CT_CONTROL" and isinstance(control := chunk.get("chunk_control"), Mapping):
            offset = str(control.get("resume_offset") or offset)
        elif kind == "CT_ERROR":
            error = chunk.get("chunk_error")
            said = str(error.get("status_code") or "?") if isinstance(error, Mapping) else "?"
        else:
            raise PassingFailure("strange", _STRANGE)
    return rows, offset, said


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    """The JSON objects that follow one another without a comma. Raises PassingFailure when there is none."""
    decoder, at, count = json.JSONDecoder(), 0, 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if count:
                return
            raise PassingFailure("strange", _STRANGE) from error
        if not isinstance(found, Mapping):
            raise PassingFailure("strange", _STRANGE)
        count += 1
        yield found


def _explain(response: Response, failure: CollectError) -> CollectError:
    try:
        code = str(json.loads(response.body).get("status_code") or "")
    except (ValueError, AttributeError, RecursionError):
        code = ""
    return _meant(code, failure)


def _meant(code: str, failure: CollectError) -> CollectError:
    """The failure that Talkwalker's own code stands for; the one that the HTTP status stands for when it has none."""
    if code == "7":
        return PermanentFailure("http_401", _REFUSED)
    if code == "8":
        return PassingFailure("too_many_calls", _TOO_MANY, CALL_PAUSE_S)
    if code == "9":
        return HeldBack("no_credits", _NO_CREDITS, CREDIT_PAUSE_S)
    if code in {"10", "11", "12", "13", "29"}:
        return PermanentFailure("forbidden", _FORBIDDEN.put(code=code))
    if code in {"15", "26"}:
        return PermanentFailure("not_there", _NOT_THERE)
    return failure
