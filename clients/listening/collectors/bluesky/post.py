"""A Bluesky post, as its record lies in a repository or as a search shows it, and the mention that it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from clients.listening.collectors.bluesky.stream import POSTS, REPOSTS, moment
from clients.listening.collectors.plain import link
from clients.listening.raw import LIMITS, TEXT_LIMIT, Kind, RawMention, fitting_id, language_hint, storable

SITE = "https://bsky.app"
EARLIEST_YEAR = 1990  # an earlier date is a clock at zero


@dataclass(frozen=True)
class Person:
    """Who wrote a post, as far as it is known: always a `did`, the permanent name of an account."""

    did: str
    handle: str = ""
    name: str = ""
    bio: str = ""
    followers: int | None = None


def uri(did: str, rkey: str, collection: str = POSTS) -> str:
    """The permanent address of a post or a repost: its external id."""
    return fitting_id(f"at://{did}/{collection}/{rkey}")


def language(record: Mapping[str, Any]) -> str:
    """The first language that the author's app declared; "" without one."""
    spoken = record.get("langs")
    return language_hint(spoken[0]) if isinstance(spoken, list) and spoken and isinstance(spoken[0], str) else ""


def words(record: Mapping[str, Any]) -> str:
    """All that can be read in a post: its text, shortened links in full, what describes its pictures, its card."""
    text = _text(record)
    extra = [piece for piece in _around(record) if piece and piece not in text]
    return storable("\n".join(filter(None, [text, *dict.fromkeys(extra)])))[:TEXT_LIMIT]


def mention(
    did: str,
    rkey: str,
    record: Mapping[str, Any],
    *,
    seen_at: datetime | None,
    by: Person,
    edited_at: datetime | None = None,
    labels: tuple[str, ...] = (),
) -> RawMention | None:
    """The mention of a post; None when there is nothing to read in it.

    `seen_at` is when the network saw it: the author's app may claim any date, and an earlier one only is believed.
    """
    said, own = words(record), _text(record)
    if not said.strip():
        return None
    quoted, answered = _quoted(record), _answered(record)
    kind: Kind = "reply" if answered else "quote" if quoted else "post"
    return RawMention(
        external_id=uri(did, rkey),
        text=said,
        published_at=_published(record, seen_at),
        url=_page(uri(did, rkey)),
        title=storable(", ".join(dict.fromkeys([*_own_labels(record), *labels])))[: LIMITS["title"]],
        language=language(record),
        network="bluesky",
        author_handle=storable(by.handle or did)[: LIMITS["author_handle"]],
        author_name=storable(by.name)[: LIMITS["author_name"]],
        author_url=link(f"{SITE}/profile/{did}"),
        author_bio=storable(by.bio)[: LIMITS["author_bio"]],
        followers=by.followers,
        reply_to=answered,
        refers_to=quoted,
        kind=kind,
        original="" if said == own else storable(_written(record, "text")),
        edited_at=edited_at,
    )


def subject(record: Mapping[str, Any]) -> str:
    """The address of the post that a repost shows again; "" when it shows something else."""
    address = _written(_map(record.get("subject")), "uri")
    return fitting_id(storable(address)) if f"/{POSTS}/" in address else ""


def repost(
    did: str, rkey: str, record: Mapping[str, Any], shown: Mapping[str, Any], *, seen_at: datetime | None, by: Person
) -> RawMention | None:
    """The mention of a repost: the words of the post that it shows again, under the name of who shows it."""
    made = mention(did, rkey, shown, seen_at=seen_at, by=by)
    if made is None:
        return None
    return msgspec.structs.replace(
        made,
        external_id=uri(did, rkey, REPOSTS),
        published_at=_published(record, seen_at),
        url=_page(subject(record)),
        kind="repost",
        refers_to=subject(record),
        reply_to="",
        original="",
    )


def _page(address: str) -> str:
    """The web page of a post, from its permanent address."""
    did, _slash, rkey = address.removeprefix("at://").partition(f"/{POSTS}/")
    return link(f"{SITE}/profile/{did}/post/{rkey}") if rkey else ""


def _published(record: Mapping[str, Any], seen_at: datetime | None) -> datetime | None:
    claimed = moment(record.get("createdAt"))
    if claimed is None or claimed.year < EARLIEST_YEAR:
        return seen_at
    return min(claimed, seen_at) if seen_at else claimed


def _text(record: Mapping[str, Any]) -> str:
    """The text, each shortened link replaced by the address that it leads to: places are counted in UTF-8 bytes."""
    encoded = _written(record, "text").encode("utf-8", "surrogatepass")
    for start, end, address in sorted(_links(record), reverse=True):
        shown = encoded[start:end].decode("utf-8", "replace")
        if 0 <= start < end <= len(encoded) and shown.endswith(("…", "...")):
            encoded = encoded[:start] + address.encode() + encoded[end:]
    return encoded.decode("utf-8", "replace")


def _links(record: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    for facet in _list(record.get("facets")):
        place = _map(facet.get("index"))
        start, end = place.get("byteStart"), place.get("byteEnd")
        for feature in _list(facet.get("features")):
            address = link(_written(feature, "uri"))
            is_link = feature.get("$type") == "app.bsky.richtext.facet#link" and address
            if is_link and isinstance(start, int) and isinstance(end, int):
                yield start, end, address


def _around(record: Mapping[str, Any]) -> Iterator[str]:
    """What comes with the text: hashtags outside it, descriptions of pictures and films, the card of a link."""
    yield " ".join(f"#{tag}" for tag in record.get("tags") or () if isinstance(tag, str))
    for media in _embeds(record):
        for image in _list(media.get("images")):
            yield _written(image, "alt").strip()
        yield _written(media, "alt").strip()
        card = _map(media.get("external"))
        yield _written(card, "title").strip()
        yield _written(card, "description").strip()
        yield link(_written(card, "uri")) if card else ""


def _embeds(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    embed = _map(record.get("embed"))
    return [embed, _map(embed.get("media"))]


def _quoted(record: Mapping[str, Any]) -> str:
    """The post that is quoted; feeds, lists and starter packs can be shown in the same way and are no posts."""
    quoted = _map(_map(record.get("embed")).get("record"))
    address = _written(quoted, "uri") or _written(_map(quoted.get("record")), "uri")
    return fitting_id(storable(address)) if f"/{POSTS}/" in address else ""


def _answered(record: Mapping[str, Any]) -> str:
    return fitting_id(storable(_written(_map(_map(record.get("reply")).get("parent")), "uri")))


def _own_labels(record: Mapping[str, Any]) -> list[str]:
    return [_written(label, "val") for label in _list(_map(record.get("labels")).get("values"))]


def _written(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
