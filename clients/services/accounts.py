"""The accounts that a batch names: looked up, added, brought up to date; those that were erased come without a name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.backends.utils import CursorWrapper

from agency import vault
from clients.listening.raw import EXTERNAL_ID_LIMIT, LIMITS, RawMention, content_id
from clients.models import Suppression
from clients.services.copying import numbers_array, texts_array

ERASED_WORDS = "[…]"  # in place of words that were erased
_HANDLE, _NAME, _URL = (LIMITS[name] for name in ("author_handle", "author_name", "author_url"))
_SHOWN = """unnest(
    %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[]) AS i(network, handle, name, url, followers)"""
# Looked up one by one: a join would read the whole table of authors for a batch of ten. What a network leaves out says
# nothing: it is no change.
_KNOWN = f"""
SELECT i.network, i.handle, a.id, (i.name <> '' AND i.name <> a.name) OR (i.url <> '' AND i.url <> a.url)
    OR (i.followers IS NOT NULL AND i.followers IS DISTINCT FROM a.followers)
FROM {_SHOWN} CROSS JOIN LATERAL (
    SELECT id, name, url, followers FROM clients_author WHERE network = i.network AND handle = i.handle LIMIT 1) a
"""  # noqa: S608
_ADD = f"""
INSERT INTO clients_author (network, handle, name, url, followers, first_seen_at)
SELECT i.*, %s FROM {_SHOWN}
RETURNING network, handle, id
"""  # noqa: S608
_CHANGE = """
UPDATE clients_author a SET name = coalesce(nullif(i.name, ''), a.name), url = coalesce(nullif(i.url, ''), a.url),
    followers = coalesce(i.followers, a.followers)
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) AS i(id, name, url, followers) WHERE a.id = i.id
"""
_ANY_ERASED = "SELECT EXISTS (SELECT FROM clients_suppression)"

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


def numbers_of(cursor: CursorWrapper, raws: Iterable[RawMention], now: datetime) -> dict[Account, int]:
    """The author's number for each account named; new ones are added, and figures that changed are kept."""
    shown: dict[Account, _Shown] = {}
    for raw in raws:
        if raw.author_handle:
            account = account_of(raw)
            if (one := shown.get(account)) is None:
                one = shown[account] = _Shown()
            one.take(raw.author_name[:_NAME], raw.author_url[:_URL], raw.followers)
    if not shown:
        return {}
    cursor.execute(_KNOWN, _columns(shown, shown))
    known = cursor.fetchall()
    numbers = {(network, handle): number for network, handle, number, _is_changed in known}
    changed = {number: shown[network, handle] for network, handle, number, is_changed in known if is_changed}
    if changed:
        cursor.execute(_CHANGE, [numbers_array(changed), *_said_of(changed.values())])
    missing = [account for account in shown if account not in numbers]
    if missing:
        cursor.execute(_ADD, [now, *_columns(missing, shown)])
        numbers.update({(network, handle): number for network, handle, number in cursor.fetchall()})
    return numbers


def _columns(accounts: Iterable[Account], shown: Mapping[Account, _Shown]) -> list[str]:
    networks, handles = zip(*accounts, strict=True)
    return [texts_array(networks), texts_array(handles), *_said_of([shown[account] for account in accounts])]


def _said_of(shown: Collection[_Shown]) -> list[str]:
    return [
        texts_array(one.name for one in shown),
        texts_array(one.url for one in shown),
        numbers_array(one.followers for one in shown),
    ]


# -- those who were erased ---------------------------------------------------------------------------------------------
def mark_of(network: str, handle: str) -> str:
    """The keyed hash by which an erased account is known again, however its handle is written."""
    return vault.mark(f"{network}\n{handle.strip().removeprefix('@').casefold()}")


def nameless(cursor: CursorWrapper, raws: Sequence[RawMention]) -> Sequence[RawMention]:
    """The same mentions; those of erased accounts bear the account that was left of them, and no name.

    What such an account published before it was erased, when its words were to go too, comes without its words.
    """
    cursor.execute(_ANY_ERASED)
    if not cursor.fetchone()[0]:
        return raws
    erased = {
        (row.network, row.handle_hmac): row for row in Suppression.objects.select_related("author").order_by("pk")
    }
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
