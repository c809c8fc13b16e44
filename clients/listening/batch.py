"""Reads a batch of mentions from JSON, all or nothing, and says of each bad row what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

import msgspec

from clients.listening.raw import KINDS, WORDS, RawMention, in_utc, is_plain, refused
from clients.listening.words import Words

BATCH_LIMIT = 10_000
PROBLEMS_LISTED = 100


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one row; `row` counts from 0, None when the whole batch is meant."""

    row: int | None
    field: str
    code: str
    words: Words


class BatchError(ValueError):
    """A batch none of which is taken in. Lists at most a hundred problems; `more` says that there were others."""

    def __init__(self, problems: Sequence[RowProblem], *, more: bool = False) -> None:
        super().__init__("; ".join(f"row {p.row}: {p.words.en}" for p in problems[:3]))
        self.problems = list(problems)
        self.more = more


_BATCH_WORDS = {
    "not_json": Words("le corps n’est pas du JSON valide : {why}", "the body is not valid JSON: {why}"),
    "not_a_list": Words(
        'le corps doit être une liste de mentions, ou un objet {{"mentions": […]}}',
        'the body must be a list of mentions, or an object {{"mentions": […]}}',
    ),
    "empty": Words("le lot est vide", "the batch is empty"),
    "too_many_rows": Words(
        "le lot compte {count} mentions, le plafond est de {limit} : l’envoyer en plusieurs fois",
        "the batch has {count} mentions, the limit is {limit}: send it in several parts",
    ),
    "not_an_object": Words("une mention est un objet", "a mention is an object"),
    "wrong_type": Words(
        "« {field} » doit être de type {expected}, et non {got}", "“{field}” must be {expected}, not {got}"
    ),
    "unknown_field": Words("« {field} » n’est pas un champ d’une mention", "“{field}” is not a field of a mention"),
    "bad_date": Words(
        "« {field} » n’est pas une date ISO 8601, par exemple 2026-11-23T09:00:00+01:00",
        "“{field}” is not an ISO 8601 date, for example 2026-11-23T09:00:00+01:00",
    ),
    "unreadable": Words("illisible : {why}", "unreadable: {why}"),
}


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    mentions: list[msgspec.Raw]


class _PlainEnvelope(msgspec.Struct, forbid_unknown_fields=True):
    mentions: list[RawMention]


_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
_ENVELOPE = msgspec.json.Decoder(_Envelope)
_PLAIN_ROWS = msgspec.json.Decoder(list[RawMention])
_PLAIN_ENVELOPE = msgspec.json.Decoder(_PlainEnvelope)
_MENTION = msgspec.json.Decoder(RawMention)


def decode_batch(body: bytes, limit: int = BATCH_LIMIT) -> list[RawMention]:
    """The mentions of a JSON body: a list, or an object with the one key "mentions". Dates come out in UTC.

    Raises BatchError, all bad rows listed, when any row is bad, or the body is not JSON, empty or over `limit` rows.
    Rows that repeat an external id are states of one mention: the ingest takes them in order.
    """
    if plain := _all_plain(body, limit):
        return plain
    rows = _rows(body)
    if not rows:
        raise BatchError([_problem(None, "", "empty")])
    if len(rows) > limit:
        raise BatchError([_problem(None, "", "too_many_rows", count=len(rows), limit=limit)])
    mentions, problems = [], []
    for number, row in enumerate(rows):
        try:
            mention = _MENTION.decode(row)
        except (ValueError, RecursionError) as error:
            problems.append(_from_error(number, str(error)))
        else:
            problems += [RowProblem(number, p.field, p.code, p.words) for p in refused(mention)]
            mentions.append(_in_utc(mention))
        if len(problems) > PROBLEMS_LISTED:
            raise BatchError(problems[:PROBLEMS_LISTED], more=True)
    if problems:
        raise BatchError(problems)
    return mentions


def _all_plain(body: bytes, limit: int) -> list[RawMention]:
    """The mentions read in one go; none when anything at all must be looked at row by row."""
    try:
        mentions = _PLAIN_ENVELOPE.decode(body).mentions if _is_enveloped(body) else _PLAIN_ROWS.decode(body)
    except (ValueError, RecursionError):
        return []
    if len(mentions) > limit or not all(map(is_plain, mentions)):
        return []
    return list(map(_in_utc, mentions))


def _is_enveloped(body: bytes) -> bool:
    return body.lstrip()[:1] == b"{"


def _rows(body: bytes) -> list[msgspec.Raw]:
    try:
        return _ENVELOPE.decode(body).mentions if _is_enveloped(body) else _ROWS.decode(body)
    except msgspec.ValidationError:
        raise BatchError([_problem(None, "", "not_a_list")]) from None
    except (ValueError, RecursionError) as error:
        raise BatchError([_problem(None, "", "not_json", why=_short(error))]) from None


def _in_utc(mention: RawMention) -> RawMention:
    published_at, edited_at = mention.published_at, mention.edited_at
    if (published_at is None or published_at.tzinfo is UTC) and (edited_at is None or edited_at.tzinfo is UTC):
        return mention
    return msgspec.structs.replace(
        mention,
        published_at=published_at and in_utc(published_at),
        edited_at=edited_at and in_utc(edited_at),
    )


def _problem(row: int | None, field: str, code: str, **values: object) -> RowProblem:
    words = _BATCH_WORDS[code] if code in _BATCH_WORDS else WORDS[code]
    return RowProblem(row, field, code, words.put(field=field, **values))


def _from_error(row: int, message: str) -> RowProblem:
    """msgspec says what is wrong in English prose only; turn its sentences into our codes and words."""
    at = re.search(r"at `\$\.(\w+)", message)
    field = at.group(1) if at else ""
    if found := re.search(r"missing required field `(.*?)`", message):
        return _problem(row, found.group(1), "missing")
    if found := re.search(r"unknown field `(.*?)`", message):
        return _problem(row, found.group(1), "unknown_field")
    if "timezone component" in message:
        return _problem(row, field, "naive_date")
    if "RFC3339" in message:
        return _problem(row, field, "bad_date")
    if "enum value" in message:
        return _problem(row, field, "bad_kind", kinds=", ".join(KINDS))
    if found := re.search(r"Expected `(.*?)`, got `(.*?)`", message):
        code = "wrong_type" if field else "not_an_object"
        return _problem(row, field, code, expected=found.group(1), got=found.group(2))
    return _problem(row, field, "unreadable", why=message[:200])


def _short(error: Exception) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else str(error)[:200]
