"""The mails of Google Alerts: each item that they list is a mention of its own, at the address where it was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

from clients.listening.collectors.mailbox.message import Mail, readable
from clients.listening.collectors.plain import link, tidy
from clients.listening.raw import LIMITS, TEXT_LIMIT, RawMention, fitting_id

SENDERS = frozenset({"googlealerts-noreply@google.com"})
DEEPEST = 60  # tags within tags: more is a trap, since each word looks at all that it stands in
MOST = 200  # items of one mail
# What is left of a mail before it is read: nh3 is a browser's parser, and takes no longer for what is made to be slow.
_TAGS = {"a", "b", "br", "div", "p", "span", "table", "tbody", "td", "tr"}
_ATTRIBUTES = {"a": {"href", "itemprop"}, "div": {"itemprop"}, "span": {"itemprop"}, "td": {"itemprop"}}
_ENDS_NOTHING = frozenset({"br"})


@dataclass
class Item:
    """One item of an alert, as it is being read."""

    url: str
    title: str = ""
    publisher: str = ""
    description: str = ""
    words: list[str] = field(default_factory=list)


def is_alert(mail: Mail) -> bool:
    """Whether this is a mail of Google Alerts, as far as its sender says."""
    return mail.sender in SENDERS and bool(mail.html)


def to_mentions(mail: Mail, received_at: datetime | None) -> tuple[RawMention, ...]:
    """A mention an item, each once; none when the mail is not laid out as these mails are."""
    reader = _Reader()
    reader.feed(nh3.clean(readable(mail.html), tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None))
    reader.close()
    mentions = (_to_mention(item, mail.sent_at or received_at) for item in reader.items if tidy(item.title))
    return tuple({mention.external_id: mention for mention in mentions}.values())


def _to_mention(item: Item, published_at: datetime | None) -> RawMention:
    host = (urlsplit(item.url).hostname or "").removeprefix("www.")
    title = tidy(item.title).replace("\n", " ")
    said = tidy(item.description or " ".join(item.words))
    return RawMention(
        external_id=fitting_id(item.url),
        text=(said or title)[:TEXT_LIMIT],
        published_at=published_at,
        url=item.url,
        title=title[: LIMITS["title"]],
        network="web",
        author_handle=host[: LIMITS["author_handle"]],
        author_name=tidy(item.publisher).replace("\n", " ")[: LIMITS["author_name"]],
        kind="article",
    )


class _Reader(HTMLParser):
    """Finds the links that Google wraps; what is said after one, up to the next, describes it.

    Where the layout names its parts (itemprop, of schema.org), those names are trusted before the order.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[Item] = []
        self._open: list[tuple[str, str]] = []  # (tag, what it holds)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link opens an item, or is passed over; any other tag may say what it holds."""
        if tag in _ENDS_NOTHING or len(self._open) >= DEEPEST:
            return
        given = {name: value or "" for name, value in attrs}
        holds = {"description": "description", "publisher": "publisher"}.get(given.get("itemprop", ""), "")
        if tag == "a":
            holds = self._link(given.get("href", ""))
        self._open.append((tag, holds))

    def handle_endtag(self, tag: str) -> None:
        """Closes the last such tag, and what was left open within it."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Lays the words where they belong."""
        if not self.items:
            return
        item, held = self.items[-1], {holds for _, holds in self._open}
        if "title" in held:
            item.title += data
        elif "publisher" in held:
            item.publisher += data
        elif "description" in held:
            item.description += data
        elif "nothing" not in held:
            item.words.append(data)

    def _link(self, href: str) -> str:
        """An item's link is wrapped by Google and leads elsewhere than the item at hand; all others say nothing."""
        url = link(href)
        if not url or url == href.strip() or any(holds == "publisher" for _, holds in self._open):
            return "publisher" if any(holds == "publisher" for _, holds in self._open) else "nothing"
        if self.items and self.items[-1].url == url:
            return "nothing" if self.items[-1].title.strip() else "title"
        if len(self.items) >= MOST:
            return "nothing"
        self.items.append(Item(url))
        return "title"
