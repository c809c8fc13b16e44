"""What each message says, as JSON Schema (2020-12): part of the API's document. Pure.

A kind may gain facts, never lose one: `additionalProperties` stays open, and a receiver ignores what it does not know.
"""

from typing import Any

from clients.webhook_events import KINDS, LONGEST_BODY, TEST, Kind

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_MOMENT_OR_NONE: Schema = {"type": ["string", "null"], "format": "date-time"}
_SEVERITY: Schema = {"type": ["integer", "null"], "description": "1 is the worst, 4 the least; null: nobody has said."}
_API: Schema = {
    "type": "string",
    "description": "Where the API tells the rest, to a key that may; of a proposal once a person confirmed it.",
}

_REFERENCE = {"incident": _NUMBER, "reference": {**_TEXT, "examples": ["INC-0042"]}, "brand": _TEXT, "api": _API}
_INCIDENT = {
    **_REFERENCE,
    "title": _TEXT,
    "kind": {"enum": ["real", "drill"]},
    "state": {"enum": ["proposed", "open", "closed", "dismissed"]},
    "type": {**_TEXT, "description": "Empty while nobody has said."},
    "family": {**_TEXT, "description": "Empty while nobody has said."},
    "qualification": _TEXT,
    "severity": _SEVERITY,
    "started_at": _MOMENT,
    "proposed_at": _MOMENT,
    "opened_at": _MOMENT_OR_NONE,
    "closed_at": _MOMENT_OR_NONE,
}
_SITUATION_REPORT = {
    **_REFERENCE,
    "report": {**_NUMBER, "description": "Its number within the incident."},
    "severity": _SEVERITY,
    "issued_at": _MOMENT,
    "next_at": {**_MOMENT_OR_NONE, "description": "When the next one comes; null when this is the last."},
    "is_last": {"type": "boolean"},
}
_DRAFT = {
    "draft": _NUMBER,
    "version": {**_NUMBER, "description": "The version that was approved: read it before you use it."},
    "kind": _TEXT,
    "state": {"enum": ["approved", "published"]},
    "network": _TEXT,
    "language": _TEXT,
    "brand": _TEXT,
    "incident": {"type": ["integer", "null"]},
    "published_at": _MOMENT_OR_NONE,
    "published_url": _TEXT,
    "api": _API,
}
_REPORT = {
    **_REFERENCE,
    "report": _NUMBER,
    "version": _NUMBER,
    "title": _TEXT,
    "language": _TEXT,
    "published_at": _MOMENT,
    "sha256": {**_TEXT, "description": "Of the canonical JSON of the report's content."},
}
_FACTS = {"incident": _INCIDENT, "situation_report": _SITUATION_REPORT, "draft": _DRAFT, "report": _REPORT}
_BEFORE: Schema = {
    "type": "object",
    "description": "What it was before, for the facts that a person changed.",
    "properties": {"severity": _SEVERITY, "type": _TEXT, "family": _TEXT},
}


def message_schema(code: str) -> Schema:
    """The whole message of a kind. Raises KeyError for a kind that the catalogue lacks."""
    facts = {"endpoint": _NUMBER} if code == TEST else _FACTS[code.partition(".")[0]]
    data: Schema = {"type": "object", "required": sorted(facts), "properties": dict(facts)}
    if code == "incident.updated":
        data["properties"]["before"] = _BEFORE
    told = {
        "type": {"const": code},
        "timestamp": {**_MOMENT, "description": "When it happened, in UTC."},
        "seq": {**_NUMBER, "description": "Only grows within an incident, in the order of what happened."},
        "client": {**_TEXT, "description": "The client's short name."},
        "drill": {"type": "boolean", "description": "true: it is an exercise; nothing of it is real."},
        "data": data,
    }
    return {"type": "object", "required": sorted(told), "properties": told}


def documented() -> Schema:
    """`webhooks` of an OpenAPI 3.1 document: every kind of the catalogue, and the test."""
    return {kind.code: {"post": _operation(kind.code, kind)} for kind in KINDS} | {TEST: {"post": _operation(TEST)}}


def _operation(code: str, kind: Kind | None = None) -> Schema:
    when = kind.when.en if kind else "Somebody tries the webhook."
    return {
        "operationId": f"webhook_{code.replace('.', '_')}",
        "tags": ["webhooks"],
        "summary": when,
        "description": _HOW,
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": _TEXT, "description": words}
            for name, words in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": message_schema(code)}}},
        "responses": {
            "2XX": {"description": "Taken. Answer at once, work afterwards."},
            "410": {"description": "Gone: nothing is sent any more, until a director starts the webhook again."},
            "429": {"description": "Left alone for as long as Retry-After says, a day at most. 503 is the same."},
            "default": {"description": "Tried again: 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h; then given up."},
        },
    }


_HOW = (
    f"Sent by POST, under {LONGEST_BODY // 1000} kB, signed as Standard Webhooks says. At least once: the same message "
    "may come twice, under the same `webhook-id`. In order within an incident: a later one waits for the earlier one. "
    "Redirects are not followed; no answer within 15 s is a failure. Never of a restricted incident."
)
_HEADERS = {
    "webhook-id": "The same at each attempt.",
    "webhook-timestamp": "Of the attempt, in Unix seconds.",
    "webhook-signature": "v1, and the HMAC-SHA256 of id.timestamp.body in base64; two of them while a secret changes.",
}
