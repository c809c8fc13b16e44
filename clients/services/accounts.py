"""The accounts that a batch names: looked up, added, brought up to date; those that were erased come without a name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.backends.utils import CursorWrapper

from agency import vault
from clients.listening.raw import LIMITS, RawMention, content_id
from clients.models import Suppression
from clients.services.copying import numbers_array, texts_array

ERASED_WORDS = "[…]"  # in place of words that were erased
_HANDLE, _NAME, _URL, _BIO = (LIMITS[name] for name in ("author_handle", "author_name", "author_url", "author_bio"))
_SHOWN = """unnest(
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[]
) AS i(network, handle, name, url, bio, followers)"""
# Looked up one by one: a join would read the whole table of authors for a batch of ten. What a network leaves out says
# nothing: it is no change.
_KNOWN = f"""
SELECT i.network, i.handle, a.id, (i.name <> '' AND i.name <> a.name) OR (i.url <> '' AND i.url <> a.url)
    OR (i.bio <> '' AND i.bio <> a.bio)
    OR (i.followers IS NOT NULL AND i.followers IS DISTINCT FROM a.followers)
FROM {_SHOWN} CROSS JOIN LATERAL (
    SELECT id, name, url, bio, followers FROM clients_author WHERE network = i.network AND handle = i.handle LIMIT 1) a
"""  # noqa: S608
_ADD = f"""
INSERT INTO clients_author (network, handle, name, url, bio, followers, first_seen_at)
SELECT i.*, %s FROM {_SHOWN}
RETURNING network, handle, id
"""  # noqa: S608
_CHANGE = """
UPDATE clients_author a SET name = coalesce(nullif(i.name, ''), a.name), url = coalesce(nullif(i.url, ''), a.url),
    bio = coalesce(nullif(i.bio, ''), a.bio), followers = coalesce(i.followers, a.followers)
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[]) AS i(id, name, url, bio, followers)
WHERE a.id = i.id
"""
_ANY_ERASED = "SELECT EXISTS (SELECT FROM clients_suppression)"
_OF_ERASED = """
SELECT m.external_id FROM clients_mention m JOIN clients_author a ON a.id = m.author_id
WHERE m.source_id = ANY(ARRAY(SELECT id FROM clients_source)) AND m.external_id = ANY(%s) AND a.erased_at IS NOT NULL
"""

Account = tuple[str, str]  # network, handle


@dataclass(slots=True)
class _Shown:
    """What a network shows of an account; what it leaves out stays as we know it."""

    name: str = ""
    url: str = ""
    bio: str = ""
    followers: int | None = None

    def take(self, name: str, url: str, bio: str, followers: int | None) -> None:
        self.name, self.url, self.bio = name or self.name, url or self.url, bio or self.bio
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
            one.take(raw.author_name[:_NAME], raw.author_url[:_URL], raw.author_bio[:_BIO], raw.followers)
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
        texts_array(one.bio for one in shown),
        numbers_array(one.followers for one in shown),
    ]


# -- those who were erased ---------------------------------------------------------------------------------------------
def mark_of(network: str, handle: str) -> str:
    """The keyed hash by which an erased account is known again, however its handle is written."""
    return vault.mark(f"{network}\n{handle.strip().removeprefix('@').casefold()}")


def nameless(cursor: CursorWrapper, raws: Sequence[RawMention]) -> Sequence[RawMention]:
    """The same mentions; those of erased accounts bear the account that was left of them, and no name.

    What such an account published before it was erased, when its words were to go too, comes without its words. What
    others write in reply to it, or pass on of it, names its posts as we keep them: by ids that tell nothing.
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
    ours = {raw.external_id for raw in raws if marks.get((raw.network, raw.author_handle))}
    hidden = _hidden_among(cursor, {name for raw in raws for name in (raw.refers_to, raw.reply_to) if name}, ours)
    return [_discreet(_without_name(raw, marks.get((raw.network, raw.author_handle))), hidden) for raw in raws]


def _hidden_among(cursor: CursorWrapper, told: Collection[str], ours: Collection[str]) -> dict[str, str]:
    """Of the ids that others tell, those of posts whose author was erased, and what hides each; `ours` are in hand."""
    if not told:
        return {}
    hidden = {hidden_id(name): name for name in told}
    cursor.execute(_OF_ERASED, [list(hidden)])
    found = {name for (name,) in cursor.fetchall()}
    return {name: hash_ for hash_, name in hidden.items() if hash_ in found or name in ours}


def _discreet(raw: RawMention, hidden: Mapping[str, str]) -> RawMention:
    """Without the ids of erased accounts' posts; nor the address of a mere repost, which is often that of the post."""
    if raw.refers_to not in hidden and raw.reply_to not in hidden:
        return raw
    return msgspec.structs.replace(
        raw,
        refers_to=hidden.get(raw.refers_to, raw.refers_to),
        reply_to=hidden.get(raw.reply_to, raw.reply_to),
        url="" if raw.kind == "repost" and raw.refers_to in hidden else raw.url,
    )


def _without_name(raw: RawMention, suppression: Suppression | None) -> RawMention:
    if suppression is None:
        return raw
    is_past = raw.published_at is None or raw.published_at <= suppression.created_at
    words = {"title": "", "text": ERASED_WORDS} if suppression.erases_words and is_past else {}
    return msgspec.structs.replace(
        raw,
        external_id=hidden_id(raw.external_id),
        author_handle=suppression.author.handle,
        author_name="",
        author_url="",
        author_bio="",
        followers=None,
        url="",
        original="",
        **words,
    )


def hidden_id(external_id: str) -> str:
    """The hash that stands for a post of an erased account: ids tell handles, or numbers that networks turn into them.

    It is the same at each reading, so that the post is still known.
    """
    return content_id(external_id)
