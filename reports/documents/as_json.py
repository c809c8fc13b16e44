"""The report as JSON: for integrators, for the archive, and back again without a loss."""

import hashlib
import json
from dataclasses import fields
from typing import Any

import msgspec

from reports.documents.content import ContentError, ReportContent

SCHEMA = "rempart.report/1"
CAME_LATER = ("reading", "tally", "cadence", "foresight")  # parts that the first signed reports did not know


def to_json(content: ReportContent) -> dict[str, Any]:
    """The whole content as plain values (instants in ISO 8601), headed by the name of its schema.

    Parts that came later have no field where they say nothing: what was signed before keeps its fingerprint.
    """
    written = {"schema": SCHEMA, **msgspec.to_builtins(content)}
    for name in CAME_LATER:
        if getattr(content, name) is None:
            written.pop(name, None)
    if content.curve is not None and not content.curve.unheard:
        written["curve"].pop("unheard", None)
    return written


def from_json(written: dict[str, Any]) -> ReportContent:
    """The content back from `to_json`. Raises ContentError for another schema, an unknown field or a wrong type."""
    if written.get("schema") != SCHEMA:
        raise ContentError(f"This is not a report of schema {SCHEMA}: {written.get('schema')!r}.")
    unknown = set(written) - {"schema"} - {field.name for field in fields(ReportContent)}
    if unknown:
        raise ContentError(f"Unknown fields: {', '.join(sorted(unknown))}.")
    try:
        return msgspec.convert({name: value for name, value in written.items() if name != "schema"}, ReportContent)
    except msgspec.ValidationError as wrong:
        raise ContentError(str(wrong)) from wrong


def fingerprint(content: ReportContent) -> str:
    """SHA-256, in hexadecimal, of the report's canonical JSON: the same content gives the same fingerprint anywhere."""
    canonical = json.dumps(to_json(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
