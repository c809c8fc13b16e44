"""X's filtered stream, listened to for a while: posts come seconds after they were written.

What is written while nobody listens is brought by the search, which is walked at every reading all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agency.http import DoorError
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.failures import from_door
from clients.listening.collectors.protocol import OutgoingNetwork, PassingFailure
from clients.listening.collectors.x.posts import FIELDS, ids_of
from clients.listening.collectors.x.search import Reading
from clients.listening.words import Words

RULES = "/2/tweets/search/stream/rules"
STREAM = "/2/tweets/search/stream"
RULE_LIMIT = 1_024  # characters, pay-per-use (docs.x.com, filtered stream, read on 2026-11-23)

_RULES_REFUSED = Words("X refuse une règle du flux\u00a0: {detail}", "X refuses a rule of the stream: {detail}")
_DISCONNECTED = Words("X a coupé le flux\u00a0: {detail}", "X ended the stream: {detail}")
_TAKEN = Words(
    "le flux de ce compte X est déjà écouté ailleurs\u00a0: seule la recherche a été lue",
    "the stream of this X account is already listened to elsewhere: only the search was read",
)
_NO_STREAM = Words(
    "le flux de X n’a pas répondu ({status})\u00a0: seule la recherche a été lue",
    "X’s stream did not answer ({status}): only the search was read",
)


def set_up(api: Asking, queries: Sequence[str], tag: str) -> int:
    """Makes the account's rules of this tag say the queries, changing only what differs; how many changed.

    Rules under other tags belong to somebody else and are left alone. Raises CollectError.
    """
    present = _ours(api.get(RULES), tag)
    removed = [rule_id for rule_id, value in present.items() if value not in queries]
    missing = [query for query in dict.fromkeys(queries) if query not in present.values()]
    if removed:
        api.post(RULES, body={"delete": {"ids": removed}})
    if missing:
        answer = api.post(RULES, body={"add": [{"value": query, "tag": tag} for query in missing]})
        _refuse_silence(answer)
    return len(removed) + len(missing)


def _ours(answer: Any, tag: str) -> dict[str, str]:
    rules = answer.get("data") if isinstance(answer, dict) else None
    return {
        str(rule["id"]): str(rule.get("value") or "")
        for rule in (rules if isinstance(rules, list) else [])
        if isinstance(rule, dict) and rule.get("tag") == tag and rule.get("id")
    }


def _refuse_silence(answer: Any) -> None:
    """A rule that X did not take would leave us deaf: said aloud. One that is there already is no trouble."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict) and error.get("title") != "DuplicateRule":
            detail = str(error.get("detail") or error.get("title") or error.get("value") or "?")[:200]
            raise PassingFailure("rule_refused", _RULES_REFUSED.put(detail=detail))


def listen(
    http: OutgoingNetwork, url: str, headers: Mapping[str, str], tag: str, reading: Reading, *, seconds: float
) -> int:
    """Takes in what the stream says for so many seconds; the bytes that came. Raises CollectError, for the network.

    Lines that are empty keep the connection alive; the last one may be cut, and the search will bring it.
    """
    try:
        response = http.get(url, headers, listen_s=seconds)
    except DoorError as error:
        raise from_door(error) from error
    if response.status != 200:
        taken = response.status == 429 and b"TooManyConnections" in response.body
        reading.notes.append(_TAKEN if taken else _NO_STREAM.put(status=response.status))
        return len(response.body)
    for line in response.body.splitlines():
        _take(line, tag, reading)
    return len(response.body)


def _take(line: bytes, tag: str, reading: Reading) -> None:
    if not line.strip():
        return
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    if isinstance(said.get("data"), dict) and _is_ours(said, tag):
        answer = {**said, "data": [said["data"]]}
        reading.take(answer)
        reading.heard.update(ids_of(answer))
    elif not said.get("data") and isinstance(said.get("errors"), list) and said["errors"]:
        first = said["errors"][0] if isinstance(said["errors"][0], dict) else {}
        detail = str(first.get("detail") or first.get("title") or "?")[:200]
        reading.notes.append(_DISCONNECTED.put(detail=detail))


def _is_ours(said: Mapping[str, Any], tag: str) -> bool:
    """Whether one of our rules let it through; what comes without naming its rules is taken."""
    rules = said.get("matching_rules")
    if not isinstance(rules, list):
        return True
    return any(isinstance(rule, dict) and rule.get("tag") == tag for rule in rules)


def address(api: Asking) -> str:
    """The whole address of the stream."""
    return api.url(STREAM, FIELDS)
