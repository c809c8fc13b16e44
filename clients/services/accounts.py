"""The accounts that a batch names: looked up, added, brought up to date; those that were erased come without a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import connection

from agency import vault
from clients.listening.raw import EXTERNAL_ID_LIMIT, LIMITS, RawMention, content_id
from clients.models import Suppression

ERASED_WORDS = "[…]"  # in place of words that were erased
_HANDLE, _NAME, _URL = (LIMITS[name] for name in ("author_handle", "author_name", "author_url"))
# Looked up one by one: a join would read the whole table of authors for a batch of ten.
_KNOWN = """
SELECT a.id, a.network, a.handle, a.name, a.url, a.followers
FROM unnest(%s::text[], %s::text[]) AS i(network, handle) CROSS JOIN LATERAL (
    SELECT * FROM clients_author WHERE network = i.network AND handle = i.handle LIMIT 1) a
"""
_ADD = """
INSERT INTO clients_author (network, handle, name, url, followers, first_seen_at)
SELECT i.network, i.handle, i.name, i.url, i.followers, %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[]) AS i(network, handle, name, url, followers)
RETURNING id, network, handle
"""
_CHANGE = """
UPDATE clients_author a SET name = i.name, url = i.url, followers = i.followers
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) AS i(id, name, url, followers) WHERE a.id = i.id
"""

Account = tuple[str, str]  # network, handle


@dataclass(slots=True)
class _Shown:
    """What a network shows of an account; what it leaves out stays as we know it."""

    name: str = ""
    url: str = ""
    followers: int | None = None

    def take(self, name: str, url: str, followers: int | None) -> None:
        self.name, self.url = name or self.name, url or self.url
        self.followers = self.followers if followers is None else followers


def account_of(raw: RawMention) -> Account:
    """By which its author is known."""
    return raw.network, raw.author_handle[:_HANDLE]


def numbers_of(raws: Iterable[RawMention], now: datetime) -> dict[Account, int]:
    """The author's number for each account named; new ones are added, and figures that changed are kept."""
    shown: dict[Account, _Shown] = {}
    for raw in raws:
        if raw.author_handle:
            one = shown.setdefault(account_of(raw), _Shown())
            one.take(raw.author_name[:_NAME], raw.author_url[:_URL], raw.followers)
    if not shown:
        return {}
    numbers = _bring_up_to_date(shown)
    missing = [account for account in shown if account not in numbers]
    return numbers | _add(missing, shown, now) if missing else numbers


def _bring_up_to_date(shown: dict[Account, _Shown]) -> dict[Account, int]:
    numbers: dict[Account, int] = {}
    changed: list[tuple[int, str, str, int | None]] = []
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, _columns(shown))
        for number, network, handle, name, url, followers in cursor.fetchall():
            numbers[network, handle] = number
            known, fresh = _Shown(name, url, followers), shown[network, handle]
            known.take(fresh.name, fresh.url, fresh.followers)
            if (known.name, known.url, known.followers) != (name, url, followers):
                changed.append((number, known.name, known.url, known.followers))
        if changed:
            cursor.execute(_CHANGE, _columns(changed))
    return numbers


def _add(missing: Sequence[Account], shown: dict[Account, _Shown], now: datetime) -> dict[Account, int]:
    rows = [(*account, shown[account].name, shown[account].url, shown[account].followers) for account in missing]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [now, *_columns(rows)])
        return {(network, handle): number for number, network, handle in cursor.fetchall()}


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


# -- those who were erased ---------------------------------------------------------------------------------------------
def mark_of(network: str, handle: str) -> str:
    """The keyed hash by which an erased account is known again, however its handle is written."""
    return vault.mark(f"{network}\n{handle.strip().removeprefix('@').casefold()}")


def nameless(raws: Sequence[RawMention]) -> Sequence[RawMention]:
    """The same mentions; those of erased accounts bear the account that was left of them, and no name.

    What such an account published before it was erased, when its words were to go too, comes without its words.
    """
    erased = {
        (row.network, row.handle_hmac): row for row in Suppression.objects.select_related("author").order_by("pk")
    }
    if not erased:
        return raws
    marks: dict[Account, Suppression | None] = {}
    for raw in raws:
        if raw.author_handle and (raw.network, raw.author_handle) not in marks:
            found = erased.get((raw.network, mark_of(raw.network, raw.author_handle)))
            marks[raw.network, raw.author_handle] = found
    if not any(marks.values()):
        return raws
    return [_without_name(raw, marks.get((raw.network, raw.author_handle))) for raw in raws]


def _without_name(raw: RawMention, suppression: Suppression | None) -> RawMention:
    if suppression is None:
        return raw
    is_past = raw.published_at is None or raw.published_at <= suppression.created_at
    words = {"title": "", "text": ERASED_WORDS} if suppression.erases_words and is_past else {}
    return msgspec.structs.replace(
        raw,
        external_id=hidden_id(raw.external_id, raw.author_handle),
        author_handle=suppression.author.handle,
        author_name="",
        author_url="",
        followers=None,
        url="",
        original="",
        **words,
    )


def hidden_id(external_id: str, handle: str) -> str:
    """The id, or its hash when it tells the handle: still the same at each reading."""
    bare = handle.strip().removeprefix("@").casefold()
    told = bool(bare) and bare in external_id.casefold()
    return content_id(external_id) if told else external_id[:EXTERNAL_ID_LIMIT]
